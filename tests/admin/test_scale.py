"""Pages that do not grow: orders by index, the same queries and the same boxes at any length."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import (
    Appearance,
    Article,
    Claim,
    Evidence,
    Job,
    Page,
    Passage,
    Quantity,
    Search,
    SearchResult,
    Snapshot,
    Source,
    Ticket,
)
from claims.vocabulary import JobKind, QuantityKind, TicketState
from tests.admin.addresses import LISTS, list_address
from tests.admin.conftest import LogIn
from tests.admin.world import World, make_article

GROWING = tuple(noun for noun in (*LISTS, "ticket") if noun not in ("team", "ratingscale"))


def grow(world: World, count: int, mark: str) -> None:
    """``count`` more of every noun that articles bring, all about the same article and ticket."""
    near = world.near
    team, article, ticket = near.team, near.article, near.ticket
    Article.objects.filter(pk=article.pk).update(text="A long text. " * 4000)
    words = [f"Claim {mark} {number} says 7 of 10." for number in range(count)]
    claims = Claim.objects.bulk_create(
        Claim(team=team, text=one, self_contained=one, score=0.6, text_sha256=digest(one))
        for one in words
    )
    Quantity.objects.bulk_create(
        Quantity(claim=one, position=0, text="7", start=0, end=1, value=7, kind=QuantityKind.COUNT)
        for one in claims
    )
    at = 100 + Appearance.objects.count() * 2
    Appearance.objects.bulk_create(
        Appearance(claim=one, article=article, start=at + number * 2, end=at + number * 2 + 1)
        for number, one in enumerate(claims)
    )
    Ticket.objects.bulk_create(
        Ticket(team=team, claim=one, state=TicketState.READY, created_at=ticket.created_at)
        for one in claims
    )
    Source.objects.bulk_create(
        Source(team=team, prefix=f"{mark}{number}.example", name=f"House {mark} {number}")
        for number in range(count)
    )
    Job.objects.bulk_create(
        Job(team=team, kind=JobKind.DETECT, key=f"detect:{number}:{mark}", subject_id=number)
        for number in range(count)
    )
    for number in range(count if count < 100 else 0):
        _grow_page(world, f"{mark}{number}")
    Search.objects.bulk_create(
        Search(
            team=ticket.team,
            ticket=ticket,
            provider="wikipedia",
            query=f"{mark} {number}",
            purpose="support",
        )
        for number in range(count)
    )


def _grow_page(world: World, mark: str) -> None:
    near = world.near
    url = f"https://grown.example/{mark}"
    page = Page.objects.create(
        team=near.team, url=url, canonical_url=url, title=mark, source=near.source
    )
    SearchResult.objects.create(search=near.search, page=page, rank=9, title=mark)
    for held in (page, near.page):
        copy = Snapshot.objects.defer("search").get(pk=near.snapshot.pk)
        copy.pk, copy.page = None, held
        copy.save(force_insert=True)
    passage = Passage.objects.create(snapshot=copy, start=0, end=5, quote=copy.text[:5])
    number = near.ticket.evidence.count() + 1
    Evidence.objects.create(ticket=near.ticket, passage=passage, number=number, score=0.5)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def row_pages(world: World) -> dict[str, str]:
    """One page of each noun, the one whose rows :func:`grow` adds to."""
    near = world.near
    rows: dict[str, Any] = {
        "article": near.article,
        "claim": near.claim,
        "ticket": near.ticket,
        "verdict": near.verdict,
        "page": near.page,
        "snapshot": near.snapshot,
        "source": near.source,
        "search": near.search,
        "job": near.job,
        "team": near.team,
    }
    return {
        noun: reverse(f"admin:claims_{noun}_change", args=[row.pk]) for noun, row in rows.items()
    }


def form_pages(world: World) -> dict[str, str]:
    """Every page on which something is chosen or typed."""
    named = ("claims_ingest", "claims_export", "claims_source_add", "index")
    pages = {name: reverse(f"admin:{name}") for name in named}
    pages |= {f"{noun} list": list_address(noun) for noun in GROWING}
    return pages | row_pages(world)


def count_queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200, address
    return len(captured)


def test_a_page_asks_as_often_for_fifty_rows_as_for_five(world: World, log_in: LogIn) -> None:
    client = log_in(world.ada)
    grow(world, 5, "few")
    pages = row_pages(world) | {noun: list_address(noun) for noun in GROWING}
    few = {name: count_queries(client, address) for name, address in pages.items()}
    grow(world, 45, "more")
    many = {name: count_queries(client, address) for name, address in pages.items()}
    assert many == few


def test_no_box_grows_with_the_rows(world: World, log_in: LogIn) -> None:
    """Each page offers as many choices for two thousand rows more as for twenty."""
    client = log_in(world.ada)
    grow(world, 20, "few")
    few = {name: options(client, address) for name, address in form_pages(world).items()}
    grow(world, 2_000, "many")
    many = {name: options(client, address) for name, address in form_pages(world).items()}
    assert many == few
    assert max(many.values()) < 100


def options(client: Client, address: str) -> int:
    body = client.get(address).content.decode()
    return body.count("<option") + body.count('type="radio"')


def context_of(client: Client, address: str) -> dict[str, Any]:
    response: Any = client.get(address)
    context: dict[str, Any] = response.context_data
    return context


@pytest.mark.parametrize("noun", GROWING)
@pytest.mark.parametrize("who", ["ada", "boss"])
def test_every_order_that_a_list_offers_follows_an_index(
    world: World, log_in: LogIn, noun: str, who: str
) -> None:
    """With sorting made as dear as can be, a plan that sorts has no index to follow."""
    for number in range(3):
        make_article(world.near.team, number)
    client = log_in(getattr(world, who))
    listed = context_of(client, list_address(noun))["cl"]
    orders = [
        f"?o={sign}{place}"
        for place, column in enumerate(listed.list_display)
        if listed.get_ordering_field(column)
        for sign in ("", "-")
    ]
    assert orders or noun == "team"
    for order in ("", *orders):
        rows = context_of(client, list_address(noun) + order)["cl"].queryset
        with connection.cursor() as cursor:
            for setting in ("sort", "seqscan", "bitmapscan", "hashjoin", "mergejoin", "material"):
                cursor.execute(f"SET LOCAL enable_{setting} = off")
            plan = rows[:50].explain()
            cursor.execute("RESET ALL")
        first = next(line for line in plan.splitlines() if "Sort" in line or "Scan" in line)
        # Presorted down to the key, what is sorted are groups of one.
        is_whole = "Presorted" in plan and ".id" in plan.split("Presorted Key")[1].split("\n")[0]
        assert is_whole or "Sort" not in first, f"{noun}{order}\n{plan}"
