"""The outline of a page: the same from BeautifulSoup's tree as from the bare parser."""

from __future__ import annotations

import time
from dataclasses import asdict

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.web import markup
from claims.web.markup import MAX_TREE_BYTES, MAX_TREE_MARKS, read_outline
from claims.web.outline import Outline
from tests.site.routes import ARTICLE

BASE = "<base href='/a/'><link rel='x canonical' href=/c>"
PAGES = [
    ARTICLE,
    "<title>One</title><svg><title>icon</title></svg><h1> </h1><h1>First <b>big</b></h1><h1>Second",
    BASE + "<a href=1>one <i>and</i><a href=2>two<div>deep</div></a><a>none</a><a href=3>",
    "<a href=x><svg><title>t</title></svg>Home<script>no</script></a><svg><a href=y>z</a></svg>",
    "<table><caption>C</caption><tr><th>a<th>b<tr><td>1<td><table><tr><td>2<td>3<tr><td>4<td>5"
    "</table><tr><td>6</table><p>after",
    "<table><tr><td><a href=q>in <b>cell</b></a><td>x<tr><td><svg>no</svg>y<td><h1>H</h1></table>",
    "<script type=application/ld+json>{\"a\":1}</script><body><script type='text/x'>n</script>"
    "<script type='application/ld+json;x'>[2]",
    "<meta name=A content=1><meta property=a content=2><meta itemprop=b content=3><meta name=c>",
    "<select><option><a href=o>o</a><p>shown <a href=p>p</a><table><tr><td>1<td>2<tr><td>3<td>4",
    "<template><table><tr><td>1<td>2<tr><td>3<td>4</table></template><title>T<p>x</title>",
    "<figure><a href=x><img src=i alt=A></a><figcaption>C <b>d</b></figcaption></figure><video "
    "poster=p><source src=v></video><p class=caption>E</p><iframe src=//youtu.be/1></iframe>",
]


def both(html: str) -> tuple[dict[str, object], dict[str, object]]:
    return asdict(read_outline(html)), asdict(read_outline(html, max_tree_bytes=0))


@pytest.mark.parametrize("html", PAGES, ids=range(len(PAGES)))
def test_the_tree_says_what_the_parser_says(html: str) -> None:
    from_tree, streamed = both(html)
    assert from_tree == streamed


PIECES = [
    "<a href=/x>",
    "</a>",
    "<table>",
    "</table>",
    "<tr>",
    "<td>",
    "<th>",
    "</td>",
    "<h1>",
    "</h1>",
    "<svg>",
    "</svg>",
    "<title>\n",
    "</title>",
    "<p>",
    "<div>",
    "</div>",
    "<select>",
    "<option>",
    "<script type=application/ld+json>",
    "</script>",
    "<caption>\n",
    "<meta name=a content=b>",
    "<template>",
    "</template>",
    "<figure>",
    "</figure>",
    "<figcaption>",
    "<img src=/i.jpg>",
    "<video src=v>",
    "<source src=s>",
    "<p class=caption>",
    "word ",
    "7 ",
    "<b>",
    "</b>",
    "<!-- c -->",
]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_they_agree_on_any_tags(pieces: list[str]) -> None:
    from_tree, streamed = both("".join(pieces))
    assert from_tree == streamed


@pytest.mark.parametrize("text", [".xml", "page.html", "https://a.example/", "/a/b.txt"])
def test_what_reads_like_a_name_of_a_file_is_text(text: str) -> None:
    assert read_outline(text).text() == text


def test_the_first_heading_and_the_page_s_own_title_count() -> None:
    outline = read_outline(PAGES[1])
    assert (outline.title, outline.headings[0]) == ("One", "First big")


def test_link_words_leave_out_what_is_not_shown() -> None:
    assert read_outline(PAGES[3]).links == [("x", "Home"), ("y", "")]


def test_nested_tables_are_tables_of_their_own() -> None:
    inner, outer = read_outline(PAGES[4]).tables
    assert inner.rows == (("2", "3"), ("4", "5"))
    assert (outer.caption, outer.header) == ("C", ("a", "b"))


class Watched(BeautifulSoup):
    trees = 0

    def __init__(self, *given: object, **options: object) -> None:
        Watched.trees += 1
        super().__init__(*given, **options)  # type: ignore[arg-type]


def trees_for(html: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, Outline]:
    monkeypatch.setattr(markup, "BeautifulSoup", Watched)
    Watched.trees = 0
    outline = read_outline(html)
    return Watched.trees, outline


@pytest.mark.parametrize(
    ("html", "trees"),
    [
        ("<p>small", 1),
        ("<p>" + "x" * (MAX_TREE_BYTES - 100), 1),
        ("<p>" + "x" * MAX_TREE_BYTES, 0),
        ("<p>" + "<b>" * (MAX_TREE_MARKS + 1), 0),
    ],
    ids=["small", "large", "too-large", "too-many-tags"],
)
def test_a_tree_is_made_of_what_fits(
    html: str, trees: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    tail = "</b><a href=/end>the end</a>"
    made, outline = trees_for(html + tail, monkeypatch)
    assert made == trees
    assert outline.links == [("/end", "the end")]
    assert outline.blocks[-1][0].endswith("the end")
    assert not outline.is_cut


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td>" * 6_000, "<a href=x><div>" * 9_000, "<h1><b>" * 9_000,
        "<table><caption><a href=y>" * 6_000,
    ],
    ids=["tables", "links", "headings", "captions"],
)  # fmt: skip
def test_the_deepest_trees_are_walked_in_linear_time(html: str) -> None:
    assert html.count("<") <= MAX_TREE_MARKS
    started = time.monotonic()
    outline = read_outline(html + "needle")
    assert time.monotonic() - started < 5
    assert "needle" in outline.blocks[-1][0]
