"""The library: full text over every page the team has stored, as a search provider.

PostgreSQL filters by full text; its rank has no inverse document frequency, so
BM25 puts the filtered pages in order.
"""

from __future__ import annotations

import re

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F

from claims.models.page import Page, Snapshot
from claims.models.search import Search
from claims.text.passages import rank_passages
from claims.workflow.gather.providers import RESULTS_PER_QUERY

FILTERED = 50
RANKED_CHARS = 4000
SNIPPET_CHARS = 200


def search_library(search: Search) -> list[tuple[Page, str, str]]:
    """Stored pages of the ticket's team for the query: page, title, snippet, best first."""
    words = re.findall(r"\w+", search.query.lower())
    if not words:
        return []
    query = SearchQuery(" | ".join(words), config="english", search_type="raw")
    newest: dict[int, Snapshot] = {}
    rows = (
        Snapshot.objects.filter(page__team_id=search.ticket.team_id, search=query)
        .annotate(rank=SearchRank(F("search"), query))
        .select_related("page")
        .defer("links", "tables", "headers", "search")
        .order_by("-rank", "-id")[:FILTERED]
    )
    for snapshot in rows:
        newest.setdefault(snapshot.page_id, snapshot)
    snapshots = list(newest.values())
    ranked = rank_passages(
        search.query, [f"{one.title}\n{one.text[:RANKED_CHARS]}" for one in snapshots]
    )
    best = [snapshots[one.index] for one in ranked if one.score > 0][:RESULTS_PER_QUERY]
    return [(one.page, one.title, one.text[:SNIPPET_CHARS]) for one in best]
