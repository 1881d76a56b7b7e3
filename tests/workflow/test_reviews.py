"""Fact-checks by others: kept once, matched like earlier claims, answered by a person."""

from __future__ import annotations

from typing import Any

import pytest

from claims.lifecycle import MoveRefused
from claims.models import (
    Correction,
    FactCheck,
    FactCheckMatch,
    Job,
    Page,
    Search,
    Ticket,
    TicketEvent,
)
from claims.text.claim_reviews import ClaimReview
from claims.vocabulary import (
    CorrectionKind,
    FactCheckWay,
    MatchAnswer,
    ProviderName,
    SearchPurpose,
)
from claims.web.search.protocol import Found
from claims.workflow.feedback import report_feedback
from claims.workflow.gather.answers import keep_answer
from claims.workflow.gather.looking import Looked
from claims.workflow.gather.reviewed import keep_declared_reviews
from claims.workflow.match import MatchRefused, answer_review, match_due
from claims.workflow.recheck import verify_history
from claims.workflow.take_in import take_in_fact_checks
from tests.people import Desk, open_one, ready_one, taken_one
from tests.workflow.test_match import AGAIN, OTHER_NUMBER, OTHER_YEAR, SALT, STRANGE


def bring(desk: Desk, claim: str = AGAIN, *, rating: str = "False") -> int:
    body = f'claim,url,publisher,rating\n"{claim}",https://checks.example/1,Plumb line,{rating}\n'
    return take_in_fact_checks(desk.team, body.encode(), by=desk.ada).new


def matches(ticket: Ticket) -> list[FactCheckMatch]:
    match_due(ticket.team)
    return list(FactCheckMatch.objects.filter(claim=ticket.claim_id))


def test_a_file_is_matched_to_claims_that_were_there_and_that_come(desk: Desk) -> None:
    before = ready_one(desk.team, SALT)
    assert matches(before) == []
    assert bring(desk) == 1
    (found,) = matches(before)
    assert found.fact_check.rating == "False"
    after = ready_one(desk.team, SALT.replace("handled", "shipped"))
    assert len(matches(after)) == 1
    assert matches(ready_one(desk.team, STRANGE)) == []


def test_the_same_review_again_is_renewed_and_stays_one(desk: Desk) -> None:
    assert bring(desk) == 1
    assert bring(desk, rating="Half true") == 0
    assert FactCheck.objects.get().rating == "Half true"
    assert bring(desk, OTHER_NUMBER) == 1  # another claim of the same page


@pytest.mark.parametrize("other", [OTHER_NUMBER, OTHER_YEAR])
def test_the_number_guard_stands_between_a_claim_and_a_review(desk: Desk, other: str) -> None:
    ticket = taken_one(desk.team, desk.ada, SALT)
    bring(desk, other)
    (match,) = matches(ticket)
    with pytest.raises(MatchRefused, match="another claim"):
        answer_review(match, MatchAnswer.SAME, by=desk.ada)
    answer_review(match, MatchAnswer.RELATED, by=desk.ada)
    match.refresh_from_db()
    assert (match.answer, match.answered_by) == ("related", desk.ada)


def test_an_answer_is_kept_with_who_and_counts_as_feedback(desk: Desk) -> None:
    ticket = taken_one(desk.team, desk.ada, SALT)
    bring(desk)
    (match,) = matches(ticket)
    with pytest.raises(MoveRefused):
        answer_review(match, MatchAnswer.SAME, by=desk.eve)
    answer_review(match, MatchAnswer.SAME, by=desk.ada)
    answer_review(match, MatchAnswer.OTHER, by=desk.ada)
    event = TicketEvent.objects.filter(ticket=ticket, action="match_answered").latest("sequence")
    assert event.changes["fact_check"] == "https://checks.example/1"
    kept = Correction.objects.filter(kind=CorrectionKind.MATCH).order_by("id")
    assert [(one.machine, one.person) for one in kept] == [("same", "same"), ("same", "other")]
    told = {one.kind: one for one in report_feedback(desk.team)}[CorrectionKind.MATCH]
    assert (told.shown, told.otherwise, dict(told.details)) == (1, 1, {"same → other": 1})
    assert verify_history().is_sound
    # What was answered outlasts the next matching, and nothing was taken over.
    bring(desk, rating="True")
    assert [one.answer for one in matches(ticket)] == ["other"]
    assert not ticket.verdicts.exists()


def test_what_a_search_finds_and_a_page_declares_is_matched(desk: Desk) -> None:
    ticket = open_one(desk.team, SALT)
    search = Search.objects.create(
        ticket=ticket,
        provider=ProviderName.FACT_CHECKS,
        query="salt",
        purpose=SearchPurpose.SUPPORT,
    )
    found = Found("https://checks.example/1", AGAIN, "Salt", publisher="Plumb line", rating="False")
    keep_answer(Looked(_job_of(search), found=(found,)))
    page = Page.objects.get(url="https://checks.example/1")
    declared = [
        ClaimReview("https://checks.example/2", OTHER_YEAR, "Plumb line", "True"),
        ClaimReview("https://elsewhere.example/3", SALT, "Somebody else", "True"),
    ]
    matches(ticket)
    keep_declared_reviews(page, declared)
    assert {one.fact_check.way for one in matches(ticket)} == {
        FactCheckWay.SEARCH,
        FactCheckWay.PAGE,
    }
    # A page's word about a review on another site is nobody's.
    assert not FactCheck.objects.filter(publisher="Somebody else").exists()


def test_another_team_s_fact_checks_are_not_found(desk: Desk) -> None:
    bring(desk)
    stranger = ready_one(desk.other, SALT)
    assert matches(stranger) == []


def _job_of(search: Search) -> Any:
    key = f"search:{search.pk}"
    return Job.objects.create(team=search.team, kind="search", key=key, subject_id=search.pk)
