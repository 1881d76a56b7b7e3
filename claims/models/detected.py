"""Detected claims as rows: the wording's claim, its frame as read, its numbers.

Promises: a wording the team already has is that claim and no second one, however
many store it at once; offsets of numbers, hints and resolutions count from the
claim's own first character.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from claims.models.article import Article
from claims.models.claim import Claim, Quantity
from claims.text.dates import read_dates
from claims.text.detected_claim import DetectedClaim
from claims.text.quantity import Quantity as ReadQuantity
from claims.text.queries import read_frame
from claims.web.snapshots import text_digest


def keep_claims(article: Article, found: Sequence[DetectedClaim]) -> dict[str, Claim]:
    """Claims by digest of their identity, new ones stored with frame and quantities."""
    by_digest = {text_digest(one.identity): one for one in reversed(found)}
    known = {
        claim.text_sha256: claim
        for claim in Claim.objects.filter(team_id=article.team_id, text_sha256__in=by_digest)
    }
    fresh = {
        digest: claim_row(article, one)
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
            for position, number in enumerate(own_quantities(by_digest[claim.text_sha256]))
        ]
    Quantity.objects.bulk_create(rows, ignore_conflicts=True)
    return known


def own_quantities(one: DetectedClaim) -> list[ReadQuantity]:
    """The claim's numbers with offsets of its own text."""
    return [
        replace(found, start=found.start - one.start, end=found.end - one.start)
        for found in one.quantities
    ]


def claim_row(article: Article, one: DetectedClaim) -> Claim:
    """An unsaved row for a claim of the article, its frame as read."""
    numbers = own_quantities(one)
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
        text_sha256=text_digest(one.identity),
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
