"""Weigh: from stored pages to evidence, with the claim's number beside each source's.

Promises: passages are cut, ranked and compared without touching the database;
what is kept is a passage with offsets into a snapshot, a suggested stance with
its reasons, and a comparison with its arithmetic. A person's stance is never
overwritten by a later weighing, and an evidence number never changes. The
machine suggests here; it sets no verdict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from claims.models.access import Person
from claims.models.evidence import Evidence
from claims.models.history import append_event, move_ticket
from claims.models.job import Job
from claims.models.page import Passage, Snapshot
from claims.models.search import SearchResult
from claims.models.ticket import Ticket
from claims.text.apparatus import is_apparatus, is_heading, says_the_same
from claims.text.compare import Comparison, compare_texts
from claims.text.origins import OriginPage, group_origins
from claims.text.passages import cut_passages, rank_passages
from claims.text.quantities import read_quantities
from claims.text.stance import StanceSuggestion, suggest_stance
from claims.text.table_rows import find_headers, is_row, read_row
from claims.text.topic import context_of, read_topic
from claims.vocabulary import QuantityKind, Stance, TicketAction, TicketState
from claims.web.urls import canonical_url, site_of

# Text beyond this is not cut into passages; half a book on one page bears on no single claim.
WEIGHED_CHARS = 200_000
MAX_PER_PAGE = 2
MAX_EVIDENCE = 16
# A passage below this share of the best passage's score is left out.
MIN_SHARE_OF_BEST = 0.2


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


@dataclass(frozen=True, slots=True)
class _Cut:
    snapshot: Snapshot
    start: int
    end: int
    quote: str
    context: str

    @property
    def ranked_text(self) -> str:
        """A table's row is found by its header's words too."""
        return f"{self.context} {self.quote}" if is_row(self.quote, self.context) else self.quote


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What the article adds to a claim: its day, and the words a sentence of it leaves out."""

    published: date | None
    context: str


@dataclass(frozen=True, slots=True)
class Weighing:
    """The chosen passages, best first, and the origin (number, reasons) of every page by its id."""

    passages: tuple[Weighed, ...]
    origins: Mapping[int, tuple[int, tuple[str, ...]]]


def weigh_ticket(ticket: Ticket) -> Weighing:
    """The best passages of the ticket's pages against its claim. Writes nothing."""
    claim = ticket.claim
    snapshots = list_snapshots(ticket)
    cuts = [cut for snapshot in snapshots for cut in _cut(snapshot)]
    quantities = [number.as_read() for number in claim.quantities.all()]
    around = _surroundings_of(ticket)
    ranked = rank_passages(
        claim.self_contained,
        [cut.ranked_text for cut in cuts],
        quantities=quantities,
        topic=around.context,
    )
    origins = _group(snapshots)
    weighed = []
    for index, score, reasons in _choose(
        cuts,
        [(one.index, one.score, one.reasons) for one in ranked],
        kinds=frozenset(number.kind for number in quantities),
    ):
        cut = cuts[index]
        comparison, stance = _hold_against(
            claim.self_contained, around, cut.quote, cut.context, cut.snapshot.published_on
        )
        number, why = origins[cut.snapshot.page_id]
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
                origin=number,
                origin_reasons=why,
            )
        )
    return Weighing(tuple(weighed), origins)


def keep_weighing(job: Job, ticket: Ticket, weighing: Weighing) -> Ticket | None:
    """Store the evidence, end the job and make the ticket *ready*; ``None`` if the lease was lost.

    A ticket that was closed meanwhile keeps its evidence and stays closed.
    """
    with transaction.atomic():
        if not Job.objects.held([job]):
            return None
        ticket = (
            Ticket.objects.select_for_update(of=("self",))
            .select_related("team", "claim")
            .get(pk=ticket.pk)
        )
        _store(ticket, weighing)
        Job.objects.finish([job])
        if ticket.state == TicketState.GATHERING:
            ticket = move_ticket(
                ticket,
                "make_ready",
                actor=None,
                changes={"evidence": len(weighing.passages)},
                ready_at=timezone.now(),
            )
    return ticket


def make_ready_unweighed(ticket_id: int) -> None:
    """A ticket whose weighing failed for good is ready all the same; its history says so."""
    with transaction.atomic():
        ticket = (
            Ticket.objects.select_for_update(of=("self",))
            .filter(pk=ticket_id, state=TicketState.GATHERING)
            .first()
        )
        if ticket is not None:
            move_ticket(
                ticket,
                "make_ready",
                actor=None,
                note="Weighing the pages failed on every attempt; the evidence may be incomplete.",
                ready_at=timezone.now(),
            )


def recompare(ticket: Ticket) -> int:
    """Compare the stored passages again after an edit of the claim; gives how many changed."""
    around = _surroundings_of(ticket)
    wording = ticket.claim.self_contained
    headers: dict[int, dict[int, str]] = {}
    changed = 0
    with transaction.atomic():
        rows = Evidence.objects.filter(ticket=ticket).select_related("passage__snapshot")
        for piece in rows.select_for_update(of=("self",)):
            passage, snapshot = piece.passage, piece.passage.snapshot
            if snapshot.pk not in headers:
                headers[snapshot.pk] = find_headers(snapshot.text[:WEIGHED_CHARS])
            context = headers[snapshot.pk].get(passage.start) or snapshot.title
            comparison, suggestion = _hold_against(
                wording, around, passage.quote, context, snapshot.published_on
            )
            if (
                comparison.to_json() == piece.comparison
                and suggestion.stance == piece.suggested_stance
            ):
                continue
            changed += 1
            piece.comparison = comparison.to_json()
            piece.outcome = comparison.outcome
            piece.suggested_stance = suggestion.stance
            piece.confidence = suggestion.confidence
            piece.stance_reasons = list(suggestion.reasons)
            piece.save()
    return changed


def set_stance(evidence: Evidence, stance: str, *, by: Person) -> Evidence:
    """A person's stance on a passage (empty takes it back), beside the machine's suggestion.

    Raises ``ValueError`` for a word that is no stance.
    """
    if stance and stance not in set(Stance):
        raise ValueError("a stance is supports, refutes or neutral")
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=evidence.ticket_id)
        piece = Evidence.objects.get(pk=evidence.pk)
        if piece.stance == stance:
            return piece
        before, piece.stance = piece.stance, stance
        piece.stance_by_id = by.pk if stance else None
        piece.save(update_fields=["stance", "stance_by"])
        append_event(
            ticket,
            TicketAction.STANCE_SET,
            actor=by,
            changes={
                "evidence": piece.number,
                "stance": [before, stance],
                "suggested": piece.suggested_stance,
            },
        )
    return piece


def list_snapshots(ticket: Ticket) -> list[Snapshot]:
    """The newest read snapshot of each page that the ticket's searches found.

    Two URLs that lead to the same final URL are one page: the first is kept.
    """
    pages = SearchResult.objects.filter(search__ticket=ticket).values("page_id")
    rows = (
        Snapshot.objects.filter(page_id__in=pages, read_at__isnull=False)
        .exclude(text="")
        .select_related("page__source")
        .defer("headers", "search")
        .order_by("page_id", "-fetched_at", "-id")
        .distinct("page_id")
    )
    by_place: dict[str, Snapshot] = {}
    for snapshot in rows:
        by_place.setdefault(canonical_url(snapshot.final_url), snapshot)
    return list(by_place.values())


def _hold_against(
    wording: str, around: _Surroundings, quote: str, context: str, published: date | None
) -> tuple[Comparison, StanceSuggestion]:
    """One passage against the claim; ``context`` is its table's header or its page's title."""
    comparison = compare_texts(
        wording,
        quote,
        published=published,
        claim_published=around.published,
        claim_context=around.context,
        passage_context=context,
    )
    return comparison, suggest_stance(
        wording, quote, comparison=comparison, passage_context=context
    )


def _cut(snapshot: Snapshot) -> list[_Cut]:
    text = snapshot.text[:WEIGHED_CHARS]
    return [
        _Cut(snapshot, span.start, span.end, quote, span.context or snapshot.title)
        for span in cut_passages(text)
        if not is_apparatus(quote := text[span.start : span.end])
    ]


def _choose(
    cuts: Sequence[_Cut],
    ranked: Sequence[tuple[int, float, tuple[str, ...]]],
    *,
    kinds: frozenset[QuantityKind],
) -> list[tuple[int, float, tuple[str, ...]]]:
    """A few per page, none overlapping, none that says what another of its page says."""
    chosen: list[tuple[int, float, tuple[str, ...]]] = []
    taken: dict[int, list[_Cut]] = {}
    best = ranked[0][1] if ranked else 0.0
    for index, score, reasons in ranked:
        if len(chosen) == MAX_EVIDENCE or score <= best * MIN_SHARE_OF_BEST:
            break
        cut = cuts[index]
        if _holds_nothing(cut, kinds):
            continue
        siblings = taken.setdefault(cut.snapshot.pk, [])
        overlaps = any(
            (cut.start < other.end and other.start < cut.end)
            or says_the_same(cut.quote, other.quote)
            for other in siblings
        )
        if overlaps or len(siblings) == MAX_PER_PAGE:
            continue
        siblings.append(cut)
        chosen.append((index, score, reasons))
    return chosen


def _holds_nothing(cut: _Cut, kinds: frozenset[QuantityKind]) -> bool:
    """Whether a claim's number finds nothing here: a row or a heading without such a figure."""
    if is_row(cut.quote, cut.context):
        return not read_row(cut.quote, cut.context)
    if not kinds or not is_heading(cut.quote):
        return False
    return kinds.isdisjoint(number.kind for number in read_quantities(cut.quote))


def _group(snapshots: Sequence[Snapshot]) -> dict[int, tuple[int, tuple[str, ...]]]:
    pages = [
        OriginPage(
            id=str(one.page_id),
            text=one.text[:WEIGHED_CHARS],
            url=one.final_url,
            publisher=one.page.source.name if one.page.source else (one.publisher or None),
            links=_outgoing(one),
        )
        for one in snapshots
    ]
    groups = group_origins(pages)
    return {
        int(page_id): (number, tuple(group.reasons))
        for number, group in enumerate(groups, start=1)
        for page_id in group.ids
    }


def _outgoing(snapshot: Snapshot) -> tuple[str, ...]:
    """Links to other sites; those within the site are its menus and its own archive."""
    own = site_of(snapshot.final_url)
    return tuple(link["url"] for link in snapshot.links if site_of(link["url"]) != own)


def _surroundings_of(ticket: Ticket) -> _Surroundings:
    appearance = (
        ticket.claim.appearances.select_related("article")
        .order_by("article__published_on", "id")
        .first()
    )
    if appearance is None:
        return _Surroundings(None, "")
    article = appearance.article
    topic = read_topic(article.text, article.title)
    return _Surroundings(article.published_on, context_of(topic, ticket.claim.context_before))


def _store(ticket: Ticket, weighing: Weighing) -> None:
    """Add or refresh evidence by passage; numbers and people's stances stay as they are."""
    known = {
        (piece.passage.snapshot_id, piece.passage.start, piece.passage.end): piece
        for piece in Evidence.objects.filter(ticket=ticket).select_related("passage__snapshot")
    }
    last = Evidence.objects.filter(ticket=ticket).aggregate(last=Max("number"))["last"] or 0
    for piece in known.values():
        # Origins are counted anew each time: a piece not chosen now must not keep an old number.
        page_id = piece.passage.snapshot.page_id
        if page_id in weighing.origins:
            piece.origin, reasons = weighing.origins[page_id]
            piece.origin_reasons = list(reasons)
    Evidence.objects.bulk_update(known.values(), ["origin", "origin_reasons"])
    passages = _keep_passages(weighing.passages)
    for one in weighing.passages:
        found = known.get((one.snapshot.pk, one.start, one.end))
        if found is not None:
            piece = found
        else:
            last += 1
            passage = passages[one.snapshot.pk, one.start, one.end]
            piece = Evidence(ticket=ticket, passage=passage, number=last)
        piece.score = one.score
        piece.score_reasons = list(one.score_reasons)
        piece.suggested_stance = one.stance.stance
        piece.confidence = one.stance.confidence
        piece.stance_reasons = list(one.stance.reasons)
        piece.outcome = one.comparison.outcome
        piece.comparison = one.comparison.to_json()
        piece.origin = one.origin
        piece.origin_reasons = list(one.origin_reasons)
        piece.save()


def _keep_passages(weighed: Sequence[Weighed]) -> dict[tuple[int, int, int], Passage]:
    """The passages as rows, by snapshot id and span; those that are new are stored.

    In one order for everybody: two tickets weighed at once share pages, and must
    not lock their passages crosswise.
    """
    rows = [
        Passage(snapshot=one.snapshot, start=one.start, end=one.end, quote=one.quote)
        for one in weighed
    ]
    rows.sort(key=lambda row: (row.snapshot_id, row.start, row.end))
    Passage.objects.bulk_create(rows, ignore_conflicts=True)
    stored = Passage.objects.filter(snapshot_id__in={row.snapshot_id for row in rows})
    return {(row.snapshot_id, row.start, row.end): row for row in stored}
