"""Two desks: one looks, the other has a word of its own in every text. Who looks is a column."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from claims.models import Errand, Membership
from claims.vocabulary import Role
from claims.workflow.take_in import keep_file
from tests.admin.matrix.canaries import list_models, plant
from tests.admin.matrix.reading import Reading, read_pages
from tests.admin.matrix.walking import PlainClient
from tests.admin.ticket.rows import make_person
from tests.admin.world import Desk, make_desk, make_scale, make_team

# A word inside a file that waits to be imported.
FILE_WORD = "kxqfffz"
FIRST_FAR_KEY = 7_340_001


@dataclass(frozen=True, slots=True)
class Two:
    """The outsiders' desk, the desk that is looked at, its people, and what was read before it."""

    near: Desk
    far: Desk
    people: dict[str, Any]
    before: dict[str, Reading]


@pytest.fixture(scope="module")
def shared_two(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Two]:
    """Made once for a module, rolled back at its end; what a test does is rolled back before."""
    logging.disable(logging.CRITICAL)
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_two(is_read_before=getattr(request.module, "IS_READ_BEFORE", False))
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)


@pytest.fixture
def two(shared_two: Two, db: None) -> Two:
    return shared_two


@pytest.fixture
def enter(two: Two) -> Callable[[str], Client]:
    def log_in(who: str) -> Client:
        return client_of(two.people[who])

    return log_in


def client_of(person: Any) -> Client:
    """A browser in which the person is signed in; nobody for ``None``."""
    client = PlainClient()
    if person is not None:
        client.force_login(person)
    return client


def make_two(*, is_read_before: bool = False) -> Two:
    """The near desk first: its lead may read every page before the far desk exists."""
    scale = make_scale()
    team = make_team("Economy desk", scale)
    people: dict[str, Any] = {
        "anonymous": None,
        "nobody": make_person("sam", "Sam Nobody"),
        "other_reviewer": make_person("ben", "Ben Okafor", team, Role.REVIEWER),
        "other_lead": make_person("ada", "Ada Brightwell", team, Role.LEAD),
    }
    near = make_desk(team, people["other_reviewer"], people["other_lead"], "")
    keep_file(
        team, "near.csv", b"claim_text\nThe port handled 12 tonnes of salt in 2023.\n", by=None
    )
    Errand.objects.create(team=team, kind="check", told="Ticket 1.")
    before = {
        who: read_pages(client_of(people[who]), near) for who in ("other_lead",) if is_read_before
    }
    number_far_apart()
    other = make_team("Science desk", scale)
    for role in (Role.CONTRIBUTOR, Role.REVIEWER, Role.LEAD):
        people[role.value] = make_person(f"far-{role.value}", f"Far {role.label}", other, role)
    people["admin"] = make_person("boss", "Bo Overall")
    people["admin"].is_superuser = True
    people["admin"].save()
    far = make_desk(other, people["reviewer"], people["lead"], "")
    keep_file(
        other, "far.csv", f"claim_text\nIn 2023 {FILE_WORD} shipped 9 tonnes.\n".encode(), by=None
    )
    far = plant(far)
    for person in people.values():
        if person is not None:
            person.refresh_from_db()
    for row in (far.team, far.article, far.claim, far.ticket, far.source, far.page, far.job):
        row.refresh_from_db()
    return Two(near=near, far=far, people=people, before=before)


def number_far_apart() -> None:
    """Rows from here on have keys that stand in no text; undone with the transaction."""
    with connection.cursor() as cursor:
        for model in list_models():
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [model._meta.db_table])
            (sequence,) = cursor.fetchone()
            cursor.execute(f"ALTER SEQUENCE {sequence} RESTART WITH {FIRST_FAR_KEY}")


def join(person: Any, desk: Desk, role: Role) -> Membership:
    """The person in another team as well."""
    return Membership.objects.create(team=desk.team, user=person, role=role)
