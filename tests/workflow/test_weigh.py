"""Weighing again keeps what people did and what rationales cite."""

from __future__ import annotations

import dataclasses

import pytest
from django.db import transaction
from django.db.models import F

from claims.models import (
    Evidence,
    Job,
    Passage,
    SearchResult,
    Snapshot,
    Team,
    Ticket,
    TicketEvent,
)
from claims.models.page import Page
from claims.models.search import Search
from claims.text.compare import compare_texts
from claims.text.stance import suggest_stance
from claims.vocabulary import (
    JobKind,
    MediaKind,
    SearchOutcome,
    SearchPurpose,
    Stance,
    TicketState,
)
from claims.web.media import MediaLink
from claims.web.pages import read_page
from claims.web.snapshots import text_digest
from claims.workflow.gather import gather_more, go_on
from claims.workflow.gather.reading import fill_snapshot
from claims.workflow.recheck import problem_of_snapshot
from claims.workflow.reframe import edit_frame
from claims.workflow.weigh import (
    Weighed,
    Weighing,
    keep_weighing,
    list_snapshots,
    recompare,
    set_stance,
    weigh_ticket,
)
from claims.workflow.weigh.keeping import store_evidence
from tests.people import Desk, add_evidence, make_team, open_one, taken_one
from tests.together import run_together

CLAIM = "The harbour of Varnholm handled 48,000 tonnes of salt in 2023."
AGREES = "The harbour of Varnholm handled 48,000 tonnes of salt in 2023, the yearbook shows."
DIFFERS = "In 2023 the harbour of Varnholm handled 31,000 tonnes of salt, the customs office said."


@pytest.fixture
def ticket(desk: Desk) -> Ticket:
    """Gathering, with one search that found what the test adds."""
    ticket = open_one(desk.team, CLAIM)
    Ticket.objects.filter(pk=ticket.pk).update(state=TicketState.GATHERING)
    Search.objects.create(
        ticket=ticket,
        provider="cited",
        purpose=SearchPurpose.CITED,
        outcome=SearchOutcome.FOUND,
    )
    return Ticket.objects.select_related("claim", "team").get(pk=ticket.pk)


def find(ticket: Ticket, *sentences: str) -> list[Page]:
    """Pages as a search would have found and a worker read them."""
    pages = []
    for sentence in sentences:
        pages.append(read_again(ticket, sentence, None))
        rank = SearchResult.objects.count() + 1
        search = ticket.searches.get()
        SearchResult.objects.create(search=search, page=pages[-1], rank=rank)
    return pages


def read_again(ticket: Ticket, sentence: str, page: Page | None) -> Page:
    """A snapshot with that sentence, of a new page or of one known before."""
    piece = add_evidence(open_one(ticket.team), sentence)
    snapshot = piece.passage.snapshot
    piece.delete()
    piece.passage.delete()
    if page is not None:
        Snapshot.objects.filter(pk=snapshot.pk).update(page=page)
    return page or snapshot.page


def weigh(ticket: Ticket) -> Ticket | None:
    key = f"{ticket.pk}:{ticket.round}:{Job.objects.count()}"
    Job.objects.owe(JobKind.WEIGH, key, team=ticket.team)
    (job,) = Job.objects.lease((JobKind.WEIGH,), limit=1, seconds=60)
    return keep_weighing(job, ticket, weigh_ticket(ticket), go_on)


def pieces(ticket: Ticket) -> dict[int, str]:
    return dict(Evidence.objects.filter(ticket=ticket).values_list("number", "passage__quote"))


def test_pages_become_evidence_and_the_ticket_ready(ticket: Ticket) -> None:
    find(ticket, AGREES, DIFFERS)
    done = weigh(ticket)
    assert done is not None
    assert (done.state, bool(done.ready_at)) == (TicketState.READY, True)
    outcomes = {
        piece.passage.quote: (piece.suggested_stance, piece.outcome)
        for piece in Evidence.objects.filter(ticket=ticket).select_related("passage")
    }
    agreeing = next(ended for quote, ended in outcomes.items() if AGREES in quote)
    differing = next(ended for quote, ended in outcomes.items() if DIFFERS in quote)
    assert agreeing == (Stance.SUPPORTS, "match")
    assert differing == (Stance.REFUTES, "differs")
    for piece in Evidence.objects.filter(ticket=ticket).select_related("passage__snapshot"):
        span = piece.passage
        assert span.snapshot.text[span.start : span.end] == span.quote


def test_a_quote_is_kept_with_the_words_around_it_and_its_page(ticket: Ticket) -> None:
    find(ticket, AGREES, DIFFERS)
    weigh(ticket)
    passages = Passage.objects.filter(evidence__ticket=ticket).select_related("snapshot")
    assert passages
    for one in passages:
        text = one.snapshot.text
        assert text[: one.start].endswith(one.prefix)
        assert text[one.end :].startswith(one.suffix)
        assert one.prefix or one.suffix or len(text) == len(one.quote)


def test_a_caption_is_evidence_and_no_part_of_what_a_page_is_compared_by(ticket: Ticket) -> None:
    (page,) = find(ticket, DIFFERS)
    copy = page.snapshots.get()
    shown = MediaLink(MediaKind.IMAGE, "https://example.org/a.jpg", AGREES)
    reading = read_page(f"<p>{DIFFERS}</p>".encode(), url=page.url)
    fill_snapshot(copy, dataclasses.replace(reading, media=(shown,)))
    assert (copy.main_text, copy.media) == (DIFFERS, [shown.to_json()])
    weigh(ticket)
    piece = Evidence.objects.select_related("passage__snapshot").get(passage__quote=AGREES)
    assert piece.suggested_stance == Stance.SUPPORTS
    assert "stands in the caption of an image or video" in piece.score_reasons
    other = Evidence.objects.exclude(pk=piece.pk).get(ticket=ticket)
    assert "stands in the caption of an image or video" not in other.score_reasons
    assert problem_of_snapshot(copy) == ""


def test_nothing_found_is_ready_too(ticket: Ticket) -> None:
    assert weigh_ticket(ticket).passages == ()
    done = weigh(ticket)
    assert done is not None
    assert done.state == TicketState.READY
    assert TicketEvent.objects.latest("id").changes == {"evidence": 0}


def test_weighing_again_keeps_numbers_and_peoples_stances(desk: Desk, ticket: Ticket) -> None:
    find(ticket, AGREES)
    weigh(ticket)
    before = pieces(ticket)
    mine = Evidence.objects.filter(ticket=ticket).first()
    assert mine is not None
    set_stance(mine, Stance.NEUTRAL, by=desk.ben)
    find(ticket, DIFFERS)
    weigh(ticket)
    after = pieces(ticket)
    assert after.items() >= before.items()
    assert len(after) > len(before)
    kept = Evidence.objects.get(pk=mine.pk)
    assert (kept.stance, kept.stance_by, kept.current_stance) == ("neutral", desk.ben, "neutral")
    assert kept.suggested_stance == Stance.SUPPORTS


def test_evidence_that_is_not_chosen_again_gets_its_origin_anew(ticket: Ticket) -> None:
    (page,) = find(ticket, AGREES)
    weigh(ticket)
    old = Evidence.objects.get(ticket=ticket)
    Evidence.objects.filter(pk=old.pk).update(origin=77)
    read_again(ticket, DIFFERS, page)
    find(ticket, AGREES.replace("yearbook", "register"))
    weigh(ticket)
    old.refresh_from_db()
    newer = Evidence.objects.filter(ticket=ticket, passage__snapshot__page=page).exclude(pk=old.pk)
    assert old.origin == newer[0].origin != 77


def test_only_the_newest_reading_of_a_page_is_weighed(ticket: Ticket) -> None:
    (page,) = find(ticket, AGREES)
    read_again(ticket, DIFFERS, page)
    (snapshot,) = list_snapshots(ticket)
    assert DIFFERS in snapshot.text
    Snapshot.objects.filter(pk=snapshot.pk).update(text="", text_sha256=text_digest(""))
    (snapshot,) = list_snapshots(ticket)
    assert AGREES in snapshot.text


def test_a_weighing_whose_lease_was_lost_keeps_nothing(ticket: Ticket) -> None:
    find(ticket, AGREES)
    Job.objects.owe(JobKind.WEIGH, f"{ticket.pk}:1", team=ticket.team)
    (job,) = Job.objects.lease((JobKind.WEIGH,), limit=1, seconds=60)
    Job.objects.update(state="pending", lease_token=None)
    assert keep_weighing(job, ticket, weigh_ticket(ticket), go_on) is None
    assert not Evidence.objects.exists()


def test_a_ticket_closed_meanwhile_stays_closed(ticket: Ticket) -> None:
    find(ticket, AGREES)
    Ticket.objects.filter(pk=ticket.pk).update(state=TicketState.CLOSED)
    done = weigh(ticket)
    assert done is not None
    assert done.state == TicketState.CLOSED
    assert Evidence.objects.filter(ticket=ticket).exists()


def test_an_edited_claim_is_compared_again(desk: Desk, ticket: Ticket) -> None:
    find(ticket, AGREES)
    weigh(ticket)
    piece = Evidence.objects.get(ticket=ticket)
    set_stance(piece, Stance.SUPPORTS, by=desk.ben)
    assert recompare(Ticket.objects.get(pk=ticket.pk)) == 0
    edit_frame(ticket, {"self_contained": CLAIM.replace("48,000", "12,000")}, by=desk.ben)
    assert recompare(Ticket.objects.get(pk=ticket.pk)) == 1
    again = Evidence.objects.get(pk=piece.pk)
    assert (piece.outcome, again.outcome) == ("match", "differs")
    assert (again.number, again.stance, again.suggested_stance) == (
        piece.number,
        "supports",
        "refutes",
    )


def test_a_stance_is_a_persons_and_can_be_taken_back(desk: Desk) -> None:
    piece = add_evidence(taken_one(desk.team, desk.ben))
    set_stance(piece, Stance.REFUTES, by=desk.ben)
    line = TicketEvent.objects.latest("id")
    assert line.changes == {"evidence": 1, "stance": ["", "refutes"], "suggested": "neutral"}
    set_stance(piece, Stance.REFUTES, by=desk.chloe)
    assert TicketEvent.objects.latest("id") == line
    assert set_stance(piece, "", by=desk.ben).stance_by is None
    with pytest.raises(ValueError, match="supports, refutes or neutral"):
        set_stance(piece, "maybe", by=desk.ben)


def test_another_round_comes_back_to_who_wanted_it(desk: Desk) -> None:
    ticket = taken_one(desk.team, desk.ben, CLAIM)
    again = gather_more(ticket, by=desk.ben, query="  salt   Varnholm ")
    assert (again.state, again.round, again.assigned_to, again.reserved_by) == (
        TicketState.GATHERING,
        2,
        desk.ben,
        None,
    )
    searches = Search.objects.filter(ticket=ticket, round=2)
    assert set(searches.values_list("query", flat=True)) == {"salt Varnholm"}
    assert Job.objects.filter(kind=JobKind.SEARCH).count() == searches.count() > 0


def test_teams_do_not_meet(desk: Desk, ticket: Ticket) -> None:
    assert isinstance(desk.other, Team)
    assert Evidence.objects.all().visible_to(desk.eve).count() == 0


@pytest.mark.django_db(transaction=True)
def test_tickets_that_share_pages_are_weighed_at_once_without_locking_crosswise() -> None:
    team = make_team("weigh-desk")
    sentences = [f"Line {n}: the harbour of Varnholm handled {n},000 tonnes." for n in range(12)]
    snapshots = [add_evidence(open_one(team), words).passage.snapshot for words in sentences]
    owners = [open_one(team) for _ in range(6)]

    def store(number: int) -> int:
        order = snapshots if number % 2 else snapshots[::-1]
        passages = tuple(_weighed(one, start) for one in order for start in range(20))
        with transaction.atomic():
            store_evidence(owners[number], Weighing(passages, {}))
        return len(passages)

    assert set(run_together(6, store)) == {240}
    assert Evidence.objects.filter(ticket__in=owners).count() == 6 * 240
    new = Passage.objects.filter(end=F("start") + 5).order_by("pk")
    spans = list(new.values_list("snapshot_id", "start", "end"))
    assert spans == sorted(spans)


def _weighed(snapshot: Snapshot, start: int) -> Weighed:
    quote = snapshot.text[start : start + 5]
    comparison = compare_texts(CLAIM, quote)
    stance = suggest_stance(CLAIM, quote, comparison=comparison)
    return Weighed(snapshot, start, start + 5, quote, 1.0, (), comparison, stance, 1, (), False)
