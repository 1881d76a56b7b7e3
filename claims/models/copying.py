"""Many rows at once by PostgreSQL's COPY: the way in for files, at a fraction of an insert's cost.

Promises: constraints, defaults and triggers of the table hold as for an insert; a broken one
raises ``django.db.IntegrityError``; a field that is not named gets its model's default.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models


def copy_rows(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Store rows of values in the order of the fields' ``names``; JSON comes as its text."""
    quote = connection.ops.quote_name
    named: list[Any] = [model._meta.get_field(name) for name in names]
    others = [one for one in model._meta.concrete_fields if one not in named and _is_ours(one)]
    same = [one.get_db_prep_save(one.get_default(), connection) for one in others]
    columns = ", ".join(quote(field.column) for field in [*named, *others])
    into = f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN"
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(into) as copy:
        for row in rows:
            copy.write_row([*row, *same])


def _is_ours(field: Any) -> bool:
    """Whether the model fills the column, and not the database."""
    return not (field.primary_key or field.generated or field.has_db_default())


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """So many fresh ids of a table, ascending; those that are not used stay unused."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [int(row[0]) for row in cursor.fetchall()]
