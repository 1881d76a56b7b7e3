"""Marks inside a text: where a document's page begins, what a reader left out, and where the
captions of a page's images begin.

Promises a mark on a line of its own that people can read and programs find again, and
that a text's own words never pass for one. A page of the web has the last of them alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

CAPTIONS = "[captions of images and video]"
_PAGE = re.compile(r"^\[page (\d{1,6})\]$", re.MULTILINE)
_MARK = re.compile(
    r"^\[(?:page \d{1,6}|left out: [^\[\]\n]{1,300}|captions of images and video)\]$", re.MULTILINE
)
_FORGED = re.compile(r"[\[\s]{1,20}(?:page|left out|captions of)\b", re.IGNORECASE)
_PAGE_BREAK = re.compile(r"\n{0,9}^\[page \d{1,6}\]$\n{0,9}", re.MULTILINE)
_LONGEST_MARK = 320
_LONGEST_PAGE = 20


def mark_page(number: int) -> str:
    """The line that stands before the text of a page; pages are counted from 1.

    >>> mark_page(12)
    '[page 12]'
    """
    return f"[page {number}]"


def mark_left_out(what: str) -> str:
    """The last line of a text that a limit cut; ``what`` is plain words without brackets."""
    return f"[left out: {what}]"


def is_mark(line: str) -> bool:
    """Whether a line or passage is a mark and nothing else."""
    bare = line.strip()
    return len(bare) <= _LONGEST_MARK and _MARK.fullmatch(bare) is not None


def disarm_marks(text: str) -> str:
    """A document's own text with the brackets taken from lines that look like marks."""
    if "[" not in text:
        return text
    return "\n".join(_disarm(line) if "[" in line else line for line in text.split("\n"))


def _disarm(line: str) -> str:
    bare = line.strip()
    is_like = bare.startswith("[") and bare.endswith("]") and _FORGED.match(bare) is not None
    return bare.strip("[] ") if is_like else line


def find_page(text: str, start: int) -> int | None:
    """The number of the page on which character ``start`` stands; ``None`` without marks."""
    end = start
    while (at := text.rfind("[page ", 0, end)) >= 0:
        line = text[at : at + _LONGEST_PAGE].partition("\n")[0]
        mark = _PAGE.fullmatch(line)
        if mark is not None and (at == 0 or text[at - 1] == "\n"):
            return int(mark[1])
        end = at
    return None


def count_pages(text: str) -> int:
    """How many pages a text marks."""
    return sum(1 for _ in _PAGE.finditer(text))


def read_left_out(text: str) -> str:
    """What the last line of a text says was left out; empty where nothing was."""
    last = text[-_LONGEST_MARK:].rpartition("\n")[2].strip()
    is_note = last.startswith("[left out: ") and is_mark(last)
    return last.removeprefix("[left out: ").removesuffix("]") if is_note else ""


def add_captions(text: str, captions: Iterable[str]) -> str:
    """The text with the captions behind it, each once and on a line of its own.

    What stands in the text already is not said again, and a text of nothing stays that.

    >>> add_captions("Salt rose.", ["The harbour. Photo: A. Lee", "Salt rose."])
    'Salt rose.\\n\\n[captions of images and video]\\nThe harbour. Photo: A. Lee'
    """
    main = disarm_marks(text) if CAPTIONS in text else text
    said = " ".join(main.split()) if main.strip() else ""
    new = [one for one in dict.fromkeys(captions) if one and said and one not in said]
    lines = disarm_marks("\n".join(" ".join(one.split()) for one in new))
    return f"{main}\n\n{CAPTIONS}\n{lines}" if lines else main


def find_captions(text: str) -> int:
    """Where the captions begin that were put behind a text; its length where there are none."""
    at = text.rfind(f"\n\n{CAPTIONS}\n")
    return len(text) if at < 0 else at


def drop_pages(text: str) -> str:
    """The text without its page marks; a sentence that runs over a page's end is one again.

    >>> drop_pages("[page 1]\\n\\nOutput rose by\\n\\n[page 2]\\n\\nthree per cent.")
    'Output rose by three per cent.'
    """
    kept: list[str] = []
    for piece in _PAGE_BREAK.split(text):
        if kept and piece:
            end = kept[-1][-1]
            goes_on = (end.isalnum() or end == ",") and piece[0].islower()
            kept.append(" " if goes_on else "\n\n")
        if piece:
            kept.append(piece)
    return "".join(kept)
