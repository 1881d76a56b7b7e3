"""The article's page after its text changed: what went, what changed, and reading it again."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from typing import Any

from django.urls import reverse

from claims.models import Article, Job, Page, Snapshot, Ticket
from claims.vocabulary import FetchReason, JobKind, JobState
from claims.workflow.ingest import ingest_text
from claims.workflow.triage import open_ticket
from tests.admin.addresses import body_of
from tests.admin.conftest import LogIn
from tests.admin.test_article_page import write
from tests.admin.world import World

URL = "https://gazette.example/ports"
SALT, SHIPS = "It took 48,000 tonnes of salt.", "Some 310 ships called there."
NOW, TAKEN = datetime(2026, 1, 5, tzinfo=UTC), datetime(2023, 5, 3, 12, tzinfo=UTC)
TEXT = f"Ports\n\n{SALT}\n\n{SHIPS}"


def an_article(world: World) -> Article:
    article = write(world.near.team, TEXT, SALT, SHIPS, url=URL, canonical_url=URL)
    for place in article.appearances.all():
        open_ticket(place.claim)
    return article


def change(article: Article, text: str) -> None:
    ingest_text(article.team, text, url=URL)
    Article.objects.filter(pk=article.pk).update(state="read")


def show(client: Any, name: str, pk: int, query: str = "") -> str:
    return html.unescape(body_of(client.get(reverse(f"admin:claims_{name}", args=[pk]) + query)))


def test_what_went_and_what_changed_is_told(world: World, log_in: LogIn) -> None:
    article = an_article(world)
    client = log_in(world.dan)
    before = show(client, "article_change", article.pk)
    assert "No longer in the text" not in before
    assert "has not changed" in show(client, "article_changes", article.pk)
    change(article, TEXT.replace("48,000", "46,000"))
    told = show(client, "article_change", article.pk)
    ticket = Ticket.objects.get(claim__text=SALT)
    assert "1 claim stands in the new text, 1 is gone from it" in told
    assert "No longer in the text (1)" in told
    assert reverse("admin:claims_ticket_change", args=[ticket.pk]) in told
    told = show(client, "article_changes", article.pk)
    assert '<del><span class="fc-hidden">removed: </span>48,000<' in told
    assert '<ins><span class="fc-hidden">added: </span>46,000<' in told
    assert "no longer in its text since" in show(client, "ticket_change", ticket.pk)
    other = Ticket.objects.get(claim__text=SHIPS)
    assert "no longer in its text since" not in show(client, "ticket_change", other.pk)


def test_each_former_text_is_compared_with_the_one_after(world: World, log_in: LogIn) -> None:
    article = an_article(world)
    change(article, TEXT.replace("48,000", "46,000"))
    change(article, TEXT.replace("48,000", "45,000"))
    client = log_in(world.dan)
    for query, was, became in (
        ("", "46,000", "45,000"), ("?text=2", "46,000", "45,000"),
        ("?text=1", "48,000", "46,000"), ("?text=99", "46,000", "45,000"),
    ):  # fmt: skip
        told = show(client, "article_changes", article.pk, query)
        assert f"removed: </span>{was}<" in told, query
        assert f"added: </span>{became}<" in told, query


def test_reading_again_is_a_button_that_is_owed_once(world: World, log_in: LogIn) -> None:
    article = an_article(world)
    client = log_in(world.dan)
    address = reverse("admin:claims_article_again", args=[article.pk])
    assert f'action="{address}"' in show(client, "article_change", article.pk)
    assert client.get(address).status_code == 302
    assert not Job.objects.filter(kind=JobKind.FETCH_ARTICLE, subject_id=article.pk).exists()
    for _ in range(2):
        assert client.post(address).status_code == 302
    jobs = Job.objects.filter(kind=JobKind.FETCH_ARTICLE, subject_id=article.pk)
    assert [job.state for job in jobs] == [JobState.PENDING]
    told = show(client, "article_change", article.pk)
    assert "being read again" in told
    assert f'action="{address}"' not in told


def test_an_article_without_an_address_is_not_read_again(world: World, log_in: LogIn) -> None:
    article = write(world.near.team, "Typed. It took 5 tonnes.", "It took 5 tonnes.")
    address = reverse("admin:claims_article_again", args=[article.pk])
    client = log_in(world.dan)
    assert address not in show(client, "article_change", article.pk)
    client.post(address)
    assert not Job.objects.filter(kind=JobKind.FETCH_ARTICLE).exists()


def test_why_it_could_not_be_read_again_is_said(world: World, log_in: LogIn) -> None:
    article = an_article(world)
    Article.objects.filter(pk=article.pk).update(failure="gone", failure_detail="It is gone.")
    told = show(log_in(world.dan), "article_change", article.pk)
    assert "could not be read again: It is gone." in told


def test_words_chosen_in_the_former_text_are_not_marked(world: World, log_in: LogIn) -> None:
    article = an_article(world)
    client = log_in(world.ben)
    posted = {"start": 0, "end": 5, "text": article.sha256}
    change(article, f"Quite new. {TEXT}")
    answer = client.post(reverse("admin:claims_article_make", args=[article.pk]), posted)
    assert answer.status_code == 409
    assert "changed since you opened" in answer.content.decode()


def test_the_same_address_with_another_text_is_brought_to_it(world: World, log_in: LogIn) -> None:
    article = an_article(world)
    posted = {"text": TEXT.replace("48,000", "44,000"), "url": URL, "team": article.team_id}
    answer = log_in(world.dan).post(reverse("admin:claims_ingest") + "?kind=text", posted)
    assert answer["Location"] == reverse("admin:claims_article_change", args=[article.pk])
    assert article.revisions.count() == 1


def test_an_archives_copy_and_why_it_stands_in_are_told(world: World, log_in: LogIn) -> None:
    article = an_article(world)
    client = log_in(world.dan)
    page = Page.objects.create(
        team=article.team,
        url=URL,
        canonical_url=URL,
        reason=FetchReason.GONE,
        detail="ports is gone (410). The copy that an archive took on 3 May 2023 is read instead.",
    )
    copy = Snapshot.objects.create(
        page=page, final_url=URL, fetched_at=NOW, archived_at=TAKEN, status=200, seconds=0.1,
        size_bytes=1, sha256="0" * 64,
    )  # fmt: skip
    Article.objects.filter(pk=article.pk).update(copy=copy)
    told = " ".join(show(client, "article_change", article.pk).split())
    assert "an archive’s copy of 3 May 2023</a>: the page was removed." in told
    assert page.detail in told
    Snapshot.objects.filter(pk=copy.pk).update(archived_at=None)
    Page.objects.filter(pk=page.pk).update(
        reason=FetchReason.NEEDS_PAYMENT, detail="A payment. It is switched off."
    )
    told = " ".join(show(client, "article_change", article.pk).split())
    assert "This may not be the whole article: " in told
    assert "A payment. It is switched off. <a" in told
    Article.objects.filter(pk=article.pk).update(
        state="fetching", copy=None, failure_detail="ports is gone (410)."
    )
    told = show(client, "article_change", article.pk)
    assert "ports is gone (410). Asking the Wayback Machine for a copy …" in told
