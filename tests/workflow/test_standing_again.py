"""A dropped claim stands again: what is kept of it, what keeps it down, and who is told first."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import transaction

from claims.models import Appearance, Article, Claim, Correction, Ticket, TicketEvent
from claims.vocabulary import CorrectionKind, TicketState
from claims.workflow.detect import detect_article
from claims.workflow.ingest import ingest_text
from claims.workflow.mark import (
    MarkedFirst,
    MarkRefused,
    drop_claim,
    make_claim,
    move_ends,
    restore_claim,
)
from claims.workflow.reframe import edit_frame
from claims.workflow.take_in import confirm_import, keep_file
from claims.workflow.triage import open_ticket, triage_article
from tests.people import Desk, make_desk
from tests.together import run_together

SALT = "The port handled 48,000 tonnes of salt in 2023."
PART = "48,000 tonnes of salt"
GOLD = "Kenya mined 40 tonnes of gold in 2023."
# Here the machine takes the words for no claim, and a person may.
HEADING = f"# {SALT}\n\n{GOLD}"


def read_article(desk: Desk, text: str = SALT) -> Article:
    article = ingest_text(desk.team, text, published_on=date(2024, 3, 1)).article
    detect_article(article)
    return article


def place_of(article: Article, words: str = SALT) -> Appearance:
    return article.appearances.select_related("claim", "article").get(claim__text=words)


def span(article: Article, words: str) -> tuple[int, int]:
    start = article.text.index(words)
    return start, start + len(words)


def kinds() -> list[str]:
    return list(Correction.objects.order_by("id").values_list("kind", flat=True))


# What is kept -------------------------------------------------------------------


@pytest.mark.parametrize("is_made", [True, False])
def test_words_that_are_chosen_anew_bring_their_dropped_claim_back(
    desk: Desk, is_made: bool
) -> None:
    """Made a claim on another page, or reached by moved ends there: said so, and by whom."""
    place = place_of(read_article(desk))
    ticket, _ = open_ticket(place.claim)
    drop_claim(place, by=desk.ben)
    later = read_article(desk, HEADING)
    if is_made:
        known = make_claim(later, *span(later, SALT), by=desk.dan)
    else:
        read_article(desk, GOLD)
        known = move_ends(place_of(later, GOLD), *span(later, SALT), by=desk.dan)
    assert (known.pk, known.dropped_at) == (place.claim_id, None)
    last = Correction.objects.filter(claim=known, kind=CorrectionKind.CLAIM_RESTORED).get()
    assert last.made_by == desk.dan
    assert TicketEvent.objects.filter(ticket=ticket).latest("id").actor == desk.dan
    assert Ticket.objects.get(pk=ticket.pk).state == TicketState.CLOSED


def test_a_claim_that_moved_ends_lead_to_stays_as_it_is(desk: Desk) -> None:
    """Known to the team already, it keeps its reasons; the words only join it."""
    known = place_of(read_article(desk)).claim
    read_article(desk, GOLD)
    both = read_article(desk, HEADING)
    gold = place_of(both, GOLD)
    before = Claim.objects.filter(pk__in=(known.pk, gold.claim_id)).order_by("pk").values()
    was = list(before)
    moved = move_ends(gold, *span(both, SALT), by=desk.ben)
    assert moved.pk == known.pk
    assert list(before.all()) == was
    # The control: words of which the team has no claim say who cut them.
    again = move_ends(place_of(both), *span(both, PART), by=desk.ben)
    assert again.pk not in (known.pk, gold.claim_id)
    assert again.reasons[0] == "ends set by a person"


@pytest.mark.parametrize("is_named", [True, False])
def test_a_file_that_names_a_dropped_claim_keeps_who_said_so(desk: Desk, is_named: bool) -> None:
    place = place_of(read_article(desk))
    drop_claim(place, by=desk.ben)
    source, _ = keep_file(desk.team, "claims.csv", f'claim\n"{SALT}"\n'.encode(), by=None)
    done, _ = confirm_import(source, by=desk.dan if is_named else None)
    claim = Claim.objects.get(pk=place.claim_id)
    assert (claim.dropped_at is None) == is_named
    assert done.ticket_count == Ticket.objects.count() == is_named
    assert kinds() == ["claim_dropped", *(["claim_restored"] if is_named else [])]
    assert claim.version == (2 if is_named else 1)


# What keeps it down -------------------------------------------------------------


def test_a_claim_does_not_stand_again_over_another_in_any_article(desk: Desk) -> None:
    here, there = read_article(desk), read_article(desk, f"# Later\n\n{SALT}")
    drop_claim(place_of(here), by=desk.ben)
    make_claim(there, *span(there, PART), by=desk.ben)
    told = f"belong to the claim “{PART}” already in “Later”"
    with pytest.raises(MarkRefused, match=told):
        restore_claim(place_of(here), by=desk.ben)
    third = read_article(desk, HEADING)
    with pytest.raises(MarkRefused, match=told):
        make_claim(third, *span(third, SALT), by=desk.ben)
    assert Claim.objects.get(pk=place_of(here).claim_id).dropped_at is not None
    drop_claim(place_of(there, PART), by=desk.ben)
    assert restore_claim(place_of(here), by=desk.ben).dropped_at is None


def test_one_of_two_places_of_a_claim_does_not_grow_over_the_other(desk: Desk) -> None:
    article = read_article(desk, f"{SALT} It rained.\n\n{SALT}")
    for one in article.appearances.exclude(claim__text=SALT).select_related("claim", "article"):
        drop_claim(one, by=desk.ben)
    first = article.appearances.select_related("claim", "article").filter(claim__text=SALT)[0]
    with pytest.raises(MarkRefused, match="belong to the claim"):
        move_ends(first, 0, len(article.text) - 5, by=desk.ben)


# A ticket that is opened at the same time ---------------------------------------


def test_a_ticket_that_is_opened_on_a_claim_dropped_meanwhile_restores_it(desk: Desk) -> None:
    place = place_of(read_article(desk))
    seen = Claim.objects.get(pk=place.claim_id)
    drop_claim(place, by=desk.dan)
    ticket, is_new = open_ticket(seen, by=desk.ben)
    assert (ticket.claim_id, is_new, seen.dropped_at) == (place.claim_id, True, None)
    assert kinds() == ["claim_dropped", "claim_restored"]


@pytest.mark.django_db(transaction=True)
def test_triage_and_a_person_who_drops_meet_in_one_of_two_orders() -> None:
    """Either the ticket is there first and the person is told, or no ticket is opened."""
    desk = make_desk()
    desk.team.claim_threshold = 0.0
    desk.team.save()
    article = read_article(desk)
    place = place_of(article)
    dropped = threading.Event()
    triaging = threading.Event()

    def act(number: int) -> int | str:
        if number:
            triaging.wait(timeout=60)
            return len(triage_article(article))
        with transaction.atomic():
            drop_claim(place, by=desk.ben)
            triaging.set()
            # The other waits for the claim now, or will find it dropped.
            dropped.wait(timeout=0.5)
        return "dropped"

    assert run_together(2, act) == ["dropped", 0]
    assert not Ticket.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_who_drops_while_a_ticket_is_opened_is_told() -> None:
    desk = make_desk()
    place = place_of(read_article(desk))
    opened = threading.Event()

    def act(number: int) -> str:
        if number:
            opened.wait(timeout=60)
            try:
                drop_claim(place, by=desk.dan, expected_version=0)
            except MarkedFirst as told:
                return str(told)
            return "dropped"
        with transaction.atomic():
            open_ticket(place.claim, by=desk.ben)
            opened.set()
            threading.Event().wait(timeout=0.5)
        return "opened"

    told = run_together(2, act)
    assert told == ["opened", "A ticket was opened on this claim since you opened the page."]
    assert Claim.objects.get(pk=place.claim_id).dropped_at is None


# Who was first ------------------------------------------------------------------


def test_who_edited_the_frame_last_is_told_to_who_marks(desk: Desk) -> None:
    article = read_article(desk)
    ticket, _ = open_ticket(place_of(article).claim)
    move_ends(place_of(article), *span(article, SALT[:-1]), by=desk.ada)
    place = place_of(article, SALT[:-1])
    seen = place.claim.version
    edit_frame(ticket, {"place": "Bergen"}, by=desk.ben)
    with pytest.raises(MarkedFirst, match="Ben was first: corrected the frame of this claim at"):
        drop_claim(place, by=desk.chloe, expected_version=seen)


def test_who_only_put_the_same_words_elsewhere_was_not_first(desk: Desk) -> None:
    """A claim that is made of known words on another page leaves the claim as it was."""
    here = read_article(desk)
    ticket, _ = open_ticket(place_of(here).claim)
    seen = place_of(here).claim.version
    edit_frame(ticket, {"claimant": "a clerk"}, by=desk.ben)
    there = read_article(desk, HEADING)
    assert make_claim(there, *span(there, SALT), by=desk.chloe) == ticket.claim
    with pytest.raises(MarkedFirst, match="Ben was first: corrected the claimant of this claim"):
        drop_claim(place_of(here), by=desk.ada, expected_version=seen)


def test_who_made_the_words_a_claim_is_told_whatever_came_after(desk: Desk) -> None:
    article = read_article(desk, f"{SALT} It was a fine day.\n\n{GOLD}")
    words = span(article, "a fine day")
    claim = make_claim(article, *words, by=desk.dan)
    ticket, _ = open_ticket(claim)
    edit_frame(ticket, {"place": "Bergen"}, by=desk.ben)
    with pytest.raises(MarkedFirst, match="Dan was first: made this a claim"):
        make_claim(article, *words, by=desk.chloe)
