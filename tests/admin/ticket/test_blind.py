"""A blind second read: nothing that the first reviewer made of the claim reaches the second.

The proof compares whole answers. The same ticket is decided in two ways that differ in
everything a reviewer sets, and every address must answer the second reader alike.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from claims.models import Evidence, Search, Source, Ticket, Verdict
from claims.workflow.assign import take_ticket
from claims.workflow.decide import read_blind
from claims.workflow.weigh import set_outcome, set_stance
from tests.admin.ticket.conftest import As, act_on, page_of
from tests.admin.ticket.rows import House
from tests.admin.ticket.test_acts import WHY, post, verdict_of
from tests.people import a_decision

CANARY = "qzxkvj"
# What differs between two requests or two saves of the same thing, and tells nothing of either.
NOISE = re.compile(
    r'name="(?:csrfmiddlewaretoken|notice)" value="[^"]*"|"token": "[^"]*"|[0-9a-f]{12,64}'
    r"|\d{1,2} \w{3,9},? (?:\d{4},? )?\d\d:\d\d|\d{4}-\d\d-\d\dT[0-9:.+]+|\d\d:\d\d"
    r"|just now|\d+ (?:s|min|h)\b"
    # A bar drawn as long as something took.
    r"|<rect [^>]*>"
)

# A time, a number drawn for each answer, and the length of both.
OF_NOW = ("Expires", "Content-Security-Policy", "Content-Length")


@pytest.fixture
def blind_house(house: House) -> House:
    house.team.blind_percent = 100
    house.team.save()
    return house


def addresses(ticket: Ticket) -> list[str]:
    """Every page, file and answer in which something of a verdict might stand."""
    claim = ticket.claim
    article = claim.appearances.get().article_id
    search = Search.objects.filter(ticket=ticket).first()
    source = Source.objects.filter(pages__snapshots__passages__evidence__ticket=ticket).first()
    assert search is not None
    assert source is not None
    rows = {"claim": claim.pk, "article": article, "search": search.pk, "source": source.pk}
    return [
        page_of(ticket),
        f"{page_of(ticket)}?edit=1",
        act_on(ticket, "state"),
        reverse("admin:index"),
        reverse("admin:claims_notices"),
        reverse("admin:claims_corrections"),
        reverse("admin:claims_corrections_csv"),
        reverse("admin:claims_export"),
        reverse("admin:claims_figures"),
        reverse("admin:claims_record"),
        reverse("admin:claims_ticket_workload"),
        "/admin/export/verdicts.csv?versions=all",
        "/admin/export/verdicts.csv?versions=all&file=evidence",
        "/admin/claims/verdict/listed.csv?version=all",
        "/admin/claims/verdict/?version=all",
        f"/admin/claims/verdict/?version=all&q={CANARY}",
        "/admin/claims/verdict/?version=all&rating=False",
        "/admin/claims/ticket/?queue=confirm",
        f"/admin/claims/ticket/?q={CANARY}",
        f"/admin/claims/ticket/?q={CANARY}&in=rationale",
        f"/admin/search/?s={CANARY}",
        *(f"/admin/claims/{noun}/{pk}/change/" for noun, pk in rows.items()),
    ]


def answers(client: Client, wanted: list[str]) -> dict[str, tuple[int, str]]:
    """What each address answers, its headers too, without the noise."""
    told = {}
    for address in wanted:
        answer = client.get(address)
        body = b"".join(answer) if answer.streaming else answer.content
        heads = {name: value for name, value in answer.headers.items() if name not in OF_NOW}
        told[address] = (answer.status_code, NOISE.sub("·", f"{heads}\n{body.decode()}"))
    return told


def decide_one_way(ada: Client, house: House, ticket: Ticket, way: int) -> None:
    """Ada works on the ticket and decides it, in one of two ways."""
    label, stance, outcome = (("False", "refutes", "differs"), ("True", "supports", "match"))[way]
    for piece in Evidence.objects.filter(ticket=ticket, number__in=(1, 2)):
        set_stance(piece, stance, by=house.ada)
        set_outcome(piece, outcome, by=house.ada)
    assert (
        post(
            ada, ticket, "comment", {"text": f"@ben @lea @dan: {label} {CANARY * way}"}
        ).status_code
        == 302
    )
    rating = ticket.team.scale.ratings.get(label=label).pk
    words = f"{WHY} {CANARY}" if way else f"{WHY} Not so, says the register."
    more = {"tolerance": CANARY, "what_would_change": CANARY, "confidence": "low"} if way else {}
    typed = verdict_of(ticket, rating=rating, rationale=words, **more)
    assert post(ada, ticket, "decide", typed).status_code == 302


def told_in_both_ways(
    house: House, ticket: Ticket, ada: Client, readers: dict[str, Client]
) -> dict[str, list[str]]:
    """Of each reader, the addresses that answer otherwise when the verdict is another.

    Ada, who gave it, reads the ticket's page only.
    """
    wanted = dict.fromkeys(readers, addresses(ticket)) | {"ada": [page_of(ticket)]}
    ways: list[dict[str, dict[str, tuple[int, str]]]] = []
    for way in (0, 1):
        with transaction.atomic():
            decide_one_way(ada, house, ticket, way)
            clients = {**readers, "ada": ada}
            ways.append({name: answers(clients[name], wanted[name]) for name in clients})
            transaction.set_rollback(True)
    return {
        name: [address for address, told in ways[0][name].items() if ways[1][name][address] != told]
        for name in wanted
    }


def test_the_first_verdict_reaches_nobody_else(blind_house: House, ready: Ticket, as_: As) -> None:
    house = blind_house
    ticket = take_ticket(ready, house.ada)
    ada = as_(house.ada)
    readers = {name: as_(getattr(house, name)) for name in ("ben", "lead", "dan", "eve", "boss")}
    differing = told_in_both_ways(house, ticket, ada, readers)
    assert differing.pop("ada") == [page_of(ticket)], "its author reads it, and that is seen"
    assert differing == {name: [] for name in readers}


def test_control_an_open_second_read_shows_it(house: House, ready: Ticket, as_: As) -> None:
    ticket = take_ticket(ready, house.ada)
    differing = told_in_both_ways(house, ticket, as_(house.ada), {"ben": as_(house.ben)})["ben"]
    assert page_of(ticket) in differing
    assert "/admin/export/verdicts.csv?versions=all" in differing
    assert "/admin/claims/verdict/?version=all" in differing
    assert f"/admin/claims/ticket/?q={CANARY}" in differing, "who may read it finds it"
    assert f"/admin/claims/verdict/?version=all&q={CANARY}" in differing


def test_a_sealed_verdicts_page_is_not_there(blind_house: House, held: Ticket, as_: As) -> None:
    decide_one_way(as_(blind_house.ada), blind_house, held, 1)
    verdict = Verdict.objects.get(ticket=held)
    for page in ("change", "history"):
        address = f"/admin/claims/verdict/{verdict.pk}/{page}/"
        assert as_(blind_house.ada).get(address).status_code == 200
        for person in (blind_house.ben, blind_house.lead, blind_house.boss):
            assert as_(person).get(address).status_code == 404


def test_from_the_blind_form_to_the_third(blind_house: House, held: Ticket, as_: As) -> None:
    house = blind_house
    ada, ben, lea = as_(house.ada), as_(house.ben), as_(house.lead)
    decide_one_way(ada, house, held, 1)
    assert "It is yours alone until" in ada.get(page_of(held)).content.decode()
    page = ben.get(page_of(held)).content.decode()
    assert "Your blind read" in page
    assert "/read-blind/" in page
    assert "/confirm/" not in page
    notices = ben.get(reverse("admin:claims_notices")).content.decode()
    assert "named you" in notices
    assert "is shown when the claim was read blind" in notices
    assert CANARY not in notices + ben.get(reverse("admin:index")).content.decode()
    rating = held.team.scale.ratings.get(label="False").pk
    own = {"rating": rating, "rationale": "The register counts *otherwise* [3].", "tolerance": "x"}
    assert post(ben, held, "confirm", {"note": "Agreed."}).status_code == 409
    short = post(ben, held, "read_blind", own | {"rationale": "Short."})
    assert short.status_code == 422
    assert "at least 20 characters" in short.content.decode()
    assert CANARY not in short.content.decode()
    assert post(ben, held, "read_blind", own).status_code == 302

    page = ben.get(page_of(held)).content.decode()
    assert CANARY in page, "now it is open to both"
    assert CANARY in ben.get(reverse("admin:claims_notices")).content.decode()
    assert "who gave no rating yet" in page
    assert "/confirm/" not in page
    assert post(ben, held, "confirm", {"note": "Agreed."}).status_code == 409
    page = lea.get(page_of(held)).content.decode()
    assert "rated it without seeing this" in page
    assert "The register counts <em>otherwise</em>" in page
    assert post(lea, held, "confirm", {"note": "The first."}).status_code == 302
    assert Verdict.objects.get(ticket=held).second_reviewer == house.lead


def test_edit_and_confirm_starts_from_the_first_words(house: House, held: Ticket, as_: As) -> None:
    post(as_(house.ada), held, "decide", verdict_of(held))
    ben = as_(house.ben)
    page = ben.get(f"{page_of(held)}?edit=1").content.decode()
    assert "Edit and confirm" in page
    assert WHY in page
    flawed = post(ben, held, "edit", verdict_of(held, rationale="Short."))
    assert flawed.status_code == 422
    assert "/edit/" in flawed.content.decode(), "the form is still the editor's"
    clearer = f"{WHY} Said more clearly."
    assert post(ben, held, "edit", verdict_of(held, rationale=clearer)).status_code == 302
    told = ben.get(page_of(held)).content.decode()
    assert "in the words of <bdi>Ben Varga</bdi>" in told
    assert [one.state for one in Verdict.objects.order_by("version")] == ["superseded", "final"]


def test_a_stale_blind_form_keeps_its_words(blind_house: House, held: Ticket, as_: As) -> None:
    house = blind_house
    decide_one_way(as_(house.ada), house, held, 1)
    held.refresh_from_db()
    typed = {
        "version": held.version,
        "rating": held.team.scale.ratings.get(label="False").pk,
        "rationale": "What Ben typed while Lea was first to send hers.",
    }
    decision = a_decision(held, "True", rationale="What Lea made of it, in her own words.")
    read_blind(held, decision, by=house.lead)
    answer: Any = as_(house.ben).post(act_on(held, "read_blind"), typed)
    assert answer.status_code == 409
    assert typed["rationale"] in answer.content.decode()
