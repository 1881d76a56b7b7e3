"""Vectors of the published encoder: equal to the reference, and none too strange to read.

``vectors.json`` holds what the publisher's own program (PyTorch) gives for sentences of ours.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from claims.text.encoder import embedding
from claims.text.encoder.embedding import WIDTH, KeptVectors, embed_texts
from tests.text.encoder.needs import needs_encoder

pytestmark = needs_encoder

STORED = json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))


def test_vectors_are_those_of_the_reference() -> None:
    found = embed_texts([entry["text"] for entry in STORED])
    np.testing.assert_allclose(found, [entry["vector"] for entry in STORED], atol=3e-6)


def test_a_text_reads_the_same_alone_and_in_any_company() -> None:
    texts = [entry["text"] for entry in STORED]
    together = embed_texts(texts[::-1] * 3)[: len(texts)][::-1]
    for text, vector in zip(texts, together, strict=True):
        np.testing.assert_allclose(embed_texts([text])[0], vector, atol=2e-6)


def test_nothing_gives_no_rows() -> None:
    assert embed_texts([]).shape == (0, WIDTH)


@pytest.mark.parametrize(
    "text",
    [
        "\x00\x00",
        "\ud800 half a pair",
        "0" * 10_000,
        "a" * 1_000_000,
        "word " * 500_000,
        "\u200b\u200d\ufeff",
        "🙂" * 3000,
        "שלום עולם ٣٤",
        "１２３ ％",
    ],
    ids=["nul", "surrogate", "digits", "letters", "words", "width", "emoji", "rtl", "wide"],
)
def test_any_text_gives_one_vector_of_length_one(text: str) -> None:
    (vector,) = embed_texts([text])
    assert np.isfinite(vector).all()
    assert float(vector @ vector) == pytest.approx(1.0, abs=1e-5)


def test_meaning_lies_nearer_than_words() -> None:
    claim, same, other = embed_texts(
        [
            "The doctor treated many children with measles.",
            "A physician cared for infants who had an infectious rash.",
            "The doctor of law treated many guests with wine.",
        ]
    )
    assert claim @ same > claim @ other + 0.1


def test_kept_vectors_are_those_of_the_texts_and_no_more_than_allowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = ["Rain fell in Peru.", "Rain fell.", "Rain fell in Peru.", "Snow fell."]
    kept = KeptVectors(most_tokens=128)
    wanted = embed_texts(texts, most_tokens=128)
    assert np.abs(kept.embed(texts) - wanted).max() < 1e-5
    before = kept._kept["Rain fell in Peru."]
    assert np.abs(kept.embed(texts[1:]) - wanted[1:]).max() < 1e-5
    assert kept._kept["Rain fell in Peru."] is before
    monkeypatch.setattr(embedding, "MOST_KEPT", 2)
    assert kept.embed(["Hail fell.", *texts]).shape == (5, WIDTH)
    assert len(kept._kept) == 2
