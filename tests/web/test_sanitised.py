"""A stored page shown safely: only words and their order, whatever it holds."""

from __future__ import annotations

import contextlib
import re
from html.parser import HTMLParser

import pytest

from claims.text.anchors import Anchor
from claims.web.sanitised import ALLOWED, MAX_BYTES, sanitise_page
from tests.admin.hostile.payloads import all_payloads
from tests.growth import assert_cpu_under

PAGE = """<!doctype html><html><head><title>Not shown</title><style>p{color:red}</style>
<script>alert(1)</script><base href="https://evil.example/"></head>
<body onload="alert(1)"
style="background:url(https://evil.example/x)">
<h1 class=big id=top>Mines</h1><p onclick="x()">Output <a href="https://evil.example">rose to
<b>70</b> per cent</a> &lt;b&gt; in 2019 &amp; after.</p>
<img src=//evil.example/p.png alt="A chart">
<table><tr><th colspan=2 onmouseover=x>Year</th></tr><tr><td rowspan=x>2019</td><td>70</td></tr>
</table><form action=//evil.example><input value=typed><button>Send</button></form>
<iframe src=//evil.example></iframe><svg><script>alert(2)</script><text>drawn</text></svg>
<noscript>Shown without scripts</noscript></body></html>"""


class Seen(HTMLParser):
    """The elements and attributes that a browser would find."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}


def assert_safe(markup: str) -> None:
    seen = Seen(markup)
    assert seen.tags <= ALLOWED
    assert {name for _, name in seen.attributes} <= {"colspan", "rowspan", "id"}
    assert {tag for tag, name in seen.attributes if name == "id"} <= {"mark"}


def test_words_tables_and_their_order_stay_and_nothing_live() -> None:
    markup = sanitise_page(PAGE.encode()).markup
    assert_safe(markup)
    for kept in ("<h2>Mines</h2>", "<b>70</b>", "&lt;b&gt; in 2019 &amp; after.",
                 "[picture: A chart]", '<th colspan="2">Year</th>', "<td>2019</td>",
                 "Shown without scripts"):  # fmt: skip
        assert kept in markup, kept
    for gone in ("evil", "alert", "Not shown", "color:red", "drawn", "typed", "class"):
        assert gone not in markup, gone


def test_every_payload_comes_out_dead() -> None:
    payloads = all_payloads()
    assert len(payloads) > 100
    for payload in payloads:
        page = f"<p>Before</p>{payload.text}<p>After</p>".encode("utf-8", "replace")
        assert_safe(sanitise_page(page).markup)


@pytest.mark.parametrize("raw", [b"", b"\x00" * 50, b"<", b"\xff\xfe<p>x", b"plain words", b"<p"])
def test_whatever_bytes_there_are(raw: bytes) -> None:
    assert_safe(sanitise_page(raw).markup)


def test_a_quote_is_marked_through_elements_and_white_space() -> None:
    quote = Anchor("Output rose to 70 per cent <b> in 2019", "", "", 0, 0)
    page = sanitise_page(PAGE.encode(), quote=quote)
    assert page.is_marked
    assert_safe(page.markup)
    marked = re.findall(r"<mark[^>]*>(.*?)</mark>", page.markup, re.DOTALL)
    assert " ".join(" ".join(marked).split()) == "Output rose to 70 per cent &lt;b&gt; in 2019"
    assert page.markup.count('id="quote"') == 1


def test_a_quote_that_is_not_there_is_not_marked() -> None:
    page = sanitise_page(PAGE.encode(), quote=Anchor("Output fell", "", "", 0, 0))
    assert not page.is_marked
    assert "<mark" not in page.markup


@pytest.mark.parametrize(
    "markup",
    ["<div>" * 100_000, "<ul><li>" * 60_000, "<a><b>" * 50_000, "&#" * 400_000,
     "<b><i><u><em>" * 20_000 + "</p>" * 3_000, "<table><tr><td>" * 30_000, "<!--" * 100_000],
    ids=["div", "li", "ab", "entities", "format", "tables", "comments"],
)  # fmt: skip
def test_hostile_markup_costs_little(markup: str) -> None:
    def show() -> None:
        with contextlib.suppress(ValueError):
            sanitise_page(f"{markup}words".encode())

    assert_cpu_under(4, show)


def test_a_page_over_the_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="more than"):
        sanitise_page(b"x" * (MAX_BYTES + 1))
