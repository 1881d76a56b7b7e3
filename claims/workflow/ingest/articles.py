"""Articles: a text becomes a row, once, and its detection is owed in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from claims.models.access import Person
from claims.models.article import Article
from claims.models.job import Job
from claims.models.storable import storable
from claims.models.team import Team
from claims.text.articles import read_article
from claims.text.kept import keep_text
from claims.text.page_marks import drop_pages
from claims.vocabulary import JobKind
from claims.web.documents import is_paged
from claims.web.pages import PageReading
from claims.web.snapshots import text_digest
from claims.workflow.ingest.changed import keep_changed
from claims.workflow.ingest.checking import check_text, check_url

MAX_LINKS = 5000


@dataclass(frozen=True, slots=True)
class Ingested:
    """The article, and whether it is new or was known before, or has another text now."""

    article: Article
    is_new: bool
    is_changed: bool = False


def ingest_text(
    team: Team,
    text: str,
    *,
    by: Person | None = None,
    title: str = "",
    byline: str = "",
    publisher: str = "",
    published_on: date | None = None,
    url: str = "",
    links: list[dict[str, str]] | None = None,
    language: str = "",
) -> Ingested:
    """Store an article's text and owe its detection; what is given wins over what is read."""
    check_text(text)
    kept = keep_text(text)
    text = kept.text
    digest = text_digest(text)
    canonical = check_url(url) if url else ""
    known = find_known(team, digest=digest, canonical=canonical)
    if known is not None and known.text:
        if known.sha256 == digest or known.canonical_url != canonical:
            return Ingested(known, is_new=False)
        told = {
            "title": storable(title, 500),
            "byline": storable(byline, 300),
            "publisher": storable(publisher, 300),
            "published_on": published_on,
        }
        revision = keep_changed(known, text, told, by=by)
        return Ingested(known, is_new=False, is_changed=revision is not None)
    reading = read_article(text)
    article = Article(
        team=team,
        text=text,
        sha256=digest,
        url=url.strip(),
        canonical_url=canonical,
        title=storable(title or reading.title or "", 500),
        byline=storable(byline or reading.byline or "", 300),
        publisher=storable(publisher, 300),
        published_on=published_on or reading.published,
        language=storable(language or reading.language or "", 8),
        links=[*(links or []), *({"url": to, "text": words} for to, words in kept.links)],
        created_by_id=by.pk if by else None,
    )
    try:
        with transaction.atomic():
            if known is None or not _take_place(article, known):
                article.save()
            Job.objects.owe(JobKind.DETECT, str(article.pk), team=team)
    except IntegrityError:
        # Somebody brought the same article in the same instant.
        known = find_known(team, digest=digest, canonical=canonical)
        if known is None:
            raise
        return Ingested(known, is_new=False)
    return Ingested(article, is_new=True)


def _take_place(article: Article, known: Article) -> bool:
    """Let a pasted text fill the row of a URL whose page never came; ``False`` if it has come."""
    row = Article.objects.select_for_update().filter(pk=known.pk, text="").first()
    if row is None:
        return False
    article.pk, article.created_at = row.pk, row.created_at
    article.save(force_update=True)
    return True


def find_known(team: Team, *, digest: str, canonical: str) -> Article | None:
    """The article that has this digest or this canonical URL in the team, if there is one."""
    rows = Article.objects.filter(team=team)
    if digest:
        same = rows.filter(sha256=digest).first()
        if same is not None:
            return same
    return rows.filter(canonical_url=canonical).first() if canonical else None


def text_of(page: PageReading) -> str:
    """An article's text out of a page or document: without the marks of its pages."""
    return drop_pages(page.text) if is_paged(page.reader) else page.text


def describe_by(page: PageReading) -> dict[str, Any]:
    return {
        "title": storable(page.title, 500),
        "byline": storable(page.byline, 300),
        "publisher": storable(page.publisher, 300),
        "published_on": page.published,
        "language": storable(page.language, 8),
        "links": [
            {"url": storable(url), "text": storable(words, 300)}
            for url, words in page.links[:MAX_LINKS]
        ],
    }
