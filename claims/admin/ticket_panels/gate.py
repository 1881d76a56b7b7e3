"""The gate at the form: what the verdict rests on so far, item by item, and what is waived."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from claims.admin.ticket_panels.desk import Desk
from claims.web.rationale import find_citations
from claims.workflow.decide import check_gate, find_evidence, waiver_field


class Typing(Protocol):
    """What stands in the form, as far as the gate asks."""

    @property
    def rationale(self) -> str:
        """The reasons, whose citations count."""

    @property
    def evidence(self) -> Collection[int]:
        """The ids of the ticked evidence."""

    @property
    def decisive(self) -> Collection[int]:
        """The ids of what is marked decisive."""


@dataclass(frozen=True, slots=True)
class GateLine:
    """One item: what there is of what is asked for, and the waiver for less."""

    item: str
    field: str
    words: str
    is_met: bool
    reason: str
    error: str


def build_gate(desk: Desk, typed: Typing, errors: Mapping[str, str]) -> tuple[GateLine, ...]:
    """The items the team asks for, held against what is ticked and cited (three queries)."""
    cited = cited_numbers(typed.rationale)
    rows = find_evidence(desk.ticket, {*typed.evidence, *typed.decisive}, cited)
    lines = []
    for check in check_gate(desk.ticket, rows, typed.decisive):
        field = waiver_field(check.item)
        lines.append(
            GateLine(
                item=check.item,
                field=field,
                words=check.words,
                is_met=check.is_met,
                reason=str(getattr(typed, field, "")),
                error=errors.get(field, ""),
            )
        )
    return tuple(lines)


def cited_numbers(rationale: str) -> tuple[int, ...]:
    """What a rationale cites; nothing of one that is too long to be kept."""
    try:
        return find_citations(rationale)
    except ValueError:
        return ()
