"""What a text speaks of, by its words alone."""

from __future__ import annotations

import numpy as np
import pytest

from claims.text import meaning
from claims.text.meaning import known_places, load_meanings, read_directions, store_meanings
from claims.text.word_vectors import load_vectors


def near(text: str, other: str) -> float:
    one, two = read_directions([text, other])
    return float(one @ two)


def test_other_words_for_the_same_lie_near_and_other_things_far() -> None:
    told = near("photograph of a wedding ring", "a picture of an engagement ring")
    assert told > 0.6
    assert told > near("photograph of a wedding ring", "the central bank raised interest") + 0.4


def test_rare_words_count_more_than_common_ones() -> None:
    places, rarity = load_vectors().places, load_meanings().rarity
    assert rarity[places["vaccine"]] > rarity[places["people"]] + 1


def test_nothing_known_is_nothing_and_every_row_is_a_unit() -> None:
    rows = read_directions(["", "the of and", "\x00 的 qqqqzzzzx", "vaccine", "word " * 50_000])
    assert np.allclose(np.linalg.norm(rows, axis=1), [0, 0, 0, 1, 1], atol=1e-5)


def test_words_count_once_and_stop_words_do_not() -> None:
    vectors = load_vectors()
    assert known_places(vectors, "The flood, the FLOOD and the flood") == [vectors.places["flood"]]


def test_rarities_of_other_vectors_are_refused(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meaning, "MEANING_PATH", tmp_path / "meaning-1.npz")  # type: ignore[operator]
    store_meanings(np.ones(7, np.float32), np.zeros(128, np.float32), data_sha256="00" * 32)
    load_meanings.cache_clear()
    with pytest.raises(ValueError, match="other word vectors"):
        load_meanings()
    monkeypatch.undo()
    load_meanings.cache_clear()
    assert len(load_meanings().rarity) == len(load_vectors().rows)
