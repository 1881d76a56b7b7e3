"""Evidence by hand: what is brought to a ticket becomes passages while the person goes on."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from claims import tasks
from claims.models import Evidence, Job, Page, Search, SearchResult, Snapshot, Source, Ticket
from claims.models.page import TYPED
from claims.tasks.analysing import attempt
from claims.tasks.fetching import keep_looks
from claims.vocabulary import JobKind, JobState, SearchPurpose, SourceType, TicketState
from claims.workflow.decide import check_gate
from claims.workflow.gather import BringRefused, Looked, Told
from claims.workflow.ingest import IngestRefused
from claims.workflow.recheck import verify_history, verify_snapshots
from claims.workflow.weigh import PassageRefused, add_passage
from tests.documents import lines_of, make_pdf
from tests.people import Desk, add_evidence, taken_one
from tests.tasks.test_keeping import fetched

CLAIM = "The port of Varnholm handled 48,000 tonnes of salt in 2023."
SAYS = "In 2023 the port of Varnholm handled 31,000 tonnes of salt, the customs office says."
ELSEWHERE = "Bicycles are repaired on Tuesdays in the old customs house by the river."
OFFICE = Told("Office of Figures", SourceType.OFFICIAL)
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


@pytest.fixture
def ticket(desk: Desk) -> Ticket:
    """In Ben's hands, with one strong piece of evidence already."""
    held = taken_one(desk.team, desk.ben, CLAIM)
    piece = add_evidence(held, "The port of Varnholm handled 48,000 tonnes of salt in 2023.")
    search = Search.objects.create(
        team=desk.team, ticket=held, provider="library", outcome="found", purpose="support"
    )
    SearchResult.objects.create(search=search, page=piece.passage.snapshot.page, rank=1)
    return held


def work(*kinds: JobKind) -> None:
    """Work what is owed of the analyse queue, in order."""
    for kind in kinds:
        Job.objects.filter(state=JobState.PENDING, kind=kind).update(due_at=Now())
        for job in Job.objects.lease((kind,), limit=9, seconds=60):
            attempt(job, time.monotonic())


def pieces_of(ticket: Ticket, publisher: str) -> list[Evidence]:
    return list(
        Evidence.objects.filter(
            ticket=ticket, passage__snapshot__page__source__name=publisher
        ).order_by("number")
    )


def test_an_address_is_fetched_and_weighed_while_the_person_goes_on(
    desk: Desk, ticket: Ticket
) -> None:
    assert tasks.bring_address(ticket, "https://customs.example/salt", by=desk.ben)
    search = Search.objects.get(purpose=SearchPurpose.BY_HAND)
    assert (search.asked_by, search.query) == (desk.ben, "https://customs.example/salt")
    assert Ticket.objects.get(pk=ticket.pk).state == TicketState.IN_REVIEW
    (job,) = Job.objects.lease((JobKind.FETCH,), limit=9, seconds=60)
    body = f"<article><h1>Salt</h1><p>{SAYS}</p><p>{ELSEWHERE * 4}</p></article>"
    keep_looks([Looked(job, **fetched(body.encode()))])
    work(JobKind.READ, JobKind.WEIGH)
    brought = Evidence.objects.get(passage__snapshot__page__url="https://customs.example/salt")
    assert "31,000 tonnes" in brought.passage.quote
    assert Ticket.objects.get(pk=ticket.pk).state == TicketState.IN_REVIEW
    assert not tasks.bring_address(ticket, "https://customs.example/salt", by=desk.ben), "fresh"
    assert verify_history().is_sound


def test_a_page_that_was_brought_has_a_passage_in_any_case(desk: Desk, ticket: Ticket) -> None:
    """Its best words may be far behind the others': a person chose the page."""
    tasks.bring_address(ticket, "https://bicycles.example/", by=desk.ben)
    (job,) = Job.objects.lease((JobKind.FETCH,), limit=9, seconds=60)
    body = f"<article><h1>Repairs</h1><p>{ELSEWHERE}</p><p>{'Bring tools. ' * 30}</p></article>"
    keep_looks([Looked(job, **fetched(body.encode()))])
    work(JobKind.READ, JobKind.WEIGH)
    (piece,) = Evidence.objects.filter(passage__snapshot__page__url="https://bicycles.example/")
    assert "a reviewer brought the page" in piece.score_reasons
    # Control: found by a search, the same page has none.
    Search.objects.update(purpose=SearchPurpose.SUPPORT)
    piece.delete()
    Job.objects.owe_anew(JobKind.WEIGH, f"{ticket.pk}:{ticket.round}", team=ticket.team)
    work(JobKind.WEIGH)
    assert not Evidence.objects.filter(
        passage__snapshot__page__url="https://bicycles.example/"
    ).exists()


def test_a_pdf_and_a_table_of_figures_are_read_like_found_ones(desk: Desk, ticket: Ticket) -> None:
    pdf = make_pdf([lines_of("Annual report of the port", SAYS)])
    table = b"port,year,salt handled (tonnes)\nVarnholm,2023,31000\nOsthafen,2023,12000\n"
    for name, body, told in (
        ("report.pdf", pdf, Told("Port authority", SourceType.PRIMARY)),
        ("salt.csv", table, OFFICE),
    ):
        assert tasks.bring_file(ticket, name, body, told, by=desk.ben) is None
    work(JobKind.READ, JobKind.WEIGH)
    (report,) = pieces_of(ticket, "Port authority")
    assert "31,000 tonnes" in report.passage.quote
    assert any("31000" in piece.passage.quote for piece in pieces_of(ticket, OFFICE.publisher))
    assert Source.objects.get(name=OFFICE.publisher).type == SourceType.OFFICIAL
    assert len({piece.origin for piece in Evidence.objects.filter(ticket=ticket)}) == 3
    gate = {check.item: check for check in check_gate(ticket, [report], [report.pk])}
    assert gate["anchored"].is_met, "its words stand in the file that is kept"
    assert list(verify_snapshots()) == []


def test_publishers_of_any_script_stay_apart(desk: Desk, ticket: Ticket) -> None:
    long = "Ministry of everything that is dug, milled and sold in "
    names = ["وزارة", "统计局", "Müller", "Møller", f"{long}Varnholm", f"{long}Osthafen", "?!"]
    pieces = [tasks.bring_quote(ticket, SAYS, Told(name), by=desk.ben) for name in names]
    assert [piece.passage.snapshot.page.source.name for piece in pieces] == names
    again = tasks.bring_quote(ticket, f"{SAYS} Indeed.", Told("MÜLLER"), by=desk.ben)
    assert again.passage.snapshot.page.source.name == "Müller"


def test_words_of_an_image_and_a_quotation_are_evidence_at_once(desk: Desk, ticket: Ticket) -> None:
    image = tasks.bring_file(ticket, "chart.png", PNG, OFFICE, words=SAYS, by=desk.ben)
    assert image is not None
    said = "In 2023, salt through Varnholm fell to 30,000 tonnes."
    quote = tasks.bring_quote(ticket, said, Told("A letter"), by=desk.ben)
    assert (image.passage.quote, quote.passage.quote) == (SAYS, said)
    assert image.outcome == quote.outcome == "differs"
    assert {image.passage.snapshot.reader, quote.passage.snapshot.reader} == {TYPED}
    (anchored,) = [
        check
        for check in check_gate(ticket, [image, quote], [image.pk, quote.pk])
        if check.item == "anchored"
    ]
    assert (anchored.found, anchored.needed) == (0, 2), "typed words prove nothing of a page"
    assert list(verify_snapshots()) == []


def test_a_quotation_is_found_in_the_copy_of_its_address(desk: Desk, ticket: Ticket) -> None:
    tasks.bring_address(ticket, "https://customs.example/salt", by=desk.ben)
    (job,) = Job.objects.lease((JobKind.FETCH,), limit=9, seconds=60)
    body = f"<article><p>{ELSEWHERE * 3}</p><p>{SAYS}</p></article>"
    keep_looks([Looked(job, **fetched(body.encode()))])
    work(JobKind.READ)
    where = "https://customs.example/salt"
    piece = tasks.bring_quote(ticket, "31,000 tonnes of salt", OFFICE, url=where, by=desk.ben)
    assert piece.passage.snapshot.page.url == where
    typed = tasks.bring_quote(ticket, "99,000 tonnes of salt", OFFICE, url=where, by=desk.ben)
    assert typed.passage.snapshot.reader == TYPED, "the page does not say so"


@pytest.mark.parametrize(
    ("name", "body", "told", "words", "field"),
    [
        ("a.pdf", b"", OFFICE, "", "file"),
        ("a.exe", b"MZ\x90", OFFICE, "", "file"),
        ("a.doc", b"\xd0\xcf\x11\xe0" + b"\x00" * 600, OFFICE, "", "file"),
        ("a.csv", b"a,b\n1,2\n" * 1_400_000, OFFICE, "", "file"),
        ("a.csv", b"a,b\n1,2\n", Told("  "), "", "publisher"),
        ("a.csv", b"a,b\n1,2\n", Told("x" * 201), "", "publisher"),
        ("a.csv", b"a,b\n1,2\n", Told("nul\x00"), "", "publisher"),
        ("a.png", PNG, OFFICE, "", "words"),
        ("a.png", PNG, OFFICE, "\x00 " * 9, "words"),
        ("a.png", PNG, OFFICE, "x" * 4_001, "words"),
    ],
)
def test_what_cannot_be_taken_is_refused_at_its_field(
    desk: Desk, ticket: Ticket, name: str, body: bytes, told: Told, words: str, field: str
) -> None:
    before = Snapshot.objects.count()
    with pytest.raises((BringRefused, IngestRefused)) as refused:
        tasks.bring_file(ticket, name, body, told, words=words, by=desk.ben)
    # A text's own check names it as the form does.
    assert refused.value.field in (field, "text")
    assert Snapshot.objects.count() == before


@pytest.mark.parametrize(
    "url",
    ["gazette.example", "javascript:alert(1)", "http://127.0.0.1:22/", "http://a b/", "x" * 2_100],
)
def test_an_address_that_no_fetch_opens_is_refused(desk: Desk, ticket: Ticket, url: str) -> None:
    with pytest.raises(IngestRefused) as refused:
        tasks.bring_address(ticket, url, by=desk.ben)
    assert refused.value.field == "url"
    assert not Search.objects.filter(purpose=SearchPurpose.BY_HAND).exists()


def test_words_are_found_nearest_to_where_they_were_chosen(desk: Desk, ticket: Ticket) -> None:
    piece = Evidence.objects.get(ticket=ticket)
    copy = piece.passage.snapshot
    copy.text = f"{SAYS}\n\n{ELSEWHERE}\n\n{SAYS}"
    copy.save()
    second = copy.text.rindex("31,000 tonnes")
    for near, at in ((0, copy.text.index("31,000 tonnes")), (second + 3, second)):
        made = add_passage(ticket, copy, " 31,000 tonnes ", by=desk.ben, near=near)
        assert made.passage.start == at
        assert made.score_reasons == ["chosen by ben"]
        assert made.origin == piece.origin
    again = add_passage(ticket, copy, "31,000 tonnes", by=desk.ben)
    assert Evidence.objects.filter(ticket=ticket).count() == 3
    assert again.number == 2
    for words in ("x", "words that stand nowhere", "y" * 4_001):
        with pytest.raises(PassageRefused):
            add_passage(ticket, copy, words, by=desk.ben)


def test_on_the_page_all_is_said_at_the_field(desk: Desk, ticket: Ticket) -> None:
    ben, dan, eve = Client(), Client(), Client()
    for client, person in ((ben, desk.ben), (dan, desk.dan), (eve, desk.eve)):
        client.force_login(person)

    def send(client: Client, verb: str, **typed: Any) -> Any:
        address = reverse(f"admin:claims_ticket_{verb}", args=[ticket.pk])
        return client.post(address, {"version": ticket.version, **typed})

    page = reverse("admin:claims_ticket_change", args=[ticket.pk])
    assert "Add evidence" in ben.get(page).content.decode()
    assert "Add evidence" not in dan.get(page).content.decode()
    assert send(dan, "add_url", url="https://a.example/").status_code == 403
    assert send(eve, "add_url", url="https://a.example/").status_code == 404
    refused = send(ben, "add_url", url="<script>alert(1)</script>")
    assert refused.status_code == 422
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in refused.content.decode()
    assert "Give the page&#x27;s public http(s) address" in refused.content.decode()
    bad = SimpleUploadedFile("tool.exe", b"MZ")
    refused = send(ben, "add_file", file=bad, publisher="Somebody", kind="media")
    assert refused.status_code == 422
    assert "paste the words as a quotation" in refused.content.decode()
    refused = send(ben, "add_quote", quote="Kept as it was typed.", publisher="")
    assert "Say who published it." in refused.content.decode()
    assert "Kept as it was typed." in refused.content.decode()
    # The field at fault is where the page opens, and is named to who does not see it.
    assert 'autofocus aria-invalid="true" aria-describedby="err-add_quote-publisher"' in (
        refused.content.decode()
    )
    refused = send(ben, "add_quote", quote="hm", publisher="A letter")
    assert refused.status_code == 422
    assert 'id="err-add-quote">Choose the words that bear' in refused.content.decode()
    address = reverse("admin:claims_ticket_add_quote", args=[ticket.pk])
    told = ben.post(address, {"quote": "hm"}, headers={"accept": "application/json"})
    assert told.json() == {"errors": {"publisher": ["Say who published it."]}}
    good = SimpleUploadedFile("salt.csv", b"port,salt\nVarnholm,31000\n")
    assert send(ben, "add_file", file=good, publisher="Office", kind="official").status_code == 302
    sent = send(ben, "add_quote", quote=SAYS, publisher="A letter", kind="")
    assert sent["Location"].endswith("#e-2")
    assert Page.objects.filter(url__contains="a-letter.invalid").exists()
    shown = ben.get(page).content.decode()
    assert "brought by hand" in shown
    assert "a-letter.invalid" not in shown, "it leads nowhere"
    listed = shown[shown.index('id="tk-brought"') :]
    listed = listed[: listed.index("</section>")]
    assert "Office: salt.csv" in listed
    assert "Being read" in listed
    assert '<a class="tk-cite" href="#e-2">[2]</a>' in listed

    copy = Evidence.objects.get(ticket=ticket, number=1).passage.snapshot
    sheet = reverse("admin:claims_snapshot_change", args=[copy.pk])
    named = f"{sheet}?ticket={ticket.pk}"
    assert f"Evidence for ticket {ticket.pk}" in ben.get(named).content.decode()
    assert "Make words of this copy evidence" not in dan.get(named).content.decode()
    refused = send(ben, "passage", snapshot=copy.pk, words="They stand nowhere.")
    assert refused.status_code == 422
    assert "do not stand in the copy" in refused.content.decode()
    assert send(ben, "passage", snapshot=copy.pk, words="Register of ports").status_code == 302
    foreign = add_evidence(taken_one(desk.other, desk.eve)).passage.snapshot
    refused = send(ben, "passage", snapshot=foreign.pk, words="Register of ports")
    assert "There is no such copy." in refused.content.decode()
