"""Imports in processes of their own that are killed with ``kill -9`` at a named point.

One process loads Django and forks a child for each order it reads: a line of JSON with
``team``, ``body``, ``point`` and ``variant``. The child imports the body and kills itself at
the point: ``statement N`` (before the Nth statement of the confirmation), ``row N`` (with N rows
sent by COPY), ``before commit``, ``after commit``, or never (``""``). The parent answers with
the child's exit code.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import uuid
from typing import Any

import django
import psycopg

PART_ROWS = 20


class Killer:
    """Counts the database's statements and ends the process before the chosen one."""

    def __init__(self, point: str) -> None:
        self.left = int(point.split()[1]) if point.startswith("statement") else -1

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.left -= 1
        if self.left == 0:
            kill()
        return execute(sql, params, many, context)


class Cut:
    """Counts the rows that COPY sends and ends the process before the chosen one."""

    def __init__(self, point: str) -> None:
        self.left = int(point.split()[1]) if point.startswith("row") else -1
        self.write_row = psycopg.Copy.write_row

    def __enter__(self) -> None:
        cut = self

        def write_row(copy: Any, row: Any) -> None:
            cut.left -= 1
            if cut.left == 0:
                kill()
            cut.write_row(copy, row)

        psycopg.Copy.write_row = write_row  # type: ignore[method-assign,assignment]

    def __exit__(self, *_: object) -> None:
        psycopg.Copy.write_row = self.write_row  # type: ignore[method-assign]


def kill() -> None:
    """As the kernel does it: nothing is said, nothing is tidied."""
    os.kill(os.getpid(), signal.SIGKILL)


def bring_in(team: Any, body: bytes, point: str) -> None:
    """The product's own way: keep the file, confirm it."""
    from django.db import connection, transaction

    from claims.workflow.take_in import confirm_import, keep_file

    if point == "before keeping":
        kill()
    source, _ = keep_file(team, "claims.csv", body, by=None)
    if point == "kept":
        kill()
    with Cut(point), connection.execute_wrapper(Killer(point)), transaction.atomic():
        confirm_import(source, by=None)
        if point == "before commit":
            kill()
    if point == "after commit":
        kill()


def bring_in_parts(team: Any, body: bytes, point: str) -> None:
    """As the page does it: confirmed, and taken in by a worker part by part."""
    from django.db import connection
    from django.utils import timezone

    from claims.models import Job
    from claims.tasks import begin_import, imports
    from claims.workflow.take_in import keep_file
    from tests.working import work_all

    imports.PART_ROWS = PART_ROWS
    member = team.memberships.get().user
    source, _ = keep_file(team, "claims.csv", body, by=member)
    begin_import(source, by=member)
    # What a worker held that is gone, as the sweep finds it.
    Job.objects.filter(team=team).update(lease_until=timezone.now())
    Job.objects.filter(team=team).retake_expired()
    Job.objects.filter(team=team).update(due_at=timezone.now())
    with Cut(point), connection.execute_wrapper(Killer(point)):
        work_all()


def bring_in_unguarded(team: Any, body: bytes, point: str) -> None:
    """The control: no key that is the same the second time, no transaction around it all."""
    from django.db import connection

    from claims.intake import read_claims
    from claims.models import Claim

    with connection.execute_wrapper(Killer(point)):
        for row in read_claims(body).rows:
            text = row.claim_text
            Claim.objects.create(
                team=team, text=text, self_contained=text, text_sha256=uuid.uuid4().hex
            )
    if point == "after commit":
        kill()


def obey(order: dict[str, str]) -> int:
    """Run one order in a child; gives its exit code, negative for a signal."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    from claims.models import Team

    act = {"unguarded": bring_in_unguarded, "parts": bring_in_parts}.get(order["variant"], bring_in)
    act(Team.objects.get(slug=order["team"]), order["body"].encode(), order["point"])
    os._exit(0)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    django.setup()
    from claims.workflow import take_in  # noqa: F401 - loaded once, before the forks

    for line in sys.stdin:
        sys.stdout.write(f"{obey(json.loads(line))}\n")
        sys.stdout.flush()
