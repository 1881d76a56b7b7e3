"""Each protection by itself, beside the same thing without it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import OperationalError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest
from django.test import Client, RequestFactory

from claims.admin import dashboard
from factcheck.celery import app
from factcheck.health import QueueWatch
from factcheck.unavailable import show_failure
from tests.people import Desk, desk  # noqa: F401
from tests.stack.running import clean_environ

STOCK = """
import sys
from celery import Celery
Celery("stock", broker=sys.argv[1]).send_task("anything")
"""
OURS = """
import sys, time
import django; django.setup()
from claims.tasks import nudge
for _ in range(3):
    started = time.monotonic()
    nudge()
    print(f"{time.monotonic() - started:.2f}")
"""


@pytest.fixture
def silent_broker(tmp_path: Path) -> Iterator[Path]:
    """A socket that takes connections and never answers."""
    path = tmp_path / "silent.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(path))
        listener.listen(16)
        yield path


def publish(code: str, url: str, state: Path, seconds: float) -> str | None:
    """What the code printed, or ``None`` where it did not end in time."""
    environ = clean_environ(state, REDIS_URL=url, DJANGO_SETTINGS_MODULE="factcheck.settings")
    try:
        done = subprocess.run(
            [sys.executable, "-c", code, url.replace("unix://", "redis+socket://")],
            env=environ,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=True,
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_a_person_does_not_wait_for_a_broker_that_is_silent(
    silent_broker: Path, tmp_path: Path
) -> None:
    url = f"unix://{silent_broker}"
    printed = publish(OURS, url, tmp_path / "state", 90)
    assert printed is not None
    first, *others = map(float, printed.split())
    assert first < 10
    # It was asked a moment ago: nobody is made to wait again.
    assert max(others) < min(1.0, first)
    # Control: Celery as it comes waits for ever; a task's own `delay` is no better.
    assert publish(STOCK, url, tmp_path / "state", 8) is None


def test_a_broker_that_is_gone_raises_nothing_for_people(tmp_path: Path) -> None:
    url = f"unix://{tmp_path}/nobody.sock"
    printed = publish(OURS, url, tmp_path / "state", 90)
    assert printed is not None
    assert len(printed.split()) == 3
    # Control: what `on_commit(task.delay)` would do to a request that was already saved.
    with pytest.raises(subprocess.CalledProcessError):
        publish(STOCK, url, tmp_path / "state", 60)


def test_no_hint_is_kept_unacknowledged_at_the_broker() -> None:
    with app.connection_for_write() as link:
        channel = link.default_channel
        # kombu's own bookkeeping ends a worker whose connection was lost, or whose broker is full.
        assert channel.ack_emulation is False
        assert channel.do_restore is False
        assert type(channel.qos).__module__ == "kombu.transport.virtual.base"
    assert app.conf.broker_connection_max_retries is None


@contextmanager
def own_connection(*, has_health_checks: bool) -> Iterator[BaseDatabaseWrapper]:
    """A connection of its own, set up as the project's, with or without the look before use."""
    settings = {
        **connection.settings_dict,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": has_health_checks,
    }
    own = type(connections["default"])(settings, alias="own")
    connections["own"] = own
    try:
        yield own
    finally:
        own.close()
        del connections["own"]


def use_after_restart(own: BaseDatabaseWrapper) -> None:
    """One request, the server's end of the connection gone, the next request."""
    own.close_if_unusable_or_obsolete()
    with own.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    own.close_if_unusable_or_obsolete()
    with connection.cursor() as cursor:
        # Waits until it is gone.
        cursor.execute("SELECT pg_terminate_backend(%s, 60000)", [pid])
        assert cursor.fetchone() == (True,)
    with own.cursor() as cursor:
        cursor.execute("SELECT 1")


@pytest.mark.django_db
def test_a_connection_that_died_between_requests_is_made_anew() -> None:
    assert connection.settings_dict["CONN_HEALTH_CHECKS"] is True
    assert connection.settings_dict["OPTIONS"]["connect_timeout"]
    with own_connection(has_health_checks=True) as looking:
        use_after_restart(looking)
    with (
        own_connection(has_health_checks=False) as trusting,
        pytest.raises(OperationalError),
    ):
        use_after_restart(trusting)


def failed_with(problem: Exception, request: HttpRequest) -> tuple[int, str, str]:
    """What ``handler500`` answers while that exception is being handled."""
    try:
        raise problem
    except type(problem):
        answer = show_failure(request)
    return answer.status_code, answer.headers.get("Retry-After", ""), answer.content.decode()


def test_a_database_that_is_away_is_a_plain_503() -> None:
    request = RequestFactory().get("/admin/")
    fault = OperationalError("connection to server at db.internal failed: user=factcheck")
    status, retry_after, text = failed_with(fault, request)
    assert (status, retry_after) == (503, "5")
    assert "does not answer" in text
    assert "db.internal" not in text
    assert failed_with(ValueError("ours"), request)[:2] == (500, "")


def test_home_says_when_the_queue_cannot_be_reached(
    client: Client,
    desk: Desk,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client.force_login(desk.ada)
    words = "Machine work is delayed: the queue cannot be reached."
    assert words not in client.get("/admin/").text
    gone = QueueWatch(f"unix://{tmp_path}/nobody.sock")
    monkeypatch.setattr(dashboard, "QUEUE_WATCH", gone)
    for person in (desk.ada, desk.dan):
        client.force_login(person)
        assert words in client.get("/admin/").text


def test_a_silent_queue_costs_a_page_a_moment_and_not_each_time(silent_broker: Path) -> None:
    watch = QueueWatch(f"unix://{silent_broker}")
    started = time.monotonic()
    assert not any(watch.is_reached() for _ in range(200))
    assert time.monotonic() - started < 5
