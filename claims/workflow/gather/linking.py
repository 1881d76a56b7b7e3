"""Linking: found URLs become pages of the team, results of the search, and owed fetches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from django.db.models import Q
from django.utils import timezone

from claims.models.job import Job
from claims.models.page import Page, Source
from claims.models.search import Search, SearchResult
from claims.models.storable import storable
from claims.models.team import Team
from claims.vocabulary import FetchOutcome, JobKind
from claims.web.errors import FetchError
from claims.web.search.protocol import Found
from claims.web.urls import canonical_url, site_of

# A page that was fetched well within these days is not fetched again for another ticket.
FRESH_DAYS = 7


def link_pages(
    search: Search, found: Sequence[Found], stored: Sequence[tuple[Page, str, str]] = ()
) -> int:
    """Link what a search found; owes the fetch of pages that are new or stale. Gives the count.

    ``stored`` are pages the team already has (from its library) with title and snippet.
    Call it for a team's search.
    """
    team = search.team
    if team is None:
        raise ValueError("only a team has pages")
    by_url: dict[str, Found] = {}
    for one in found:
        try:
            canonical = canonical_url(one.url)
        except FetchError:
            continue
        if len(canonical) <= 2000:
            by_url.setdefault(canonical, one)
    pages = _find_or_make(team, by_url)
    rows = [
        SearchResult(
            search=search,
            page=page,
            rank=rank,
            title=storable(one.title, 500),
            snippet=storable(one.snippet, 2000),
            publisher=storable(one.publisher, 300),
            rating=storable(one.rating, 300),
            published_on=one.published,
        )
        for rank, (page, one) in enumerate(
            [
                *((pages[url], one) for url, one in by_url.items()),
                *((page, Found(page.url, title, snippet)) for page, title, snippet in stored),
            ],
            start=1,
        )
    ]
    SearchResult.objects.bulk_create(rows, ignore_conflicts=True)
    today = timezone.now()
    stale = [
        page
        for page in pages.values()
        if page.outcome != FetchOutcome.OK
        or page.fetched_at is None
        or page.fetched_at < today - timedelta(days=FRESH_DAYS)
    ]
    # The day in the key: a page is asked for at most once a day, whoever wants it.
    Job.objects.owe_many(
        JobKind.FETCH, [f"{page.pk}:{today:%Y-%m-%d}" for page in stale], team=team
    )
    return len(rows)


def find_source(team: Team, url: str) -> Source:
    """The team's source for a URL: the longest prefix that fits, else one made for its site."""
    parts = urlsplit(url)
    place = f"{parts.netloc}{parts.path}"
    known = [
        source
        for source in Source.objects.filter(team=team).filter(
            Q(prefix__startswith=parts.netloc) | Q(prefix=site_of(url))
        )
        if place.startswith(source.prefix) or source.prefix == site_of(url)
    ]
    if known:
        return max(known, key=lambda source: len(source.prefix))
    site = site_of(url)
    return Source.objects.get_or_create(team=team, prefix=site, defaults={"name": site})[0]


def _find_or_make(team: Team, by_url: dict[str, Found]) -> dict[str, Page]:
    known = {
        page.canonical_url: page
        for page in Page.objects.filter(team=team, canonical_url__in=by_url)
    }
    fresh = [
        Page(
            team=team,
            source=find_source(team, canonical),
            url=one.url[:2000],
            canonical_url=canonical,
            title=storable(one.title, 500),
        )
        # One order for everybody: two batches with the same new pages must not lock crosswise.
        for canonical, one in sorted(by_url.items())
        if canonical not in known
    ]
    Page.objects.bulk_create(fresh, ignore_conflicts=True)
    made = Page.objects.filter(team=team, canonical_url__in=[page.canonical_url for page in fresh])
    known.update({page.canonical_url: page for page in made})
    return {url: known[url] for url in by_url}
