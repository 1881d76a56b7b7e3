"""CSV, TSV and JSON of figures: tables where the file holds them, lines ``path: value`` else.

Promises each figure as it is written, digit for digit. Deep and endless files end at a
limit with its reason.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any

from claims.web.documents.drafts import MAX_COLUMNS, MAX_ROWS, Draft, Enough, cut_cell
from claims.web.documents.shapes import Shaped, shape_table
from claims.web.errors import Unreadable

DELIMITERS = ",;\t|"
SAMPLE_CHARACTERS = 20_000
SAMPLE_LINES = 50
MAX_FIELD_CHARACTERS = 1_000_000
MAX_JSON_LINES = 20_000
MAX_JSON_TABLES = 100
MAX_DEPTH = 200
MAX_EXPONENT = 30
Scalar = str | bool | None


def read_csv(text: str, *, delimiter: str = "") -> Draft:
    """A file of rows; title lines above and notes below the table stay lines of text."""
    draft = Draft()
    text = text.replace("\0", "")
    mark = delimiter or find_delimiter(text)
    csv.field_size_limit(MAX_FIELD_CHARACTERS)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    grid: list[list[str]] = []
    try:
        for row in rows:
            if len(grid) > MAX_ROWS + 50:
                break
            grid.append([cut_cell(cell) for cell in row[:MAX_COLUMNS]])
            if len(row) > MAX_COLUMNS:
                draft.leave_out(f"columns beyond the first {MAX_COLUMNS}")
    except csv.Error as problem:
        raise Unreadable("The file's rows cannot be told apart: a quote never closes.") from problem
    with suppress(Enough):
        draft.add_table(shape_table(grid))
    return draft


def find_delimiter(text: str) -> str:
    """The sign that cuts most of the first lines into one and the same number of cells.

    >>> find_delimiter("place;share\\nChina;69,2\\n")
    ';'
    """
    head = text[:SAMPLE_CHARACTERS]
    best, best_score = ",", 0.0
    for mark in DELIMITERS:
        try:
            rows = csv.reader(io.StringIO(head, newline=""), delimiter=mark)
            widths = [len(row) for row in islice(rows, SAMPLE_LINES) if row]
        except csv.Error:
            continue
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        score = widths.count(usual) / len(widths) if widths and usual > 1 else 0.0
        if score > best_score:
            best, best_score = mark, score
    return best


def read_json(text: str) -> Draft:
    """Lists of objects and objects of columns as tables, all else as lines. May be unreadable."""
    try:
        value = json.loads(
            text, parse_int=_figure, parse_float=_figure, parse_constant=lambda name: name
        )
    except RecursionError:
        raise Unreadable("The JSON is nested deeper than any table of figures.") from None
    except ValueError as problem:
        raise Unreadable("The file says that it is JSON, and is not.") from problem
    draft = Draft()
    with suppress(Enough):
        _write_json(value, draft)
    return draft


def _figure(written: str) -> str:
    """A number as it is written; one with a small exponent is written out."""
    if "e" not in written and "E" not in written:
        return written[:400]
    try:
        value = Decimal(written)
    except InvalidOperation:
        return written[:400]
    return f"{value:f}" if abs(value.adjusted()) <= MAX_EXPONENT else written[:400]


def _write_json(value: Any, draft: Draft) -> None:
    lines = 0
    for path, node in _walk(value):
        grid = _as_grid(node)
        if grid is not None:
            if len(draft.tables) == MAX_JSON_TABLES:
                draft.leave_out(f"all but the first {MAX_JSON_TABLES} tables")
                raise Enough
            draft.add_table(Shaped(tuple(grid[0]), tuple(map(tuple, grid[1:])), path))
            continue
        if isinstance(node, list) and len(node) > MAX_COLUMNS:
            draft.leave_out(f"all but the first {MAX_COLUMNS} values of a list")
        if isinstance(node, dict) and node:
            draft.leave_out(f"what is nested deeper than {MAX_DEPTH} levels")
        line = _as_line(node)
        if line:
            lines += 1
            if lines > MAX_JSON_LINES:
                draft.leave_out(f"all but the first {MAX_JSON_LINES:,} values")
                raise Enough
            draft.add_paragraph(f"{path}: {line}" if path else line)


def _walk(value: Any) -> Iterator[tuple[str, Any]]:
    """Leaves and tables in the order of the file, each with its path; no recursion."""
    stack: list[tuple[str, Any, int]] = [("", value, 0)]
    while stack:
        path, node, depth = stack.pop()
        if _ends_here(node) or depth > MAX_DEPTH:
            yield path, node
        elif isinstance(node, dict):
            inner = [(_join(path, key), child, depth + 1) for key, child in node.items()]
            stack.extend(reversed(inner))
        else:
            # A place in a list is a number that nobody wrote: it is no part of the path.
            stack.extend((path, child, depth + 1) for child in reversed(node))


def _ends_here(node: Any) -> bool:
    return not isinstance(node, dict | list) or _is_leaf(node) or _as_grid(node) is not None


def _join(path: str, key: str) -> str:
    return f"{path}.{key}"[-300:] if path else key[:300]


def _is_scalar(value: Any) -> bool:
    return value is None or isinstance(value, str | bool)


def _is_leaf(node: dict[str, Any] | list[Any]) -> bool:
    return isinstance(node, list) and all(map(_is_scalar, node))


def _as_line(node: Any) -> str:
    if isinstance(node, list):
        return ", ".join(filter(None, (_show(one) for one in node[:MAX_COLUMNS])))
    return "" if isinstance(node, dict) else _show(node)


def _show(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return cut_cell(value) if isinstance(value, str) else ""


def _as_grid(node: Any) -> list[list[str]] | None:
    """A table's rows with the header first, or ``None`` where the node is none."""
    if isinstance(node, list) and len(node) > 0:
        if all(isinstance(one, dict) for one in node[:SAMPLE_LINES]):
            return _grid_of_objects(node)
        if len(node) > 1 and all(isinstance(one, list) and one and _is_leaf(one) for one in node):
            return [[_show(cell) for cell in row[:MAX_COLUMNS]] for row in node[: MAX_ROWS + 2]]
    if isinstance(node, dict) and len(node) > 1:
        return _grid_of_columns(node)
    return None


def _grid_of_objects(rows: Sequence[Any]) -> list[list[str]] | None:
    flat = [_flatten(row) for row in rows[: MAX_ROWS + 2] if isinstance(row, dict)]
    if any(row is None for row in flat):
        return None
    header = list(dict.fromkeys(key for row in flat if row for key in row))[:MAX_COLUMNS]
    if len(header) < 2:
        return None
    return [header, *([row.get(key, "") for key in header] for row in flat if row)]


def _flatten(row: dict[str, Any]) -> dict[str, str] | None:
    """An object's cells; those of an object inside it are named ``outer.inner``, one level deep."""
    cells: dict[str, str] = {}
    for key, value in row.items():
        if _is_scalar(value):
            cells[cut_cell(key)] = _show(value)
        elif isinstance(value, dict) and all(map(_is_scalar, value.values())):
            for inner, one in value.items():
                cells[cut_cell(f"{key}.{inner}")] = _show(one)
        elif isinstance(value, list) and _is_leaf(value):
            cells[cut_cell(key)] = _as_line(value)
        else:
            return None
    return cells


def _grid_of_columns(node: dict[str, Any]) -> list[list[str]] | None:
    """An object whose values are lists of one length: each is a column."""
    columns = list(node.values())
    if not all(isinstance(one, list) and one and _is_leaf(one) for one in columns):
        return None
    if len({len(one) for one in columns}) != 1:
        return None
    header = [cut_cell(key) for key in node][:MAX_COLUMNS]
    cut = (column[: MAX_ROWS + 2] for column in columns[:MAX_COLUMNS])
    return [header, *([_show(cell) for cell in row] for row in zip(*cut, strict=True))]
