"""The day of publication that a document writes at its head.

Promises a whole day that stands on a line of its own, with or without a label, above the first
paragraph. A file's own dates are those of its making or saving, and are never taken for it.
"""

from __future__ import annotations

from datetime import date

from claims.text.articles import read_article
from claims.text.bylines import read_published_line
from claims.text.page_marks import drop_pages

HEAD_CHARACTERS = 4_000


def find_head_day(text: str) -> date | None:
    """The day at the head of a document's text; ``None`` where it writes none."""
    head = drop_pages(text[:HEAD_CHARACTERS])
    for block in read_article(head).blocks:
        words = head[block.start : block.end]
        if block.kind == "paragraph" or (block.kind == "standfirst" and words.endswith(".")):
            return None  # prose: days behind it are those it speaks of
        if block.kind == "date":
            day = read_published_line(words)[1]
            if day is not None:
                return day
    return None
