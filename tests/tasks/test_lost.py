"""What a killed worker held comes back a few together, and in its last attempt alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.db.models.functions import Now

from claims.models import Job, Page, Team
from claims.models.job import MAX_ATTEMPTS
from claims.models.job_losses import FEW
from claims.tasks import work_fetches
from claims.vocabulary import JobKind, JobReason, JobState
from claims.workflow.gather.providers import page_client
from tests.people import make_team
from tests.site.server import Exchange, Site

pytestmark = pytest.mark.django_db(transaction=True)
HOSTS = FEW + 4
Span = tuple[float, float]


@pytest.fixture
def sites(settings: LazySettings) -> Iterator[list[Site]]:
    """More hosts than are worked at once, each of which takes its time."""
    with ExitStack() as opened:
        every = [opened.enter_context(Site(robots="")) for _ in range(HOSTS)]
        for site in every:
            for path in ("/lost", "/lost-twice", "/new"):
                site.add(path, serve_slowly)
        settings.FETCH_ALLOW = tuple(site.address for site in every)
        cache.clear()
        page_client.cache_clear()
        yield every
    page_client.cache_clear()
    cache.clear()


def serve_slowly(exchange: Exchange) -> None:
    exchange.wait(0.15)
    exchange.answer("<p>Salt</p>")


def owe(team: Team, urls: list[str]) -> None:
    pages = Page.objects.bulk_create(Page(team=team, url=url, canonical_url=url) for url in urls)
    Job.objects.owe_many(JobKind.FETCH, [str(page.pk) for page in pages], team=team)


def lose(attempts: int) -> None:
    """What is owed was leased so often before; then its worker died."""
    owed = Job.objects.filter(attempts=0)
    owed.update(attempts=attempts - 1)
    held = Job.objects.filter(attempts=attempts - 1, reason="")
    assert held.lease((JobKind.FETCH,), limit=100, seconds=0)
    Job.objects.filter(state=JobState.LEASED).update(lease_until=Now())
    assert Job.objects.retake_expired()[1] == []
    Job.objects.update(due_at=Now())


def spans(sites: list[Site], path: str) -> list[Span]:
    return sorted(
        (one.started, one.ended) for site in sites for one in site.seen if one.path == path
    )


def most_at_once(asked: list[Span]) -> int:
    return max(sum(begin <= at < end for begin, end in asked) for at, _ in asked)


def test_lost_jobs_come_back_a_few_together_and_the_last_attempt_is_alone(
    sites: list[Site],
) -> None:
    team = make_team("lost")
    owe(team, [site.url("/lost-twice") for site in sites[:2]])
    lose(MAX_ATTEMPTS - 1)
    owe(team, [site.url("/lost") for site in sites])
    lose(1)
    owe(team, [site.url("/new") for site in sites])
    reasons = set(Job.objects.values_list("attempts", "reason"))
    lost = JobReason.WORKER_LOST.value
    assert reasons == {(MAX_ATTEMPTS - 1, lost), (1, lost), (0, "")}
    work_fetches()
    alone, few, new = (spans(sites, path) for path in ("/lost-twice", "/lost", "/new"))
    assert (len(alone), len(few), len(new)) == (2, HOSTS, HOSTS)
    assert most_at_once(alone) == 1
    # Not one by one, and no more than could be lost again.
    assert FEW / 2 <= most_at_once(few) <= FEW
    # The control: what lost nothing is not held to a few.
    assert most_at_once(new) > FEW
    # Nobody stands beside those who may be the reason.
    assert max(end for _, end in alone) <= few[0][0]
    assert max(end for _, end in few) <= new[0][0]
    assert set(Job.objects.filter(kind=JobKind.FETCH).values_list("state", flat=True)) == {
        JobState.DONE
    }
