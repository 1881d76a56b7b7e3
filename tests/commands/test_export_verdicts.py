"""``export_verdicts``: what is decided is what stands in the file, byte for byte, twice."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from claims.export.verdict_csv import COLUMNS, read_evidence, read_verdicts
from claims.models import Ticket, Verdict, VerdictEvidence
from claims.workflow.decide import confirm_verdict, decide_ticket, reopen_for_correction
from claims.workflow.publish import publish_ticket
from claims.workflow.recheck import verify_history
from tests.commands.running import call, run
from tests.people import Desk, a_decision, add_evidence, make_desk, taken_one

pytestmark = pytest.mark.django_db(transaction=True)

FORMULAS = [
    "=1+1 is what the table says here",
    "+cmd|' /C calc'!A0 as they wrote",
    "@SUM(A1) is what they said",
]
CONTRACT = """
    claim_id ticket_id team article_title article_url article_published claim_text claim_start
    claim_end claimant quantity_count value low high unit bound hedge measured of_what place
    as_of rating_scale rating rating_value rating_best rating_worst rationale reviewer
    second_reviewer agreed state created_at decided_at published_at minutes_in_review
    verdict_version correction_of evidence_count independent_origins primary_reached
    decisive_evidence_url decisive_quote snapshot_sha256 snapshot_at source_value difference
    waiver_reason claimreview_url
""".split()  # noqa: SIM905 - as the contract writes it


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def decide(desk: Desk, **fields: object) -> Ticket:
    ticket = taken_one(desk.team, desk.ben)
    piece = add_evidence(ticket, "=The port handled −900 tonnes.", suggested_stance="refutes")
    decision = a_decision(ticket, decisive_ids=frozenset({piece.pk}), **fields)
    decide_ticket(ticket, decision, by=desk.ben, expected_version=ticket.version)
    return fresh(ticket)


@pytest.fixture
def told(db: None) -> tuple[Desk, list[Ticket]]:
    """One proposed, one final, one published, one corrected."""
    desk = make_desk()
    tickets = [
        decide(desk, rationale=words) for words in [*FORMULAS, "Plain reasons, long enough."]
    ]
    for ticket in tickets[1:]:
        confirm_verdict(ticket, by=desk.chloe)
    for ticket in tickets[2:]:
        publish_ticket(fresh(ticket), by=desk.ada)
    again = reopen_for_correction(fresh(tickets[3]), by=desk.ben, note="The register was revised.")
    decide_ticket(
        again,
        a_decision(
            again, "True", correction_reason="A revised register.", correction_class="update"
        ),
        by=desk.ben,
        expected_version=again.version,
    )
    confirm_verdict(fresh(again), by=desk.chloe)
    publish_ticket(fresh(again), by=desk.ada)
    return desk, tickets


def export(tmp_path: Path, *options: str) -> bytes:
    target = tmp_path / "verdicts.csv"
    assert call("export_verdicts", "--output", str(target), *options) == 0
    return target.read_bytes()


def test_the_columns_are_the_contracts() -> None:
    assert list(COLUMNS) == CONTRACT


def test_rows_are_the_current_verdicts(told: tuple[Desk, list[Ticket]], tmp_path: Path) -> None:
    desk, tickets = told
    rows = list(read_verdicts(export(tmp_path)))
    stored = {
        one.pk: one for one in Verdict.objects.exclude(state="superseded").order_by("ticket_id")
    }
    assert [row.ticket_id for row in rows] == [ticket.pk for ticket in tickets]
    assert [row.state for row in rows] == ["decided", "decided", "published", "published"]
    assert [row.rationale for row in rows[:3]] == FORMULAS
    assert [row.agreed for row in rows] == [None, True, True, True]
    for row, verdict in zip(rows, stored.values(), strict=True):
        assert row.decided_at == verdict.decided_at
        assert row.rating == verdict.rating_label
        assert row.claim_text == verdict.ticket.claim.text
        assert row.evidence_count == verdict.cited.count()
    assert (rows[3].verdict_version, rows[3].correction_of) == (2, 1)
    assert rows[0].decisive_quote == "=The port handled −900 tonnes."
    assert rows[0].snapshot_sha256 == VerdictEvidence.objects.order_by("id")[0].snapshot_sha256
    assert (rows[0].reviewer, rows[1].second_reviewer, rows[0].team) == (
        "ben",
        "chloe",
        desk.team.slug,
    )


def test_formulas_are_defused_unless_asked_for_raw(
    told: tuple[Desk, list[Ticket]], tmp_path: Path
) -> None:
    safe, raw = export(tmp_path), export(tmp_path, "--raw")
    for formula in (*FORMULAS, "=The port handled"):
        assert f'"{formula}'.encode() not in safe
        assert f'"{formula}'.encode() in raw
    assert list(read_verdicts(safe)) == list(read_verdicts(raw, is_raw=True))


def test_all_versions_since_and_team(told: tuple[Desk, list[Ticket]], tmp_path: Path) -> None:
    versions = [(row.ticket_id, row.verdict_version) for row in read_verdicts(
        export(tmp_path, "--all-versions"))]  # fmt: skip
    assert len(versions) == 5
    assert versions == sorted(versions)
    cut = Verdict.objects.order_by("decided_at")[2].decided_at
    since = list(read_verdicts(export(tmp_path, "--since", cut.isoformat())))
    assert len(since) == 2
    assert all(row.decided_at >= cut for row in since)
    tomorrow = (timezone.now() + timedelta(days=1)).date().isoformat()
    assert list(read_verdicts(export(tmp_path, "--since", tomorrow))) == []
    assert list(read_verdicts(export(tmp_path, "--team", "other-desk"))) == []


def test_twice_is_byte_identical_and_the_manifest_agrees(
    told: tuple[Desk, list[Ticket]], tmp_path: Path
) -> None:
    first = export(tmp_path)
    manifest, evidence = tmp_path / "manifest.json", tmp_path / "evidence.csv"
    second = export(tmp_path, "--manifest", str(manifest), "--evidence", str(evidence))
    assert first == second
    stated = json.loads(manifest.read_text())
    assert stated["sha256"] == hashlib.sha256(second).hexdigest()
    assert stated["rows"] == len(list(read_verdicts(second)))
    proof = verify_history()
    assert (stated["history_head"], stated["history_last_event"]) == (proof.head, proof.last_event)
    assert call("verify_history", "--head", str(manifest)) == 0
    pieces = list(read_evidence(evidence.read_bytes()))
    assert (
        len(pieces)
        == VerdictEvidence.objects.filter(
            verdict__in=Verdict.objects.exclude(state="superseded")
        ).count()
    )
    assert pieces[0].quote == "=The port handled −900 tonnes."
    assert evidence.read_bytes() == _evidence_again(tmp_path)


def _evidence_again(tmp_path: Path) -> bytes:
    again = tmp_path / "again.csv"
    export(tmp_path, "--evidence", str(again))
    return again.read_bytes()


def test_to_standard_output(told: tuple[Desk, list[Ticket]], tmp_path: Path) -> None:
    ended = run("export_verdicts")
    assert ended.code == 0, ended.err
    assert ended.out == export(tmp_path)
    assert ended.err == ""


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--since", "yesterday"], "--since: “yesterday” is no date"),
        (["--since", "2026-02-31"], "is no date"),
        (["--team", "nowhere"], "no team “nowhere”"),
        (["--output", "/nowhere/at/all.csv"], "cannot be written"),
    ],
)
def test_bad_options_are_one_line_and_exit_2(
    options: list[str], said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert call("export_verdicts", *options) == 2
    assert said in capfd.readouterr().err.strip().splitlines()[-1]
