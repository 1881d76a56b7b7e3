"""Making: words of an article become a claim because a person says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from claims.models.access import Person
from claims.models.article import Article
from claims.models.claim import Appearance, Claim
from claims.models.correction import Correction, keep_correction
from claims.models.detected import keep_claims
from claims.text.detected_claim import DetectedClaim
from claims.text.detection import detect_claims
from claims.text.sentences import Span
from claims.vocabulary import CorrectionKind
from claims.web.snapshots import text_digest
from claims.workflow.mark.dropping import put_back
from claims.workflow.mark.guarding import (
    MarkedFirst,
    MarkRefused,
    check_free,
    check_member,
    hold_claim,
    lock_article,
    tell_last,
)

# As long as a claim that is typed may be.
LONGEST_SPAN_CHARS = 2_000
CHOSEN = "chosen by a person"


def make_claim(article: Article, start: int, end: int, *, by: Person) -> Claim:
    """Make a claim of characters ``start`` to ``end`` of an article; twice by one person is once.

    It is read as the machine would have read it: score, numbers, wording, claimant,
    context. Raises :class:`MarkRefused` for a span that holds no word, leaves the text,
    is too long or touches another claim, and :class:`MarkedFirst` where somebody else
    made the same words a claim.
    """
    check_member(by, article)
    span = trim_span(article.text, start, end)
    detected = read_span(article, span)
    kept = replace(detected, reasons=(CHOSEN, *detected.reasons))
    with transaction.atomic():
        lock_article(article, also_of=known_claims(article, kept))
        if (known := _standing(article, span)) is not None:
            return _settle_known(known, article, by)
        check_free(article, span.start, span.end)
        claim = keep_standing(article, kept, by=by)
        Appearance.objects.create(claim=claim, article=article, start=span.start, end=span.end)
        keep_correction(
            CorrectionKind.CLAIM_MADE,
            by=by,
            team_id=article.team_id,
            article_id=article.pk,
            claim_id=claim.pk,
            machine={"score": detected.score, "reasons": list(detected.reasons)},
            person=span_of(detected),
        )
    return claim


def trim_span(text: str, start: int, end: int) -> Span:
    """The span without white space around it; :class:`MarkRefused` where it cannot be a claim."""
    quote = text[start:end] if 0 <= start < end <= len(text) else ""
    if not any(letter.isalnum() for letter in quote):
        raise MarkRefused("Choose at least one word of the article's text.")
    start += len(quote) - len(quote.lstrip())
    end = start + len(quote.strip())
    if end - start > LONGEST_SPAN_CHARS:
        raise MarkRefused(
            f"A claim has at most {LONGEST_SPAN_CHARS:,} characters; this has {end - start:,}."
        )
    return Span(start, end)


def read_span(article: Article, span: Span) -> DetectedClaim:
    """What the machine reads in these characters of the article, the rest of it in view."""
    found = detect_claims(
        article.text, published=article.published_on, title=article.title, marked=span
    )
    return next(one for one in found if (one.start, one.end) == (span.start, span.end))


def known_claims(article: Article, one: DetectedClaim) -> QuerySet[Claim]:
    """The team's claim in these very words, if it has one."""
    return Claim.objects.filter(team_id=article.team_id, text_sha256=text_digest(one.identity))


def keep_standing(article: Article, one: DetectedClaim, *, by: Person) -> Claim:
    """The claim of these words, stored now or known to the team; a dropped one stands again.

    The caller's transaction holds the article and those in which it appears.
    """
    claim = keep_claims(article, [one])[text_digest(one.identity)]
    return put_back(claim.pk, article, by=by)


def span_of(one: DetectedClaim) -> dict[str, Any]:
    """A reading as a correction keeps it: the place, the words, what was read in them."""
    return {
        "start": one.start,
        "end": one.end,
        "text": one.text,
        "sentence": one.sentence or one.text,
        "self_contained": one.self_contained,
        "claimant": one.claimant,
        "quantities": [number.text for number in one.quantities],
    }


def _standing(article: Article, span: Span) -> Appearance | None:
    places = Appearance.objects.standing().filter(article=article, start=span.start, end=span.end)
    return places.select_related("claim").first()


def _settle_known(place: Appearance, article: Article, by: Person) -> Claim:
    """These very words are a claim, or were one; one who made it is given it again."""
    claim: Claim = hold_claim(place.claim_id)
    if claim.dropped_at is not None:
        raise MarkRefused("These words are a claim that was dropped: restore it.")
    last = Correction.objects.filter(claim=claim, article=article).order_by("-id").first()
    if last is None or last.made_by_id != by.pk:
        kinds = (CorrectionKind.CLAIM_MADE, CorrectionKind.SPAN_CHANGED)
        told = "These words are a claim already."
        raise MarkedFirst(tell_last(claim.pk, told, kinds=kinds, article_id=article.pk))
    return claim
