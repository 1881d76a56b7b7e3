"""People before the ticket page: a client logged in as anybody of the house."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from claims.models import Ticket
from claims.workflow.assign import take_ticket
from tests.admin.ticket.rows import House, make_house, make_ready

As = Callable[[Any], Client]


@pytest.fixture
def house(db: None) -> House:
    return make_house()


@pytest.fixture
def as_() -> As:
    def log_in(person: Any) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return log_in


@pytest.fixture
def ready(house: House) -> Ticket:
    """A ticket that waits in the economy desk's queue."""
    return make_ready(house.team)


@pytest.fixture
def held(house: House, ready: Ticket) -> Ticket:
    """The same ticket, in Ada's hands."""
    return take_ticket(ready, house.ada)


def page_of(ticket: Ticket) -> str:
    """The address of a ticket's page."""
    return f"/admin/claims/ticket/{ticket.pk}/change/"


def act_on(ticket: Ticket, verb: str) -> str:
    """The address of an act."""
    return f"/admin/claims/ticket/{ticket.pk}/{verb.replace('_', '-')}/"
