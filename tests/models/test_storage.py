"""Stored bodies in a storage that is no folder, as an object store is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage
from django.test import override_settings
from django.utils import timezone

from claims.models import Snapshot, Team, Ticket
from claims.models.bodies import BodyDamaged, hold_bodies, load_body, store_body
from claims.vocabulary import TicketState
from claims.workflow.recheck import verify_snapshots
from claims.workflow.retention import delete_old_bodies
from tests.people import Desk, add_evidence, open_one


class ObjectStore(Storage):
    """Bytes by name and no folder to find them in, as an object store keeps them."""

    held: ClassVar[dict[str, bytes]] = {}

    def _open(self, name: str, mode: str = "rb") -> ContentFile:  # type: ignore[type-arg]
        if name not in self.held:
            raise ObjectMissing(name)
        return ContentFile(self.held[name])

    def _save(self, name: str, content: Any) -> str:
        self.held[name] = content.read()
        return name

    def exists(self, name: str) -> bool:
        """Whether there is such an object."""
        return name in self.held

    def delete(self, name: str) -> None:
        """Let go of it, if it is there."""
        self.held.pop(name, None)


class ObjectMissing(Exception):
    """An error of the store's own, as their clients raise."""


ELSEWHERE = {
    "default": {"BACKEND": "tests.models.test_storage.ObjectStore"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


@pytest.fixture(autouse=True)
def _elsewhere() -> Iterator[None]:
    ObjectStore.held.clear()
    with override_settings(STORAGES=ELSEWHERE):
        yield


def test_a_body_is_kept_once_and_comes_back() -> None:
    with pytest.raises(NotImplementedError):
        default_storage.path("x")
    first, second = store_body(b"the same bytes"), store_body(b"the same bytes")
    assert first == second
    assert load_body(first.path, first.sha256) == b"the same bytes"
    assert list(ObjectStore.held) == [first.path]


def test_a_file_that_is_missing_or_altered_is_an_error() -> None:
    body = store_body(b"to be altered")
    ObjectStore.held[body.path] = b"something else"
    with pytest.raises(BodyDamaged):
        load_body(body.path, body.sha256)
    default_storage.delete(body.path)
    with pytest.raises(BodyDamaged):
        load_body(body.path, body.sha256)


def test_who_comes_second_leaves_no_second_file(monkeypatch: pytest.MonkeyPatch) -> None:
    body = store_body(b"written twice at once")
    # As a writer sees it that asked before the first had written.
    monkeypatch.setattr(ObjectStore, "exists", blind_once(ObjectStore.exists))
    assert store_body(b"written twice at once") == body
    assert list(ObjectStore.held) == [body.path]


def blind_once(ask: Any) -> Any:
    asked: list[str] = []

    def exists(self: Any, name: str) -> bool:
        asked.append(name)
        return False if len(asked) == 1 else bool(ask(self, name))

    return exists


@pytest.mark.django_db
def test_copies_are_proven_held_and_let_go_there_too(desk: Desk) -> None:
    ticket = open_one(desk.team)
    snapshot = add_evidence(ticket).passage.snapshot
    assert list(verify_snapshots()) == []
    hold_bodies([(store_body(b"held"), b"held")])
    then = timezone.now() - timedelta(days=40)
    Snapshot.objects.filter(pk=snapshot.pk).update(fetched_at=then, read_at=then)
    Ticket.objects.filter(pk=ticket.pk).update(state=TicketState.CLOSED)
    Team.objects.filter(pk=desk.team.pk).update(keep_copies_days=30)
    assert delete_old_bodies() == 1
    assert not default_storage.exists(snapshot.body_path)
    assert list(verify_snapshots()) == []
