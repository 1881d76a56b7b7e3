"""Which of a page's text is the article.

It promises the main text of a page as lines, one paragraph, list item or table row
to a line, from two readings of trafilatura. It works on trees, which drop what lies
too deep without a word and cost more than linear time, so it refuses pages beyond
its bounds by giving nothing.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import unescape
from typing import Any

import trafilatura
from lxml.html import HtmlElement
from trafilatura.metadata import extract_metadata
from trafilatura.utils import load_html

from claims.web.declarations import parse_day
from claims.web.outline import Outline

# A tree keeps text down to some 250 levels; measured kept at 200, gone at 300.
MAX_DEPTH = 200
# What takes two seconds or so here; the worst pages of more take minutes and a gigabyte.
MAX_CHARACTERS = 3_000_000
MAX_ELEMENTS = 50_000
MAX_ANCESTORS = 1_500_000
# The precise reading drops whole articles on pages it misjudges: below this share of
# the standard reading it is not believed. Measured on both public sets, .4 to .7 alike.
MIN_PRECISE_SHARE = 0.5
# With this share of all the text a page shows outside its margins it is believed unasked:
# true of four pages in five, and no page of either set is read otherwise.
SURE_SHARE = 0.4

# Letters of the page's description that an opening must begin with, and its length.
LEDE_START = 40
MIN_LEDE, MAX_LEDE = 120, 1500

# It logs every page it can make nothing of, with its address.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("htmldate").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class MainText:
    """The article's text and its frame as trafilatura reads them (``""``, ``None``: not found)."""

    text: str = ""
    title: str = ""
    byline: str = ""
    publisher: str = ""
    published: date | None = None


def read_main_text(
    html: str, url: str, outline: Outline, *, wants_frame: bool = True, wants_day: bool = True
) -> MainText:
    """Take markup, the page's URL and its outline.

    Without ``wants_frame`` only the text is read, a fifth faster; without ``wants_day``
    the frame leaves the day out.
    Gives an empty :class:`MainText` where there is no article, and for pages beyond
    the bounds above.
    """
    if (
        outline.depth > MAX_DEPTH
        or outline.elements > MAX_ELEMENTS
        or outline.ancestors > MAX_ANCESTORS
        or len(html) > MAX_CHARACTERS
    ):
        return MainText()
    try:
        tree = load_html(html)
        return (
            MainText()
            if tree is None
            else _read_tree(tree, html, url, outline, wants_frame, wants_day)
        )
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - whatever a reader trips over, the caller reads plainly
        return MainText()


def _read_tree(
    tree: HtmlElement, html: str, url: str, outline: Outline, wants_frame: bool, wants_day: bool
) -> MainText:
    # Without its fallback readers: the standard reading is ours, and has them.
    text = _extract(tree, url, favor_precision=True, fast=True)
    if len(text) < SURE_SHARE * len(outline.text()):
        standard = _extract(tree, url)
        text = text if len(text) >= MIN_PRECISE_SHARE * len(standard) else standard
    text = restore_lede(text, outline)
    if not wants_frame:
        return MainText(text)
    # htmldate's extensive search makes whole dates of months and years; it stays off.
    frame = extract_metadata(
        tree, url, date_config={"original_date": True, "extensive_search": False}
    )
    return MainText(
        text=text,
        title=frame.title or "",
        byline=", ".join((frame.author or "").split("; ")),
        publisher=frame.sitename or "",
        published=_find_written(parse_day(frame.date), html) if wants_day else None,
    )


def restore_lede(text: str, outline: Outline) -> str:
    """The text with its opening put back in front, where the readings left it out.

    The opening often stands outside the article's element, but publishers give its
    words as the page's description, which tells it from other blocks. A short one
    without a figure only repeats the headline and stays out.
    """
    described = outline.declared.get("og:description") or outline.declared.get("description", "")
    start = _letters(unescape(described))[:LEDE_START]
    if not text or len(start) < LEDE_START or start in _letters(text):
        return text
    for block, is_marginal in outline.blocks:
        if is_marginal or len(block) > MAX_LEDE or not _letters(block).startswith(start):
            continue
        if len(block) >= MIN_LEDE or any(character.isdigit() for character in block):
            return f"{block}\n{text}"
    return text


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


def _find_written(day: date | None, html: str) -> date | None:
    """The day, if the page writes it out: htmldate completes a month with today's day."""
    if day is None:
        return None
    d, m, y = (rf"(?<!\d)0?{day.day}(?!\d)", rf"0?{day.month}", str(day.year))
    written = (
        rf"{y}([-/.]){m}\1{d}|{y}{day:%m%d}|{d}([-/.]){m}\2{y}|(?<!\d){m}([-/.]){d}\3{y}"
        rf"|{d}[^\d<>]{{1,20}}{y}|{y}[^\d<>]{{1,3}}{m}[^\d<>]{{1,3}}{d}"
    )
    return day if re.search(written, html) else None


def _extract(tree: HtmlElement, url: str, **options: Any) -> str:
    # Never deduplicate=True: its memory spans pages and drops text of later ones.
    extracted = trafilatura.extract(
        tree, url=url, include_comments=False, include_tables=True, **options
    )
    return "\n".join(_plain_rows(extracted or ""))


def _plain_rows(text: str) -> Iterator[str]:
    """Table rows come as Markdown; its outer bars and rules say nothing to a reader."""
    for line in text.split("\n"):
        if not line.startswith("|"):
            yield line
        elif row := line.strip("| -"):
            yield row
