"""Article copies: what the fetch of an article's address brought is a copy of its page.

Promises that an article by URL is as provable as a source: its page, its raw bytes by digest,
headers, redirects and the name of the certificate, read into text once. A page that shows only
its beginning says so, and an archive's copy is looked for.
"""

from __future__ import annotations

from claims.models.article import Article
from claims.models.page import Page, Snapshot
from claims.models.storable import storable
from claims.vocabulary import FetchOutcome
from claims.workflow.gather.copies import snapshot_of
from claims.workflow.gather.linking import find_source
from claims.workflow.gather.looking import Looked
from claims.workflow.gather.reading import fill_snapshot, problem_of
from claims.workflow.gather.standing_in import BARRIERS, owe_stand_ins


def keep_article_copy(article: Article, looked: Looked) -> Snapshot | None:
    """Keep a fetched article's bytes as a copy of its page; ``None`` where none came.

    Runs in the caller's transaction, which holds the body.
    """
    if looked.fetched is None or looked.body is None:
        return None
    page, _ = Page.objects.get_or_create(
        team=article.team,
        canonical_url=article.canonical_url,
        defaults={"url": article.url, "source": find_source(article.team, article.canonical_url)},
    )
    copy = snapshot_of(page, looked)
    if looked.reading is None:
        copy.save()
    else:
        fill_snapshot(copy, looked.reading)
        page.title = copy.title or page.title
    problem = looked.error if looked.reading is None else problem_of(looked.reading)
    page.outcome = FetchOutcome.FAILED if problem else FetchOutcome.OK
    page.reason = problem.reason if problem else ""
    page.detail = storable(str(problem or ""), 2000)
    page.fetched_at = copy.fetched_at
    page.save(update_fields=["title", "outcome", "reason", "detail", "fetched_at"])
    if page.reason in BARRIERS:
        owe_stand_ins([page])
    return copy
