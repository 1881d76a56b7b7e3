"""Fictional people with fixed roles, and tickets at every stage, made without the network.

``make_ready`` writes what gathering and weighing would have written: searches
with each kind of outcome, snapshots with text, and evidence whose comparison
was made by the comparing room itself.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from claims.models import (
    Appearance,
    Article,
    Claim,
    Evidence,
    Membership,
    Page,
    Passage,
    Quantity,
    Rating,
    RatingScale,
    Search,
    SearchResult,
    Snapshot,
    Source,
    Team,
    Ticket,
)
from claims.models.history import append_event, move_ticket
from claims.text.compare import compare_texts
from claims.text.quantities import read_quantities
from claims.vocabulary import (
    ConfirmationPolicy,
    FetchOutcome,
    FetchReason,
    Role,
    SearchOutcome,
    SearchPurpose,
    SourceType,
    Stance,
    TicketAction,
    TicketState,
)

PASSWORD = "correct horse battery"
CLAIM = "China accounts for nearly 70 per cent of global production of rare earths."
BEFORE = "The argument about magnets begins in the ground."
AFTER = "The plants that refine them are another story."
RATINGS = (
    ("True", 5, "#1a7f37", "The claim is accurate, and nothing of weight is missing."),
    ("Mostly true", 4, "#3f7d20", "The core is accurate; a detail is inexact."),
    ("Half true", 3, "#8a6100", "Part is accurate, but what is missing changes the meaning."),
    ("Mostly false", 2, "#b3470b", "A grain of truth is used to support something wrong."),
    ("False", 1, "#b42318", "The sources contradict the claim."),
)
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class House:
    """A team with one person per role, and a stranger team with its reviewer."""

    team: Team
    other: Team
    lead: Any
    ada: Any
    ben: Any
    dan: Any
    eve: Any
    boss: Any


@dataclass(frozen=True, slots=True)
class Told:
    """One source page: who, what kind, when, the text around the quote, and the quote."""

    publisher: str
    type: SourceType
    published_on: date | None
    title: str
    quote: str
    stance: Stance
    confidence: float
    origin: int
    before: str = "The note was revised in the autumn. "
    after: str = " The authors warn that figures for the last year are estimates."


TOLD = (
    Told(
        "Statistics office (sample)",
        SourceType.OFFICIAL,
        date(2025, 1, 31),
        "Rare earth mine production, 2024",
        "In 2024 China mined 69.2 per cent of global production of rare earths.",
        Stance.SUPPORTS,
        0.82,
        1,
    ),
    Told(
        "Northwire (sample)",
        SourceType.AGENCY,
        date(2025, 2, 2),
        "China mines most of the world's rare earths",
        "China accounts for 69 per cent of global production of rare earths, the office said.",
        Stance.SUPPORTS,
        0.74,
        1,
    ),
    Told(
        "Harbour Gazette (sample)",
        SourceType.MEDIA,
        date(2025, 11, 2),
        "The long read: who really makes the magnets",
        "China accounts for 60 per cent of global production of rare earths.",
        Stance.REFUTES,
        0.68,
        2,
    ),
    Told(
        "Journal of mineral supply (sample)",
        SourceType.ACADEMIC,
        date(2021, 5, 1),
        "Concentration of mining, 1995 to 2019",
        "In 2019 China accounted for 63 per cent of global production of rare earths.",
        Stance.NEUTRAL,
        0.41,
        3,
    ),
    Told(
        "Meridian press (sample)",
        SourceType.MEDIA,
        date(2025, 9, 9),
        "A memorandum and its price",
        "The firms signed a memorandum worth 500 million dollars for a refinery.",
        Stance.NEUTRAL,
        0.22,
        4,
    ),
    Told(
        "Plumb line (sample)",
        SourceType.UNKNOWN,
        None,
        "What counts as production",
        "Mining and refining are often mixed up when people speak of production.",
        Stance.NEUTRAL,
        0.2,
        5,
    ),
)


def make_house(confirmation: ConfirmationPolicy = ConfirmationPolicy.OTHER_REVIEWER) -> House:
    """Two teams with one scale, and their people."""
    scale = RatingScale.objects.create(
        name=f"Five steps {next(_numbers)}", slug=f"s{next(_numbers)}"
    )
    for position, (label, value, colour, definition) in enumerate(RATINGS, start=1):
        Rating.objects.create(
            scale=scale,
            position=position,
            value=value,
            label=label,
            colour=colour,
            definition=definition,
        )
    team = Team.objects.create(
        name="Economy desk", slug="economy", scale=scale, confirmation=confirmation
    )
    other = Team.objects.create(name="Science desk", slug="science", scale=scale)
    boss = make_person("boss", "Bo Overall")
    boss.is_superuser = True
    boss.save()
    return House(
        team=team,
        other=other,
        lead=make_person("lea", "Lea Brightwell", team, Role.LEAD),
        ada=make_person("ada", "Ada Okafor", team, Role.REVIEWER),
        ben=make_person("ben", "Ben Varga", team, Role.REVIEWER),
        dan=make_person("dan", "Dan Whitlock", team, Role.CONTRIBUTOR),
        eve=make_person("eve", "Eve Sandoval", other, Role.REVIEWER),
        boss=boss,
    )


def make_person(name: str, full: str, team: Team | None = None, role: Role | None = None) -> Any:
    """A person with a login, and a role if a team is given."""
    first, _, last = full.partition(" ")
    person = get_user_model().objects.create(
        username=name, password=hashed(), first_name=first, last_name=last, is_staff=True
    )
    if team is not None and role is not None:
        Membership.objects.create(team=team, user=person, role=role)
    return person


@functools.cache
def hashed() -> str:
    """:data:`PASSWORD` as it is stored; hashed once, for a good hash is slow on purpose."""
    return make_password(PASSWORD)


def make_ticket(team: Team, text: str = CLAIM, *, priority: int = 72) -> Ticket:
    """An open ticket whose claim stands in an article with a sentence before and after."""
    number = next(_numbers)
    whole = f"{BEFORE} {text} {AFTER}"
    article = Article.objects.create(
        team=team,
        title=f"Seventeen metals, one bottleneck ({number})",
        byline="Tamsin Achterberg",
        publisher="Harbour Gazette (sample)",
        published_on=date(2025, 11, 5),
        text=f"{whole}\n{number}",
        sha256=hashlib.sha256(f"{whole}{number}".encode()).hexdigest(),
        url=f"https://gazette.example/2025/{number}",
        canonical_url=f"https://gazette.example/2025/{number}",
    )
    claim = Claim.objects.create(
        team=team,
        text=text,
        self_contained=text,
        text_sha256=hashlib.sha256(f"{text}{number}".encode("utf-8", "replace")).hexdigest(),
        score=0.86,
        reasons=["states a share of a whole", "names a country"],
        measured="production",
        of_what="global production of rare earths",
        place="China",
        context_before=BEFORE,
        context_after=AFTER,
    )
    Appearance.objects.create(
        claim=claim, article=article, start=len(BEFORE) + 1, end=len(BEFORE) + 1 + len(text)
    )
    for position, read in enumerate(read_quantities(text, published=article.published_on)):
        Quantity.from_read(claim, position, read).save()
    with transaction.atomic():
        ticket = Ticket.objects.create(team=team, claim=claim, priority=priority)
        append_event(ticket, TicketAction.OPENED, actor=None, to_state=TicketState.OPEN)
        return move_ticket(ticket, "gather", actor=None)


def make_ready(team: Team, text: str = CLAIM, told: tuple[Told, ...] = TOLD, **kept: Any) -> Ticket:
    """A ticket that waits in the queue with its evidence and its log of searches."""
    ticket = make_ticket(team, text, **kept)
    add_searches(ticket)
    for one in told:
        add_evidence(ticket, one)
    with transaction.atomic():
        return move_ticket(ticket, "make_ready", actor=None, ready_at=timezone.now())


def add_searches(ticket: Ticket) -> None:
    """Searches that found, found nothing and could not be asked, and a page that was gone."""
    now = timezone.now()
    for provider, purpose, outcome, detail, count in (
        ("cited", SearchPurpose.CITED, SearchOutcome.FOUND, "", 2),
        ("library", SearchPurpose.SUPPORT, SearchOutcome.FOUND_NOTHING, "Nothing stored.", 0),
        ("sample_web", SearchPurpose.CONTRADICT, SearchOutcome.FOUND, "", 3),
        ("wikipedia", SearchPurpose.SUPPORT, SearchOutcome.COULD_NOT_REACH, "No route.", 0),
    ):
        search = Search.objects.create(
            ticket=ticket,
            provider=provider,
            query="" if provider == "cited" else "rare earths global production share China",
            purpose=purpose,
            outcome=outcome,
            detail=detail,
            result_count=count,
            ended_at=now,
        )
    url = f"https://archive.example/gone/{ticket.pk}"
    page = Page.objects.create(
        team=ticket.team,
        url=url,
        canonical_url=url,
        title="Members' archive: the roundtable",
        outcome=FetchOutcome.FAILED,
        reason=FetchReason.GONE,
        detail="410 Gone",
        fetched_at=now,
    )
    SearchResult.objects.create(search=search, page=page, rank=1, title=page.title)


def add_evidence(ticket: Ticket, one: Told, *, url: str = "") -> Evidence:
    """One page with its snapshot, the passage and the evidence made of it."""
    number = next(_numbers)
    url = url or f"https://source{number}.example/page"
    source, _ = Source.objects.get_or_create(
        team=ticket.team,
        prefix=f"{one.publisher.lower().replace(' ', '-')[:40]}.example",
        defaults={"name": one.publisher, "type": one.type},
    )
    page = Page.objects.create(
        team=ticket.team,
        source=source,
        url=url,
        canonical_url=url,
        title=one.title,
        outcome=FetchOutcome.OK,
        fetched_at=timezone.now(),
    )
    text = f"{one.before}{one.quote}{one.after}"
    snapshot = Snapshot.objects.create(
        page=page,
        final_url=url,
        status=200,
        fetched_at=datetime(2025, 11, 6, 9, 30, tzinfo=UTC),
        seconds=0.2,
        size_bytes=len(text.encode("utf-8", "replace")),
        sha256=hashlib.sha256(f"raw{number}".encode()).hexdigest(),
        body_path=f"aa/{number}.z",
        fetcher="FactcheckWorkbench/0.1",
        read_at=timezone.now(),
        text=text,
        text_sha256=hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(),
        title=one.title,
        published_on=one.published_on,
    )
    passage = Passage.objects.create(
        snapshot=snapshot,
        start=len(one.before),
        end=len(one.before) + len(one.quote),
        quote=one.quote,
    )
    comparison = compare_texts(
        ticket.claim.self_contained,
        one.quote,
        published=one.published_on,
        claim_published=date(2025, 11, 5),
    )
    last = Evidence.objects.filter(ticket=ticket).count()
    return Evidence.objects.create(
        ticket=ticket,
        passage=passage,
        number=last + 1,
        score=0.9 - last / 20,
        score_reasons=["shares the rare words of the claim"],
        suggested_stance=one.stance,
        confidence=one.confidence,
        stance_reasons=["the numbers agree" if one.stance == Stance.SUPPORTS else "read as is"],
        outcome=comparison.outcome,
        comparison=comparison.to_json(),
        origin=one.origin,
        origin_reasons=["near-identical text"] if one.origin == 1 else [],
    )


def enough(ticket: Ticket) -> frozenset[int]:
    """Evidence of two origins, one of them official: what a verdict may rest on."""
    return frozenset(ticket.evidence.filter(number__in=(1, 3)).values_list("pk", flat=True))


def overdue(ticket: Ticket) -> None:
    """Let the ticket's reservation lie a minute in the past."""
    Ticket.objects.filter(pk=ticket.pk).update(reserved_until=timezone.now() - timedelta(minutes=1))
