"""Home: what a person should do next, and how the team stands. Real numbers, each a link.

Promises: every number is a list one click away; counts stop at a cap and come
in one statement; a contributor, a reviewer and a lead see what is theirs to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from claims.admin.article import READING
from claims.admin.charts import build_charts, mix_of
from claims.admin.counted import FLOW_DAYS
from claims.admin.counts import Count as Counted
from claims.admin.counts import count_rows
from claims.admin.facts import ago
from claims.admin.figures import Figure, figures_of
from claims.admin.first_run import list_steps
from claims.admin.navigation import sidebar_counts
from claims.admin.notices import list_notices
from claims.admin.queues import CONFIRM, MINE, WAITING, queue_rows, queue_url
from claims.admin.standing import LEADS, REVIEWERS, standing_of, visible_rows, visible_teams
from claims.admin.ticket_panels.wording import say_job_reason
from claims.admin.ticket_panels.work import say_due
from claims.admin.words import badge_of
from claims.models import Article, Job, Ticket, Verdict
from claims.models.zones import today_in
from claims.vocabulary import ArticleState, JobKind, JobState, NoticeKind, TicketState
from factcheck.health import QUEUE_WATCH

SHOWN_TEAMS = 12
SHOWN_ROWS = 6
REPLIES = frozenset({NoticeKind.REPLIED, NoticeKind.MENTIONED, NoticeKind.SENT_BACK})
# A job that is due is begun within seconds; one that waits for a minute is stuck.
STUCK_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Desk:
    """One team's queue as its reviewers see it."""

    id: int
    name: str
    waiting: Counted
    oldest: str
    may_take: bool
    link: str


def describe_home(request: HttpRequest) -> dict[str, Any]:
    """The context of the home page for this person."""
    standing = standing_of(request)
    if not standing.is_superuser and not standing.roles:
        return {"is_stranger": True}
    teams = _teams(request)
    counts = _counts(request, teams)
    steps = list_steps(request, counts)
    return {
        "is_delayed": not QUEUE_WATCH.is_reached(),
        "is_reviewer": standing.has(REVIEWERS),
        "is_lead": standing.has(LEADS),
        "is_empty": not counts["articles"] and not counts["tickets"],
        "has_team": bool(teams) or not standing.is_superuser,
        "steps": steps,
        "desks": _desks(request, teams, counts),
        "figures": _figures(counts),
        "my_tickets": _tickets(queue_rows(request, MINE)),
        "my_queue_url": queue_url(MINE),
        "confirmable": _tickets(queue_rows(request, CONFIRM)) if standing.has(REVIEWERS) else [],
        "confirm_url": queue_url(CONFIRM),
        "mix": mix_of(visible_rows(request, Verdict)),
        "mix_days": FLOW_DAYS,
        "due_next": _due_next(request),
        "notices": _news(request),
        # Before the first verdict there is nothing to draw.
        **({} if steps else _led(request, teams)),
        "articles": _articles(request),
        "failed_jobs": _failed_jobs(request) if standing.has(LEADS) else [],
        "oldest_job": _oldest_job(request) if standing.has(LEADS) else None,
        "waiting_url": f"{reverse('admin:claims_job_changelist')}?state=pending",
        "failed_url": f"{reverse('admin:claims_job_changelist')}?state=failed",
    }


def _led(request: HttpRequest, teams: list[Any]) -> dict[str, Any]:
    """What a lead sees: charts, and the figures of the team that was chosen, else of the first."""
    led = _led_teams(request, teams)
    if not led:
        return {}
    chosen = request.GET.get("team", "")
    pk = next((pk for pk, _ in led if str(pk) == chosen), led[0][0])
    loaded = next((one for one in teams if one.pk == pk), None)
    team = loaded or visible_teams(request, LEADS).get(pk=pk)
    return {
        "team": team,
        "led": led,
        "charts": build_charts(request, team),
        "flow": figures_of(team),
        "flow_days": FLOW_DAYS,
    }


def _led_teams(request: HttpRequest, teams: list[Any]) -> list[tuple[int, str]]:
    """The teams that the person leads, by name; of a superuser the first ones that home shows."""
    standing = standing_of(request)
    if standing.is_superuser:
        return [(one.pk, one.name) for one in teams]
    led = [(pk, name) for pk, name in standing.teams.items() if standing.has(LEADS, pk)]
    return sorted(led, key=lambda one: one[1])


def _teams(request: HttpRequest) -> list[Any]:
    """The person's first teams by name, with when the oldest ticket that waits was opened."""
    oldest = Ticket.objects.waiting().filter(team=OuterRef("pk")).order_by("pk")
    teams = visible_teams(request, REVIEWERS).annotate(
        oldest_at=Subquery(oldest.values("created_at")[:1])
    )
    return list(teams[:SHOWN_TEAMS])


def _counts(request: HttpRequest, teams: list[Any]) -> dict[str, Counted]:
    tickets = Ticket.objects.visible_to(request.user)
    rows: dict[str, Any] = {f"team_{team.pk}": tickets.waiting().for_team(team) for team in teams}
    rows |= {
        "gathering": tickets.filter(state=TicketState.GATHERING),
        "in_review": tickets.filter(state=TicketState.IN_REVIEW),
        "decided": tickets.filter(state=TicketState.DECIDED),
        "published": tickets.filter(state=TicketState.PUBLISHED),
        "articles": Article.objects.visible_to(request.user),
        "tickets": tickets,
    }
    return count_rows(**rows) | sidebar_counts(request)


def _desks(request: HttpRequest, teams: list[Any], counts: dict[str, Counted]) -> list[Desk]:
    """The teams with what waits there; the oldest is the lowest number that waits."""
    desks = []
    for team in teams:
        at: datetime | None = team.oldest_at
        desks.append(
            Desk(
                id=team.pk,
                name=team.name,
                waiting=counts[f"team_{team.pk}"],
                oldest=ago(at) if at else "",
                may_take=standing_of(request).has(REVIEWERS, team.pk),
                link=f"{queue_url(WAITING)}&team={team.pk}",
            )
        )
    return sorted(desks, key=lambda desk: (-desk.waiting, desk.name))


def _figures(counts: dict[str, Counted]) -> list[Figure]:
    tickets = reverse("admin:claims_ticket_changelist")
    figures = [
        Figure("Being gathered", counts["gathering"], f"{tickets}?state=gathering"),
        Figure("Waiting for a reviewer", counts[WAITING], queue_url(WAITING)),
        Figure("In review", counts["in_review"], f"{tickets}?state=in_review"),
        Figure("Decided", counts["decided"], f"{tickets}?state=decided", "not yet published"),
        Figure("Published", counts["published"], f"{tickets}?state=published"),
    ]
    if "failed_jobs" in counts:
        jobs = f"{reverse('admin:claims_job_changelist')}?state=failed"
        failed = counts["failed_jobs"]
        figures.append(Figure("Failed jobs", failed, jobs, is_alarm=bool(failed)))
    return figures


def _tickets(rows: Any) -> list[Any]:
    """The first few of a queue, with their state and how long the person still has."""
    shown = rows.select_related("claim", "team").defer(
        "claim__search", "claim__context_before", "claim__context_after"
    )
    told = []
    for ticket in shown.most_urgent_first()[:SHOWN_ROWS]:
        until = ticket.reserved_until
        left = int((until - timezone.now()).total_seconds() // 60) if until else None
        told.append(
            {
                "ticket": ticket,
                "badge": badge_of(TicketState(ticket.state)),
                "minutes_left": max(left, 0) if left is not None else None,
            }
        )
    return told


def _news(request: HttpRequest) -> list[dict[str, Any]]:
    """What the person has not looked at: what others said to the person before all else."""
    unread = list_notices(request, is_unread=True)
    return sorted(unread, key=lambda row: row["notice"].kind not in REPLIES)[:SHOWN_ROWS]


def _due_next(request: HttpRequest) -> list[dict[str, Any]]:
    """What the person holds or was given and is due first."""
    mine = queue_rows(request, MINE).filter(due_on__isnull=False).select_related("claim", "team")
    shown = mine.defer("claim__search", "claim__context_before", "claim__context_after")
    told = []
    for ticket in shown.order_by("due_on", "id")[:SHOWN_ROWS]:
        due, tone = say_due(ticket.due_on, today_in(ticket.team.time_zone), is_open=True)
        told.append({"ticket": ticket, "due": due, "tone": tone})
    return told


def _articles(request: HttpRequest) -> list[Any]:
    """Articles being read first, then the newest."""
    rows = Article.objects.visible_to(request.user).only(
        "title", "url", "state", "created_at", "team__name"
    )
    rows = rows.select_related("team")
    reading = list(rows.filter(state__in=READING)[:SHOWN_ROWS])
    newest = rows.exclude(state__in=READING)[: SHOWN_ROWS - len(reading)]
    return [
        {
            "article": article,
            "badge": badge_of(ArticleState(article.state)),
            "ago": ago(article.created_at),
            "is_reading": article.state in READING,
        }
        for article in [*reading, *newest]
    ]


def _failed_jobs(request: HttpRequest) -> list[dict[str, Any]]:
    rows = visible_rows(request, Job, LEADS).filter(state=JobState.FAILED)
    return [{"job": job, "why": _why(job)} for job in rows.order_by("-ended_at")[:SHOWN_ROWS]]


def _oldest_job(request: HttpRequest) -> dict[str, Any] | None:
    """The job that is due and has waited longest, while it is longer than a job should wait."""
    due = visible_rows(request, Job, LEADS).filter(
        state=JobState.PENDING, due_at__lt=timezone.now() - timedelta(seconds=STUCK_SECONDS)
    )
    # The first of each kind stands at the head of its line; of all together there is no line.
    heads = (due.filter(kind=kind).order_by("due_at")[:1] for kind in JobKind)
    job = Job.objects.none().union(*heads, all=True).order_by("due_at").first()
    return {"job": job, "ago": ago(job.due_at), "why": _why(job)} if job else None


def _why(job: Job) -> str:
    return say_job_reason(job.kind, job.reason) or "no reason given"
