"""An article by URL is as provable as a source: every fetch of its address is a stored copy."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.storage import default_storage

from claims.models import (
    Appearance,
    Article,
    ArticleRevision,
    Job,
    Page,
    Provider,
    Snapshot,
    Team,
)
from claims.models.search import Search, SearchResult
from claims.tasks import work_fetches
from claims.vocabulary import (
    ArticleState,
    FetchOutcome,
    FetchReason,
    JobKind,
    Role,
    SearchOutcome,
    SearchPurpose,
)
from claims.web.warc import read_warc
from claims.workflow.gather.archiving import export_warc
from claims.workflow.gather.library import search_library
from claims.workflow.ingest import ingest_url, read_again
from claims.workflow.recheck import verify_snapshots
from claims.workflow.retention import delete_copy, delete_old_bodies
from claims.workflow.weigh.cutting import list_snapshots
from tests.archive import keep_dated, open_archive
from tests.people import make_person, make_team, open_one
from tests.site.server import Exchange, Site

pytestmark = pytest.mark.django_db(transaction=True)

SALT = "The harbour of Varnholm handled 48,000 tonnes of salt in 2023."
SHIPS = "It counted 312 ships in the same year, the port authority said."


def page_of(*sentences: str) -> str:
    told = "".join(f"<p>{one}</p>" for one in sentences * 4)
    return f"<html><head><title>Port figures</title></head><body><article>{told}</article></body>"


@pytest.fixture
def team() -> Team:
    return make_team("copies-desk")


def fetch(article: Article) -> Article:
    """Let a worker fetch what is owed, and take the text for read."""
    work_fetches()
    Article.objects.filter(pk=article.pk, state=ArticleState.RECEIVED).update(
        state=ArticleState.READ
    )
    article.refresh_from_db()
    return article


def test_the_first_fetch_is_a_copy_with_all_that_proves_it(web: Site, team: Team) -> None:
    end = web.add("/port", page_of(SALT, SHIPS))

    def lead_on(x: Exchange) -> None:
        x.answer(status=302, headers=(("Location", end),))

    web.add("/short", lead_on)
    article = fetch(ingest_url(team, web.url("/short")).article)
    copy = article.copy
    assert copy is not None
    assert copy.sha256 == hashlib.sha256(page_of(SALT, SHIPS).encode()).hexdigest()
    assert (copy.final_url, copy.redirects) == (end, [web.url("/short")])
    assert {name.lower() for name, _ in copy.headers["response"]} >= {"content-type"}
    assert copy.headers["request"]
    assert copy.text.strip() == article.text
    assert (copy.page.team, copy.page.canonical_url) == (team, article.canonical_url)
    assert (copy.page.outcome, copy.page.title) == (FetchOutcome.OK, "Port figures")
    assert not Job.objects.filter(kind=JobKind.READ).exists()
    assert list(verify_snapshots()) == []
    file = io.BytesIO(b"".join(export_warc([copy.page], filename="x.warc.gz")))
    (told,) = read_warc(file, max_body_bytes=10**6, max_bytes=10**7)
    assert (told.sha256 or hashlib.sha256(told.body or b"").hexdigest()) == copy.sha256
    default_storage.delete(copy.body_path)
    assert [pk for pk, _ in verify_snapshots()] == [copy.pk]


def test_a_changed_page_is_a_second_copy_and_the_former_text_keeps_its_own(
    web: Site, team: Team
) -> None:
    url = web.add("/port", page_of(SALT, SHIPS))
    article = fetch(ingest_url(team, url).article)
    first = article.copy
    assert ingest_url(team, f"{url}#top").article == article
    assert read_again(article)
    fetch(article)
    # The same page: a copy of its own, and the text still stands on the first.
    assert (article.copy, Snapshot.objects.count()) == (first, 2)
    web.add("/port", page_of(SALT, "It counted 298 ships in the same year."))
    assert read_again(article)
    fetch(article)
    assert article.copy is not None
    assert "298 ships" in article.copy.text
    assert ArticleRevision.objects.get().copy == first
    team.keep_copies_days = 1
    team.save()
    Snapshot.objects.filter(pk=first.pk if first else 0).update(
        fetched_at="2020-01-01T00:00:00Z", read_at="2020-01-01T00:00:00Z"
    )
    assert delete_old_bodies() == 1
    assert ArticleRevision.objects.get().text
    assert list(verify_snapshots()) == []


def test_captions_are_the_copy_s_and_not_the_article_s(web: Site, team: Team) -> None:
    figure = (
        "<figure><img src=/a.jpg><figcaption>Cranes loaded 52,000 tonnes.</figcaption></figure>"
    )
    url = web.add("/port", page_of(SALT, SHIPS).replace("<article>", f"<article>{figure}"))
    article = fetch(ingest_url(team, url).article)
    copy = article.copy
    assert copy is not None
    assert "52,000" not in article.text
    assert copy.text.endswith("\nCranes loaded 52,000 tonnes.")
    assert copy.main_text == article.text
    assert copy.media == [
        {
            "kind": "image",
            "url": web.url("/a.jpg"),
            "caption": "Cranes loaded 52,000 tonnes.",
            "description": "",
        }
    ]
    # A link is all there is of it.
    assert [one.path for one in web.seen if one.path == "/a.jpg"] == []
    assert list(verify_snapshots()) == []
    assert delete_copy(copy, why="A licence.", by=make_person("lea", team, Role.LEAD)) is True
    assert (copy.media, copy.text) == ([], "")


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        ("%PDF-1.4 broken", "application/pdf", FetchReason.UNREADABLE),
        ("<p>Salt.</p><p>Subscribe to continue reading.</p>", "", FetchReason.NEEDS_PAYMENT),
    ],
)
def test_a_page_that_holds_its_text_back_is_kept_and_says_so(
    web: Site, team: Team, body: str, content_type: str, reason: FetchReason
) -> None:
    url = web.add("/odd", body, **({"content_type": content_type} if content_type else {}))
    article = fetch(ingest_url(team, url).article)
    copy = Snapshot.objects.get()
    assert copy.sha256 == hashlib.sha256(body.encode()).hexdigest()
    assert (copy.page.outcome, copy.page.reason) == (FetchOutcome.FAILED, reason)
    assert (article.copy is None) == (reason == FetchReason.UNREADABLE)
    assert list(verify_snapshots()) == []


def test_an_article_is_no_source_for_its_own_claim(web: Site, team: Team) -> None:
    article = fetch(ingest_url(team, web.add("/port", page_of(SALT))).article)
    ticket = open_one(team, SALT)
    Appearance.objects.create(claim=ticket.claim, article=article, start=0, end=len(SALT))
    page = Page.objects.get()
    search = Search.objects.create(ticket=ticket, provider="brave", purpose=SearchPurpose.SUPPORT)
    SearchResult.objects.create(search=search, page=page, rank=1)
    assert list_snapshots(ticket) == []
    assert not len(search_library(team.pk, "salt tonnes", but_articles=[article.pk]))
    # For another claim it is a source like any other, and stands there once.
    assert len(search_library(team.pk, "salt tonnes")) == 1
    other = open_one(team, "Salt exports rose to 48,000 tonnes.")
    Search.objects.filter(pk=search.pk).update(ticket=other)
    assert [one.page for one in list_snapshots(other)] == [page]


STAMP = "20230503120000"
WALL = "<p>Salt.</p><p>Subscribe to continue reading.</p>"
INSTEAD = "The copy that an archive took on 3 May 2023 is read instead."


@pytest.fixture
def archive(web: Site, settings: LazySettings) -> Iterator[Site]:
    with open_archive(web, settings) as site:
        yield site


@pytest.mark.parametrize(
    ("shown", "reason"),
    [
        ({"body": "no more", "status": 404}, FetchReason.NOT_FOUND),
        ({"body": WALL}, FetchReason.NEEDS_PAYMENT),
        ({"body": "<div id=root></div><script src=a.js></script>"}, FetchReason.NEEDS_JAVASCRIPT),
    ],
)
def test_an_article_that_cannot_be_had_is_read_from_the_archive(
    web: Site, archive: Site, team: Team, shown: dict[str, Any], reason: FetchReason
) -> None:
    url = web.add("/port", **shown)
    keep_dated(archive, url, STAMP, page_of(SALT, SHIPS, '<a href="/book">Yearbook</a>'))
    article = fetch(ingest_url(team, url).article)
    assert article.state == ArticleState.READ
    assert SHIPS in article.text
    assert "Subscribe" not in article.text
    assert article.links == [{"url": web.url("/book"), "text": "Yearbook"}]
    copy = article.copy
    assert copy is not None
    assert f"{copy.archived_at:%Y%m%d%H%M%S}" == STAMP
    assert (copy.page.outcome, copy.page.reason) == (FetchOutcome.OK, reason)
    assert copy.page.detail.endswith(INSTEAD)
    asked = Search.objects.get(page=copy.page)
    assert (asked.provider, asked.outcome, asked.copy) == ("wayback", SearchOutcome.FOUND, copy)
    assert list(verify_snapshots()) == []
    # Read again, the page's beginning does not take the place of the whole text.
    assert read_again(article)
    fetch(article)
    assert (article.copy, ArticleRevision.objects.count()) == (copy, 0)
    assert (article.failure, SHIPS in article.text) == (reason, True)


@pytest.mark.parametrize("is_on", [True, False])
def test_without_an_archives_copy_the_article_says_why_and_what_to_do(
    web: Site, archive: Site, team: Team, is_on: bool
) -> None:
    Provider.objects.update(is_on=is_on)
    told = "The archive has no copy of the page." if is_on else "switches it on under House, Prov"
    gone = fetch(ingest_url(team, web.add("/gone", "no more", status=410)).article)
    assert (gone.state, gone.failure, gone.text) == (ArticleState.FAILED, FetchReason.GONE, "")
    assert "(410)" in gone.failure_detail
    assert told in gone.failure_detail
    wall = fetch(ingest_url(team, web.add("/wall", WALL)).article)
    assert (wall.state, wall.failure) == (ArticleState.READ, "")
    assert wall.text.startswith("Salt.")
    assert wall.copy is not None
    assert wall.copy.page.reason == FetchReason.NEEDS_PAYMENT
    assert told in wall.copy.page.detail
    looks = Search.objects.filter(provider="wayback").values_list("outcome", flat=True)
    assert list(looks) == [SearchOutcome.FOUND_NOTHING] * (2 * is_on)
    archive_asked = [path for path in archive.paths() if path != "/robots.txt"]
    assert bool(archive_asked) == is_on
