"""What an export tells: the database's lines are the records' file, and nothing holds it whole."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection, transaction

from claims.export.verdict_csv import COLUMNS, finish_verdicts, read_verdicts, write_verdicts
from claims.models import (
    Appearance,
    Article,
    Claim,
    ClaimImport,
    ImportedRow,
    Quantity,
    Ticket,
    Verdict,
    VerdictEvidence,
)
from claims.models.verdict_lines import CELLS
from claims.vocabulary import ConfirmationPolicy, ImportedAs, QuantityKind, VerdictState
from claims.workflow.decide import decide_ticket, reopen_for_correction
from claims.workflow.publish import (
    publish_ticket,
    select_verdicts,
    verdict_lines,
    verdict_records,
)
from tests.people import Desk, a_decision, add_evidence, taken_one

HOSTILE = (
    "=1+1",
    "@SUM(1)",
    '"quoted" at once',
    'in ""the"" middle, "and, a comma',
    "line\nfeed\r\n=2+2; =3+3\t+4",
    "'apostrophe",
    "＝full width",
    "\u00a0=blank",
    "“curly” – 70 % \u202eend",
    "back\\slash \\. \\N",
    "%s %% %(name)s {brace}",
    "",
    " ",
    "-5",
)
NUMBERS = (
    0.0,
    -70.25,
    5e8,
    1e300,
    1e-7,
    2.0**53,
    2.0**53 - 1,
    0.1,
    -0.0,
    float("nan"),
    float("inf"),
    123456.789,
)


def decided(desk: Desk, text: str) -> Verdict:
    ticket = taken_one(desk.team, desk.ben, text)
    evidence = add_evidence(ticket)
    decision = a_decision(
        ticket,
        evidence_ids=frozenset([evidence.pk]),
        decisive_ids=frozenset([evidence.pk]),
    )
    return decide_ticket(ticket, decision, by=desk.ben, expected_version=ticket.version)


def spoil(verdict: Verdict, text: str, number: float, at: int) -> None:
    """Write what no form would let through: the file must hold whatever the rows hold."""
    claim = Claim.objects.get(ticket__verdicts=verdict)
    Claim.objects.filter(pk=claim.pk).update(
        claimant=text,
        place=text,
        measured=text if at % 2 else "",
        period_from="2024-02-01" if at % 2 else None,
        period_to=("2024-02-01", "2024-12-31", None)[at % 3],
    )
    Quantity.objects.filter(claim=claim).delete()
    Quantity.objects.bulk_create(
        Quantity(
            claim=claim, position=place, text="7", start=0, end=1, value=number, low=-number,
            unit=text[:40], kind=QuantityKind.COUNT, measured=text, hedge=text,
        )
        for place in range(at % 3)
    )  # fmt: skip
    if at % 4:
        words = f"{text} {at}"
        article = Article.objects.create(
            team=claim.team, title=text, text=words, url=f"https://a.example/{at}", sha256=f"{at}"
        )
        Appearance.objects.create(claim=claim, article=article, start=0, end=len(words))
    if at % 3:  # of a list, also where an article holds it
        source = ClaimImport.objects.create(team=claim.team, sha256=f"{at}")
        for line in (2, 3):
            ImportedRow.objects.create(
                source=source,
                line=line,
                claim=claim,
                became=ImportedAs.NEW,
                article_title=f"{text} {line}",
                article_url=f"https://b.example/{line}",
                article_published="2024-02-01" if line == 3 else None,
            )
    comparison = {"passage_quantity": {"value": at / 3}, "difference": {"absolute": -at}}
    if at % 5 == 0:
        comparison = {"passage_quantity": {"value": "many"}, "difference": None}
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        Verdict.objects.filter(pk=verdict.pk).update(
            rationale=text, review_seconds=at * 3, waiver_reason=text, has_agreed=None
        )
        VerdictEvidence.objects.filter(verdict=verdict).update(quote=text, comparison=comparison)
        cursor.execute("SET session_replication_role = origin")


def joined(blocks: Iterable[bytes]) -> bytes:
    return b"".join(blocks)


def test_lines_and_records_make_the_same_file(desk: Desk) -> None:
    for at, text in enumerate(HOSTILE):
        spoil(decided(desk, f"The port handled {at} tonnes."), text, NUMBERS[at % 12], at)
    rows = select_verdicts()
    hows: list[dict[str, Any]] = [{}, {"is_raw": True}, {"has_bom": True}]
    for how in hows:
        lines = joined(finish_verdicts(verdict_lines(rows), **how))
        assert lines == joined(write_verdicts(verdict_records(rows), **how))
        assert lines == joined(finish_verdicts(verdict_lines(rows), **how))
        told = list(read_verdicts(lines, is_raw="is_raw" in how))
        assert [one.rationale for one in told] == list(HOSTILE)


def test_a_claim_of_a_list_names_the_article_of_its_line(desk: Desk) -> None:
    verdict = decided(desk, "The port handled 48,000 tonnes.")
    source = ClaimImport.objects.create(team=desk.team, sha256="a")
    ImportedRow.objects.create(
        source=source, line=2, claim=verdict.ticket.claim, became=ImportedAs.NEW,
        article_title="Salt", article_url="https://gazette.example/salt",
        article_published="2025-11-18",
    )  # fmt: skip
    told = next(iter(read_verdicts(joined(finish_verdicts(verdict_lines(select_verdicts()))))))
    assert (told.article_title, told.article_url) == ("Salt", "https://gazette.example/salt")
    assert str(told.article_published) == "2025-11-18"
    assert (told.claim_start, told.claim_end) == (None, None)


def test_corrections_versions_and_nothing_at_all(desk: Desk) -> None:
    nothing = joined(finish_verdicts(verdict_lines(Verdict.objects.none())))
    assert nothing == joined(write_verdicts([]))
    desk.team.confirmation = ConfirmationPolicy.NONE
    desk.team.save()
    verdict = decided(desk, "The port handled 4 tonnes in 2021.")
    ticket = publish_ticket(Ticket.objects.get(pk=verdict.ticket_id), by=desk.ada)
    again = reopen_for_correction(ticket, by=desk.ben, note="The register was revised.")
    why = {"correction_class": "substantial", "correction_reason": "A revised register."}
    decision = a_decision(again, "True", **why)
    decide_ticket(again, decision, by=desk.ben, expected_version=again.version)
    choices: list[dict[str, Any]] = [{}, {"all_versions": True}, {"teams": [desk.team]}]
    for choice in [*choices, {"teams": []}]:
        rows = select_verdicts(**choice)
        lines = joined(finish_verdicts(verdict_lines(rows)))
        assert lines == joined(write_verdicts(verdict_records(rows))), choice
    versions = [one.verdict_version for one in read_verdicts(joined(
        finish_verdicts(verdict_lines(select_verdicts(all_versions=True)))
    ))]  # fmt: skip
    assert versions == [1, 2]


def test_the_cells_are_the_columns() -> None:
    assert tuple(CELLS) == COLUMNS


ROWS = 1_500
MOST_HELD_BYTES = 3_000_000


def peak_of(act: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        act()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_long_file_is_never_held(desk: Desk) -> None:
    """The control holds it, and is seen to."""
    verdict = decided(desk, "The port handled 5 tonnes in 2022.")
    first = Verdict.objects.filter(pk=verdict.pk)
    fields: dict[str, Any] = {**first.values().get()} | {
        "rationale": "Long reasons stand here. " * 120
    }
    del fields["id"]
    Verdict.objects.bulk_create(
        Verdict(**fields | {"version": number, "state": VerdictState.SUPERSEDED})
        for number in range(2, ROWS)
    )
    rows = select_verdicts(all_versions=True)

    def stream() -> None:
        size = sum(len(block) for block in finish_verdicts(verdict_lines(rows)))
        assert size > 4_000_000

    assert peak_of(stream) < MOST_HELD_BYTES
    assert peak_of(lambda: list(finish_verdicts(verdict_lines(rows)))) > MOST_HELD_BYTES


def test_a_reader_who_goes_away_leaves_the_connection_usable(desk: Desk) -> None:
    decided(desk, "The port handled 6 tonnes in 2022.")
    decided(desk, "The port handled 7 tonnes in 2022.")
    with transaction.atomic():
        lines = verdict_lines(select_verdicts())
        assert next(lines).startswith(b'"')
        lines.close()  # type: ignore[attr-defined]
    assert Verdict.objects.count() == 2
