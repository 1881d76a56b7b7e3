"""Corrections and the figures of second reads: in the terminal, on their pages, on the ticket."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from claims.admin.figures import SHELF
from claims.models import Ticket
from claims.workflow.corrections import list_open_corrections, promise_of
from claims.workflow.decide import (
    confirm_verdict,
    decide_ticket,
    read_blind,
    reopen_for_correction,
)
from claims.workflow.publish import publish_ticket
from tests.commands.running import call
from tests.people import Desk, a_decision, make_desk, taken_one

WHY = "=A revised register."


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_related("team").get(pk=ticket.pk)


def corrected(desk: Desk, *, published: bool = True) -> Ticket:
    """A published verdict of Ben's, reopened and, unless it is left so, corrected."""
    ticket = taken_one(desk.team, desk.ben)
    decide_ticket(ticket, a_decision(ticket), by=desk.ben, expected_version=ticket.version)
    confirm_verdict(ticket, by=desk.chloe)
    publish_ticket(fresh(ticket), by=desk.ada)
    again = reopen_for_correction(fresh(ticket), by=desk.ben, note="The register was revised.")
    if published:
        why = {"correction_class": "substantial", "correction_reason": WHY}
        decision = a_decision(again, "True", **why)
        decide_ticket(again, decision, by=desk.ben, expected_version=again.version)
        confirm_verdict(fresh(again), by=desk.chloe)
        publish_ticket(fresh(again), by=desk.ada)
    return fresh(again)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.django_db(transaction=True)
def test_the_list_of_corrections(capfd: pytest.CaptureFixture[str]) -> None:
    desk = make_desk()
    done, waiting = corrected(desk), corrected(desk, published=False)
    assert call("export_corrections") == 0
    (row,) = rows_of(capfd.readouterr().out)
    assert (row["ticket_id"], row["old_version"], row["new_version"]) == (str(done.pk), "1", "2")
    assert (row["old_rating"], row["new_rating"]) == ("False", "True")
    assert (row["correction_class"], row["correction_reason"]) == ("substantial", f"'{WHY}")
    assert (row["promised_by"], row["kept_promise"]) == ("", "")
    assert call("export_corrections", "--raw", "--team", desk.team.slug) == 0
    assert rows_of(capfd.readouterr().out)[0]["correction_reason"] == WHY
    assert call("export_corrections", "--team", desk.other.slug) == 0
    assert rows_of(capfd.readouterr().out) == []
    assert call("export_corrections", "--team", "nobody") == 2

    # A promise starts the clock, for what is open and for what was done.
    desk.team.correction_days = 2
    desk.team.save()
    (opened,) = list_open_corrections(Ticket.objects.all())
    assert opened.ticket == waiting
    assert opened.due_at == opened.opened_at + timedelta(days=2)
    assert promise_of(fresh(waiting)) == opened.due_at
    assert promise_of(fresh(done)) is None
    pages = {}
    for person in (desk.dan, desk.eve):
        client = Client()
        client.force_login(person)
        for name in ("", "corrections.csv"):
            answer: Any = client.get(f"/admin/corrections/{name}")
            body = b"".join(answer) if answer.streaming else answer.content
            pages[person.username, name] = body.decode()
        if person == desk.dan:
            bar = client.get(f"/admin/claims/ticket/{waiting.pk}/change/").content.decode()
            assert "Correction promised by" in bar
    assert "1 d 23 h left" in pages["dan", ""]
    assert "False → True" in pages["dan", ""]
    assert rows_of(pages["dan", "corrections.csv"])[0]["kept_promise"] == "true"
    assert "No published verdict is open for a correction." in pages["eve", ""]
    assert rows_of(pages["eve", "corrections.csv"]) == []


@pytest.mark.django_db(transaction=True)
def test_a_promise_that_was_broken(capfd: pytest.CaptureFixture[str]) -> None:
    desk = make_desk()
    done = corrected(desk)
    desk.team.correction_days = 1
    desk.team.save()
    late = timezone.now() + timedelta(days=3)
    with transaction.atomic(), connection.cursor() as cursor:
        # What was published stays on record: past the trigger.
        cursor.execute("SET LOCAL session_replication_role = replica")
        done.verdicts.filter(version=2).update(published_at=late)
    assert call("export_corrections") == 0
    assert rows_of(capfd.readouterr().out)[0]["kept_promise"] == "false"


@pytest.mark.django_db(transaction=True)
def test_the_figures_of_second_reads(capfd: pytest.CaptureFixture[str]) -> None:
    desk = make_desk()
    corrected(desk)
    desk.team.blind_percent, desk.team.agreement_minimum = 100, 2
    desk.team.save()
    for label in ("False", "True"):
        ticket = taken_one(desk.team, desk.ben)
        decide_ticket(ticket, a_decision(ticket), by=desk.ben, expected_version=ticket.version)
        read_blind(fresh(ticket), a_decision(ticket, label), by=desk.chloe)
    sealed = taken_one(desk.team, desk.ben)
    decide_ticket(sealed, a_decision(sealed), by=desk.ben, expected_version=sealed.version)
    assert call("review_report", "--json", "--team", desk.team.slug) == 0
    (told,) = json.loads(capfd.readouterr().out)["teams"]
    assert (told["verdicts"], told["with_waiver"]) == (4, 4), "what is sealed is not counted"
    assert told["waivers"] == {"origins": 4, "primary": 4, "anchored": 0, "contrary": 4}
    assert told["reads"] == {
        "agreed": 1, "disagreed": 1, "confirmed": 2, "edited": 0, "sent_back": 0,
    }  # fmt: skip
    (agreement,) = told["agreement"]
    assert (agreement["pairs"], agreement["agreed"], agreement["share"]) == (2, 1, 0.5)
    assert agreement["weighted"] is True
    assert call("review_report", "--since", "yesterday") == 2
    assert call("review_report", "--since", "2999-01-01") == 0
    assert "0 verdicts" in capfd.readouterr().out

    client = Client()
    client.force_login(desk.ada)
    page = client.get("/admin/figures/").content.decode()
    assert "1 of 2 pairs the same (50%)" in page
    assert "weighted kappa" in page
    desk.team.agreement_minimum = 3
    desk.team.save()
    SHELF.clear()
    page = client.get("/admin/figures/").content.decode()
    assert "2 pairs; agreement is shown from 3 on" in page
    assert "the same" not in page
    assert "kappa" not in page
    listed: Any = client.get("/admin/claims/verdict/?read=blind&version=all")
    assert listed.context["cl"].result_count == 2
    # How blind reads ended is the agreement: no filter tells it below the minimum.
    counts = [
        client.get(f"/admin/claims/verdict/?version=all{one}").context["cl"].result_count
        for one in ("", "&read=disagreed")
    ]
    assert counts[0] == counts[1]
