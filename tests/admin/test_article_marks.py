"""Marking from the article page: who may, what comes back, who was first, and what it costs."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import Appearance, Article, Claim, Correction, Evidence, Job, Ticket
from claims.vocabulary import JobKind
from claims.workflow.detect import detect_article
from claims.workflow.ingest import ingest_text
from claims.workflow.mark import drop_claim, move_ends
from claims.workflow.triage import open_ticket
from claims.workflow.weigh.holding import INLINE_PIECES
from tests.admin.addresses import body_of
from tests.admin.conftest import LogIn
from tests.admin.matrix.rows import digest_rows
from tests.admin.world import World
from tests.people import add_evidence

CLAIM = "The port handled 48,000 tonnes of salt in 2023."
PLAIN = "It was a *fine* day."
MOST_QUERIES = 12


def read_article(world: World, text: str = f"# Harbour news\n\n{CLAIM} {PLAIN}") -> Article:
    article = ingest_text(world.near.team, text, published_on=date(2024, 3, 1)).article
    detect_article(article)
    return article


def address(article: Article, act: str = "change") -> str:
    return reverse(f"admin:claims_article_{act}", args=[article.pk])


def place_of(article: Article, words: str = CLAIM) -> Appearance:
    return article.appearances.select_related("claim").get(claim__text=words)


def fields(place: Appearance, **more: Any) -> dict[str, Any]:
    return {
        "place": place.pk, "claim": place.claim_id, "version": place.claim.version, **more,
    }  # fmt: skip


def span(article: Article, words: str) -> dict[str, int]:
    start = article.text.index(words)
    return {"start": start, "end": start + len(words)}


def show(client: Client, article: Article, at: str = "") -> str:
    return body_of(client.get(address(article), {"at": at} if at else None))


def test_every_sentence_can_be_chosen_without_a_script(world: World, log_in: LogIn) -> None:
    article, client = read_article(world), log_in(world.dan)
    body = show(client, article)
    keys = re.findall(r'class="fa-pick" form="choose" name="at" value="(\d+)-(\d+)"', body)
    assert [article.text[int(start) : int(end)] for start, end in keys] == [
        "Harbour news", CLAIM, PLAIN,
    ]  # fmt: skip
    assert f'<form id="choose" action="{address(article)}#at"' in body
    chosen = show(client, article, "-".join(keys[2]))
    assert 'data-kind="sentence"' in chosen.split('id="at"')[1][:200]
    assert f'name="start" value="{keys[2][0]}"' in chosen
    # A span that is none chooses nothing.
    assert 'data-kind="" hidden' in show(client, article, "3-9").split('id="at"')[1][:200]


def test_a_sentence_is_made_a_claim_and_its_ticket_is_one_click_away(
    world: World, log_in: LogIn
) -> None:
    article, client = read_article(world), log_in(world.dan)
    answer = client.post(address(article, "make"), span(article, PLAIN))
    claim = Claim.objects.get(text=PLAIN)
    key = "{start}-{end}".format(**span(article, PLAIN))
    assert answer["Location"] == f"{address(article)}?at={key}#at"
    body = show(client, article, key)
    assert "It is a claim now, scored" in body
    assert "Made a claim by Dan Whitlock" in body
    opening = reverse("admin:claims_claim_open", args=[claim.pk])
    # In the text and in the bar, however low it is scored.
    assert body.count(f'formaction="{opening}"') >= 2
    client.post(opening, {"back": address(article)})
    assert Ticket.objects.get(claim=claim).state == "gathering"


def test_a_claim_is_dropped_shown_as_dropped_and_restored(world: World, log_in: LogIn) -> None:
    article = read_article(world)
    place = place_of(article)
    ticket, _ = open_ticket(place.claim)
    client = log_in(world.ben)
    answer = client.post(address(article, "drop"), fields(place))
    body = body_of(client.get(answer["Location"]))
    assert f"Ticket {ticket.pk} is closed." in body
    assert "fa-claim--dropped" in body
    assert "Dropped (1)" in body
    assert 'data-kind="dropped"' in body
    place.claim.refresh_from_db()
    client.post(address(article, "restore"), fields(place))
    assert "fa-claim--dropped" not in show(client, article)
    assert [one.made_by for one in Correction.objects.all()] == [world.ben, world.ben]


def test_ends_are_moved_by_offsets(world: World, log_in: LogIn) -> None:
    article = read_article(world)
    place = place_of(article)
    client = log_in(world.dan)
    words = "handled 48,000 tonnes of salt"
    answer = client.post(address(article, "ends"), fields(place, **span(article, words)))
    key = "{start}-{end}".format(**span(article, words))
    assert answer["Location"] == f"{address(article)}?at={key}#at"
    body = show(client, article, key)
    assert f'data-first="{place.start}-{place.end}"' in body
    assert "Ends moved by Dan Whitlock" in body
    # What is left of the sentence is too little to choose.
    assert "The port </span><mark" in body


@pytest.mark.parametrize("is_many", [False, True])
def test_moved_ends_are_compared_again_here_or_by_the_workers(
    world: World, log_in: LogIn, is_many: bool
) -> None:
    article = read_article(world)
    place = place_of(article)
    ticket, _ = open_ticket(place.claim)
    for _ in range(INLINE_PIECES + is_many):
        add_evidence(ticket, "In 2023 the port handled 47,000 tonnes of salt.")
    typed = fields(place, **span(article, "handled 48,000 tonnes of salt"))
    client = log_in(world.ben)
    answer = client.post(address(article, "ends"), typed)
    is_compared = Evidence.objects.filter(ticket=ticket).exclude(comparison={}).exists()
    owed = Job.objects.unfinished().filter(kind=JobKind.WEIGH, subject_id=ticket.pk).count()
    assert (is_compared, owed) == (not is_many, is_many)
    told = "Its sources are being compared again." in body_of(client.get(answer["Location"]))
    assert told == is_many


def test_who_comes_second_is_told(world: World, log_in: LogIn) -> None:
    """And changes nothing; the control posts the version that stands."""
    article = read_article(world)
    place = place_of(article)
    seen = fields(place)
    move_ends(place, place.start, place.end - 9, by=world.ada)
    client = log_in(world.ben)
    before = digest_rows()
    for act, more in (("drop", {}), ("ends", {"start": place.start, "end": place.end - 1})):
        answer = client.post(address(article, act), seen | more)
        assert answer.status_code == 409
        assert "Ada Brightwell was first: moved the ends of this claim at" in body_of(answer)
    assert digest_rows() == before
    assert client.post(address(article, "drop"), seen | {"version": 1}).status_code == 302
    again = client.post(address(article, "drop"), seen | {"version": 2})
    assert again.status_code == 409
    assert "Ben Okafor was first: dropped this claim at" in body_of(again)


def test_words_that_became_another_claim_are_not_dropped_for_the_one_that_was_seen(
    world: World, log_in: LogIn
) -> None:
    """Both claims stand at version 0; the control posts no claim, as no page of ours does."""
    article = read_article(world)
    read_article(world, f"# Later\n\n{CLAIM}")
    place = place_of(article)
    seen = fields(place)
    made = move_ends(place, place.start, place.end - 9, by=world.ada)
    assert (made.pk != place.claim_id, made.version) == (True, 0)
    client = log_in(world.ben)
    for act, more in (("drop", {}), ("ends", {"start": place.start, "end": place.end - 1})):
        answer = client.post(address(article, act), seen | more)
        assert answer.status_code == 409
        assert "Ada Brightwell was first: moved the ends of this claim at" in body_of(answer)
    assert f'data-claim="{made.pk}"' in show(client, article)
    del seen["claim"]
    assert client.post(address(article, "drop"), seen).status_code == 302


@pytest.mark.parametrize("act", ["make", "drop", "restore", "ends"])
def test_a_stranger_finds_nothing_and_a_look_writes_nothing(
    world: World, log_in: LogIn, act: str
) -> None:
    article = read_article(world)
    place = place_of(article)
    posted = fields(place, **span(article, PLAIN))
    before = digest_rows()
    for method in ("get", "post"):
        answer = getattr(log_in(world.eve), method)(address(article, act), posted)
        assert answer.status_code == 404
    client = log_in(world.dan)
    assert client.get(address(article, act))["Location"] == address(article)
    show(client, article, f"{place.start}-{place.end}")
    assert digest_rows() == before


def test_a_place_of_another_article_is_none_of_this_one(world: World, log_in: LogIn) -> None:
    article = read_article(world)
    theirs = Appearance.objects.filter(claim__team=world.far.team).latest("pk")
    before = digest_rows()
    for place in (theirs, world.near.article.appearances.get()):
        answer = log_in(world.dan).post(address(article, "drop"), fields(place))
        assert answer.status_code == 422
        assert "Choose a claim in the text first." in body_of(answer)
    assert digest_rows() == before


@pytest.mark.parametrize(
    "typed",
    [
        {"start": "-1", "end": "5"},
        {"start": "5", "end": "5"},
        {"start": "9", "end": "2"},
        {"start": "0", "end": "999999999"},
        {"start": "1" * 5000, "end": "٣"},
        {"start": "x", "end": ""},
        {"start": "0", "end": "2"},
        {"start": "1.5", "end": "1e3"},
    ],
)
def test_offsets_that_mark_nothing_are_refused(
    world: World, log_in: LogIn, typed: dict[str, str]
) -> None:
    article = read_article(world)
    place = place_of(article)
    before = digest_rows()
    for act in ("make", "ends"):
        answer = log_in(world.dan).post(address(article, act), fields(place) | typed)
        assert answer.status_code == 422
        assert 'role="alert"' in body_of(answer)
    assert digest_rows() == before


def test_the_page_says_beforehand_what_a_ticket_forbids(world: World, log_in: LogIn) -> None:
    article = read_article(world)
    place = place_of(article)
    key = f"{place.start}-{place.end}"
    ticket, _ = open_ticket(place.claim)
    assert f"Closes ticket {ticket.pk} for good." in show(log_in(world.ben), article, key)
    assert "a reviewer of the team may change it" in show(log_in(world.dan), article, key)
    Ticket.objects.filter(pk=ticket.pk).update(state="in_review", reserved_by=world.ada)
    assert f"Ada Brightwell is reviewing ticket {ticket.pk}" in show(
        log_in(world.ben), article, key
    )
    answer = log_in(world.ben).post(address(article, "drop"), fields(place))
    assert answer.status_code == 422
    assert "it has to be handed back first" in body_of(answer)


def test_a_dropped_claim_is_said_to_be_so_elsewhere(world: World, log_in: LogIn) -> None:
    article = read_article(world)
    place = place_of(article)
    client = log_in(world.dan)
    page = reverse("admin:claims_claim_change", args=[place.claim_id])
    assert "Open a ticket" in body_of(client.get(page))
    drop_claim(place, by=world.dan)
    body = body_of(client.get(page))
    assert "Dropped" in body
    assert "Open a ticket" not in body
    rows = client.get(reverse("admin:claims_article_changelist")).context["cl"].result_list
    assert {row.pk: row.claim_count for row in rows}[article.pk] == 0


def test_an_article_that_is_not_read_yet_offers_nothing(world: World, log_in: LogIn) -> None:
    article = ingest_text(world.near.team, CLAIM).article
    client = log_in(world.dan)
    assert "fa-pick" not in show(client, article)
    answer = client.post(address(article, "make"), span(article, CLAIM))
    assert answer.status_code == 422
    assert "not been read yet" in body_of(answer)


def test_a_long_article_costs_no_more_queries_and_little_more_weight(
    world: World, log_in: LogIn
) -> None:
    client = log_in(world.ben)

    def cost(article: Article) -> tuple[int, int]:
        show(client, article)
        with CaptureQueriesContext(connection) as captured:
            body = show(client, article)
        return len(captured), len(body)

    few, short = cost(read_article(world))
    long = " ".join(f"Some {number} tonnes of salt came in on that day." for number in range(40))
    text = "\n\n".join(
        f"{long} {'People spoke of the fine weather at length. ' * 40}" for _ in "abc"
    )
    article = read_article(world, text)
    for place in article.appearances.select_related("claim", "article")[:30:3]:
        drop_claim(place, by=world.ben)
    for place in article.appearances.filter(claim__dropped_at=None)[:10]:
        open_ticket(place.claim)
    many, heavy = cost(article)
    assert many == few <= MOST_QUERIES
    sentences = len(re.findall("fa-pick", show(client, article)))
    assert sentences > 150
    assert (heavy - short) / sentences < 1500
