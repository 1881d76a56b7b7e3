"""The article page: claims where they stand, numbers as read, what was left out, and how far."""

from __future__ import annotations

import hashlib
from html.parser import HTMLParser
from typing import Any

import pytest
from django.urls import reverse

from claims.models import Appearance, Article, Claim, Job, Quantity, Ticket
from claims.vocabulary import ArticleState, Bound, JobKind, JobState, QuantityKind
from tests.admin.addresses import body_of
from tests.admin.conftest import LogIn
from tests.admin.world import World, make_article

ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7|add:7 }}{% include 'x' %}",
    "<svg/onload=alert(1)>",
    "</mark></p></article><iframe src=//evil.example>",
    "&lt;b&gt; & < > \" '",
)


class Live(HTMLParser):
    """Collects what a browser would run or load from the page's words."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        source = given.get("src") or given.get("href") or ""
        if tag == "iframe" or "onerror" in given or "onload" in given or "evil" in source:
            self.found.append(tag)
        if tag == "script" and "src" not in given:
            self.found.append(tag)
        if source.lower().lstrip().startswith(("javascript:", "data:", "vbscript:")):
            self.found.append(f"{tag} {source}")


def write(team: Any, text: str, *claims: str, score: float = 0.8, **fields: Any) -> Article:
    """An article with claims at the places where the wordings stand."""
    article = Article.objects.create(
        team=team,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        state=ArticleState.READ,
        **fields,
    )
    for wording in claims:
        claim = Claim.objects.create(
            team=team,
            text=wording,
            self_contained=wording,
            text_sha256=hashlib.sha256(wording.encode()).hexdigest(),
            score=score,
            reasons=["states a share"],
        )
        at = text.index(wording)
        Appearance.objects.create(claim=claim, article=article, start=at, end=at + len(wording))
    return article


def show(client: Any, article: Article) -> str:
    return body_of(client.get(reverse("admin:claims_article_change", args=[article.pk])))


def test_a_number_is_marked_and_says_how_it_was_read(world: World, log_in: LogIn) -> None:
    article = write(
        world.near.team,
        "Quiet. It holds nearly 70 per cent of it.",
        "It holds nearly 70 per cent of it.",
    )
    claim = Claim.objects.latest("pk")
    Quantity.objects.create(
        claim=claim, position=0, text="70 per cent", start=16, end=27, value=70,
        unit="percent", unit_name="percent", kind=QuantityKind.PERCENT, bound=Bound.ABOUT,
    )  # fmt: skip
    body = show(log_in(world.ben), article)
    assert 'aria-label="70 per cent, read as about 70 %"' in body
    assert ">70 per cent</span>" in body
    assert 'fa-claim--strong" id="claim-' in body
    assert '<span class="fa-run fa-plain" data-at="0">Quiet.</span>' in body


def test_a_claim_leads_to_its_ticket_or_offers_one(world: World, log_in: LogIn) -> None:
    client = log_in(world.dan)
    with_ticket = show(client, world.near.article)
    assert reverse("admin:claims_ticket_change", args=[world.near.ticket.pk]) in with_ticket
    article = write(world.near.team, "Output rose by 7 per cent.", "Output rose by 7 per cent.")
    claim = Claim.objects.latest("pk")
    opening = reverse("admin:claims_claim_open", args=[claim.pk])
    assert opening in show(client, article)
    back = reverse("admin:claims_article_change", args=[article.pk])
    response = client.post(opening, {"back": back})
    ticket = Ticket.objects.get(claim=claim)
    assert response.url == back
    assert reverse("admin:claims_ticket_change", args=[ticket.pk]) in show(client, article)
    client.post(opening, {"back": back})
    assert Ticket.objects.filter(claim=claim).count() == 1


def test_opening_never_leads_out_of_the_house(world: World, log_in: LogIn) -> None:
    address = reverse("admin:claims_claim_open", args=[world.near.claim.pk])
    for back in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        response = log_in(world.dan).post(address, {"back": back})
        assert response.url.startswith("/admin/claims/ticket/")


def test_what_was_left_out_is_listed_by_the_reason(world: World, log_in: LogIn) -> None:
    write(world.near.team, "Over. Under.", "Over.", title="Two claims")
    over = Claim.objects.latest("pk")
    article = Article.objects.get(title="Two claims")
    under = Claim.objects.create(
        team=world.near.team, text="Under.", self_contained="Under.", text_sha256="u", score=0.3
    )
    Appearance.objects.create(claim=under, article=article, start=6, end=12)
    response = log_in(world.ben).get(reverse("admin:claims_article_change", args=[article.pk]))
    assert [card.id for card in response.context["over_cap"]] == [over.pk]
    assert [card.id for card in response.context["under_threshold"]] == [under.pk]


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_words_stay_words(world: World, log_in: LogIn, attack: str) -> None:
    wording = f"It rose by {attack} per cent."
    article = write(
        world.near.team,
        f"Before {attack}. {wording} After.",
        wording,
        title=f"T {attack}",
        byline=f"B {attack}",
        publisher=f"P {attack}",
        url="javascript:alert(1)",
        failure_detail=attack,
    )
    claim = Claim.objects.latest("pk")
    Quantity.objects.create(
        claim=claim, position=0, text=attack, start=11, end=11 + len(attack),
        unit_name=attack, value=7, kind=QuantityKind.MEASURE, unit="x",
    )  # fmt: skip
    client = log_in(world.ben)
    pages = [
        show(client, article),
        body_of(client.get("/admin/")),
        body_of(client.get(reverse("admin:claims_article_changelist"))),
        body_of(client.get(reverse("admin:claims_claim_changelist"))),
        body_of(client.get(reverse("admin:claims_claim_change", args=[claim.pk]))),
        body_of(client.get(reverse("admin:search") + "?extended=1&s=rose")),
    ]
    for body in pages:
        live = Live()
        live.feed(body)
        assert live.found == []


def test_the_page_asks_how_far_the_machine_is(world: World, log_in: LogIn) -> None:
    client = log_in(world.dan)
    article = make_article(world.near.team, 1, state=ArticleState.RECEIVED)
    state = reverse("admin:claims_article_state", args=[article.pk])
    assert client.get(state).json() == {
        "state": "received", "is_reading": True, "tickets": 0, "gathering": 0,
        "is_asked": False, "is_settled": False,
    }  # fmt: skip
    assert f'data-state-url="{state}"' in show(client, article)
    Article.objects.filter(pk=article.pk).update(state=ArticleState.READ)
    assert client.get(state).json()["is_settled"] is True
    assert "data-state-url" not in show(client, article)


def test_a_failed_article_says_why_and_a_lead_may_retry(world: World, log_in: LogIn) -> None:
    article = make_article(
        world.near.team, 2, state=ArticleState.FAILED, failure="gone", failure_detail="410 Gone"
    )
    job = Job.objects.create(
        team=world.near.team, kind=JobKind.FETCH_ARTICLE, key=f"fetch_article:{article.pk}",
        subject_id=article.pk, state=JobState.FAILED, attempts=3,
    )  # fmt: skip
    retry = reverse("admin:claims_job_retry", args=[job.pk])
    lead, reviewer = show(log_in(world.ada), article), show(log_in(world.ben), article)
    assert "410 Gone" in lead
    assert retry in lead
    assert "410 Gone" in reviewer
    assert retry not in reviewer
