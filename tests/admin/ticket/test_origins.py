"""Origins on the ticket page: how many, why, whom each page cites, and the acts on them."""

from __future__ import annotations

from claims.models import Evidence, PageOrigin, Ticket
from tests.admin.ticket.conftest import As, act_on, page_of
from tests.admin.ticket.rows import House


def page_id(ticket: Ticket, number: int) -> int:
    piece = Evidence.objects.select_related("passage__snapshot").get(ticket=ticket, number=number)
    return piece.passage.snapshot.page_id


def section(as_: As, person: object, ticket: Ticket) -> str:
    page = as_(person).get(page_of(ticket)).content.decode()
    return page[page.index('id="origins"') : page.index('id="evidence"')]


def cite(ticket: Ticket, number: int, other: int | None, name: str = "", url: str = "") -> None:
    cited = page_id(ticket, other) if other else None
    row, _ = PageOrigin.objects.get_or_create(ticket=ticket, page_id=page_id(ticket, number))
    row.cites = [{"page": cited, "name": name, "url": url, "reason": "links to it"}]
    row.save()


def test_origins_are_counted_and_merged_split_and_put_back(
    house: House, held: Ticket, as_: As
) -> None:
    assert "6 pages, at most 5 independent origins" in section(as_, house.ada, held)
    ada, address = as_(house.ada), act_on(held, "origin")
    form = {"page": page_id(held, 3), "other": page_id(held, 1)}
    answer = ada.post(address, form | {"act": "joined"})
    assert answer["Location"].endswith("#origins")
    shown = section(as_, house.ada, held)
    assert "6 pages, at most 4 independent origins" in shown
    assert "Placed here by <bdi>Ada Okafor</bdi>" in shown
    refused = ada.post(address, form | {"act": "joined"})
    assert refused.status_code == 409
    assert "These pages are one origin already." in refused.content.decode()
    ada.post(address, {"act": "apart", "page": page_id(held, 1)})
    assert "at most 5 independent origins" in section(as_, house.ada, held)
    assert "Back to the machine" in section(as_, house.ada, held)
    ada.post(address, {"act": "back"})
    shown = section(as_, house.ada, held)
    assert "at most 5 independent origins" in shown
    assert "Back to the machine" not in shown


def test_who_only_looks_finds_no_buttons(house: House, held: Ticket, as_: As) -> None:
    shown = section(as_, house.dan, held)
    assert "at most 5 independent origins" in shown
    assert "<button" not in shown
    assert as_(house.dan).post(act_on(held, "origin"), {"act": "back"}).status_code == 403
    assert as_(house.eve).post(act_on(held, "origin"), {"act": "back"}).status_code == 404


def test_a_page_that_is_none_of_the_tickets_is_refused(house: House, held: Ticket, as_: As) -> None:
    for form in ({"act": "joined", "page": "7777"}, {"act": "apart"}):
        answer = as_(house.ada).post(act_on(held, "origin"), form)
        assert answer.status_code == 409
        assert "not on this ticket" in answer.content.decode()
    assert as_(house.ada).post(act_on(held, "origin"), {"act": "melt"}).status_code == 422


def test_chains_lead_towards_the_source_and_circles_are_pointed_out(
    house: House, held: Ticket, as_: As
) -> None:
    cite(held, 3, 2)
    cite(held, 2, 1)
    cite(held, 5, None, "World <b>Bank", "https://data.worldbank.org/salt")
    shown = section(as_, house.ada, held)
    steps = [shown.index(f'href="#e-{number}">', shown.index("tk-chains")) for number in (3, 2, 1)]
    assert steps == sorted(steps)
    assert "World &lt;b&gt;Bank" in shown
    assert 'href="https://data.worldbank.org/salt"' in shown
    assert 'value="World &lt;b&gt;Bank global production of rare earths"' in shown
    assert "Circular" not in shown
    cite(held, 1, 3)
    assert "Circular: " in section(as_, house.ada, held)


def test_a_copy_of_the_claims_own_article_is_told_and_not_counted(
    house: House, held: Ticket, as_: As
) -> None:
    page = page_id(held, 3)
    PageOrigin.objects.update_or_create(
        ticket=held, page_id=page, defaults={"is_own_copy": True, "machine_group": 77}
    )
    Evidence.objects.filter(ticket=held, passage__snapshot__page=page).update(is_own_copy=True)
    shown = section(as_, house.ada, held)
    assert "6 pages, at most 4 independent origins" in shown
    assert shown.count("The claim’s own article</span>") == 1
    whole = as_(house.ada).get(page_of(held)).content.decode()
    assert whole.count("A copy of the claim’s own article</span>") == 1
    assert "at most 4 independent origins" in whole[whole.index('id="evidence"') :]
    as_(house.ada).post(act_on(held, "origin"), {"act": "apart", "page": page})
    shown = section(as_, house.ada, held)
    assert "6 pages, at most 5 independent origins" in shown
    assert "own article" not in shown
