"""Articles by URL: the fetch is a job; what comes back is kept, or is a state with a reason.

Refuses to fetch by itself: the guarded client does, and the door hands over what it brought.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction

from claims.models.access import Person
from claims.models.article import Article
from claims.models.job import Job
from claims.models.page import Snapshot
from claims.models.storable import storable
from claims.models.team import Team
from claims.vocabulary import ArticleState, FetchReason, JobKind
from claims.web.client import Fetched
from claims.web.errors import FetchError
from claims.web.pages import PageReading
from claims.web.snapshots import text_digest
from claims.workflow.ingest.articles import Ingested, describe_by, find_known, text_of
from claims.workflow.ingest.changed import keep_changed, note_unread
from claims.workflow.ingest.checking import IngestRefused, check_text, check_url


def ingest_url(team: Team, url: str, *, by: Person | None = None) -> Ingested:
    """Owe the fetch of an article; :class:`IngestRefused` where it can never be fetched.

    A page that could not be read before is asked for again.
    """
    canonical = check_url(url)
    known = find_known(team, digest="", canonical=canonical)
    if known is not None:
        return Ingested(known, is_new=_fetch_again(known))
    article = Article(
        team=team,
        state=ArticleState.FETCHING,
        url=url.strip(),
        canonical_url=canonical,
        created_by_id=by.pk if by else None,
    )
    try:
        with transaction.atomic():
            article.save()
            Job.objects.owe(JobKind.FETCH_ARTICLE, str(article.pk), team=team)
    except IntegrityError:
        known = find_known(team, digest="", canonical=canonical)
        if known is None:
            raise
        return Ingested(known, is_new=False)
    return Ingested(article, is_new=True)


def _fetch_again(article: Article) -> bool:
    """Owe another fetch of an article that failed without a text; gives whether it did."""
    with transaction.atomic():
        failed = Article.objects.filter(pk=article.pk, state=ArticleState.FAILED, text="")
        if not failed.update(state=ArticleState.FETCHING, failure="", failure_detail=""):
            return False
        rounds = Job.objects.filter(kind=JobKind.FETCH_ARTICLE, subject_id=article.pk).count()
        Job.objects.owe(JobKind.FETCH_ARTICLE, f"{article.pk}:{rounds}", team=article.team)
    article.refresh_from_db()
    return True


def keep_fetched_article(
    article: Article,
    fetched: Fetched | FetchError | None,
    page: PageReading | None,
    copy: Snapshot | None = None,
) -> Article:
    """Keep what came back for an article's URL; failure is a state with a reason, never swallowed.

    ``copy`` is the stored copy of its page that the text was read from.
    Runs in the caller's transaction. Where the text is already stored under
    another URL, the fetched row fails with that said and the older one stays. An article that
    has a text keeps it where the fetch failed, and as a revision where the page changed.
    """
    if article.text:
        # A page that was not asked for again is late: its text was pasted meanwhile.
        is_asked = article.reread_at is not None and article.state == ArticleState.READ
        return _keep_again(article, fetched, page, copy) if is_asked else article
    if isinstance(fetched, FetchError):
        return _fail(article, fetched.reason, str(fetched))
    if page is None or not page.text.strip():
        return _fail(article, FetchReason.UNREADABLE, "No article text was found on the page.")
    try:
        text = check_text(storable(text_of(page)))
    except IngestRefused as refused:
        return _fail(article, FetchReason.UNREADABLE, refused.message)
    digest = text_digest(text)
    for name, found in describe_by(page).items():
        setattr(article, name, found)
    article.state = ArticleState.RECEIVED
    article.failure = article.failure_detail = ""
    article.copy = copy
    try:
        with transaction.atomic():
            article.text, article.sha256 = text, digest
            article.save()
            Job.objects.owe(JobKind.DETECT, str(article.pk), team=article.team)
    except IntegrityError:
        twin = Article.objects.get(team_id=article.team_id, sha256=digest)
        article.text = article.sha256 = ""
        article.copy = None
        detail = f"The same text is already here as article {twin.pk}."
        return _fail(article, FetchReason.UNREADABLE, detail)
    return article


def _keep_again(
    article: Article,
    fetched: Fetched | FetchError | None,
    page: PageReading | None,
    copy: Snapshot | None,
) -> Article:
    """The address of an article with a text was read again: a change is kept, a failure told."""
    if isinstance(fetched, FetchError):
        return note_unread(article, fetched.reason, str(fetched))
    if page is not None and page.barrier is not None:
        # Its beginning must not take the place of a text that was whole.
        detail = "The page shows only its beginning, or nothing, to us now."
        return note_unread(article, page.barrier, detail)
    try:
        text = check_text(storable(text_of(page) if page is not None else ""))
    except IngestRefused as refused:
        return note_unread(article, FetchReason.UNREADABLE, refused.message)
    if page is not None:
        keep_changed(article, text, {**describe_by(page), "copy": copy})
    return article


def await_stand_in(article: Article, why: str) -> None:
    """The article's page cannot be had; an archive is being asked, and why is said meanwhile."""
    waiting = Article.objects.filter(pk=article.pk, state=ArticleState.FETCHING)
    waiting.update(failure_detail=storable(why, 2000))


def fail_article(article_id: int, detail: str) -> None:
    """An article whose fetch or detection was given up says so; its text, if any, stays."""
    waiting = (ArticleState.FETCHING, ArticleState.RECEIVED)
    article = Article.objects.filter(pk=article_id, state__in=waiting).first()
    if article is not None:
        _fail(article, FetchReason.READER_KILLED, detail)


def _fail(article: Article, reason: FetchReason, detail: str) -> Article:
    article.state = ArticleState.FAILED
    article.failure = reason
    article.failure_detail = storable(detail, 2000)
    article.save(update_fields=["state", "failure", "failure_detail"])
    return article
