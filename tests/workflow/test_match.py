"""Seen before: claims are matched by the queue, the guard stands, a person's answer is kept."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from claims.lifecycle import MoveRefused
from claims.models import (
    Appearance,
    Article,
    Claim,
    ClaimMatch,
    ClaimWords,
    Job,
    Ticket,
    TicketEvent,
    WordCount,
)
from claims.models.history import TicketMoved
from claims.vocabulary import CloseReason, JobKind, JobState, MatchAnswer, TicketState
from claims.workflow import match as matching
from claims.workflow.decide import decide_ticket
from claims.workflow.ingest import ingest_text
from claims.workflow.match import MatchRefused, answer_match, match_due, owe_matching
from claims.workflow.recheck import verify_history
from claims.workflow.reframe import edit_frame
from tests.people import Desk, a_decision, open_one, ready_one, taken_one
from tests.text.encoder.needs import needs_encoder
from tests.together import run_together

SALT = "The port of Lisbon handled 48,000 tonnes of salt in 2023."
AGAIN = "In 2023 the port of Lisbon handled 48,000 tonnes of salt."
OTHER_NUMBER = "The port of Lisbon handled 84,000 tonnes of salt in 2023."
OTHER_YEAR = "The port of Lisbon handled 48,000 tonnes of salt in 2019."
STRANGE = "Nine hospitals closed their maternity wards over the summer."


def pair(desk: Desk, later: str = AGAIN, earlier: str = SALT) -> ClaimMatch:
    """Two tickets and the match between their claims."""
    ready_one(desk.team, earlier)
    ticket = ready_one(desk.team, later)
    match_due(desk.team)
    return ClaimMatch.objects.get(claim=ticket.claim_id)


def told(match: ClaimMatch) -> tuple[str, ...]:
    found = matching.resemblance_of(match.claim, [match.earlier])
    return found[match.earlier_id].differences


def stand_in(article: Article, claim: Claim, start: int) -> None:
    Appearance.objects.create(claim=claim, article=article, start=start, end=start + 5)


# Finding ------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("later", "differs"),
    [(AGAIN, False), (SALT.upper(), False), (OTHER_NUMBER, True), (OTHER_YEAR, True)],
    ids=["order", "case", "number", "year"],
)
def test_an_earlier_claim_is_found_and_guarded(desk: Desk, later: str, differs: bool) -> None:
    match = pair(desk, later)
    assert match.earlier.text == SALT
    assert match.score >= 0.85
    assert bool(told(match)) is differs


@pytest.mark.django_db
def test_synonyms_bring_a_claim_in_other_words(desk: Desk) -> None:
    match = pair(
        desk,
        "Unemployed staff of the Kerala cashew firms were 7 per cent.",
        "Jobless workers of the Kerala cashew companies made up 7 percent.",
    )
    assert not told(match)


@needs_encoder
@pytest.mark.django_db
@pytest.mark.parametrize("is_used", [True, False])
def test_meaning_brings_a_claim_in_quite_other_words(
    desk: Desk, settings: Any, is_used: bool
) -> None:
    settings.ENCODER = is_used
    ready_one(desk.team, "A third of the toddlers in Kerala were never vaccinated against measles.")
    later = ready_one(desk.team, "One in three young children in Kerala got no measles jab.")
    match_due(desk.team)
    assert ClaimMatch.objects.filter(claim=later.claim_id).exists() is is_used


@needs_encoder
@pytest.mark.django_db
def test_what_means_the_same_but_for_its_number_is_guarded(desk: Desk, settings: Any) -> None:
    settings.ENCODER = True
    assert told(pair(desk, OTHER_NUMBER))


@pytest.mark.django_db
def test_what_is_not_alike_is_no_match(desk: Desk) -> None:
    open_one(desk.team, SALT)
    open_one(desk.team, STRANGE)
    assert match_due(desk.team) == 2
    assert not ClaimMatch.objects.exists()


@pytest.mark.django_db
def test_another_teams_claims_are_not_seen(desk: Desk) -> None:
    open_one(desk.other, SALT)
    open_one(desk.team, AGAIN)
    match_due(desk.other)
    match_due(desk.team)
    assert not ClaimMatch.objects.exists()
    assert set(WordCount.objects.values_list("claims", flat=True)) == {1}


@pytest.mark.django_db
def test_a_corrected_number_and_wording_are_looked_at_again(desk: Desk) -> None:
    match = pair(desk, OTHER_YEAR)
    ticket = Ticket.objects.get(claim=match.claim_id)
    edit_frame(ticket, {"self_contained": STRANGE}, by=desk.ben)
    assert ClaimWords.objects.get(claim=match.claim_id).matched_at is None
    assert match_due(desk.team) == 1
    assert not ClaimMatch.objects.exists()


@pytest.mark.django_db
def test_the_frame_guards_where_the_words_do_not(desk: Desk) -> None:
    plain = "The port of Lisbon handled 48,000 tonnes of salt."
    match = pair(desk, plain.upper(), plain)
    assert not told(match)
    Claim.objects.filter(pk=match.claim_id).update(
        period_from=date(2019, 1, 1), period_to=date(2019, 12, 31)
    )
    Claim.objects.filter(pk=match.earlier_id).update(
        period_from=date(2023, 1, 1), period_to=date(2023, 12, 31)
    )
    match = ClaimMatch.objects.get()
    assert any("2019" in one and "2023" in one for one in told(match))


# The queue ----------------------------------------------------------------------


@pytest.mark.django_db
def test_a_team_with_new_claims_is_owed_one_job(desk: Desk) -> None:
    open_one(desk.team, SALT)
    assert owe_matching() == 1
    assert owe_matching() == 0
    Job.objects.filter(kind=JobKind.MATCH).update(state=JobState.DONE)
    match_due(desk.team)
    assert owe_matching() == 0
    open_one(desk.team, AGAIN)
    assert owe_matching() == 1
    Job.objects.filter(kind=JobKind.MATCH).update(state=JobState.FAILED)
    assert owe_matching() == 0


@pytest.mark.django_db
def test_what_does_not_fit_into_one_job_is_left_for_the_next(desk: Desk) -> None:
    for number in range(3):
        open_one(desk.team, f"{SALT[:-1]}, in harbour {number}.")
    assert match_due(desk.team, seconds=0) == 1
    assert ClaimWords.objects.filter(matched_at__isnull=True).count() == 2
    assert match_due(desk.team) == 2


# Answering ----------------------------------------------------------------------


@pytest.mark.django_db
def test_the_same_claim_becomes_another_appearance(desk: Desk) -> None:
    match = pair(desk)
    article = ingest_text(desk.team, f"# Port\n\n{AGAIN} It was so.").article
    stand_in(article, match.claim, 8)
    ticket = Ticket.objects.get(claim=match.claim_id)
    closed = answer_match(match, MatchAnswer.SAME, by=desk.ben, expected_version=ticket.version)
    assert (closed.state, closed.close_reason) == (TicketState.CLOSED, CloseReason.DUPLICATE)
    assert Appearance.objects.get().claim_id == match.earlier_id
    match.refresh_from_db()
    assert (match.answer, match.answered_by, bool(match.answered_at)) == ("same", desk.ben, True)
    earlier = Ticket.objects.get(claim=match.earlier_id)
    assert (earlier.state, earlier.verdicts.count()) == (TicketState.READY, 0)
    for one in (ticket, earlier):
        event = TicketEvent.objects.get(ticket=one, action="match_answered")
        assert event.actor_id == desk.ben.pk
    assert verify_history().first_bad is None


@pytest.mark.django_db
def test_a_third_time_goes_to_the_first(desk: Desk) -> None:
    answer_match(pair(desk), MatchAnswer.SAME, by=desk.ben)
    ready_one(desk.team, SALT.upper())
    match_due(desk.team)
    third = ClaimMatch.objects.latest("pk")
    assert third.earlier.text == SALT


@pytest.mark.django_db
def test_another_number_never_becomes_the_same(desk: Desk) -> None:
    match = pair(desk, OTHER_NUMBER)
    with pytest.raises(MatchRefused, match="84000 here, 48000 there"):
        answer_match(match, MatchAnswer.SAME, by=desk.ben)
    answer_match(match, MatchAnswer.RELATED, by=desk.ben)
    ticket = Ticket.objects.get(claim=match.claim_id)
    assert ticket.state == TicketState.READY
    event = TicketEvent.objects.get(ticket=ticket, action="match_answered")
    assert "84000 here" in event.changes["differences"]


@pytest.mark.django_db
def test_an_answer_may_be_changed_until_it_is_the_same(desk: Desk) -> None:
    match = pair(desk)
    answer_match(match, MatchAnswer.OTHER, by=desk.ben)
    answer_match(match, MatchAnswer.OTHER, by=desk.ben)
    answer_match(match, MatchAnswer.SAME, by=desk.chloe)
    with pytest.raises(MatchRefused, match="already"):
        answer_match(match, MatchAnswer.OTHER, by=desk.ben)
    assert TicketEvent.objects.filter(action="match_answered").count() == 4


@pytest.mark.django_db
def test_whose_ticket_it_is_counts(desk: Desk) -> None:
    match = pair(desk)
    ticket = Ticket.objects.get(claim=match.claim_id)
    with pytest.raises(TicketMoved):
        answer_match(match, MatchAnswer.SAME, by=desk.ben, expected_version=ticket.version - 1)
    for answer in MatchAnswer:
        for stranger in (desk.dan, desk.eve):
            with pytest.raises(MoveRefused):
                answer_match(match, answer, by=stranger)
    match.refresh_from_db()
    assert match.answer == ""


@pytest.mark.django_db
def test_a_claim_with_a_verdict_stays_its_own(desk: Desk) -> None:
    ready_one(desk.team, SALT)
    ticket = taken_one(desk.team, desk.ben, AGAIN)
    match_due(desk.team)
    decide_ticket(ticket, a_decision(ticket), by=desk.ben, expected_version=ticket.version)
    with pytest.raises(MatchRefused, match="verdict"):
        answer_match(ClaimMatch.objects.get(), MatchAnswer.SAME, by=desk.ben)


@pytest.mark.django_db
def test_an_answer_has_who_and_when(desk: Desk) -> None:
    match = pair(desk)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClaimMatch.objects.filter(pk=match.pk).update(answer="same")


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_leave_one_line_each(desk: Desk) -> None:
    match = pair(desk)

    def say(place: int) -> Any:
        return answer_match(match, MatchAnswer.SAME, by=(desk.ben, desk.chloe)[place])

    run_together(2, say)
    assert TicketEvent.objects.filter(action="match_answered").count() == 2
    assert Ticket.objects.filter(state=TicketState.CLOSED).count() == 1
