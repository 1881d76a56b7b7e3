"""Single claims: one assertion typed by a person, with its numbers and its frame."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from claims.models.claim import Claim, Quantity
from claims.models.storable import storable
from claims.models.team import Team
from claims.text.detection import detect_claims
from claims.text.quantities import read_quantities
from claims.text.queries import read_frame
from claims.web.snapshots import text_digest
from claims.workflow.ingest.checking import MAX_CLAIM_CHARS, check_text


def ingest_claim(team: Team, text: str, *, claimant: str = "") -> tuple[Claim, bool]:
    """Store a single claim typed by a person, with its numbers; gives it and whether it is new."""
    text = " ".join(check_text(text, field="claim", max_chars=MAX_CLAIM_CHARS).split())
    digest = text_digest(text)
    known = Claim.objects.filter(team=team, text_sha256=digest).first()
    if known is not None:
        return known, False
    found = detect_claims(text)
    # A sentence that asserts several things was still typed as one claim.
    whole = found[0] if len({one.sentence or one.text for one in found}) == 1 else None
    said_by = claimant or ((whole.claimant or "") if whole else "")
    numbers = read_quantities(text)
    frame = read_frame(text, numbers, claimant=said_by or None)
    claim = Claim(
        team=team,
        text=text,
        self_contained=text,
        text_sha256=digest,
        score=max((one.score for one in found), default=0.0),
        reasons=list(whole.reasons) if whole else [],
        hints=[hint.to_json() for hint in dict.fromkeys(h for one in found for h in one.hints)],
        claimant=storable(said_by, 300),
        measured=(frame.measured or "")[:300],
        of_what=(frame.of_what or "")[:300],
        place=(frame.place or "")[:300],
        period_from=frame.period.from_on if frame.period else None,
        period_to=frame.period.to_on if frame.period else None,
    )
    try:
        with transaction.atomic():
            claim.save()
            Quantity.objects.bulk_create(
                Quantity.from_read(claim, position, number)
                for position, number in enumerate(numbers)
            )
    except IntegrityError:
        # Somebody typed the same claim in the same instant.
        return Claim.objects.get(team=team, text_sha256=digest), False
    return claim, True
