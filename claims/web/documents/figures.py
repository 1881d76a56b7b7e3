"""CSV, TSV and JSON of figures: tables where the file holds them, lines ``path: value`` else.

Promises each figure as it is written, digit for digit. Deep and endless files end at a
limit with its reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from itertools import islice
from typing import Any

from claims.web.documents.csv_rows import cut_rows
from claims.web.documents.drafts import MAX_COLUMNS, MAX_ROWS, Draft, Enough, cut_cell
from claims.web.documents.shapes import Shaped, shape_table
from claims.web.errors import Unreadable

DELIMITERS = ",;\t|"
SAMPLE_CHARACTERS = 20_000
SAMPLE_LINES = 50
# Lines above a table that a file of rows may have besides its rows.
MAX_TITLE_ROWS = 50
MAX_JSON_LINES = 20_000
MAX_JSON_TABLES = 100
LIST_VALUES = 100
MAX_DEPTH = 200
MAX_EXPONENT, MAX_DIGITS = 30, 400


def read_csv(text: str, *, delimiter: str = "") -> Draft:
    """A file of rows; title lines above and notes below the table stay lines of text."""
    draft = Draft()
    text = text.replace("\0", "")
    grid: list[list[str]] = []
    is_cut = False
    for row in cut_rows(text, delimiter or find_delimiter(text)):
        if len(grid) > MAX_ROWS + MAX_TITLE_ROWS:
            is_cut = True
            break
        grid.append(row[: MAX_COLUMNS + 1])
    with suppress(Enough):
        if draft.add_table(shape_table(grid)) and is_cut:
            draft.leave_out(f"all but the first {len(grid):,} rows of the file")
    return draft


def find_delimiter(text: str) -> str:
    """The sign that cuts most of the first lines into one and the same number of cells.

    >>> find_delimiter("place;share\\nChina;69,2\\n")
    ';'
    """
    head = text[:SAMPLE_CHARACTERS]
    best, best_score = ",", 0.0
    for mark in DELIMITERS:
        widths = [len(row) for row in islice(cut_rows(head, mark), SAMPLE_LINES) if row]
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
    if "e" not in written.lower() or len(written) > MAX_DIGITS:
        return written
    value = Decimal(written)
    return f"{value:f}" if abs(value.adjusted()) <= MAX_EXPONENT else written


def _write_json(value: Any, draft: Draft) -> None:
    lines = 0
    for path, node, table in _walk(value):
        if table is not None:
            if len(draft.tables) == MAX_JSON_TABLES:
                draft.leave_out(f"all but the first {MAX_JSON_TABLES} tables")
                raise Enough
            draft.add_table(replace(table, caption=path))
            continue
        if isinstance(node, dict | list) and node and not _is_leaf(node):
            draft.leave_out(f"what is nested deeper than {MAX_DEPTH} levels")
        for line in _as_lines(node):
            lines += 1
            if lines > MAX_JSON_LINES:
                draft.leave_out(f"all but the first {MAX_JSON_LINES:,} values")
                raise Enough
            draft.add_paragraph(f"{path}: {line}" if path else line)


def _walk(value: Any) -> Iterator[tuple[str, Any, Shaped | None]]:
    """Leaves and tables in the order of the file, each once, with its path; no recursion."""
    stack: list[tuple[str, Any, int]] = [("", value, 0)]
    while stack:
        path, node, depth = stack.pop()
        table = _as_table(node)
        if table is not None or _is_leaf(node) or depth > MAX_DEPTH:
            yield path, node, table
        elif isinstance(node, dict):
            inner = [(_join(path, key), child, depth + 1) for key, child in node.items()]
            stack.extend(reversed(inner))
        else:
            # A place in a list is a number that nobody wrote: it is no part of the path.
            stack.extend((path, child, depth + 1) for child in reversed(node))


def _join(path: str, key: str) -> str:
    return f"{path}.{key}"[-300:] if path else key[:300]


def _is_scalar(value: Any) -> bool:
    return value is None or isinstance(value, str | bool)


def _is_leaf(node: Any) -> bool:
    """A value, or a list of nothing but values."""
    if isinstance(node, list):
        return all(map(_is_scalar, node))
    return not isinstance(node, dict)


def _as_lines(node: Any) -> Iterator[str]:
    """A value, or those of a list, so many to a line."""
    values = [_show(one) for one in node] if isinstance(node, list) else [_show(node)]
    for at in range(0, len(values), LIST_VALUES):
        line = ", ".join(filter(None, values[at : at + LIST_VALUES]))
        if line:
            yield line


def _show(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else ""


def _as_table(node: Any) -> Shaped | None:
    """A node whose rows, objects or columns make a table, or ``None``.

    Rows beyond the limit of a table are not looked at: whoever keeps the table says so.
    """
    if isinstance(node, list) and len(node) > 0:
        rows = node[: MAX_ROWS + 2]
        if all(isinstance(one, dict) for one in rows):
            return _table_of_objects(rows)
        if all(isinstance(one, list) and _is_leaf(one) for one in rows):
            is_wide = len(rows) > 1 and max(map(len, rows)) > 1
            grid = ([_show(cell) for cell in row[: MAX_COLUMNS + 1]] for row in rows)
            return shape_table(list(grid)) if is_wide else None
    if isinstance(node, dict) and len(node) > 1:
        return _table_of_columns(node)
    return None


def _table_of_objects(rows: Sequence[dict[str, Any]]) -> Shaped | None:
    flat: list[dict[str, str]] = []
    for row in rows:
        cells = _flatten(row)
        if cells is None:
            return None
        flat.append(cells)
    header = list(islice(dict.fromkeys(key for row in flat for key in row), MAX_COLUMNS + 1))
    if len(header) < 2:
        return None
    return Shaped(tuple(header), tuple(tuple(row.get(key, "") for key in header) for row in flat))


def _flatten(row: dict[str, Any]) -> dict[str, str] | None:
    """An object's cells; those of an object inside it are named ``outer.inner``, one level deep.

    ``None`` where it holds more than that, or two cells of one name.
    """
    cells: dict[str, str] = {}
    count = 0
    for key, value in row.items():
        inside = (
            {f"{key}.{inner}": one for inner, one in value.items()}
            if (isinstance(value, dict))
            else {key: value}
        )
        for name, one in inside.items():
            if isinstance(one, dict) or not _is_leaf(one):
                return None
            cells[cut_cell(name)] = ", ".join(_as_lines(one))
        count += len(inside)
    return cells if len(cells) == count else None


def _table_of_columns(node: dict[str, Any]) -> Shaped | None:
    """An object whose values are lists of one length: each is a column."""
    columns = list(node.values())
    if not all(isinstance(one, list) and one and _is_leaf(one) for one in columns):
        return None
    if len({len(one) for one in columns}) != 1:
        return None
    header = tuple(cut_cell(key) for key in islice(node, MAX_COLUMNS + 1))
    cut = (column[: MAX_ROWS + 1] for column in columns[: MAX_COLUMNS + 1])
    return Shaped(header, tuple(tuple(map(_show, row)) for row in zip(*cut, strict=True)))
