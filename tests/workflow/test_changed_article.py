"""A text that changed under its address: kept beside the new one, claims moved or gone."""

from __future__ import annotations

from typing import Any

import pytest

from claims.models import (
    Appearance,
    Article,
    ArticleRevision,
    Claim,
    Job,
    Team,
    Ticket,
    TicketEvent,
)
from claims.vocabulary import ArticleState, JobKind, JobState, TicketAction
from claims.web.errors import Gone
from claims.workflow.detect import detect_article
from claims.workflow.ingest import ingest_text, keep_fetched_article, read_again
from claims.workflow.mark import MarkedFirst, make_claim
from claims.workflow.recheck import verify_history
from claims.workflow.triage import triage_article
from tests.people import Desk, make_team
from tests.workflow.test_ingest import a_fetch, a_page

URL = "https://gazette.example/ports"
SALT = "The harbour handled 48,000 tonnes of salt in 2023, the register shows."
SHIPS = "Some 310 ships called there in 2023, the harbour master said."
COAL = "It handled 12,000 tonnes of coal in 2022, the same register shows."
TEXT = f"Port figures\n\n{SALT}\n\n{SHIPS}\n\n{COAL}\n"
LESS = SALT.replace("48,000", "46,000")
NEW = f"Port figures, corrected\n\nA note stands above.\n\n{COAL}\n\n{LESS}\n\n{SHIPS}\n"


@pytest.fixture
def team(desk: Desk) -> Team:
    return desk.team


@pytest.fixture
def article(team: Team) -> Article:
    """Read, with a ticket for each of its three claims."""
    article = ingest_text(team, TEXT, url=URL).article
    settle(article)
    assert Ticket.objects.filter(claim__appearances__article=article).count() == 3
    return article


def settle(article: Article) -> None:
    article.refresh_from_db()
    detect_article(article)
    triage_article(article)
    article.refresh_from_db()


def words_now(article: Article) -> dict[str, str]:
    """Each standing claim's text and the words at its place."""
    return {
        one.claim.text: article.text[one.start : one.end]
        for one in article.appearances.standing().select_related("claim")
    }


def notes_of(text: str) -> list[str]:
    events = TicketEvent.objects.filter(ticket__claim__text=text, action=TicketAction.NOTED)
    return list(events.order_by("sequence").values_list("note", flat=True))


def test_claims_move_with_their_sentences_or_are_gone_and_tickets_stay(article: Article) -> None:
    before = dict(Ticket.objects.values_list("claim__text", "pk"))
    again = ingest_text(article.team, NEW, url=URL)
    assert (again.is_new, again.is_changed, again.article.pk) == (False, True, article.pk)
    article.refresh_from_db()
    assert article.text == NEW.strip()
    assert article.state == ArticleState.RECEIVED
    (revision,) = article.revisions.all()
    assert (revision.number, revision.text) == (1, TEXT.strip())
    assert (revision.moved_count, revision.gone_count) == (2, 1)
    assert words_now(article) == {SHIPS: SHIPS, COAL: COAL}
    lost = Appearance.objects.get(article=article, gone_after=revision)
    assert revision.text[lost.start : lost.end] == lost.claim.text == SALT
    assert dict(Ticket.objects.values_list("claim__text", "pk")) == before
    assert len(notes_of(SALT)) == 1
    assert "no longer stand" in notes_of(SALT)[0]
    assert notes_of(SHIPS) == notes_of(COAL) == []
    assert verify_history().is_sound
    settle(article)
    now = words_now(article)
    assert now.keys() == {SHIPS, COAL, LESS}
    assert all(text == words for text, words in now.items())
    assert Ticket.objects.count() == 4


def test_words_that_come_back_stand_again(article: Article) -> None:
    ingest_text(article.team, NEW, url=URL)
    settle(article)
    ingest_text(article.team, f"{NEW}\n{SALT}\n", url=URL)
    article.refresh_from_db()
    assert words_now(article)[SALT] == SALT
    assert not Appearance.objects.filter(article=article, gone_after__isnull=False).exists()
    assert "again" in notes_of(SALT)[1]
    settle(article)
    assert Claim.objects.filter(text=SALT).count() == 1
    assert Appearance.objects.filter(claim__text=SALT).count() == 1


def test_a_claim_that_a_person_made_or_dropped_moves_too(article: Article, desk: Desk) -> None:
    start = article.text.index("Port figures")
    made = make_claim(article, start, start + 12, by=desk.ben)
    Claim.objects.filter(text=SHIPS).update(dropped_at="2026-01-01T00:00:00Z")
    ingest_text(article.team, f"News. {TEXT}", url=URL)
    article.refresh_from_db()
    settle(article)
    places = {one.claim_id: one for one in article.appearances.standing()}
    assert article.text[places[made.pk].start : places[made.pk].end] == "Port figures"
    dropped = Claim.objects.get(text=SHIPS)
    assert dropped.dropped_at is not None
    assert dropped.pk in places


def test_the_same_text_changes_nothing(article: Article) -> None:
    again = ingest_text(article.team, TEXT, url=URL)
    assert (again.is_new, again.is_changed) == (False, False)
    read_again(article)
    article.refresh_from_db()
    keep_fetched_article(article, a_fetch(), a_page(TEXT))
    article.refresh_from_db()
    assert article.state == ArticleState.READ
    assert not ArticleRevision.objects.exists()
    assert Job.objects.filter(kind=JobKind.DETECT).count() == 1


def test_reading_again_is_owed_once_and_keeps_what_came(article: Article) -> None:
    assert read_again(article)
    assert not read_again(article)
    jobs = Job.objects.filter(kind=JobKind.FETCH_ARTICLE, state=JobState.PENDING)
    assert jobs.count() == 1
    jobs.update(state=JobState.DONE)
    article.refresh_from_db()
    assert article.state == ArticleState.READ
    keep_fetched_article(article, a_fetch(), a_page(NEW, title="Port figures, corrected"))
    article.refresh_from_db()
    assert (article.text, article.title) == (NEW.strip(), "Port figures, corrected")
    settle(article)
    assert read_again(article)


@pytest.mark.parametrize("page", ["gone", "empty"])
def test_a_page_that_cannot_be_read_again_leaves_the_text(article: Article, page: str) -> None:
    read_again(article)
    article.refresh_from_db()
    came: Any = Gone("It is gone.", status=410) if page == "gone" else a_fetch()
    keep_fetched_article(article, came, None if page == "gone" else a_page("  "))
    article.refresh_from_db()
    assert (article.state, article.text) == (ArticleState.READ, TEXT.strip())
    assert article.failure_detail
    keep_fetched_article(article, a_fetch(), a_page(TEXT))
    article.refresh_from_db()
    assert article.failure_detail == ""


def test_a_text_that_another_article_has_is_left_there(article: Article) -> None:
    other = ingest_text(article.team, NEW).article
    again = ingest_text(article.team, NEW, url=URL)
    assert again.article.pk == other.pk
    read_again(article)
    article.refresh_from_db()
    keep_fetched_article(article, a_fetch(), a_page(NEW))
    article.refresh_from_db()
    assert article.text == TEXT.strip()
    assert f"article {other.pk}" in article.failure_detail


def test_another_teams_article_is_left_alone(article: Article) -> None:
    far = make_team("far-desk")
    assert ingest_text(far, NEW, url=URL).is_new
    article.refresh_from_db()
    assert article.text == TEXT.strip()


def test_who_saw_the_former_text_does_not_mark_the_new_one(article: Article, desk: Desk) -> None:
    seen = Article.objects.get(pk=article.pk)
    ingest_text(article.team, NEW, url=URL)
    settle(article)
    with pytest.raises(MarkedFirst, match="changed"):
        make_claim(seen, 0, 12, by=desk.ben)
