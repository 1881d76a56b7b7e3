"""Weighing: passages cut, ranked, compared and grouped by origin, in memory alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from claims.models.page import Snapshot
from claims.models.ticket import Ticket
from claims.text.compare import Comparison
from claims.text.quantity import Quantity
from claims.text.stance import StanceSuggestion
from claims.text.stated import Stated
from claims.workflow.weigh.cutting import (
    choose_passages,
    cut_snapshot,
    list_snapshots,
    pages_by_hand,
)
from claims.workflow.weigh.grouping import Grouped, Making, group_snapshots, list_making
from claims.workflow.weigh.holding import Surroundings, hold_against, read_surroundings
from claims.workflow.weigh.ordering import order_passages
from claims.workflow.weigh.stating import state_claim


@dataclass(frozen=True, slots=True)
class Weighed:
    """One passage held against the claim, not yet stored."""

    snapshot: Snapshot
    start: int
    end: int
    quote: str
    score: float
    score_reasons: tuple[str, ...]
    comparison: Comparison
    stance: StanceSuggestion
    origin: int
    origin_reasons: tuple[str, ...]
    is_own_copy: bool


@dataclass(frozen=True, slots=True)
class Weighing:
    """The chosen passages, best first, and how every page stands to the others, by its id.

    ``claim_version`` is the version of the claim they were held against.
    """

    passages: tuple[Weighed, ...]
    origins: Mapping[int, Grouped]
    claim_version: int = 0

    @property
    def independent(self) -> int:
        """How many origins there are at most beside the claim's own article."""
        return len({one.number for one in self.origins.values() if not one.is_own_copy})


def weigh_ticket(ticket: Ticket) -> Weighing:
    """The best passages of the ticket's pages against its claim. Writes nothing."""
    around = read_surroundings(ticket)
    wording, stated = state_claim(ticket.claim, published=around.published)
    weighing = weigh_snapshots(
        wording,
        [number.as_read() for number in ticket.claim.quantities.all()],
        around,
        list_snapshots(ticket),
        stated=stated,
        wanted=pages_by_hand(ticket),
        making=list_making(ticket),
    )
    return replace(weighing, claim_version=ticket.claim.version)


def weigh_snapshots(
    wording: str,
    quantities: Sequence[Quantity],
    around: Surroundings,
    snapshots: Sequence[Snapshot],
    *,
    stated: Sequence[Stated] | None = None,
    wanted: Collection[int] = (),
    making: Sequence[Making] = (),
) -> Weighing:
    """The best passages of these snapshots, stored or not, against a claim so worded.

    ``stated`` are its numbers where a person corrected them, with offsets of ``wording``;
    of each page of ``wanted``, by id, there is a passage in any case; ``making`` are the
    articles that make the claim. Asks no database: each snapshot comes with its page, each page
    with its source or none.
    """
    cuts = [cut for snapshot in snapshots for cut in cut_snapshot(snapshot)]
    ranked = order_passages(
        wording,
        [cut.ranked_text for cut in cuts],
        quantities=quantities,
        topic=around.context,
    )
    chosen = choose_passages(
        cuts,
        [(one.index, one.score, one.reasons) for one in ranked],
        kinds=frozenset(number.kind for number in quantities),
        wanted=wanted,
    )
    quotes: dict[int, list[str]] = {}
    for index, _, _ in chosen:
        quotes.setdefault(cuts[index].snapshot.page_id, []).append(cuts[index].quote)
    # Two copies of one page are one page.
    pages = {one.page_id: one for one in reversed(snapshots)}
    origins = group_snapshots(list(reversed(pages.values())), quotes, making)
    weighed = []
    for index, score, reasons in chosen:
        cut = cuts[index]
        comparison, stance = hold_against(
            wording, around, cut.quote, cut.context, cut.snapshot.published_on, stated=stated
        )
        grouped = origins[cut.snapshot.page_id]
        weighed.append(
            Weighed(
                snapshot=cut.snapshot,
                start=cut.start,
                end=cut.end,
                quote=cut.quote,
                score=score,
                score_reasons=reasons,
                comparison=comparison,
                stance=stance,
                origin=grouped.number,
                origin_reasons=grouped.reasons,
                is_own_copy=grouped.is_own_copy,
            )
        )
    return Weighing(tuple(weighed), origins)
