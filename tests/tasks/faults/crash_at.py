"""A web process that dies at a marked point of one request: ``python -m … POINT TEAM PERSON TEXT``.

The points are put around Django's and kombu's own functions, here and not in the
product. ``late`` owes jobs only after the commit, as one would without an outbox.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from kombu.transport.redis import Channel  # noqa: E402

from claims.models.job import JobQuerySet  # noqa: E402

seen = {"armed": False, "owed": False}


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def watch_inserts(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    given = execute(sql, *rest)
    if seen["armed"] and 'INSERT INTO "claims_article"' in sql:
        seen["owed"] = True
    if POINT == "inside" and seen["armed"] and "INSERT INTO claims_job" in sql.replace('"', ""):
        die()
    return given


def around(owner: Any, name: str, point: str, *, is_before: bool) -> None:
    """Die before or after the function, at its first call after the article was written."""
    real = getattr(owner, name)

    def call(*args: Any, **facts: Any) -> Any:
        is_here = point == POINT and seen["armed"] and (seen["owed"] or point == "before")
        if is_here and is_before:
            die()
        given = real(*args, **facts)
        if is_here:
            die()
        return given

    setattr(owner, name, call)


def owe_late() -> None:
    """The control: jobs are owed when the change is already committed."""
    real = JobQuerySet.owe_many

    def owe_many(self: JobQuerySet, *args: Any, **facts: Any) -> int:
        transaction.on_commit(lambda: real(self, *args, **facts) and None)
        return 1

    JobQuerySet.owe_many = owe_many  # type: ignore[method-assign]


POINT, TEAM, PERSON, TEXT = sys.argv[1:5]
if POINT.startswith("late-"):
    POINT = POINT.removeprefix("late-")
    owe_late()
around(transaction.Atomic, "__enter__", "before", is_before=True)
around(BaseDatabaseWrapper, "commit", "committed", is_before=False)
around(Channel, "_put", "publishing", is_before=True)
around(Channel, "_put", "published", is_before=False)

client = Client(HTTP_HOST="127.0.0.1")
client.force_login(get_user_model().objects.get(username=PERSON))
seen["armed"] = True
with connection.execute_wrapper(watch_inserts):
    client.post(
        reverse("admin:claims_ingest"), {"kind": "text", "team": TEAM, "text": TEXT, "title": POINT}
    )
