"""A publisher that a team blocked: its pages and articles end with that reason, unasked."""

from __future__ import annotations

import pytest

from claims.models import Article, Job, Page, Source, Team
from claims.tasks.fetching import keep_looks, run_look
from claims.vocabulary import ArticleState, FetchOutcome, FetchReason, JobKind, SourceStanding
from claims.workflow.gather import plan_looks
from tests.people import make_team

URL = "http://127.0.0.1:9/report"


def owe_both(team: Team) -> tuple[Page, Article]:
    page = Page.objects.create(team=team, url=URL, canonical_url=URL)
    article = Article.objects.create(
        team=team, url=URL, canonical_url=URL, state=ArticleState.FETCHING
    )
    Job.objects.owe(JobKind.FETCH, str(page.pk), team=team)
    Job.objects.owe(JobKind.FETCH_ARTICLE, str(article.pk), team=team)
    return page, article


def work() -> None:
    looks = plan_looks(Job.objects.lease(tuple(JobKind), limit=100, seconds=60))
    keep_looks([result for look in looks if (result := run_look(look)) is not None])


@pytest.mark.django_db
def test_a_blocked_page_is_refused_by_name_for_that_team_alone() -> None:
    near, far = make_team("near-desk"), make_team("far-desk")
    Source.objects.create(
        team=near, prefix="127.0.0.1", name="Here", standing=SourceStanding.BLOCKED
    )
    page, article = owe_both(near)
    other, its_article = owe_both(far)
    work()
    page.refresh_from_db()
    article.refresh_from_db()
    assert (page.outcome, page.reason) == (FetchOutcome.REFUSED, FetchReason.HOST_BLOCKED)
    assert "blocked 127.0.0.1" in page.detail
    assert (article.state, article.failure) == (ArticleState.FAILED, FetchReason.HOST_BLOCKED)
    other.refresh_from_db()
    its_article.refresh_from_db()
    assert FetchReason.HOST_BLOCKED not in (other.reason, its_article.failure)
    assert other.reason
