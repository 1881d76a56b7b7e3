"""Title, byline and day of a page as it shows them."""

from __future__ import annotations

from datetime import date

import pytest

from benchmarks.pages.measure import compare_frames
from claims.web.credits import MAX_CREDITS, choose_byline, clean_byline, is_credit
from claims.web.markup import read_outline
from claims.web.pages import read_page
from claims.web.shown_days import find_shown_day
from claims.web.titles import choose_title


@pytest.mark.parametrize(
    ("headings", "declared", "window", "title"),
    [
        (["Rice fell"], "", "Rice fell | Port Wire", "Rice fell"),
        (["Port Wire", "Rice fell"], "", "Port Wire", "Rice fell"),
        ([], "Rice &amp;amp; tea fell - portwire.example", "", "Rice & tea fell"),
        (["Trade Rice fell by half"], "Rice fell by half", "", "Rice fell by half"),
        (["Rice fell by half in May"], "Rice fell by half", "", "Rice fell by half in May"),
        (["RICE FELL"], "Rice fell", "", "RICE FELL"),
        (["News"], "Rice fell", "Rice fell – Port Wire", "Rice fell"),
        (["Related"], "", "", "Related"),
        ([], "Port Wire", "Port Wire | Rice fell", "Rice fell"),
        ([], "Port Wire", "", "Port Wire"),
        ([], "", "A - B - C | Port Wire", "A - B - C"),
        (["", "  "], "", "", ""),
    ],
)
def test_a_title_is_the_pages_own(
    headings: list[str], declared: str, window: str, title: str
) -> None:
    chosen = choose_title(
        headings, declared, window, publisher="Port Wire", url="https://www.portwire.example/a"
    )
    assert chosen == title


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("By Ann Lee", "Ann Lee"),
        ("Posted by Ann Lee | 3 May 2019", "Ann Lee"),
        ("Von Jana Brandt und Uwe Thoms1. Januar 2023", "Jana Brandt und Uwe Thoms"),
        ("| Autor: gnaddrig", "gnaddrig"),
        ("c1ph4", "c1ph4"),
        ("Ann Lee, updated on 3 May", "Ann Lee"),
        ("Byron Parker", "Byron Parker"),
        ("Name *", ""),
        ("12 May 2021", ""),
        ("No Author", ""),
        ("word " * 12, ""),
        ("by " * 60_000, ""),
        ("\0\ud800 |", ""),
    ],
)
def test_a_credit_is_names_alone(written: str, names: str) -> None:
    assert clean_byline(written).strip("\0\ud800") == names


def test_of_a_credit_within_another_the_inner_one_is_meant() -> None:
    assert choose_byline("", ["Ann Lee Trade editor", "Ann Lee", "Bo Berg"], "") == "Ann Lee"
    assert choose_byline("", ["Ann Lee and Bo Berg", "Ann Lee and Bo Berg"], "") == (
        "Ann Lee and Bo Berg"
    )
    assert choose_byline("Cy Day", ["Ann Lee"], "") == "Cy Day"
    assert choose_byline("", [], "Posted") == ""


def test_what_names_an_author_and_what_only_looks_so() -> None:
    assert is_credit("span", {"class": "author vcard"})
    assert is_credit("div", {"class": "post-byline"})
    assert is_credit("a", {"rel": "nofollow author"})
    assert is_credit("p", {"itemprop": "author"})
    for classes in ("comment-author", "author-bio", "photo-author", "authoritative", "meta-prep"):
        assert not is_credit("div", {"class": classes}), classes
    assert not is_credit("table", {"class": "author"})


def test_credits_in_readers_comments_are_left_out_and_their_number_is_bounded() -> None:
    page = "<div class=comment><b class=author>Gull</b></div><p class=byline>By <b>Ann</b> Lee"
    assert read_outline(page).credits == ["By Ann Lee"]
    many = read_outline("<span class=author>x" * 3000)
    assert len(many.credits) == MAX_CREDITS
    for piece in ("<p class=byline>A<a rel=author>B</a></p>", "<b class=author>A</i></b><p>C"):
        assert read_outline(piece).credits == read_outline(piece, max_tree_bytes=0).credits


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("21.01.2022 - 13:30", date(2022, 1, 21)),
        ("Klara Weber, 1. 12. 2021", date(2021, 12, 1)),
        ("6. November 2023, 15:25 Uhr", date(2023, 11, 6)),
        ("Publié le 3 mars 2021 à 12h", date(2021, 3, 3)),
        ("February 24, 2020", date(2020, 2, 24)),
        ("25/02/2020", date(2020, 2, 25)),
        ("02/25/2020", date(2020, 2, 25)),
        ("03/04/2022", None),
        ("November 2022", None),
        ("31.02.2022", None),
        ("1.2.2022 bis 3.2.2022", None),
        ("192.168.1.2022", None),
        ("1 May 2020 " + "x" * 200, None),
    ],
)
def test_the_day_beside_the_heading(line: str, day: date | None) -> None:
    language = {"Publ": "fr", "6. N": "de"}.get(line[:4], "en")
    outline = read_outline(f"<h1>Rice fell</h1><p>{line}</p>")
    assert find_shown_day(outline, "Rice fell", language) == day
    far = read_outline(f"<h1>Rice fell</h1>{'<p>Text.' * 9}<p>{line}</p>")
    assert find_shown_day(far, "Rice fell", language) is None


def test_a_declared_day_goes_before_a_shown_one() -> None:
    shown = "<h1>Rice fell</h1><p>1 May 2020</p><p>Rice fell by half, the office said."
    assert read_page(shown.encode(), url="https://a.example/").published == date(2020, 5, 1)
    declared = f"<meta property=article:published_time content=2020-05-02>{shown}"
    assert read_page(declared.encode(), url="https://a.example/").published == date(2020, 5, 2)


def test_a_title_of_ten_thousand_parts_is_read_in_time() -> None:
    long = " | ".join(["Port Wire"] * 10_000)
    assert choose_title([long] * 20, long, long, publisher="Port Wire", url="https://a.example/")


def test_the_measure_counts_what_is_wrong_missing_and_made_up() -> None:
    right, other, none = ("Rice fell", "A and B", "2020-05-01"), ("X", "A, B", ""), ("", "", "")
    found = compare_frames([(right, right), (right, other), (right, none), (none, right)])
    assert found["title"] == pytest.approx(2 * (1 / 3) * (1 / 3) / (2 / 3), abs=1e-3)
    assert found["byline"] == pytest.approx(2 / 3, abs=1e-3)
    assert found["day"] == pytest.approx(2 * 0.5 * (1 / 3) / (0.5 + 1 / 3), abs=1e-3)
    assert found["whole"] == 0.25
