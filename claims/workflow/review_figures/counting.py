"""Review figures: what was waived, what second readers made of verdicts, how blind ones agree.

Promises: every number is counted from rows that nobody can change; agreement of blind readers is
hidden below the team's own minimum, for a handful of pairs says nothing. Writes nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from claims.models.second_read import SecondRead, Waiver
from claims.models.team import Team
from claims.models.verdict import Verdict
from claims.vocabulary import GateItem, ReadOutcome
from claims.workflow.review_figures.kappa import Kappa, weigh_kappa

# More blind pairs than these, the newest, tell nothing new.
MOST_PAIRS = 1_000
# Worst and best of the scale, both ratings' numbers, both ratings' labels.
Pair = tuple[Any, ...]
BLIND = (ReadOutcome.AGREED, ReadOutcome.DISAGREED)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Blind pairs on one scale; ``share`` and ``kappa`` are ``None`` below ``minimum`` pairs."""

    scale: str
    pairs: int
    agreed: int
    minimum: int
    share: float | None
    kappa: Kappa | None


@dataclass(frozen=True, slots=True)
class ReviewFigures:
    """One team's figures; ``verdicts`` are versions given, by a reviewer or an editor.

    Of blind reads the outcomes are ``None`` below the team's minimum.
    """

    team: Team
    verdicts: int
    with_waiver: int
    waivers: dict[GateItem, int]
    reads: dict[ReadOutcome, int | None]
    agreements: tuple[Agreement, ...]


def count_reviews(team: Team, *, since: date | None = None) -> ReviewFigures:
    """The figures of one team (five queries), of what was given or read ``since`` a day."""
    given = Verdict.objects.filter(ticket__team=team)
    waived = Waiver.objects.filter(verdict__ticket__team=team)
    reads = SecondRead.objects.filter(verdict__ticket__team=team)
    if since is not None:
        given = given.filter(decided_at__date__gte=since)
        waived = waived.filter(verdict__decided_at__date__gte=since)
        reads = reads.filter(at__date__gte=since)
    # What is sealed stays sealed: not even a count says what waits for its blind read.
    given, waived = given.filter(is_sealed=False), waived.filter(verdict__is_sealed=False)
    by_item = Counter(waived.values_list("item", flat=True))
    by_outcome = Counter(reads.values_list("outcome", flat=True))
    is_hidden = sum(by_outcome[outcome] for outcome in BLIND) < team.agreement_minimum
    return ReviewFigures(
        team=team,
        verdicts=given.count(),
        with_waiver=waived.order_by().values("verdict").distinct().count(),
        waivers={item: by_item[item] for item in GateItem},
        reads={
            outcome: None if is_hidden and outcome in BLIND else by_outcome[outcome]
            for outcome in ReadOutcome
        },
        agreements=_agreements(team, reads.filter(is_blind=True)),
    )


def measure_agreement(team: Team, *, since: datetime) -> tuple[Agreement, ...]:
    """How blind readers agree on the newest verdicts given since then, by scale (one query)."""
    reads = SecondRead.objects.filter(verdict__ticket__team=team, is_blind=True)
    # Later verdicts have higher numbers, and along those the blind reads have an index.
    newest = reads.filter(verdict__decided_at__gte=since).order_by("-verdict_id")
    return _agreements(team, newest[:MOST_PAIRS])


def _agreements(team: Team, reads: QuerySet[SecondRead]) -> tuple[Agreement, ...]:
    rows = reads.values_list(
        "verdict__scale_name",
        "verdict__rating_worst",
        "verdict__rating_best",
        "verdict__rating_value",
        "rating_value",
        "verdict__rating_label",
        "rating_label",
    )
    by_scale: dict[str, list[Pair]] = {}
    for scale, *rest in rows:
        by_scale.setdefault(scale, []).append(tuple(rest))
    return tuple(
        _agreement(scale, found, team.agreement_minimum)
        for scale, found in sorted(by_scale.items())
    )


def _agreement(scale: str, rows: list[Pair], minimum: int) -> Agreement:
    agreed = sum(row[4] == row[5] for row in rows)
    told = len(rows) >= minimum
    return Agreement(
        scale=scale,
        pairs=len(rows),
        agreed=agreed,
        minimum=minimum,
        share=agreed / len(rows) if told else None,
        kappa=_kappa(rows) if told else None,
    )


def _kappa(rows: list[Pair]) -> Kappa | None:
    """Weighted where every rating has a number, by labels where one has none."""
    numbers = [[value for value in row[:4] if isinstance(value, int)] for row in rows]
    if all(len(row) == 4 for row in numbers):
        worst = min(min(row) for row in numbers)
        best = max(max(row) for row in numbers)
        pairs = [(row[2] - worst, row[3] - worst) for row in numbers]
        return weigh_kappa(pairs, best - worst + 1, ordered=True)
    labels = sorted({str(label) for row in rows for label in row[4:]})
    pairs = [(labels.index(str(row[4])), labels.index(str(row[5]))) for row in rows]
    return weigh_kappa(pairs, len(labels), ordered=False)
