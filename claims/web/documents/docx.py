"""Word documents (.docx): paragraphs, tables, footnotes and links, as a reader sees them.

Refuses what is not shown: hidden, deleted and moved-away text, field codes, fallbacks. Macros,
pictures and embedded objects are never opened; links are noted and never followed.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from claims.web.documents.archives import Archive
from claims.web.documents.docx_styles import HiddenStyles, is_on
from claims.web.documents.drafts import MAX_CELLS, MAX_COLUMNS, Draft, Enough, cut_cell, tidy_cell
from claims.web.documents.parts import find_main_part, hear_part, read_properties, read_relations
from claims.web.documents.shapes import shape_table
from claims.web.tables import read_span

# Their text is there and not shown.
UNSEEN = frozenset({
    "del", "moveFrom", "Fallback", "instrText", "delText", "annotationRef", "rPrChange",
    "pPrChange",
})  # fmt: skip
BREAKS = {"tab": "\t", "br": " ", "cr": " ", "noBreakHyphen": "‑", "ptab": "\t"}
NOTES = ("footnotes", "endnotes")
STYLED = frozenset({"pPr", "pStyle", "r", "rStyle", "vanish"})


@dataclass(slots=True)
class _Table:
    rows: list[list[str]] = field(default_factory=list)
    row: list[str] = field(default_factory=list)
    cell: list[str] = field(default_factory=list)
    columns: int = 1
    is_merged_down: bool = False
    is_row_deleted: bool = False


class _Listener:
    """Hears the body of a document; nested tables become text of their cell."""

    def __init__(self, draft: Draft, links: Mapping[str, str], hidden: frozenset[str]) -> None:
        self._draft = draft
        self._links = links
        self._hidden = hidden
        # For each run that is open, whether it is hidden: a text box has runs inside of a run.
        self._runs: list[bool] = []
        self._is_inside_row_marks = False
        self._paragraph_marks = 0
        self._paragraphs: list[list[str]] = []
        self._tables: list[_Table] = []
        self._unseen = 0
        self._is_text = False
        self._link: tuple[str, int] | None = None
        self._style = ""
        self._cells = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in UNSEEN:
            self._unseen += 1
            if tag == "del" and self._is_inside_row_marks and self._tables:
                self._tables[-1].is_row_deleted = True
        elif self._unseen:
            return
        elif tag in STYLED:
            self._start_styled(tag, attributes)
        elif tag == "p":
            self._paragraphs.append([])
            self._style = ""
        elif tag == "t":
            self._is_text = True
        elif tag in BREAKS and self._paragraphs:
            self._paragraphs[-1].append(BREAKS[tag])
        elif tag == "hyperlink" and self._paragraphs:
            url = self._links.get(attributes.get("id", ""), "")
            self._link = (url, len(self._paragraphs[-1])) if url else None
        else:
            self._start_of_table(tag, attributes)

    def _start_styled(self, tag: str, attributes: Mapping[str, str]) -> None:
        """What says how the runs of a paragraph look, and whether they are seen at all."""
        named = attributes.get("val", "").lower()
        if tag == "pPr":
            self._paragraph_marks += 1
        elif tag == "pStyle":
            self._style = named
        elif tag == "r":
            self._runs.append(any(self._runs[-1:]) or self._style in self._hidden)
        elif self._runs and not self._paragraph_marks:
            is_named = tag == "rStyle" and named in self._hidden
            if is_named or tag == "vanish":
                self._runs[-1] = is_named or is_on(attributes)

    def _start_of_table(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "tbl":
            self._tables.append(_Table())
        elif not self._tables:
            return
        elif tag == "tc":
            table = self._tables[-1]
            table.cell, table.columns, table.is_merged_down = [], 1, False
        elif tag == "trPr":
            self._is_inside_row_marks = True
        elif tag == "gridSpan":
            self._tables[-1].columns = read_span(attributes.get("val"))
        elif tag == "vMerge":
            self._tables[-1].is_merged_down = attributes.get("val") != "restart"

    def end(self, tag: str) -> None:
        if tag in UNSEEN:
            self._unseen -= 1
        elif self._unseen:
            return
        elif tag == "pPr":
            self._paragraph_marks -= 1
        elif tag == "r" and self._runs:
            self._runs.pop()
        elif tag == "trPr":
            self._is_inside_row_marks = False
        elif tag == "t":
            self._is_text = False
        elif tag == "p" and self._paragraphs:
            self._end_paragraph("".join(self._paragraphs.pop()))
        elif tag == "hyperlink" and self._link is not None:
            url, start = self._link
            words = "".join(self._paragraphs[-1][start:]) if self._paragraphs else ""
            self._draft.add_link(url, words)
            self._link = None
        elif self._tables:
            self._end_of_table(tag)

    def _end_of_table(self, tag: str) -> None:
        table = self._tables[-1]
        if tag == "tc":
            text = tidy_cell(" ".join(table.cell))
            if table.is_merged_down and table.rows and len(table.row) < len(table.rows[-1]):
                text = table.rows[-1][len(table.row)]
            table.row += [text] * min(table.columns, MAX_COLUMNS + 1 - len(table.row))
            table.cell = []
        elif tag == "tr":
            self._cells += len(table.row)
            if not table.is_row_deleted:
                table.rows.append(table.row)
            table.row, table.is_row_deleted = [], False
        if tag == "tbl" or self._cells > MAX_CELLS:
            self._close_table()

    def _close_table(self) -> None:
        table = self._tables.pop()
        if self._tables:
            self._tables[-1].cell += [cell for row in table.rows for cell in row if cell]
        elif any(any(row) for row in table.rows):
            self._draft.add_table(shape_table(table.rows))
        if self._cells > MAX_CELLS:
            self._draft.leave_out(f"all beyond {MAX_CELLS:,} cells of tables")
            raise Enough

    def data(self, text: str) -> None:
        is_seen = not self._unseen and not any(self._runs[-1:])
        if self._is_text and is_seen and self._paragraphs:
            self._paragraphs[-1].append(text)

    def _end_paragraph(self, text: str) -> None:
        if self._tables:
            self._tables[-1].cell.append(text)
        elif self._paragraphs:
            self._paragraphs[-1].append(f" {text} ")  # a text box inside a paragraph
        else:
            if self._style == "title" and not self._draft.title:
                self._draft.title = cut_cell(text)
            self._draft.add_paragraph(text)


def read_docx(body: bytes) -> Draft:
    """The text and tables of a .docx. Raises :class:`Unreadable`."""
    archive = Archive(body)
    draft = Draft()
    main = find_main_part(archive, "word/document.xml")
    inside, outside = read_relations(archive, main)
    there = [(kind, name) for kind, name in inside.values() if name in archive]
    notes = [name for kind, name in there if kind in NOTES]
    styles = HiddenStyles()
    for kind, part in there:
        if kind == "styles":
            hear_part(archive.pieces(part), styles)
    hidden = styles.find()
    with suppress(Enough):
        hear_part(archive.pieces(main), _Listener(draft, outside, hidden))
        for part in notes:
            hear_part(archive.pieces(part), _Listener(draft, {}, hidden))
    draft.title = draft.title or read_properties(archive).get("title", "")
    return draft
