"""An archive of web pages on this machine, with the interfaces of the Wayback Machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import LazySettings
from django.core.cache import cache

from claims.models.provider import Provider
from claims.vocabulary import ProviderName
from claims.workflow.gather.providers import page_client
from tests.site.server import Site

INDEX = "/cdx/search/cdx"
COLUMNS = ["timestamp", "original", "statuscode", "mimetype", "digest"]


@contextmanager
def open_archive(web: Site, settings: LazySettings) -> Iterator[Site]:
    """An archive that is switched on and has no copies yet, beside a site that may be fetched."""
    with Site() as site:
        settings.FETCH_ALLOW = (web.address, site.address)
        settings.SEARXNG_URL = ""
        cache.clear()
        page_client.cache_clear()
        Provider.objects.update_or_create(
            name=ProviderName.WAYBACK, defaults={"is_on": True, "base_url": site.url("")}
        )
        site.add(
            "/wayback/available", '{"archived_snapshots": {}}', content_type="application/json"
        )
        site.add(INDEX, "[]", content_type="application/json")
        yield site
    page_client.cache_clear()
    cache.clear()


def keep_dated(archive: Site, url: str, stamp: str, body: str) -> None:
    """Let the archive have one copy of a page, of that time (14 digits, UTC)."""
    archive.add(INDEX, json.dumps([COLUMNS, [stamp, url, "200", "text/html", "X"]]))
    archive.add(f"/web/{stamp}id_/{url}", body)
