"""Marking: what a person makes, drops, restores and cuts anew, and what stays of the machine's."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest

from claims.lifecycle import MoveRefused
from claims.models import Appearance, Article, Claim, Correction, Ticket, TicketEvent
from claims.text.detection import detect_claims
from claims.vocabulary import CloseReason, CorrectionKind, TicketState
from claims.workflow.decide import decide_ticket
from claims.workflow.detect import detect_article
from claims.workflow.ingest import ingest_claim, ingest_text
from claims.workflow.mark import (
    LONGEST_SPAN_CHARS,
    MarkedFirst,
    MarkRefused,
    drop_claim,
    make_claim,
    move_ends,
    restore_claim,
    why_not,
)
from claims.workflow.mark.guarding import check_free
from claims.workflow.recheck import verify_history
from claims.workflow.reframe import edit_frame
from claims.workflow.triage import open_ticket, triage_article
from tests.people import Desk, a_decision, make_desk
from tests.together import run_together

SALT = "The port handled 48,000 tonnes of salt in 2023, the harbour office said."
PART = "Kenya mined 40 tonnes of gold in 2023 and sold 12 tonnes in 2024."
PLAIN = "It was a fine day."
TEXT = f"# Harbour news\n\n{SALT} {PLAIN}\n\n{PART}"


def read_article(desk: Desk, text: str = TEXT) -> Article:
    article = ingest_text(desk.team, text, published_on=date(2024, 3, 1)).article
    detect_article(article)
    return article


def place_of(article: Article, words: str) -> Appearance:
    return article.appearances.get(claim__text=words)


def span(article: Article, words: str) -> tuple[int, int]:
    start = article.text.index(words)
    return start, start + len(words)


def kept() -> list[tuple[str, Any]]:
    return [(one.kind, one.made_by) for one in Correction.objects.order_by("id")]


# Making -------------------------------------------------------------------------


def test_what_a_person_makes_is_read_as_the_machine_reads_it(desk: Desk) -> None:
    article = read_article(desk)
    claim = make_claim(article, *span(article, f" {PLAIN}\n"), by=desk.dan)
    seen = Appearance.objects.get(claim=claim)
    (scored,) = (one for one in detect_claims(article.text) if one.text == PLAIN)
    assert article.text[seen.start : seen.end] == claim.text == PLAIN
    assert (claim.score, claim.context_before) == (scored.score, SALT)
    assert claim.reasons == ["chosen by a person", *scored.reasons]
    assert claim.team == desk.team
    (correction,) = Correction.objects.all()
    assert (correction.kind, correction.made_by) == (CorrectionKind.CLAIM_MADE, desk.dan)
    assert correction.machine == {"score": scored.score, "reasons": list(scored.reasons)}
    assert isinstance(correction.person, dict)
    assert correction.person["text"] == PLAIN


def test_words_of_a_sentence_keep_what_the_sentence_tells_of_them(desk: Desk) -> None:
    article = read_article(desk, f"{SALT}\n\n{PLAIN}")
    drop_claim(place_of(article, SALT), by=desk.dan)
    claim = make_claim(article, *span(article, "48,000 tonnes of salt in 2023"), by=desk.dan)
    assert claim.claimant == "the harbour office"
    assert [number.value for number in claim.quantities.all()] == [48000.0]
    assert claim.context_before == "The port handled"
    assert claim.period_from == date(2023, 1, 1)


def test_a_made_claim_has_its_numbers_and_its_arithmetic(desk: Desk) -> None:
    said = "Output rose 25 % from 40 to 60 tonnes"
    article = read_article(desk, f"{PLAIN}\n\nSome say that {said}, and some do not.")
    drop_claim(article.appearances.get(claim__text__contains=said), by=desk.dan)
    claim = make_claim(article, *span(article, said), by=desk.dan)
    numbers = [said[one.start : one.end] for one in claim.quantities.all()]
    assert numbers == ["25 %", "40 to 60 tonnes"]
    assert [one["kind"] for one in claim.hints] == ["change"]


def test_making_what_the_machine_made_is_told_so(desk: Desk) -> None:
    article = read_article(desk)
    place = place_of(article, "sold 12 tonnes in 2024.")
    before = Claim.objects.count()
    with pytest.raises(MarkedFirst, match="a claim already"):
        make_claim(article, place.start, place.end, by=desk.dan)
    assert Claim.objects.count() == before


def test_a_heading_may_be_a_claim(desk: Desk) -> None:
    article = read_article(desk)
    assert make_claim(article, *span(article, "Harbour news"), by=desk.ben).text == "Harbour news"


@pytest.mark.parametrize(
    ("start", "end", "why"),
    [
        (0, 0, "at least one word"),
        (-1, 5, "at least one word"),
        (5, len(TEXT) + 1, "at least one word"),
        (5, 2, "at least one word"),
        (0, 2, "at least one word"),
        (2, 30, "belong to the claim"),
    ],
)
def test_a_span_that_cannot_be_a_claim_is_refused(
    desk: Desk, start: int, end: int, why: str
) -> None:
    article = read_article(desk)
    before = Claim.objects.count()
    with pytest.raises(MarkRefused, match=why):
        make_claim(article, start, end, by=desk.dan)
    assert (Claim.objects.count(), Correction.objects.count()) == (before, 0)


def test_a_span_has_a_longest(desk: Desk) -> None:
    article = read_article(desk, f"{PLAIN}\n\n{'word ' * LONGEST_SPAN_CHARS}")
    start = article.text.index("word")
    with pytest.raises(MarkRefused, match=r"at most 2,000 characters; this has 2,004"):
        make_claim(article, start, start + LONGEST_SPAN_CHARS + 4, by=desk.dan)
    claim = make_claim(article, start, start + LONGEST_SPAN_CHARS, by=desk.dan)
    assert len(claim.text) == LONGEST_SPAN_CHARS - 1


def test_an_article_that_is_still_read_waits(desk: Desk) -> None:
    article = ingest_text(desk.team, TEXT).article
    with pytest.raises(MarkRefused, match="not been read yet"):
        make_claim(article, *span(article, PLAIN), by=desk.dan)


def test_a_stranger_marks_nothing(desk: Desk) -> None:
    article = read_article(desk)
    place = place_of(article, SALT)
    with pytest.raises(MarkRefused, match="Only members"):
        make_claim(article, *span(article, PLAIN), by=desk.eve)
    for act in (drop_claim, restore_claim):
        with pytest.raises(MarkRefused, match="Only members"):
            act(place, by=desk.eve)
    with pytest.raises(MarkRefused, match="Only members"):
        move_ends(place, place.start, place.end - 5, by=desk.eve)


# Dropping -----------------------------------------------------------------------


def test_a_dropped_claim_stays_and_its_ticket_is_withdrawn(desk: Desk) -> None:
    article = read_article(desk)
    place = place_of(article, SALT)
    ticket, _ = open_ticket(place.claim)
    claim, closed = drop_claim(place, by=desk.ben, expected_version=0)
    assert claim.dropped_at is not None
    assert closed is not None
    assert (closed.pk, closed.state) == (ticket.pk, TicketState.CLOSED)
    assert closed.close_reason == CloseReason.WITHDRAWN
    assert Appearance.objects.filter(pk=place.pk).exists()
    assert claim.quantities.exists()
    line = TicketEvent.objects.latest("id")
    assert (line.actor, line.to_state) == (desk.ben, "closed")
    assert "dropped on the article's page" in line.note
    back = restore_claim(place, by=desk.dan, expected_version=1)
    assert (back.dropped_at, back.version) == (None, 2)
    assert Ticket.objects.get(pk=ticket.pk).state == TicketState.CLOSED
    assert kept() == [("claim_dropped", desk.ben), ("claim_restored", desk.dan)]
    assert verify_history().is_sound


def test_a_dropped_claim_gets_no_ticket_from_another_article(desk: Desk) -> None:
    drop_claim(place_of(read_article(desk), SALT), by=desk.dan)
    later = read_article(desk, f"# Later\n\n{SALT}")
    assert triage_article(later) == []
    assert later.appearances.get().claim.dropped_at is not None


def test_who_opens_a_ticket_restores_the_claim(desk: Desk) -> None:
    place = place_of(read_article(desk), SALT)
    drop_claim(place, by=desk.dan)
    claim, is_new = ingest_claim(desk.team, SALT)
    open_ticket(claim, by=desk.ben)
    assert not is_new
    assert Claim.objects.get(pk=claim.pk).dropped_at is None
    assert kept()[-1] == ("claim_restored", desk.ben)


def test_a_verdict_and_another_reader_keep_a_claim(desk: Desk) -> None:
    article = read_article(desk)
    place = place_of(article, SALT)
    ticket, _ = open_ticket(place.claim)
    Ticket.objects.filter(pk=ticket.pk).update(state="in_review", reserved_by=desk.chloe)
    acts = (
        lambda by: drop_claim(place, by=by),
        lambda by: move_ends(place, place.start, place.end - 5, by=by),
    )
    for act in acts:
        for person in (desk.ben, desk.ada):
            with pytest.raises(MarkRefused, match=f"Chloe is reviewing ticket {ticket.pk}"):
                act(person)
    ticket = Ticket.objects.get(pk=ticket.pk)
    decide_ticket(ticket, a_decision(ticket), by=desk.chloe, expected_version=ticket.version)
    for act in acts:
        with pytest.raises(MarkRefused, match="has a verdict"):
            act(desk.chloe)
    assert Correction.objects.count() == 0


def test_a_contributor_leaves_a_ticket_to_a_reviewer(desk: Desk) -> None:
    article = read_article(desk)
    place = place_of(article, SALT)
    ticket, _ = open_ticket(place.claim)
    for act in (
        lambda: drop_claim(place, by=desk.dan),
        lambda: move_ends(place, place.start, place.end - 5, by=desk.dan),
    ):
        with pytest.raises(MarkRefused, match="a reviewer of the team may change it"):
            act()
    assert Ticket.objects.get(pk=ticket.pk).state == TicketState.OPEN
    drop_claim(place, by=desk.ben)
    assert restore_claim(place, by=desk.dan).dropped_at is None


def test_the_guard_refuses_what_the_lifecycle_would_let_a_lead_do(desk: Desk) -> None:
    """The control of :func:`why_not`: by the table alone, a lead ends what another reviews."""
    article = read_article(desk)
    ticket, _ = open_ticket(place_of(article, SALT).claim)
    Ticket.objects.filter(pk=ticket.pk).update(state="in_review", reserved_by=desk.chloe)
    ticket.refresh_from_db()
    assert why_not(ticket, role=None, person_id=desk.ada.pk, has_verdict=False)
    from claims.workflow.decide import close_ticket

    with pytest.raises(MoveRefused):
        close_ticket(ticket, CloseReason.WITHDRAWN, by=desk.dan)
    assert close_ticket(ticket, CloseReason.WITHDRAWN, by=desk.ada).state == "closed"


def test_what_is_made_in_place_of_a_dropped_claim_keeps_it_from_coming_back(desk: Desk) -> None:
    article = read_article(desk)
    place = place_of(article, SALT)
    drop_claim(place, by=desk.dan)
    with pytest.raises(MarkRefused, match="restore it"):
        make_claim(article, place.start, place.end, by=desk.dan)
    make_claim(article, *span(article, "48,000 tonnes of salt"), by=desk.dan)
    with pytest.raises(MarkRefused, match="belong to the claim “48,000 tonnes of salt”"):
        restore_claim(place, by=desk.dan)


# Moving ends --------------------------------------------------------------------


def test_a_claim_is_read_anew_and_the_first_reading_stays(desk: Desk) -> None:
    article = read_article(desk)
    place = place_of(article, SALT)
    ticket, _ = open_ticket(place.claim)
    start, end = span(article, "handled 48,000 tonnes of salt")
    claim = move_ends(place, start, end, by=desk.ben, expected_version=0)
    assert (claim.pk, claim.version) == (place.claim_id, 1)
    assert claim.text == claim.self_contained == "handled 48,000 tonnes of salt"
    assert claim.reasons[0] == "ends set by a person"
    assert [claim.text[one.start : one.end] for one in claim.quantities.all()] == ["48,000 tonnes"]
    line = TicketEvent.objects.latest("id")
    assert (line.action, line.changes) == ("span_changed", {"claim": [SALT, claim.text]})
    # Back and forth: what the machine had cut first is kept by both.
    again = move_ends(Appearance.objects.get(pk=place.pk), place.start, place.end, by=desk.ben)
    assert again.text == SALT
    first, second = Correction.objects.order_by("id")
    assert isinstance(first.machine, dict)
    assert isinstance(second.person, dict)
    assert first.machine == second.machine
    assert first.machine["text"] == SALT
    assert (first.machine["start"], first.machine["end"]) == (place.start, place.end)
    assert second.person["before"] == [start, end, "handled 48,000 tonnes of salt"]
    assert verify_history().is_sound
    assert ticket.pk == Ticket.objects.get(claim=claim).pk


def test_what_a_person_set_in_the_frame_outlasts_moved_ends(desk: Desk) -> None:
    article = read_article(desk)
    place = place_of(article, SALT)
    ticket, _ = open_ticket(place.claim)
    edit_frame(ticket, {"place": "Port Azul", "claimant": "a clerk"}, by=desk.ben)
    claim = move_ends(place, place.start, place.end - 1, by=desk.ben)
    assert (claim.place, claim.claimant) == ("Port Azul", "a clerk")


def test_a_number_that_a_person_corrected_moves_along(desk: Desk) -> None:
    article = read_article(desk)
    place = place_of(article, SALT)
    number = place.claim.quantities.get()
    number.machine, number.value = number.as_read().to_json(), 49000.0
    number.save()
    start, end = span(article, "48,000 tonnes of salt in 2023")
    claim = move_ends(place, start, end, by=desk.ben)
    stays = claim.quantities.get()
    assert (stays.pk, stays.value) == (number.pk, 49000.0)
    assert claim.text[stays.start : stays.end] == stays.text == "48,000 tonnes"


def test_words_that_stand_elsewhere_too_become_a_claim_of_their_own(desk: Desk) -> None:
    first = read_article(desk)
    second = read_article(desk, f"# Later\n\n{SALT}")
    old = place_of(first, SALT)
    open_ticket(old.claim)
    made = move_ends(old, old.start, old.end - 26, by=desk.dan)
    assert made.pk != old.claim_id
    assert place_of(second, SALT).claim_id == old.claim_id
    assert first.appearances.get(claim=made).start == old.start
    with pytest.raises(MarkedFirst, match="Dan was first: moved the ends of this claim"):
        move_ends(old, old.start, old.end - 3, by=desk.ben)


def test_ends_stop_at_the_next_claim_and_inside_the_text(desk: Desk) -> None:
    article = read_article(desk)
    place = place_of(article, "Kenya mined 40 tonnes of gold in 2023")
    for start, end, why in (
        (place.start, place.end + 8, "belong to the claim “sold 12 tonnes in 2024"),
        (place.start, len(article.text) + 1, "at least one word"),
        (place.end, place.start, "at least one word"),
        (place.start, place.start, "at least one word"),
    ):
        with pytest.raises(MarkRefused, match=why):
            move_ends(place, start, end, by=desk.dan)
    drop_claim(place_of(article, "sold 12 tonnes in 2024."), by=desk.dan)
    whole = move_ends(place, place.start, len(article.text), by=desk.dan)
    assert whole.text == PART
    assert [number.value for number in whole.quantities.all()] == [40.0, 12.0]


def test_the_very_words_of_another_claim_are_refused(desk: Desk) -> None:
    article = read_article(desk)
    ingest_claim(desk.team, PART)
    place = place_of(article, "Kenya mined 40 tonnes of gold in 2023")
    drop_claim(place_of(article, "sold 12 tonnes in 2024."), by=desk.dan)
    with pytest.raises(MarkRefused, match="exactly these words already"):
        move_ends(place, place.start, len(article.text), by=desk.dan)
    assert Claim.objects.get(pk=place.claim_id).text == "Kenya mined 40 tonnes of gold in 2023"


def test_a_dropped_claim_is_not_cut(desk: Desk) -> None:
    place = place_of(read_article(desk), SALT)
    drop_claim(place, by=desk.dan)
    with pytest.raises(MarkRefused, match="restore it first"):
        move_ends(place, place.start, place.end - 5, by=desk.dan)


# Two at once --------------------------------------------------------------------


@pytest.mark.parametrize("is_guarded", [True, False])
@pytest.mark.django_db(transaction=True)
def test_two_people_who_cut_one_claim(is_guarded: bool) -> None:
    """One of two is told; the control, without the version, lets the second overwrite."""
    desk = make_desk()
    place = place_of(read_article(desk), SALT)
    people = (desk.ben, desk.chloe)
    version = 0 if is_guarded else None

    def cut(number: int) -> str:
        try:
            move_ends(
                place,
                place.start,
                place.end - (1, 27)[number],
                by=people[number],
                expected_version=version,
            )
        except MarkedFirst as told:
            return str(told)
        return ""

    told = [one for one in run_together(2, cut) if one]
    assert Correction.objects.count() == (1 if is_guarded else 2)
    assert len(told) == (1 if is_guarded else 0)
    if told:
        winner = Correction.objects.get().made_by.first_name
        assert f"{winner} was first: moved the ends of this claim at " in told[0]


@pytest.mark.django_db(transaction=True)
def test_two_people_who_make_one_sentence_a_claim_make_one() -> None:
    desk = make_desk()
    article = read_article(desk)
    people = (desk.ben, desk.dan)

    def make(number: int) -> str:
        try:
            make_claim(article, *span(article, PLAIN), by=people[number])
        except MarkedFirst as told:
            return str(told)
        return ""

    told = [one for one in run_together(2, make) if one]
    assert len(told) == 1
    assert "was first: made this a claim at" in told[0]
    assert Correction.objects.count() == Claim.objects.filter(text=PLAIN).count() == 1
    # The same person once more is no quarrel.
    winner = Correction.objects.get().made_by
    assert make_claim(article, *span(article, PLAIN), by=winner).text == PLAIN
    assert Correction.objects.count() == 1


@pytest.mark.parametrize("is_locked", [True, False])
@pytest.mark.django_db(transaction=True)
def test_overlapping_spans_made_at_once_are_one_claim(is_locked: bool) -> None:
    """The control looks whether the words are free as well, and holds no row meanwhile."""
    desk = make_desk()
    article = read_article(desk)
    spans = (span(article, "a fine day"), span(article, "fine day."))
    both_looked = threading.Barrier(2)

    def make_unlocked(start: int, end: int) -> None:
        claim, _ = ingest_claim(desk.team, f"Claim of {start} to {end}")
        check_free(article, start, end)
        both_looked.wait(timeout=60)
        Appearance.objects.create(claim=claim, article=article, start=start, end=end)

    def make(number: int) -> bool:
        try:
            if is_locked:
                make_claim(article, *spans[number], by=desk.ben)
            else:
                make_unlocked(*spans[number])
        except MarkRefused:
            return False
        return True

    assert sorted(run_together(2, make)) == [not is_locked, True]
