"""Following: whom the pages of a ticket take their report from, a step nearer to the source.

Promises links of passages and of the bodies they name as pages of the next round, a few a
round, each with a row of the log that says which page cites it and why; a page is followed once.
Refuses links within a site, pages that the ticket has, and passages that were put aside.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from claims.models.evidence import Evidence
from claims.models.page import Page
from claims.models.page_origin import PageOrigin
from claims.models.search import Search, SearchResult
from claims.models.storable import storable
from claims.models.ticket import Ticket
from claims.vocabulary import ProviderName, SearchOutcome, SearchPurpose
from claims.web.errors import FetchError
from claims.web.search.protocol import Found
from claims.web.urls import canonical_url, site_of
from claims.workflow.gather.linking import link_pages
from claims.workflow.gather.setups import read_setups

MOST_FOLLOWED = 6
"""Links of one round: the source of the few passages that were chosen, not the web."""
MOST_OF_A_PAGE = 3
SHORTEST_ANCHOR = 4


@dataclass(frozen=True, slots=True)
class Lead:
    """One link towards a source, the page that gives it, and why it is one."""

    citing: Page
    url: str
    text: str
    reason: str


def follow_links(ticket: Ticket, number: int) -> int:
    """Owe the pages that the ticket's evidence cites, as searches of round ``number``.

    Gives how many pages are new to the ticket. The caller holds the ticket's row.
    """
    if not read_setups()[ProviderName.CITED].is_ready:
        return 0
    followed: dict[Page, list[Lead]] = defaultdict(list)
    count = 0
    for lead in _fresh(ticket):
        if count == MOST_FOLLOWED:
            break
        if len(followed[lead.citing]) < MOST_OF_A_PAGE:
            followed[lead.citing].append(lead)
            count += 1
    for citing, leads in followed.items():
        search = Search.objects.create(
            team=ticket.team,
            ticket=ticket,
            provider=ProviderName.CITED,
            round=number,
            purpose=SearchPurpose.CITED,
            query=storable(f"cited by {citing}", 300),
            outcome=SearchOutcome.FOUND,
            detail=storable("; ".join(dict.fromkeys(lead.reason for lead in leads)), 2000),
            ended_at=timezone.now(),
        )
        search.result_count = link_pages(search, [Found(one.url, one.text, "") for one in leads])
        search.save(update_fields=["result_count"])
    return count


def _fresh(ticket: Ticket) -> Iterator[Lead]:
    """The leads to pages that the ticket does not have, plain words before mere links."""
    seen = set(
        SearchResult.objects.filter(search__ticket=ticket).values_list(
            "page__canonical_url", flat=True
        )
    )
    for lead in (*_named(ticket), *_linked(ticket)):
        try:
            canonical = canonical_url(lead.url)
        except FetchError:
            continue
        if canonical not in seen and site_of(lead.url) != site_of(lead.citing.url):
            seen.add(canonical)
            yield lead


def _named(ticket: Ticket) -> Iterator[Lead]:
    """Links of pages to the bodies that their passages name."""
    heard = Evidence.objects.filter(ticket=ticket, is_aside=False)
    pages = heard.values("passage__snapshot__page")
    rows = PageOrigin.objects.filter(ticket=ticket, page__in=pages).select_related("page__source")
    for row in rows.order_by("id"):
        for one in row.cites:
            if one["page"] is None and one["url"]:
                yield Lead(row.page, str(one["url"]), str(one["name"]), str(one["reason"]))


def _linked(ticket: Ticket) -> Iterator[Lead]:
    """Links whose words stand in the passage itself."""
    heard = Evidence.objects.filter(ticket=ticket, is_aside=False)
    pieces = heard.select_related("passage__snapshot__page__source").only(
        "passage__quote",
        "passage__snapshot__links",
        "passage__snapshot__page__url",
        "passage__snapshot__page__title",
        "passage__snapshot__page__source__name",
    )
    for piece in pieces.order_by("number"):
        snapshot = piece.passage.snapshot
        for link in snapshot.links:
            words = str(link.get("text", "")).strip()
            if len(words) >= SHORTEST_ANCHOR and words in piece.passage.quote:
                told = f"its passage [{piece.number}] links to “{words[:80]}”"
                yield Lead(snapshot.page, str(link.get("url", "")), words, told)
