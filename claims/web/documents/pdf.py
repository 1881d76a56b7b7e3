"""PDF: the text of each page behind its page mark, tables of figures as tables.

Promises that nothing in the file is run and nothing outside of it asked for, and a named
reason for a file that is locked, empty, broken or made of pictures. Refuses to guess
letters from pictures. Lines become paragraphs and tables in
:mod:`claims.web.documents.pdf_lines`.
"""

from __future__ import annotations

import ctypes
import re
import time
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

from claims.web.documents.drafts import Draft, Enough
from claims.web.documents.kinds import LOCKED
from claims.web.documents.pdf_furniture import EDGE_LINES, drop_furniture
from claims.web.documents.pdf_lines import Line, Word, write_page
from claims.web.errors import Unreadable

MAX_PAGES = 500
# The start of a long report is worth more than nothing of it: this is well within the time
# that a reading child has. A dense page takes some 20 ms.
READ_SECONDS = 8.0
# A page of small print has 10,000 characters; a hostile one has millions.
MAX_PAGE_CHARACTERS = 60_000
TOO_DENSE = f"all beyond {MAX_PAGE_CHARACTERS:,} characters of pages"
ONLY_PICTURES = "pages that hold only pictures"
BROKEN = "damaged pages"
MAX_TOLD = 8
# A page of a picture has it among its first objects.
MAX_OBJECTS = 1_000
PICTURES = (
    "The PDF holds pictures of text only, without characters that could be read. "
    "Another edition may have them; else paste the text."
)
EMPTY = "The PDF has no page with text on it."
# pdfium's marks for a hyphen that ends a line; the word goes on without a line's end.
SOFT_HYPHEN = "\u00ad"
READ_AS = {0x00: " ", 0x02: SOFT_HYPHEN, 0xFFFE: SOFT_HYPHEN}
LAST_CODE = 0x10FFFF
LINE_ENDS = frozenset({"\r", "\n", SOFT_HYPHEN})
WORD_OR_END = re.compile("[\r\n\u00ad]|[^\\s\u00ad]+")


@dataclass(frozen=True, slots=True)
class _Page:
    """The lines of one page and what else there is to say of it."""

    lines: list[Line]
    has_pictures: bool = False
    is_broken: bool = False
    is_cut: bool = False


def read_pdf(body: bytes) -> Draft:
    """The pages of a PDF. Raises :class:`Unreadable` with a reason for people."""
    import pypdfium2  # here: only the reading child needs it, and pays for loading it

    try:
        document = pypdfium2.PdfDocument(body)
        count = len(document)
    except pypdfium2.PdfiumError as problem:
        # pdfium may repeat the reason of the file before; a locked file names its lock openly.
        is_locked = b"/Encrypt" in body and any(
            word in str(problem).lower() for word in ("password", "security")
        )
        raise Unreadable(LOCKED if is_locked else "The PDF is damaged and cannot be opened.") from (
            problem
        )
    with closing(document):
        pages: list[_Page] = []
        ends_at = time.monotonic() + READ_SECONDS
        for number in range(min(count, MAX_PAGES)):
            pages.append(_read_one(document, number))
            if time.monotonic() > ends_at:
                break
        described = document.get_metadata_dict(skip_empty=True)
    draft = _write(pages, count)
    draft.title = _title(described.get("Title", "")) or draft.title
    draft.modified = _day(described.get("ModDate", ""))
    return draft


def _write(pages: list[_Page], count: int) -> Draft:
    bodies = drop_furniture([page.lines for page in pages])
    pictured = [
        number
        for number, (page, lines) in enumerate(zip(pages, bodies, strict=True), start=1)
        if page.has_pictures and not lines
    ]
    if not any(bodies):
        bodies = [page.lines for page in pages]  # what repeats is all there is
        if pictured or not any(bodies):
            raise Unreadable(PICTURES if pictured else EMPTY)
    draft = Draft()
    try:
        for number, lines in enumerate(bodies, start=1):
            draft.begin_page(number)
            write_page(draft, lines)
    except Enough:
        pass
    broken = [number for number, page in enumerate(pages, start=1) if page.is_broken]
    dense = [number for number, page in enumerate(pages, start=1) if page.is_cut]
    for what, numbers in ((ONLY_PICTURES, pictured), (BROKEN, broken), (TOO_DENSE, dense)):
        if numbers:
            draft.leave_out(f"{what}: {_list(numbers)}")
    if count > len(pages):
        draft.leave_out(f"all but the first {len(pages):,} of {count:,} pages")
    largest = max((line for page in pages[:1] for line in page.lines), key=_size, default=None)
    draft.title = largest.text[:300] if largest is not None else ""
    return draft


def _list(numbers: list[int]) -> str:
    """A few numbers, and how many more there are."""
    told = ", ".join(map(str, numbers[:MAX_TOLD]))
    more = len(numbers) - MAX_TOLD
    return f"{told} and {more} more" if more > 0 else told


def _size(line: Line) -> float:
    return line.height if any(sign.isalpha() for sign in line.text) else 0.0


def _read_one(document: Any, number: int) -> _Page:
    import pypdfium2
    import pypdfium2.raw as raw

    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return _Page([], is_broken=True)
    with closing(page):
        with closing(page.get_textpage()) as text:
            lines = _read_lines(text)
            is_cut = text.count_chars() > MAX_PAGE_CHARACTERS
        # A page with more lines than heads and feet have is no mere picture.
        has_pictures = len(lines) <= 2 * EDGE_LINES and any(
            one.type != raw.FPDF_PAGEOBJ_TEXT
            for one in islice(page.get_objects(max_depth=3), MAX_OBJECTS)
        )
    return _Page(lines, has_pictures=has_pictures, is_cut=is_cut)


def _read_lines(text: Any) -> list[Line]:
    """Words with their boxes as lines, in the order in which they are drawn.

    The box is that of the letters' font, not of their ink: lines are as high whatever they
    say. The first and the last letter of a word are asked for theirs.
    """
    import pypdfium2.raw as raw

    handle, box = text.raw, raw.FS_RECTF()
    place = ctypes.byref(box)
    count = min(text.count_chars(), MAX_PAGE_CHARACTERS)
    codes = [raw.FPDFText_GetUnicode(handle, at) for at in range(count)]
    if max(codes, default=0) > LAST_CODE:
        codes = [min(code, LAST_CODE) for code in codes]
    # One character for one code, so that places in the text are places on the page.
    letters = "".join(map(chr, codes)).translate(READ_AS)
    lines: list[Line] = []
    words: list[Word] = []
    for found in WORD_OR_END.finditer(letters):
        if found[0] in LINE_ENDS:
            if found[0] == SOFT_HYPHEN and words:
                words[-1] = replace(words[-1], text=words[-1].text + SOFT_HYPHEN)
            if words and found[0] != "\r":
                lines.append(Line(tuple(words)))
                words = []
            continue
        raw.FPDFText_GetLooseCharBox(handle, found.start(), place)
        left, right, bottom, top = box.left, box.right, box.bottom, box.top
        raw.FPDFText_GetLooseCharBox(handle, found.end() - 1, place)
        words.append(
            Word(
                found[0],
                min(left, box.left),
                max(right, box.right),
                min(bottom, box.bottom),
                max(top, box.top),
            )
        )
    if words:
        lines.append(Line(tuple(words)))
    return lines


def _title(stated: str) -> str:
    """What the file calls itself, unless that is a file's name or a program's."""
    bare = " ".join(stated.split())
    is_name = bare.lower().endswith((".doc", ".docx", ".pdf", ".indd", ".xls", ".xlsx", ".qxd"))
    is_junk = is_name or bare.lower().startswith(("microsoft ", "untitled", "unbenannt"))
    return "" if is_junk or not any(sign.isalpha() for sign in bare) else bare[:300]


def _day(stated: str) -> date | None:
    """``D:20260131…`` as a day."""
    digits = stated.removeprefix("D:")[:8]
    if len(digits) != 8 or not (digits.isascii() and digits.isdigit()):
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
