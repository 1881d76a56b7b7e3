"""Verdicts and their evidence as CSV bytes, and the manifest that goes beside them.

Promises: RFC 4180 with every cell quoted, UTF-8, one fixed order of columns under a
version, rows as they come without holding more than one block of them, the same bytes
for the same records, cells that no spreadsheet runs, and a way back to the records.
Refused: naive times, database rows, and dropping characters (a lone surrogate, which
UTF-8 cannot hold, becomes U+FFFD).
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from operator import attrgetter, itemgetter
from typing import Any

from claims.export.formula_guard import guard_cell, is_copied_plain, is_row_plain, restore_cell
from claims.export.record import CorrectionRecord, EvidenceRecord, VerdictRecord

CSV_VERSION = "1"
COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(VerdictRecord))
EVIDENCE_COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(EvidenceRecord))

_BLOCK_ROWS = 256
"""Rows per yielded block: large enough that a block is about 200 kB, small enough to stream."""

# Small, so that one cell to guard costs few lines a second look.
_LINES_A_BLOCK = 64

_MAX_CELL_CHARS = 16 * 2**20


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the fields of one record type become cells, worked out once."""

    names: tuple[str, ...]
    text: tuple[int, ...]
    number: tuple[int, ...]
    yes_no: tuple[int, ...]
    moment: tuple[int, ...]

    @classmethod
    def of(cls, record_type: type) -> _Layout:
        by_kind: dict[str, list[int]] = {"str": [], "float": [], "bool": [], "datetime": []}
        for index, field in enumerate(fields(record_type)):
            kind = str(field.type).removesuffix(" | None")
            if kind in by_kind:
                by_kind[kind].append(index)
        return cls(
            names=tuple(field.name for field in fields(record_type)),
            text=tuple(by_kind["str"]),
            number=tuple(by_kind["float"]),
            yes_no=tuple(by_kind["bool"]),
            moment=tuple(by_kind["datetime"]),
        )


_VERDICT = _Layout.of(VerdictRecord)
_EVIDENCE = _Layout.of(EvidenceRecord)
_CORRECTION = _Layout.of(CorrectionRecord)


def write_verdicts(
    records: Iterable[VerdictRecord], *, is_raw: bool = False, has_bom: bool = False
) -> Iterator[bytes]:
    """Blocks of bytes of the verdict CSV: the header, then one row per record in their order.

    ``is_raw`` leaves formulas as they were written; ``has_bom`` begins with a UTF-8
    byte order mark. Raises ``ValueError`` for a time without an offset.
    """
    return _write(_VERDICT, records, is_raw=is_raw, has_bom=has_bom)


def write_evidence(
    records: Iterable[EvidenceRecord], *, is_raw: bool = False, has_bom: bool = False
) -> Iterator[bytes]:
    """Blocks of bytes of the second file, one row per piece of evidence; else as verdicts."""
    return _write(_EVIDENCE, records, is_raw=is_raw, has_bom=has_bom)


def write_corrections(
    records: Iterable[CorrectionRecord], *, is_raw: bool = False
) -> Iterator[bytes]:
    """Blocks of bytes of the corrections list, one row per correction; else as verdicts."""
    return _write(_CORRECTION, records, is_raw=is_raw, has_bom=False)


def finish_verdicts(
    lines: Iterable[bytes], *, is_raw: bool = False, has_bom: bool = False
) -> Iterator[bytes]:
    """The file of :func:`write_verdicts` from lines of quoted cells, as a database copies them.

    Each of ``lines`` is one verdict in the order of the columns, every cell quoted, ended by a
    line feed, in UTF-8. One look at a block tells whether any of its cells needs a guard.
    """
    head = io.StringIO(newline="")
    csv.writer(head, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(_VERDICT.names)
    yield (b"\xef\xbb\xbf" if has_bom else b"") + head.getvalue().encode()
    block: list[bytes] = []
    for line in lines:
        block.append(line[:-1])
        if len(block) == _LINES_A_BLOCK:
            yield _finish_block(block, is_raw=is_raw)
            block.clear()
    if block:
        yield _finish_block(block, is_raw=is_raw)


def _finish_block(lines: list[bytes], *, is_raw: bool) -> bytes:
    if not is_raw and not is_copied_plain(b"\n".join(lines).decode()):
        lines = [_guard_line(line) for line in lines]
    return b"\r\n".join([*lines, b""])


def _guard_line(line: bytes) -> bytes:
    text = line.decode()
    if is_copied_plain(text):
        return line
    csv.field_size_limit(max(csv.field_size_limit(), _MAX_CELL_CHARS))
    cells = next(csv.reader([text], strict=True))
    for index in _VERDICT.text:
        cells[index] = guard_cell(cells[index])
    guarded = io.StringIO(newline="")
    csv.writer(guarded, quoting=csv.QUOTE_ALL, lineterminator="").writerow(cells)
    return guarded.getvalue().encode()


def read_verdicts(lines: bytes | Iterable[str], *, is_raw: bool = False) -> Iterator[VerdictRecord]:
    """The records of a verdict CSV, given as bytes or as lines read with ``newline=""``.

    Raises ``ValueError`` when the header is not ours or a cell does not fit its column.
    """
    return _read(VerdictRecord, lines, is_raw=is_raw)


def read_evidence(
    lines: bytes | Iterable[str], *, is_raw: bool = False
) -> Iterator[EvidenceRecord]:
    """The records of an evidence CSV; else as :func:`read_verdicts`."""
    return _read(EvidenceRecord, lines, is_raw=is_raw)


def manifest(
    *,
    written_by: str,
    written_at: datetime,
    filters: Mapping[str, Any],
    row_count: int,
    sha256: str,
    history_head: str | None,
    history_last_event: int | None = None,
    is_raw: bool = False,
    columns: Sequence[str] = COLUMNS,
) -> str:
    """The JSON that is laid beside an export: who, when, filters, rows, digest, history head.

    ``sha256`` is the hexadecimal digest of the CSV bytes; ``history_head`` the head of the
    history the export could see, and ``history_last_event`` the last event in it. Keys are
    sorted, times ISO 8601 with offset.
    """
    stated = {
        "format": "verdict-csv",
        "version": CSV_VERSION,
        "written_by": written_by,
        "written_at": _moment_cell(written_at),
        "filters": dict(filters),
        "rows": row_count,
        "sha256": sha256,
        "history_head": history_head,
        "history_last_event": history_last_event,
        "formulas": "raw" if is_raw else "guarded",
        "columns": list(columns),
    }
    return json.dumps(stated, ensure_ascii=False, sort_keys=True, indent=2, default=str) + "\n"


def _write(
    layout: _Layout, records: Iterable[Any], *, is_raw: bool, has_bom: bool
) -> Iterator[bytes]:
    block = io.StringIO(newline="")
    if has_bom:
        block.write("\ufeff")
    write_row = csv.writer(block, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow
    write_row(layout.names)
    cells_of, texts_of = attrgetter(*layout.names), itemgetter(*layout.text)
    waiting = 0
    for record in records:
        cells = list(cells_of(record))
        _fill_typed(cells, layout)
        if not is_raw and not is_row_plain(texts_of(cells)):
            for index in layout.text:
                cells[index] = guard_cell(cells[index])
        write_row(cells)
        waiting += 1
        if waiting == _BLOCK_ROWS:
            yield _take_block(block)
            waiting = 0
    yield _take_block(block)


def _take_block(block: io.StringIO) -> bytes:
    taken = block.getvalue()
    block.seek(0)
    block.truncate()
    try:
        return taken.encode()
    except UnicodeEncodeError:
        # Only a lone surrogate cannot be encoded, and no reader could show it.
        return taken.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def _fill_typed(cells: list[Any], layout: _Layout) -> None:
    for index in layout.number:
        if (number := cells[index]) is not None:
            cells[index] = _number_cell(number)
    for index in layout.yes_no:
        if (answer := cells[index]) is not None:
            cells[index] = "true" if answer else "false"
    for index in layout.moment:
        if (moment := cells[index]) is not None:
            cells[index] = _moment_cell(moment)


def _number_cell(number: float) -> str:
    """Whole numbers without a fraction, others exactly; what is not a number stays empty."""
    if not math.isfinite(number):
        return ""
    if number == int(number) and abs(number) < 2**53:
        return str(int(number))
    return repr(float(number))


def _moment_cell(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError(f"a time without an offset cannot be exported: {moment!r}")
    return moment.isoformat()


_PARSERS: dict[str, Callable[[str], Any]] = {
    "int": int,
    "float": float,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "bool": {"true": True, "false": False}.__getitem__,
}


def _read(record_type: Any, lines: bytes | Iterable[str], *, is_raw: bool) -> Iterator[Any]:
    if isinstance(lines, bytes):
        lines = io.StringIO(lines.decode("utf-8-sig"), newline="")
    # The limit is the interpreter's; the stock one (131,072) is shorter than a long quote.
    csv.field_size_limit(max(csv.field_size_limit(), _MAX_CELL_CHARS))
    rows = csv.reader(lines, strict=True)
    names = tuple(field.name for field in fields(record_type))
    header = tuple(cell.removeprefix("\ufeff") for cell in next(rows, []))
    if header != names:
        raise ValueError("the header is not that of this version of the file")
    kinds = [str(field.type) for field in fields(record_type)]
    for row in rows:
        if len(row) != len(names):
            raise ValueError(f"line {rows.line_num}: {len(row)} cells instead of {len(names)}")
        try:
            yield record_type(
                **{
                    name: _parse_cell(cell, kind, is_raw=is_raw)
                    for name, cell, kind in zip(names, row, kinds, strict=True)
                }
            )
        except KeyError as wrong:
            raise ValueError(f"line {rows.line_num}: {wrong} is neither true nor false") from wrong


def _parse_cell(cell: str, kind: str, *, is_raw: bool) -> Any:
    if kind == "str":
        return cell if is_raw else restore_cell(cell)
    if not cell and kind.endswith(" | None"):
        return None
    return _PARSERS[kind.removesuffix(" | None")](cell)
