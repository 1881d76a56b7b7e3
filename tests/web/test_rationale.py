"""A rationale's Markdown: what it becomes, and what never comes through."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.web.rationale import MAX_CHARS, REL, TAGS, find_citations, render_rationale
from tests.growth import assert_cpu_under

Outside = type("Outside", (str,), {"host": "shown.example"})


def lead(address: str) -> Outside:  # type: ignore[valid-type]
    """Every http address, and no other."""
    return Outside(address if address.startswith("http") else "")


def render(text: str, evidence: frozenset[int] = frozenset({2})) -> str:
    return render_rationale(text, evidence=evidence, outside=lead, page="/t/5/")


def test_a_citation_leads_to_its_card_and_stays_text_elsewhere() -> None:
    link = '<a class="tk-cite" href="/t/5/#e-2">[2]</a>'
    assert render("See [2].") == f"<p>See {link}.</p>\n"
    assert render("*See [2]*") == f"<p><em>See {link}</em></p>\n"
    # Not the ticket's, escaped, in code; and never a link of the author's.
    assert render("[9] \\[2] `[2]`") == "<p>[9] [2] <code>[2]</code></p>\n"
    assert render("[2](http://evil.example)") == f"<p>{link}(http://evil.example)</p>\n"
    assert render("[2]\n\n[2]: http://evil.example").count(link) == 2
    assert find_citations("[3] and [2], [3] again; `[7]`, \\[8] and [1234]") == (3, 2)


def test_a_link_says_where_it_leads_and_tells_nobody() -> None:
    shown = render("[the table](https://shown.example/a?b=1)")
    assert f'<a href="https://shown.example/a?b=1" rel="{REL}" target="_blank">the table</a>' in (
        shown
    )
    assert "(shown.example)" in shown
    assert "href" not in render("[x](//evil.example) [y](mailto:a@b.example) [z](ftp://a.example)")


def test_lists_quotations_and_breaks() -> None:
    assert render("a\nb") == "<p>a<br>\nb</p>\n"
    shown = render("- one\n- ~~two~~\n\n> said\n\n3. third")
    for part in ("<li>one</li>", "<s>two</s>", "<blockquote>", '<ol start="3">'):
        assert part in shown
    assert "# no heading" in render("# no heading")


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "![pixel](http://track.example/p.png)",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt&colon;alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        '[x](http://a.example "onmouseover=alert(1)")',
        '<http://a.example/"onclick=alert(1)>',
        "<style>*{display:none}</style><svg/onload=alert(1)>",
        "```<script>\nalert(1)\n```",
    ],
)
def test_nothing_live_comes_through(hostile: str) -> None:
    for text in (hostile, f"> {hostile}", f"- {hostile}", f"**{hostile}**"):
        shown = render(text)
        tags = set(re.findall(r"<([a-z]+)", shown))
        assert tags <= {"p", "a", "em", "strong", "code", "pre", "li", "ul", "blockquote", "br",
                        "span", "bdi"}  # fmt: skip
        assert not re.search(r"<[^>]*\s(?:on\w+|src|style|id|title)\s*=", shown)
        assert all(one.startswith("http") for one in re.findall(r'href="([^"#]*)"', shown))


@pytest.mark.parametrize("sign", ["> ", "- ", "* - ", "1. "])
def test_words_are_never_lost_in_depth(sign: str) -> None:
    for depth in (1, 9, 10, 19, 20, 60):
        assert "word" in render(sign * depth + "word [2]")
        assert find_citations(sign * depth + "word [2]") == (2,)


def test_a_text_beyond_the_limit_is_refused() -> None:
    render("x" * MAX_CHARS)
    for read in (render, find_citations):
        with pytest.raises(ValueError, match="At most 20,000 characters; this has 20,001"):
            read("x" * (MAX_CHARS + 1))


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_shown_and_escaped(text: str) -> None:
    shown = render(text)
    tags = set(re.findall(r"<(/?[^\s>]*)", shown))
    assert {tag.strip("/") for tag in tags} <= TAGS


@settings(deadline=None)
@given(st.text(alphabet="[]0123456789a ", max_size=60))
def test_citations_join_to_the_text(text: str) -> None:
    shown = re.sub(r"<[^>]*>", "", render(text))
    assert shown.split() == text.split()
    cited = re.findall(r">\[(\d+)\]</a>", render(text))
    assert set(map(int, cited)) <= set(find_citations(text))


@pytest.mark.parametrize(
    "piece", ["[", "*a_ ", "[a](", "<", "1. a\n", "`", "&", "[1]", "|a" * 50 + "\n", "> ", "**"]
)
def test_the_longest_text_is_read_in_time(piece: str) -> None:
    text = (piece * MAX_CHARS)[:MAX_CHARS]
    assert_cpu_under(3.0, lambda: render(text))
