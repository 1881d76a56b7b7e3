"""Opening a place to search it, and the clients that pages and places are asked with.

The library is the team's own stored pages and needs no network; the others speak
through the guarded client only.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

import structlog
from django.conf import settings

from claims.log_events import LogEvent
from claims.vocabulary import ProviderName
from claims.web.breaker import Breaker
from claims.web.caching import ResponseCache
from claims.web.client import Client, ClientLimits
from claims.web.errors import FetchError
from claims.web.robots import Robots
from claims.web.search.brave import BraveSearch
from claims.web.search.fact_checks import FactCheckSearch
from claims.web.search.feeds import FeedSearch, FeedShelf
from claims.web.search.gdelt import GdeltSearch
from claims.web.search.mediawiki import MediaWikiSearch
from claims.web.search.protocol import Asking, SearchProvider
from claims.web.search.sample_web import SampleWebSearch
from claims.web.search.searxng import SearxngSearch
from claims.web.search.sites import SiteSearch
from claims.web.search.wayback import WAYBACK, Archive
from claims.web.throttle import Throttle, throttle_key
from claims.web.urls import parse_http_url
from claims.workflow.gather.breaking import SharedBreakerStore
from claims.workflow.gather.catalogue import KINDS, LABELS
from claims.workflow.gather.politeness import SharedRobotsStore, SharedThrottleStore
from claims.workflow.gather.remembering import answer_cache
from claims.workflow.gather.setups import Setup, read_setups

__all__ = [
    "LABELS",
    "archive_in_use",
    "archive_of",
    "open_provider",
    "page_client",
    "search_client",
]
# Nothing waits for a provider that does not answer.
SEARCH_DEADLINE_SECONDS = 6.0
# No service answers one query with more than this.
SEARCH_MAX_BYTES = 4 * 1024 * 1024
# A host that was opened by hand (a demo, an intranet) is asked without a pause between pages.
ALLOWED_HOST_DELAY_SECONDS = 0.0
HOST_CONCURRENCY = 1
RESULTS_PER_QUERY = 8

Pairs = frozenset[tuple[str, int]]
SHELF = FeedShelf()
log = structlog.get_logger("claims.gather")


@functools.cache
def page_client() -> Client:
    """The guarded client for pages, one per process; what was opened by hand is logged once."""
    if settings.FETCH_ALLOW:
        opened = [f"{host}:{port}" for host, port in settings.FETCH_ALLOW]
        log.warning(LogEvent.HOSTS_OPENED, opened=opened)
    return make_client(
        settings.FETCH_DEADLINE_SECONDS,
        settings.FETCH_MAX_BYTES,
        frozenset(settings.FETCH_ALLOW),
        answer_cache(),
    )


def search_client() -> Client:
    """The same client with less patience, for search services; one per process and settings."""
    return _search_client(search_deadline_seconds(), reachable_by_search())


def search_deadline_seconds() -> float:
    """How long one query may take in all."""
    return min(SEARCH_DEADLINE_SECONDS, settings.FETCH_DEADLINE_SECONDS)


def reachable_by_search() -> Pairs:
    """What searches may reach although its address is not public.

    Besides what is open to all: the SearXNG that the environment names, which usually stands
    beside the workbench. Pages may not be fetched from there, and an address that an admin
    typed gets no such leave.
    """
    allow = set(settings.FETCH_ALLOW)
    if settings.SEARXNG_URL:
        # An address that is none is told by the search itself, in its row of the log.
        with suppress(FetchError):
            own = parse_http_url(settings.SEARXNG_URL)
            allow.add((own.host, own.port))
    return frozenset(allow)


@functools.lru_cache(maxsize=8)
def _search_client(deadline_seconds: float, allow: Pairs) -> Client:
    return make_client(deadline_seconds, SEARCH_MAX_BYTES, allow)


def open_provider(
    setup: Setup, client: Asking, sites: tuple[str, ...] = (), shelf: FeedShelf = SHELF
) -> SearchProvider:
    """The place as set up; ``sites`` are the team's own trusted ones, beside those listed.

    Raises ``KeyError`` for a place that is not asked over the network.
    """
    url, name = setup.base_url, ProviderName
    openers: dict[ProviderName, Callable[[], SearchProvider]] = {
        name.SAMPLE_WEB: functools.partial(SampleWebSearch, client, url),
        name.WIKIPEDIA: functools.partial(MediaWikiSearch, client, url),
        name.SEARXNG: functools.partial(SearxngSearch, client, url),
        name.BRAVE: functools.partial(BraveSearch, client, setup.key, url),
        name.FACT_CHECKS: functools.partial(FactCheckSearch, client, setup.key, url),
        name.GDELT: functools.partial(GdeltSearch, client, url),
        name.FEEDS: functools.partial(FeedSearch, client, setup.places, shelf),
        name.SITES: functools.partial(
            SiteSearch,
            SearxngSearch(client, url),
            tuple(dict.fromkeys((*sites, *setup.places))),
        ),
    }
    return openers[setup.name]()


def archive_in_use() -> Archive | None:
    """The archive that is asked for copies of pages; ``None`` while it is switched off."""
    setup = read_setups()[ProviderName.WAYBACK]
    return archive_of(setup) if setup.is_on else None


def archive_of(setup: Setup) -> Archive:
    """The archive at the address that is set; the published one stands at two hosts."""
    url = setup.base_url.rstrip("/")
    if url == setup.kind.default_url:
        return WAYBACK
    return Archive(f"{url}/wayback/available", f"{url}/cdx/search/cdx", f"{url}/web")


def make_client(
    deadline_seconds: float, max_bytes: int, allow: Pairs, cache: ResponseCache | None = None
) -> Client:
    """A guarded client with the settings' limits, polite together with all other workers."""
    limits = ClientLimits(
        max_bytes=max_bytes,
        max_redirects=settings.FETCH_MAX_REDIRECTS,
        deadline_seconds=deadline_seconds,
        user_agent=f"FactcheckWorkbench/0.1 (+{settings.FETCH_CONTACT})",
        allow=allow,
    )
    throttle = Throttle(
        SharedThrottleStore(),
        delay_seconds=settings.FETCH_HOST_GAP_SECONDS,
        concurrency=HOST_CONCURRENCY,
        own_delays={throttle_key(host, port): ALLOWED_HOST_DELAY_SECONDS for host, port in allow}
        | _service_pauses(),
    )
    return Client(
        limits,
        throttle=throttle,
        robots=Robots(SharedRobotsStore()),
        breaker=Breaker(SharedBreakerStore()),
        cache=cache,
    )


def _service_pauses() -> dict[str, float]:
    """The pause that a service itself asks for between two queries, by its host."""
    return {
        throttle_key(str(urlsplit(kind.default_url).hostname), 443): kind.pause_seconds
        for kind in KINDS.values()
        if kind.pause_seconds
    }
