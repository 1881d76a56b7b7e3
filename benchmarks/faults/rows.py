"""What a fault run works on: pages to fetch, tickets in every state, a lead who logs in."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from claims.models import Job, Membership, Page, Rating, Snapshot, Team, Ticket
from claims.models.history import move_ticket
from claims.tasks import nudge
from claims.vocabulary import ConfirmationPolicy, GateItem, JobKind, JobState, Role, TicketState
from claims.workflow.assign import take_ticket
from claims.workflow.decide import Decision, decide_ticket
from claims.workflow.equip import first_team
from claims.workflow.ingest import ingest_claim
from claims.workflow.triage import open_ticket

NAME, PASSWORD = "ada", "an-unlikely-password"


def make_lead() -> tuple[Team, Any]:
    """The team, and its lead who may confirm alone."""
    team, _ = first_team()
    Team.objects.filter(pk=team.pk).update(confirmation=ConfirmationPolicy.NONE)
    team.refresh_from_db()
    person = get_user_model().objects.create_user(NAME, password=PASSWORD, is_staff=True)
    Membership.objects.create(team=team, user=person, role=Role.LEAD)
    return team, person


def owe_pages(team: Team, base: str, label: str, count: int) -> None:
    """So many pages to fetch, each under an address of its own, and the hints for them."""
    with transaction.atomic():
        for number in range(count):
            url = f"{base}/{label}/{number}"
            page = Page.objects.create(team=team, url=url, canonical_url=url)
            Job.objects.owe(JobKind.FETCH, str(page.pk), team=team)
    nudge()


def count_kept(label: str) -> dict[str, int]:
    """Pages owed under a label, those with one snapshot, with several, and those read."""
    pages = Page.objects.filter(url__contains=f"/{label}/")
    snapshots = Snapshot.objects.filter(page__in=pages)
    per_page = Counter(snapshots.values_list("page_id", flat=True))
    return {
        "owed": pages.count(),
        "kept": len(per_page),
        "doubled": sum(count > 1 for count in per_page.values()),
        "read": snapshots.filter(read_at__isnull=False).count(),
    }


def count_jobs() -> dict[str, int]:
    """Jobs by state."""
    return dict(Counter(Job.objects.values_list("state", flat=True)))


def ready_ticket(team: Team, text: str) -> Ticket:
    """A ticket that waits for a reviewer."""
    ticket, _ = open_ticket(ingest_claim(team, text)[0])
    with transaction.atomic():
        return move_ticket(move_ticket(ticket, "gather", actor=None), "make_ready", actor=None)


def decided_ticket(team: Team, person: Any, text: str) -> Ticket:
    """A ticket whose verdict may be published."""
    ticket = take_ticket(ready_ticket(team, text), person)
    rating = Rating.objects.filter(scale=team.scale).order_by("pk").first()
    if rating is None:
        raise RuntimeError("the team's scale has no ratings")
    decision = Decision(
        rating_id=rating.pk,
        rationale="The register shows another number for the same year.",
        waivers=dict.fromkeys(GateItem, "No source could be found in the time given."),
    )
    decide_ticket(ticket, decision, by=person, expected_version=ticket.version)
    ticket.refresh_from_db()
    if ticket.state != TicketState.DECIDED:
        raise RuntimeError(f"the ticket is {ticket.state}")
    return ticket


def failed_job(team: Team, base: str, label: str, number: int) -> Job:
    """A fetch that failed for good; a lead may try it again."""
    url = f"{base}/{label}/{number}"
    page = Page.objects.create(team=team, url=url, canonical_url=url)
    Job.objects.owe(JobKind.FETCH, str(page.pk), team=team)
    job = Job.objects.get(kind=JobKind.FETCH, subject_id=page.pk)
    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED, attempts=3, reason="timed_out")
    return job
