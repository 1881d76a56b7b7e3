"""Taking a file in: what is new, what is known, what waits, and what history says."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db.models.functions import Now

from claims.intake import ClaimRow
from claims.models import (
    Appearance,
    Article,
    Claim,
    ClaimImport,
    ImportedRow,
    Job,
    Search,
    Ticket,
    TicketEvent,
)
from claims.vocabulary import ArticleState, ImportedAs, ImportState, JobKind, TicketState
from claims.web.snapshots import text_digest
from claims.workflow import gather
from claims.workflow.recheck import verify_history
from claims.workflow.take_in import (
    MAX_WAITING,
    ImportRefused,
    confirm_import,
    discard_import,
    keep_file,
    preview_import,
)
from claims.workflow.take_in.sorting import find_firsts
from tests.growth import assert_cpu_under
from tests.people import Desk, make_claim, open_one

SALT = "The port handled 48,000 tonnes of salt in 2023."


def take_in(desk: Desk, body: str, name: str = "claims.csv") -> ClaimImport:
    """Keep and confirm, as Dan."""
    source, _ = keep_file(desk.team, name, body.encode(), by=desk.dan)
    return confirm_import(source, by=desk.dan)[0]


def test_a_row_becomes_claim_numbers_ticket_and_history(desk: Desk) -> None:
    done = take_in(
        desk,
        "claim_text;claimant;article_title;article_url;article_published;said_on;priority;note;id\n"
        f'"{SALT}";Ada;Salt;https://gazette.example/salt;2025-11-18;2025-11-17;91;See =A1;X-1\n'
        "Fares rose by 12 per cent last year.;;;;2025-11-18;;;;\n",
    )
    counts = (done.state, done.row_count, done.new_count, done.ticket_count)
    assert counts == (ImportState.DONE, 2, 2, 2)
    assert (bytes(done.body), done.confirmed_by) == (b"", desk.dan)
    first, second = Claim.objects.order_by("id").filter(team=desk.team)
    claims = {first.text: first, second.text: second}
    salt = claims[SALT]
    number = salt.quantities.get(position=0)
    assert (number.value, number.unit, salt.claimant) == (48000.0, "t", "Ada")
    fares = claims["Fares rose by 12 per cent last year."]
    assert fares.quantities.get(position=0).value == 12.0
    ticket = salt.ticket
    assert (ticket.state, ticket.priority, ticket.team) == (TicketState.OPEN, 91, desk.team)
    event = TicketEvent.objects.get(ticket=ticket)
    assert (event.actor, event.note) == (desk.dan, "See =A1")
    assert event.changes == {"priority": 91, "import": done.pk, "line": 2}
    row = ImportedRow.objects.get(claim=salt)
    assert (row.line, row.became, row.external_id) == (2, ImportedAs.NEW, "X-1")
    assert (row.article_title, row.said_on) == ("Salt", date(2025, 11, 17))
    assert verify_history().is_sound


def test_the_machine_reads_a_claim_as_it_reads_a_typed_one(desk: Desk) -> None:
    typed = make_claim(desk.other, SALT)
    take_in(desk, f'claim\n"{SALT}"\n')
    taken = Claim.objects.get(team=desk.team)
    for name in ("text_sha256", "score", "reasons", "measured", "of_what", "place", "period_from"):
        assert getattr(taken, name) == getattr(typed, name), name
    numbers = [
        list(claim.quantities.values_list("value", "unit", "kind", "start", "end"))
        for claim in (typed, taken)
    ]
    assert numbers[0] == numbers[1]


def test_a_claim_of_a_file_shows_its_arithmetic(desk: Desk) -> None:
    take_in(desk, "claim_text\nOutput rose 25 % from 40 to 60 tonnes.\n" + f'"{SALT}"\n')
    hinted, plain = Claim.objects.filter(team=desk.team).order_by("id")
    assert [one["kind"] for one in hinted.hints] == ["change"]
    assert (plain.hints, plain.resolved) == ([], [])


def test_relative_periods_are_counted_from_the_day_it_was_said(desk: Desk) -> None:
    take_in(desk, "claim,said_on\nFares rose by 12 per cent last year.,2021-05-01\n")
    assert Claim.objects.get(team=desk.team).period_from == date(2020, 1, 1)


def test_numbers_of_another_language_are_not_guessed_at(desk: Desk) -> None:
    take_in(desk, "claim,language\nDie Preise stiegen um 1.234 Prozent.,de-DE\n")
    claim = Claim.objects.get(team=desk.team)
    assert not claim.quantities.exists()
    assert claim.reasons == ["language not read: de-DE"]


def test_duplicates_are_linked_by_line_and_another_number_is_another_claim(desk: Desk) -> None:
    known = open_one(desk.team, SALT).claim
    bare = make_claim(desk.team, "The port handled 7,000 tonnes of grain in 2023.")
    Claim.objects.filter(pk=bare.pk).update(dropped_at=Now())
    body = (
        "claim_text;note\n"
        "“The port handled 48,000 tonnes of salt in 2023”;\n"
        "The port handled 49,000 tonnes of salt in 2023.;\n"
        "the port handled 49,000 tonnes  of salt in 2023;\n"
        "The port handled 7,000 tonnes of grain in 2023.;\n"
        "Growth was 5% in 2023.;\n"
        "Growth was 5 in 2023.;\n"
    )
    source, _ = keep_file(desk.team, "a.csv", body.encode(), by=desk.dan)
    preview = preview_import(source)
    assert [one.became for one in preview.rows] == [
        "known",
        "new",
        "repeated",
        "known",
        "new",
        "new",
    ]
    assert [(one.row.line, one.claim_id, one.first_line) for one in preview.duplicates] == [
        (2, known.pk, None),
        (4, None, 3),
        (5, bare.pk, None),
    ]
    near = preview.rows[1].near
    assert near is not None
    assert (near.claim_id, near.differences) == (known.pk, ("49000 here, 48000 there",))
    assert Claim.objects.filter(team=desk.team).count() == 2
    done = confirm_import(source, by=desk.dan)[0]
    assert (done.new_count, done.known_count, done.repeated_count) == (3, 2, 1)
    # The claim that was here without a ticket has one now; the other keeps its own.
    assert done.ticket_count == 4
    assert Ticket.objects.filter(claim=bare).count() == 1
    assert not Claim.objects.filter(dropped_at__isnull=False).exists(), "it is one after all"
    rows = dict(ImportedRow.objects.filter(source=done).values_list("line", "claim"))
    assert (rows[2], rows[5], rows[3]) == (known.pk, bare.pk, rows[4])
    assert verify_history().is_sound


def test_a_claim_of_another_team_is_not_known_here(desk: Desk) -> None:
    make_claim(desk.other, SALT)
    assert take_in(desk, f'claim\n"{SALT}"\n').new_count == 1


def test_an_article_that_is_here_gets_an_appearance_and_nothing_is_made_up(desk: Desk) -> None:
    text = f"Salt\n\n{SALT} It was a fine day."
    article = Article.objects.create(
        team=desk.team, text=text, sha256=text_digest(text), state=ArticleState.READ,
        url="https://gazette.example/salt", canonical_url="https://gazette.example/salt",
    )  # fmt: skip
    take_in(
        desk,
        f'claim,url\n"{SALT}",https://GAZETTE.example/salt\nFares rose.,https://gazette.example/salt\n'
        "Fares fell.,https://gazette.example/other\n",
    )
    place = Appearance.objects.get(article=article)
    assert text[place.start : place.end] == place.claim.text == SALT
    assert Article.objects.filter(team=desk.team).count() == 1
    assert ImportedRow.objects.filter(article_url__endswith="other").count() == 1


def test_the_same_file_is_one_import_whoever_brings_it(desk: Desk) -> None:
    body = f'claim\n"{SALT}"\n'.encode()
    first, _ = keep_file(desk.team, "a.csv", body, by=desk.dan)
    again, _ = keep_file(desk.team, "b.csv", body, by=desk.ben)
    elsewhere, _ = keep_file(desk.other, "a.csv", body, by=desk.eve)
    assert first.pk == again.pk != elsewhere.pk
    assert confirm_import(first, by=desk.dan)[1]
    assert not confirm_import(first, by=desk.ben)[1]
    done, _ = keep_file(desk.team, "c.csv", body, by=desk.ben)
    assert (done.pk, done.state) == (first.pk, ImportState.DONE)
    assert not discard_import(done)
    assert ClaimImport.objects.filter(pk=first.pk, confirmed_by=desk.dan).exists()


def test_a_file_with_a_fault_stores_nothing(desk: Desk) -> None:
    with pytest.raises(ImportRefused) as refused:
        keep_file(desk.team, "a.csv", b"claim,priority\nFares rose.,7\nFares fell.,x\n", by=None)
    assert str(refused.value.reading.problems[0]).startswith("line 3, column 2 (priority):")
    assert not ClaimImport.objects.exists()


def test_what_nobody_confirms_goes_after_a_day_or_when_too_much_waits(desk: Desk) -> None:
    old, _ = keep_file(desk.team, "old.csv", b"claim\nFares rose.\n", by=None)
    other, _ = keep_file(desk.other, "other.csv", b"claim\nFares rose.\n", by=None)
    ClaimImport.objects.update(created_at=Now() - timedelta(hours=25))
    for number in range(MAX_WAITING + 3):
        keep_file(desk.team, "new.csv", b"claim\nFares rose %d times.\n" % number, by=None)
    assert not ClaimImport.objects.filter(pk=old.pk).exists()
    assert ClaimImport.objects.filter(team=desk.team).count() == MAX_WAITING
    assert ClaimImport.objects.filter(pk=other.pk).exists()
    with pytest.raises(ClaimImport.DoesNotExist):
        confirm_import(old, by=None)


def test_import_writes_the_same_number_of_queries_for_any_number_of_rows(
    desk: Desk, django_assert_max_num_queries: object
) -> None:
    source, _ = keep_file(desk.team, "a.csv", _many(400), by=None)
    with django_assert_max_num_queries(32):  # type: ignore[operator]
        confirm_import(source, by=desk.dan)
    assert Ticket.objects.filter(team=desk.team).count() == 400


def test_tickets_of_a_file_begin_a_hundred_ahead_most_urgent_first(desk: Desk) -> None:
    urgent = "claim,priority\nFares rose in 2024 by 5%.,100\n" + "".join(
        f"Fares rose by {n} per cent.,10\n" for n in range(120)
    )
    take_in(desk, urgent)
    assert not Search.objects.exists()
    assert gather.begin_open_tickets() == 25
    begun = Ticket.objects.filter(team=desk.team, state=TicketState.GATHERING)
    assert begun.filter(priority=100).count() == 1
    assert Job.objects.filter(kind=JobKind.SEARCH).count() == Search.objects.count() > 0
    for _ in range(6):
        gather.begin_open_tickets()
    assert begun.count() == gather.PREPARED_AHEAD
    assert gather.begin_open_tickets() == 0
    begun.filter(priority=100).update(state=TicketState.CLOSED)
    assert gather.begin_open_tickets() == 1


def _many(count: int) -> bytes:
    rows = "".join(f"Fares rose by {n} per cent in {1800 + n % 200}.\n" for n in range(count))
    return b"claim_text\n" + rows.encode()


def test_one_wording_with_many_numbers_is_sorted_in_time_with_the_file() -> None:
    """Milliwatts and megawatts are one wording: told apart pair by pair, these took minutes."""
    texts = [
        "It took " + ", ".join(f"5 {'MW' if number >> bit & 1 else 'mW'}" for bit in range(10))
        for number in range(600)
    ]
    texts.append(texts[7] + ".")
    rows = [ClaimRow(line=line, claim_text=text) for line, text in enumerate(texts, start=2)]
    firsts: list[int] = []
    assert_cpu_under(30, lambda: firsts.extend(find_firsts(rows)))
    assert firsts == [*range(600), 7]
