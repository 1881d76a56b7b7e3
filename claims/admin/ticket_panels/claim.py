"""The claim as it stands in its article, with its frame as chips that a reviewer corrects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from claims.admin.numbers import notes_of
from claims.admin.outside import Outside, outside_link
from claims.admin.ticket_panels.desk import Desk
from claims.admin.ticket_panels.figures import show_period, show_quantity
from claims.admin.ticket_panels.forms import FrameForm
from claims.admin.ticket_panels.links import link_to
from claims.admin.ticket_panels.spans import Piece, cut_at
from claims.models import Appearance, Article, Quantity, TicketEvent
from claims.vocabulary import TicketAction
from claims.workflow.detect import FrameRefused, edit_frame
from claims.workflow.weigh import recompare

SHOWN_APPEARANCES = 5
SLOTS = (
    ("measured", "Measured"),
    ("of_what", "Of what"),
    ("place", "Place"),
    ("claimant", "Claimant"),
)


@dataclass(frozen=True, slots=True)
class Chip:
    """One slot of the frame: its name, label and value, empty where it is not known."""

    name: str
    label: str
    value: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """One number of the claim, as written and as understood."""

    text: str
    normalised: str
    period: str
    key: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """One article in which the claim stands."""

    title: str
    byline: str
    publisher: str
    published_on: date | None
    href: str
    outside: Outside


@dataclass(frozen=True, slots=True)
class Field:
    """One input of the frame's form, with what was typed or is stored."""

    name: str
    label: str
    value: str
    error: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class ClaimPanel:
    """Everything the claim's part of the page shows."""

    before: str
    pieces: tuple[Piece, ...]
    after: str
    wording: str
    hints: tuple[str, ...]
    claimant: str
    score_percent: int
    reasons: tuple[str, ...]
    numbers: tuple[Number, ...]
    chips: tuple[Chip, ...]
    places: tuple[Place, ...]
    fields: tuple[Field, ...]
    version: int
    error: str
    may_edit: bool
    is_editing: bool


def build_claim(desk: Desk, form: FrameForm | None = None) -> ClaimPanel:
    """The claim's panel; with a refused form, the form is open and keeps what was typed."""
    claim = desk.ticket.claim
    quantities = list(claim.quantities.order_by("position"))
    spans = [_hedged_span(claim.text, one) for one in quantities]
    return ClaimPanel(
        before=claim.context_before,
        pieces=cut_at(claim.text, spans),
        after=claim.context_after,
        wording="" if claim.self_contained == claim.text else claim.self_contained,
        hints=notes_of(claim.hints),
        claimant=claim.claimant,
        score_percent=round(max(0.0, min(1.0, claim.score)) * 100),
        reasons=tuple(str(reason) for reason in claim.reasons),
        numbers=tuple(_number(claim.text, one) for one in quantities),
        chips=_chips(desk),
        places=_places(desk),
        fields=_fields(desk, form),
        version=claim.version,
        error=form.error("__all__") if form else "",
        may_edit=desk.may_weigh,
        is_editing=form is not None,
    )


def post_frame(desk: Desk, form: FrameForm) -> str:
    """Keep an edited frame and compare the stored passages again with it."""
    data = form.cleaned_data
    changes: dict[str, Any] = {
        name: data[name] for name in form.fields if name in form.data and name in SLOT_NAMES
    }
    try:
        with transaction.atomic():
            claim = edit_frame(
                desk.ticket, changes, by=desk.person, expected_version=data["claim_version"]
            )
            is_changed = claim.version != desk.ticket.claim.version
            desk.ticket.claim = claim
            if is_changed:
                recompare(desk.ticket)
    except FrameRefused as refused:
        is_slot = refused.field in SLOT_NAMES
        message = refused.message if is_slot else _tell_conflict(desk)
        form.add_error(refused.field if is_slot else None, message)
        return ""
    if not is_changed:
        return "Nothing was changed in the frame."
    return "The frame is saved, and the numbers were compared again."


SLOT_NAMES = frozenset({name for name, _ in SLOTS} | {"self_contained", "period_from", "period_to"})


def number_key(quantity: Mapping[str, Any]) -> tuple[object, ...]:
    """What makes two readings the same number: its values and its unit."""
    return tuple(quantity.get(name) for name in ("value", "low", "high", "unit"))


def _tell_conflict(desk: Desk) -> str:
    """Who edited the frame first, when and what: for the person whose edit came second."""
    event = (
        TicketEvent.objects.filter(ticket=desk.ticket, action=TicketAction.FRAME_EDITED)
        .order_by("-sequence")
        .first()
    )
    if event is None:
        return "This frame has changed since you opened it. Your edit is kept below."
    slots = ", ".join(name.replace("_", " ") for name in event.changes)
    return (
        f"{event.actor_name or 'The workbench'} was first: {slots or 'the frame'} edited at "
        f"{event.at:%H:%M} UTC on {event.at:%d %B}. Your edit is kept below; save again to put it "
        "over theirs."
    )


def _hedged_span(text: str, quantity: Quantity) -> tuple[int, int]:
    """The number's span, reaching back over its hedge ("nearly 70 per cent")."""
    start = quantity.start
    if quantity.hedge:
        at = text.rfind(quantity.hedge, max(0, start - len(quantity.hedge) - 3), start)
        start = at if at >= 0 else start
    return start, quantity.end


def _number(text: str, quantity: Quantity) -> Number:
    start, end = _hedged_span(text, quantity)
    read = quantity.as_read().to_json()
    return Number(
        text=text[start:end] or quantity.text,
        normalised=show_quantity(read),
        period=show_period(read["period"]),
        key=number_key(read),
    )


def _chips(desk: Desk) -> tuple[Chip, ...]:
    claim = desk.ticket.claim
    slots = [Chip(name, label, getattr(claim, name)) for name, label in SLOTS]
    period = show_period(
        {
            "from": claim.period_from.isoformat() if claim.period_from else "",
            "to": claim.period_to.isoformat() if claim.period_to else "",
        }
    )
    slots.insert(3, Chip("period_from", "Period", period))
    return tuple(slots)


def _places(desk: Desk) -> tuple[Place, ...]:
    rows = (
        Appearance.objects.filter(claim_id=desk.ticket.claim_id)
        .select_related("article")
        .defer("article__text", "article__search", "article__links")
        .order_by("id")[:SHOWN_APPEARANCES]
    )
    return tuple(
        Place(
            title=str(row.article),
            byline=row.article.byline,
            publisher=row.article.publisher,
            published_on=row.article.published_on,
            href=link_to(Article, row.article_id),
            outside=outside_link(row.article.url),
        )
        for row in rows
    )


def _fields(desk: Desk, form: FrameForm | None) -> tuple[Field, ...]:
    claim = desk.ticket.claim
    shown = [
        ("self_contained", "The claim in words that stand alone", "area"),
        *((name, label, "text") for name, label in SLOTS),
        ("period_from", "Period from", "date"),
        ("period_to", "Period to", "date"),
    ]
    return tuple(
        Field(
            name=name,
            label=label,
            value=form.typed(name) if form else _stored(getattr(claim, name)),
            error=form.error(name) if form else "",
            kind=kind,
        )
        for name, label, kind in shown
    )


def _stored(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return str(value or "")
