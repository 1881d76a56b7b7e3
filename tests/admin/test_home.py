"""Home and sidebar: each sees what is theirs to do, and every number is the list behind it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from claims.models import Job, Ticket
from claims.vocabulary import JobState
from claims.workflow.assign import assign_ticket, take_next
from claims.workflow.decide import confirm_verdict
from claims.workflow.discuss import say
from claims.workflow.publish import publish_ticket
from tests.admin.addresses import body_of, list_address
from tests.admin.conftest import LogIn
from tests.admin.ticket.rows import make_person, make_ready
from tests.admin.world import World, make_team


def badges(response: Any) -> dict[str, str]:
    return {
        item["title"]: item.get("badge", "")
        for group in response.context["sidebar_navigation"]
        for item in group["items"]
    }


def active(response: Any) -> list[str]:
    return [
        item["title"]
        for group in response.context["sidebar_navigation"]
        for item in group["items"]
        if item["active"]
    ]


@pytest.mark.parametrize("who", ["ada", "ben", "dan", "boss"])
def test_every_figure_is_as_long_as_the_list_behind_it(
    world: World, log_in: LogIn, who: str
) -> None:
    client = log_in(getattr(world, who))
    figures = client.get("/admin/").context["figures"]
    assert [figure.label for figure in figures][:2] == ["Being gathered", "Waiting for a reviewer"]
    for figure in figures:
        listed = client.get(figure.link)
        assert listed.context["cl"].result_count == figure.value, figure.label


def test_every_bar_is_as_long_as_the_list_behind_it(world: World, log_in: LogIn) -> None:
    today = timezone.now().date()
    for days, text in ((-2, "It is 3."), (0, "It is 4."), (5, "It is 5."), (30, "It is 6.")):
        ticket = make_ready(world.near.team, text)
        Ticket.objects.filter(pk=ticket.pk).update(due_on=today + timedelta(days=days))
    assign_ticket(Ticket.objects.get(pk=ticket.pk), world.ben, by=world.ada)
    long_ago = timezone.now() - timedelta(days=9)
    Ticket.objects.filter(pk=world.near.ticket.pk).update(ready_at=long_ago)
    client = log_in(world.ada)
    answer = client.get("/admin/")
    charts = {chart.key: chart for chart in answer.context["charts"]}
    assert [bar.count for bar in charts["due"].bars] == [1, 1, 1, 1]
    assert charts["due"].bars[0].is_alarm
    assert charts["decided"].bars[-1].count == 1
    assert [bar.count for bar in charts["age"].bars] == [4, 0, 0, 1]
    load = [(bar.label, bar.count) for bar in charts["load"].bars]
    assert load == [("Ben Okafor", 1), ("Ada Brightwell", 0)]
    of_team = client.get("/admin/figures/").context["charts"]
    for chart in (*charts.values(), of_team[0]):
        for bar in chart.bars[-4:]:
            listed = client.get(bar.link).context["cl"].result_count
            assert listed == bar.count, (chart.title, bar.label)
    assert all(f"team={world.near.team.pk}" in bar.link for one in of_team for bar in one.bars)
    body = body_of(answer)
    assert body.count('<rect x="') >= 14 + 4
    assert 'role="img" aria-label="Decided, last 14 days: 1 in all, at most 1 a day."' in body
    assert body.count('<caption class="fc-hidden">') >= len(charts)
    assert "As a table" in body
    assert "charts" not in log_in(world.ben).get("/admin/").context


def test_a_reviewer_sees_what_is_due_and_new(world: World, log_in: LogIn) -> None:
    ticket = make_ready(world.near.team, "It is 3 per cent.")
    assign_ticket(Ticket.objects.get(pk=ticket.pk), world.ben, by=world.ada)
    today = timezone.now().date()
    Ticket.objects.filter(pk=ticket.pk).update(due_on=today)
    say(ticket, "@ben which year?", by=world.ada)
    context = log_in(world.ben).get("/admin/").context
    assert [(row["ticket"].pk, row["due"]) for row in context["due_next"]] == [
        (ticket.pk, "Due today")
    ]
    assert [row["what"] for row in context["notices"]] == ["named you", "gave you this ticket"]


def test_every_badge_is_as_long_as_the_list_behind_it(world: World, log_in: LogIn) -> None:
    client = log_in(world.ada)
    response = client.get("/admin/")
    assert badges(response)["Waiting for confirmation"] == "1"
    for group in response.context["sidebar_navigation"]:
        for item in group["items"]:
            if "queue=" in item["link"]:
                count = client.get(item["link"]).context["cl"].result_count
                assert item.get("badge", "0") == str(count), item["title"]


def test_nobody_is_offered_their_own_verdict_to_confirm(world: World, log_in: LogIn) -> None:
    assert badges(log_in(world.ben).get("/admin/"))["Waiting for confirmation"] == ""
    assert len(log_in(world.ada).get("/admin/").context["confirmable"]) == 1


def test_take_next_takes_the_waiting_ticket_of_that_team(world: World, log_in: LogIn) -> None:
    client = log_in(world.ben)
    body = body_of(client.get("/admin/"))
    assert f'name="team" value="{world.near.team.pk}"' in body
    client.post(reverse("admin:claims_ticket_take_next"), {"team": world.near.team.pk})
    assert Ticket.objects.get(pk=world.near.ticket.pk).reserved_by == world.ben
    held = client.get("/admin/").context["my_tickets"]
    assert [row["ticket"].pk for row in held] == [world.near.ticket.pk]
    assert 0 < held[0]["minutes_left"] <= world.near.team.reservation_minutes


def test_a_contributor_brings_in_and_takes_nothing(world: World, log_in: LogIn) -> None:
    body = body_of(log_in(world.dan).get("/admin/"))
    assert "Take next" not in body
    assert "Failed jobs" not in body
    assert reverse("admin:claims_ingest") in body


def test_a_lead_sees_what_failed_and_may_retry_it(world: World, log_in: LogIn) -> None:
    client = log_in(world.ada)
    response = client.get("/admin/")
    assert badges(response)["Jobs"] == "1"
    assert [one["job"].pk for one in response.context["failed_jobs"]] == [world.near.job.pk]
    client.post(reverse("admin:claims_job_retry", args=[world.near.job.pk]))
    job = Job.objects.get(pk=world.near.job.pk)
    assert (job.state, job.attempts) == (JobState.PENDING, 0)
    assert "No failed" not in body_of(client.get(list_address("job")))


@pytest.mark.parametrize("who", ["ben", "dan"])
def test_only_a_lead_retries(world: World, log_in: LogIn, who: str) -> None:
    address = reverse("admin:claims_job_retry", args=[world.near.job.pk])
    assert log_in(getattr(world, who)).post(address).status_code == 403
    assert Job.objects.get(pk=world.near.job.pk).state == JobState.FAILED


def test_the_mix_links_to_the_verdicts_it_counts(world: World, log_in: LogIn) -> None:
    client = log_in(world.dan)
    (share,) = client.get("/admin/").context["mix"]
    assert (share.label, share.count, share.percent) == ("True", 1, 100)
    assert client.get(share.link).context["cl"].result_count == 1


def test_old_publications_count_as_the_list_counts_them(world: World, log_in: LogIn) -> None:
    """The figure and the list behind it know the same rows, however old."""
    long_ago = timezone.now() - timedelta(days=400)
    confirm_verdict(world.near.decided, by=world.ada)
    publish_ticket(Ticket.objects.get(pk=world.near.decided.pk), by=world.ada)
    Ticket.objects.filter(pk=world.near.decided.pk).update(published_at=long_ago)
    client = log_in(world.ada)
    context = client.get("/admin/").context
    published = next(one for one in context["figures"] if one.label == "Published")
    assert published.value == client.get(published.link).context["cl"].result_count == 1
    (share,) = context["mix"]
    assert share.count == client.get(share.link).context["cl"].result_count == 1


def test_a_new_team_is_shown_the_steps(world: World, log_in: LogIn) -> None:
    team = make_team("New desk", world.scale)
    body = body_of(log_in(make_person("nia", "Nia New", team, "reviewer")).get("/admin/"))  # type: ignore[arg-type]
    assert "From here to a first verdict" in body
    assert "From here to a first verdict" not in body_of(log_in(world.ben).get("/admin/"))


def test_one_item_of_the_sidebar_is_active(world: World, log_in: LogIn) -> None:
    client = log_in(world.ada)
    tickets = reverse("admin:claims_ticket_changelist")
    for address, title in (
        ("/admin/", "Home"),
        (f"{tickets}?queue=mine", "My queue"),
        (f"{tickets}?queue=waiting", "Team queue"),
        (tickets, "All tickets"),
        (list_address("source"), "Sources & pages"),
        (list_address("snapshot"), "Sources & pages"),
        (list_address("factcheck"), "From others"),
        (list_address("moneytable"), "From others"),
        (reverse("admin:claims_export"), "Export"),
    ):
        assert active(client.get(address)) == [title], address


def test_what_a_lead_takes_leaves_the_count(world: World, log_in: LogIn) -> None:
    client = log_in(world.ada)
    before = badges(client.get("/admin/"))
    take_next(world.near.team, world.ada)
    after = badges(client.get("/admin/"))
    assert (before["Team queue"], after["Team queue"]) == ("1", "")
    assert after["My queue"] == "1"
