"""A list costs the same number of queries for five rows and for a page full of them."""

from __future__ import annotations

import hashlib

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.admin.change_list import COUNT_CAP, CappedPaginator
from claims.models import Appearance, Claim, Job, Page, Quantity, Team, Verdict
from claims.vocabulary import JobKind, JobState, QuantityKind, VerdictState
from tests.admin.addresses import LISTS, list_address
from tests.admin.conftest import LogIn
from tests.admin.world import World, make_article

MOST_QUERIES = 12
MANY = 40


def count_queries(client: object, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(address)  # type: ignore[attr-defined]
    assert response.status_code == 200
    return len(captured)


def fill(world: World) -> None:
    """Forty more of every noun that grows."""
    team = world.near.team
    article = make_article(team, 0)
    for number in range(1, MANY + 1):
        make_article(team, number)
        text = f"Claim number {number} says that 7 of 10 agree."
        claim = Claim.objects.create(
            team=team,
            text=text,
            self_contained=text,
            text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        )
        Quantity.objects.create(
            claim=claim, position=0, text="7", start=0, end=1, value=7, kind=QuantityKind.COUNT
        )
        Appearance.objects.create(claim=claim, article=article, start=number, end=number + 1)
        _page(team, number, world)
        _verdict(world, number)
    Job.objects.bulk_create(
        Job(team=team, kind=JobKind.DETECT, key=f"detect:{number}", subject_id=number)
        for number in range(MANY)
    )


def _page(team: Team, number: int, world: World) -> None:
    url = f"https://many.example/{number}"
    page = Page.objects.create(
        team=team, url=url, canonical_url=url, title=f"Page {number}", source=world.near.source
    )
    snapshot = world.near.snapshot
    copy = type(snapshot).objects.defer("search").get(pk=snapshot.pk)
    copy.pk, copy.page = None, page
    copy.save(force_insert=True)


def _verdict(world: World, number: int) -> None:
    verdict = Verdict.objects.get(pk=world.near.verdict.pk)
    verdict.pk, verdict.version, verdict.state = None, number + 1, VerdictState.SUPERSEDED
    verdict.save(force_insert=True)


@pytest.mark.parametrize("noun", LISTS)
def test_a_list_is_bounded_whatever_its_length(world: World, log_in: LogIn, noun: str) -> None:
    client = log_in(world.ada)
    address = list_address(noun) + ("?version=all" if noun == "verdict" else "")
    client.get(address)
    few = count_queries(client, address)
    fill(world)
    many = count_queries(client, address)
    assert many == few
    assert many <= MOST_QUERIES


def test_home_is_bounded_whatever_the_number_of_rows(world: World, log_in: LogIn) -> None:
    client = log_in(world.ada)
    client.get("/admin/")
    few = count_queries(client, "/admin/")
    fill(world)
    assert count_queries(client, "/admin/") == few
    assert few <= 18


def test_the_article_page_is_bounded_whatever_the_number_of_claims(
    world: World, log_in: LogIn
) -> None:
    fill(world)
    article = Appearance.objects.filter(claim__text__startswith="Claim number").first().article  # type: ignore[union-attr]
    client = log_in(world.ada)
    address = reverse("admin:claims_article_change", args=[article.pk])
    client.get(address)
    assert count_queries(client, address) <= MOST_QUERIES


def test_no_list_counts_past_the_cap(world: World, log_in: LogIn) -> None:
    team = world.near.team
    Job.objects.bulk_create(
        Job(
            team=team,
            kind=JobKind.READ,
            key=f"read:{number}",
            subject_id=number,
            state=JobState.FAILED,
        )
        for number in range(COUNT_CAP + 50)
    )
    client = log_in(world.ada)
    with CaptureQueriesContext(connection) as captured:
        body = client.get(list_address("job")).content.decode()
    assert "1,000+" in body
    counting = [query["sql"] for query in captured if "COUNT(*)" in query["sql"].upper()]
    assert counting
    assert all("LIMIT" in sql for sql in counting)
    # The same number stands in the sidebar.
    assert body.count("1,000+") >= 2


def test_the_paginator_pages_to_the_cap_and_no_further() -> None:
    pages = CappedPaginator(range(COUNT_CAP * 3), 100)
    assert (pages.count, pages.num_pages, pages.spoken_count) == (COUNT_CAP, 10, "1,000+")
    exact = CappedPaginator(range(COUNT_CAP), 100)
    assert exact.spoken_count == "1,000"
