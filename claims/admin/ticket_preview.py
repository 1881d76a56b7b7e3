"""The verdict's form as it would read: the rationale's markup and the gate, nothing kept."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse

from claims.admin.ticket_panels.desk import load_desk
from claims.admin.ticket_panels.gate import build_gate
from claims.admin.ticket_panels.told import show_rationale
from claims.admin.ticket_panels.verdict_form import read_ids
from claims.admin.ticket_watch import FORBIDDEN, lead_back, refusal_of


@dataclass(frozen=True, slots=True)
class _Typed:
    rationale: str
    evidence: frozenset[int]
    decisive: frozenset[int]


def show_preview(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """What was typed as readers will see it, and what of the gate is met; JSON. Writes nothing."""
    if request.method != "POST":
        return lead_back(request, ticket_id)
    desk = load_desk(request, ticket_id)
    if not desk.is_reviewer:
        return JsonResponse({"error": refusal_of(desk)}, status=FORBIDDEN)
    typed = _Typed(
        request.POST.get("rationale", ""),
        read_ids(request.POST, "evidence"),
        read_ids(request.POST, "decisive"),
    )
    lines = build_gate(desk, typed, {})
    return JsonResponse(
        {
            "markup": show_rationale(desk, typed.rationale),
            "gate": [asdict(line) for line in lines],
        }
    )
