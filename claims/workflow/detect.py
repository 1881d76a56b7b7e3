"""Detect: turn an article's text into claims with spans, scores and numbers.

Promises: running it twice changes nothing; the article's text is never
altered; a wording the team already has becomes another appearance of the same
claim. The claim frame starts as read and belongs to the reviewer afterwards
(:func:`edit_frame`). Opens no ticket.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction

from claims.models.access import Person
from claims.models.article import Article
from claims.models.claim import Appearance, Claim, Quantity
from claims.models.history import append_event
from claims.models.storable import storable
from claims.models.ticket import Ticket
from claims.text.dates import read_dates
from claims.text.detection import DetectedClaim, detect_claims
from claims.text.hints.reading import find_hints
from claims.text.quantities import read_quantities
from claims.text.quantity import Quantity as ReadQuantity
from claims.text.queries import read_frame
from claims.vocabulary import ArticleState, TicketAction
from claims.web.snapshots import text_digest

# Sentences below this score are not kept as claims: nobody would open them from the list.
KEPT_SCORE = 0.2
# An article with a text that *failed* is one whose detection was given up; a retry reads it.
UNREAD = (ArticleState.RECEIVED, ArticleState.FAILED)
FRAME_FIELDS = ("measured", "of_what", "place", "claimant", "self_contained")


class FrameRefused(Exception):
    """An edit of the frame that cannot be kept; names the field and the cure."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        self.message = message
        super().__init__(message)


def detect_article(article: Article) -> int:
    """Store the claims of one article; gives how many spans it has. Twice is once."""
    if article.state not in UNREAD or not article.text:
        return article.appearances.count()
    found = [
        one
        for one in detect_claims(article.text, published=article.published_on, title=article.title)
        if one.score >= KEPT_SCORE
    ]
    with transaction.atomic():
        moved = Article.objects.filter(pk=article.pk, state__in=UNREAD).update(
            state=ArticleState.READ, failure="", failure_detail=""
        )
        if not moved:
            return article.appearances.count()
        claims = _keep_claims(article, found)
        Appearance.objects.bulk_create(
            (
                Appearance(
                    claim=claims[text_digest(one.identity)],
                    article=article,
                    start=one.start,
                    end=one.end,
                )
                for one in found
            ),
            ignore_conflicts=True,
        )
    article.state = ArticleState.READ
    return len(found)


def make_claim(article: Article, start: int, end: int) -> Claim:
    """Make a claim of characters ``start`` to ``end`` of an article, as a person marked them.

    Raises :class:`FrameRefused` where the span lies outside the text or holds no words.
    """
    if not 0 <= start < end <= len(article.text) or not article.text[start:end].strip():
        raise FrameRefused("span", "Mark at least one word of the article's text.")
    quote = article.text[start:end]
    start += len(quote) - len(quote.lstrip())
    quote = quote.strip()
    end = start + len(quote)
    standing = Appearance.objects.filter(article=article, start=start, end=end)
    if (known := standing.select_related("claim").first()) is not None:
        return known.claim
    numbers = tuple(
        replace(found, start=found.start + start, end=found.end + start)
        for found in read_quantities(quote, published=article.published_on)
    )
    with transaction.atomic():
        detected = DetectedClaim(
            text=quote,
            start=start,
            end=end,
            score=0.0,
            reasons=("marked by a person",),
            claimant=None,
            self_contained=quote,
            quantities=numbers,
            hints=find_hints([(quote, start, numbers)])[0],
        )
        claim = _keep_claims(article, [detected])[text_digest(quote)]
        Appearance.objects.get_or_create(
            article=article, start=start, end=end, defaults={"claim": claim}
        )
    return claim


def edit_frame(
    ticket: Ticket, changes: Mapping[str, Any], *, by: Person, expected_version: int | None = None
) -> Claim:
    """Correct a claim's frame; what was there before stays in the ticket's history.

    ``changes`` holds any of measured, of_what, place, claimant, self_contained
    (text) and period_from, period_to (dates or ``None``). Raises
    :class:`FrameRefused` for a value that cannot be kept.
    """
    fresh: dict[str, Any] = {}
    for name in FRAME_FIELDS:
        if name in changes:
            fresh[name] = _check_slot(name, str(changes[name]).strip())
    for name in ("period_from", "period_to"):
        if name in changes:
            fresh[name] = changes[name]
    with transaction.atomic():
        Ticket.objects.select_for_update().get(pk=ticket.pk)
        claim = Claim.objects.select_for_update().get(pk=ticket.claim_id)
        if expected_version is not None and claim.version != expected_version:
            raise FrameRefused(
                "version", "Somebody edited this frame first. Reload to see it, then edit again."
            )
        old = {name: getattr(claim, name) for name in fresh}
        edited = {name: new for name, new in fresh.items() if old[name] != new}
        if not edited:
            return claim
        for name, new in edited.items():
            setattr(claim, name, new)
        _check_period(claim.period_from, claim.period_to)
        claim.version += 1
        claim.save(update_fields=[*edited, "version"])
        append_event(
            ticket,
            TicketAction.FRAME_EDITED,
            actor=by,
            changes={name: [old[name], new] for name, new in edited.items()},
        )
    return claim


def _keep_claims(article: Article, found: list[DetectedClaim]) -> dict[str, Claim]:
    """Claims by digest of their wording, new ones stored with frame and quantities."""
    by_digest = {text_digest(one.identity): one for one in reversed(found)}
    known = {
        claim.text_sha256: claim
        for claim in Claim.objects.filter(team_id=article.team_id, text_sha256__in=by_digest)
    }
    fresh = {
        digest: _new_claim(article, digest, one)
        # One order for everybody: two articles with the same claims must not lock crosswise.
        for digest, one in sorted(by_digest.items())
        if digest not in known
    }
    Claim.objects.bulk_create(fresh.values(), ignore_conflicts=True)
    stored = Claim.objects.filter(team_id=article.team_id, text_sha256__in=fresh)
    rows = []
    for claim in stored:
        known[claim.text_sha256] = claim
        rows += [
            Quantity.from_read(claim, position, number)
            for position, number in enumerate(_own_quantities(by_digest[claim.text_sha256]))
        ]
    Quantity.objects.bulk_create(rows, ignore_conflicts=True)
    return known


def _own_quantities(one: DetectedClaim) -> list[ReadQuantity]:
    """The claim's numbers with offsets of its own text."""
    return [
        replace(found, start=found.start - one.start, end=found.end - one.start)
        for found in one.quantities
    ]


def _new_claim(article: Article, digest: str, one: DetectedClaim) -> Claim:
    numbers = _own_quantities(one)
    # What the wording resolved belongs to the frame: "the country [Chile]" tells the place.
    frame = read_frame(
        one.self_contained, numbers, published=article.published_on, claimant=one.claimant
    )
    period = frame.period
    if period is None:
        dates = read_dates(one.text, published=article.published_on)
        period_from, period_to = (dates[0].from_on, dates[0].to_on) if dates else (None, None)
    else:
        period_from, period_to = period.from_on, period.to_on
    return Claim(
        team_id=article.team_id,
        text=one.text,
        self_contained=one.self_contained,
        text_sha256=digest,
        score=one.score,
        reasons=list(one.reasons),
        hints=[hint.moved(-one.start).to_json() for hint in one.hints],
        resolved=[found.moved(-one.start).to_json() for found in one.resolved],
        claimant=(one.claimant or "")[:300],
        measured=(frame.measured or "")[:300],
        of_what=(frame.of_what or "")[:300],
        place=(frame.place or "")[:300],
        period_from=period_from,
        period_to=period_to,
        context_before=one.context_before,
        context_after=one.context_after,
    )


def _check_slot(name: str, value: str) -> str:
    limit = 2000 if name == "self_contained" else 300
    if len(value) > limit:
        raise FrameRefused(name, f"At most {limit:,} characters; this has {len(value):,}.")
    if value != storable(value):
        raise FrameRefused(name, "There is a character here that cannot be kept; type it again.")
    if name == "self_contained" and not value:
        raise FrameRefused(name, "The claim needs a wording.")
    return value


def _check_period(first: date | None, last: date | None) -> None:
    if first and last and first > last:
        raise FrameRefused("period_to", "The period ends before it begins.")
