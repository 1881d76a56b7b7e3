"""Every form of the admin as a browser would send it, read from the pages themselves.

A page or a field that is added is sent to without a line here; what a form needs before it is
accepted stands in :data:`GIVEN`, by the field's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urljoin

from django.core.files.uploadedfile import SimpleUploadedFile
from lxml import html

from tests.admin.ticket.rows import PASSWORD

TYPED = frozenset({"", "text", "search", "url", "email", "number", "date", "password", "textarea"})
# Free text takes whatever can be stored; another kind of field says what it wants.
GIVEN = {
    "note": "Look again.",
    "rationale": "The office counted 69.2 per cent for that year, as its own table says.",
    "why": "It is wrong.",
    "text": "Output rose by 7 per cent in 2024, the ministry said.",
    "claim": "Output rose by 7 per cent in 2024.",
    "name": "Some name",
    "publisher": "The office",
    "quote": "It rose by 7 per cent.",
    "count": "3",
    "words": "May",
    "prefix": "a.example",
    "slug": "some-name",
    "new_secret": "sixteen characters",
    "period_from": "2024",
    "measured": "output",
    "close_reason": "opinion",
    **dict.fromkeys(
        ("waiver_origins", "waiver_primary", "waiver_anchored", "waiver_contrary"),
        "Nobody else keeps a register.",
    ),
    "pasted": "claim_text\nOutput rose by 7 per cent in 2024.\n",
    "old_password": PASSWORD,
    "of": "typed",
    # A button that is not pressed.
    "standard": "no",
    "value": "5",
    "new_password1": "battery staple 7",
    "new_password2": "battery staple 7",
    "given_to": "ada",
    "on": "2024-05-01",
    "type": "media",
    "username": "quinn",
    "password1": "correct horse battery",
    "password2": "correct horse battery",
}

FILES = {"file": ("figures.csv", b"year,tonnes\n2023,48000\n2024,51000\n")}


@dataclass(frozen=True, slots=True)
class Form:
    """One form: where it stands, where it goes, what it sends, and the names one types into."""

    page: str
    action: str
    values: dict[str, list[str]]
    typed: tuple[str, ...]
    files: tuple[str, ...]

    @property
    def shape(self) -> tuple[str, tuple[str, ...]]:
        """The same for the same form of another row."""
        return numberless(self.action.partition("?")[0]), tuple(map(numberless, self.typed))

    def joined(self, other: Form) -> Form | None:
        """Both as one, where one act takes the fields of either; else ``None``."""
        if self.action != other.action or self._fixed() != other._fixed():
            return None
        typed = tuple(dict.fromkeys((*self.typed, *other.typed)))
        return replace(self, values=self.values | other.values, typed=typed)

    def _fixed(self) -> dict[str, list[str]]:
        return {name: value for name, value in self.values.items() if name not in self.typed}

    def filled(self, names: Iterable[str] = (), value: str = "") -> dict[str, Any]:
        """What is sent, with ``value`` typed into these fields; a password also where repeated."""
        typed = {*names} | {repeated(one) for one in names}
        files = {name: SimpleUploadedFile(*FILES[name]) for name in self.files if name in FILES}
        return {**self.values, **{name: [value] for name in typed}, **files}


def repeated(name: str) -> str:
    """Where a password is typed again; else the field itself."""
    return name.replace("password1", "password2")


def numberless(text: str) -> str:
    """Without the numbers of rows."""
    return re.sub(r"\d+|(?<=place_)\w+", "0", text)


def read_page(body: bytes) -> Any:
    """A document, of any size."""
    return html.document_fromstring(body, html.HTMLParser(encoding="utf-8", huge_tree=True))


def forms_of(page: Any, address: str) -> Iterator[Form]:
    """The forms of a page that are posted."""
    for form in page.iter("form"):
        if form.get("method", "get").lower() != "post":
            continue
        outside = page.xpath("//*[@form=$id]", id=form.get("id", "-"))
        inside = [one for one in form.iter() if one.get("form") in (None, form.get("id"))]
        fields = [one for one in (*inside, *outside) if _is_sent(one)]
        typed = dict.fromkeys(one.get("name") for one in fields if _kind(one) in TYPED)
        action = urljoin(address, form.get("action") or "")
        files = tuple(one.get("name") for one in fields if _kind(one) == "file")
        yield Form(address, action, _values(fields), tuple(typed), files)


def marked(page: Any) -> dict[str, str]:
    """The fields that are said to be wrong, each with the message it is described by."""
    found: dict[str, str] = {}
    for one in page.xpath("//*[@aria-invalid='true'][@name]"):
        ids = (one.get("aria-describedby") or "").split()
        told = [" ".join(place.text_content().split()) for id_ in ids if "help" not in id_
                for place in page.xpath("//*[@id=$id]", id=id_)]  # fmt: skip
        found[one.get("name")] = " ".join(told)
    return found


def _is_sent(one: Any) -> bool:
    if one.tag not in ("input", "textarea", "select", "button") or not one.get("name"):
        return False
    # Rows that a script would add, and what only a keeper of passwords reads.
    is_hidden = "__prefix__" in one.get("name") or "hidden" in one.get("class", "").split()
    return not is_hidden and "disabled" not in one.attrib and "readonly" not in one.attrib


def _kind(one: Any) -> str:
    return str(one.get("type", "") if one.tag == "input" else one.tag)


def _values(fields: list[Any]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for one in fields:
        name, kind = one.get("name"), _kind(one)
        value = GIVEN.get(name, "") if kind in TYPED else ""
        if kind == "select":
            chosen = one.xpath(".//option[@selected]") or one.xpath(".//option[not(@disabled)]")
            if "required" in one.attrib and not chosen[0].get("value"):
                chosen = one.xpath(".//option[@value!=''][not(@disabled)]")
            value = GIVEN.get(name) or (chosen[0].get("value", "") if chosen else "")
        elif kind == "textarea":
            value = (one.text or "").removeprefix("\n") or value
        elif kind in ("checkbox", "radio"):
            if "checked" not in one.attrib and (kind != "radio" or name in values):
                continue
            value = one.get("value", "on")
        elif kind in ("button", "submit", "file", "image", "reset"):
            # Sent by one of them; a file is no text.
            wanted = GIVEN.get(name, one.get("value", ""))
            if kind in ("file", "reset") or name in values or one.get("value", "") != wanted:
                continue
            value = wanted
        else:
            value = one.get("value") or value
        values.setdefault(name, []).append(value)
    return values
