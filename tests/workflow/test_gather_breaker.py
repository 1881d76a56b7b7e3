"""A host that fails again and again is left alone by all workers, and asked again by one."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.core.cache import cache

from claims.models import Job, Page, Snapshot, Team
from claims.tasks import work_fetches
from claims.vocabulary import FetchOutcome, FetchReason, JobKind
from claims.web.breaker import Breaker, Standing
from claims.web.client import Client, ClientLimits
from claims.web.errors import (
    HostResting,
    NotFound,
    RateLimited,
    ServerError,
)
from claims.web.throttle import MemoryThrottleStore, Throttle, throttle_key
from claims.workflow.gather.breaking import SharedBreakerStore
from claims.workflow.gather.providers import page_client
from tests.people import make_team
from tests.site.server import Exchange, Site
from tests.together import run_together

REST_SECONDS = 0.4


def client_of(site: Site) -> Client:
    """A client as a worker of its own has it: what it knows, it knows from the server."""
    breaker = Breaker(SharedBreakerStore(), threshold=3, first_rest_seconds=REST_SECONDS)
    return Client(ClientLimits(allow=frozenset({site.address})), breaker=breaker)


def fail(site: Site, count: int, *, status: int = 503) -> None:
    site.add("/page", "fault", status=status)
    for _ in range(count):
        with pytest.raises(ServerError):
            client_of(site).fetch(site.url("/page"))


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


def test_three_failures_in_a_row_and_no_worker_asks_any_more(site: Site) -> None:
    fail(site, 3)
    with pytest.raises(HostResting, match=r"failed 3 times in a row and is left alone") as told:
        client_of(site).fetch(site.url("/page"))
    assert 0 < (told.value.retry_after_seconds or 0) <= REST_SECONDS
    assert site.paths() == ["/page"] * 3


def test_an_answer_between_failures_begins_the_count_anew(site: Site) -> None:
    fail(site, 2)
    # Missing is an answer as well: the host is there.
    with pytest.raises(NotFound):
        client_of(site).fetch(site.url("/missing"))
    fail(site, 2)
    assert len(site.seen) == 5


def test_after_the_rest_one_asks_first_and_a_failure_doubles_the_rest(site: Site) -> None:
    fail(site, 3)
    time.sleep(REST_SECONDS + 0.05)

    def ask(_: int) -> str:
        try:
            client_of(site).fetch(site.url("/page"))
        except (ServerError, HostResting) as problem:
            return type(problem).__name__
        return "page"

    assert sorted(run_together(4, ask)) == ["HostResting"] * 3 + ["ServerError"]
    with pytest.raises(HostResting) as told:
        client_of(site).fetch(site.url("/page"))
    assert (told.value.retry_after_seconds or 0) > REST_SECONDS
    time.sleep(2 * REST_SECONDS + 0.05)
    site.add("/page", "<p>back")
    assert [ask(0), ask(1), ask(2)] == ["page"] * 3


def test_a_pause_the_server_asks_for_holds_for_the_whole_host(site: Site) -> None:
    site.add("/page", "slow down", status=429, headers=(("Retry-After", "60"),))
    site.add("/other", "<p>text")
    with pytest.raises(RateLimited):
        client_of(site).fetch(site.url("/page"))
    with pytest.raises(HostResting, match="asked for a pause and is left alone for 60 seconds"):
        client_of(site).fetch(site.url("/other"))
    assert site.paths() == ["/page"]


class Sleepy(Breaker):
    """The control: who waited for the host's turn does not look again."""

    def _check_again(self, host: str, standing: Standing) -> None:
        """Ask, whatever happened meanwhile."""


@pytest.mark.parametrize("kind", [Breaker, Sleepy])
def test_who_waited_for_a_turn_hears_of_a_pause_asked_for_meanwhile(
    site: Site, kind: type[Breaker]
) -> None:
    def ask_for_a_pause(exchange: Exchange) -> None:
        exchange.wait(0.3)
        exchange.answer(status=429, headers=(("Retry-After", "60"),))

    site.add("/busy", ask_for_a_pause)
    site.add("/other", "<p>text")
    throttle = Throttle(MemoryThrottleStore(), delay_seconds=0.1)
    clients = [
        Client(
            ClientLimits(allow=frozenset({site.address})),
            breaker=kind(SharedBreakerStore()),
            throttle=throttle,
        )
        for _ in range(2)
    ]

    def ask(number: int) -> str:
        while number and not site.seen:
            time.sleep(0.01)
        try:
            clients[number].fetch(site.url("/other" if number else "/busy"))
        except (RateLimited, HostResting) as problem:
            return type(problem).__name__
        return "page"

    is_awake = kind is Breaker
    assert run_together(2, ask) == ["RateLimited", "HostResting" if is_awake else "page"]
    assert site.paths() == ["/busy"] if is_awake else ["/busy", "/other"]
    # The place was given back.
    assert throttle.try_enter(throttle_key(*site.address)) <= 0.1


@pytest.mark.django_db(transaction=True)
def test_pages_of_a_dead_host_end_with_that_reason_and_few_requests(
    site: Site, settings: LazySettings
) -> None:
    settings.FETCH_ALLOW = (site.address,)
    cache.clear()
    page_client.cache_clear()
    team: Team = make_team("breaker")
    site.add("/page", "fault", status=500)
    urls = [site.url(f"/page?n={number}") for number in range(12)]
    pages = Page.objects.bulk_create(Page(team=team, url=url, canonical_url=url) for url in urls)
    Job.objects.owe_many(JobKind.FETCH, [str(page.pk) for page in pages], team=team)
    deadline = time.monotonic() + 60
    while Job.objects.unfinished().exists() and time.monotonic() < deadline:
        Job.objects.unfinished().update(due_at="2020-01-01T00:00:00Z")
        work_fetches()
    page_client.cache_clear()
    assert site.paths().count("/page") == 5
    assert not Snapshot.objects.exists()
    reasons = set(Page.objects.values_list("outcome", "reason"))
    assert reasons <= {
        (FetchOutcome.FAILED, FetchReason.HOST_RESTING),
        (FetchOutcome.FAILED, FetchReason.SERVER_ERROR),
    }
    assert (FetchOutcome.FAILED, FetchReason.HOST_RESTING) in reasons
