"""A round of gathering ends by its own weighing; comparisons owed before it end nothing."""

from __future__ import annotations

import time

import pytest
from django.db.models.functions import Now

from claims import tasks
from claims.models import Evidence, Job, Search, Ticket
from claims.models.job import MAX_ATTEMPTS
from claims.tasks.analysing import attempt
from claims.tasks.leases import end_attempt
from claims.vocabulary import JobKind, JobReason, JobState, SearchOutcome, TicketState
from claims.workflow import gather
from claims.workflow.reframe import edit_number
from claims.workflow.weigh.holding import INLINE_PIECES
from tests.people import Desk, add_evidence, taken_one

CLAIM = "The harbour of Varnholm handled nearly 48,000 tonnes of salt in 2023."
NEW_VALUE = {"value": "12,000"}


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_related("claim", "team").get(pk=ticket.pk)


@pytest.fixture
def held(desk: Desk) -> Ticket:
    """In review by Ben, with more sources than are compared at once."""
    ticket = taken_one(desk.team, desk.ben, CLAIM)
    for number in range(INLINE_PIECES + 1):
        add_evidence(ticket, f"In 2023 the harbour of Varnholm handled {47_900 + number} tonnes.")
    return fresh(ticket)


@pytest.fixture
def again(desk: Desk, held: Ticket) -> Ticket:
    """Gathering its second round, while the comparisons of an edit before it are still owed."""
    number = held.claim.quantities.get()
    edit = lambda: edit_number(held, number.pk, NEW_VALUE, by=desk.ben)  # noqa: E731
    assert tasks.correct_frame(held, edit) == (True, False)
    ticket = tasks.gather_again(fresh(held), by=desk.ben)
    assert (ticket.state, ticket.round) == (TicketState.GATHERING, 2)
    assert gather.waits_for_work(ticket)
    return ticket


def lease_weighing() -> Job:
    Job.objects.filter(state=JobState.PENDING).update(due_at=Now())
    (job,) = Job.objects.lease((JobKind.WEIGH,), limit=1, seconds=60)
    return job


def end_searches(ticket: Ticket) -> None:
    """The round's searches end and find nothing, as the fetcher keeps it."""
    Search.objects.filter(ticket=ticket).update(outcome=SearchOutcome.FOUND_NOTHING)
    Job.objects.filter(kind=JobKind.SEARCH).update(state=JobState.DONE)


def test_an_owed_comparison_waits_and_leaves_the_round_to_its_own_weighing(again: Ticket) -> None:
    job = lease_weighing()
    attempt(job, time.monotonic())
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.PENDING, 0), "it waits for the round's pages"
    end_searches(again)
    attempt(lease_weighing(), time.monotonic())
    job.refresh_from_db()
    assert (job.state, fresh(again).state) == (JobState.DONE, TicketState.GATHERING)
    assert gather.settle_idle_tickets() == 1
    own = lease_weighing()
    assert own.key == f"weigh:{again.pk}:2"
    attempt(own, time.monotonic())
    assert fresh(again).state == TicketState.READY
    assert set(Evidence.objects.values_list("outcome", flat=True)) == {"differs"}


def test_an_owed_comparison_that_fails_for_good_ends_no_round(again: Ticket) -> None:
    Job.objects.filter(kind=JobKind.WEIGH).update(attempts=MAX_ATTEMPTS - 1)
    end_attempt(lease_weighing(), JobReason.ERROR, "It broke.")
    assert Job.objects.get(kind=JobKind.WEIGH).state == JobState.FAILED
    assert fresh(again).state == TicketState.GATHERING
    end_searches(again)
    assert gather.settle_idle_tickets() == 1
    # The control: the round's own weighing, failing as well, ends it.
    Job.objects.filter(state=JobState.PENDING).update(attempts=MAX_ATTEMPTS - 1)
    end_attempt(lease_weighing(), JobReason.ERROR, "It broke.")
    assert fresh(again).state == TicketState.READY


def test_what_an_edit_owes_is_told_from_the_ticket_as_it_stands(desk: Desk, held: Ticket) -> None:
    """The page was loaded while the ticket gathered; it became ready before the edit came."""
    Ticket.objects.filter(pk=held.pk).update(
        state=TicketState.GATHERING, reserved_by=None, reserved_until=None, taken_at=None
    )
    loaded = fresh(held)
    Ticket.objects.filter(pk=held.pk).update(state=TicketState.READY)
    number = loaded.claim.quantities.get()
    edit = lambda: edit_number(loaded, number.pk, NEW_VALUE, by=desk.ben)  # noqa: E731
    assert tasks.correct_frame(loaded, edit) == (True, False)
    assert Job.objects.unfinished().get(kind=JobKind.WEIGH).key == f"weigh:{held.pk}:1:1"
