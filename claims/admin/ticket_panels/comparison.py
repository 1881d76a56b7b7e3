"""A source's number beside the claim's, in words, and the cut of text around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from claims.admin.ticket_panels.desk import Desk
from claims.admin.ticket_panels.figures import show_difference, show_period, show_quantity
from claims.admin.ticket_panels.forms import OutcomeForm
from claims.admin.ticket_panels.number_chips import number_key
from claims.admin.ticket_panels.spans import Piece, cut_at
from claims.admin.ticket_panels.strip import Span, span_in_claims_unit, span_of
from claims.admin.ticket_panels.wording import FLAGS, OUTCOMES
from claims.models import Evidence
from claims.vocabulary import ComparisonFlag, Outcome
from claims.workflow.weigh import set_outcome

# What is shown of the page before and after a quote, in characters.
AROUND_CHARS = 220
SNIPPET_CHARS = 110


@dataclass(frozen=True, slots=True)
class Comparison:
    """A source's number beside the claim's, in words."""

    outcome: str
    label: str
    tone: str
    is_comparable: bool
    written: str
    normalised: str
    period: str
    absolute: str
    relative: str
    flags: tuple[str, ...]
    reasons: tuple[str, ...]
    key: tuple[object, ...]
    claimed: Span | None
    span: Span | None


def read_comparison(stored: object, outcome: str) -> Comparison | None:
    """The stored comparison in words; ``None`` where the source states no number."""
    if not isinstance(stored, Mapping) or not isinstance(stored.get("passage_quantity"), Mapping):
        return None
    held, claimed = stored["passage_quantity"], stored.get("claim_quantity")
    label, tone = OUTCOMES[Outcome(outcome)]
    absolute, relative = show_difference(stored.get("difference"), claimed or held)
    hedge = str(held.get("hedge") or "")
    written = str(held.get("text") or "")
    return Comparison(
        outcome=outcome,
        label=label,
        tone=tone,
        is_comparable=outcome != Outcome.NOT_COMPARABLE,
        written=written if written.startswith(hedge) else f"{hedge} {written}",
        normalised=show_quantity(held),
        period=show_period(held.get("period")),
        absolute=absolute,
        relative=relative,
        flags=tuple(
            FLAGS[ComparisonFlag(flag)]
            for flag in texts(stored.get("flags"))
            if flag in set(ComparisonFlag)
        ),
        reasons=tuple(
            one for one in texts(stored.get("reasons")) if not one.startswith("shared words")
        ),
        key=number_key(claimed) if isinstance(claimed, Mapping) else (),
        claimed=span_of(claimed),
        span=span_in_claims_unit(stored),
    )


def number_span(quote: str, stored: object) -> list[tuple[int, int]]:
    """Where the compared number stands in the quote; empty if it does not stand there."""
    held = stored.get("passage_quantity") if isinstance(stored, Mapping) else None
    if not isinstance(held, Mapping):
        return []
    start, end = held.get("start"), held.get("end")
    if not isinstance(start, int) or not isinstance(end, int):
        return []
    return [(start, end)] if 0 <= start < end and quote[start:end] == held.get("text") else []


def cut_before(text: str) -> str:
    """What stands before a quote, cut at a word where the page goes on."""
    if len(text) <= AROUND_CHARS:
        return text
    kept = text[-AROUND_CHARS:]
    return f"… {kept[kept.find(' ') + 1 :]}"


def cut_after(text: str) -> str:
    """What stands after a quote, cut at a word where the page goes on."""
    if len(text) <= AROUND_CHARS:
        return text
    kept = text[:AROUND_CHARS]
    at = kept.rfind(" ")
    return f"{kept[:at] if at > 0 else kept} …"


def cut_snippet(quote: str, spans: list[tuple[int, int]]) -> tuple[Piece, ...]:
    """The number with a few words on both sides, cut between words."""
    start, end = spans[0] if spans else (0, 0)
    first, last = max(0, start - SNIPPET_CHARS), min(len(quote), end + SNIPPET_CHARS)
    if first:
        first = quote.find(" ", first, start) + 1 or first
    if last < len(quote):
        last = max(quote.rfind(" ", end, last), end) or last
    pieces = cut_at(quote[first:last], [(start - first, end - first)] if spans else [])
    lead = (Piece("… "),) if first else ()
    return (*lead, *pieces, *((Piece(" …"),) if last < len(quote) else ()))


def texts(stored: object) -> tuple[str, ...]:
    """A stored list as texts; any other shape is empty."""
    return tuple(str(one) for one in stored) if isinstance(stored, list) else ()


def post_outcome(desk: Desk, form: OutcomeForm) -> str:
    """Set what a person says of one comparison of this ticket, or take it back."""
    piece = Evidence.objects.filter(ticket=desk.ticket, pk=form.cleaned_data["evidence"]).first()
    if piece is None:
        form.add_error("evidence", "This evidence is not on this ticket.")
        return ""
    outcome = str(form.cleaned_data["outcome"])
    set_outcome(piece, outcome, by=desk.person)
    if not outcome:
        return f"Your reading of [{piece.number}] is taken back."
    return f"[{piece.number}] is read as “{OUTCOMES[Outcome(outcome)][0].lower()}”."
