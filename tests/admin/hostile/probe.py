"""What of a payload came alive in a page, found by two parsers that share no code.

A mark may stand in text and in the attributes that hold text. Anywhere else
(a tag's or an attribute's name, a handler, an expression, a style, a script, a
comment, the scheme of an address) a piece of a stored text became markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any

from lxml import etree
from lxml import html as lxml_html

MARKED = re.compile(r"\bzq\d*z?\b|zq\d+z", re.I)
WHOLE_MARK = re.compile(r"zq\d+z")
TEXT_ATTRIBUTES = {"value", "title", "alt", "placeholder", "aria-label", "content", "label", "lang"}
ADDRESS_ATTRIBUTES = {"href", "action", "formaction", "src"}
# Hold a text for our own scripts, which read it as text.
TEXT_PREFIXES = ("data-read",)
SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*:", re.I)
# Django's admin and the skin write these with nothing of ours inside.
RAW_TEXT = ("script", "style")


def find_live(page: str) -> list[str]:
    """What lives, as short sentences; both parsers' findings. ``page`` is a document."""
    found = [f"lxml: {one}" for one in _by_lxml(page)]
    other = _Other()
    other.feed(page)
    other.close()
    return found + [f"html.parser: {one}" for one in other.found]


def shown_text(page: str) -> str:
    """Everything that is shown or held by a field, without white space."""
    root = _document(page)
    parts = list(root.itertext())
    parts += [value for one in root.iter() for value in _values(one)]
    return squeeze("".join(parts))


def squeeze(text: str) -> str:
    """Without white space: parsers fold line ends, and templates indent."""
    return "".join(text.split())


def shown_marks(page: str) -> set[str]:
    """The marks that stand in the page at all."""
    return set(WHOLE_MARK.findall(page))


def _document(page: str) -> Any:
    # From bytes: lxml would read a declared charset of a string as a contradiction.
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True)
    return lxml_html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)


def _values(element: Any) -> Iterable[str]:
    return element.attrib.values() if isinstance(element.tag, str) else ()


def _by_lxml(page: str) -> Iterator[str]:
    for element in _document(page).iter():
        if not isinstance(element.tag, str):
            if MARKED.search(element.text or ""):
                yield f"{element.tag.__name__} {element.text[:60]!r}"
            continue
        yield from _judge(element.tag, element.attrib.items())
        if element.tag in RAW_TEXT and MARKED.search(
            etree.tostring(element, method="text").decode() if len(element) else element.text or ""
        ):
            yield f"text of <{element.tag}>"


def _judge(tag: str, attributes: Iterable[tuple[str, str | None]]) -> Iterator[str]:
    """What is wrong with one start tag."""
    if MARKED.search(tag):
        yield f"<{tag}>"
    for name, value in attributes:
        if MARKED.search(name):
            yield f"attribute {name} of <{tag}>"
        if not value or not MARKED.search(value):
            continue
        if name in ADDRESS_ATTRIBUTES and tag in ("a", "form", "button"):
            if _leads_astray(value):
                yield f"{name}={value[:60]!r} of <{tag}>"
        elif name not in TEXT_ATTRIBUTES and not name.startswith(TEXT_PREFIXES):
            yield f"{name}={value[:60]!r} of <{tag}>"


def _leads_astray(address: str) -> bool:
    """Whether a browser would run it, or read it as another host by its slashes alone."""
    read = re.sub(r"[\t\r\n]", "", address.strip("".join(map(chr, range(33)))))
    scheme = SCHEME.match(read)
    if scheme is not None:
        return scheme[0].lower() not in ("http:", "https:")
    return read.replace("\\", "/").startswith("//")


class _Other(HTMLParser):
    """The same by the standard library's parser."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.raw = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.extend(_judge(tag, attrs))
        self.raw = tag if tag in RAW_TEXT else ""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.extend(_judge(tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        self.raw = ""
        if MARKED.search(tag):
            self.found.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self.raw and MARKED.search(data):
            self.found.append(f"text of <{self.raw}>")

    def handle_comment(self, data: str) -> None:
        if MARKED.search(data):
            self.found.append(f"aside {data[:60]!r}")

    def handle_decl(self, decl: str) -> None:
        self.handle_comment(decl)

    def handle_pi(self, data: str) -> None:
        self.handle_comment(data)

    def unknown_decl(self, data: str) -> None:
        self.handle_comment(data)
