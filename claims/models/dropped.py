"""Dropped claims: how one stands again, whoever says so and wherever.

Promises that a claim never stands again in silence: each is one more version of the
claim and one correction, with who and when. Looks at no other claim and no ticket:
whether it may stand is for the door that asks.
"""

from __future__ import annotations

from django.db.models import F

from claims.models.access import Person
from claims.models.claim import Claim
from claims.models.correction import keep_correction
from claims.vocabulary import CorrectionKind


def stand_again(claim: Claim, *, by: Person, article_id: int | None = None) -> None:
    """Make a dropped claim stand; one that stands already is left as it is.

    ``article_id`` is the article on whose page it was said. The caller's transaction
    holds the claim's row.
    """
    dropped = Claim.objects.filter(pk=claim.pk, dropped_at__isnull=False)
    if not dropped.update(dropped_at=None, version=F("version") + 1):
        return
    claim.dropped_at = None
    claim.version += 1
    keep_correction(
        CorrectionKind.CLAIM_RESTORED,
        by=by,
        team_id=claim.team_id,
        article_id=article_id,
        claim_id=claim.pk,
        machine={"text": claim.text, "score": claim.score, "reasons": claim.reasons},
        person={"is_claim": True},
    )
