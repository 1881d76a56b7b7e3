"""Words found in claims, rationales, quotes and articles: where, by whom, and at what cost."""

from __future__ import annotations

import hashlib
import html
import re
from typing import Any

import pytest
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.admin.searching import CLAIM_PLACES, TICKET_PLACES, Place, find_rows, tell_found
from claims.models import Article, Claim, Evidence, Passage, Ticket, Verdict
from tests.admin.addresses import body_of, list_address
from tests.admin.conftest import LogIn
from tests.admin.world import CANARY, World

TICKETS = "/admin/claims/ticket/"
TICK, REASON, QUOTE, ARTICLE = TICKET_PLACES


def found(client: Client, address: str) -> dict[int, str]:
    """The rows of a list, each with what is said of where it was found."""
    answer: Any = client.get(address)
    assert answer.status_code == 200
    told = {}
    body = answer.content.decode().split("<tbody")
    for row in body[1:]:
        key = re.search(r"/(\d+)/change/", row)
        line = re.search(r'<span class="fk-found">(.*?)</span>', row, re.S)
        if key is not None:
            told[int(key[1])] = html.unescape(line[1]) if line else ""
    return told


@pytest.fixture
def written(world: World) -> World:
    """A word of its own in each place of the two tickets of the near desk."""
    near = world.near
    held = Evidence.objects.filter(ticket=near.ticket).earliest("number")
    quote = Passage.objects.get(pk=held.passage_id)
    Passage.objects.filter(pk=quote.pk).update(quote=f"{quote.quote} Air & sea: Zeppelins came.")
    Article.objects.filter(pk=near.article.pk).update(
        text=f"{near.article.text} A gondola stood there."
    )
    return world


def test_a_ticket_is_found_by_what_hangs_on_it(written: World, log_in: LogIn) -> None:
    near, ben = written.near, log_in(written.ben)
    told = found(ben, f"{TICKETS}?q=zeppelin")
    assert list(told) == [near.ticket.pk]
    assert told[near.ticket.pk].startswith("Found in the evidence: ")
    assert "Air & sea: <mark>Zeppelins</mark> came" in told[near.ticket.pk]
    assert "Air &amp; sea" in body_of(ben.get(f"{TICKETS}?q=zeppelin"))
    told = found(ben, f"{TICKETS}?q=official+tables")
    assert list(told) == [near.decided.pk]
    assert "Found in the rationale: " in told[near.decided.pk]
    assert "<mark>official</mark> <mark>tables</mark>" in told[near.decided.pk]
    told = found(ben, f"{TICKETS}?q=gondola")
    assert near.ticket.pk in told
    assert "Found in the article: " in told[near.ticket.pk]
    told = found(ben, f"{TICKETS}?q=exports")
    assert "Found in the claim: " in told[near.ticket.pk]
    assert "Also in the article." in told[near.ticket.pk]
    assert found(ben, f"{TICKETS}?q=exports&in=rationale") == {}
    assert list(found(ben, f"{TICKETS}?q=exports&in=article")) == [near.ticket.pk]
    assert found(ben, f"{TICKETS}?q=exports&state=closed") == {}
    assert found(ben, f"{TICKETS}?q=%23{near.ticket.pk}") == {near.ticket.pk: ""}


def test_of_several_versions_the_newest_words_are_shown(world: World, log_in: LogIn) -> None:
    old = Verdict.objects.get(pk=world.near.verdict.pk)
    Verdict.objects.filter(pk=old.pk).update(state="superseded")
    old.pk, old.version = None, old.version + 1
    old.rationale = "The newest official census disagrees."
    old.save(force_insert=True)
    told = found(log_in(world.ben), f"{TICKETS}?q=official")
    assert "<mark>official</mark> census disagrees" in told[world.near.decided.pk]


def test_the_other_lists_say_where_too(written: World, log_in: LogIn) -> None:
    near, ben = written.near, log_in(written.ben)
    for noun, word, key, place in (
        ("claim", "gondola", near.claim.pk, "the article"),
        ("article", "gondola", near.article.pk, "the article"),
        ("verdict", "official", near.verdict.pk, "the rationale"),
        ("verdict", "mines", near.verdict.pk, "the claim"),
        ("search", "exports", near.search.pk, "the claim"),
        ("snapshot", "magnets", near.snapshot.pk, "the stored copy"),
        ("page", "magnets", near.page.pk, "a stored copy"),
    ):
        told = found(ben, f"{list_address(noun)}?q={word}")
        assert told[key].startswith(f"Found in {place}: "), (noun, word)
    listed = body_of(ben.get("/admin/claims/verdict/listed.csv?q=official&in=rationale"))
    assert "Two official tables" in listed
    assert "Two official tables" not in body_of(
        ben.get("/admin/claims/verdict/listed.csv?q=official&in=claim")
    )


def test_nobody_finds_what_is_another_teams(world: World, log_in: LogIn) -> None:
    for word in (CANARY, "official tables", "global production"):
        mine = found(log_in(world.ben), f"{TICKETS}?q={word}")
        theirs = found(log_in(world.eve), f"{TICKETS}?q={word}")
        assert theirs, word
        assert not set(mine) & set(theirs)
        assert set(found(log_in(world.boss), f"{TICKETS}?q={word}")) == {*mine, *theirs}
    rows = Ticket.objects.all()
    for place in TICKET_PLACES:
        hits, count = find_rows(rows, [place], world.ben, CANARY, most=9)
        assert (count, list(hits)) == (0, []), place.name
        assert tell_found([world.far.ticket.pk], [place], world.ben, CANARY) == {}
        assert find_rows(rows, [place], world.eve, CANARY, most=9)[1], place.name


def test_hostile_words_break_nothing(world: World, log_in: LogIn) -> None:
    ben = log_in(world.ben)
    for words in ("'", "a:*|!b%26%5C", "%00%ED%A0%80", "the", "ß" * 3000, '"-<mark>'):
        assert ben.get(f"{TICKETS}?q={words}").status_code == 200, words


def many_claims(world: World, count: int) -> list[int]:
    """Tickets, each of which holds the word in its claim."""
    team = world.near.team
    texts = [f"Barge {number} carried salt." for number in range(count)]
    claims = Claim.objects.bulk_create(
        Claim(
            team=team,
            text=text,
            self_contained=text,
            text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        )
        for text in texts
    )
    rows = Ticket.objects.bulk_create(Ticket(team=team, claim=one, state="ready") for one in claims)
    return [row.pk for row in rows]


def test_of_too_many_hits_the_newest_are_found(world: World) -> None:
    keys = many_claims(world, 8)
    rows = Ticket.objects.filter(team=world.near.team)
    hits, count = find_rows(rows, TICKET_PLACES, world.ben, "barge", most=5)
    assert (count, {hit.pk for hit in hits}) == (5, set(keys[-5:]))
    rare = Ticket.objects.filter(pk__in=[*keys[:2], world.near.ticket.pk])
    assert find_rows(rare, TICKET_PLACES, world.ben, "barge", most=5)[1] == 2, "filters come first"
    assert find_rows(rows, TICKET_PLACES, world.ben, "barge", most=9)[1] == 8


def test_a_list_that_is_cut_short_says_what_it_leaves_out(world: World, log_in: LogIn) -> None:
    many_claims(world, 1_001)
    with connection.cursor() as cursor:
        # What the planner knows of tables that other tests emptied would choose its plan.
        cursor.execute("ANALYZE claims_claim, claims_ticket")
    ben, cut = log_in(world.ben), "of each place the newest 1,000 are listed; another word or a"
    assert cut in body_of(ben.get(f"{TICKETS}?q=barge"))
    assert cut not in body_of(ben.get(f"{TICKETS}?q=exports"))
    assert "1,000+" in (whole := body_of(ben.get(TICKETS)))
    assert "; a search or a filter narrows them" in whole


def test_the_newest_come_first_until_another_order_is_chosen(world: World, log_in: LogIn) -> None:
    keys = many_claims(world, 3)
    Ticket.objects.filter(pk=keys[0]).update(priority=90)
    ben = log_in(world.ben)
    assert list(found(ben, f"{TICKETS}?q=barge")) == keys[::-1]
    listed = ben.get(f"{TICKETS}?q=barge").context["cl"]
    assert listed.get_ordering_field_columns() == {}, "no head says another order"
    place = listed.list_display.index("priority")
    assert next(iter(found(ben, f"{TICKETS}?q=barge&o=-{place}"))) == keys[0]


def test_a_search_asks_as_often_for_a_hundred_rows_as_for_one(world: World, log_in: LogIn) -> None:
    ben, asked = log_in(world.ben), []
    for count in (1, 9, 90):
        Ticket.objects.filter(claim__text__startswith="Barge").delete()
        Claim.objects.filter(text__startswith="Barge").delete()
        many_claims(world, count)
        with CaptureQueriesContext(connection) as captured:
            answer = ben.get(f"{TICKETS}?q=barge")
        assert answer.context["cl"].result_count == count
        asked.append(len(captured))
    assert asked[0] == asked[1] == asked[2] <= 12


@pytest.mark.parametrize(
    ("place", "index"),
    [
        (TICK, "claim_search"),
        (REASON, "verdict_rationale_words"),
        (QUOTE, "passage_quote_words"),
        (ARTICLE, "article_search"),
        (CLAIM_PLACES[0], "claim_search"),
    ],
)
def test_each_place_is_looked_through_by_its_index(world: World, place: Place, index: str) -> None:
    query = SearchQuery("zeppelin", config="english", search_type="websearch")
    assert f"Bitmap Index Scan on {index}" in plan_of(place.hits(world.boss, query))


def plan_of(rows: Any) -> str:
    """How the database would find the rows, with every other way made as dear as can be."""
    with connection.cursor() as cursor:
        for setting in ("seqscan", "indexscan", "indexonlyscan", "nestloop"):
            cursor.execute(f"SET LOCAL enable_{setting} = off")
        plan: str = rows.values("pk").explain()
        cursor.execute("RESET ALL")
    return plan


def test_control_another_expression_has_no_index(world: World) -> None:
    """The index serves just the expression that it was made of."""
    rows = Verdict.objects.annotate(words=SearchVector("rationale", config="english"))
    assert "verdict_rationale_words" not in plan_of(rows.filter(words="zeppelin"))
