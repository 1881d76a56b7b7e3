"""Two desks that must never see each other, with one of every noun in each.

Everything the second desk owns carries :data:`CANARY` in its words, so that one
search of a response shows a leak. All people are fictional.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils import timezone

from claims.models import (
    Article,
    AssignmentRule,
    Claim,
    FactCheck,
    FactCheckMatch,
    Job,
    MoneyTable,
    MoneyValue,
    Page,
    Rating,
    RatingScale,
    Search,
    Snapshot,
    Source,
    Team,
    Ticket,
    Verdict,
)
from claims.text.claim_reviews import ClaimReview
from claims.vocabulary import (
    ArticleState,
    FactCheckWay,
    JobKind,
    JobState,
    MoneyTableKind,
    Role,
)
from claims.workflow.assign import take_next
from claims.workflow.decide import Decision, decide_ticket
from tests.admin.ticket.rows import RATINGS, TOLD, enough, make_person, make_ready

CANARY = "KXQJVZ"
RATIONALE = "Two official tables and one agency report agree with the wording of the claim."


@dataclass(frozen=True, slots=True)
class Desk:
    """One team and one row of each noun that it owns."""

    team: Team
    article: Article
    claim: Claim
    ticket: Ticket
    decided: Ticket
    verdict: Verdict
    source: Source
    page: Page
    snapshot: Snapshot
    search: Search
    job: Job
    assignmentrule: AssignmentRule
    factcheck: FactCheck
    moneytable: MoneyTable


@dataclass(frozen=True, slots=True)
class World:
    """The people by role, and the two desks."""

    scale: RatingScale
    near: Desk
    far: Desk
    ada: Any
    ben: Any
    dan: Any
    eve: Any
    boss: Any
    stranger: Any


def make_world() -> World:
    """Ada leads, Ben reviews and Dan contributes at the near desk; Eve reviews at the far one."""
    scale = make_scale()
    near, far = make_team("Economy desk", scale), make_team(f"Science desk {CANARY}", scale)
    ada = make_person("ada", "Ada Brightwell", near, Role.LEAD)
    ben = make_person("ben", "Ben Okafor", near, Role.REVIEWER)
    dan = make_person("dan", "Dan Whitlock", near, Role.CONTRIBUTOR)
    eve = make_person(f"eve-{CANARY}", f"Eve {CANARY}", far, Role.REVIEWER)
    finn = make_person(f"finn-{CANARY}", f"Finn {CANARY}", far, Role.LEAD)
    boss = make_person("boss", "Bo Overall")
    boss.is_superuser = True
    boss.save()
    return World(
        scale=scale,
        near=make_desk(near, ben, ada, ""),
        far=make_desk(far, eve, finn, f" {CANARY}"),
        ada=ada,
        ben=ben,
        dan=dan,
        eve=eve,
        boss=boss,
        stranger=make_person("sam", "Sam Nobody"),
    )


def make_scale() -> RatingScale:
    """The five steps, shared by both teams as scales are."""
    scale = RatingScale.objects.create(name="True to false", slug="true-false")
    for position, (label, value, colour, definition) in enumerate(RATINGS, start=1):
        Rating.objects.create(
            scale=scale,
            position=position,
            value=value,
            label=label,
            colour=colour,
            definition=definition,
        )
    return scale


def make_team(name: str, scale: RatingScale) -> Team:
    """A team that wants a second reviewer."""
    return Team.objects.create(name=name, slug=name.lower().replace(" ", "-"), scale=scale)


def make_desk(team: Team, reviewer: Any, lead: Any, sign: str) -> Desk:
    """One of every noun, with ``sign`` in each of its texts."""
    told = tuple(
        replace(
            one,
            publisher=one.publisher + sign,
            title=one.title + sign,
            quote=one.quote + sign,
            before=one.before + sign,
        )
        for one in TOLD[:3]
    )
    make_ready(team, f"Mines there gave 70 per cent of the world's output{sign}.", told=told)
    decided = take_next(team, reviewer)
    assert decided is not None
    verdict = decide_ticket(
        decided,
        Decision(
            rating_id=team.scale.ratings.get(position=1).pk,
            rationale=RATIONALE + sign,
            evidence_ids=enough(decided),
        ),
        by=reviewer,
        expected_version=decided.version,
    )
    ticket = make_ready(team, f"Exports fell to 12 tonnes in May{sign}.", told=told)
    _sign_everything(team, sign)
    page = Page.objects.filter(team=team, snapshots__isnull=False).first()
    assert page is not None
    search = Search.objects.filter(ticket=ticket).first()
    article = Article.objects.filter(appearances__claim=ticket.claim).get()
    return Desk(
        team=team,
        article=article,
        claim=Claim.objects.get(pk=ticket.claim_id),
        ticket=ticket,
        decided=Ticket.objects.get(pk=decided.pk),
        verdict=verdict,
        source=Source.objects.filter(team=team).earliest("pk"),
        page=page,
        snapshot=page.snapshots.get(),
        search=search,  # type: ignore[arg-type]
        job=make_job(team, ticket, sign),
        assignmentrule=AssignmentRule.objects.create(
            team=team, name=f"Metals{sign}", words=f"metals{sign}", tag=f"metals{sign}".lower()
        ),
        factcheck=make_fact_check(ticket, sign),
        moneytable=make_money_table(team, sign),
    )


def make_job(team: Team, ticket: Ticket, sign: str = "") -> Job:
    """A job that failed for good."""
    return Job.objects.create(
        team=team,
        kind=JobKind.WEIGH,
        key=f"weigh:{ticket.pk}{sign}",
        subject_id=ticket.pk,
        state=JobState.FAILED,
        attempts=3,
        reason=f"error{sign}"[:40],
        detail=f"The reader stopped{sign}.",
        ended_at=timezone.now(),
    )


def make_fact_check(ticket: Ticket, sign: str = "") -> FactCheck:
    """A fact-check by others that may be about the ticket's claim."""
    review = ClaimReview(
        url="https://checks.example/exports",
        claim=f"Exports fell to 14 tonnes in May{sign}.",
        publisher=f"Plumb line{sign}",
        rating=f"Half true{sign}",
    )
    FactCheck.objects.all().keep(ticket.team, [review], FactCheckWay.FILE)
    found = FactCheck.objects.get(team=ticket.team)
    FactCheckMatch.objects.create(claim_id=ticket.claim_id, fact_check=found, score=0.9)
    return found


def make_money_table(team: Team, sign: str = "") -> MoneyTable:
    """A table of rates with one value."""
    table = MoneyTable.objects.create(
        team=team, name=f"Rates{sign}", kind=MoneyTableKind.RATES, base="EUR", sha256="0" * 64
    )
    day = date(2024, 3, 15)
    MoneyValue.objects.create(table=table, currency="USD", first_on=day, last_on=day, value=1.09)
    return table


def make_article(team: Team, number: int, **fields: Any) -> Article:
    """A read article without claims."""
    text = f"An article about nothing in particular, number {number}."
    return Article.objects.create(
        team=team,
        title=f"Article {number}",
        text=text,
        sha256=hashlib.sha256(f"{team.pk}{text}".encode()).hexdigest(),
        state=fields.pop("state", ArticleState.READ),
        **fields,
    )


def _sign_everything(team: Team, sign: str) -> None:
    Article.objects.filter(team=team).update(
        state=ArticleState.READ, title=f"Seventeen metals{sign}", byline=f"Tamsin{sign}"
    )
    Search.objects.filter(ticket__team=team).update(detail=f"Said{sign}", query=f"metals{sign}")
    Claim.objects.filter(team=team).update(claimant=f"A ministry{sign}", place=f"There{sign}")
