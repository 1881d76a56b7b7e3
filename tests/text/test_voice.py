"""A number that is asked about, passed on or denied is not a number that is stated."""

from __future__ import annotations

import pytest

from claims.text.quantities import read_quantities
from claims.text.voice import Voice, asks_only, read_voice


def voice_of(text: str) -> Voice:
    number = read_quantities(text)[0]
    return read_voice(text, number.start, number.end)


@pytest.mark.parametrize(
    ("text", "voice"),
    [
        ("Officials said that 300 people were hurt.", Voice.STATES),
        ("Were 300 people hurt?", Voice.ASKS),
        ("The council asked whether 300 people were hurt.", Voice.ASKS),
        ("A widely shared post says that 300 people were hurt.", Voice.PASSES_ON),
        ("Headlines speak of a $40 million loan.", Voice.PASSES_ON),
        ("Anyone who says that 300 people were hurt has not counted.", Voice.PASSES_ON),
        ("No $40 million loan was signed.", Voice.DENIES),
        ("The bank never lent $40 million.", Voice.DENIES),
        ("A loan of $40 million was not signed.", Voice.DENIES),
        # What looks like a denial and is none
        ("No fewer than 300 people were hurt.", Voice.STATES),
        ("The mayor did not say why 300 people came.", Voice.STATES),
        ("The bank, which is not a member, lent $40 million.", Voice.STATES),
        ("The loan was not renewed. The bank lent $40 million.", Voice.STATES),
    ],
)
def test_the_voice_is_read_from_the_sentence_of_the_number(text: str, voice: Voice) -> None:
    assert voice_of(text) is voice


@pytest.mark.parametrize(
    ("text", "is_question"),
    [
        ("Is there a contract for the bridge?", True),
        ("Ms Vale (North): To ask the minister how many bridges are shut.", True),
        ("There is a contract. Is it signed?", False),
        ("The song is called Is It Any Wonder?", False),
        ("", False),
    ],
)
def test_a_passage_that_only_asks(text: str, is_question: bool) -> None:
    assert asks_only(text) is is_question


@pytest.mark.parametrize("text", ["", "\x00", "no " * 20_000, "9" * 10_000, "(" * 20_000])
def test_strange_texts_have_a_voice(text: str) -> None:
    assert read_voice(text, 0, min(3, len(text))) in Voice
    assert asks_only(text) in (True, False)
