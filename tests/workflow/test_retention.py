"""Bodies go by rule or by word, and nothing that was proven stops being provable."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection, connections, transaction
from django.utils import timezone

from claims.models import Evidence, Job, Snapshot, Team, Ticket
from claims.models.bodies import delete_body, hold_bodies, lock_bodies, store_body
from claims.models.search import Search, SearchResult
from claims.tasks import sweep_copies
from claims.vocabulary import JobKind, TicketState
from claims.workflow.gather import keep_reading, read_snapshot
from claims.workflow.recheck import verify_snapshots
from claims.workflow.retention import delete_copy, delete_old_bodies
from claims.workflow.weigh.keeping import store_evidence
from claims.workflow.weigh.weighing import weigh_ticket
from tests.people import Desk, add_evidence, make_desk, make_team, open_one
from tests.together import run_together


def an_old_copy(team: Team, *, state: TicketState = TicketState.PUBLISHED) -> Snapshot:
    """A copy of forty days ago that evidence of a ticket quotes."""
    ticket = open_one(team)
    snapshot = add_evidence(ticket).passage.snapshot
    Ticket.objects.filter(pk=ticket.pk).update(state=state)
    age(snapshot)
    return snapshot


def age(snapshot: Snapshot, days: int = 40) -> None:
    then = timezone.now() - timedelta(days=days)
    Snapshot.objects.filter(pk=snapshot.pk).update(
        fetched_at=then, read_at=then if snapshot.read_at else None
    )


def keep_for(team: Team, days: int | None) -> None:
    Team.objects.filter(pk=team.pk).update(keep_copies_days=days)


def file_of(snapshot: Snapshot) -> Path:
    return Path(default_storage.path(snapshot.body_path))


def has_gone(snapshot: Snapshot) -> bool:
    return Snapshot.objects.get(pk=snapshot.pk).body_deleted_at is not None


def test_an_old_body_goes_and_its_proof_stays(desk: Desk) -> None:
    old = an_old_copy(desk.team)
    keep_for(desk.team, 30)
    assert file_of(old).exists()
    assert sweep_copies() == 1
    gone = Snapshot.objects.get(pk=old.pk)
    assert (gone.text, gone.links, gone.tables, gone.body_path) == ("", [], [], "")
    assert (gone.sha256, gone.text_sha256, gone.title) == (old.sha256, old.text_sha256, old.title)
    assert gone.body_deleted_why == "The team keeps copies for 30 days."
    assert not file_of(old).exists()
    piece = Evidence.objects.select_related("passage").get(passage__snapshot=old)
    assert piece.passage.quote in old.text
    assert list(verify_snapshots()) == []
    assert sweep_copies() == 0


def test_a_text_that_came_back_to_a_deleted_copy_is_no_proof(desk: Desk) -> None:
    old = an_old_copy(desk.team)
    keep_for(desk.team, 30)
    delete_old_bodies()
    Snapshot.objects.filter(pk=old.pk).update(text="Somebody wrote this here.")
    assert [pk for pk, _ in verify_snapshots()] == [old.pk]


@pytest.mark.parametrize("kept", ["no rule", "young", "unfinished", "decided", "to be read"])
def test_what_is_still_wanted_stays(desk: Desk, kept: str) -> None:
    states = {"unfinished": TicketState.IN_REVIEW, "decided": TicketState.DECIDED}
    old = an_old_copy(desk.team, state=states.get(kept, TicketState.CLOSED))
    keep_for(desk.team, None if kept == "no rule" else 30)
    if kept == "young":
        age(old, days=29)
    if kept == "to be read":
        Snapshot.objects.filter(pk=old.pk).update(read_at=None)
        Job.objects.owe(JobKind.READ, str(old.pk), team=desk.team)
    assert delete_old_bodies() == 0
    assert not has_gone(old)
    assert file_of(old).exists()


def test_a_copy_out_of_a_file_is_as_old_as_its_reading(desk: Desk) -> None:
    old = an_old_copy(desk.team)
    Snapshot.objects.filter(pk=old.pk).update(read_at=timezone.now())
    keep_for(desk.team, 30)
    assert delete_old_bodies() == 0
    assert not has_gone(old)


def test_bytes_that_another_copy_shares_stay_until_the_last_goes(desk: Desk) -> None:
    old = an_old_copy(desk.team)
    twin = add_evidence(open_one(make_team("far-desk"))).passage.snapshot
    Snapshot.objects.filter(pk=twin.pk).update(sha256=old.sha256, body_path=old.body_path)
    keep_for(desk.team, 30)
    assert delete_old_bodies() == 1
    assert file_of(old).exists()
    twin.refresh_from_db()
    delete_copy(twin, why="Asked for by the publisher.", by=desk.ada)
    assert not file_of(old).exists()


def test_a_lead_deletes_a_copy_whatever_rests_on_it_and_says_why(desk: Desk) -> None:
    old = an_old_copy(desk.team, state=TicketState.IN_REVIEW)
    assert delete_copy(old, why="Personal data.", by=desk.ada)
    assert (old.body_deleted_why, old.body_deleted_by_id) == ("Personal data.", desk.ada.pk)
    assert not delete_copy(old, why="Again.", by=desk.ada)
    assert old.body_deleted_why == "Personal data."
    assert list(verify_snapshots()) == []


def test_a_stop_between_row_and_file_is_finished_by_the_next_run(desk: Desk) -> None:
    old = an_old_copy(desk.team)
    # As a process leaves it that was killed before it came to the file.
    Snapshot.objects.filter(pk=old.pk).update(text="", body_deleted_at=timezone.now())
    assert file_of(old).exists()
    delete_old_bodies()
    assert not file_of(old).exists()


def quote_while_it_goes(hold: Callable[[Snapshot], None]) -> Snapshot:
    """An open ticket begins to quote an old copy while the sweep looks at it; gives the copy."""
    desk = make_desk()
    old = an_old_copy(desk.team)
    keep_for(desk.team, 30)
    ticket = open_one(desk.team)
    swept = threading.Event()

    def sweep() -> None:
        try:
            delete_old_bodies()
            swept.set()
        finally:
            connections.close_all()

    thread = threading.Thread(target=sweep)
    with transaction.atomic():
        hold(old)
        Evidence.objects.create(
            ticket=ticket, passage=old.passages.get(), number=1, score=1.0, confidence=0.5
        )
        thread.start()
        # Without the hold it ends here, unaware of what is not committed.
        swept.wait(1.0)
    thread.join(60)
    return Snapshot.objects.get(pk=old.pk)


@pytest.mark.django_db(transaction=True)
def test_a_copy_that_a_ticket_begins_to_quote_stays() -> None:
    old = quote_while_it_goes(lambda copy: lock_bodies([copy.sha256], shared=True))
    assert old.body_deleted_at is None
    assert file_of(old).exists()


@pytest.mark.django_db(transaction=True)
def test_control_without_the_hold_a_quoted_copy_goes() -> None:
    assert quote_while_it_goes(lambda _: None).body_deleted_at is not None


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_let_each_copy_go_once() -> None:
    desk = make_desk()
    copies = [an_old_copy(desk.team) for _ in range(6)]
    keep_for(desk.team, 30)
    assert sum(run_together(2, lambda _: delete_old_bodies())) == len(copies)
    assert all(has_gone(copy) for copy in copies)
    assert not any(default_storage.exists(copy.body_path) for copy in copies)
    assert not Snapshot.objects.exclude(body_path="").exists()
    assert list(verify_snapshots()) == []


def test_a_weighing_keeps_nothing_of_a_copy_that_went_meanwhile(desk: Desk) -> None:
    ticket = open_one(desk.team, "The harbour handled 48,000 tonnes of salt in 2023.")
    copy = add_evidence(ticket).passage.snapshot
    search = Search.objects.create(ticket=ticket, provider="brave", purpose="support")
    SearchResult.objects.create(search=search, page=copy.page, rank=1)
    Evidence.objects.filter(ticket=ticket).delete()
    weighing = weigh_ticket(ticket)
    assert weighing.passages
    delete_copy(copy, why="Personal data.", by=desk.ada)
    store_evidence(ticket, weighing)
    assert not Evidence.objects.filter(ticket=ticket).exists()


def test_a_reading_that_ends_after_the_deletion_brings_no_text_back(desk: Desk) -> None:
    copy = add_evidence(open_one(desk.team)).passage.snapshot
    Snapshot.objects.filter(pk=copy.pk).update(read_at=None, checks=["2026-01-01T00:00:00+00:00"])
    Job.objects.owe(JobKind.READ, str(copy.pk), team=desk.team)
    (job,) = Job.objects.lease((JobKind.READ,), limit=1, seconds=60)
    stale = Snapshot.objects.get(pk=copy.pk)
    reading = read_snapshot(stale)
    delete_copy(copy, why="Personal data.", by=desk.ada)
    keep_reading(job, stale, reading)
    now = Snapshot.objects.get(pk=copy.pk)
    assert (now.text, now.body_deleted_why) == ("", "Personal data.")
    assert list(verify_snapshots()) == []
    assert not Job.objects.unfinished().filter(pk=job.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_a_file_of_very_many_copies_takes_no_more_locks_than_there_are() -> None:
    with transaction.atomic():
        lock_bodies((f"{number:064x}" for number in range(0, 10**9, 50_000)), shared=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
            assert 0 < cursor.fetchone()[0] <= 2000


def a_race(keep: Callable[[Any, bytes], None]) -> bool:
    """Delete a body while its second copy is being kept; gives whether its file is there after."""
    desk = make_desk()
    old = an_old_copy(desk.team)
    raw = f"<p>{old.text}</p>".encode()
    body = store_body(raw)
    assert body.sha256 == old.sha256
    Snapshot.objects.filter(pk=old.pk).update(text="", body_deleted_at=timezone.now())
    deleting, deleted = threading.Event(), threading.Event()

    def is_used() -> bool:
        rows = Snapshot.objects.filter(sha256=body.sha256, body_deleted_at__isnull=True)
        return rows.exists()

    def delete() -> None:
        try:
            deleting.set()
            with transaction.atomic():
                delete_body(body.path, body.sha256, is_used=is_used)
            deleted.set()
        finally:
            connections.close_all()

    thread = threading.Thread(target=delete)
    with transaction.atomic():
        keep(body, raw)
        thread.start()
        deleting.wait(20)
        deleted.wait(0.5)
        old.pk = None
        old.body_deleted_at = None
        old.save(force_insert=True)
    thread.join(60)
    return default_storage.exists(body.path)


@pytest.mark.django_db(transaction=True)
def test_a_body_is_not_deleted_while_a_copy_of_it_is_kept() -> None:
    assert a_race(lambda body, raw: hold_bodies([(body, raw)]))


@pytest.mark.django_db(transaction=True)
def test_control_without_the_hold_the_bytes_are_lost() -> None:
    assert not a_race(lambda body, raw: None)


@pytest.mark.django_db
def test_a_body_that_went_just_before_is_stored_again() -> None:
    desk = make_desk()
    old = an_old_copy(desk.team)
    raw = f"<p>{old.text}</p>".encode()
    body = store_body(raw)
    assert delete_copy(old, why="Wrong.", by=desk.ada)
    assert not default_storage.exists(body.path)
    with transaction.atomic():
        hold_bodies([(body, raw)])
    assert default_storage.exists(body.path)
