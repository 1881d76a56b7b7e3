"""The database between two tests that commit, emptied of the few rows that are there.

Django truncates every table, which makes all their files anew, and migrates what every install
has: half a second, two hundred times in a run. Promises the same end: whoever still writes is
waited for, or is let go on where each waits for the other; every table is empty, and what every
install has is there as after migrating. Where rows are many, or the role may not pass triggers
over, Django does it.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.core.management.sql import emit_post_migrate_signal
from django.db import OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.test import TransactionTestCase
from psycopg.errors import DeadlockDetected

MOST_BYTES = 2**20
"""A table that has grown over this is truncated: rows that were deleted are walked over."""
MOST_TRIES = 20
"""Each deadlock with a writer that lives on costs the second after which the server sees it."""
_truncate = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
_equipped: dict[str, str] = {}
"""What migrating puts into which tables, as digests."""


def empty_tables(case: TransactionTestCase) -> None:
    """What a test with transactions of its own ends with."""
    for tried in range(1, MOST_TRIES + 1):
        try:
            _empty(case)
        except OperationalError as error:
            if not isinstance(error.__cause__, DeadlockDetected) or tried == MOST_TRIES:
                raise
        else:
            return


def _empty(case: TransactionTestCase) -> None:
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with transaction.atomic(), connection.cursor() as cursor:
        named = ", ".join(map(connection.ops.quote_name, tables))
        cursor.execute(f"LOCK TABLE {named} IN ACCESS EXCLUSIVE MODE")
        is_quick = _is_quick(cursor, tables)
        is_equipped = is_quick and bool(_equipped) and _digest(cursor, _equipped) == _equipped
        if is_quick:
            _delete(cursor, set(tables) - (_equipped.keys() if is_equipped else set()))
        else:
            _truncate(case)
    if is_quick and not is_equipped:
        emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)
        with connection.cursor() as cursor:
            _equipped.clear()
            _equipped.update(_digest(cursor, tables))


def _is_quick(cursor: CursorWrapper, tables: Iterable[str]) -> bool:
    cursor.execute(
        "SELECT current_setting('is_superuser')::bool AND max(pg_table_size(one::regclass)) < %s"
        " FROM unnest(%s::text[]) AS one",
        [MOST_BYTES, [connection.ops.quote_name(one) for one in tables]],
    )
    return bool(cursor.fetchone()[0])


def _digest(cursor: CursorWrapper, tables: Iterable[str]) -> dict[str, str]:
    """Of each table that has rows, what they are."""
    asked = (
        f"SELECT '{one}', md5(string_agg(t::text, ' ' ORDER BY t::text))"
        f" FROM {connection.ops.quote_name(one)} AS t"
        for one in tables
    )
    cursor.execute(" UNION ALL ".join(asked))
    return {table: digest for table, digest in cursor.fetchall() if digest}


def _delete(cursor: CursorWrapper, tables: Iterable[str]) -> None:
    quote = connection.ops.quote_name
    asked = (f"SELECT '{one}' WHERE EXISTS (SELECT FROM {quote(one)})" for one in tables)
    cursor.execute(" UNION ALL ".join(asked))
    filled = [row[0] for row in cursor.fetchall()]
    # Neither foreign keys nor the triggers of append-only tables are asked.
    cursor.execute("SET LOCAL session_replication_role = replica")
    if filled:
        cursor.execute("; ".join(f"DELETE FROM {quote(one)}" for one in filled))
