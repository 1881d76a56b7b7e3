"""Grouping: which pages carry one report, and whose report each passes on, in memory alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from claims.models.page import Snapshot
from claims.text.citations import Citation, CitingPage, find_citations
from claims.text.origins import OriginLink, OriginPage, group_origins
from claims.web.urls import site_of
from claims.workflow.weigh.cutting import WEIGHED_CHARS


@dataclass(frozen=True, slots=True)
class Grouped:
    """How one page stands to the others: the number of its origin, and why, by page ids."""

    number: int
    reasons: tuple[str, ...] = ()
    links: tuple[OriginLink, ...] = ()
    cites: tuple[Citation, ...] = ()


def group_snapshots(
    snapshots: Sequence[Snapshot], quotes: Mapping[int, Sequence[str]]
) -> dict[int, Grouped]:
    """Every page's origin by the page's id; ``quotes`` are the passages chosen of each page."""
    outgoing = {one.page_id: _outgoing(one) for one in snapshots}
    groups = group_origins(
        [
            OriginPage(
                id=str(one.page_id),
                text=one.text[:WEIGHED_CHARS],
                url=one.final_url,
                publisher=_publisher(one) or None,
                links=outgoing[one.page_id],
            )
            for one in snapshots
        ]
    )
    cited = find_citations(
        [
            CitingPage(
                id=str(one.page_id),
                url=one.final_url,
                publisher=_publisher(one),
                quotes=tuple(quotes.get(one.page_id, ())),
                edges=one.text[:WEIGHED_CHARS],
                links=outgoing[one.page_id],
            )
            for one in snapshots
        ]
    )
    return {
        int(page_id): Grouped(
            number,
            group.reasons,
            tuple(link for link in group.links if page_id in (link.left, link.right)),
            tuple(one for one in cited if one.citing == page_id),
        )
        for number, group in enumerate(groups, start=1)
        for page_id in group.ids
    }


def _publisher(snapshot: Snapshot) -> str:
    source = snapshot.page.source
    return source.name if source else snapshot.publisher


def _outgoing(snapshot: Snapshot) -> tuple[str, ...]:
    """Links to other sites; those within the site are its menus and its own archive."""
    own = site_of(snapshot.final_url)
    return tuple(link["url"] for link in snapshot.links if site_of(link["url"]) != own)
