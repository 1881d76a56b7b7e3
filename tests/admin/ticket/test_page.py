from __future__ import annotations

from claims.models import Ticket
from tests.admin.ticket.conftest import As
from tests.admin.ticket.rows import House


def page(ticket: Ticket) -> str:
    return f"/admin/claims/ticket/{ticket.pk}/change/"


def test_page_smoke(house: House, held: Ticket, as_: As) -> None:
    answer = as_(house.ada).get(page(held))
    assert answer.status_code == 200
    body = answer.content.decode()
    assert "nearly 70 per cent" in body
