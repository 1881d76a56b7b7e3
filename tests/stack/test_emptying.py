"""Between two tests that commit nothing stays, and what every install has is there."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.contrib.auth.models import Permission
from django.db import OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.test import TransactionTestCase

from claims.models import Provider, RatingScale, TicketEvent
from tests import emptying
from tests.people import make_desk, open_one
from tests.together import run_together, wait_for_waiting


def count_rows() -> dict[str, int]:
    """Of each table that has rows, how many."""
    tables = connection.introspection.django_table_names(only_existing=True)
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(f"SELECT '{one}', count(*) FROM \"{one}\"" for one in tables)
        )
        return {table: count for table, count in cursor.fetchall() if count}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("most_bytes", [emptying.MOST_BYTES, 0], ids=["quickly", "by Django"])
def test_nothing_of_a_test_stays(most_bytes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    case = TransactionTestCase("run")
    emptying.empty_tables(case)
    equipped, providers = count_rows(), set(Provider.objects.values_list("name", "is_on"))
    assert {"auth_permission", "claims_provider", "claims_ratingscale"} <= equipped.keys()
    for spoil in (
        lambda: open_one(make_desk().team),
        lambda: Permission.objects.all().delete(),
        lambda: Provider.objects.update(is_on=False),
        lambda: RatingScale.objects.create(name="Mine", slug="mine"),
    ):
        spoil()
        assert (count_rows(), set(Provider.objects.values_list("name", "is_on"))) != (
            equipped,
            providers,
        )
        monkeypatch.setattr(emptying, "MOST_BYTES", most_bytes)
        emptying.empty_tables(case)
        assert count_rows() == equipped
        assert set(Provider.objects.values_list("name", "is_on")) == providers
    assert not TicketEvent.objects.exists()


def empty_beside(write: Callable[[CursorWrapper, Callable[[], None]], None]) -> None:
    """Empty while another connection is in ``write``, which may wait until it is waited for."""
    case = TransactionTestCase("run")
    emptying.empty_tables(case)
    equipped, has_written = count_rows(), threading.Event()

    def act(number: int) -> None:
        if number:
            assert has_written.wait(60)
            emptying.empty_tables(case)
            return
        # The database may end the writer where each waits for the other.
        with suppress(OperationalError), transaction.atomic(), connection.cursor() as cursor:

            def wait() -> None:
                has_written.set()
                wait_for_waiting(cursor)

            write(cursor, wait)

    run_together(2, act)
    assert count_rows() == equipped


@pytest.mark.django_db(transaction=True)
def test_whoever_still_writes_is_waited_for() -> None:
    def write(_: CursorWrapper, wait: Callable[[], None]) -> None:
        make_desk()
        wait()

    empty_beside(write)


@pytest.mark.django_db(transaction=True)
def test_whoever_waits_for_what_is_locked_already_is_let_go_on() -> None:
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    first, last = (connection.ops.quote_name(tables[at]) for at in (0, -1))
    has_read = False

    def write(cursor: CursorWrapper, wait: Callable[[], None]) -> None:
        nonlocal has_read
        cursor.execute(f"LOCK TABLE {last} IN ROW SHARE MODE")
        wait()
        cursor.execute(f"SELECT count(*) FROM {first}")
        has_read = True

    # On a busy machine the writer may be the one that is ended: once more, then.
    for _ in range(5):
        if not has_read:
            empty_beside(write)
    assert has_read
