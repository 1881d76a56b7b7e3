"""Corrections: kept beside the change, and never changed or dropped afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from claims.models import Correction
from claims.models.correction import keep_correction
from claims.vocabulary import CorrectionKind
from tests.people import Desk, make_claim, make_desk


def keep_one(desk: Desk, **fields: Any) -> Correction:
    fields.setdefault("claim_id", make_claim(desk.team).pk)
    return keep_correction(
        CorrectionKind.FRAME_FIELD, by=desk.dan, team_id=desk.team.pk, field="place", **fields
    )


def test_it_keeps_both_sides_with_who_and_when(desk: Desk) -> None:
    kept = keep_one(desk, machine={"text": "Ch\x00ile"}, person={"text": "Peru"})
    stored = Correction.objects.get(pk=kept.pk)
    assert (stored.machine, stored.person) == ({"text": "Chile"}, {"text": "Peru"})
    assert stored.made_by == desk.dan
    assert stored.made_at.tzinfo is not None
    assert str(stored) == "Frame field place"


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_database_refuses_to_change_or_drop_one(desk: Desk, verb: str) -> None:
    kept = keep_one(desk)
    statement = {
        "update": "UPDATE claims_correction SET person = '1' WHERE id = %s",
        "delete": "DELETE FROM claims_correction WHERE id = %s",
    }[verb]
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [kept.pk])
    # The control: without the trigger the same statement goes through.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE claims_correction DISABLE TRIGGER USER")
        cursor.execute(statement, [kept.pk])
        assert cursor.rowcount == 1
        cursor.execute("ALTER TABLE claims_correction ENABLE TRIGGER USER")


def test_it_is_about_a_claim_or_an_article(desk: Desk) -> None:
    with pytest.raises(IntegrityError, match="correction_is_about_something"), transaction.atomic():
        keep_one(desk, claim_id=None)


def test_another_team_does_not_see_it(desk: Desk) -> None:
    kept = keep_one(desk)
    assert kept in Correction.objects.visible_to(desk.ben)
    assert kept not in Correction.objects.visible_to(desk.eve)


@pytest.mark.django_db(transaction=True)
def test_it_is_kept_only_with_the_change_it_speaks_of() -> None:
    with pytest.raises(RuntimeError):
        keep_one(make_desk())
