"""Bad input in every field of every form that a lead or an admin is shown.

Never a fault of ours. What is refused is said at a field that holds it, with a message; whoever
mends what is marked, and nothing else, gets through; what is taken is stored as it was typed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from claims.admin.ticket_bulk import BULK_ACTS
from claims.models import Membership, Ticket
from claims.vocabulary import Role
from tests.admin.addresses import list_address
from tests.admin.hostile.fields import (
    Form,
    forms_of,
    marked,
    numberless,
    read_page,
    repeated,
)
from tests.admin.hostile.probe import find_live
from tests.admin.matrix.conftest import client_of
from tests.admin.matrix.walking import ask
from tests.admin.ticket.rows import PASSWORD, make_house
from tests.e2e.page_types import list_addresses, make_rows

BAD = {
    "a megabyte": "x" * 1_000_000,
    "NUL": "a\x00b",
    "markup": "<script>alert(/zq7z/)</script>\x01\x1b[31m<b zq7z='\">x",
    "no scheme": "example.org/page",
    "year 0": "0000-01-01",
    "digits": "9" * 400,
}
# Nothing keeps these, but an article's text is as long as it is.
NEVER_TAKEN = ("a megabyte", "NUL")
# What is no free text is sent what it might be taken for.
WRONG_KINDS = {
    "no scheme": re.compile("url|prefix|site"),
    "year 0": re.compile("(^|_)on$|from|to$|until|day|published|since"),
    "digits": re.compile(""),
}
LONG = {"/admin/add/ text"}
# Puts what was typed to a place, cut to what a query may have, and shows it with the answer.
ASKS = "/admin/claims/provider/0/test/"
# Not kept as typed: hashed, or read into what they say.
READ = {
    "/admin/add/claims/ pasted",
    "/admin/claims/ticket/0/tags/ tags",
    "/admin/auth/user/0/password/ password0",
    "/admin/auth/user/add/ password0",
    "/admin/password_change/ new_password0",
    # What is fulfilled needs no waiver, and what stands there is dropped.
    "/admin/claims/ticket/0/decide/ waiver_anchored",
    "/admin/claims/ticket/0/decide/ waiver_contrary",
}
# Nothing is typed on a list, a history or before a deletion, but for what is searched.
FORMLESS = re.compile(r"(/history/|/delete/|\.csv|\.gz|/(claims|auth)/\w+/(\?.*)?)$")
AT_ONCE = 12
REFUSED = (200, 400, 409, 422)
FEWEST_FORMS = 45


@pytest.fixture
def client(db: None, settings: Any) -> Client:
    """An admin who leads the team: shown every form there is."""
    house = make_house()
    # A good hash is slow on purpose.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    house.boss.set_password(PASSWORD)
    house.boss.save()
    Membership.objects.create(team=house.team, user=house.boss, role=Role.LEAD)
    browser = client_of(house.boss)
    pages = [one for one in list_addresses(make_rows(house)) if not FORMLESS.search(one)]
    browser.addresses = pages  # type: ignore[attr-defined]
    return browser


def collect_forms(client: Any) -> list[Form]:
    """Each form once, whatever rows its page is about."""
    forms: dict[Any, Form] = {}
    tickets = list_address("ticket")
    ticked = Ticket.objects.values_list("pk", flat=True)[:2]
    bulk = [(tickets, {"action": name, "_selected_action": ticked}) for name in BULK_ACTS]
    for address, posted in [*((one, None) for one in client.addresses), *bulk]:
        answer = ask(client, "post" if posted else "get", address, posted)
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        if answer.status_code == 200 and is_page and answer.content:
            for form in forms_of(read_page(answer.content), address):
                if form.typed and form.shape[0] != ASKS:
                    last = forms.pop(next(reversed(forms), None), None)
                    both = last.joined(form) if last else None
                    for one in filter(None, [both] if both else [last, form]):
                        forms.setdefault(one.shape, one)
    return list(forms.values())


class Sending:
    """Bad input in fields of a form, mended as the page says."""

    def __init__(self, client: Client, form: Form) -> None:
        self.client, self.form = client, form
        self.told: list[str] = []

    def is_complete(self) -> bool:
        """Whether the form is taken where nothing bad is in it."""
        answer = ask(self.client, "post", self.form.action, self.form.filled())
        return bool(answer.status_code == 302)

    def send(self, names: list[str]) -> None:
        """Every kind; what takes markup is free text, to which the last kinds are words."""
        for kind in NEVER_TAKEN:
            self._send(kind, names)
        taken = self._send("markup", names)
        left = [name for name in names if name not in taken]
        for kind, meant in WRONG_KINDS.items():
            self._send(kind, [name for name in left if meant.search(name)])
            left = [name for name in left if not meant.search(name)]

    def _send(self, kind: str, names: list[str]) -> list[str]:
        """Until it is taken, or nothing of the bad input is left; gives what was taken."""
        left = list(names)
        while left:
            answer, written = self._post(kind, left)
            if answer.status_code not in REFUSED:
                self._judge_taken(kind, answer, left, written)
                return left
            told = marked(read_page(answer.content))
            said = [name for name in left if name in told or repeated(name) in told]
            if not said:
                # A form that is refused in any case says first what it wants before all else.
                if kind in NEVER_TAKEN or self.is_complete():
                    self._tell(kind, left, f"is refused ({answer.status_code}), not at its field")
                return left
            left = [name for name in left if name not in said]
            dumb = [name for name in said if not told.get(name, told.get(repeated(name)))]
            self._tell(kind, dumb, "is marked without a message")
            if kind == "markup" and find_live(answer.content.decode()):
                self._tell(kind, said, "comes back alive")
        return left

    def _post(self, kind: str, names: list[str]) -> tuple[Any, list[str]]:
        written: list[str] = []

        def record(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if sql.startswith(("INSERT", "UPDATE")):
                written.extend(map(_text_of, params or ()))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(record):
            answer = ask(self.client, "post", self.form.action, self.form.filled(names, BAD[kind]))
        return answer, written

    def _judge_taken(self, kind: str, answer: Any, names: list[str], written: list[str]) -> None:
        if answer.status_code != 302 or "/login/" in answer.headers["Location"]:
            self._tell(kind, names, f"is answered {answer.status_code}")
            return
        for name in (name for name in names if self._name(name) not in READ):
            if kind in NEVER_TAKEN and (kind == "NUL" or self._name(name) not in LONG):
                self._tell(kind, [name], "is taken")
            elif not any(BAD[kind] in text for text in written):
                self._tell(kind, [name], "is not stored as typed")

    def _name(self, name: str) -> str:
        return f"{self.form.shape[0]} {numberless(name)}"

    def _tell(self, kind: str, names: list[str], what: str) -> None:
        self.told += [f"{self._name(name)}: {kind} {what}" for name in names]


def _text_of(param: Any) -> str:
    held = getattr(param, "obj", param)
    return held if isinstance(held, str) else json.dumps(held, ensure_ascii=False, default=str)


def chunks_of(form: Form) -> Iterator[list[str]]:
    """The fields of a form, of rows that repeat the first one's; not too many for one request."""
    once = {numberless(name): name for name in reversed(form.typed)}
    names = list(reversed(once.values()))
    for start in range(0, len(names), AT_ONCE):
        yield names[start : start + AT_ONCE]


@pytest.mark.timeout(300)
def test_every_field_says_what_is_wrong_with_it(client: Client) -> None:
    forms = collect_forms(client)
    assert len(forms) >= FEWEST_FORMS
    told: list[str] = []
    for form in forms:
        sending = Sending(client, form)
        for names in chunks_of(form):
            sending.send(names)
        told += sending.told
    assert told == []
