"""The people that every test here may call on, and a small web that may be fetched."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.core.cache import cache

from claims.workflow.gather.providers import page_client
from tests.archive import open_archive
from tests.people import desk  # noqa: F401
from tests.site.server import Site


@pytest.fixture
def web(settings: LazySettings) -> Iterator[Site]:
    """A site that may be fetched and was never asked before."""
    with Site() as site:
        settings.FETCH_ALLOW = (site.address,)
        cache.clear()
        page_client.cache_clear()
        yield site
    page_client.cache_clear()
    cache.clear()


@pytest.fixture
def archive(web: Site, settings: LazySettings) -> Iterator[Site]:
    """An archive that is switched on and has no copies yet."""
    with open_archive(web, settings) as site:
        yield site
