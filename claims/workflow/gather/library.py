"""The library: full text over every page and article the team has stored, as a search provider.

PostgreSQL filters by full text; its rank has no inverse document frequency, so BM25 puts
what it let through in order, pages and articles together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, QuerySet

from claims.models.article import Article
from claims.models.page import Page, Snapshot
from claims.text.bm25 import WordIndex
from claims.text.words import STOP_STEMS, cut_words
from claims.web.search.protocol import Found
from claims.workflow.gather.providers import RESULTS_PER_QUERY

FILTERED = 50
RANKED_CHARS = 12_000
SNIPPET_CHARS = 200
MAX_WORDS = 40


@dataclass(frozen=True, slots=True)
class Shelved:
    """What the library has for a query, best first: stored pages, and articles by their URL."""

    stored: tuple[tuple[Page, str, str], ...] = ()
    found: tuple[Found, ...] = ()

    def __len__(self) -> int:
        return len(self.stored) + len(self.found)


def search_library(
    team_id: int, query: str, *, but_articles: Sequence[int] = (), limit: int = RESULTS_PER_QUERY
) -> Shelved:
    """Stored pages and articles of a team for the query.

    ``but_articles`` are left out, and so are the copies of their pages: an article that makes a
    claim is no source for it. Articles without a URL cannot be cited, and are left out too.
    """
    words = re.findall(r"\w+", query.lower())[:MAX_WORDS]
    if not words:
        return Shelved()
    wanted = SearchQuery(" | ".join(words), config="english", search_type="raw")
    own = Article.objects.filter(pk__in=but_articles).exclude(url="").values("canonical_url")
    pages = Snapshot.objects.filter(page__team_id=team_id).exclude(page__canonical_url__in=own)
    snapshots = _newest(_filter(pages, wanted))
    articles = [
        one
        for one in _filter(
            Article.objects.filter(team_id=team_id).exclude(url="").exclude(pk__in=but_articles),
            wanted,
        )
        if one.canonical_url not in {snapshot.page.canonical_url for snapshot in snapshots}
    ]
    rows = [*snapshots, *articles]
    best = _rank(query, rows)[:limit]
    return Shelved(
        tuple(
            (one.page, one.title, one.text[:SNIPPET_CHARS])
            for one in best
            if isinstance(one, Snapshot)
        ),
        tuple(
            Found(one.url, one.title, one.text[:SNIPPET_CHARS], one.published_on)
            for one in best
            if isinstance(one, Article)
        ),
    )


def _filter(rows: QuerySet[Any], wanted: SearchQuery) -> list[Any]:
    heavy = {"links", "tables", "headers", "search"}
    columns = {field.name for field in rows.model._meta.concrete_fields}
    found = rows.filter(search=wanted).annotate(rank=SearchRank(F("search"), wanted))
    if rows.model is Snapshot:
        found = found.select_related("page")
    return list(found.defer(*(heavy & columns)).order_by("-rank", "-id")[:FILTERED])


def _newest(snapshots: Sequence[Snapshot]) -> list[Snapshot]:
    """One copy of each page, the one that answers best."""
    by_page: dict[int, Snapshot] = {}
    for snapshot in snapshots:
        by_page.setdefault(snapshot.page_id, snapshot)
    return list(by_page.values())


def _rank(query: str, rows: Sequence[Snapshot | Article]) -> list[Snapshot | Article]:
    """Those that share a telling word with the query, by BM25."""
    wanted = {word for word in cut_words(query) if word not in STOP_STEMS}
    texts = (cut_words(f"{one.title}\n{one.text[:RANKED_CHARS]}") for one in rows)
    scores = WordIndex(texts, only=wanted).score_texts(dict.fromkeys(wanted, 1.0))
    order = sorted(range(len(rows)), key=lambda place: -scores[place])
    return [rows[place] for place in order if scores[place] > 0]
