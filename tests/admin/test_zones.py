"""People are shown the days and hours of their team's zone, and each answer its own."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from claims.models import Team, TicketEvent
from claims.models.zones import zone_named
from tests.admin.addresses import body_of
from tests.admin.conftest import LogIn
from tests.admin.test_teams import posted_form, team_address
from tests.admin.world import World

KOLKATA = "Asia/Kolkata"


def test_times_are_shown_in_the_teams_zone(world: World, log_in: LogIn) -> None:
    team, ticket = world.near.team, world.near.ticket
    page = reverse("admin:claims_ticket_change", args=[ticket.pk])
    at = TicketEvent.objects.filter(ticket=ticket).latest("sequence").at
    here = f"{at.astimezone(zone_named(KOLKATA)):%H:%M} IST"
    in_utc = f"{at:%H:%M} UTC"
    for zone, shown, other in (("UTC", in_utc, here), (KOLKATA, here, in_utc)):
        Team.objects.filter(pk=team.pk).update(time_zone=zone)
        body = body_of(log_in(world.ben).get(page))
        assert shown in body
        assert other not in body
        assert f'data-zone="{shown.split()[1]}"' in body
    # The zone ends with the answer; a superuser has the install's.
    assert str(timezone.get_current_timezone()) == "UTC"
    assert in_utc in body_of(log_in(world.boss).get(page))
    assert "Once a day at (Asia/Kolkata)" in body_of(
        log_in(world.ben).get(reverse("admin:claims_notice_ways"))
    )


def test_a_lead_sets_the_zone_and_a_name_that_is_none_is_told(world: World, log_in: LogIn) -> None:
    client, team = log_in(world.ada), world.near.team
    address = team_address(team)
    data: dict[str, Any] = posted_form(client, address)
    assert data["time_zone"] == "UTC"
    refused = client.post(address, {**data, "time_zone": "Mars/Olympus"})
    assert "Write a zone as Europe/Berlin, or UTC." in body_of(refused)
    assert client.post(address, {**data, "time_zone": "Europe/Berlin"}).status_code == 302
    assert Team.objects.get(pk=team.pk).time_zone == "Europe/Berlin"
