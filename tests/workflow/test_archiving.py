"""Copies out as WARC and in again: proven, once, with their own dates, whole or not at all."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from warcio.archiveiterator import ArchiveIterator

from claims.models import Job, Page, Snapshot
from claims.models.bodies import load_body
from claims.vocabulary import FetchOutcome, JobKind
from claims.web.snapshots import digest
from claims.web.warc import WarcCopy, WarcRefused, iter_warc
from claims.workflow.gather.archiving import export_warc, import_warc
from claims.workflow.recheck import problem_of_snapshot
from tests.people import Desk, add_evidence, make_team, open_one

pytestmark = pytest.mark.django_db
AT = datetime(2024, 5, 6, 7, 8, 9, 123, tzinfo=UTC)
BODY = b"<p>The quay took 48,000 tonnes.</p>"


def copy_of(url: str = "https://ports.example/a", **fields: object) -> WarcCopy:
    told: dict[str, object] = {
        "final_url": url, "status": 200, "body": BODY, "fetched_at": AT, "sha256": digest(BODY),
        "headers": [("Content-Type", 'Text/HTML; Charset="UTF-8"')],
    }  # fmt: skip
    return WarcCopy(**(told | fields))  # type: ignore[arg-type]


def file_of(*copies: WarcCopy) -> io.BytesIO:
    return io.BytesIO(b"".join(iter_warc(copies, software="x", made_at=AT, filename="x")))


def test_a_page_goes_out_and_comes_into_another_team_as_it_was(desk: Desk) -> None:
    old = add_evidence(open_one(desk.team), "Line 1 of the ledger.").passage.snapshot
    body = b"".join(export_warc([old.page], filename="a.warc.gz"))
    other = make_team("far-desk")
    brought = import_warc(other, io.BytesIO(body), by_name="ada")
    assert (brought.new, brought.known, brought.left_out) == (1, 0, 0)
    new = Snapshot.objects.get(page__team=other)
    assert (new.sha256, new.fetched_at, new.final_url, new.status) == (
        old.sha256, old.fetched_at, old.final_url, old.status,
    )  # fmt: skip
    assert new.fetcher == "WARC file, brought in by ada"
    assert load_body(new.body_path, new.sha256) == load_body(old.body_path, old.sha256)
    assert problem_of_snapshot(new) == ""
    assert Job.objects.filter(kind=JobKind.READ, subject_id=new.pk, team=other).count() == 1
    assert new.page.source is not None
    again = import_warc(other, io.BytesIO(body))
    assert (again.new, again.known) == (0, 1)
    assert Snapshot.objects.filter(page__team=other).count() == 1


def test_what_the_headers_say_is_kept(desk: Desk) -> None:
    import_warc(desk.team, file_of(copy_of(address="192.0.2.7")))
    new = Snapshot.objects.get(page__canonical_url="https://ports.example/a")
    assert (new.content_type, new.charset, new.address) == ("text/html", "UTF-8", "192.0.2.7")
    assert ["Content-Type", 'Text/HTML; Charset="UTF-8"'] in new.headers["response"]


def test_an_older_copy_says_nothing_of_how_the_page_answers_now(desk: Desk) -> None:
    url = "https://ports.example/a"
    now = timezone.now()
    page = Page.objects.create(
        team=desk.team, url=url, canonical_url=url, outcome=FetchOutcome.FAILED, fetched_at=now
    )
    import_warc(desk.team, file_of(copy_of()))
    page.refresh_from_db()
    assert (page.outcome, page.fetched_at) == (FetchOutcome.FAILED, now)
    import_warc(desk.team, file_of(copy_of("https://ports.example/b")))
    assert Page.objects.get(canonical_url="https://ports.example/b").outcome == FetchOutcome.OK


def test_what_is_no_page_is_left_out_with_the_reason(desk: Desk) -> None:
    odd = [
        copy_of("https://ports.example/404", status=404),
        copy_of("https://ports.example/soon", fetched_at=timezone.now() + timedelta(days=2)),
        copy_of("http://user:pw@ports.example/"),
        copy_of("https://ports.example/empty", body=b"", sha256=digest(b"")),
        copy_of("https://ports.example/" + "x" * 2_000),
        copy_of(),
    ]
    brought = import_warc(desk.team, file_of(*odd))
    assert (brought.new, brought.left_out) == (1, 5)
    for told in ("HTTP 404", "future", "password", "no body", "too long"):
        assert any(told in reason for reason in brought.reasons), told


def test_a_broken_file_brings_nothing(desk: Desk) -> None:
    whole = file_of(copy_of(), copy_of("https://ports.example/b")).getvalue()
    before = (Page.objects.count(), Job.objects.count())
    with pytest.raises(WarcRefused):
        import_warc(desk.team, io.BytesIO(whole[:-30]))
    assert (Page.objects.count(), Job.objects.count()) == before


def test_a_body_over_the_limit_is_refused(desk: Desk, settings: object) -> None:
    settings.FETCH_MAX_BYTES = 20  # type: ignore[attr-defined]
    with pytest.raises(WarcRefused, match="longer than 20 bytes"):
        import_warc(desk.team, file_of(copy_of()))


def test_a_damaged_copy_is_named_and_not_passed_on(desk: Desk) -> None:
    old = add_evidence(open_one(desk.team), "Line 2 of the ledger.").passage.snapshot
    Path(default_storage.path(old.body_path)).unlink()
    body = b"".join(export_warc([old.page], filename="a.warc.gz"))
    records = [
        (record.rec_type, record.content_stream().read().decode())
        for record in ArchiveIterator(io.BytesIO(body))
    ]
    assert [kind for kind, _ in records] == ["warcinfo", "metadata"]
    assert "bodyMissing: The stored copy cannot be read" in records[1][1]
    assert f"bodySha256: {old.sha256}" in records[1][1]
