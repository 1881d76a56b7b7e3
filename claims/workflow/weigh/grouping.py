"""Grouping: which pages carry one report, and whose report each passes on, in memory alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from claims.models.article import Article
from claims.models.page import Snapshot
from claims.models.ticket import Ticket
from claims.text.citations import Citation, CitingPage, find_citations
from claims.text.origins import (
    OriginLink,
    OriginPage,
    cut_shingles,
    group_origins,
    is_same_text,
)
from claims.web.urls import site_of
from claims.workflow.weigh.cutting import WEIGHED_CHARS

OWN_COPY = "a copy of the claim's own article"
# A claim that stood in more articles is held against the first of them.
MOST_MAKING = 20


@dataclass(frozen=True, slots=True)
class Grouped:
    """How one page stands to the others: the number of its origin, and why, by page ids.

    ``is_own_copy``: its origin is the claim's own article, and so no evidence beside it.
    """

    number: int
    reasons: tuple[str, ...] = ()
    links: tuple[OriginLink, ...] = ()
    cites: tuple[Citation, ...] = ()
    is_own_copy: bool = False


@dataclass(frozen=True, slots=True)
class Making:
    """An article that makes the claim: its words and its day."""

    text: str
    published_on: date | None


def list_making(ticket: Ticket) -> list[Making]:
    """The articles in which the ticket's claim stands, the first ones."""
    rows = Article.objects.filter(pk__in=ticket.claim.appearances.values("article"))
    told = rows.order_by("published_on", "id").values_list("text", "published_on")
    return [Making(text, published_on) for text, published_on in told[:MOST_MAKING]]


def group_snapshots(
    snapshots: Sequence[Snapshot], quotes: Mapping[int, Sequence[str]], making: Sequence[Making]
) -> dict[int, Grouped]:
    """Every page's origin by the page's id; ``quotes`` are the passages chosen of each page.

    Pages with the text of one of the articles ``making`` the claim are of that article's origin,
    whatever else they share with the others.
    """
    outgoing = {one.page_id: _outgoing(one) for one in snapshots}
    own = _find_own_copies(snapshots, making)
    groups = group_origins(
        [
            OriginPage(
                id=str(one.page_id),
                text=one.main_text[:WEIGHED_CHARS],
                url=one.final_url,
                publisher=_publisher(one) or None,
                links=outgoing[one.page_id],
            )
            for one in snapshots
            if one.page_id not in own
        ]
    )
    cited = find_citations(
        [
            CitingPage(
                id=str(one.page_id),
                url=one.final_url,
                publisher=_publisher(one),
                quotes=tuple(quotes.get(one.page_id, ())),
                edges=one.main_text[:WEIGHED_CHARS],
                links=outgoing[one.page_id],
            )
            for one in snapshots
        ]
    )
    cites = {
        page_id: tuple(one for one in cited if one.citing == str(page_id)) for page_id in outgoing
    }
    grouped = {
        int(page_id): Grouped(
            number,
            group.reasons,
            tuple(link for link in group.links if page_id in (link.left, link.right)),
            cites[int(page_id)],
        )
        for number, group in enumerate(groups, start=1)
        for page_id in group.ids
    }
    last = len(groups) + 1
    return grouped | {
        page_id: Grouped(last, (OWN_COPY,), (), cites[page_id], is_own_copy=True) for page_id in own
    }


def _find_own_copies(snapshots: Sequence[Snapshot], making: Sequence[Making]) -> list[int]:
    """The pages that carry the text of such an article; what was out before it does not."""
    texts = [(cut_shingles(one.text), one.published_on) for one in making]
    found = []
    for one in snapshots if texts else ():
        marks, day = cut_shingles(one.main_text), one.published_on
        no_later = (text for text, since in texts if not (day and since and day < since))
        if any(is_same_text(marks, text) for text in no_later):
            found.append(one.page_id)
    return found


def _publisher(snapshot: Snapshot) -> str:
    source = snapshot.page.source
    return source.name if source else snapshot.publisher


def _outgoing(snapshot: Snapshot) -> tuple[str, ...]:
    """Links to other sites; those within the site are its menus and its own archive."""
    own = site_of(snapshot.final_url)
    return tuple(link["url"] for link in snapshot.links if site_of(link["url"]) != own)
