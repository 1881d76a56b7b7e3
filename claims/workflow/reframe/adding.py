"""Adding a number that the machine did not read, on words of the sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.db.models import F

from claims.models.access import Person
from claims.models.claim import Claim
from claims.models.claim import Quantity as Row
from claims.models.ticket import Ticket
from claims.text.quantities import read_quantities
from claims.text.quantity import Quantity
from claims.vocabulary import Bound, CorrectionKind, QuantityKind
from claims.workflow.reframe.editing import Editing, edit
from claims.workflow.reframe.numbers import name_field
from claims.workflow.reframe.refusal import FrameRefused
from claims.workflow.reframe.slots import read_slots

MOST_NUMBERS = 100
# While rows are put in another order no two may meet in one place.
_AWAY = 10_000


def add_number(
    ticket: Ticket,
    words: str,
    typed: Mapping[str, str],
    *,
    by: Person,
    start: int | None = None,
    expected_version: int | None = None,
) -> Claim:
    """Add a number the machine did not read, on ``words`` of the sentence.

    ``start`` says which of several places is meant, where it is known. The words are read
    by the number reader; what it does not read is taken from ``typed``.
    """
    with edit(ticket, by=by, expected_version=expected_version) as under:
        at = _find_span(under, words, start)
        row = _new_row(under.claim, words.strip(), at)
        fresh = read_slots(row, {name: told for name, told in typed.items() if told.strip()})
        for name, value in fresh.items():
            setattr(row, name, value)
        if row.value is None and row.low is None:
            raise FrameRefused(
                "value", "No number could be read in these words. Write its value here."
            )
        lead = under.rows[0] if under.rows else None
        under.rows = sorted([*under.rows, row], key=lambda one: one.start)
        put_in_order(under)
        under.note(f"number {under.rows.index(row) + 1}", "", row.text)
        under.correct(
            CorrectionKind.FRAME_FIELD, name_field(row, ""), None, row.as_read().to_json()
        )
        under.follow_lead(lead)
    return under.claim


def check_free(under: Editing, start: int, end: int) -> None:
    """Refuse words on which another number stands already."""
    for place, row in enumerate(under.rows, start=1):
        if start < row.end and row.start < end:
            raise FrameRefused(
                "words", f"These words belong to number {place}, “{row.text}”. Correct that one."
            )


def put_in_order(under: Editing) -> None:
    """Keep the rows in the order in which they stand in the sentence."""
    Row.objects.filter(claim=under.claim).update(position=F("position") + _AWAY)
    for position, row in enumerate(under.rows):
        row.position = position
        row.save()


def _find_span(under: Editing, words: str, start: int | None) -> int:
    text, wanted = under.claim.text, words.strip()
    if not wanted:
        raise FrameRefused("words", "Name the words of the sentence on which the number stands.")
    if start is not None and start >= 0:
        start += len(words) - len(words.lstrip())
    count = text.count(wanted)
    if not count:
        raise FrameRefused("words", "These words do not stand in the sentence. Copy them from it.")
    if start is None or text[start : start + len(wanted)] != wanted:
        if count > 1:
            raise FrameRefused(
                "words", f"They stand there {count} times. Take in a word before or after."
            )
        start = text.index(wanted)
    check_free(under, start, start + len(wanted))
    if len(under.rows) >= MOST_NUMBERS:
        raise FrameRefused("words", f"A claim holds at most {MOST_NUMBERS} numbers.")
    return start


def _new_row(claim: Claim, words: str, start: int) -> Row:
    read = read_quantities(words)
    end = start + len(words)
    if len(read) == 1:
        return Row(
            claim=claim,
            is_added=True,
            **Row.stored_values(replace(read[0], text=words, start=start, end=end)),
        )
    blank = Quantity(
        words, start, end, None, None, None, "1", None, QuantityKind.NUMBER, Bound.EXACT
    )
    return Row(claim=claim, is_added=True, **Row.stored_values(blank))
