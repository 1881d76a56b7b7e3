"""What a person says of a comparison: one click, kept, and what the verdict rests on."""

from __future__ import annotations

from claims.models import Correction, Ticket, VerdictEvidence
from claims.vocabulary import CorrectionKind
from claims.workflow.weigh import recompare
from tests.admin.ticket.conftest import As, act_on, page_of
from tests.admin.ticket.rows import House
from tests.admin.ticket.test_acts import verdict_of


def test_a_comparison_is_corrected_in_one_click_and_the_verdict_keeps_it(
    house: House, held: Ticket, as_: As
) -> None:
    ada, piece = as_(house.ada), held.evidence.get(number=1)
    answer = ada.post(act_on(held, "outcome"), {"evidence": piece.pk, "outcome": "different_scope"})
    assert answer["Location"].endswith("#numbers")
    page = ada.get(page_of(held)).content.decode()
    assert "Set by <bdi>Ada Okafor</bdi>; the machine said “agrees”" in page
    (kept,) = Correction.objects.filter(kind=CorrectionKind.COMPARISON)
    assert (kept.machine, kept.person) == ("match", "different_scope")
    recompare(held)
    piece.refresh_from_db()
    assert piece.current_outcome == "different_scope"
    ada.post(act_on(held, "decide"), verdict_of(held))
    assert VerdictEvidence.objects.get(number=1).outcome == "different_scope"


def test_a_comparison_is_given_back_and_a_foreign_one_refused(
    house: House, held: Ticket, as_: As
) -> None:
    ada, piece = as_(house.ada), held.evidence.get(number=3)
    ada.post(act_on(held, "outcome"), {"evidence": piece.pk, "outcome": "not_comparable"})
    ada.post(act_on(held, "outcome"), {"evidence": piece.pk, "outcome": ""})
    piece.refresh_from_db()
    assert piece.current_outcome == piece.outcome == "differs"
    assert ada.post(act_on(held, "outcome"), {"evidence": 10**12}).status_code == 422
