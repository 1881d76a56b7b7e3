"""A document is dated by what it writes at its head, and by nothing that its program notes."""

from __future__ import annotations

from datetime import date

import pytest

from claims.web.pages import read_page
from tests.documents import lines_of, make_docx, make_pdf, paragraph

PROSE = "Output of the mines rose by 7 per cent in 2023, the survey found in its yearly report."
MADE = {
    "extra": [b"<</CreationDate(D:20190203120000Z)/ModDate(D:20190304120000Z)>>"],
    "trailer": b"/Info 4 0 R",
}


def published(lines: list[str], *, word: bool) -> date | None:
    if word:
        core = (
            '<c:p xmlns:c="urn:c" xmlns:d="urn:d"><d:created>2019-02-03T12:00:00Z</d:created></c:p>'
        )
        parts: dict[str, str | bytes] = {"docProps/core.xml": core}
        body = make_docx("".join(map(paragraph, lines)), parts=parts)
    else:
        body = make_pdf([lines_of(*lines, pitch=30)], **MADE)  # type: ignore[arg-type]
    return read_page(body, url="https://a.example/", content_type="").published


@pytest.mark.parametrize("word", [True, False])
@pytest.mark.parametrize(
    ("lines", "day"),
    [
        (["Survey of mines", "12 May 2024", PROSE], date(2024, 5, 12)),
        (["Survey of mines", "Published: 3 March 2025", PROSE], date(2025, 3, 3)),
        (["Survey of mines", "By Ann Lee", "March 3, 2025", PROSE], date(2025, 3, 3)),
        (["Survey of mines", PROSE], None),
        (["Survey of mines", "May 2024", PROSE], None),
        (["Survey of mines 2024", f"{PROSE} The mine opened on 4 May 1999.", "4 May 1999"], None),
        (["Survey of mines", PROSE, "Published: 3 March 2025"], None),
    ],
)
def test_the_day_at_the_head_is_the_day_it_was_published(
    lines: list[str], day: date | None, word: bool
) -> None:
    assert published(lines, word=word) == day


def test_a_day_in_figures_dates_nothing() -> None:
    page = read_page(b"2024-05-12\n2024-05-13\n", url="", content_type="text/csv")
    assert page.published is None
