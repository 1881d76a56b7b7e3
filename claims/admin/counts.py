"""Many counts in one statement, none of them past a cap.

Promises: one round trip for any number of counts, and a cost that is bounded
by the cap and an index, not by the table. Refuses exact totals over large
tables: past the cap a number is spoken as ``1,000+``.
"""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import F

from claims.admin.change_list import COUNT_CAP


class Count(int):
    """A count that knows whether it stopped at the cap."""

    def __str__(self) -> str:
        return f"{int(self):,}" if self < COUNT_CAP else f"{COUNT_CAP:,}+"


def count_rows(**rows: models.QuerySet[Any]) -> dict[str, Count]:
    """Name → rows counted up to the cap, all in one statement."""
    asked = {name: queryset.order_by().values("pk")[:COUNT_CAP] for name, queryset in rows.items()}
    found = _ask("count(*)", asked)
    return {name: Count(found.get(name, 0)) for name in rows}


def count_named(column: str, enough: int, **rows: models.QuerySet[Any]) -> dict[str, Count | None]:
    """Name → what the rows name in ``column``, each once, up to the cap, all in one statement.

    No more than ``enough`` rows are looked at; ``None`` where so many name fewer than the cap.
    """
    looked_at = {
        name: queryset.order_by().values(column)[:enough] for name, queryset in rows.items()
    }
    found = _ask(f"ARRAY[count(*), count(DISTINCT {connection.ops.quote_name(column)})]", looked_at)
    told: dict[str, Count | None] = {}
    for name in rows:
        seen, named = found.get(name, (0, 0))
        is_whole = seen < enough or named >= COUNT_CAP
        told[name] = Count(min(named, COUNT_CAP)) if is_whole else None
    return told


def count_kinds(of: str, **rows: tuple[models.QuerySet[Any], str]) -> dict[str, dict[str, Count]]:
    """Name → each word in a column of the rows → what rows with it name in ``of``, each once.

    Under ``""`` what rows with any word name. Up to the cap, all in one statement, which looks at
    every row: for windows of days.
    """
    asked = {name: found.order_by().values(of, word=F(key)) for name, (found, key) in rows.items()}
    named = f"count(DISTINCT {connection.ops.quote_name(of)}) AS named"
    sets = "GROUP BY GROUPING SETS ((word), ())"
    grouped = f"(SELECT word, {named} FROM ({{}}) AS kept {sets})"  # noqa: S608
    found = _ask("jsonb_object_agg(coalesce(word, ''), named)", asked, grouped)
    told = {name: json.loads(found.get(name) or "{}") for name in rows}
    return {
        name: {word: Count(min(count, COUNT_CAP)) for word, count in counted.items()}
        for name, counted in told.items()
    }


def _ask(what: str, rows: dict[str, models.QuerySet[Any]], source: str = "({})") -> dict[str, Any]:
    """Name → that aggregate of the rows, in one statement; without what has none by its terms."""
    parts: list[str] = []
    values: list[Any] = []
    names: list[str] = []
    for name, queryset in rows.items():
        try:
            sql, given = queryset.query.sql_with_params()
        except EmptyResultSet:
            continue
        names.append(name)
        parts.append(f"(SELECT {what} FROM {source.format(sql)} AS counted)")  # noqa: S608
        values += given
    if not parts:
        return {}
    with connection.cursor() as cursor:
        # The ORM's own SQL, and columns that the callers name.
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        return dict(zip(names, cursor.fetchone(), strict=True))
