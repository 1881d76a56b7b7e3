"""Claims from a CSV on the page: seen first, stored once, refused with place and cure."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from claims.intake import MAX_BYTES
from claims.models import Claim, ClaimImport, Errand, ImportedRow, Ticket
from claims.tasks import imports
from claims.vocabulary import ErrandKind, ImportState, TicketState
from tests.admin.addresses import body_of
from tests.admin.conftest import LogIn
from tests.admin.world import World
from tests.working import work_all, work_one

BODY = "claim_text;claimant\nFares rose by 12 per cent.;Ada\nFares  rose by 12 per cent;\n"


def bring(client: Any, team: Any, body: bytes | str = BODY, name: str = "claims.csv") -> Any:
    data = body if isinstance(body, bytes) else body.encode()
    given = {"upload": SimpleUploadedFile(name, data), "team": team.pk}
    return client.post(reverse("admin:claims_import"), given)


def confirm(client: Any, address: str, **given: str) -> Any:
    """Confirm, and let the workers take the file in."""
    response = client.post(address, {"act": "confirm", **given})
    work_all()
    return response


def counts(team: Any) -> tuple[int, int]:
    return Claim.objects.filter(team=team).count(), Ticket.objects.filter(team=team).count()


def test_a_contributor_previews_confirms_and_sees_what_came_of_it(
    world: World, log_in: LogIn
) -> None:
    client: Any = log_in(world.dan)
    team = world.near.team
    before = counts(team)
    shown = client.get(bring(client, team).url)
    page = shown.content.decode()
    assert shown.status_code == 200
    assert "12 % up" in page
    assert "Says what line 2 says" in page
    assert "Import 1 claim<" in page
    assert counts(team) == before
    source = ClaimImport.objects.get(team=team)
    address = reverse("admin:claims_import_show", args=[source.pk])
    for _ in range(3):
        response = confirm(client, address)
        assert response.url == address
    assert counts(team) == (before[0] + 1, before[1] + 1)
    done = client.get(address).content.decode()
    assert "Tickets opened" in done
    assert "Linked instead of stored again" in done
    assert bring(client, team, name="again.csv").url == address


def test_pasted_rows_and_a_column_to_be_left_out(world: World, log_in: LogIn) -> None:
    client: Any = log_in(world.ben)
    team = world.near.team
    pasted = "claim\tclaiment\nExports rose by 3 per cent.\tAda\n"
    response = client.post(reverse("admin:claims_import"), {"pasted": pasted, "team": team.pk})
    page = client.get(response.url).content.decode()
    assert "did you mean" in page
    assert "claimant" in page
    before = counts(team)
    refused = client.post(response.url, {"act": "confirm"})
    assert refused.status_code == 400
    assert "Tick the box above" in refused.content.decode()
    assert counts(team) == before
    confirm(client, response.url, ignore="yes")
    assert counts(team) == (before[0] + 1, before[1] + 1)


def test_faults_are_listed_with_line_and_column_and_nothing_is_stored(
    world: World, log_in: LogIn
) -> None:
    body = "claim,priority\n" + "".join(f"Fares rose {n} times.,high<b>\n" for n in range(250))
    response = bring(log_in(world.dan), world.near.team, body)
    page = response.content.decode()
    assert response.status_code == 400
    assert "claims.csv</bdi> has 250 problems" in page
    assert "The first 200 of 250" in page
    assert "And 50 more" in page
    assert 'data-label="Line">2<' in page
    assert "“high&lt;b&gt;” is no priority" in page
    assert not ClaimImport.objects.exists()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "Choose a file, or paste rows"),
        ({"pasted": " \n "}, "Choose a file, or paste rows"),
        ({"pasted": "claim\nx\n", "upload": b"claim\nx\n"}, "There is a file too"),
        ({"upload": b""}, "The file is empty"),
        ({"upload": b"x" * (MAX_BYTES + 1)}, "over 10 MB"),
    ],
)
def test_what_cannot_be_previewed_says_why(
    world: World, log_in: LogIn, given: dict[str, Any], says: str
) -> None:
    if "upload" in given:
        given = {**given, "upload": SimpleUploadedFile("a.csv", given["upload"])}
    client = log_in(world.dan)
    response = client.post(reverse("admin:claims_import"), {**given, "team": world.near.team.pk})
    assert response.status_code == 400
    assert says in response.content.decode()
    assert not ClaimImport.objects.exists()


def test_discarding_stores_nothing_and_cannot_undo_an_import(world: World, log_in: LogIn) -> None:
    client, team = log_in(world.dan), world.near.team
    before = counts(team)
    address = bring(client, team).url
    client.post(address, {"act": "discard"})
    assert client.get(address).status_code == 404
    assert client.post(address, {"act": "confirm"}).status_code == 404
    assert counts(team) == before
    address = bring(client, team).url
    assert client.post(address, {"act": "neither"}).status_code == 400
    confirm(client, address)
    client.post(address, {"act": "discard"})
    assert ClaimImport.objects.get(team=team).state == ImportState.DONE


def test_a_file_is_taken_in_part_by_part_left_cancelled_and_gone_on_with(
    world: World, log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "PART_ROWS", 4)
    monkeypatch.setattr(imports, "SECONDS_A_JOB", 0.0)
    client, team = log_in(world.dan), world.near.team
    work_all()
    before = counts(team)
    # The seventh row says what the first one says, and stands in another part.
    rows = [f"Fares rose by {n % 6 + 1} per cent in 1900.\n" for n in range(10)]
    address = bring(client, team, "claim\n" + "".join(rows)).url
    work = reverse("admin:claims_work")

    def cancel() -> None:
        errand = Errand.objects.filter(kind=ErrandKind.IMPORT).latest("pk")
        assert log_in(world.ada).post(reverse("admin:claims_work_cancel", args=[errand.pk]))
        work_all()

    # Before anything is stored, the file waits again.
    for _ in range(2):
        client.post(address, {"act": "confirm"})
    assert Errand.objects.filter(kind=ErrandKind.IMPORT).count() == 1
    assert client.post(address, {"act": "discard"}).status_code == 302
    assert "0 of 10" in body_of(client.get(work))
    cancel()
    assert ClaimImport.objects.get().state == ImportState.WAITING
    assert "Import 6 claims" in body_of(client.get(address))
    # After one part, that part stays.
    client.post(address, {"act": "confirm"})
    assert work_one()
    assert counts(team) == (before[0] + 4, before[1] + 4)
    shown = body_of(client.get(address))
    assert "4 of 10 rows are stored" in shown
    assert 'data-waits="true"' in shown
    assert address in body_of(client.get(work))
    cancel()
    assert counts(team) == (before[0] + 4, before[1] + 4)
    shown = body_of(client.get(address))
    assert "Go on with the rest" in shown
    assert "4 stored</b> of 10" in body_of(client.get(reverse("admin:claims_import")))
    confirm(client, address)
    source = ClaimImport.objects.get()
    assert (source.state, source.taken_count, bytes(source.body)) == (ImportState.DONE, 10, b"")
    assert (source.new_count, source.repeated_count) == (6, 4)
    assert counts(team) == (before[0] + 6, before[1] + 6)
    linked = ImportedRow.objects.filter(source=source).values_list("claim", flat=True)
    assert len(set(linked)) == 6
    assert list(linked)[6:] == list(linked)[:4]


def test_a_stranger_finds_nothing_and_stores_nothing(world: World, log_in: LogIn) -> None:
    address = bring(log_in(world.dan), world.near.team).url
    before = counts(world.near.team)
    for person in (world.eve, world.stranger):
        client = log_in(person)
        assert client.get(address).status_code == 404
        for act in ("confirm", "discard"):
            assert client.post(address, {"act": act}).status_code == 404
        assert bring(client, world.near.team).status_code in (400, 403)
    eve = log_in(world.eve).get(reverse("admin:claims_import")).content.decode()
    assert "claims.csv" not in eve
    assert log_in(world.stranger).get(reverse("admin:claims_import")).status_code == 403
    assert Client().get(address).status_code == 302
    assert counts(world.near.team) == before
    assert ClaimImport.objects.get().state == ImportState.WAITING


def test_confirming_asks_for_the_token(world: World, log_in: LogIn) -> None:
    address = bring(log_in(world.dan), world.near.team).url
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(world.dan)
    assert careful.post(address, {"act": "confirm"}).status_code == 403
    assert careful.get(address + "?act=confirm").status_code == 200
    assert ClaimImport.objects.get().state == ImportState.WAITING


def test_hostile_cells_are_text(world: World, log_in: LogIn) -> None:
    client, team = log_in(world.dan), world.near.team
    bad = '<img src=x onerror=alert(1)> rose 5%,"<b>who</b>",http://a.example/"><i>\n'
    address = bring(client, team, f"claim,claimant,url,<u>x</u>\n{bad.strip()},1\n", "<s>.csv").url
    page = client.get(address).content.decode()
    for live in ("<img src=x", "<b>who", "<i>", "<u>x", "<s>.csv"):
        assert live not in page
    confirm(client, address, ignore="yes")
    done = client.get(address).content.decode()
    assert "<s>.csv" not in done


def test_pages_ask_few_queries_whatever_the_file(
    world: World, log_in: LogIn, django_assert_max_num_queries: Any
) -> None:
    rows = "".join(f"Fares rose by {n} per cent in {1800 + n % 200}.\n" for n in range(300))
    client = log_in(world.dan)
    address = bring(client, world.near.team, "claim\n" + rows).url
    # Session, person, standing, sidebar; two for the sorting; one near claim a shown row.
    with django_assert_max_num_queries(32):
        client.get(address)
    confirm(client, address)
    with django_assert_max_num_queries(10):
        client.get(address)
    with django_assert_max_num_queries(10):
        client.get(reverse("admin:claims_import"))


def test_the_template_is_a_file_that_previews(world: World, log_in: LogIn) -> None:
    client = log_in(world.dan)
    template = client.get(reverse("admin:claims_import_template"))
    assert "attachment" in template["Content-Disposition"]
    page = client.get(bring(client, world.near.team, template.content).url).content.decode()
    assert "Import 2 claims" in page


def test_a_ticket_that_waits_for_its_turn_can_have_it_now(world: World, log_in: LogIn) -> None:
    client, team = log_in(world.dan), world.near.team
    body = "claim,title,url\nFares rose by 12 per cent.,The fares,https://gazette.example/fares\n"
    confirm(client, bring(client, team, body).url)
    ticket = Ticket.objects.get(team=team, state=TicketState.OPEN)
    page = reverse("admin:claims_ticket_change", args=[ticket.pk])
    assert "Waits for its turn" in client.get(page).content.decode()
    begin = reverse("admin:claims_claim_open", args=[ticket.claim_id])
    for _ in range(2):
        assert client.post(begin, {"back": page}).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.state, ticket.events.count()) == (TicketState.GATHERING, 2)
    assert "Looking for sources" in client.get(page).content.decode()
    claim = client.get(reverse("admin:claims_claim_change", args=[ticket.claim_id]))
    assert "The fares · https://gazette.example/fares" in claim.content.decode()
