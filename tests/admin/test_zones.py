"""People are shown the days and hours of their team's zone, and each answer its own."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from claims.models import DigestPlan, Membership, Team, Ticket, TicketEvent
from claims.models.zones import today_in, zone_named
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


def test_each_chooses_the_zone_of_the_times_shown_and_due_days_stay_the_teams(
    world: World, log_in: LogIn
) -> None:
    """Of two teams with a zone each, neither is right everywhere: the person says which."""
    ways = reverse("admin:claims_notice_ways")
    page = reverse("admin:claims_ticket_change", args=[world.near.ticket.pk])
    Team.objects.filter(pk=world.near.team.pk).update(time_zone=KOLKATA)
    Team.objects.filter(pk=world.far.team.pk).update(time_zone="Africa/Lagos")
    Membership.objects.create(team=world.far.team, user=world.ben, role="reviewer")
    ben, boss = log_in(world.ben), log_in(world.boss)
    at = TicketEvent.objects.filter(ticket=world.near.ticket).latest("sequence").at

    def hour(zone: str) -> str:
        return f"{at.astimezone(zone_named(zone)):%H:%M %Z}"

    first = min(
        (world.near.team, KOLKATA), (world.far.team, "Africa/Lagos"), key=lambda one: one[0].name
    )[1]
    assert hour(first) in body_of(ben.get(page))
    shown = body_of(ben.get(ways))
    assert f"Times are shown to you in <b>{first}</b>" in shown
    assert f"{world.far.team.name}</bdi> Africa/Lagos" in shown
    for client in (ben, boss):
        refused = client.post(ways, {"act": "zone", "time_zone": "Mars/Olympus"})
        assert (refused.status_code, "Choose one of the list." in body_of(refused)) == (422, True)
        assert client.post(ways, {"act": "zone", "time_zone": "Asia/Tokyo"}).status_code == 302
        assert hour("Asia/Tokyo") in body_of(client.get(page))
    # The mail keeps its rhythm, and follows the clock; the other's form changes nothing of it.
    plan = DigestPlan.objects.get(person=world.ben)
    assert (plan.rhythm, plan.hour, plan.time_zone) == ("daily", 7, "Asia/Tokyo")
    assert ben.post(ways, {"act": "plan", "rhythm": "daily", "hour": "9"}).status_code == 302
    assert DigestPlan.objects.get(person=world.ben).time_zone == "Asia/Tokyo"
    assert Membership.objects.zones()[world.ben.pk] == "Asia/Tokyo"
    assert hour(KOLKATA) in body_of(log_in(world.ada).get(page))
    ben.post(ways, {"act": "zone", "time_zone": ""})
    assert hour(first) in body_of(ben.get(page))


def test_what_is_due_is_told_by_each_teams_own_day(world: World, log_in: LogIn) -> None:
    """Where two teams are on different days, one ticket is late and the other is not."""
    late, early = "Pacific/Kiritimati", "Etc/GMT+12"
    day = today_in(early)
    near, far = world.near.ticket, world.far.ticket
    for ticket, zone in ((near, late), (far, early)):
        Team.objects.filter(pk=ticket.team_id).update(time_zone=zone)
        Ticket.objects.filter(pk=ticket.pk).update(due_on=day, assigned_to=world.ben)
    Membership.objects.create(team=far.team, user=world.ben, role="reviewer")
    tickets, home = reverse("admin:claims_ticket_changelist"), reverse("admin:index")
    DigestPlan.objects.create(person=world.ben, time_zone="Asia/Tokyo")
    for person in (world.ben, world.boss):
        client = log_in(person)
        for asked, shown in (("queue=overdue", near), ("due=overdue", near), ("due=today", far)):
            page = client.get(f"{tickets}?{asked}")
            found = [
                row.pk for row in page.context["cl"].result_list if row.pk in (near.pk, far.pk)
            ]
            assert found == [shown.pk], (person.username, asked)
            words = "Overdue by" if shown == near else "Due today"
            assert words in body_of(page)
    assert all(word in body_of(log_in(world.ben).get(home)) for word in ("Overdue by", "Due today"))
    # The day is still to come in one team, and over in the other.
    for ticket, status in ((far, 302), (near, 422)):
        posted = {"due_on": day.isoformat(), "version": Ticket.objects.get(pk=ticket.pk).version}
        address = reverse("admin:claims_ticket_due", args=[ticket.pk])
        assert log_in(world.ben).post(address, posted).status_code == status
