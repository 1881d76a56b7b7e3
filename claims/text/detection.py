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

from claims.text.antecedents import Antecedents
from claims.text.articles import ArticleReading, read_article
from claims.text.checkworthiness import Score, score_sentences
from claims.text.claimants import find_claimant, find_claimants
from claims.text.detected_claim import DetectedClaim
from claims.text.hints.hint import Hint
from claims.text.hints.reading import find_hints
from claims.text.language import is_mostly_latin
from claims.text.marked import cut_marked, part_near, put_marked
from claims.text.markup import strip_markup
from claims.text.parts import Part, cut_parts
from claims.text.quantities import read_quantities
from claims.text.quantity import Quantity
from claims.text.resolutions import Resolution, ResolutionKind, word_alone
from claims.text.sentences import Span, split_paragraph
from claims.text.wording import find_resolutions

_UNREAD_SCORE = 0.05


__all__ = ["DetectedClaim", "detect_claims"]


@dataclass(frozen=True, slots=True)
class _Read:
    """One sentence with all that was read in it; offsets are those of the sentence."""

    span: Span
    text: str
    score: Score
    quantities: tuple[Quantity, ...]
    resolved: tuple[Resolution, ...]
    claimant: str | None
    alone: str
    parts: tuple[Part, ...]
    day: date | None


def detect_claims(
    text: str,
    *,
    published: date | None = None,
    title: str | None = None,
    marked: Span | None = None,
) -> tuple[DetectedClaim, ...]:
    """The sentences of ``text``'s prose as possible claims, in document order.

    ``published`` is the article's day where the caller knows it (relative periods
    are worked out from it; the text's own date is used otherwise). ``title`` is the
    article's title where it is known and may not stand in the text; a line equal to
    it is no claim. ``marked`` is a span that a person chose: it comes back as a claim
    of its own, read like the others, in place of what else its sentences hold. Of a long
    text only the claims near it come back with it; whom and what is named before is known.

    >>> found = detect_claims("Port reopens\\n\\nSome 40 ships came back, the port authority said.")
    >>> found[0].claimant, found[0].quantities[0].value
    ('the port authority', 40.0)
    """
    reading = read_article(text)
    spans: Sequence[Span] = _sentences(text, reading, title)
    far: Sequence[Span] = ()
    if marked is not None:
        far, spans = part_near(put_marked(spans, marked), marked)
    memory = _remember(text, far, title or reading.title or "")
    texts = [text[span.start : span.end] for span in spans]
    day = published or reading.published
    read = _read_sentences(text, spans, texts, reading, day, memory)
    if marked is not None:
        read = [replace(one, parts=cut_marked(one.span, one.parts, marked)) for one in read]
    joined = _find_joined(spans, reading)
    hints = find_hints([(one.text, one.span.start, _place(one)) for one in read])
    claims: list[DetectedClaim] = []
    for place, one in enumerate(read):
        before = texts[place - 1] if place in joined else ""
        after = texts[place + 1] if place + 1 in joined else ""
        for part in one.parts:
            claim = _make_claim(one, part, hints[place])
            head, tail = one.text[: part.start].strip(), one.text[part.end :].strip()
            claims.append(
                replace(
                    claim,
                    context_before=f"{before} {head}".strip(),
                    context_after=f"{tail} {after}".strip(),
                )
            )
    return tuple(claims)


def _read_sentences(
    text: str,
    spans: Sequence[Span],
    texts: Sequence[str],
    reading: ArticleReading,
    day: date | None,
    memory: Antecedents,
) -> list[_Read]:
    """Everything in every sentence, in order: what one names, the next may mean."""
    plain = [_plain(sentence) for sentence in texts]
    close = [
        bool(place and _is_close(text, spans[place - 1], span)) for place, span in enumerate(spans)
    ]
    read = []
    scores = _score(texts, reading)
    # Names and verbs are English ones: nothing is attributed in what cannot be read.
    readable = [
        sentence if _is_read(score) else "" for sentence, score in zip(plain, scores, strict=True)
    ]
    claimants = find_claimants(readable, close)
    for place, (span, sentence, score) in enumerate(zip(spans, texts, scores, strict=True)):
        alone = _alone(sentence, plain[place])
        is_marked = alone != sentence
        before = texts[place - 1] if close[place] else ""
        resolved = (*find_resolutions(alone, before, day), *memory.find(alone, before))
        memory.note(alone, starts_paragraph=not close[place])
        numbers = read_quantities(sentence, published=day)
        is_read = _is_read(score) and not is_marked
        parts = cut_parts(sentence, [(q.start, q.end) for q in numbers]) if is_read else ()
        read.append(
            _Read(
                span=span,
                text=sentence,
                score=score,
                quantities=numbers,
                resolved=() if is_marked else resolved,
                claimant=claimants[place] or _named_by_pronoun(alone, resolved),
                alone=word_alone(alone, resolved),
                parts=parts or (Part(0, len(sentence)),),
                day=day,
            )
        )
    return read


def _remember(text: str, spans: Sequence[Span], title: str) -> Antecedents:
    """What the title and these sentences name."""
    memory = Antecedents()
    memory.note(title)
    for place, span in enumerate(spans):
        sentence = text[span.start : span.end]
        is_close = bool(place and _is_close(text, spans[place - 1], span))
        memory.note(_alone(sentence, _plain(sentence)), starts_paragraph=not is_close)
    return memory


def _plain(sentence: str) -> str:
    """The words without the marks of a text in Markdown, each blank once."""
    return " ".join(strip_markup(sentence).split())


def _alone(sentence: str, plain: str) -> str:
    """The sentence as it stands where it holds no marks, and else its plain words."""
    return sentence if plain == " ".join(sentence.split()) else plain


def _is_read(score: Score) -> bool:
    return not any(reason.startswith("language not read") for reason in score.reasons)


def _named_by_pronoun(alone: str, resolved: Sequence[Resolution]) -> str | None:
    """The claimant of "She said …" where it is certain who she is."""
    for one in resolved:
        if one.kind is ResolutionKind.PERSON and one.start == 0 and not one.meaning.endswith("’s"):
            return find_claimant(f"{one.meaning}{alone[one.end :]}")
    return None


def _place(one: _Read) -> list[Quantity]:
    by = one.span.start
    return [replace(found, start=found.start + by, end=found.end + by) for found in one.quantities]


def _numbers_of(one: _Read, part: Part) -> tuple[Quantity, ...]:
    """The sentence's numbers inside a part; a part that cuts through one is read by itself."""
    found, by = one.quantities, 0
    if any(q.start < edge < q.end for q in found for edge in (part.start, part.end)):
        found, by = read_quantities(one.text[part.start : part.end], published=one.day), part.start
    by += one.span.start
    start, end = one.span.start + part.start, one.span.start + part.end
    moved = (replace(q, start=q.start + by, end=q.end + by) for q in found)
    return tuple(q for q in moved if start <= q.start and q.end <= end)


def _make_claim(one: _Read, part: Part, hints: Sequence[Hint]) -> DetectedClaim:
    """The claim of a sentence or of one part of it, with what belongs to that part."""
    is_whole = part.end - part.start == len(one.text)
    start, end = one.span.start + part.start, one.span.start + part.end
    claim = DetectedClaim(
        text=one.text[part.start : part.end],
        start=start,
        end=end,
        score=one.score.value,
        reasons=one.score.reasons,
        claimant=one.claimant,
        self_contained=one.alone,
        quantities=_numbers_of(one, part),
        hints=tuple(h for h in hints if any(start <= at < end for at, _ in h.spans)),
        resolved=tuple(found.moved(one.span.start) for found in one.resolved),
    )
    return claim if is_whole else _word_part(claim, one, part)


def _word_part(claim: DetectedClaim, one: _Read, part: Part) -> DetectedClaim:
    """A part with the words it shares in brackets, and a score of its own."""
    wording = word_alone(one.text, one.resolved, part.start, part.end)
    by, resolved = one.span.start, list(one.resolved)
    if part.lead:
        written = one.text[slice(*part.lead)]
        lead = word_alone(one.text, one.resolved, *part.lead)
        lead = lead.removeprefix("[") if lead.startswith("[") else lead
        lead = lead.replace("[", "(").replace("]", ")" if "[" in lead else "")
        wording = f"[{lead}] {wording}"
        resolved.append(Resolution(*part.lead, written, lead, ResolutionKind.SUBJECT))
    wording = (
        " ".join(strip_markup(wording).split()) if "*" in wording or "](" in wording else wording
    )
    score = one.score
    if _is_read(score):
        (score,) = score_sentences([wording.replace("[", "").replace("]", "")])
    is_own = one.text[: part.start].rstrip().endswith(";")
    return replace(
        claim,
        score=score.value,
        reasons=score.reasons,
        claimant=find_claimant(claim.text) or (None if is_own else one.claimant),
        self_contained=wording,
        resolved=tuple(
            found.moved(by)
            for found in resolved
            if found.kind is ResolutionKind.SUBJECT
            or (part.start <= found.start and found.end <= part.end)
        ),
        sentence=one.text,
    )


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
