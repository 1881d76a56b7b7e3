"""Lists as each person wants them: saved views, chosen columns, filters in words."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import parse_qs, quote

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import ListChoice, ListView, Membership, Tag, TicketTag
from claims.vocabulary import Role
from tests.admin.addresses import body_of, list_address
from tests.admin.conftest import LogIn
from tests.admin.world import World

TICKETS = "/admin/claims/ticket/"
PAGE = "/admin/lists/"
LATE = "due=overdue&queue=waiting"


def send(client: Client, act: str, **given: Any) -> Any:
    return client.post(PAGE, {"list": "ticket", "act": act, **given})


def save(client: Client, name: str, keep: str = LATE, **given: Any) -> Any:
    return send(client, "save", name=name, keep=keep, **given)


def views_of(client: Client, address: str = f"{TICKETS}?all=1") -> dict[str, str]:
    """The saved views that a list shows, by name: where each leads."""
    body = body_of(client.get(address))
    found = re.findall(r'<a class="fk-view" href="([^"]*)"[^>]*><bdi>(.*?)</bdi>', body)
    return {name: html.unescape(href) for href, name in found}


def shown(client: Client, address: str = f"{TICKETS}?all=1") -> list[str]:
    """The columns of the list, the boxes apart."""
    context: Any = client.get(address)
    return [one for one in context.context["cl"].list_display if one != "action_checkbox"]


def test_a_view_is_kept_as_a_link_with_a_plain_address(world: World, log_in: LogIn) -> None:
    ben = log_in(world.ben)
    listed = body_of(ben.get(f"{TICKETS}?{LATE}&state=&p=1"))
    keep = re.search(r'href="([^"]*)"[^>]*>\s*<span[^>]*>bookmark_add', listed)
    assert keep is not None
    form = body_of(ben.get(html.unescape(keep[1])))
    assert "queue: <bdi>Team queue</bdi>" in form
    answer = save(ben, "  My\tlate ones ", keep="due=overdue&queue=waiting&pk__in=1&p=3")
    assert answer.headers["Location"] == f"{TICKETS}?{LATE}"
    assert views_of(ben) == {"My late ones": f"?{LATE}"}
    body = body_of(ben.get(f"{TICKETS}?queue=waiting&due=overdue"))
    assert re.search(r'aria-current="page"><bdi>My late ones', body), "the one that is shown"
    for other in (world.ada, world.eve, world.boss):
        assert views_of(log_in(other)) == {}, "a person's own view is nobody else's"


def test_a_lead_shares_a_view_with_the_team(world: World, log_in: LogIn) -> None:
    ada, ben, eve = (log_in(one) for one in (world.ada, world.ben, world.eve))
    team = world.near.team.pk
    refused = save(ben, "Ours", whose=team)
    assert refused.status_code == 422
    assert "shared by a lead" in body_of(refused)
    assert 'value="Ours"' in body_of(refused), "what was typed stays"
    assert save(ada, "Ours", whose=world.far.team.pk).status_code == 422
    assert not ListView.objects.exists()
    assert save(ada, "Ours", whose=team).status_code == 302
    view = ListView.objects.get()
    assert (view.person_id, view.team_id) == (None, team)
    assert views_of(ben) == views_of(log_in(world.boss)) == {"Ours": f"?{LATE}"}
    assert views_of(eve) == {}
    for other in (ben, eve):
        for act in ("rename", "delete", "open")[: 2 if other is ben else 3]:
            told = body_of(other.post(
                PAGE, {"list": "ticket", "act": act, "view": view.pk, "name": "X"}, follow=True,
            ))  # fmt: skip
            assert "not there any more" in told
    view.refresh_from_db()
    assert view.name == "Ours"
    assert not ListChoice.objects.exists()
    Membership.objects.filter(user=world.ben).update(role=Role.LEAD)
    send(ben, "rename", view=view.pk, name="Everybody's")
    assert "Everybody&#x27;s" in views_of(ada)
    send(ben, "delete", view=view.pk)
    assert "not there any more" in body_of(
        ada.post(PAGE, {"list": "ticket", "act": "delete", "view": view.pk}, follow=True)
    ), "two leads at once: the second is told"
    assert views_of(ada) == {}


def test_the_bare_list_opens_with_the_own_view(world: World, log_in: LogIn) -> None:
    ben, ada = log_in(world.ben), log_in(world.ada)
    save(ada, "Ours", whose=world.near.team.pk)
    view = ListView.objects.get()
    send(ben, "open", view=view.pk)
    assert ben.get(TICKETS).headers["Location"] == f"{TICKETS}?{LATE}"
    assert ben.get(f"{TICKETS}?all=1").status_code == 200
    assert ada.get(TICKETS).status_code == 200, "each chooses for oneself"
    body = body_of(ben.get(f"{TICKETS}?queue=mine"))
    assert 'href="?all=1" aria-label="Take away queue' in body, "not back to the view again"
    Membership.objects.filter(user=world.ben).update(team=world.far.team)
    assert ben.get(TICKETS).status_code == 200, "another team's view opens nothing"
    Membership.objects.filter(user=world.ben).update(team=world.near.team)
    view.delete()
    assert ben.get(TICKETS).status_code == 200
    save(ben, "Mine", opens="1")
    assert ben.get(TICKETS).status_code == 302
    send(ben, "open", view="")
    assert ben.get(TICKETS).status_code == 200


def test_a_view_that_names_what_is_gone_says_so_and_opens(world: World, log_in: LogIn) -> None:
    ben = log_in(world.ben)
    ListView.objects.create(
        person=world.ben, noun="ticket", name="Old", query="o=shoe_size&queue=mine&size=9&tag=77"
    )
    href = views_of(ben)["Old"]
    assert parse_qs(href[1:]) == {"queue": ["mine"], "tag": ["77"]}
    answer = ben.get(f"{TICKETS}{href}")
    body = body_of(answer)
    assert answer.status_code == 200
    for gone in ("size: <bdi>9</bdi>", "tag: <bdi>77</bdi>", "sorted by: <bdi>shoe_size</bdi>"):
        assert gone in body
    assert "not there any more" in body
    assert "fk-chip is-lost" in body_of(ben.get(f"{PAGE}?list=ticket"))
    Tag.objects.create(pk=77, team=world.near.team, name="trade")
    assert "tag: <bdi>trade</bdi>" in body_of(ben.get(f"{TICKETS}{href}"))


@pytest.mark.parametrize(
    ("name", "keep", "reason"),
    [
        ("", LATE, "Give the view a name"),
        ("\u200b\x00\n", LATE, "Give the view a name"),
        ("x" * 61, LATE, "at most 60"),
        ("Taken", LATE, "already"),
        ("Nothing", "", "Filter or search the list first"),
        ("Unknown", "pk__in=1", "Filter or search the list first"),
        ("Long", f"q={'ß' * 500}", "too long"),
    ],
)
def test_what_cannot_be_kept_is_said_at_the_form(
    world: World, log_in: LogIn, name: str, keep: str, reason: str
) -> None:
    ben = log_in(world.ben)
    ListView.objects.create(person=world.ben, noun="ticket", name="Taken", query="queue=mine")
    answer = save(ben, name, keep=keep)
    assert answer.status_code == 422
    assert reason in body_of(answer)
    assert ListView.objects.count() == 1


def test_hostile_words_stay_words(world: World, log_in: LogIn) -> None:
    ben = log_in(world.ben)
    script = "<script>alert(1)</script>"
    save(ben, script, keep=f"q={quote(script)}%00")
    view = ListView.objects.get()
    for address in (
        f"{TICKETS}?all=1",
        f"{PAGE}?list=ticket",
        f"{TICKETS}{views_of(ben).popitem()[1]}",
    ):
        body = body_of(ben.get(address))
        assert script not in body
        assert html.escape(script) in body
    assert send(ben, "rename", view=f"{view.pk}x", name="X").status_code == 302
    refused = send(ben, "rename", view=view.pk, name="x" * 61)
    assert refused.status_code == 422
    assert 'aria-describedby="rename-error"' in body_of(refused)
    assert ben.get(f"{PAGE}?list=nothing").status_code == 404
    assert ben.get(f"{PAGE}?list=job").status_code == 404, "a reviewer has no list of jobs"
    assert ben.get(f"{PAGE}?list=ticket&keep={'q' * 9000}%00%ED%A0%80").status_code == 200


def test_chosen_columns_are_kept_for_the_person_and_the_list(world: World, log_in: LogIn) -> None:
    ben, ada = log_in(world.ben), log_in(world.ada)
    own = shown(ben)
    tag = Tag.objects.create(team=world.near.team, name="trade")
    TicketTag.objects.create(ticket=world.near.ticket, tag=tag)
    send(
        ben, "columns", show=["age", "tags", "state_chip", "claim__text", "team"],
        place_age="2", place_tags="1", place_state_chip="",
    )  # fmt: skip
    assert shown(ben) == ["claim_text", "tags", "age", "state_chip"]
    assert "trade" in body_of(ben.get(f"{TICKETS}?all=1"))
    assert [one for one in shown(ada) if one != "team"] == own
    assert "claim_text" not in shown(ben, f"{list_address('claim')}?all=1")
    heads = body_of(ben.get(f"{TICKETS}?all=1")).split("</thead>")[0]
    assert heads.count('class="fk-sort"') == 1, "only what an index serves"
    ListChoice.objects.update(columns=["gone", "age"])
    assert shown(ben) == ["claim_text", "age"], "a column that went is passed over"
    send(ben, "columns", show=["age"], standard="1")
    assert shown(ben) == own
    refused = send(ben, "columns", show=["age"], place_tags="first")
    assert refused.status_code == 422
    assert "Write a place from 1 to 99." in body_of(refused)
    send(ben, "columns")
    assert shown(ben) == own


def test_a_view_keeps_its_order_whatever_columns_are_shown(world: World, log_in: LogIn) -> None:
    ben, ada = log_in(world.ben), log_in(world.ada)
    place = shown(ada).index("age") + 1
    listed = body_of(ada.get(f"{TICKETS}?o=-{place}"))
    keep = re.search(r"keep=([^\"&]*)", listed)
    assert keep is not None
    save(ada, "Oldest", keep=parse_qs(f"keep={keep[1]}")["keep"][0], whose=world.near.team.pk)
    send(ben, "columns", show=["age", "people"], place_age="1", place_people="2")
    assert views_of(ben) == {"Oldest": "?o=-1"}
    assert ben.get(f"{TICKETS}?o=-1").context["cl"].queryset.query.order_by == ("-id", "-pk")
    send(ben, "columns", show=["people"])
    assert views_of(ben) == {"Oldest": "?all=1"}
    assert "sorted by: <bdi>age, downwards</bdi>" in body_of(ben.get(f"{TICKETS}?all=1"))


def test_filters_are_said_in_words_and_taken_away_one_by_one(world: World, log_in: LogIn) -> None:
    ben = log_in(world.ben)
    body = body_of(ben.get(f"{TICKETS}?q=metals&queue=mine&due=overdue&state=&assigned=me"))
    told = re.search(r'<p class="fk-told">(.*?)</p>', body, re.S)
    assert told is not None
    plain = re.sub(r"<[^>]+>", "|", told[1]).replace("close", "")
    assert [one for one in plain.split("|") if one.strip()] == [
        "Tickets", "queue: ", "My queue", "assigned to: ", "Me", "due: ", "Overdue",
        "words: ", "“metals”",
    ]  # fmt: skip
    offs = [parse_qs(html.unescape(one)[1:]) for one in re.findall(r'href="([^"]*)"', told[1])]
    everything = {"queue": ["mine"], "assigned": ["me"], "due": ["overdue"], "q": ["metals"]}
    assert offs == [
        {key: value for key, value in everything.items() if key != gone} for gone in everything
    ]
    assert "fk-told" not in body_of(ben.get(f"{TICKETS}?state=&q="))
    for noun in ("claim", "verdict", "snapshot"):
        body = body_of(ben.get(f"{list_address(noun)}?team={world.near.team.pk}"))
        assert "team: <bdi>Economy desk</bdi>" in body, noun


def test_the_page_is_closed_to_who_is_in_no_team(world: World, log_in: LogIn) -> None:
    assert log_in(world.stranger).get(reverse("admin:claims_lists")).status_code == 403
