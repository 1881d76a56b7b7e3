"""From an article's text to its claims, each with its place, score and numbers.

Promises: every sentence of the article's prose, in document order, with offsets that
slice back to the text as given; titles, headings, captions, bylines, datelines,
author notes and page furniture never come back. Low scores come back too: which of
them become tickets is the team's threshold to say. Refuses to rewrite: the wording
stays the article's, and the self-contained wording resolves only what is certain.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from claims.text.articles import ArticleReading, read_article
from claims.text.checkworthiness import Score, score_sentences
from claims.text.claimants import find_claimant
from claims.text.hints.hint import Hint
from claims.text.hints.reading import find_hints
from claims.text.language import is_mostly_latin
from claims.text.markup import strip_markup
from claims.text.quantities import read_quantities
from claims.text.quantity import Quantity
from claims.text.sentences import Span, split_paragraph
from claims.text.wording import resolve_wording

_UNREAD_SCORE = 0.05


@dataclass(frozen=True, slots=True)
class DetectedClaim:
    """One sentence of an article as a possible claim.

    ``start`` and ``end`` are characters of the article as given, and so are the
    offsets of each quantity: ``article[q.start:q.end] == q.text``.
    ``context_before`` and ``context_after`` are the neighbouring sentences, empty
    where there is none or where a heading, a caption or the like stands between.
    """

    text: str
    start: int
    end: int
    score: float
    reasons: tuple[str, ...]
    claimant: str | None
    self_contained: str
    quantities: tuple[Quantity, ...]
    context_before: str = ""
    context_after: str = ""
    hints: tuple[Hint, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The keys of the contract's Claim."""
        return {
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "score": self.score,
            "reasons": list(self.reasons),
            "claimant": self.claimant,
            "self_contained": self.self_contained,
            "quantities": [quantity.to_json() for quantity in self.quantities],
            "hints": [hint.to_json() for hint in self.hints],
        }


def detect_claims(
    text: str, *, published: date | None = None, title: str | None = None
) -> tuple[DetectedClaim, ...]:
    """The sentences of ``text``'s prose as possible claims, in document order.

    ``published`` is the article's day where the caller knows it (relative periods
    are worked out from it; the text's own date is used otherwise). ``title`` is the
    article's title where it is known and may not stand in the text; a line equal to
    it is no claim.

    >>> found = detect_claims("Port reopens\\n\\nSome 40 ships came back, the port authority said.")
    >>> found[0].claimant, found[0].quantities[0].value
    ('the port authority', 40.0)
    """
    reading = read_article(text)
    spans = _sentences(text, reading, title)
    texts = [text[span.start : span.end] for span in spans]
    scores = _score(texts, reading)
    day = published or reading.published
    joined = _find_joined(spans, reading)
    claims = []
    for place, (span, sentence, score) in enumerate(zip(spans, texts, scores, strict=True)):
        quantities = read_quantities(sentence, published=day)
        plain = " ".join(strip_markup(sentence).split())
        alone = plain if plain != " ".join(sentence.split()) else sentence
        before = texts[place - 1] if place and _is_close(text, spans[place - 1], span) else ""
        claims.append(
            DetectedClaim(
                text=sentence,
                start=span.start,
                end=span.end,
                score=score.value,
                reasons=score.reasons,
                claimant=find_claimant(plain),
                self_contained=resolve_wording(alone, before, day),
                quantities=tuple(
                    replace(found, start=found.start + span.start, end=found.end + span.start)
                    for found in quantities
                ),
                context_before=texts[place - 1] if place in joined else "",
                context_after=texts[place + 1] if place + 1 in joined else "",
            )
        )
    told = find_hints([(claim.text, claim.start, claim.quantities) for claim in claims])
    return tuple(replace(claim, hints=hints) for claim, hints in zip(claims, told, strict=True))


def _find_joined(spans: Sequence[Span], reading: ArticleReading) -> set[int]:
    """The places of the sentences that read on from the one before them."""
    walls = [block.start for block in reading.blocks if block.kind != "paragraph"]
    return {
        place
        for place in range(1, len(spans))
        if bisect_left(walls, spans[place - 1].end) == bisect_left(walls, spans[place].start)
    }


def _is_close(text: str, before: Span, after: Span) -> bool:
    """Whether both sentences stand in one paragraph."""
    return "\n" not in text[before.end : after.start]


def _sentences(text: str, reading: ArticleReading, title: str | None) -> list[Span]:
    spans: list[Span] = []
    wanted_title = " ".join(title.split()) if title else None
    for block in reading.blocks:
        if block.kind != "paragraph":
            continue
        for span in split_paragraph(text, block.start, block.end):
            if not any(letter.isalnum() for letter in text[span.start : span.end]):
                continue
            if wanted_title and " ".join(text[span.start : span.end].split()) == wanted_title:
                continue
            spans.append(span)
    return spans


def _score(texts: Sequence[str], reading: ArticleReading) -> list[Score]:
    if reading.language not in {None, "en"}:
        reason = f"language not read: {reading.language}"
        return [Score(_UNREAD_SCORE, (reason,))] * len(texts)
    scores = score_sentences([strip_markup(sentence) for sentence in texts])
    return [
        score
        if is_mostly_latin(sentence)
        else Score(_UNREAD_SCORE, ("language not read: unknown",))
        for score, sentence in zip(scores, texts, strict=True)
    ]
