"""The house's record: who may do what, by which rules verdicts are given, and what left the house.

Promises: one chain for the whole install, written by the database itself whenever a membership,
an account's standing or a team's rules change, by whatever way; each line carries the digest of
the line before and is never changed or dropped. Refuses to know why: a line says what was and is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, models, transaction

from claims.models.access import Person, TeamScopedQuerySet
from claims.models.team import Membership, Team
from claims.vocabulary import HouseAction


class HouseEvent(models.Model):
    """One line of the record; ``changes`` is JSON as it was written, old and new by name.

    ``team`` is empty where the whole install is meant; no key holds it or the actor, for the
    line outlasts both.
    """

    TEAM_PATH: ClassVar[str] = "team"

    sequence = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.DO_NOTHING, db_constraint=False,
        related_name="+",
    )  # fmt: skip
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.DO_NOTHING,
        db_constraint=False, related_name="+",
    )  # fmt: skip
    actor_name = models.CharField(max_length=150, blank=True)
    action = models.CharField(max_length=16, choices=HouseAction.choices())
    subject = models.TextField(blank=True)
    changes = models.TextField(blank=True)
    previous_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    objects = TeamScopedQuerySet["HouseEvent"].as_manager()

    class Meta:
        ordering = ["sequence"]

    def __str__(self) -> str:
        return f"{self.action}: {self.subject}"


def digest_line(line: HouseEvent) -> str:
    """SHA-256 over the line and the digest before it, as the database writes it."""
    spoken = [
        line.sequence,
        line.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f"),
        line.team_id,
        line.actor_id,
        line.actor_name,
        line.action,
        line.subject,
        line.changes,
        line.previous_digest,
    ]
    return hashlib.sha256(json.dumps(spoken, ensure_ascii=False).encode()).hexdigest()


def act_as(person: Person) -> None:
    """Name who makes the changes of the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('claims.actor', %s, true)", [str(person.pk)])


def record_export(
    what: str, teams: Iterable[Team | int | None], asked: Mapping[str, Any], *, by: Person | None
) -> None:
    """Write down that rows of these teams left the house as the file ``what``.

    ``None`` among the teams is the whole install; ``by`` ``None`` is the terminal.
    """
    told = json.dumps(dict(asked), sort_keys=True, ensure_ascii=False, default=str)
    keys = [one.pk if isinstance(one, Team) else one for one in teams]
    with transaction.atomic(), connection.cursor() as cursor:
        if by is not None:
            act_as(by)
        cursor.execute(
            "SELECT claims_record(%s, one, %s, %s) FROM unnest(%s::bigint[]) AS one",
            [HouseAction.EXPORTED.value, what, told, keys],
        )


def walk_record() -> tuple[list[str], dict[str, Any] | None]:
    """The digest of every line, and the first bad one, in the caller's transaction.

    Bad is also who has a role or stands above all teams without a line that says so.
    """
    digests: list[str] = []
    bad: dict[str, Any] | None = None
    told: dict[tuple[int | None, int], Any] = {}
    for place, line in enumerate(HouseEvent.objects.order_by("sequence").iterator(), start=1):
        problem = _problem_with(line, place, digests[-1] if digests else "")
        if problem and bad is None:
            bad = _bad(line.sequence, problem)
        digests.append(line.digest)
        if bad is None and line.action != HouseAction.EXPORTED:
            _replay(line, told)
    return digests, bad or _unrecorded(told, len(digests))


def _problem_with(line: HouseEvent, place: int, previous: str) -> str:
    if line.sequence != place:
        return f"line {place} is missing"
    if line.previous_digest != previous:
        return "it does not follow the line before it"
    if digest_line(line) != line.digest:
        return "its words are not those that were written"
    try:
        is_told = isinstance(json.loads(line.changes), dict)
    except ValueError:
        is_told = False
    return "" if is_told else "what it changed cannot be read"


def _replay(line: HouseEvent, told: dict[tuple[int | None, int], Any]) -> None:
    """Who has which role in which team after this line; above all teams under no team."""
    changes = json.loads(line.changes)
    if line.action == HouseAction.ACCOUNT_CHANGED and "is_superuser" in changes:
        told[None, changes["user"]] = changes["is_superuser"][1] or None
    elif "role" in changes:
        told[line.team_id, changes["user"]] = changes["role"][1]


def _unrecorded(told: Mapping[tuple[int | None, int], Any], lines: int) -> dict[str, Any] | None:
    """The first person whose standing is not what the last line about it says."""
    members = Membership.objects.values_list("team_id", "user_id", "role")
    above = get_user_model().objects.filter(is_superuser=True).values_list("pk", flat=True)
    found: dict[tuple[int | None, int], Any] = {(team, user): role for team, user, role in members}
    found.update({(None, user): True for user in above})
    for key in sorted({*found, *told}, key=str):
        if found.get(key) != told.get(key):
            team, user = key
            where = f"in team {team}" if team else "above all teams"
            now, was = found.get(key) or "nobody", told.get(key) or "nobody"
            return _bad(lines, f"account {user} is {now} {where}, but its record says {was}")
    return None


def _bad(sequence: int, problem: str) -> dict[str, Any]:
    return {"ticket": None, "sequence": sequence, "problem": problem}
