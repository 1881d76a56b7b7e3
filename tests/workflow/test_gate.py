"""The gate before a verdict: four items, the team's thresholds, and a written waiver for less."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from claims.models import Evidence, Passage, Search, Snapshot, Ticket, Verdict, Waiver
from claims.models.page import TYPED
from claims.vocabulary import GateItem, SearchOutcome, SearchPurpose, SourceType, TicketState
from claims.workflow.decide import Decision, DecisionRefused, check_gate, decide_ticket
from tests.people import WAIVED, Desk, a_decision, add_evidence, rating_of, taken_one

WHY = "Both registers give another number for the same year."


def search_for_contrary(ticket: Ticket, outcome: str = SearchOutcome.FOUND_NOTHING) -> Search:
    return Search.objects.create(
        ticket=ticket,
        provider="library",
        query="salt port",
        purpose=SearchPurpose.CONTRADICT,
        outcome=outcome,
    )


@pytest.fixture
def ticket(desk: Desk) -> Ticket:
    return taken_one(desk.team, desk.ben)


@pytest.fixture
def pieces(ticket: Ticket) -> list[Evidence]:
    """An official page and a report of another origin."""
    return [
        add_evidence(ticket, origin=1),
        add_evidence(ticket, "Nobody counted.", source_type=SourceType.MEDIA, origin=2),
    ]


def told(ticket: Ticket, pieces: list[Evidence], decisive: Any = ()) -> dict[str, tuple[int, int]]:
    checks = check_gate(ticket, pieces, decisive)
    return {check.item: (check.found, check.needed) for check in checks}


def decide(desk: Desk, ticket: Ticket, pieces: list[Evidence], **fields: Any) -> Verdict:
    decision = Decision(
        rating_of(desk.team).pk,
        WHY,
        evidence_ids=frozenset(piece.pk for piece in pieces),
        decisive_ids=frozenset(piece.pk for piece in pieces[:1]),
        **fields,
    )
    return decide_ticket(ticket, decision, by=desk.ben, expected_version=ticket.version)


def test_enough_passes_without_a_word(desk: Desk, ticket: Ticket, pieces: list[Evidence]) -> None:
    search_for_contrary(ticket)
    assert told(ticket, pieces, [pieces[0].pk]) == {
        "origins": (2, 2),
        "primary": (1, 1),
        "anchored": (1, 1),
        "contrary": (1, 1),
    }
    verdict = decide(desk, ticket, pieces, waivers=WAIVED)
    assert verdict.waiver_reason == ""
    assert not Waiver.objects.exists(), "a waiver of what is met counts as none"


def test_each_item_is_missed_by_itself(desk: Desk, ticket: Ticket, pieces: list[Evidence]) -> None:
    search = search_for_contrary(ticket)
    official, press = pieces
    twin = add_evidence(ticket, "Also counted.", source_type=SourceType.AGENCY, origin=2)
    assert told(ticket, [press, twin])["origins"] == (1, 2)
    assert told(ticket, [press, twin])["primary"] == (0, 1)
    alone = [add_evidence(ticket, f"Count {n}.", origin=0) for n in (1, 2)]
    assert told(ticket, alone)["origins"] == (2, 2), "a page of no known origin is its own"
    for outcome in (SearchOutcome.COULD_NOT_REACH, SearchOutcome.PENDING, SearchOutcome.FAILED):
        Search.objects.filter(pk=search.pk).update(outcome=outcome)
        assert told(ticket, pieces)["contrary"] == (0, 1), "only an answer is a search"
    Passage.objects.filter(pk=official.passage_id).update(quote="Altered.")
    assert told(ticket, pieces, [official.pk, press.pk])["anchored"] == (1, 2)
    assert told(ticket, pieces)["anchored"] == (0, 0), "nothing is decisive"
    Snapshot.objects.filter(pk=press.passage.snapshot_id).update(fetcher=TYPED)
    assert told(ticket, pieces, [press.pk])["anchored"] == (0, 1), "typed, not fetched"


def test_every_unmet_item_is_told_at_its_field(desk: Desk, ticket: Ticket) -> None:
    with pytest.raises(DecisionRefused) as refused:
        decide(desk, ticket, [], waivers={"primary": "There is no register of this."})
    assert [field for field, _ in refused.value.flaws] == ["waiver_origins", "waiver_contrary"]
    assert "0 of 2 independent origins" in refused.value.flaws[0][1]
    assert Ticket.objects.get(pk=ticket.pk).state == TicketState.IN_REVIEW
    assert not Verdict.objects.exists()


def test_waivers_are_kept_for_good(desk: Desk, ticket: Ticket, pieces: list[Evidence]) -> None:
    verdict = decide(desk, ticket, pieces[:1], waivers=WAIVED)
    kept = {one.item: (one.found, one.needed) for one in verdict.waivers.all()}
    assert kept == {GateItem.ORIGINS: (1, 2), GateItem.CONTRARY: (0, 1)}
    assert verdict.waiver_reason.startswith("1 of 2 independent origins: No source")
    for change in (
        lambda: Waiver.objects.update(reason="none"),
        lambda: Waiver.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_a_team_sets_its_own_thresholds(desk: Desk, ticket: Ticket) -> None:
    team = desk.team
    team.min_origins, team.min_primary = 0, 0
    team.wants_contrary = team.wants_anchored = False
    team.save()
    ticket.team = team
    assert check_gate(ticket, [], ()) == ()
    team.min_origins = 3
    assert told(ticket, [])["origins"] == (0, 3)


def test_what_is_cited_is_evidence_of_the_verdict(
    desk: Desk, ticket: Ticket, pieces: list[Evidence]
) -> None:
    words = f"The register counts otherwise [1]; [2] repeats it, and `[9]` is code. {WHY}"
    verdict = decide_ticket(
        ticket,
        a_decision(ticket, rationale=words),
        by=desk.ben,
        expected_version=ticket.version,
    )
    assert list(verdict.cited.values_list("number", flat=True)) == [1, 2]
    assert verdict.evidence_count == 2
