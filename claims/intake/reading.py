"""Reading: a file of claims as rows, or everything that is wrong with it.

Promises: all rows or none; every complaint in the order of the file, the first of them
kept and the rest counted; time in proportion to the file. Refuses more than
:data:`MAX_BYTES` and :data:`MAX_ROWS`.
"""

from __future__ import annotations

from collections.abc import Sequence

from claims.intake.cells import CellRefused, read_cell
from claims.intake.columns import REQUIRED, Column, find_columns
from claims.intake.decoding import Undecodable, decode
from claims.intake.rows import ClaimRow, Problem, Reading
from claims.intake.table import BrokenTable, Layout, count_line_breaks, find_layout, read_table

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 500
KEPT_PROBLEMS = 200


class _Complaints:
    """Problems as they are found: the first ones kept, all counted."""

    def __init__(self) -> None:
        self.kept: list[Problem] = []
        self.count = 0

    def add(self, problem: Problem) -> None:
        self.count += 1
        if len(self.kept) < KEPT_PROBLEMS:
            self.kept.append(problem)


def read_claims(body: bytes) -> Reading:
    """The claims of a CSV's bytes; never raises, whatever the bytes are.

    >>> read_claims(b"Claim;Claimant\\nThe tax is 5%.;Ada\\n").rows[0].claimant
    'Ada'
    >>> str(read_claims(b"claim\\n ,\\n").problems[0])
    'line 2: This row has 2 cells and the header 1. Quote cells that hold a comma.'
    """
    if len(body) > MAX_BYTES:
        return _refused(
            f"The file has {len(body) / 2**20:.1f} MB; at most 10 MB are read. "
            "Cut it into several files."
        )
    try:
        text, encoding = decode(body)
    except Undecodable as broken:
        return Reading(problems=(broken.problem,), problem_count=1)
    if not text.strip():
        return _refused(
            "The file is empty. Its first line names the columns; claim_text is required."
        )
    layout = find_layout(text)
    complaints = _Complaints()
    columns, rows = _read(text, layout, complaints)
    if not rows and not complaints.count:
        complaints.add(
            Problem(
                layout.line + 1,
                None,
                "",
                "There is no row below the header. Add one for each claim.",
            )
        )
    return Reading(
        rows=() if complaints.count else tuple(rows),
        columns=columns,
        problems=tuple(complaints.kept),
        problem_count=complaints.count,
        delimiter=layout.delimiter,
        encoding=encoding,
    )


def _refused(message: str) -> Reading:
    return Reading(problems=(Problem(1, None, "", message),), problem_count=1)


def _read(
    text: str, layout: Layout, complaints: _Complaints
) -> tuple[tuple[Column, ...], list[ClaimRow]]:
    columns: tuple[Column, ...] = ()
    rows: list[ClaimRow] = []
    count = 0
    try:
        for line, cells in read_table(text, layout):
            if not columns:
                columns = find_columns(cells[:MAX_COLUMNS])
                if not _check_header(line, cells, columns, complaints):
                    break
                continue
            if not any(cells) or not any(cell.strip() for cell in cells):
                continue
            count += 1
            if count > MAX_ROWS:
                complaints.add(
                    Problem(
                        line,
                        None,
                        "",
                        f"This is row {count:,}; at most {MAX_ROWS:,} are read from one file. "
                        "Cut it into several files.",
                    )
                )
                break
            row = _read_row(line, cells, columns, layout, complaints)
            if row is not None and not complaints.count:
                rows.append(row)
    except BrokenTable as broken:
        complaints.add(_named(broken.problem, columns))
    return columns, rows


def _check_header(
    line: int,
    cells: Sequence[str],
    columns: tuple[Column, ...],
    complaints: _Complaints,
) -> bool:
    """Whether rows can be read below this header."""
    before = complaints.count
    if len(cells) > MAX_COLUMNS:
        complaints.add(
            Problem(
                line, None, "", f"The header has {len(cells):,} cells; is this a CSV of claims?"
            )
        )
        return False
    first: dict[str, Column] = {}
    for column in columns:
        known = first.setdefault(column.field or column.heading.casefold(), column)
        if known is column or not column.heading:
            continue
        what = f"“{known.heading}” (column {known.number}) already"
        names = f"names {column.field}" if column.field else "has this heading"
        complaints.add(
            Problem(line, column.number, column.heading, f"{what} {names}. Rename or delete one.")
        )
    if REQUIRED not in first:
        complaints.add(_without_claims(line, columns))
    return complaints.count == before


def _without_claims(line: int, columns: Sequence[Column]) -> Problem:
    near = next((one for one in columns if one.nearest == REQUIRED), None)
    if near is not None:
        message = f"Is this the column of the claims? Then call it {REQUIRED}."
        return Problem(line, near.number, near.heading, message)
    headings = ", ".join(f"“{one.heading}”" for one in columns[:8] if one.heading)
    more = f" and {len(columns) - 8} more" if len(columns) > 8 else ""
    return Problem(
        line,
        None,
        REQUIRED,
        f"No column is called {REQUIRED}. The first line must name the columns; it reads "
        f"{headings or 'nothing'}{more}.",
    )


def _read_row(
    line: int,
    cells: list[str],
    columns: Sequence[Column],
    layout: Layout,
    complaints: _Complaints,
) -> ClaimRow | None:
    if len(cells) != len(columns) and (
        len(cells) < len(columns) or any(cell.strip() for cell in cells[len(columns) :])
    ):
        sign = {",": "comma", ";": "semicolon", "\t": "tab"}[layout.delimiter]
        complaints.add(
            Problem(
                line,
                None,
                "",
                f"This row has {len(cells):,} cell{'s' * (len(cells) != 1)} and the header "
                f"{len(columns)}. Quote cells that hold a {sign}.",
            )
        )
        return None
    given: dict[str, object] = {}
    is_whole = True
    for index, column in enumerate(columns):
        if not column.field:
            if not column.heading and cells[index].strip():
                is_whole = False
                complaints.add(
                    Problem(
                        line,
                        column.number,
                        "",
                        "There is something here, but the column has no heading. "
                        "Name the column in the first line, or empty it.",
                    )
                )
            continue
        try:
            given[column.field] = read_cell(column.field, cells[index])
        except CellRefused as refused:
            is_whole = False
            at = line + count_line_breaks(cells[:index])
            complaints.add(Problem(at, column.number, column.heading, str(refused)))
    return ClaimRow(line=line, **given) if is_whole else None  # type: ignore[arg-type]


def _named(problem: Problem, columns: Sequence[Column]) -> Problem:
    """The problem with its column's heading, where the header could be read."""
    if problem.column is None or problem.column > len(columns):
        return problem
    heading = columns[problem.column - 1].heading
    return Problem(problem.line, problem.column, heading, problem.message)
