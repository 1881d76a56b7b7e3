"""What a reviewer sees of the searching itself: reviews by others, why it stopped, where to ask."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from claims.admin.outside import Outside, outside_link
from claims.admin.ticket_panels.desk import Desk
from claims.admin.ticket_panels.wording import SEARCH_STOPS
from claims.models import SearchResult
from claims.vocabulary import ProviderName, SearchStop
from claims.workflow.gather.setups import places_for_team

SHOWN_FACT_CHECKS = 10


@dataclass(frozen=True, slots=True)
class FactCheck:
    """A review that somebody else published, with their own words for the rating."""

    claim: str
    publisher: str
    rating: str
    published: date | None
    url: str
    outside: Outside


@dataclass(frozen=True, slots=True)
class PlaceToAsk:
    """One place that a person's own search can be limited to."""

    name: str
    label: str
    is_chosen: bool


def list_fact_checks(desk: Desk) -> tuple[FactCheck, ...]:
    """Existing fact-checks that this ticket's searches brought, each once (one query)."""
    rows = SearchResult.objects.filter(
        search__ticket=desk.ticket, search__provider=ProviderName.FACT_CHECKS
    )
    by_page = {row.page_id: row for row in rows.select_related("page").order_by("-pk")}
    newest = sorted(by_page.values(), key=lambda row: (row.search_id, row.rank))
    return tuple(
        FactCheck(
            claim=row.title,
            publisher=row.publisher,
            rating=row.rating,
            published=row.published_on,
            url=row.page.url,
            outside=outside_link(row.page.url),
        )
        for row in newest[:SHOWN_FACT_CHECKS]
    )


def say_stop(desk: Desk) -> str:
    """Why the machine searched no further; ``""`` while it searches."""
    stop = desk.ticket.search_stop
    return SEARCH_STOPS[SearchStop(stop)] if stop else ""


def list_places(desk: Desk, chosen: Collection[str]) -> tuple[PlaceToAsk, ...]:
    """The places that are set up for the ticket's team (two queries)."""
    return tuple(
        PlaceToAsk(setup.name, setup.name.label, setup.name in chosen)
        for setup in places_for_team(desk.ticket.team_id)
    )
