"""What every test may lean on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.test import TransactionTestCase

from claims.workflow.tell.posts import posting_client
from tests.emptying import empty_tables
from tests.site.server import Site

TransactionTestCase._fixture_teardown = empty_tables  # type: ignore[attr-defined]


@pytest.fixture
def hooks(settings: LazySettings) -> Iterator[Site]:
    """A site that may be posted to, by a client that has not been told of another."""
    with Site() as site:
        settings.FETCH_ALLOW = (site.address,)
        posting_client.cache_clear()
        yield site
    posting_client.cache_clear()
