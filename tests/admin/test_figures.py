"""Figures: every number is the list behind it, what is sealed is in none, and none costs much."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.admin.facts import Fact
from claims.admin.figures import SHELF, TeamFigures, count_figures, count_left, figures_of
from claims.models import Membership, Page, Search, Source, Team, Ticket, TicketEvent
from claims.vocabulary import Role, TicketState
from claims.workflow.assign import assign_ticket, release_ticket, take_next, take_ticket
from claims.workflow.decide import confirm_verdict, decide_ticket
from tests.admin.addresses import body_of
from tests.admin.conftest import LogIn
from tests.admin.ticket.rows import make_ready
from tests.admin.world import World
from tests.people import a_decision

HOME, FIGURES = "/admin/", "/admin/figures/"


@pytest.fixture(autouse=True)
def _counted_anew() -> None:
    SHELF.clear()


def decide(world: World, label: str = "False") -> Ticket:
    """A verdict of Ben's that waives what it does not rest on."""
    make_ready(world.near.team, f"It is {label} that 3 of 4 agree.")
    ticket = take_next(world.near.team, world.ben)
    assert ticket is not None
    decide_ticket(ticket, a_decision(ticket, label), by=world.ben, expected_version=ticket.version)
    return Ticket.objects.get(pk=ticket.pk)


def links_of(told: TeamFigures) -> Iterator[tuple[str, int, str]]:
    """Each number with what it counts and the list behind it."""
    for line in told.stages:
        yield f"left {line.label}", line.tickets, line.link
    for figure in (*told.looking, *told.waived, *told.reads):
        yield figure.label, figure.value, figure.link
    for section in (told.sources, told.places):
        for row in section.tables[0].rows:
            for cell in row:
                if isinstance(cell, Fact) and isinstance(cell.value, int):
                    yield f"{section.title}: {row[0]}", cell.value, cell.href


def test_every_number_is_as_long_as_the_list_behind_it(world: World, log_in: LogIn) -> None:
    confirm_verdict(decide(world), by=world.ada)
    long_ago = timezone.now() - timedelta(days=40)
    team, client = world.near.team, log_in(world.ada)
    failed = Page.objects.filter(team=team, outcome="failed")
    Page.objects.filter(pk__in=failed.values("pk")[:1]).update(source=world.near.source)
    # Older than the windows: in no number, and in no list.
    old = Page.objects.create(team=team, url="https://old.example/", canonical_url="old")
    Page.objects.filter(pk=old.pk).update(
        outcome="failed", fetched_at=long_ago, source=world.near.source
    )
    Search.objects.filter(pk=world.near.search.pk).update(created_at=long_ago)
    make_ready(world.far.team, "It is 9 per cent.")

    told = count_figures(team)
    found = {what: count for what, count, _ in links_of(told)}
    assert found["left Ready"] == 2
    assert found["left Decided"] == 0, "a confirmed verdict waits in its stage"
    assert found["Failed fetches"] == failed.count() - 1
    assert found["Sources with failed fetches"] == 1
    assert (
        found["Searches without an answer"]
        == Search.objects.filter(team=team, outcome="could_not_reach").count()
    )
    assert found["Verdicts with a waiver"] == 1
    assert found["Confirmed"] == 1
    for what, count, link in links_of(told):
        assert client.get(link).context["cl"].result_count == count, what


def test_a_ticket_that_leaves_a_stage_twice_is_counted_once(world: World) -> None:
    """By some departures as by the tickets of the whole month, which the control asks for."""
    ticket, team = make_ready(world.near.team, "It is 5 per cent."), world.near.team
    before = count_left(team)
    for _ in range(2):
        taken = take_ticket(Ticket.objects.get(pk=ticket.pk), world.ben)
        release_ticket(taken, world.ben)
    departures = TicketEvent.objects.filter(ticket=ticket, from_state=TicketState.READY)
    assert departures.count() == 2
    after = count_left(team)
    assert after["ready"] == before["ready"] + 1
    assert after["in_review"] == before["in_review"] + 1
    assert count_left(team, enough=1) == after
    with CaptureQueriesContext(connection) as one_is_enough:
        count_left(team, enough=1)
    assert len(one_is_enough) == 2, "few departures of few tickets do not tell"


def test_what_is_sealed_is_in_no_figure(world: World, log_in: LogIn) -> None:
    """Not for a lead either, who may be its second reader."""
    before = count_figures(world.near.team)
    mix = log_in(world.ada).get(HOME).context["mix"]
    Team.objects.filter(pk=world.near.team.pk).update(blind_percent=100)
    verdicts = decide(world, "True").verdicts
    assert verdicts.get().is_sealed
    after = count_figures(world.near.team)
    assert (after.waived, after.reads) == (before.waived, before.reads)
    assert log_in(world.ada).get(HOME).context["mix"] == mix
    # The control: the same verdict, once it is open, is counted.
    verdicts.update(is_sealed=False)
    assert count_figures(world.near.team).waived != before.waived


def test_a_lead_sees_them_at_home_and_nobody_else(world: World, log_in: LogIn) -> None:
    body = body_of(log_in(world.ada).get(HOME))
    for words in ("Time in each stage", "Failed fetches", "Gone ahead without", "Second reads"):
        assert words in body
    for who in (world.ben, world.dan):
        client = log_in(who)
        assert "flow" not in client.get(HOME).context
        assert client.get(FIGURES).status_code == 403
    # Somebody else's team is as good as none: the first of one's own is shown.
    answer: Any = log_in(world.ada).get(f"{FIGURES}?team={world.far.team.pk}")
    assert answer.context["team"] == world.near.team


def test_they_are_counted_once_a_minute_in_few_statements(world: World) -> None:
    with CaptureQueriesContext(connection) as captured:
        told = figures_of(world.near.team)
    assert len(captured) <= 7
    with CaptureQueriesContext(connection) as captured:
        assert figures_of(world.near.team) == told
    assert len(captured) == 0
    assert figures_of(world.far.team) != told


def test_a_filter_by_row_tells_of_no_strangers_row(world: World, log_in: LogIn) -> None:
    client = log_in(world.ada)
    pages, tickets = "/admin/claims/page/", "/admin/claims/ticket/"
    all_pages = client.get(pages).context["cl"].result_count
    own = Source.objects.filter(team=world.near.team).latest("pk")
    assert client.get(f"{pages}?source={own.pk}").context["cl"].result_count < all_pages
    assign_ticket(Ticket.objects.get(pk=world.near.ticket.pk), world.ben, by=world.ada)
    assert client.get(f"{tickets}?work={world.ben.pk}").context["cl"].result_count == 1
    all_tickets = client.get(tickets).context["cl"].result_count
    for address, whole in (
        (f"{pages}?source={world.far.source.pk}", all_pages),
        (f"{pages}?source=0", all_pages),
        (f"{pages}?source=%00", all_pages),
        (f"{tickets}?work={world.eve.pk}", all_tickets),
    ):
        assert client.get(address).context["cl"].result_count == whole, address


def test_a_lead_of_several_teams_chooses_whose_figures_home_shows(
    world: World, log_in: LogIn
) -> None:
    near, far = world.near.team, world.far.team
    confirm_verdict(decide(world), by=world.ada)
    first = body_of(log_in(world.ada).get(HOME))
    assert "Team of the figures" not in first
    Membership.objects.create(team=far, user=world.ada, role=Role.LEAD)
    client = log_in(world.ada)
    for team, other in ((near, far), (far, near)):
        page = client.get(HOME, {"team": team.pk})
        assert page.context["team"] == team
        assert f"How {team.name} goes" in body_of(page)
        assert f'href="?team={other.pk}#flow"' in body_of(page)
        assert page.context["charts"][-1].title == f"Who has how much, {team.name}"
    # A team that the person does not lead is none to choose.
    Membership.objects.filter(team=far, user=world.ada).update(role=Role.REVIEWER)
    assert log_in(world.ada).get(HOME, {"team": far.pk}).context["team"] == near
