"""``manage.py feedback_report`` as a terminal sees it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from claims.models import Correction
from claims.vocabulary import CorrectionKind, Outcome, Stance
from claims.workflow.reframe import edit_frame
from claims.workflow.weigh import join_origins, set_outcome, set_stance
from tests.commands.running import call
from tests.people import Desk, add_evidence, make_desk, open_one, taken_one


def report(capfd: pytest.CaptureFixture[str], *more: str) -> dict[str, Any]:
    capfd.readouterr()
    assert call("feedback_report", "--json", *more) == 0
    told = json.loads(capfd.readouterr().out)
    return {one["kind"]: one for one in told["kinds"]}


def worked_on() -> Desk:
    """Five pieces of evidence: three stances as the machine's, one other, one taken back."""
    desk = make_desk()
    ticket = taken_one(desk.team, desk.ada)
    pieces = [
        add_evidence(
            ticket,
            origin=number,
            suggested_stance=Stance.SUPPORTS,
            outcome=Outcome.MATCH if number < 4 else Outcome.NOT_COMPARABLE,
        )
        for number in range(1, 6)
    ]
    for piece in pieces[:3]:
        set_stance(piece, Stance.SUPPORTS, by=desk.ada)
    set_stance(pieces[3], Stance.SUPPORTS, by=desk.ada)
    set_stance(pieces[3], Stance.REFUTES, by=desk.ada)
    set_stance(pieces[4], Stance.NEUTRAL, by=desk.ada)
    set_stance(pieces[4], "", by=desk.ada)
    set_outcome(pieces[0], Outcome.NOT_COMPARABLE, by=desk.ada)
    set_outcome(pieces[4], Outcome.DIFFERS, by=desk.ada)
    pages = [piece.passage.snapshot.page_id for piece in pieces]
    join_origins(ticket, pages[0], pages[1], by=desk.ada)
    edit_frame(ticket, {"place": "Varnholm"}, by=desk.ada)
    return desk


@pytest.mark.django_db(transaction=True)
def test_each_kind_says_how_many_of_how_many(capfd: pytest.CaptureFixture[str]) -> None:
    desk = worked_on()
    open_one(desk.team)
    told = report(capfd)
    stance = told["stance"]
    assert (stance["otherwise"], stance["shown"], stance["share"]) == (1, 4, 0.25)
    assert stance["details"] == {"supports → refutes": 1}
    comparison = told["comparison"]
    assert (comparison["otherwise"], comparison["shown"]) == (2, 4)
    assert comparison["details"]["match → not_comparable"] == 1
    assert (told["origin"]["otherwise"], told["origin"]["shown"]) == (1, 5)
    frame = told["frame_field"]
    assert (frame["otherwise"], frame["shown"], frame["details"]) == (1, 1, {"place": 1})
    assert (told["claim_dropped"]["otherwise"], told["claim_dropped"]["shown"]) == (0, 1)
    assert call("feedback_report") == 0
    assert "25.0%  stances people set: supports → refutes ×1" in capfd.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_a_team_and_a_day_narrow_it_and_nothing_is_no_share(
    capfd: pytest.CaptureFixture[str],
) -> None:
    desk = worked_on()
    assert Correction.objects.filter(kind=CorrectionKind.STANCE).count() == 7
    assert report(capfd, "--team", desk.team.slug)["stance"]["shown"] == 4
    for narrowed in (("--team", desk.other.slug), ("--since", "2999-01-01")):
        told = report(capfd, *narrowed)["stance"]
        assert (told["shown"], told["share"]) == (0, None)
    for wrong in (("--team", "nobody"), ("--since", "soon")):
        assert call("feedback_report", *wrong) == 2
    capfd.readouterr()
