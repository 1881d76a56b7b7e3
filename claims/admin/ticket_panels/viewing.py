"""Which evidence is shown and in what order: read from the address, said in words.

Promises: a view is a few known parameters of a GET, so that it needs no script and can be kept as
a link; what nobody offers is left out; nothing is hidden without being counted; a page holds
at most :data:`MOST_SHOWN` pieces, whatever a ticket has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from claims.admin.ticket_panels.cards import Card
from claims.admin.ticket_panels.wording import OUTCOMES, SOURCE_TYPES, STANCES

MOST_SHOWN = 60
MARKS = {
    "decisive": "Decisive for the verdict",
    "rests": "The verdict rests on it",
    "primary": "Primary sources",
    "then": "True then, not now",
    "unjudged": "Not judged yet",
}
SORTS = {
    "number": "Number in the list",
    "score": "Nearest to the claim",
    "who": "Who says",
    "kind": "Kind of publisher",
    "published": "Day of publication",
    "value": "Value",
    "time": "Time it speaks of",
    "difference": "Difference",
    "reading": "Reading",
    "origin": "Origin",
    "stance": "Stance",
    "decisive": "Decisive, then ticked",
}
DOWN_FIRST = ("score",)


@dataclass(frozen=True, slots=True)
class Ticks:
    """The pieces by id that the verdict rests on, ticked or cited, and those that decide it."""

    rests: frozenset[int] = frozenset()
    decisive: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a select: what is sent, what is read, whether it is chosen."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Select:
    """One select of the form: its name, its label and what it offers."""

    name: str
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a list that is longer than a page, and the address of it."""

    number: int
    is_here: bool
    query: str


@dataclass(frozen=True, slots=True)
class View:
    """What was asked for; empty filters let everything through. ``part`` counts from 1."""

    filters: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    is_down: bool = False
    part: int = 1

    @property
    def query(self) -> str:
        """The view as the query of an address; empty for the plain one."""
        held = {name: value for name, value in self.filters.items() if value}
        if self.sort:
            held["sort"] = self.sort
        if self.is_down:
            held["down"] = "1"
        if self.part > 1:
            held["part"] = str(self.part)
        return urlencode(held)


@dataclass(frozen=True, slots=True)
class Shown:
    """The pieces of one part in order, the numbers of those that the filters hide, and the rest.

    ``cards`` hold what is drawn: hidden ones too where there is room, so that nothing that
    was ticked is lost. ``fitting`` counts what the filters let through, in all parts.
    """

    cards: tuple[Card, ...]
    hidden: frozenset[int]
    fitting: int
    total: int
    part: int
    parts: int

    @property
    def hidden_count(self) -> int:
        """How many pieces the filters hide."""
        return self.total - self.fitting

    @property
    def first(self) -> int:
        """The place of the part's first piece among those that fit."""
        return (self.part - 1) * MOST_SHOWN + 1

    @property
    def last(self) -> int:
        """The place of the part's last one."""
        return min(self.part * MOST_SHOWN, self.fitting)


def read_view(sent: Mapping[str, Any]) -> View:
    """The view that an address or a form asks for; what is not offered is left out."""
    known: dict[str, Callable[[str], bool]] = {
        "stance": STANCES.__contains__,
        "reading": lambda one: one == "none" or one in OUTCOMES,
        "kind": SOURCE_TYPES.__contains__,
        "origin": lambda one: one.isascii() and one.isdigit() and len(one) < 6,
        "mark": MARKS.__contains__,
        "since": _is_day,
        "until": _is_day,
    }
    asked = {name: str(sent.get(name, "")) for name in (*known, "sort", "down", "part")}
    part = asked["part"]
    is_number = part.isascii() and part.isdigit() and len(part) < 6
    return View(
        filters={name: asked[name] for name, fits in known.items() if fits(asked[name])},
        sort=asked["sort"] if asked["sort"] in SORTS else "",
        is_down=asked["down"] == "1",
        part=max(1, int(part)) if is_number else 1,
    )


def choose(cards: Sequence[Card], view: View, origins: Mapping[int, int], ticks: Ticks) -> Shown:
    """The pieces in the view's order and its part of them; ``origins`` are by page id."""
    fitting = [card for card in cards if _fits(card, view.filters, origins, ticks)]
    ordered = _sort(fitting, view, origins, ticks)
    parts = max(1, -(-len(ordered) // MOST_SHOWN))
    part = min(view.part, parts)
    drawn = ordered[(part - 1) * MOST_SHOWN : part * MOST_SHOWN]
    hidden: list[Card] = []
    if len(cards) <= MOST_SHOWN:
        kept = {card.pk for card in drawn}
        hidden = [card for card in cards if card.pk not in kept]
    return Shown(
        cards=(*drawn, *hidden),
        hidden=frozenset(card.number for card in hidden),
        fitting=len(fitting),
        total=len(cards),
        part=part,
        parts=parts,
    )


def offer_filters(view: View, origins: Iterable[tuple[int, str]]) -> tuple[Select, ...]:
    """Every select with the chosen option marked; ``origins`` are (number, label)."""
    readings = [
        *((one.value, label) for one, (label, _) in OUTCOMES.items()),
        ("none", "No number"),
    ]
    offered = (
        ("stance", "Stance", [(one.value, label) for one, (label, _, _) in STANCES.items()]),
        ("reading", "Reading of the number", [*readings, ("none", "No number")]),
        ("origin", "Origin", [(str(number), label) for number, label in origins]),
        ("kind", "Kind of publisher", [(one.value, label) for one, label in SOURCE_TYPES.items()]),
        ("mark", "Marked", list(MARKS.items())),
    )
    found = [
        Select(name, label, _choices(options, view.filters.get(name, "")))
        for name, label, options in offered
    ]
    return (*found, Select("sort", "Sort by", _choices(list(SORTS.items()), view.sort or "number")))


def list_parts(view: View, shown: Shown) -> tuple[Part, ...]:
    """The parts of a long list; none where one page holds it."""
    if shown.parts == 1:
        return ()
    return tuple(
        Part(number, number == shown.part, replace(view, part=number).query)
        for number in range(1, shown.parts + 1)
    )


def head_of(view: View, column: str) -> tuple[str, str]:
    """For a column's head: its ``aria-sort`` word, empty if it is not sorted by, and the query."""
    is_by = view.sort == column
    said = ("descending" if view.is_down else "ascending") if is_by else ""
    is_down = not view.is_down if is_by else column in DOWN_FIRST
    return said, replace(view, sort=column, is_down=is_down, part=1).query


def _choices(options: list[tuple[str, str]], chosen: str) -> tuple[Choice, ...]:
    return tuple(Choice(value, label, value == chosen) for value, label in options)


def _is_day(text: str) -> bool:
    try:
        # Weeks are ISO too, and do not sort as days do.
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _fits(card: Card, wanted: Mapping[str, str], origins: Mapping[int, int], ticks: Ticks) -> bool:
    day = card.published_on.isoformat() if card.published_on else ""
    held = {
        "stance": card.current,
        "reading": card.comparison.outcome if card.comparison else "none",
        "kind": card.kind,
        "origin": str(origins.get(card.page_id, "")),
    }
    if any(wanted.get(name) and wanted[name] != value for name, value in held.items()):
        return False
    since, until = wanted.get("since", ""), wanted.get("until", "")
    if (since and day < since) or (until and not "" < day <= until):
        return False
    marks = {
        "": True,
        "decisive": card.pk in ticks.decisive,
        "rests": card.pk in ticks.rests,
        "primary": card.is_primary,
        "then": card.was_true_then,
        "unjudged": not card.stance,
    }
    return marks[wanted.get("mark", "")]


def _sort(cards: list[Card], view: View, origins: Mapping[int, int], ticks: Ticks) -> list[Card]:
    """By the chosen key, then by number; what has no such value stands last either way."""
    keys: dict[str, Callable[[Card], Any]] = {
        **_KEYS,
        "origin": lambda card: origins.get(card.page_id, 0),
        "decisive": lambda card: (card.pk not in ticks.decisive, card.pk not in ticks.rests),
    }
    key = keys.get(view.sort)
    if key is None:
        return list(reversed(cards)) if view.is_down else cards
    valued = [card for card in cards if key(card) is not None]
    rest = [card for card in cards if key(card) is None]
    return [*sorted(valued, key=key, reverse=view.is_down), *rest]


def _value(card: Card) -> float | None:
    span = card.comparison.span if card.comparison else None
    return None if span is None else span[0] / 2 + span[1] / 2


def _difference(card: Card) -> float | None:
    held = card.comparison
    if held is None or held.span is None or held.claimed is None or not held.is_comparable:
        return None
    return (held.span[0] / 2 + held.span[1] / 2) - (held.claimed[0] / 2 + held.claimed[1] / 2)


def _time(card: Card) -> str | None:
    period = card.comparison.period if card.comparison else ""
    return period.removeprefix("until ").removeprefix("since ") or None


_STANCES = {stance.value: at for at, stance in enumerate(STANCES)}
_READINGS = {outcome.value: at for at, outcome in enumerate(OUTCOMES)}
_KEYS: dict[str, Callable[[Card], Any]] = {
    "score": lambda card: card.score,
    "who": lambda card: (card.publisher or card.title).casefold(),
    "kind": lambda card: card.source_type,
    "published": lambda card: card.published_on,
    "value": _value,
    "time": _time,
    "difference": _difference,
    "stance": lambda card: _STANCES[card.current],
    "reading": lambda card: _READINGS[card.comparison.outcome] if card.comparison else None,
}
