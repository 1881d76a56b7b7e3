"""What a person says of a passage besides its stance: whether it bears on the claim, and when."""

from __future__ import annotations

from django import forms

from claims.admin.ticket_panels.desk import Desk
from claims.admin.ticket_panels.forms import MAX_ID_DIGITS, TicketForm
from claims.models import Evidence
from claims.text.quantity import Period
from claims.text.typed_numbers import read_typed_day
from claims.workflow.weigh import set_bearing, set_period

DAY_CURE = "Write a day, a month or a year: 2025-10-31, 2025-10 or 2025."


class BearingForm(TicketForm):
    """Whether one passage bears on the claim."""

    evidence = forms.IntegerField(min_value=1, max_value=10**MAX_ID_DIGITS)
    bears = forms.ChoiceField(choices=[("1", "it does"), ("0", "it does not")])


class PeriodForm(TicketForm):
    """Of which time a source's number speaks: as typed, of its day of publication, or as read."""

    evidence = forms.IntegerField(min_value=1, max_value=10**MAX_ID_DIGITS)
    of = forms.ChoiceField(choices=[(one, one) for one in ("typed", "published", "machine")])
    period_from = forms.CharField(required=False, max_length=40)
    period_to = forms.CharField(required=False, max_length=40)


def post_bearing(desk: Desk, form: BearingForm) -> str:
    """Put a passage aside, or bring it back."""
    piece = _find(desk, form)
    if piece is None:
        return ""
    is_aside = form.cleaned_data["bears"] == "0"
    set_bearing(piece, is_aside=is_aside, by=desk.person)
    if is_aside:
        return f"[{piece.number}] is put aside and counts nowhere. It is listed below the evidence."
    return f"[{piece.number}] counts again."


def post_period(desk: Desk, form: PeriodForm) -> str:
    """Set of which time the number of a piece speaks, or go back to the machine's reading."""
    piece = _find(desk, form)
    period = _read_period(piece, form) if piece is not None else None
    if piece is None or form.errors:
        return ""
    set_period(piece, period, by=desk.person)
    if period is None:
        return f"The time of [{piece.number}] is as the machine read it."
    return f"The time of [{piece.number}] is set, and its number is compared anew."


def _find(desk: Desk, form: BearingForm | PeriodForm) -> Evidence | None:
    rows = Evidence.objects.filter(ticket=desk.ticket, pk=form.cleaned_data["evidence"])
    piece = rows.select_related("passage__snapshot").defer("passage__snapshot__text").first()
    if piece is None:
        form.add_error("evidence", "This evidence is not on this ticket.")
    return piece


def _read_period(piece: Evidence | None, form: PeriodForm) -> Period | None:
    """The period that was meant; with an error at the form where none can be read."""
    of = form.cleaned_data["of"]
    if of == "machine" or piece is None:
        return None
    if of == "published":
        day = piece.passage.snapshot.published_on
        if day is None:
            form.add_error("of", "The page does not say when it was published.")
            return None
        return Period(day, day)
    typed = {name: str(form.cleaned_data[name]).strip() for name in ("period_from", "period_to")}
    first = read_typed_day(typed["period_from"], is_end=False)
    # One box alone is a day, a month or a year as a whole.
    last = read_typed_day(typed["period_to"] or typed["period_from"], is_end=True)
    if first is None:
        form.add_error("period_from", DAY_CURE)
    elif last is None:
        form.add_error("period_to", DAY_CURE)
    elif first > last:
        form.add_error("period_to", "The time ends before it begins.")
    return Period(first, last)
