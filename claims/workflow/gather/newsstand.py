"""The newsstand: what the listed feeds hold now, laid out to be taken in by a click.

Nothing is taken in by itself: an item becomes an article when a person wants it. The
items lie in the cache; where that is lost, the next reading of the feeds brings them back.
Each reading of a feed is a row of the search log, for a few days.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import date, timedelta

import redis
from django.core.cache import cache
from django.utils import timezone

from claims.models.article import Article
from claims.vocabulary import ProviderName
from claims.web.errors import FetchError
from claims.web.search.feeds import FeedSearch, Item, Reading, list_items
from claims.web.snapshots import text_digest
from claims.web.urls import canonical_url
from claims.workflow.gather.asking import note_health
from claims.workflow.gather.ending import forget_feed_rows, log_feeds
from claims.workflow.gather.providers import SHELF, search_client
from claims.workflow.gather.setups import read_setups

LAID_OUT = "newsstand"
# Until the feeds have surely been read again, or been switched off.
KEPT_SECONDS = 3600
MAX_LAID_OUT = 200
SHOWN = 20
NEW_DAYS = 7
# What a feed held is known for so long: longer than a weekend without a worker.
SEEN_SECONDS = 4 * 86_400


def lay_out_feeds() -> int:
    """Read the listed feeds and lay out their newest items; gives how many.

    Without feeds that are switched on, nothing is read and nothing lies there.
    """
    forget_feed_rows()
    setup = read_setups()[ProviderName.FEEDS]
    if not setup.is_ready:
        _put([])
        return 0
    readings = FeedSearch(search_client(), setup.places, SHELF).read_all()
    fresh = [one for one in readings if one.is_fresh]
    log_feeds([(one, _find_unseen(one)) for one in fresh])
    try:
        items = list_items(readings)
    except FetchError as problem:
        note_health([(ProviderName.FEEDS, problem)])
        return 0
    note_health([(ProviderName.FEEDS, None)])
    newest = sorted(items, key=lambda one: one.published or date.min, reverse=True)
    laid_out = [one for one in newest if _is_new(one)][:MAX_LAID_OUT]
    _put(laid_out)
    return len(laid_out)


def list_new_items(team_ids: Collection[int]) -> list[Item]:
    """Items that none of these teams has as an article yet, newest first."""
    try:
        laid_out = [Item(**one) for one in cache.get(LAID_OUT) or ()]
    except redis.RedisError:
        return []
    by_url = {canonical_url(one.url): one for one in laid_out}
    known = Article.objects.filter(team_id__in=team_ids, canonical_url__in=by_url)
    taken = set(known.values_list("canonical_url", flat=True))
    return [one for url, one in by_url.items() if url not in taken][:SHOWN]


def _find_unseen(reading: Reading) -> list[Item] | None:
    """The items that the reading before did not have; ``None`` where nothing is known of it."""
    if reading.fault is not None:
        return None
    key = f"{LAID_OUT}:{text_digest(reading.url)}"
    marks = {text_digest(one.url)[:16]: one for one in reading.items}
    try:
        before = cache.get(key)
        cache.set(key, list(marks), timeout=SEEN_SECONDS)
    except redis.RedisError:
        return None
    if before is None:
        return None
    return [item for mark, item in marks.items() if mark not in set(before)]


def _put(items: list[Item]) -> None:
    try:
        cache.set(LAID_OUT, [asdict(one) for one in items], timeout=KEPT_SECONDS)
    except redis.RedisError:
        return


def _is_new(item: Item) -> bool:
    """Of the last days; an item without a day lies there as long as its feed holds it."""
    if item.published is None:
        return True
    return item.published >= timezone.now().date() - timedelta(days=NEW_DAYS)
