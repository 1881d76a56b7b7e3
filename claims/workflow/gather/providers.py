"""Which places are searched for a ticket, and with which client.

A provider's name is what the log of searches shows. The library is the team's
own stored pages and needs no network; the others speak through the guarded
client only.
"""

from __future__ import annotations

import functools

from django.conf import settings

from claims.vocabulary import SearchPurpose
from claims.web.client import Client, ClientLimits
from claims.web.robots import Robots
from claims.web.search.mediawiki import MediaWikiSearch
from claims.web.search.protocol import SearchProvider
from claims.web.search.sample_web import SampleWebSearch
from claims.web.throttle import Throttle, throttle_key
from claims.workflow.gather.politeness import SharedRobotsStore, SharedThrottleStore

CITED, LIBRARY, WIKIPEDIA, SAMPLE_WEB = "cited", "library", "wikipedia", "sample_web"
# Nothing waits for a provider that does not answer.
SEARCH_DEADLINE_SECONDS = 6.0
# A host that was opened by hand (a demo, an intranet) is asked without a pause between pages.
ALLOWED_HOST_DELAY_SECONDS = 0.0
HOST_CONCURRENCY = 1
RESULTS_PER_QUERY = 8
# After a provider could not be reached, the next queries are answered so at once for this long.
UNREACHABLE_SECONDS = 120

LABELS = {
    CITED: "Links cited by the article",
    LIBRARY: "Library of stored pages",
    WIKIPEDIA: "Wikipedia",
    SAMPLE_WEB: "Sample web",
}


def providers_in_use() -> list[str]:
    """Names of the providers that take queries, in the order in which the ticket shows them."""
    names = [LIBRARY]
    if settings.SAMPLE_WEB_URL:
        names.append(SAMPLE_WEB)
    if settings.WIKIPEDIA_API_URL:
        names.append(WIKIPEDIA)
    return names


def purposes_of(provider: str) -> frozenset[SearchPurpose]:
    """The library holds what both searches brought, so looking for support is enough there."""
    if provider == LIBRARY:
        return frozenset({SearchPurpose.SUPPORT})
    return frozenset({SearchPurpose.SUPPORT, SearchPurpose.CONTRADICT})


@functools.cache
def page_client() -> Client:
    """The guarded client for pages, one per process."""
    return _make_client(settings.FETCH_DEADLINE_SECONDS)


@functools.cache
def search_client() -> Client:
    """The same client with less patience, for search providers."""
    return _make_client(min(SEARCH_DEADLINE_SECONDS, settings.FETCH_DEADLINE_SECONDS))


@functools.cache
def open_provider(name: str) -> SearchProvider:
    """The provider of that name; raises ``KeyError`` for one that is not asked over the network."""
    if name == WIKIPEDIA:
        return MediaWikiSearch(search_client(), settings.WIKIPEDIA_API_URL)
    if name == SAMPLE_WEB:
        return SampleWebSearch(search_client(), settings.SAMPLE_WEB_URL)
    raise KeyError(name)


def _make_client(deadline_seconds: float) -> Client:
    limits = ClientLimits(
        max_bytes=settings.FETCH_MAX_BYTES,
        max_redirects=settings.FETCH_MAX_REDIRECTS,
        deadline_seconds=deadline_seconds,
        user_agent=f"FactcheckWorkbench/0.1 (+{settings.FETCH_CONTACT})",
        allow=frozenset(settings.FETCH_ALLOW),
    )
    throttle = Throttle(
        SharedThrottleStore(),
        delay_seconds=settings.FETCH_HOST_GAP_SECONDS,
        concurrency=HOST_CONCURRENCY,
        own_delays={
            throttle_key(host, port): ALLOWED_HOST_DELAY_SECONDS
            for host, port in settings.FETCH_ALLOW
        },
    )
    return Client(limits, throttle=throttle, robots=Robots(SharedRobotsStore()))
