"""Files: what the list shows is what the file tells, safe unless asked otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse

from claims.export.verdict_csv import read_evidence, read_verdicts
from claims.workflow.assign import take_next
from claims.workflow.decide import Decision, confirm_verdict, decide_ticket
from tests.admin.addresses import body_of
from tests.admin.conftest import LogIn
from tests.admin.world import World
from tests.people import WAIVED

LISTED = "admin:claims_verdict_listed"


def records(response: Any, **how: Any) -> list[Any]:
    return list(read_verdicts(body_of(response).encode(), **how))


def test_the_file_of_a_list_holds_what_the_list_shows(world: World, log_in: LogIn) -> None:
    client = log_in(world.ada)
    response = client.get(reverse(LISTED))
    assert response.streaming
    assert 'attachment; filename="verdicts-' in response["Content-Disposition"]
    (told,) = records(response)
    assert told.ticket_id == world.near.decided.pk
    assert told.rating == "True"


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ("?rating=True", 1),
        ("?rating=False", 0),
        ("?state=proposed", 1),
        ("?state=final", 0),
        ("?decided_at=7", 1),
        ("?q=mines", 1),
        ("?q=submarines", 0),
    ],
)
def test_the_file_honours_the_lists_filters(
    world: World, log_in: LogIn, filters: str, count: int
) -> None:
    client = log_in(world.ada)
    listed = client.get(reverse("admin:claims_verdict_changelist") + filters)
    assert listed.context["cl"].result_count == count
    assert reverse(LISTED) + filters in body_of(listed)
    assert len(records(client.get(reverse(LISTED) + filters))) == count


def test_ticked_rows_are_exported(world: World, log_in: LogIn) -> None:
    posted = {"action": "export_chosen", ACTION_CHECKBOX_NAME: [world.near.verdict.pk]}
    address = reverse("admin:claims_verdict_changelist")
    assert len(records(log_in(world.ben).post(address, posted))) == 1


@pytest.mark.parametrize(
    ("address", "asks"), [("admin:claims_export_verdicts", "cells=raw"), (LISTED, "raw=1")]
)
def test_formulas_are_guarded_unless_raw_is_asked_for(
    world: World, log_in: LogIn, address: str, asks: str
) -> None:
    formula = '=HYPERLINK("https://evil.example";"press")'
    give_verdict(world, formula)
    client = log_in(world.ada)
    safe, raw = client.get(reverse(address)), client.get(f"{reverse(address)}?{asks}")
    assert "\"'=HYPERLINK" in (body := body_of(safe))
    assert records_of(body)[-1].rationale == formula
    assert '"=HYPERLINK' in body_of(raw)
    assert "raw" in raw["Content-Disposition"]


def test_the_second_file_tells_the_evidence(world: World, log_in: LogIn) -> None:
    response = log_in(world.dan).get(reverse("admin:claims_export_verdicts") + "?file=evidence")
    assert len(list(read_evidence(body_of(response).encode()))) == 2


def test_since_and_versions_narrow_the_file(world: World, log_in: LogIn) -> None:
    client, address = log_in(world.ada), reverse("admin:claims_export_verdicts")
    assert records(client.get(f"{address}?since=2999-01-01")) == []
    assert len(records(client.get(f"{address}?versions=all"))) == 1
    assert client.get(f"{address}?since=yesterday").status_code == 400


def test_the_form_says_how_many_there_are(world: World, log_in: LogIn) -> None:
    body = body_of(log_in(world.ada).get(reverse("admin:claims_export")))
    assert "1 current verdict" in body


def test_a_verdict_page_shows_the_second_reader(world: World, log_in: LogIn) -> None:
    confirm_verdict(world.near.decided, by=world.ada, note="Checked the table.")
    address = reverse("admin:claims_verdict_change", args=[world.near.verdict.pk])
    body = body_of(log_in(world.dan).get(address))
    assert "Ada Brightwell agreed" in body
    assert "Checked the table." in body


def give_verdict(world: World, rationale: str) -> None:
    """One more verdict of the near desk, in these words."""
    ticket = take_next(world.near.team, world.ben)
    assert ticket is not None
    rating = world.scale.ratings.earliest("position")
    decision = Decision(rating.pk, rationale, waivers=WAIVED)
    decide_ticket(ticket, decision, by=world.ben, expected_version=ticket.version)


def records_of(body: str) -> list[Any]:
    return list(read_verdicts(body.encode()))
