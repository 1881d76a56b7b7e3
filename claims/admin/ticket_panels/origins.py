"""Origins: which pages carry one report, why, whom they cite, and the acts of a person on it.

Promises: one query whatever the number of pages; the count is of the pages that give evidence
and says "at most"; what a person said is told apart from what the machine found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from claims.admin.outside import Outside, outside_link
from claims.admin.ticket_panels.cards import Card
from claims.admin.ticket_panels.desk import Desk, name_of
from claims.admin.ticket_panels.evidence import number_origins
from claims.admin.ticket_panels.forms import MAX_ID_DIGITS, TicketForm
from claims.admin.ticket_panels.links import link_to
from claims.models import Page, PageOrigin
from claims.text.citations import find_circles, trace_chain
from claims.workflow.weigh import join_origins, restore_origins, split_origin


class OriginForm(TicketForm):
    """Which page, and what a person says of its origin; ``other`` is the page to merge with."""

    act = forms.ChoiceField(choices=[(act, act) for act in ("joined", "apart", "back")])
    page = forms.IntegerField(required=False, min_value=1, max_value=10**MAX_ID_DIGITS)
    other = forms.IntegerField(required=False, min_value=1, max_value=10**MAX_ID_DIGITS)


@dataclass(frozen=True, slots=True)
class Place:
    """A page as a line names it: its evidence, if it gives any, and its own page here."""

    page_id: int
    numbers: tuple[int, ...]
    name: str
    href: str
    is_primary: bool


@dataclass(frozen=True, slots=True)
class Why:
    """One reason why a page stands where it does, and the pages it shares it with."""

    reason: str
    others: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """One page of an origin."""

    place: Place
    card: Card
    why: tuple[Why, ...]
    told_by: str


@dataclass(frozen=True, slots=True)
class Group:
    """The pages of one origin; ``label`` names it in a list.

    ``is_own``: it is the claim's own article, and counts as none beside it.
    """

    number: int
    members: tuple[Member, ...]
    label: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """From a page over those it cites: to the last one, or to a body by its name."""

    steps: tuple[Place, ...]
    reason: str
    name: str = ""
    outside: Outside | None = None
    query: str = ""


@dataclass(frozen=True, slots=True)
class OriginsPanel:
    """The origins of the pages that give evidence, chains towards sources, and circles."""

    groups: tuple[Group, ...]
    independent: int
    page_count: int
    chains: tuple[Chain, ...]
    circles: tuple[tuple[Place, ...], ...]
    is_changed: bool


def build_origins(desk: Desk, cards: Sequence[Card]) -> OriginsPanel:
    """The origins behind the cards (one query)."""
    rows = {
        row.page_id: row
        for row in PageOrigin.objects.filter(ticket=desk.ticket)
        .select_related("page__source", "set_by")
        .order_by("id")
    }
    by_page: dict[int, list[Card]] = {}
    for card in sorted(cards, key=lambda one: one.number):
        by_page.setdefault(card.page_id, []).append(card)
    places = {page: _place_of_row(row) for page, row in rows.items()}
    places |= {page: _place_of_cards(page, held) for page, held in by_page.items()}
    groups = _groups(by_page, rows, places)
    return OriginsPanel(
        groups=groups,
        independent=sum(not group.is_own for group in groups),
        page_count=len(by_page),
        chains=_chains(desk, by_page, rows, places),
        circles=tuple(
            tuple(places[int(page)] for page in circle)
            for circle in find_circles(_cites(rows, places))
        ),
        is_changed=any(row.is_apart or row.joined_to_id for row in rows.values()),
    )


def post_origin(desk: Desk, form: OriginForm) -> str:
    """Merge a page's origin with another's, set a page apart, or take all of that back.

    Raises ``OriginRefused`` where there is nothing to change, or the page is not the ticket's.
    """
    act, page, other = (form.cleaned_data[name] for name in ("act", "page", "other"))
    if act == "back":
        restore_origins(desk.ticket, by=desk.person)
        return "The origins are as the machine grouped them."
    if act == "apart":
        split_origin(desk.ticket, page, by=desk.person)
        return "The page stands by itself now."
    join_origins(desk.ticket, page, other, by=desk.person)
    return "The two are one origin now."


def _groups(
    by_page: Mapping[int, Sequence[Card]],
    rows: Mapping[int, PageOrigin],
    places: Mapping[int, Place],
) -> tuple[Group, ...]:
    pages_of: dict[int, list[int]] = {}
    for page, number in number_origins([cards[0] for cards in by_page.values()]).items():
        pages_of.setdefault(number, []).append(page)
    return tuple(
        Group(
            number,
            tuple(_member(page, pages, by_page, rows, places) for page in pages),
            f"Origin {number}: {places[pages[0]].name[:60]}",
            is_own=any(card.is_own_copy for page in pages for card in by_page[page]),
        )
        for number, pages in pages_of.items()
    )


def _member(
    page: int,
    pages: Sequence[int],
    by_page: Mapping[int, Sequence[Card]],
    rows: Mapping[int, PageOrigin],
    places: Mapping[int, Place],
) -> Member:
    row = rows.get(page)
    shared: dict[str, list[Place]] = {}
    for link in row.links if row and not row.is_apart else ():
        if link.get("page") in pages and link["page"] in places:
            shared.setdefault(str(link["reason"]), []).append(places[link["page"]])
    if row is None and len(pages) > 1:
        shared = {reason: [] for reason in by_page[page][0].twin_reasons}
    why = tuple(Why(reason, tuple(others)) for reason, others in shared.items())
    told = row is not None and (row.is_apart or row.joined_to_id is not None)
    who = (name_of(row.set_by) or "a former colleague") if row is not None and told else ""
    return Member(places[page], by_page[page][0], why, who)


def _chains(
    desk: Desk,
    by_page: Mapping[int, Sequence[Card]],
    rows: Mapping[int, PageOrigin],
    places: Mapping[int, Place],
) -> tuple[Chain, ...]:
    cites = _cites(rows, places)
    reasons = {
        (page, one["page"]): one["reason"] for page, row in rows.items() for one in row.cites
    }
    ways = [trace_chain(str(page), cites) for page in by_page]
    circles = [set(circle) for circle in find_circles(cites)]
    chains: list[Chain] = []
    for way in ways:
        is_part = any(other != way and other[-len(way) :] == way for other in ways)
        if len(way) == 1 or is_part or any(circle.issuperset(way) for circle in circles):
            continue
        steps = tuple(places[int(step)] for step in way)
        chains.append(Chain(steps, str(reasons[int(way[0]), int(way[1])])))
    named = (
        _named(desk, places[page], one)
        for page in by_page
        for one in (rows[page].cites if page in rows else ())
        if one["page"] is None
    )
    return (*chains, *named)


def _named(desk: Desk, place: Place, cited: Mapping[str, Any]) -> Chain:
    claim, name = desk.ticket.claim, str(cited["name"])
    words = f"{name} {claim.of_what or claim.measured or claim.self_contained}"
    return Chain(
        (place,),
        str(cited["reason"]),
        name,
        outside_link(cited["url"]),
        " ".join(words.split())[:300],
    )


def _cites(rows: Mapping[int, PageOrigin], places: Mapping[int, Place]) -> dict[str, list[str]]:
    return {
        str(page): [str(one["page"]) for one in row.cites if one["page"] in places]
        for page, row in rows.items()
    }


def _place_of_row(row: PageOrigin) -> Place:
    page = row.page
    name = (page.source.name if page.source else "") or page.title or page.url
    return Place(page.pk, (), name, link_to(Page, page.pk), is_primary=False)


def _place_of_cards(page: int, cards: Sequence[Card]) -> Place:
    numbers = tuple(card.number for card in cards)
    first = cards[0]
    name = first.publisher or first.title
    return Place(page, numbers, name, link_to(Page, page), first.is_primary)
