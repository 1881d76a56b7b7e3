"""A digest of every table that a person could care about, to see whether anything was written."""

from __future__ import annotations

from django.apps import apps
from django.db import connection

WATCHED = ("claims", "auth", "admin")
# Signing in writes when it happened; nothing else may.
UNWATCHED_COLUMNS = {"auth_user": "last_login"}
# A file that leaves writes that it left, by whatever method it was asked for.
UNWATCHED_ROWS = {"claims_houseevent": "t.action = 'exported'"}


def digest_rows() -> dict[str, str]:
    """Table → digest of all its rows, in one statement."""
    models = [model for label in WATCHED for model in apps.get_app_config(label).get_models()]
    tables = sorted({model._meta.db_table for model in models})
    parts = []
    for table in tables:
        row = "to_jsonb(t)"
        if table in UNWATCHED_COLUMNS:
            row += f" - '{UNWATCHED_COLUMNS[table]}'"
        name = connection.ops.quote_name(table)
        parts.append(
            f"SELECT '{table}', md5(coalesce(string_agg(md5(({row})::text), '' ORDER BY t.id), ''))"
            f" FROM {name} t WHERE NOT ({UNWATCHED_ROWS.get(table, 'false')})"
        )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())
