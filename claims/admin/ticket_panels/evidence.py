"""The evidence of a ticket: cards by stance, and the number matrix drawn from the same rows.

Promises: what a person put aside is shown apart and counted nowhere; what the view hides is
counted, and what was ticked and is not drawn stays ticked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from claims.admin.ticket_panels.cards import Card, build_cards
from claims.admin.ticket_panels.desk import Desk
from claims.admin.ticket_panels.distance import Event
from claims.admin.ticket_panels.forms import StanceForm
from claims.admin.ticket_panels.number_chips import Number
from claims.admin.ticket_panels.strip import Strip, draw_strip
from claims.admin.ticket_panels.viewing import (
    SORTS,
    Part,
    Select,
    Shown,
    Ticks,
    View,
    choose,
    head_of,
    list_parts,
    offer_filters,
)
from claims.admin.ticket_panels.wording import OUTCOMES, STANCES
from claims.models import Appearance, Evidence
from claims.vocabulary import Stance
from claims.workflow.weigh import set_stance

COLUMNS = (
    ("who", "Who says"),
    ("value", "Number"),
    ("time", "For which time"),
    ("difference", "Difference"),
    ("reading", "Reading"),
)
"""The matrix's columns: what they are sorted by, and their heads."""
HEADS = {
    Stance.REFUTES: "Against the claim",
    Stance.SUPPORTS: "For the claim",
    Stance.NEUTRAL: "Neither for nor against",
}
MOST_ASIDE = 100


@dataclass(frozen=True, slots=True)
class Group:
    """The cards of one stance; ``count`` is of all, shown or not."""

    stance: str
    label: str
    head: str
    tone: str
    cards: tuple[Card, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head: what it sorts by, its words, its ``aria-sort`` and its link's query."""

    key: str
    label: str
    sorted: str
    query: str


@dataclass(frozen=True, slots=True)
class MatrixGroup:
    """One number of the claim and the sources' numbers beside it."""

    number: Number
    rows: tuple[Card, ...]
    apart: tuple[Card, ...]
    strip: Strip | None
    hidden: int


@dataclass(frozen=True, slots=True)
class EvidencePanel:
    """Cards by stance, the matrix, and how much of it is independent.

    ``cards`` are all that count; ``unseen`` are ids that were ticked and are not drawn.
    """

    cards: tuple[Card, ...]
    groups: tuple[Group, ...]
    matrix: tuple[MatrixGroup, ...]
    heads: tuple[Head, ...]
    aside: tuple[Card, ...]
    then: tuple[Card, ...]
    shown: Shown
    view: View
    filters: tuple[Select, ...]
    parts: tuple[Part, ...]
    sorted_by: str
    unseen: Ticks
    total: int
    page_count: int
    origin_count: int
    without_number: int
    has_primary: bool
    may_weigh: bool
    stances: tuple[tuple[str, str, str, str], ...]
    outcomes: tuple[tuple[str, str], ...]


def build_evidence(
    desk: Desk,
    numbers: tuple[Number, ...],
    view: View | None = None,
    ticks: Ticks | None = None,
) -> EvidencePanel:
    """The evidence of the desk's ticket in the view asked for (two queries)."""
    view, ticks = view or View(), ticks or Ticks()
    every = build_cards(desk, event_of(desk))
    cards = [card for card in every if not card.is_aside]
    origins = number_origins(cards)
    cards = [replace(card, origin_number=origins[card.page_id]) for card in cards]
    shown = choose(cards, view, origins, ticks)
    drawn = {card.pk for card in shown.cards}
    labels = {origins[card.page_id]: _label(card, origins) for card in reversed(cards)}
    return EvidencePanel(
        cards=tuple(cards),
        groups=tuple(_group(stance, shown, cards) for stance in STANCES),
        matrix=_matrix(shown, numbers),
        heads=tuple(Head(key, label, *head_of(view, key)) for key, label in COLUMNS),
        aside=tuple(card for card in every if card.is_aside)[:MOST_ASIDE],
        then=tuple(card for card in cards if card.was_true_then),
        shown=shown,
        view=view,
        filters=offer_filters(view, sorted(labels.items())),
        parts=list_parts(view, shown),
        sorted_by=SORTS.get(view.sort, ""),
        unseen=Ticks(ticks.rests - drawn, ticks.decisive - drawn),
        total=len(cards),
        page_count=len({card.page_id for card in cards}),
        origin_count=len({origins[card.page_id] for card in cards if not card.is_own_copy}),
        without_number=sum(1 for card in cards if card.comparison is None),
        has_primary=any(card.is_primary for card in cards),
        may_weigh=desk.may_weigh,
        stances=tuple((one.value, *words) for one, words in STANCES.items()),
        outcomes=tuple((one.value, label) for one, (label, _) in OUTCOMES.items()),
    )


def event_of(desk: Desk) -> Event:
    """What the claim speaks of: its own period, else the day of the article it first stood in."""
    claim = desk.ticket.claim
    if claim.period_from or claim.period_to:
        return Event(claim.period_from, claim.period_to, is_named=True)
    said_on = (
        Appearance.objects.filter(claim_id=claim.pk, article__published_on__isnull=False)
        .order_by("article__published_on")
        .values_list("article__published_on", flat=True)
        .first()
    )
    return Event(said_on, said_on)


def number_origins(cards: Sequence[Card]) -> dict[int, int]:
    """Page id → the number under which the page shows its origin, in the order of the pieces."""
    numbers: dict[tuple[int, int], int] = {}
    return {
        # Evidence that was never grouped stands for itself.
        card.page_id: numbers.setdefault(
            (card.origin, 0 if card.origin else card.page_id), len(numbers) + 1
        )
        for card in cards
    }


def post_stance(desk: Desk, form: StanceForm) -> str:
    """Set the person's stance on one piece of this ticket; the same stance again takes it back."""
    piece = Evidence.objects.filter(ticket=desk.ticket, pk=form.cleaned_data["evidence"]).first()
    if piece is None:
        form.add_error("evidence", "This evidence is not on this ticket.")
        return ""
    wanted = str(form.cleaned_data["stance"])
    stance = "" if piece.stance == wanted else wanted
    set_stance(piece, stance, by=desk.person)
    if not stance:
        return f"Your stance on [{piece.number}] is taken back."
    return f"[{piece.number}] is marked “{STANCES[Stance(stance)][0].lower()}”."


def _label(card: Card, origins: Mapping[int, int]) -> str:
    return f"{origins[card.page_id]}: {(card.publisher or card.title)[:40]}"


def _group(stance: Stance, shown: Shown, cards: Sequence[Card]) -> Group:
    label, tone, _ = STANCES[stance]
    return Group(
        stance=stance.value,
        label=label,
        head=HEADS[stance],
        tone=tone,
        cards=tuple(card for card in shown.cards if card.current == stance),
        count=sum(card.current == stance for card in cards),
    )


def _matrix(shown: Shown, numbers: tuple[Number, ...]) -> tuple[MatrixGroup, ...]:
    """Each number of the claim with its rows; a row whose number is not found goes to the first."""
    held: dict[tuple[object, ...], list[Card]] = {number.key: [] for number in numbers}
    if not held:
        return ()
    first = numbers[0].key
    for card in shown.cards:
        if card.comparison is not None:
            held[card.comparison.key if card.comparison.key in held else first].append(card)
    groups = []
    for number in {number.key: number for number in reversed(numbers)}.values():
        rows = [one for one in held[number.key] if one.comparison]
        comparable = tuple(one for one in rows if one.comparison and one.comparison.is_comparable)
        groups.append(
            MatrixGroup(
                number=number,
                rows=comparable,
                apart=tuple(one for one in rows if one not in comparable),
                strip=draw_strip(
                    [one for one in comparable if one.number not in shown.hidden],
                    unit=number.unit,
                ),
                hidden=sum(one.number in shown.hidden for one in comparable),
            )
        )
    return tuple(reversed(groups))
