"""A lead deletes a copy's body: the reason is asked for, and pages say what went."""

from __future__ import annotations

import html
from typing import Any

from django.core.files.storage import default_storage
from django.urls import reverse

from claims.models import Evidence, Snapshot
from claims.models.bodies import store_body
from tests.admin.addresses import body_of
from tests.admin.conftest import LogIn
from tests.admin.test_teams import posted_form
from tests.admin.world import World


def quoted(world: World) -> tuple[Evidence, Snapshot]:
    pieces = Evidence.objects.filter(ticket=world.near.ticket).select_related("passage")
    piece = pieces.earliest("number")
    return piece, Snapshot.objects.get(pk=piece.passage.snapshot_id)


def address_of(copy: Snapshot) -> str:
    return reverse("admin:claims_snapshot_delete_body", args=[copy.pk])


def show(client: Any, name: str, pk: int) -> str:
    return html.unescape(body_of(client.get(reverse(f"admin:claims_{name}", args=[pk]))))


def test_a_body_goes_with_its_reason_and_every_page_says_so(world: World, log_in: LogIn) -> None:
    piece, copy = quoted(world)
    body = store_body(f"bytes of {copy.pk}".encode())
    Snapshot.objects.filter(pk=copy.pk).update(sha256=body.sha256, body_path=body.path)
    client = log_in(world.ada)
    assert address_of(copy) in show(client, "snapshot_change", copy.pk)
    assert client.post(address_of(copy), {"why": " "}).status_code == 422
    assert default_storage.exists(body.path)
    assert client.post(address_of(copy), {"why": "The publisher asked."}).status_code == 302
    assert not default_storage.exists(body.path)
    told = show(client, "snapshot_change", copy.pk)
    assert "The publisher asked." in told
    assert "Ada Brightwell" in told
    assert piece.passage.quote in told
    assert copy.text not in told
    assert address_of(copy) not in told
    told = show(client, "ticket_change", piece.ticket_id)
    assert "text was deleted by the team's rule" in told
    assert "does not stand at its place" not in told
    assert client.post(address_of(copy), {"why": "Again."}).status_code == 302
    assert "Again." not in show(client, "snapshot_change", copy.pk)


def test_a_reviewer_is_neither_offered_nor_allowed_it(world: World, log_in: LogIn) -> None:
    _, copy = quoted(world)
    client = log_in(world.ben)
    assert address_of(copy) not in show(client, "snapshot_change", copy.pk)
    assert client.post(address_of(copy), {"why": "No."}).status_code == 403
    assert not Snapshot.objects.filter(body_deleted_at__isnull=False).exists()


def test_a_lead_says_how_long_copies_are_kept(world: World, log_in: LogIn) -> None:
    address = reverse("admin:claims_team_change", args=[world.near.team.pk])
    client = log_in(world.ada)
    for typed, kept in (("365", 365), ("", None)):
        data = posted_form(client, address) | {"keep_copies_days": typed}
        assert client.post(address, data).status_code == 302
        world.near.team.refresh_from_db()
        assert world.near.team.keep_copies_days == kept
    data = posted_form(client, address) | {"keep_copies_days": "0"}
    assert client.post(address, data).status_code == 200
