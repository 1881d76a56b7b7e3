"""*Figures*: how one team's work goes, for its leads; home shows the short of it.

Promises: every count is the length of the list that it leads to; agreement stays hidden below
the team's minimum, and what waits for its blind read is counted nowhere. What costs more than
a glance is counted anew once a minute for each team, so home stays quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from claims.admin.change_list import COUNT_CAP
from claims.admin.charts import build_charts, mix_of
from claims.admin.counted import (
    AGREEMENT_DAYS,
    ANY,
    BLIND,
    FAILING,
    FLOW_DAYS,
    LATELY_DAYS,
    READS,
    SILENT,
    days_ago,
    departures_from,
    failed_pages,
    failing_sources,
    left_stage,
    list_link,
    unanswered,
)
from claims.admin.counts import Count, count_kinds, count_named, count_rows
from claims.admin.facts import Fact, Section
from claims.admin.looking_health import places_of, sources_of
from claims.admin.rate_page import choose_team
from claims.admin.standing import visible_rows
from claims.admin.ticket_panels.wording import GATE_ITEMS
from claims.models import Page, Search, SecondRead, Source, Team, Ticket, Verdict, Waiver
from claims.vocabulary import FetchOutcome, GateItem
from claims.workflow.publish import select_verdicts
from claims.workflow.review_figures import (
    STAGES,
    Agreement,
    StageTime,
    measure_agreement,
    measure_stages,
)

# Of the process, so that home stands without a broker too.
SHELF = LocMemCache("figures", {"timeout": 60})


@dataclass(frozen=True, slots=True)
class Figure:
    """One number, what it counts, and the list behind it."""

    label: str
    value: Count
    link: str
    note: str = ""
    is_alarm: bool = False


@dataclass(frozen=True, slots=True)
class StageLine:
    """One stage: the tickets that left it, and how long they had stayed; bars in per cent."""

    label: str
    tickets: Count
    link: str
    median: str = ""
    p90: str = ""
    median_bar: int = 0
    p90_bar: int = 0


@dataclass(frozen=True, slots=True)
class TeamFigures:
    """What is counted of one team once a minute."""

    stages: tuple[StageLine, ...]
    looking: tuple[Figure, ...]
    waived: tuple[Figure, ...]
    reads: tuple[Figure, ...]
    agreements: tuple[Fact, ...]
    sources: Section
    places: Section


@require_safe
def show_figures(request: HttpRequest) -> HttpResponse:
    """The page of one of the teams that the person leads."""
    from claims.admin.site import site

    teams, team = choose_team(request)
    told = figures_of(team)
    verdicts = visible_rows(request, Verdict)
    context = {
        **site.each_context(request),
        "title": f"Figures of {team.name}",
        "teams": teams,
        "team": team,
        "charts": build_charts(request, team, only=True),
        "mix": mix_of(verdicts.filter(ticket__team=team), f"&team={team.pk}"),
        "mix_days": FLOW_DAYS,
        "flow": told,
        "sections": [told.sources, told.places],
        "flow_days": FLOW_DAYS,
    }
    request.current_app = site.name
    return TemplateResponse(request, "claims/figures.html", context)


def figures_of(team: Team) -> TeamFigures:
    """The team's figures, at most a minute old."""
    kept: TeamFigures | None = SHELF.get(str(team.pk))
    if kept is None:
        kept = count_figures(team)
        SHELF.set(str(team.pk), kept)
    return kept


def count_figures(team: Team) -> TeamFigures:
    """The team's figures as they are now (seven statements, eight where tickets go round)."""
    counts = count_rows(**_rows_of(team)) | _kinds_of(team)
    left = count_left(team)
    blind = list_link("verdict", team, read=BLIND, version="all", decided_at=AGREEMENT_DAYS)
    agreements = measure_agreement(team, since=days_ago(AGREEMENT_DAYS))
    return TeamFigures(
        stages=_stages_of(team, left),
        looking=(
            Figure(
                "Failed fetches",
                counts["failed"],
                list_link("page", team, outcome=FetchOutcome.FAILED, fetched_at=LATELY_DAYS),
            ),
            Figure(
                "Sources with failed fetches",
                counts["failing"],
                list_link("source", team, fetches=FAILING),
            ),
            Figure(
                "Searches without an answer",
                counts["silent"],
                list_link("search", team, answer=SILENT, created_at=LATELY_DAYS),
            ),
        ),
        waived=tuple(
            Figure(label, counts[f"waived_{key}"], _verdicts(team, waived=key))
            for key, label in ((ANY, "Verdicts with a waiver"), *GATE_ITEMS.items())
        ),
        reads=(
            *(
                Figure(one.label, counts[f"read_{one}"], _verdicts(team, read=one, version="all"))
                for one in READS
            ),
            # Each verdict is read blind once, and as many pairs are asked for as are counted.
            Figure(
                f"Read blind, last {AGREEMENT_DAYS} days",
                Count(sum(one.pairs for one in agreements)),
                blind,
            ),
        ),
        agreements=tuple(Fact("", say_agreement(one), href=blind) for one in agreements),
        sources=sources_of(team),
        places=places_of(team),
    )


def _rows_of(team: Team) -> dict[str, Any]:
    """What each count is a count of, by the definitions of the lists behind them."""
    pages = Page.objects.filter(team=team)
    lately = Search.objects.filter(team=team, created_at__gte=days_ago(LATELY_DAYS))
    return {
        "failed": failed_pages(pages),
        "failing": failing_sources(Source.objects.filter(team=team)),
        "silent": unanswered(lately),
    }


def _kinds_of(team: Team) -> dict[str, Count]:
    """Verdicts by what was waived and by how a second read ended, in one walk over the month.

    The lists behind them ask :func:`waived` and :func:`read_again` of one kind.
    """
    since = days_ago(FLOW_DAYS)
    current = select_verdicts(teams=[team], since=since)
    given = select_verdicts(teams=[team], since=since, all_versions=True)
    waivers = Waiver.objects.filter(verdict__in=current.order_by().values("pk"))
    reads = SecondRead.objects.filter(verdict__in=given.order_by().values("pk"))
    told = count_kinds("verdict_id", waived=(waivers, "item"), read=(reads, "outcome"))
    some = {f"waived_{ANY}": told["waived"].get("", Count(0))}
    return some | {
        f"{name}_{word}": told[name].get(word, Count(0))
        for name, words in (("waived", GateItem), ("read", READS))
        for word in words
    }


def count_left(team: Team, *, enough: int = COUNT_CAP * 3 // 2) -> dict[str, Count]:
    """How many tickets left each stage lately, each once, by some departures where those tell.

    The tickets of a whole month are gathered only where ``enough`` departures are of few.
    """
    moves = {state.value: departures_from(state).filter(ticket__team=team) for state in STAGES}
    found = count_named("ticket_id", enough, **moves)
    tickets = Ticket.objects.for_team(team)
    unsure = {name: left_stage(tickets, name) for name, count in found.items() if count is None}
    whole = count_rows(**unsure)
    return {name: whole[name] if count is None else count for name, count in found.items()}


def _stages_of(team: Team, left: dict[str, Count]) -> tuple[StageLine, ...]:
    times = measure_stages(team, since=days_ago(FLOW_DAYS))
    longest = max((one.p90 for one in times.values()), default=timedelta(0)) or timedelta(1)
    lines = []
    for state in STAGES:
        line = StageLine(state.label, left[state], list_link("ticket", team, left=state))
        if state in times:
            line = _with_times(line, times[state], longest)
        lines.append(line)
    return tuple(lines)


def _with_times(line: StageLine, time: StageTime, longest: timedelta) -> StageLine:
    return StageLine(
        line.label,
        line.tickets,
        line.link,
        median=say_span(time.median),
        p90=say_span(time.p90),
        median_bar=round(100 * (time.median / longest)),
        p90_bar=round(100 * (time.p90 / longest)),
    )


def _verdicts(team: Team, **narrowed: Any) -> str:
    return list_link("verdict", team, decided_at=FLOW_DAYS, **narrowed)


def say_agreement(one: Agreement) -> str:
    """How blind readers agree on one scale, or from how many pairs on that is said."""
    plural = "" if one.pairs == 1 else "s"
    if one.share is None:
        least = f"agreement is shown from {one.minimum:,} on"
        return f"{one.scale}: {one.pairs:,} pair{plural}; {least}."
    told = f"{one.scale}: {one.agreed:,} of {one.pairs:,} pair{plural} the same ({one.share:.0%})"
    if one.kappa is None:
        return f"{told}; no kappa, for chance alone explains it."
    kind = "weighted kappa" if one.kappa.is_weighted else "kappa"
    interval = f"95 %: {one.kappa.low:.2f} to {one.kappa.high:.2f}"
    return f"{told}; {kind} {one.kappa.value:.2f} ({interval})."


def say_span(span: timedelta) -> str:
    """A length of time in its largest fitting unit: ``< 1 min``, ``38 min``, ``5.2 h``."""
    seconds = span.total_seconds()
    for size, unit, digits in ((86_400, "d", 1), (3_600, "h", 1), (60, "min", 0)):
        if seconds >= size:
            return f"{seconds / size:.{digits}f} {unit}"
    return "< 1 min"
