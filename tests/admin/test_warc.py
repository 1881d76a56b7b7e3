"""WARC files through the browser: what one may see goes out, and leads bring files in."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from warcio.archiveiterator import ArchiveIterator

from claims.models import Page, Snapshot
from tests.admin.conftest import LogIn
from tests.admin.world import World

IMPORT = "admin:claims_page_import_warc"


def addresses_in(answer: Any) -> list[str]:
    body = b"".join(answer.streaming_content)
    return [
        record.rec_headers.get_header("WARC-Target-URI")
        for record in ArchiveIterator(io.BytesIO(body))
        if record.rec_type in ("response", "metadata")
    ]


def test_a_page_and_the_ticked_ones_are_sent_as_files(world: World, log_in: LogIn) -> None:
    client = log_in(world.dan)
    page = world.near.page
    answer = client.get(reverse("admin:claims_page_warc", args=[page.pk]))
    assert answer["Content-Type"] == "application/warc"
    assert ".warc.gz" in answer["Content-Disposition"]
    assert page.snapshots.get().final_url in addresses_in(answer)
    pages = [row.pk for row in Page.objects.filter(snapshots__isnull=False).distinct()]
    posted = {"action": "export_chosen", "_selected_action": pages}
    sent = addresses_in(client.post(reverse("admin:claims_page_changelist"), posted))
    ours = Snapshot.objects.filter(page__team=world.near.team)
    assert set(sent) == set(ours.values_list("final_url", flat=True))
    assert ours.count() < len(pages)


def test_a_lead_brings_a_file_in_and_a_broken_one_is_refused(world: World, log_in: LogIn) -> None:
    client = log_in(world.ada)
    page = world.far.page
    sent = log_in(world.eve).get(reverse("admin:claims_page_warc", args=[page.pk]))
    body = b"".join(sent.streaming_content)  # type: ignore[attr-defined]
    assert (
        'href="' + reverse(IMPORT)
        in client.get(reverse("admin:claims_page_changelist")).content.decode()
    )

    def post(content: bytes, team: Any) -> Any:
        upload = SimpleUploadedFile("a.warc.gz", content)
        return client.post(reverse(IMPORT), {"upload": upload, "team": team.pk})

    before = Snapshot.objects.filter(page__team=world.near.team).count()
    broken = post(body[:-30], world.near.team)
    assert broken.status_code == 422
    assert "Nothing was taken in." in broken.content.decode()
    assert post(body, world.far.team).status_code == 422
    assert Snapshot.objects.filter(page__team=world.near.team).count() == before
    assert post(body, world.near.team).status_code == 302


def test_only_a_lead_is_offered_the_way_in(world: World, log_in: LogIn) -> None:
    told = log_in(world.ben).get(reverse("admin:claims_page_changelist")).content.decode()
    assert reverse(IMPORT) not in told
    assert log_in(world.ben).get(reverse(IMPORT)).status_code == 403
