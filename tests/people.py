"""Fictional people with fixed roles, and the rows they work on, made by the real verbs.

As a fixture: ``from tests.people import desk  # noqa: F401`` in a conftest.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db import transaction

from claims.models import (
    Claim,
    Evidence,
    Membership,
    Page,
    Passage,
    Rating,
    RatingScale,
    Snapshot,
    Source,
    Team,
    Ticket,
)
from claims.models.bodies import store_body
from claims.models.history import append_event, move_ticket
from claims.vocabulary import (
    ConfirmationPolicy,
    GateItem,
    Role,
    SourceType,
    TicketAction,
    TicketState,
)
from claims.web.snapshots import text_digest
from claims.workflow.assign import take_ticket
from claims.workflow.decide import Decision
from claims.workflow.ingest import ingest_claim
from claims.workflow.triage import open_ticket

WAIVED = dict.fromkeys(GateItem, "No source could be found in the time given.")
RATIONALE = "The register shows a different number for the same year."
# From 50: tests with a wording of their own tell of fewer.
_numbers = itertools.count(50)


@dataclass(frozen=True, slots=True)
class Desk:
    """Two teams: ada leads, ben and chloe review, dan contributes; eve reviews elsewhere."""

    team: Team
    other: Team
    ada: User
    ben: User
    chloe: User
    dan: User
    eve: User


def make_person(name: str, team: Team, role: Role) -> User:
    """A member who cannot log in with a password (tests log in by force)."""
    person = get_user_model()(username=name, first_name=name.capitalize(), is_staff=True)
    person.set_unusable_password()
    person.save()
    Membership.objects.create(team=team, user=person, role=role)
    return person


def make_team(
    slug: str, confirmation: ConfirmationPolicy = ConfirmationPolicy.OTHER_REVIEWER, **rules: Any
) -> Team:
    """A team on the five-step scale."""
    scale = RatingScale.objects.get(slug="true-false-5")
    name = slug.replace("-", " ").capitalize()
    return Team.objects.create(
        slug=slug, name=name, scale=scale, confirmation=confirmation, **rules
    )


def make_desk() -> Desk:
    """The desk and the other team."""
    team, other = make_team("harbour-desk"), make_team("other-desk")
    return Desk(
        team=team,
        other=other,
        ada=make_person("ada", team, Role.LEAD),
        ben=make_person("ben", team, Role.REVIEWER),
        chloe=make_person("chloe", team, Role.REVIEWER),
        dan=make_person("dan", team, Role.CONTRIBUTOR),
        eve=make_person("eve", other, Role.REVIEWER),
    )


def make_claim(team: Team, text: str = "") -> Claim:
    """A claim with a number; another wording each time unless one is given."""
    text = text or f"The port handled {next(_numbers)},000 tonnes of salt in 2023."
    return ingest_claim(team, text)[0]


def open_one(team: Team, text: str = "") -> Ticket:
    """An open ticket."""
    return open_ticket(make_claim(team, text))[0]


def ready_one(team: Team, text: str = "") -> Ticket:
    """A ticket that waits in the queue, its evidence gathered."""
    with transaction.atomic():
        ticket = move_ticket(open_one(team, text), "gather", actor=None)
        return move_ticket(ticket, "make_ready", actor=None)


def ready_many(team: Team, count: int) -> list[Ticket]:
    """Many tickets that wait in the queue, made in bulk, each with one line of history."""
    words = [f"The port handled {next(_numbers)},000 tonnes of salt in 2023." for _ in range(count)]
    claims = Claim.objects.bulk_create(
        Claim(team=team, text=text, self_contained=text, text_sha256=text_digest(text))
        for text in words
    )
    state = TicketState.READY
    with transaction.atomic():
        tickets = Ticket.objects.bulk_create(
            Ticket(team=team, claim=claim, state=state, created_at=datetime.now(UTC))
            for claim in claims
        )
        for ticket in tickets:
            append_event(ticket, TicketAction.OPENED, actor=None, to_state=state)
    return tickets


def taken_one(team: Team, person: User, text: str = "") -> Ticket:
    """A ticket in review by this person."""
    return take_ticket(ready_one(team, text), person)


def add_evidence(
    ticket: Ticket,
    quote: str = "The port handled 900 tonnes of salt in 2023.",
    *,
    source_type: SourceType = SourceType.OFFICIAL,
    origin: int = 1,
    **fields: Any,
) -> Evidence:
    """A stored page with that quote in it, held against the ticket's claim."""
    number = next(_numbers)
    text = f"Register of ports, sheet {number}.\n\n{quote}\n\nEnd of the sheet."
    body = store_body(f"<p>{text}</p>".encode())
    source = Source.objects.get_or_create(
        team=ticket.team,
        prefix=f"{source_type}.example",
        defaults={"name": f"The {source_type} source", "type": source_type},
    )[0]
    url = f"https://{source.prefix}/sheets/{number}"
    page = Page.objects.create(
        team=ticket.team, source=source, url=url, canonical_url=url, outcome="ok"
    )
    now = datetime.now(UTC)
    snapshot = Snapshot.objects.create(
        page=page, final_url=url, status=200, fetched_at=now, read_at=now, seconds=0.1,
        size_bytes=body.size_bytes, sha256=body.sha256, body_path=body.path, fetcher="test",
        text=text, text_sha256=text_digest(text), title=f"Sheet {number}",
    )  # fmt: skip
    start = text.index(quote)
    passage = Passage.objects.create(
        snapshot=snapshot, start=start, end=start + len(quote), quote=quote
    )
    known = Evidence.objects.filter(ticket=ticket).count()
    return Evidence.objects.create(
        ticket=ticket, passage=passage, number=known + 1, origin=origin, **fields
    )


def rating_of(team: Team, label: str = "False") -> Rating:
    """A rating of the team's scale."""
    return Rating.objects.get(scale=team.scale, label=label)


def a_decision(ticket: Ticket, label: str = "False", **fields: Any) -> Decision:
    """A decision that can be kept: rating and reasons, and waivers for what it does not rest on."""
    fields.setdefault("waivers", WAIVED)
    fields.setdefault("rationale", RATIONALE)
    return Decision(rating_id=rating_of(ticket.team, label).pk, **fields)


@pytest.fixture
def desk(db: None) -> Desk:
    """The desk, in a test with the database."""
    return make_desk()
