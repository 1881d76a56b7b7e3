"""The house's record: no role, rule or export changes without a line, and no line changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction

from claims.models import HouseEvent, Membership, Rating, Team
from claims.models.house import act_as, digest_line, record_export
from claims.vocabulary import Role
from claims.workflow.equip import SCALES
from claims.workflow.recheck import verify_history
from tests.people import Desk, make_desk
from tests.together import run_together


def lines_after(count: int) -> list[tuple[str, str, Any]]:
    rows = HouseEvent.objects.filter(sequence__gt=count).order_by("sequence")
    return [(one.action, one.subject, json.loads(one.changes)) for one in rows]


def by_sql(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_every_way_of_changing_a_role_leaves_a_line(desk: Desk) -> None:
    ben, rows = desk.ben, Membership.objects.filter(user=desk.ben)
    begun = HouseEvent.objects.count()
    assert begun == 5, "one for each member"

    def save() -> None:
        row = rows.get()
        row.role = Role.LEAD
        row.save()

    def bulk() -> None:
        row = rows.get()
        row.role = Role.ADMIN
        Membership.objects.bulk_update([row], ["role"])

    ways: list[Callable[[], Any]] = [
        save,
        bulk,
        lambda: rows.update(role=Role.REVIEWER),
        lambda: by_sql("UPDATE claims_membership SET role = 'lead' WHERE user_id = %s", ben.pk),
        lambda: rows.delete(),
        lambda: Membership.objects.bulk_create([Membership(team=desk.team, user=ben, role="lead")]),
        lambda: rows.update(team=desk.other),
        lambda: rows._raw_delete("default"),
    ]
    for way in ways:
        way()
    assert [(action, told["role"]) for action, _, told in lines_after(begun)] == [
        ("member_changed", ["reviewer", "lead"]),
        ("member_changed", ["lead", "admin"]),
        ("member_changed", ["admin", "reviewer"]),
        ("member_changed", ["reviewer", "lead"]),
        ("member_removed", ["lead", None]),
        ("member_added", [None, "lead"]),
        ("member_removed", ["lead", None]),
        ("member_added", [None, "lead"]),
        ("member_removed", ["lead", None]),
    ]
    rows = Membership.objects.filter(user=desk.chloe)
    quiet = HouseEvent.objects.count()
    rows.update(limit=3)
    rows.get().save()
    assert HouseEvent.objects.count() == quiet, "nothing of this gives or takes a right"
    assert verify_history().is_sound


def test_accounts_rules_and_exports_are_lines_with_who_did_it(desk: Desk) -> None:
    begun = HouseEvent.objects.count()
    act_as(desk.ada)
    desk.ben.is_superuser = True
    desk.ben.save()
    get_user_model().objects.filter(pk=desk.dan.pk).update(is_active=False)
    Team.objects.filter(pk=desk.team.pk).update(confirmation="none", blind_percent=7)
    record_export("verdicts", [desk.team, None], {"versions": "all"}, by=desk.chloe)
    assert lines_after(begun) == [
        ("account_changed", "ben", {"user": desk.ben.pk, "is_superuser": [False, True]}),
        ("account_changed", "dan", {"user": desk.dan.pk, "is_active": [True, False]}),
        ("rules_changed", desk.team.name, {
            "blind_percent": [0, 7], "confirmation": ["other_reviewer", "none"],
        }),
        ("exported", "verdicts", {"versions": "all"}),
        ("exported", "verdicts", {"versions": "all"}),
    ]  # fmt: skip
    rows = HouseEvent.objects.filter(sequence__gt=begun)
    assert [one.actor_name for one in rows] == ["Ada", "Ada", "Ada", "Chloe", "Chloe"]
    assert [one.team_id for one in rows] == [None, None, *[desk.team.pk] * 2, None]
    assert set(HouseEvent.objects.visible_to(desk.chloe)) == {
        one for one in HouseEvent.objects.all() if one.team_id == desk.team.pk
    }
    assert verify_history().is_sound


HOSTILE = 'é “x" \\ \n\t\x1f\x7f\u2028 ' + "𝔘" + "'; --"


def test_whatever_a_line_says_keeps_its_digest(desk: Desk) -> None:
    record_export(HOSTILE, [desk.team], {HOSTILE: HOSTILE}, by=None)
    line = HouseEvent.objects.latest("sequence")
    assert line.subject == HOSTILE
    assert digest_line(line) == line.digest
    assert verify_history().is_sound


# Tampering ----------------------------------------------------------------------------


def bypass(sql: str, *values: Any) -> None:
    """What somebody with the owner's password and an SQL prompt could do."""
    tables = ("claims_houseevent", "claims_membership", "auth_user")
    by_sql("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        by_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    by_sql(sql, *values)
    for table in tables:
        by_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")


TAMPERINGS = {
    "alter": ("UPDATE claims_houseevent SET changes = '{}' WHERE sequence = 3", 3),
    "remove": ("DELETE FROM claims_houseevent WHERE sequence = 3", 4),
    "close the gap": (
        "DELETE FROM claims_houseevent WHERE sequence = 3;"
        " UPDATE claims_houseevent SET sequence = sequence - 1 WHERE sequence = 4;"
        " UPDATE claims_houseevent SET sequence = sequence - 1 WHERE sequence = 5",
        3,
    ),
    "forge": (
        "UPDATE claims_houseevent SET subject = 'nobody', digest = repeat('0', 64)"
        " WHERE sequence = 3",
        3,
    ),
    "reorder": (
        "UPDATE claims_houseevent SET sequence = 99 WHERE sequence = 3;"
        " UPDATE claims_houseevent SET sequence = 3 WHERE sequence = 4;"
        " UPDATE claims_houseevent SET sequence = 4 WHERE sequence = 99",
        3,
    ),
    "a silent role": ("UPDATE claims_membership SET role = 'admin' WHERE role = 'contributor'", 5),
    "a silent member": ("DELETE FROM claims_membership WHERE role = 'contributor'", 5),
    "a silent superuser": ("UPDATE auth_user SET is_superuser = true WHERE username = 'eve'", 5),
    "all of it": ("DELETE FROM claims_houseevent", 0),
    "cut the end": ("DELETE FROM claims_houseevent WHERE sequence = 5", 4),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_tampering_is_found_and_its_line_named(desk: Desk, name: str) -> None:
    sql, sequence = TAMPERINGS[name]
    assert verify_history().is_sound
    bypass(sql)
    bad = verify_history().first_bad
    assert bad is not None
    assert (bad["ticket"], bad["sequence"]) == (None, sequence), bad


def test_an_export_cut_off_the_end_is_shown_by_the_kept_head(desk: Desk) -> None:
    record_export("verdicts", [desk.team], {}, by=desk.ada)
    kept = verify_history()
    record_export("verdicts", [desk.team], {}, by=desk.ada)
    assert verify_history(kept_records=kept.records).kept_record == kept.record_head
    bypass("DELETE FROM claims_houseevent WHERE sequence > 5")
    proof = verify_history(kept_records=kept.records)
    assert proof.is_sound
    assert proof.kept_record != kept.record_head


def test_the_database_refuses_to_change_the_record(desk: Desk) -> None:
    for change in (
        lambda: HouseEvent.objects.update(subject="nobody"),
        lambda: HouseEvent.objects.all()._raw_delete("default"),
        lambda: HouseEvent.objects.earliest("sequence").save(),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()


@pytest.mark.django_db(transaction=True)
def test_eight_who_change_roles_at_once_make_one_chain() -> None:
    desk = make_desk()
    people = [desk.ada, desk.ben, desk.chloe, desk.dan]

    def change(number: int) -> None:
        rows = Membership.objects.filter(user=people[number % 4], team=desk.team)
        for role in (Role.LEAD, Role.REVIEWER) * 5:
            with transaction.atomic():
                act_as(people[number % 4])
                rows.update(role=role)

    run_together(8, change)
    numbers = list(HouseEvent.objects.order_by("sequence").values_list("sequence", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert verify_history().is_sound


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_writers_collide() -> None:
    desk = make_desk()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('claims_record'::regproc)")
        (guarded,) = cursor.fetchone()
        lock = "PERFORM pg_advisory_xact_lock(hashtextextended('claims_houseevent', 0));"
        assert lock in guarded
        cursor.execute(guarded.replace(lock, ""))

    def export(number: int) -> int:
        lost = 0
        for _ in range(40):
            try:
                record_export(f"verdicts {number}", [desk.team], {}, by=None)
            except IntegrityError:
                lost += 1
        return lost

    try:
        assert sum(run_together(8, export)) > 0
    finally:
        by_sql(guarded)


def test_shipped_ratings_of_before_get_the_examples_and_changed_ones_do_not(db: None) -> None:
    shipped = {(scale.slug, one.label): one.examples for scale in SCALES for one in scale.ratings}
    Rating.objects.update(examples="")
    own = Rating.objects.get(scale__slug="plain-3", label="Mixed")
    Rating.objects.filter(pk=own.pk).update(definition="Our own words.")
    by_sql(import_module("claims.migrations.0039_house_record").EXAMPLES)
    shipped["plain-3", "Mixed"] = ""
    assert {
        (one.scale.slug, one.label): one.examples for one in Rating.objects.select_related("scale")
    } == shipped
