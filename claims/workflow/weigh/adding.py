"""Adding: words of a stored copy that a person chose become a passage and a piece of evidence.

Promises: the words stand in the copy's text, at the place nearest to where they were chosen; the
passage is compared by the code that weighs all others and its page has its origin at once; who
chose it is a line of the history. Refuses words that do not stand there, and copies without text.
"""

from __future__ import annotations

from django.db import transaction

from claims.lifecycle import MoveRefused
from claims.models.access import Person
from claims.models.evidence import Evidence
from claims.models.history import append_event
from claims.models.page import Snapshot
from claims.models.ticket import Ticket
from claims.text.anchors import Anchor, Standing, find_anchor
from claims.text.table_rows import find_headers
from claims.vocabulary import TicketAction
from claims.workflow.weigh.cutting import WEIGHED_CHARS, list_snapshots
from claims.workflow.weigh.grouping import group_snapshots, list_making
from claims.workflow.weigh.holding import hold_against, read_surroundings
from claims.workflow.weigh.keeping import store_evidence
from claims.workflow.weigh.stating import state_claim
from claims.workflow.weigh.weighing import Weighed, Weighing

MIN_QUOTE_CHARS = 3
MAX_QUOTE_CHARS = 4_000


class PassageRefused(MoveRefused):
    """Words that cannot become a passage; the text says why, for a person."""


def add_passage(
    ticket: Ticket, snapshot: Snapshot, words: str, *, by: Person, near: int = 0
) -> Evidence:
    """The evidence made of ``words`` of this copy; the piece that is there where it is known.

    ``near`` is about where they were chosen, in characters of the copy's text. Raises
    :class:`PassageRefused`.
    """
    start, end = find_words(snapshot, words, near=near)
    with transaction.atomic():
        ticket = (
            Ticket.objects.select_for_update(of=("self",))
            .select_related("team", "claim")
            .get(pk=ticket.pk)
        )
        known = Evidence.objects.filter(
            ticket=ticket, passage__snapshot=snapshot, passage__start=start, passage__end=end
        ).first()
        if known is not None:
            return known
        store_evidence(ticket, _weigh_one(ticket, snapshot, start, end, by))
        piece = Evidence.objects.filter(
            ticket=ticket, passage__snapshot=snapshot, passage__start=start, passage__end=end
        ).first()
        if piece is None:
            raise PassageRefused("this copy's text was deleted meanwhile")
        append_event(
            ticket,
            TicketAction.EVIDENCE_ADDED,
            actor=by,
            changes={"evidence": piece.number, "quote": snapshot.text[start:end][:300]},
        )
    return piece


def find_words(snapshot: Snapshot, words: str, *, near: int = 0) -> tuple[int, int]:
    """Where the words stand in the copy, nearest to ``near``; raises :class:`PassageRefused`."""
    quote = words.replace("\r\n", "\n").strip()
    if len(quote) < MIN_QUOTE_CHARS:
        raise PassageRefused("choose the words that bear on the claim")
    if len(quote) > MAX_QUOTE_CHARS:
        raise PassageRefused(f"a quote has at most {MAX_QUOTE_CHARS:,} characters")
    if not snapshot.text:
        raise PassageRefused("this copy has no text to quote")
    before = snapshot.text.rfind(quote, 0, near + len(quote)) if near > 0 else -1
    after = snapshot.text.find(quote, max(near, 0))
    places = [at for at in (before, after) if at >= 0]
    if places:
        at = min(places, key=lambda place: abs(place - near))
        return at, at + len(quote)
    found = find_anchor(snapshot.text, Anchor(quote, "", "", 0, 0))
    if found.standing not in (Standing.HERE, Standing.MOVED):
        raise PassageRefused("these words do not stand in the copy; copy them from its text")
    return found.start, found.end


def _weigh_one(ticket: Ticket, snapshot: Snapshot, start: int, end: int, by: Person) -> Weighing:
    """One passage held against the claim, and the origins with its page among them."""
    around = read_surroundings(ticket)
    wording, stated = state_claim(ticket.claim, published=around.published)
    quote = snapshot.text[start:end]
    headers = find_headers(snapshot.text[:WEIGHED_CHARS])
    comparison, stance = hold_against(
        wording,
        around,
        quote,
        headers.get(start) or snapshot.title,
        snapshot.published_on,
        stated=stated,
    )
    snapshots = list_snapshots(ticket)
    if snapshot.page_id not in {one.page_id for one in snapshots}:
        snapshots.append(snapshot)
    quotes: dict[int, list[str]] = {snapshot.page_id: [quote]}
    for piece in Evidence.objects.filter(ticket=ticket).select_related("passage__snapshot"):
        quotes.setdefault(piece.passage.snapshot.page_id, []).append(piece.passage.quote)
    origins = group_snapshots(snapshots, quotes, list_making(ticket))
    origin = origins[snapshot.page_id]
    weighed = Weighed(
        snapshot=snapshot,
        start=start,
        end=end,
        quote=quote,
        score=1.0,
        score_reasons=(f"chosen by {by.get_username()}",),
        comparison=comparison,
        stance=stance,
        origin=origin.number,
        origin_reasons=origin.reasons,
        is_own_copy=origin.is_own_copy,
    )
    return Weighing((weighed,), origins, ticket.claim.version)
