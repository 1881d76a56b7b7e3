"""The claim's own slots: claimant, place, wording, and what is measured where no number says it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from claims.models.access import Person
from claims.models.claim import Claim
from claims.models.ticket import Ticket
from claims.text.quantity import Period
from claims.workflow.reframe.editing import LEAD_SLOTS, Editing, edit
from claims.workflow.reframe.numbers import change_number
from claims.workflow.reframe.refusal import FrameRefused
from claims.workflow.reframe.slots import WORDING_CHARS, check_day, check_order, check_words

WORDS = ("measured", "of_what", "place", "claimant", "self_contained")
PERIOD = ("period_from", "period_to")


def edit_frame(
    ticket: Ticket, changes: Mapping[str, Any], *, by: Person, expected_version: int | None = None
) -> Claim:
    """Correct a claim's own slots; what was there before stays in the ticket's history.

    ``changes`` holds any of measured, of_what, place, claimant, self_contained (text) and
    period_from, period_to (dates, text of one, or ``None``). What is measured, of what and
    when goes to the claim's first number too. Raises :class:`FrameRefused` for a value that
    cannot be kept.
    """
    fresh: dict[str, Any] = {}
    for name in WORDS:
        if name in changes:
            most = WORDING_CHARS if name == "self_contained" else 300
            fresh[name] = check_words(name, str(changes[name]), most=most)
    if not fresh.get("self_contained", "."):
        raise FrameRefused("self_contained", "The claim needs a wording.")
    for name in PERIOD:
        if name in changes:
            fresh[name] = _day(name, changes[name])
    with edit(ticket, by=by, expected_version=expected_version) as under:
        set_slots(under, fresh)
    return under.claim


def set_slots(under: Editing, fresh: Mapping[str, Any]) -> None:
    """Set the claim's slots under the lock, and its first number's with them."""
    claim = under.claim
    changed = {name for name, new in fresh.items() if getattr(claim, name) != new}
    for name, new in fresh.items():
        under.set_slot(name, new)
    check_order(claim.period_from, claim.period_to)
    if not under.rows:
        return
    lead: dict[str, Any] = {name: fresh[name] for name in LEAD_SLOTS if name in changed}
    if changed.intersection(PERIOD):
        first, last = claim.period_from, claim.period_to
        lead["period"] = Period(first, last).to_json() if first or last else None
    change_number(under, under.rows[0], lead)


def _day(name: str, given: Any) -> date | None:
    if isinstance(given, date) or given is None:
        return given
    return check_day(name, str(given), is_end=name == "period_to")
