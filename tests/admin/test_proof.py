"""A verdict's passage stays provable, whatever becomes of the page and its publisher."""

from __future__ import annotations

import pytest
from django.db.models import ProtectedError
from django.utils import timezone

from claims.models import Snapshot, Source, VerdictEvidence
from claims.web.snapshots import text_digest
from tests.admin.world import World


def test_a_verdict_keeps_its_passage_when_the_page_changes_and_its_source_goes(
    world: World,
) -> None:
    cited = VerdictEvidence.objects.filter(verdict=world.near.verdict).earliest("number")
    rests_on = Snapshot.objects.get(passages__evidence=cited.evidence_id)
    proof = (cited.quote, cited.start, cited.end, cited.snapshot_sha256, cited.text_sha256)
    page = rests_on.page

    # The page is fetched again and says something else.
    changed = Snapshot.objects.get(pk=rests_on.pk)
    changed.pk = None
    changed.text, changed.fetched_at = "Nothing of it stands here now.", timezone.now()
    changed.text_sha256 = text_digest(changed.text)
    changed.save(force_insert=True)
    # Its publisher is deleted, and who wants to delete the copy may not.
    Source.objects.filter(pages=page).delete()
    for row in (page, rests_on):
        with pytest.raises(ProtectedError):
            row.delete()

    cited.refresh_from_db()
    rests_on.refresh_from_db()
    assert proof == (
        cited.quote,
        cited.start,
        cited.end,
        cited.snapshot_sha256,
        cited.text_sha256,
    )
    assert rests_on.text[cited.start : cited.end] == cited.quote
    assert text_digest(rests_on.text) == cited.text_sha256
    assert rests_on.sha256 == cited.snapshot_sha256
