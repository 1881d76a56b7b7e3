"""The list: what it shows, how it narrows, and what a lead does to many."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.models import Ticket
from claims.workflow.assign import assign_ticket, take_ticket
from tests.admin.ticket.conftest import As, act_on
from tests.admin.ticket.rows import TOLD, House, make_ready, make_ticket
from tests.admin.ticket.test_acts import verdict_of

LIST = "/admin/claims/ticket/"
MOST_QUERIES = 12
TONNES = "World mines produced 390,000 tonnes of rare earth oxides in 2024."


def rows_of(client: Client, query: str = "") -> list[int]:
    answer = client.get(LIST + query)
    assert answer.status_code == 200, query
    return [ticket.pk for ticket in answer.context["cl"].result_list]


@pytest.fixture
def tickets(house: House) -> dict[str, Ticket]:
    """One ticket per stage, and one of the other team."""
    held = take_ticket(make_ready(house.team, priority=90), house.ada)
    given = assign_ticket(make_ready(house.team, TONNES, priority=80), house.ben, by=house.lead)
    return {
        "held": held,
        "given": given,
        "gathering": make_ticket(house.team, "There are 17 rare earth elements.", priority=70),
        "foreign": make_ready(house.other, "The secret desk counts 31 spoons."),
    }


def test_row_shows_what_one_chooses_by(house: House, tickets: dict[str, Ticket], as_: As) -> None:
    text = " ".join(as_(house.ada).get(LIST).content.decode().split())
    assert "Ada Okafor (45 min left)" in text
    assert "390,000 tonnes" in text
    assert "70 per cent" in text
    assert '2<span class="tk-hidden"> support' in text
    assert '1<span class="tk-hidden"> refute' in text
    assert "spoons" not in text
    assert "Science desk" not in text


def test_queries_do_not_grow_with_rows(house: House, as_: As) -> None:
    client, counts = as_(house.lead), []
    for more in (2, 10):
        for at in range(more):
            make_ready(house.team, f"Claim {at} says 12 of {more}.", told=TOLD[:3])
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
        assert not [one for one in queries if 'COUNT(*) AS "__count" FROM "claims_' in one["sql"]]
    assert counts[0] == counts[1], counts
    assert 0 < counts[1] <= MOST_QUERIES, counts


def test_filters_narrow_to_what_they_say(house: House, tickets: dict[str, Ticket], as_: As) -> None:
    ada, ben = as_(house.ada), as_(house.ben)
    held, given, gathering = (tickets[name].pk for name in ("held", "given", "gathering"))
    assert rows_of(ada) == [held, given, gathering]
    assert rows_of(ada, "?state=gathering") == [gathering]
    assert rows_of(ada, "?queue=mine") == [held]
    assert rows_of(ben, "?queue=mine") == [given]
    assert rows_of(ada, "?queue=waiting") == [given]
    assert rows_of(ben, "?assigned=me") == [given]
    assert rows_of(ada, f"?assigned={house.ben.pk}") == [given]
    assert rows_of(ada, "?assigned=nobody") == [held, gathering]
    assert (
        ada.post(act_on(tickets["held"], "decide"), verdict_of(tickets["held"])).status_code == 302
    )
    assert rows_of(ben, "?queue=confirm") == [held]
    assert rows_of(ada, "?queue=confirm") == []


def test_filters_tell_nothing_of_other_teams(
    house: House, tickets: dict[str, Ticket], as_: As
) -> None:
    ada = as_(house.ada)
    assert rows_of(ada, f"?team={house.other.pk}") == []
    assert tickets["foreign"].pk not in rows_of(ada, f"?assigned={house.eve.pk}")
    for probe in ("?team__name__startswith=S", "?claim__text__contains=spoons", "?id__gt=0"):
        answer = ada.get(LIST + probe)
        assert answer.status_code in (302, 400), probe
        assert "spoons" not in answer.content.decode()


def test_search_reads_words_and_numbers(house: House, tickets: dict[str, Ticket], as_: As) -> None:
    ada = as_(house.ada)
    assert rows_of(ada, "?q=oxide") == [tickets["given"].pk]
    assert rows_of(ada, "?q=spoons") == []
    assert rows_of(ada, f"?q=%23{tickets['held'].pk}") == [tickets["held"].pk]
    assert rows_of(ada, f"?q={tickets['foreign'].pk}") == []
    for odd in ("%00", "%27%22%3Cscript%3E", "%26%7C%21%3A%2A", "9" * 400):
        assert ada.get(f"{LIST}?q={odd}").status_code == 200, odd


def run(client: Client, name: str, tickets: list[Ticket], **data: Any) -> Any:
    ticked = [ticket.pk for ticket in tickets]
    return client.post(LIST, {"action": name, "_selected_action": ticked, **data})


def test_lead_assigns_many(house: House, tickets: dict[str, Ticket], as_: As) -> None:
    lea, chosen = as_(house.lead), [tickets["given"], tickets["gathering"]]
    asked = run(lea, "assign_many", chosen)
    text = asked.content.decode()
    assert "2 tickets" in text
    assert "Ben Varga" in text
    for stranger in ("Eve Sandoval", "Dan Whitlock"):
        assert stranger not in text
    missed = run(lea, "assign_many", chosen, apply="1", assignee=str(house.eve.pk))
    assert "Choose one of the list" in missed.content.decode()
    assert run(lea, "assign_many", chosen, apply="1", assignee=str(house.ada.pk)).status_code == 302
    given = Ticket.objects.filter(assigned_to=house.ada).values_list("pk", flat=True)
    assert set(given) == {ticket.pk for ticket in chosen}
    run(lea, "assign_many", chosen, apply="1", assignee="nobody")
    assert not Ticket.objects.filter(assigned_to=house.ada).exists()


def test_lead_closes_many_and_foreign_ids_are_no_ids(
    house: House, tickets: dict[str, Ticket], as_: As
) -> None:
    lea = as_(house.lead)
    chosen = [tickets["given"], tickets["foreign"]]
    assert "spoons" not in run(lea, "close_many", chosen).content.decode()
    run(lea, "close_many", chosen, apply="1", close_reason="opinion", note="Seen.")
    states = {ticket.pk: ticket.state for ticket in Ticket.objects.all()}
    assert states[tickets["given"].pk] == "closed"
    assert states[tickets["foreign"].pk] == "ready"
