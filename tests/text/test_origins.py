"""Pages that carry one report are one origin, with the reason for every grouping."""

from __future__ import annotations

import pytest

from claims.text.origins import OriginPage, cut_shingles, group_origins, is_same_text

REPORT = (
    "The provincial government said on Tuesday that a flood had destroyed four hundred homes in "
    "the valley and that rescue teams were still searching for missing people near the river. "
    "Local officials asked for tents and blankets because more rain was expected in the evening."
)
OTHER = (
    "Economists expect the central bank to leave interest rates unchanged this month, as prices "
    "rose more slowly than in spring and the currency was stable against the dollar."
)


def page(name: str, text: str, url: str | None = None, **more: object) -> OriginPage:
    return OriginPage(name, text, url or f"https://{name}.example/story", **more)  # type: ignore[arg-type]


def ids(pages: list[OriginPage]) -> list[tuple[str, ...]]:
    return [origin.ids for origin in group_origins(pages)]


def test_every_page_is_in_exactly_one_group_in_order() -> None:
    pages = [page("a", REPORT), page("b", OTHER), page("c", REPORT + " The end.")]
    assert ids(pages) == [("a", "c"), ("b",)]


def test_a_copied_report_is_one_origin_and_says_how_much_is_copied() -> None:
    shortened = REPORT.split(". ")[0] + ". Our own reporter adds nothing of substance here today."
    origin = group_origins([page("a", REPORT), page("b", shortened)])[0]
    assert origin.ids == ("a", "b")
    assert any("copied" in reason for reason in origin.reasons)


def test_one_shared_phrase_is_not_a_copy() -> None:
    assert (
        len(ids([page("a", REPORT), page("b", OTHER + " More rain was expected in the evening.")]))
        == 2
    )


@pytest.mark.parametrize(
    "credit",
    [
        "KABUL (Reuters) - {}",
        "Reuters: {}",
        "{}\nSource: Reuters",
        "{}\n— Reuters",
        "{} With inputs from Reuters",
    ],
)
def test_pages_that_credit_one_agency_are_one_origin(credit: str) -> None:
    origin = group_origins([page("a", credit.format(REPORT)), page("b", f"(Reuters) {OTHER}")])[0]
    assert origin.ids == ("a", "b")
    assert "both credit Reuters" in origin.reasons


def test_an_agency_that_is_only_spoken_of_joins_nothing() -> None:
    pages = [
        page("a", REPORT + " Reuters could not reach him."),
        page("b", "The app AP is new. " + OTHER),
    ]
    assert len(ids(pages)) == 2


def test_the_same_long_quotation_is_one_origin_a_short_one_is_not() -> None:
    said = "“We have never seen water rise so quickly in this valley before”, she said."
    origin = group_origins([page("a", f"A mayor spoke. {said}"), page("b", f"{OTHER} {said}")])[0]
    assert origin.ids == ("a", "b")
    assert any(reason.startswith("the same quotation") for reason in origin.reasons)
    short = "“It is over now”, she said."
    assert len(ids([page("a", f"A mayor spoke. {short}"), page("b", f"{OTHER} {short}")])) == 2


@pytest.mark.parametrize(
    ("one", "other", "is_joined"),
    [
        ("https://www.news.example/a", "https://m.news.example/b", True),
        ("https://www.daily.co.uk/a", "https://www.weekly.co.uk/b", False),
        ("https://sport.daily.co.uk/a", "https://www.daily.co.uk/b", True),
        ("https://one.blogspot.com/a", "https://two.blogspot.com/b", False),
        ("http://[bad", "http://[bad", False),
    ],
)
def test_one_site_is_one_origin(one: str, other: str, is_joined: bool) -> None:
    groups = group_origins([page("a", REPORT, one), page("b", OTHER, other)])
    if "[bad" in one:
        # The very same address is the same document, even where it is no address.
        assert len(groups) == 1
    else:
        assert (len(groups) == 1) is is_joined


def test_one_publisher_and_links_to_one_document_join() -> None:
    owned = [page("a", REPORT, publisher="Sun Group"), page("b", OTHER, publisher=" sun group")]
    assert len(ids(owned)) == 1
    linked = [
        page("a", REPORT, links=("https://stats.example/report.pdf",)),
        page("b", OTHER, links=("https://stats.example/report.pdf", "https://home.example/")),
        page("c", "Something else entirely.", links=("https://home.example/",)),
    ]
    assert ids(linked) == [("a", "b"), ("c",)]


def test_joining_is_transitive_and_reasons_are_not_repeated() -> None:
    pages = [page("a", REPORT), page("b", f"{REPORT} (Reuters)"), page("c", f"(Reuters) {OTHER}")]
    origins = group_origins(pages)
    assert [origin.ids for origin in origins] == [("a", "b", "c")]
    assert len(set(origins[0].reasons)) == len(origins[0].reasons) == 2


def test_the_same_text_elsewhere_is_told_from_a_report_that_quotes_it() -> None:
    words = [f"word{number}" for number in range(200)]
    article = cut_shingles(" ".join(words))

    def is_copy(text: str) -> bool:
        return is_same_text(cut_shingles(text), article)

    more = " ".join(f"own{number}" for number in range(150))
    assert is_copy(" ".join(words))
    assert is_copy(f"{' '.join(words)} {more}"), "with a box of the other site's own"
    assert is_copy(" ".join(words[:60])), "its beginning alone"
    assert not is_copy(" ".join(words[:15])), "a sentence or two"
    assert not is_copy(f"{' '.join(words[:80])} {more}"), "quoted among other words"
    assert not is_copy(more)
    assert not is_copy("")


@pytest.mark.parametrize("text", ["", "\x00", "a", "“" * 10_000, "word " * 50_000])
def test_strange_pages_stay_alone(text: str) -> None:
    assert group_origins([]) == ()
    assert ids([page("a", text), page("b", OTHER)]) == [("a",), ("b",)]


def test_furniture_on_very_many_pages_joins_nothing() -> None:
    notice = "We use cookies to make this site work and to understand how it is being used by you. "
    pages = [
        page(f"p{n}", notice + f"Only here stands word{n} other{n} thing{n} and more{n}.")
        for n in range(60)
    ]
    assert len(ids(pages)) == 60
