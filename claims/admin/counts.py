"""Many counts in one statement, none of them past a cap.

Promises: one round trip for any number of counts, and a cost that is bounded
by the cap and an index, not by the table. Refuses exact totals over large
tables: past the cap a number is spoken as ``1,000+``.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models

from claims.admin.change_list import COUNT_CAP


class Count(int):
    """A count that knows whether it stopped at the cap."""

    def __str__(self) -> str:
        return f"{int(self):,}" if self < COUNT_CAP else f"{COUNT_CAP:,}+"


def count_rows(**rows: models.QuerySet[Any]) -> dict[str, Count]:
    """Name → rows counted up to the cap, all in one statement."""
    counted = {name: Count(0) for name in rows}
    parts: list[str] = []
    values: list[Any] = []
    names: list[str] = []
    for name, queryset in rows.items():
        try:
            sql, given = queryset.order_by().values("pk")[:COUNT_CAP].query.sql_with_params()
        except EmptyResultSet:
            continue
        names.append(name)
        parts.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608 - the ORM's own SQL
        values += given
    if not parts:
        return counted
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        found = cursor.fetchone()
    return counted | dict(zip(names, map(Count, found), strict=True))
