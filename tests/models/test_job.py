"""The queue of record: owed once, leased once, three attempts, nothing kept without a lease."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from claims.models import Job, Team
from claims.models.job import MAX_ATTEMPTS
from claims.models.job_losses import FEW
from claims.vocabulary import JobKind, JobReason, JobState
from tests.people import Desk, make_team
from tests.together import meet_once, run_together

FETCH = (JobKind.FETCH,)


@pytest.fixture
def team(db: None) -> Team:
    return make_team("job-desk")


def owe(team: Team, count: int = 1, kind: JobKind = JobKind.FETCH) -> None:
    Job.objects.owe_many(kind, [str(number) for number in range(1, count + 1)], team=team)


def lease_one(seconds: float = 60) -> Job:
    (job,) = Job.objects.lease(FETCH, limit=1, seconds=seconds)
    return job


def state_of(job: Job) -> str:
    return Job.objects.get(pk=job.pk).state


def run_out(*jobs: Job) -> None:
    Job.objects.filter(pk__in=[job.pk for job in jobs]).update(
        lease_until=Now() - timedelta(seconds=1)
    )


def test_the_same_key_is_owed_once(team: Team) -> None:
    assert Job.objects.owe(JobKind.FETCH, "7", team=team)
    assert not Job.objects.owe(JobKind.FETCH, "7", team=team)
    assert Job.objects.owe(JobKind.READ, "7", team=team)
    assert Job.objects.owe_many(JobKind.FETCH, ["7", "8", "8:2026-01-01", "8"], team=team) == 2
    assert sorted(Job.objects.values_list("key", "subject_id")) == [
        ("fetch:7", 7),
        ("fetch:8", 8),
        ("fetch:8:2026-01-01", 8),
        ("read:7", 7),
    ]


def test_a_job_belongs_to_the_change_that_wants_it(team: Team) -> None:
    with transaction.atomic():
        Job.objects.owe(JobKind.FETCH, "7", team=team)
        transaction.set_rollback(True)
    assert not Job.objects.exists()


def test_a_lease_counts_the_attempt_before_the_work(team: Team) -> None:
    owe(team, 3)
    assert len(Job.objects.lease(FETCH, limit=2, seconds=60)) == 2
    assert list(Job.objects.order_by("id").values_list("attempts", flat=True)) == [1, 1, 0]
    assert Job.objects.lease((JobKind.READ,), limit=5, seconds=60) == []
    assert Job.objects.lease(FETCH, limit=0, seconds=60) == []


def test_only_what_had_begun_is_charged_with_the_loss_of_its_worker(team: Team) -> None:
    owe(team, 4)
    Job.objects.filter(key="fetch:4").update(attempts=MAX_ATTEMPTS - 1)
    leased = Job.objects.lease(FETCH, limit=4, seconds=60)
    begun, begins_later, waits, had_its_last = leased
    Job.objects.all().wait([begins_later, waits, had_its_last])
    Job.objects.all().begin([begun, begins_later])
    run_out(*leased)
    assert Job.objects.retake_expired() == (4, [])
    lost = JobReason.WORKER_LOST.value
    assert list(Job.objects.order_by("pk").values_list("attempts", "reason")) == [
        (1, lost),
        (1, lost),
        (0, ""),
        (MAX_ATTEMPTS - 1, ""),
    ]
    assert not Job.objects.filter(is_waiting=True).exists()
    # The control: leased again and not said to wait, all of them are charged.
    again = Job.objects.lease(FETCH, limit=4, seconds=60)
    run_out(*again)
    count, spent = Job.objects.retake_expired()
    assert (count, [job.pk for job in spent]) == (3, [had_its_last.pk])
    assert set(Job.objects.exclude(pk=had_its_last.pk).values_list("reason", flat=True)) == {lost}


@pytest.mark.parametrize(("company", "is_alone"), [(FEW, True), (FEW + 1, False)])
def test_what_was_lost_among_few_is_worked_alone_and_among_many_in_a_few(
    team: Team, company: int, is_alone: bool
) -> None:
    owe(team, company + 3)
    leased = Job.objects.lease(FETCH, limit=company + 3, seconds=60, holder=7)
    # Who waited was nobody's company.
    Job.objects.all().wait(leased[company:])
    run_out(*leased)
    assert Job.objects.retake_expired() == (company + 3, [])
    queues = [Job.objects.all().suspects(), Job.objects.all().shaken()]
    counts = [rows.count() for rows in queues]
    assert counts == ([company, 0] if is_alone else [0, company])
    assert Job.objects.all().innocents().count() == 3
    assert Job.objects.all().lost().count() == company


def test_who_has_no_lease_any_more_is_not_said_to_wait(team: Team) -> None:
    owe(team)
    job = lease_one(0)
    Job.objects.retake_expired()
    Job.objects.update(due_at=Now())
    lease_one()
    Job.objects.all().wait([job])
    assert not Job.objects.get().is_waiting


def test_a_job_that_is_not_due_is_not_leased(team: Team) -> None:
    Job.objects.owe(JobKind.FETCH, "1", team=team, delay_seconds=60)
    assert Job.objects.lease(FETCH, limit=5, seconds=60) == []


def test_put_back_is_not_an_attempt(team: Team) -> None:
    owe(team)
    for _ in range(MAX_ATTEMPTS + 2):
        Job.objects.put_back(lease_one(), delay_seconds=0)
    assert Job.objects.get().attempts == 0
    assert Job.objects.get().state == JobState.PENDING


def test_three_attempts_then_failed_with_the_reason(team: Team) -> None:
    owe(team)
    ended = [
        Job.objects.try_again(lease_one(), "timed_out", f"try {number}\x00", delay_seconds=0)
        for number in range(MAX_ATTEMPTS)
    ]
    job = Job.objects.get()
    assert ended == [False, False, True]
    assert (job.state, job.reason, job.detail) == (JobState.FAILED, "timed_out", "try 2")
    assert Job.objects.lease(FETCH, limit=1, seconds=60) == []


def test_the_second_attempt_waits(team: Team) -> None:
    owe(team)
    Job.objects.try_again(lease_one(), "timed_out")
    assert Job.objects.lease(FETCH, limit=1, seconds=60) == []
    assert 1 < (Job.objects.get().due_at - Job.objects.get().started_at).total_seconds() < 4


def test_a_person_gives_a_failed_job_fresh_attempts(team: Team) -> None:
    owe(team, 2)
    failed, busy = Job.objects.lease(FETCH, limit=2, seconds=60)
    Job.objects.give_up(failed, "error", "why")
    assert Job.objects.all().retry() == 1
    again = Job.objects.get(pk=failed.pk)
    assert (again.state, again.attempts, again.reason) == (JobState.PENDING, 0, "")
    assert state_of(busy) == JobState.LEASED


def test_whoever_lost_the_lease_ends_nothing(team: Team) -> None:
    owe(team)
    late = lease_one()
    run_out(late)
    Job.objects.retake_expired()
    holder = lease_one()
    with transaction.atomic():
        assert Job.objects.held([late]) == []
        assert [job.pk for job in Job.objects.held([holder])] == [holder.pk]
    assert not Job.objects.give_up(late, "error")
    assert not Job.objects.try_again(late, "error")
    late.attempts = MAX_ATTEMPTS
    assert not Job.objects.try_again(late, "error")
    Job.objects.put_back(late, delay_seconds=0)
    assert state_of(holder) == JobState.LEASED
    assert Job.objects.get().attempts == 2


def test_a_lease_that_runs_out_is_taken_back_and_the_last_one_fails(team: Team) -> None:
    owe(team, 2)
    first, last = Job.objects.lease(FETCH, limit=2, seconds=60)
    Job.objects.filter(pk=last.pk).update(attempts=MAX_ATTEMPTS)
    assert Job.objects.retake_expired() == (0, [])
    run_out(first, last)
    retaken, spent = Job.objects.retake_expired()
    assert (retaken, [job.pk for job in spent]) == (1, [last.pk])
    assert (state_of(first), state_of(last)) == (JobState.PENDING, JobState.FAILED)
    assert Job.objects.get(pk=last.pk).reason == "worker_lost"


def test_the_lease_runs_by_the_clock_of_the_database(team: Team) -> None:
    owe(team)
    job = lease_one(seconds=0.2)
    assert Job.objects.retake_expired() == (0, [])
    time.sleep(0.3)
    # In one transaction the database's clock stands still; a new one sees it moved.
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp() > lease_until FROM claims_job")
        assert cursor.fetchone() == (True,)
    assert state_of(job) == JobState.LEASED


def test_the_database_refuses_a_lease_without_a_token(team: Team) -> None:
    owe(team)
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.update(state=JobState.LEASED)


def test_oldest_due(team: Team) -> None:
    assert Job.objects.all().oldest_due_seconds() is None
    owe(team)
    Job.objects.update(due_at=Now() - timedelta(seconds=30))
    assert 29 < (Job.objects.all().oldest_due_seconds() or 0) < 40


JOBS, LEASERS = 500, 8


def lease_all(_: int) -> list[int]:
    taken: list[int] = []
    while jobs := Job.objects.lease(FETCH, limit=7, seconds=60):
        assert len(jobs) <= 7
        taken += [job.pk for job in jobs]
    return taken


def lease_naively(meet: Callable[[], None]) -> list[int]:
    """As one would write it without a lock: look, then mark, one by one (many at once deadlock)."""
    taken: list[int] = []
    while picked := list(Job.objects.due(FETCH).values_list("pk", flat=True)[:7]):
        meet()
        for pk in picked:
            Job.objects.filter(pk=pk).update(
                state=JobState.LEASED,
                lease_token="00000000-0000-0000-0000-000000000001",
                lease_until=Now() + timedelta(seconds=60),
            )
        taken += picked
    return taken


@pytest.mark.django_db(transaction=True)
def test_eight_leasers_share_five_hundred_jobs_exactly() -> None:
    owe(make_team("job-desk"), JOBS)
    taken = Counter(pk for one in run_together(LEASERS, lease_all) for pk in one)
    assert len(taken) == JOBS
    assert set(taken.values()) == {1}
    assert set(Job.objects.values_list("attempts", flat=True)) == {1}


@pytest.mark.django_db(transaction=True)
def test_control_without_locks_jobs_are_handed_out_twice() -> None:
    owe(make_team("job-desk"), JOBS)
    meet = meet_once(LEASERS)
    taken = Counter(
        pk for one in run_together(LEASERS, lambda _: lease_naively(meet)) for pk in one
    )
    assert max(taken.values()) > 1


@pytest.mark.django_db(transaction=True)
def test_eight_who_owe_the_same_jobs_owe_each_once() -> None:
    team = make_team("job-desk")
    keys = [str(number) for number in range(1, 101)]

    def owe_some(number: int) -> None:
        with transaction.atomic():
            Job.objects.owe_many(JobKind.READ, keys[number:] + keys[:number], team=team)

    run_together(8, owe_some)
    assert Job.objects.count() == 100


@pytest.mark.django_db(transaction=True)
def test_two_sweepers_take_each_lease_back_once() -> None:
    owe(make_team("job-desk"), 300)
    run_out(*Job.objects.lease(FETCH, limit=300, seconds=60))
    Job.objects.filter(pk__in=list(Job.objects.values_list("pk", flat=True)[:40])).update(
        attempts=MAX_ATTEMPTS
    )
    swept = run_together(2, lambda _: Job.objects.retake_expired())
    assert sum(retaken for retaken, _ in swept) == 260
    assert sum(len(spent) for _, spent in swept) == 40
    assert Job.objects.filter(state=JobState.PENDING).count() == 260


def test_jobs_are_scoped_by_team(desk: Desk) -> None:
    owe(desk.team, 2)
    assert Job.objects.all().visible_to(desk.ben).count() == 2
    assert Job.objects.all().visible_to(desk.eve).count() == 0


def start_and_die(times: int, *, counts_before: bool = True) -> int:
    """Lease a job and lose its worker, up to so often; gives how often it was started."""
    starts = 0
    for _ in range(times):
        for job in Job.objects.lease(FETCH, limit=1, seconds=60):
            starts += 1
            if not counts_before:
                Job.objects.filter(pk=job.pk).update(attempts=F("attempts") - 1)
            run_out(job)
        Job.objects.retake_expired()
        Job.objects.filter(state=JobState.PENDING).update(due_at=Now())
    return starts


def test_what_kills_its_worker_is_started_three_times(team: Team) -> None:
    owe(team)
    assert start_and_die(8) == MAX_ATTEMPTS
    assert Job.objects.get().state == JobState.FAILED


def test_control_counted_after_the_work_poison_is_started_for_ever(team: Team) -> None:
    owe(team)
    assert start_and_die(8, counts_before=False) == 8
    assert Job.objects.get().state == JobState.PENDING


def test_a_stop_hands_back_uncounted_what_did_not_get_to_run(team: Team) -> None:
    owe(team, 5)
    held = Job.objects.lease(FETCH, limit=5, seconds=60)
    assert Job.objects.put_back(*held[1:]) == 4
    assert Job.objects.due(FETCH).filter(attempts=0).count() == 4


def test_control_a_stop_that_hands_nothing_back_keeps_all_waiting(team: Team) -> None:
    owe(team, 5)
    Job.objects.lease(FETCH, limit=5, seconds=60)
    assert Job.objects.due(FETCH).count() == 0
    assert Job.objects.filter(attempts=1, state=JobState.LEASED).count() == 5
