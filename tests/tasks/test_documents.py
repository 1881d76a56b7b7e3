"""Real workers bring documents to a ticket: passages, comparisons, pages, and why there is none."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.urls import reverse

from claims.models import Evidence, Page, Snapshot, Ticket
from claims.tasks import open_and_gather
from claims.vocabulary import FetchOutcome, TicketState
from claims.workflow.ingest import ingest_claim
from claims.workflow.recheck import verify_snapshots
from tests.documents import (
    DOCX,
    PICTURE,
    XLSX,
    lines_of,
    make_docx,
    make_pdf,
    make_pdf_of,
    make_xlsx,
    paragraph,
    sheet_rows,
    table_of,
)
from tests.people import make_desk
from tests.site.server import Exchange, Site
from tests.stack.running import free_port
from tests.tasks.workers import Worker, tell_jobs, work_until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

CLAIM = "The harbour of Varnholm handled 48,000 tonnes of salt in 2023, the port authority said."
HEADER = ["Harbour", "Salt in 2023 (tonnes)"]
REPORT = make_pdf(
    [
        lines_of("Yearbook of harbours", "A foreword about the trade of the coast."),
        table_of([HEADER, ["Varnholm", "48,000"], ["Osterhaven", "12,500"]], top=700),
        lines_of("The harbour of Varnholm handled 31,000 tonnes of salt in 2023, customs found."),
    ]
)
FILES = {
    "/report": (REPORT, "application/octet-stream"),
    "/figures": (
        b"Harbour,Salt in 2023 (tonnes)\nVarnholm,48000\nOsterhaven,12500\n",
        "application/octet-stream",
    ),
    "/figures.xlsx": (
        make_xlsx({"Salt": sheet_rows([HEADER, ["Varnholm", 47000], ["Osterhaven", 12500]])}),
        XLSX,
    ),
    "/note.docx": (make_docx(paragraph(CLAIM.replace("the port authority said", "we read"))), DOCX),
    "/api": (
        json.dumps([{"harbour": "Varnholm", "salt in 2023 (tonnes)": 48000, "b": 1}] * 2).encode(),
        "application/json",
    ),
    "/scan.pdf": (make_pdf_of([PICTURE]), "application/pdf"),
}

# What only its name tells to be a table.
NAMED = {"/figures": (("Content-Disposition", "attachment; filename=Salt_2023.csv"),)}


@pytest.fixture(scope="module")
def web() -> Iterator[Site]:
    """A small web whose search finds documents only."""
    with Site(robots="") as site:
        for path, (body, content_type) in FILES.items():
            site.add(path, body, content_type=content_type, headers=NAMED.get(path, ()))
        results = [{"url": path, "title": path.strip("/")} for path in FILES]

        def search(exchange: Exchange) -> None:
            exchange.answer(json.dumps({"results": results}), content_type="application/json")

        site.add("/search", search)
        yield site


def test_documents_become_evidence_with_their_pages(
    web: Site,
    django_db_setup: None,
    tmp_path_factory: pytest.TempPathFactory,
    settings: object,
    client: object,
) -> None:
    cache.clear()
    settings.SAMPLE_WEB_URL = web.url("").rstrip("/")  # type: ignore[attr-defined]
    environ = {
        "FACTCHECK_FETCH_ALLOW": f"127.0.0.1:{web.port}",
        "FACTCHECK_SAMPLE_WEB_URL": web.url("").rstrip("/"),
        "FACTCHECK_WIKIPEDIA_API_URL": f"http://127.0.0.1:{free_port()}/w/api.php",
    }
    desk = make_desk()
    claim, _ = ingest_claim(desk.team, CLAIM)
    ticket, _ = open_and_gather(claim, by=desk.dan)
    log = tmp_path_factory.mktemp("workers")
    with Worker("fetch", log, **environ), Worker("analyse", log, **environ):

        def is_ready() -> bool:
            return Ticket.objects.get(pk=ticket.pk).state == TicketState.READY

        # A hint lives for seconds; a worker that is longer in coming up needs the sweep's.
        work_until(is_ready, 110, tell_jobs)
    pieces = list(Evidence.objects.filter(ticket=ticket).select_related("passage__snapshot"))
    # The best piece of each page.
    by_path = {
        piece.passage.snapshot.final_url.rpartition("/")[2]: piece
        for piece in sorted(pieces, key=lambda piece: -piece.number)
    }
    assert set(by_path) == {"report", "figures", "figures.xlsx", "note.docx", "api"}
    outcomes = {name: piece.outcome for name, piece in by_path.items()}
    assert outcomes["figures"] == outcomes["note.docx"] == outcomes["api"] == "match"
    assert outcomes["figures.xlsx"] != "match"
    of_report = [one for one in pieces if one.passage.snapshot.final_url.endswith("/report")]
    told = {one.passage.quote: one.score_reasons[-1] for one in of_report}
    assert told["Varnholm | 48,000 |"] == "stands on page 2 of the document"
    assert any("page 3" in reason for reason in told.values())
    assert {one.outcome for one in of_report} >= {"match", "differs"}
    assert by_path["figures"].passage.snapshot.title == "Salt 2023"
    scan = Page.objects.get(url__endswith="/scan.pdf")
    assert scan.outcome == FetchOutcome.FAILED
    assert "pictures of text only" in scan.detail
    assert_shown(client, desk, ticket)
    assert list(verify_snapshots()) == []


def assert_shown(client: object, desk: object, ticket: Ticket) -> None:
    """The ticket says page and reason; the stored copy shows pages and the table."""
    client.force_login(desk.ada)  # type: ignore[attr-defined]
    shown = client.get(reverse("admin:claims_ticket_change", args=[ticket.pk])).content.decode()  # type: ignore[attr-defined]
    assert "stands on page 2 of the document" in shown
    assert "pictures of text only" in shown
    copy = Snapshot.objects.get(final_url__endswith="/report")
    shown = client.get(reverse("admin:claims_snapshot_change", args=[copy.pk])).content.decode()  # type: ignore[attr-defined]
    assert "[page 2]" in shown
    assert "<dt>Pages</dt>" in shown
    assert "<td>48,000</td>" in shown
