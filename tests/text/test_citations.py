"""Whose report a page passes on, chains towards the source, and circles."""

from __future__ import annotations

import pytest

from claims.text.citations import (
    MOST_CITED,
    Citation,
    CitingPage,
    find_circles,
    find_citations,
    trace_chain,
)


def page(name: str, publisher: str = "", quote: str = "", **more: object) -> CitingPage:
    quotes = (quote,) if quote else ()
    return CitingPage(name, f"https://{name}.example/x", publisher, quotes, **more)  # type: ignore[arg-type]


def cited(pages: list[CitingPage]) -> list[tuple[str, str | None, str]]:
    return [(one.citing, one.cited, one.name) for one in find_citations(pages)]


def test_according_to_leads_to_the_page_of_that_publisher() -> None:
    pages = [
        page("a", "Harbour Gazette", "Output was 900 tonnes, according to the World Bank."),
        page("b", "World Bank", "Output was 900 tonnes in 2023."),
        page("c", "Other Post", "The IMF said that output was 900 tonnes."),
        page("d", "International Monetary Fund", "Output was 900 tonnes."),
    ]
    assert cited(pages) == [("a", "b", "the World Bank"), ("c", "d", "The IMF")]


def test_a_body_without_a_page_is_named_with_the_link_that_leads_there() -> None:
    links = ("https://ads.example/", "https://data.worldbank.org/salt")
    (one,) = find_citations(
        [page("a", "Gazette", "It was 9, according to the World Bank.", links=links)]
    )
    assert (one.cited, one.url) == (None, "https://data.worldbank.org/salt")


def test_a_link_to_another_page_is_a_citation_whatever_its_spelling() -> None:
    pages = [page("a", links=("http://www.b.example/x/#top",)), page("b", "Office")]
    assert find_citations(pages) == (
        Citation("a", "b", "Office", "http://www.b.example/x/#top", "links to it"),
    )


def test_a_wire_credit_is_a_citation() -> None:
    pages = [page("a", "Gazette", edges="VARNHOLM (Reuters) - Salt fell."), page("b", "Reuters")]
    assert cited(pages) == [("a", "b", "Reuters")]


@pytest.mark.parametrize(
    "quote",
    [
        "Critics say output was 900 tonnes.",
        "According to officials, output was 900 tonnes.",
        "The Gazette said that output was 900 tonnes.",
        "China said that output was 900 tonnes.",
        "Beijing announced that output was 900 tonnes.",
        "According to the United States, output was 900 tonnes.",
    ],
)
def test_nobody_with_a_page_is_no_citation_of_one(quote: str) -> None:
    pages = [page("a", "The Gazette", quote), page("b", "China Daily"), page("c", "Officials")]
    assert find_citations(pages) == ()


def test_chains_end_at_a_page_that_cites_none() -> None:
    cites = {"a": ["b"], "b": ["c"], "c": [], "d": ["a", "c"]}
    assert trace_chain("a", cites) == ("a", "b", "c")
    assert trace_chain("d", cites)[-1] == "b"
    assert trace_chain("c", cites) == ("c",)
    assert find_circles(cites) == ()


def test_circles_are_found_and_chains_through_them_end() -> None:
    cites = {"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"]}
    assert find_circles(cites) == (("a", "b", "c"),)
    assert trace_chain("d", cites) == ("d", "a", "b", "c")


def test_strange_pages_cite_nobody_and_lists_are_cut() -> None:
    assert find_citations([]) == ()
    odd = [page("a", "\x00", "\x00" * 100, links=("http://[bad", ""), edges="“" * 500), page("b")]
    assert find_citations(odd) == ()
    many = [page(f"p{number}") for number in range(40)]
    links = tuple(one.url for one in many)
    assert len(find_citations([page("a", links=links), *many])) == MOST_CITED
