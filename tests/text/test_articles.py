"""Articles: what is prose and what stands around it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.text.articles import read_article
from claims.text.markup import strip_markup
from tests.growth import assert_linear

OPINION = """close

The harbour that nobody wanted

November 18, 2025
Cranes stand idle in the harbour. — AFP/File
Cranes stand idle in the harbour. — AFP/File

Port Haren handled 3.1 million containers last year. Its rival handled fewer than half of that.

A long shadow

The mayor signed the lease in May. Nobody else bid for it.


The writer is a fellow at a small institute. She posts/tweets @harbourfellow
"""

REPORT = """From “Old Friends” to New Bargains: A Harbour Story

“As the city courts new owners, its old ones ask what they paid for.”

Ann Lee

Port Haren, 17th October: The city sold its harbour on Friday. The price was $40 million.

What came next?

Dockers walked out on Monday.
"""


def kinds(text: str) -> list[tuple[str, str]]:
    return [(block.kind, text[block.start : block.end]) for block in read_article(text).blocks]


def test_an_opinion_page_with_its_leftovers() -> None:
    reading = read_article(OPINION)
    assert reading.title == "The harbour that nobody wanted"
    assert reading.published == date(2025, 11, 18)
    assert reading.byline is None
    assert reading.language == "en"
    assert [kind for kind, _ in kinds(OPINION)] == [
        "furniture",
        "title",
        "date",
        "caption",
        "caption",
        "paragraph",
        "heading",
        "paragraph",
        "bio",
    ]


def test_a_report_with_standfirst_byline_and_dateline() -> None:
    reading = read_article(REPORT)
    assert reading.title == "From “Old Friends” to New Bargains: A Harbour Story"
    assert reading.byline == "Ann Lee"
    assert reading.published is None
    found = kinds(REPORT)
    assert [kind for kind, _ in found] == [
        "title",
        "standfirst",
        "byline",
        "dateline",
        "paragraph",
        "heading",
        "paragraph",
    ]
    assert found[3] == ("dateline", "Port Haren, 17th October:")
    assert found[4][1].startswith("The city sold")


def test_markdown() -> None:
    text = (
        "---\ntitle: A port for sale\ndate: 2025-03-02\nauthor: Omar Khan\n---\n\n"
        "## The sale\n\nThe city **sold** its [harbour](https://example.org/x) in May.\n\n"
        "- It cost $40 million.\n- Nobody else bid.\n\n***\n\n![pier](pier.png)\n"
    )
    reading = read_article(text)
    assert (reading.title, reading.byline, reading.published) == (
        "A port for sale",
        "Omar Khan",
        date(2025, 3, 2),
    )
    assert kinds(text)[1:] == [
        ("heading", "The sale"),
        ("paragraph", "The city **sold** its [harbour](https://example.org/x) in May."),
        ("paragraph", "It cost $40 million."),
        ("paragraph", "Nobody else bid."),
        ("furniture", "***"),
        ("caption", "![pier](pier.png)"),
    ]
    assert strip_markup(kinds(text)[2][1]) == "The city sold its harbour in May."


def test_a_markdown_title_and_a_plain_one() -> None:
    assert read_article("# Port sold\n\nThe city sold it in May.").title == "Port sold"
    assert read_article("Port sold\nThe city sold it in May.").title == "Port sold"


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Published: 18 November 2025, 10:30 am", date(2025, 11, 18)),
        ("Updated on Nov. 18, 2025 at 7 pm GMT", date(2025, 11, 18)),
        ("2025-11-18", date(2025, 11, 18)),
        ("Tuesday, 18th November 2025 | 5 min read", date(2025, 11, 18)),
        ("17th October", None),
    ],
)
def test_publishing_dates(line: str, day: date | None) -> None:
    text = f"Port sold\n\n{line}\n\nThe city sold its harbour in May. Nobody else bid."
    reading = read_article(text)
    assert reading.published == day
    assert all(line not in body for kind, body in kinds(text) if kind == "paragraph")


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("By Ann Lee", "Ann Lee"),
        ("By Ann Lee and Omar Khan", "Ann Lee and Omar Khan"),
        ("Written by: Dr. Ann van Lee", "Dr. Ann van Lee"),
        ("María José Ortiz", "María José Ortiz"),
        ("By the river", None),
        ("Trade Policy", None),
    ],
)
def test_bylines(line: str, name: str | None) -> None:
    text = f"The harbour sale\n\n{line}\n\nThe city sold its harbour in May. Nobody else bid."
    assert read_article(text).byline == name


@pytest.mark.parametrize(
    "paragraph",
    [
        "WASHINGTON (Reuters) - The bank raised its rate on Monday.",
        "LONDON — The bank raised its rate on Monday.",
        "KARACHI, Nov. 5: The bank raised its rate on Monday.",
        "New York, Nov 18 (AP) — The bank raised its rate on Monday.",
    ],
)
def test_datelines_are_cut_off(paragraph: str) -> None:
    text = f"Rate goes up\n\n{paragraph}"
    assert ("paragraph", "The bank raised its rate on Monday.") in kinds(text)


@pytest.mark.parametrize(
    "paragraph",
    [
        "Pakistan: a history of debt, told by those who paid it.",
        "The United States — once a lender — borrowed more than ever.",
        "GDP: the number fell by two points last year.",
        "Close to a million people left the city in 2019.",
        "Read more than one book about it, the minister said.",
        "He is a reporter, she said, and he was there in 2019.",
        "Related costs rose by 12 per cent in a year.",
    ],
)
def test_prose_stays_prose(paragraph: str) -> None:
    rest = "The sale took place in May. Nobody else bid for it."
    text = f"The harbour sale\n\n{rest}\n\n{paragraph}\n\n" + f"{rest}\n\n" * 6
    assert ("paragraph", paragraph) in kinds(text)


@pytest.mark.parametrize(
    "line",
    ["Share", "ADVERTISEMENT", "Read more: Ten ports to see", "3 min read", "* * *", "Also read"],
)
def test_furniture_is_no_prose(line: str) -> None:
    text = f"The sale\n\nThe city sold its harbour in May.\n\n{line}\n\nNobody else bid for it."
    assert ("furniture", line) in kinds(text)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Workers unload drums on Friday. Photo: Harbour Wire/A. Lee", "caption"),
        ("Ships wait in the harbour. Photograph by Ann van Lee for Port Press.", "caption"),
        ("The old pier — Illustration: Port Press", "caption"),
        ("Figure 1: One berth holds 40 ships.", "caption"),
        ("Table 2. Ships by year", "caption"),
        ("Table 2 shows that 40 ships came.", "paragraph"),
        ("He kept the old photo. Pictures by Monet sold for $40 million.", "paragraph"),
        ("Trade fell. Video by the army showed 12 dead.", "paragraph"),
        ("The mayor was cross. Image: everything he has.", "paragraph"),
    ],
)
def test_a_credit_or_a_number_makes_a_caption(line: str, kind: str) -> None:
    text = f"Port sold\n\nThe city sold its harbour in May.\n\n{line}\n\nNobody else bid for it."
    assert (kind, line) in kinds(text)


def test_a_repeated_caption_is_found_without_a_credit() -> None:
    text = "The sale\n\nCranes stand idle.\nCranes stand idle.\n\nThe city sold it in May."
    assert [kind for kind, _ in kinds(text)] == ["title", "caption", "caption", "paragraph"]


def test_a_single_sentence_is_prose_and_no_title() -> None:
    reading = read_article("Inflation rose 2.5% in May")
    assert reading.title is None
    assert [block.kind for block in reading.blocks] == ["paragraph"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("La banque centrale a relevé son taux directeur pour la troisième fois en un an.", "fr"),
        (
            "Die Zentralbank hat den Leitzins zum dritten Mal in einem Jahr angehoben, sagte er.",
            "de",
        ),
        ("The central bank has raised its rate for the third time in a year.", "en"),
        ("Rate up", None),
        ("", None),
    ],
)
def test_language(text: str, language: str | None) -> None:
    assert read_article(text).language == language


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=60),
            st.sampled_from(
                ["# ", "- x", "By Ann Lee", "close", "May 5, 2020", "LONDON — A.", "---", "**A**"]
            ),
        ),
        max_size=12,
    )
)
def test_blocks_hold_for_any_text(lines: list[str]) -> None:
    text = "\n".join(lines)
    before = 0
    for block in read_article(text).blocks:
        assert before <= block.start < block.end <= len(text)
        before = block.end


@pytest.mark.parametrize("unit", ["a", "A ", "[", "**a", "](", "\n", "# ", "- ", "A.\n", "“", "1 "])
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    def read(size: int) -> None:
        text = unit * (size // len(unit))
        strip_markup(text)
        read_article(text)

    assert_linear(read, 30_000, floor_seconds=1.0)


def test_a_short_paragraph_that_ends_in_a_question_is_no_heading() -> None:
    first = "The mine gives 70 per cent of world output. Who knew?"
    text = f"Rare metals\n\n{first}\n\nWho pays?\n\nIt shut."
    kinds = [block.kind for block in read_article(text).blocks]
    assert kinds == ["title", "paragraph", "heading", "paragraph"]
