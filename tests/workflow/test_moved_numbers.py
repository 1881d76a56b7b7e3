"""Moved ends: which numbers the new words have, and what people had set in the old ones."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from claims.models import Appearance, Article, Claim, Correction, Quantity, Ticket
from claims.workflow.detect import detect_article
from claims.workflow.ingest import ingest_text
from claims.workflow.mark import drop_claim, move_ends
from claims.workflow.reframe import (
    add_number,
    edit_frame,
    edit_number,
    restore_machine,
    strike_number,
)
from claims.workflow.triage import open_ticket
from tests.people import Desk

SALT = "In the long autumn some 40 ships brought 48,000 tonnes of salt to the port of Varnholm."
PAID = "The company paid 5 million dollars for the old salt port of Varnholm in 2023."
ROSE = "Output rose 25 % from 40 to 60 tonnes in Varnholm in 2023, officials said on Monday."


class Words:
    """A claim on some words of an article, with its ticket; Ben does all that is done."""

    def __init__(self, desk: Desk, text: str, words: str) -> None:
        self.by = desk.ben
        self.article: Article = ingest_text(desk.team, text, published_on=date(2024, 3, 1)).article
        detect_article(self.article)
        first, *others = self.article.appearances.select_related("claim", "article")
        for place in others:
            drop_claim(place, by=self.by)
        self.claim_id = move_ends(first, *self._span(words), by=self.by).pk
        self.ticket = open_ticket(self.claim(), by=self.by)[0]

    def _span(self, words: str) -> tuple[int, int]:
        start = self.article.text.index(words)
        return start, start + len(words)

    def claim(self) -> Claim:
        return Claim.objects.get(pk=self.claim_id)

    def held(self) -> Ticket:
        return Ticket.objects.select_related("claim", "team").get(pk=self.ticket.pk)

    def move(self, words: str) -> Claim:
        place = Appearance.objects.select_related("claim", "article").get(claim=self.claim_id)
        move_ends(place, *self._span(words), by=self.by)
        claim = self.claim()
        self.check(claim)
        return claim

    def check(self, claim: Claim) -> None:
        """No two numbers share a character; what is kept of each stands where it says."""
        spans = [(one.start, one.end, one.text) for one in claim.quantities.all()]
        read = [one.machine for one in claim.quantities.all() if one.machine]
        struck: list[dict[str, Any]] = list(claim.machine.get("struck", ()))
        gone = [(one["start"], one["end"], one["text"]) for one in struck]
        for start, end, text in [*spans, *gone, *((m["start"], m["end"], m["text"]) for m in read)]:
            assert claim.text[start:end] == text
        ordered = sorted(spans + gone)
        assert all(one[1] <= other[0] for one, other in pairwise(ordered))
        assert [one.position for one in claim.quantities.all()] == list(range(len(spans)))

    def number(self, at: int = 0) -> Quantity:
        return self.claim().quantities.order_by("position")[at]


def test_what_the_machine_read_moves_along_and_is_struck_and_restored_in_place(desk: Desk) -> None:
    words = Words(desk, SALT, SALT)
    edit_number(words.held(), words.number(1).pk, {"value": "50,000"}, by=words.by)
    words.move(SALT[SALT.index("some 40") :])
    first = words.number(1).machine_read
    assert first is not None
    assert (words.number(1).value, first.value) == (50_000, 48_000)
    strike_number(words.held(), words.number(1).pk, by=words.by)
    words.check(words.claim())
    words.move(SALT[SALT.index("long") :])
    (struck,) = words.claim().machine["struck"]
    restore_machine(words.held(), by=words.by, struck_start=struck["start"])
    words.check(words.claim())
    assert (words.number(1).value, words.number(1).machine) == (48_000, None)


def test_a_corrected_number_is_read_in_its_new_words_and_keeps_the_correction(desk: Desk) -> None:
    words = Words(desk, PAID, "The company paid 5")
    edit_number(words.held(), words.number().pk, {"measured": "price"}, by=words.by)
    whole = words.move(PAID)
    read = whole.quantities.get(position=0)
    assert (read.text, read.value, read.unit) == ("5 million dollars", 5_000_000, "$?")
    assert words.number().measured == "price"
    assert words.number().corrected == {"measured"}
    # Back to the machine's reading is back to that of these words.
    restore_machine(words.held(), by=words.by, number_id=words.number().pk)
    assert (words.number().value, words.number().machine) == (5_000_000, None)
    # Cut in the middle of the number, it is that of what is left.
    edit_number(words.held(), words.number().pk, {"measured": "price"}, by=words.by)
    words.move("The company paid 5")
    assert (words.number().value, words.number().measured) == (5, "price")


def test_a_struck_number_is_struck_in_its_new_words_too(desk: Desk) -> None:
    words = Words(desk, PAID, "The company paid 5")
    strike_number(words.held(), words.number().pk, by=words.by)
    whole = words.move(PAID)
    assert [one["text"] for one in whole.machine["struck"]] == ["5 million dollars"]
    assert [one.text for one in whole.quantities.all()] == []
    # Its words gone, nothing is left of it.
    assert "struck" not in words.move("port of Varnholm in 2023").machine


def test_what_a_person_added_keeps_its_words(desk: Desk) -> None:
    words = Words(desk, PAID, "The company paid 5")
    strike_number(words.held(), words.number().pk, by=words.by)
    add_number(words.held(), "The company", {"value": "1"}, by=words.by)
    whole = words.move(PAID)
    assert [(one.text, one.value, one.is_added) for one in whole.quantities.all()] == [
        ("The company", 1, True)
    ]


def test_a_note_on_arithmetic_that_was_set_right_stays_away(desk: Desk) -> None:
    words = Words(desk, ROSE, ROSE[: ROSE.index(" in 2023")])
    assert [one["kind"] for one in words.claim().hints] == ["change"]
    edit_number(words.held(), words.number().pk, {"value": "50"}, by=words.by)
    assert words.claim().hints == []
    moved = words.move(ROSE[: ROSE.index(", officials")])
    assert moved.hints == []
    # The control: back at the machine's reading, its note is back too.
    restore_machine(words.held(), by=words.by, number_id=words.number().pk)
    assert [one["kind"] for one in words.claim().hints] == ["change"]


@pytest.mark.parametrize("is_given_back", [False, True])
def test_back_is_to_what_is_read_in_the_words_that_stand(desk: Desk, is_given_back: bool) -> None:
    text = "In Chile some 40 ships brought 48,000 tonnes of salt to Norway last year."
    rest = text[text.index("some 40") :]
    fresh = Words(desk, rest.replace("some", "Some"), rest.replace("some", "Some")).claim().place
    words = Words(desk, text, text)
    was = words.claim().place
    assert was != fresh
    edit_frame(words.held(), {"place": "Peru"}, by=words.by)
    if is_given_back:
        restore_machine(words.held(), by=words.by, slot="place")
        assert words.move(rest).place == fresh
        return
    moved = words.move(rest)
    assert (moved.place, moved.machine["slots"]) == ("Peru", {"place": fresh})
    restore_machine(words.held(), by=words.by, slot="place")
    assert (words.claim().place, words.claim().machine) == (fresh, {})


def test_the_wording_is_read_anew(desk: Desk) -> None:
    words = Words(desk, SALT, SALT)
    edit_frame(words.held(), {"self_contained": "Ships brought salt to Varnholm."}, by=words.by)
    moved = words.move(SALT[SALT.index("some 40") :])
    assert (moved.self_contained, moved.machine) == (moved.text, {})
    kept = Correction.objects.get(kind="wording")
    assert kept.person == "Ships brought salt to Varnholm."
