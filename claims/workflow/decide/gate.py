"""The gate: what a verdict should rest on before it is submitted, and the waivers for less.

Promises four items and no more, with the team's own thresholds; each says how much was asked
for and how much there is; what is not met needs a written waiver, which the second reader sees
and reports count. Refuses to judge the evidence itself: it counts origins, kinds of source,
quotes that stand in their copies, and answered searches for the contrary.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.db.models.functions import Substr

from claims.models.evidence import Evidence
from claims.models.page import TYPED
from claims.models.search import Search
from claims.models.second_read import Waiver
from claims.models.ticket import Ticket
from claims.models.verdict import Verdict
from claims.vocabulary import GateItem, SearchOutcome, SearchPurpose, SourceType
from claims.workflow.decide.checking import DecisionRefused

MIN_WAIVER_CHARS = 10
MAX_WAIVER_CHARS = 2_000
PRIMARY_TYPES = (SourceType.PRIMARY, SourceType.OFFICIAL)
ANSWERED = (SearchOutcome.FOUND, SearchOutcome.FOUND_NOTHING)
NAMES: dict[GateItem, str] = {
    GateItem.ORIGINS: "independent origins",
    GateItem.PRIMARY: "primary sources",
    GateItem.ANCHORED: "decisive quotes standing in their copies",
    GateItem.CONTRARY: "searches for contrary evidence",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One item: how much the team asks for, and how much there is."""

    item: GateItem
    needed: int
    found: int

    @property
    def is_met(self) -> bool:
        """Whether there is enough."""
        return self.found >= self.needed

    @property
    def words(self) -> str:
        """In words: ``1 of 2 independent origins``."""
        if not self.needed:
            return "no quote is marked decisive"
        return f"{self.found} of {self.needed} {NAMES[self.item]}"


def check_gate(
    ticket: Ticket, evidence: Sequence[Evidence], decisive_ids: Collection[int]
) -> tuple[Check, ...]:
    """What the team asks for, held against the chosen evidence (two queries).

    ``evidence`` comes with its pages and sources; items that are not asked for are left out.
    """
    team = ticket.team
    checks = []
    if team.min_origins:
        checks.append(Check(GateItem.ORIGINS, team.min_origins, count_origins(evidence)))
    if team.min_primary:
        found = {piece.passage.snapshot.page_id for piece in evidence if is_primary(piece)}
        checks.append(Check(GateItem.PRIMARY, team.min_primary, len(found)))
    decisive = [piece.pk for piece in evidence if piece.pk in decisive_ids]
    if team.wants_anchored:
        checks.append(Check(GateItem.ANCHORED, len(decisive), _count_anchored(decisive)))
    if team.wants_contrary:
        asked = Search.objects.filter(
            ticket=ticket, purpose=SearchPurpose.CONTRADICT, outcome__in=ANSWERED
        )
        checks.append(Check(GateItem.CONTRARY, 1, min(1, asked[:1].count())))
    return tuple(checks)


def count_origins(evidence: Sequence[Evidence]) -> int:
    """How many independent origins at most: a page of no known origin is one of its own.

    Copies of the claim's own article are no origin beside it.
    """
    return len(
        {
            ("origin", piece.origin) if piece.origin else ("page", piece.passage.snapshot.page_id)
            for piece in evidence
            if not piece.is_own_copy
        }
    )


def is_primary(piece: Evidence) -> bool:
    """Whether its page is of a primary or official source."""
    source = piece.passage.snapshot.page.source
    return source is not None and source.type in PRIMARY_TYPES


def refuse_unwaived(checks: Sequence[Check], waivers: Mapping[str, str]) -> None:
    """Raise :class:`DecisionRefused` for every item that is neither met nor waived."""
    flaws = []
    for check in checks:
        reason = waivers.get(check.item, "").strip()
        if check.is_met or MIN_WAIVER_CHARS <= len(reason) <= MAX_WAIVER_CHARS:
            continue
        cure = (
            f"A waiver has at most {MAX_WAIVER_CHARS:,} characters; this has {len(reason):,}."
            if len(reason) > MAX_WAIVER_CHARS
            else f"There are {check.words}. Choose more evidence, or write why this is enough "
            f"(at least {MIN_WAIVER_CHARS} characters)."
        )
        flaws.append((waiver_field(check.item), cure))
    if flaws:
        raise DecisionRefused(*flaws[0], others=tuple(flaws[1:]))


def waiver_field(item: GateItem) -> str:
    """The name of an item's waiver in a form."""
    return f"waiver_{item.value}"


def tell_waivers(checks: Sequence[Check], waivers: Mapping[str, str]) -> str:
    """The waivers that count as one text, for the verdict's own copy and its exports."""
    return "; ".join(
        f"{check.words}: {waivers[check.item].strip()}" for check in checks if not check.is_met
    )


def keep_waivers(verdict: Verdict, checks: Sequence[Check], waivers: Mapping[str, str]) -> None:
    """Store the waiver of every item that is not met."""
    Waiver.objects.bulk_create(
        Waiver(
            verdict=verdict,
            item=check.item,
            needed=check.needed,
            found=check.found,
            reason=waivers[check.item].strip(),
        )
        for check in checks
        if not check.is_met
    )


def _count_anchored(ids: Sequence[int]) -> int:
    """How many of these quotes stand at their place; a copy that was deleted by rule keeps its."""
    if not ids:
        return 0
    start, end = F("passage__start"), F("passage__end")
    rows: Any = (
        Evidence.objects.filter(pk__in=ids)
        .exclude(passage__snapshot__fetcher=TYPED)
        .annotate(stands=Substr("passage__snapshot__text", start + 1, end - start))
        .values_list("stands", "passage__quote", "passage__snapshot__body_deleted_at")
    )
    return sum(gone is not None or stands == quote for stands, quote, gone in rows)
