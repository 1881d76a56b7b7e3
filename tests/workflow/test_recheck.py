"""Stored copies prove themselves: one changed byte or character is found, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from claims.models import Passage, Snapshot
from claims.models.bodies import store_body
from claims.workflow.recheck import verify_snapshots
from tests.people import Desk, add_evidence, open_one

COUNT = 60


@pytest.fixture
def snapshots(desk: Desk) -> list[Snapshot]:
    ticket = open_one(desk.team)
    pieces = [add_evidence(ticket, f"Line {number} of the register.") for number in range(COUNT)]
    return [piece.passage.snapshot for piece in pieces]


def flip_a_byte(snapshot: Snapshot) -> None:
    path = Path(default_storage.path(snapshot.body_path))
    body = bytearray(path.read_bytes())
    body[len(body) * (snapshot.pk % 7) // 7] ^= 1
    path.write_bytes(body)


def change_a_character(snapshot: Snapshot) -> None:
    changed = snapshot.text.replace("Register", "register", 1)
    Snapshot.objects.filter(pk=snapshot.pk).update(text=changed)


def change_the_quote(snapshot: Snapshot) -> None:
    Passage.objects.filter(snapshot=snapshot).update(quote="Line 0 of another register.")


def move_the_quote(snapshot: Snapshot) -> None:
    Passage.objects.filter(snapshot=snapshot).update(start=0)


def lose_the_file(snapshot: Snapshot) -> None:
    Path(default_storage.path(snapshot.body_path)).unlink()


def test_every_change_is_flagged_and_nothing_else(snapshots: list[Snapshot]) -> None:
    assert list(verify_snapshots()) == []
    damages = [flip_a_byte, change_a_character, change_the_quote, move_the_quote, lose_the_file]
    damaged = {}
    for place, snapshot in enumerate(snapshots[::2]):
        damage = damages[place % len(damages)]
        damage(snapshot)
        damaged[snapshot.pk] = damage.__name__
    found = dict(verify_snapshots())
    assert set(found) == set(damaged)
    assert all(found.values())


def test_of_a_thousand_copies_the_hundred_that_were_changed_are_named(desk: Desk) -> None:
    whole = add_evidence(open_one(desk.team), "The register.").passage.snapshot
    bodies = [store_body(f"Line {number} of the register.".encode()) for number in range(1000)]
    facts = {field.attname: getattr(whole, field.attname) for field in whole._meta.concrete_fields}
    for name in ("id", "search"):
        del facts[name]
    copies = Snapshot.objects.bulk_create(
        Snapshot(**facts | {"sha256": body.sha256, "body_path": body.path}) for body in bodies
    )
    assert list(verify_snapshots()) == []
    for copy in copies[::10]:
        flip_a_byte(copy)
    assert [pk for pk, _ in verify_snapshots()] == [copy.pk for copy in copies[::10]]


def test_every_single_byte_of_a_body_counts(snapshots: list[Snapshot]) -> None:
    snapshot = snapshots[0]
    path = Path(default_storage.path(snapshot.body_path))
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert len(list(verify_snapshots(limit=1))) == 1, at
    path.write_bytes(whole)
    assert list(verify_snapshots()) == []
