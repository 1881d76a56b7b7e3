"""Fill a migrated, empty workbench with a realistic mix of N claims, the same every time.

Promises rows that the product itself could have written: thirteen teams (one holds 44 % of
the work, one a few rows, one nothing), tickets in every state, a fifth of the claims decided
or published, some of them corrected, waived or read again, chains of ticket events whose digests
verify, due days, tags and skips, jobs done, pending and failed. Times are spread over the two years
up to now. Refused: rows in a database that has any.

The server makes the rows from hashes of their numbers; only the events come from here by
COPY, because their digests do.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from benchmarks.speed.scale_sql import FUNCTIONS, STEPS

TEAMS = 13
BIG_ARTICLE_CLAIMS = 2_000
CLAIMS_AN_ARTICLE = 25
PAGES_AN_ARTICLE = 6
# A word that stands in about one claim of ten thousand, one in every third, and one in none.
RARE_WORD, COMMON_WORD, MISSING_WORD = "kumquat", "tonnes", "zyzzyva"

_COMPARISON = {
    "outcome": "match",
    "difference": {"absolute": 0.5, "relative": 0.01},
    "passage_quantity": {"value": 70.5, "low": None, "high": None, "unit": "percent"},
    "flags": [],
}


def fill(connection: Any, claims: int, say: Callable[[str], None]) -> None:
    """Write the mix for ``claims`` claims through a psycopg connection of a superuser."""
    names = {
        "n": claims,
        "big": BIG_ARTICLE_CLAIMS,
        "per": CLAIMS_AN_ARTICLE,
        "pages": PAGES_AN_ARTICLE,
        "teams": TEAMS,
        "articles": (claims + CLAIMS_AN_ARTICLE - 1) // CLAIMS_AN_ARTICLE,
        "comparison": f"'{json.dumps(_COMPARISON)}'",
        # The windows of the lists are counted from now.
        "now": datetime.now(UTC).replace(minute=0, second=0, microsecond=0).isoformat(),
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM claims_claim)")
        if cursor.fetchone()[0]:
            raise SystemExit("the database holds claims already")
        # Keys hold by construction; checking each would double the time.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET synchronous_commit = off")
        cursor.execute("SET maintenance_work_mem = '256MB'")
        indexes = drop_indexes(cursor)
        cursor.execute(_named(FUNCTIONS, names))
        for name, sql in STEPS:
            started = time.monotonic()
            for statement in _named(sql, names).split(";\n"):
                cursor.execute(statement)
            say(f"  {name}: {time.monotonic() - started:.0f} s")
        started = time.monotonic()
        _copy_events(cursor)
        say(f"  ticket events: {time.monotonic() - started:.0f} s")
        started = time.monotonic()
        for definition in indexes:
            cursor.execute(definition)
        _advance_sequences(cursor)
        cursor.execute("SET session_replication_role = origin")
        say(f"  indexes: {time.monotonic() - started:.0f} s")
        cursor.execute("VACUUM ANALYZE")


def _named(sql: str, names: dict[str, Any]) -> str:
    for name, value in names.items():
        sql = sql.replace("{" + name + "}", str(value))
    return sql


def drop_indexes(cursor: Any) -> list[str]:
    """Drop the plain indexes of the app and give their definitions: built at the end, once."""
    cursor.execute(
        "SELECT c.relname, pg_get_indexdef(c.oid) FROM pg_index x JOIN pg_class c"
        " ON c.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid WHERE t.relname LIKE"
        " 'claims\\_%' AND NOT x.indisprimary AND NOT EXISTS (SELECT FROM pg_constraint k"
        " WHERE k.conindid = c.oid)"
    )
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return [definition for _, definition in found]


def _advance_sequences(cursor: Any) -> None:
    cursor.execute(
        "SELECT c.relname, pg_get_serial_sequence(c.relname, 'id') FROM pg_class c WHERE c.relkind"
        " = 'r' AND (c.relname LIKE 'claims\\_%' OR c.relname = 'auth_user')"
    )
    for table, sequence in cursor.fetchall():
        if sequence:
            cursor.execute(
                f"SELECT setval('{sequence}', coalesce((SELECT max(id) FROM {table}), 1))"
            )


_WALK = {
    "open": (),
    "gathering": ("gathering",),
    "ready": ("gathering", "ready"),
    "in_review": ("gathering", "ready", "in_review"),
    "decided": ("gathering", "ready", "in_review", "decided"),
    "published": ("gathering", "ready", "in_review", "decided", "published"),
    "closed": ("gathering", "ready", "closed"),
}


def _copy_events(cursor: Any) -> None:
    """Each ticket's chain, from its opening to its state, digests as the product makes them."""
    from claims.models.history import digest_event

    cursor.execute("SELECT id, team_id, state, created_at FROM claims_ticket ORDER BY id")
    tickets = cursor.fetchall()
    into = (
        "COPY claims_ticketevent (ticket_id, sequence, at, actor_id, actor_name, action,"
        " from_state, to_state, note, changes, previous_digest, digest) FROM STDIN"
    )
    with cursor.copy(into) as copy:
        for ticket in tickets:
            for event in _chain(*ticket):
                event.digest = digest_event(event)
                copy.write_row(
                    (
                        event.ticket_id,
                        event.sequence,
                        event.at,
                        event.actor_id,
                        event.actor_name,
                        event.action,
                        event.from_state,
                        event.to_state,
                        event.note,
                        "{}",
                        event.previous_digest,
                        event.digest,
                    )
                )


def _chain(ticket_id: int, team_id: int, state: str, at: datetime) -> Iterator[Any]:
    before, standing, at = "", "", at.astimezone(UTC)
    for sequence, target in enumerate(("open", *_WALK[state]), start=1):
        is_person = target in ("in_review", "decided", "published", "closed")
        actor = team_id * 10 + 1 if is_person else None
        event = SimpleNamespace(
            ticket_id=ticket_id,
            sequence=sequence,
            at=at + timedelta(minutes=sequence),
            actor_id=actor,
            actor_name=f"Person {actor}" if actor else "",
            action="opened" if sequence == 1 else "moved",
            from_state=standing,
            to_state=target,
            note="",
            changes={},
            previous_digest=before,
        )
        yield event
        before, standing = event.digest, target
