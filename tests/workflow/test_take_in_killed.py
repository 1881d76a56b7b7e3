"""An import killed at any point, repeated, or run twice at once: the same rows exactly once."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from claims.models import (
    Claim,
    ClaimImport,
    Errand,
    ImportedRow,
    Quantity,
    Team,
    Ticket,
    TicketEvent,
)
from claims.tasks import begin_import, begin_preview, is_under_way
from claims.tasks.imports import DISCARDED
from claims.vocabulary import ErrandKind, ErrandState, Role
from claims.workflow.errand import begin_errand
from claims.workflow.ingest import ingest_claim
from claims.workflow.recheck import verify_history
from claims.workflow.take_in import confirm_import, keep_file, keep_unread
from tests.people import make_person, make_team
from tests.tasks.workers import database_url, wait_until
from tests.together import meet_once, run_together
from tests.workflow.killed_import import PART_ROWS
from tests.working import work_all

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = 60
SEED = 20260
TEXTS = [f"The port of Varnholm handled {n + 1},000 tonnes of salt in 2023." for n in range(ROWS)]
BODY = "claim_text,note\n" + "".join(f'"{text}",line {n}\n' for n, text in enumerate(TEXTS))


class Forge:
    """The process that forks imports to be killed."""

    def __init__(self, running: subprocess.Popen[str]) -> None:
        self.running = running

    def run(self, team: str, point: str = "", variant: str = "") -> int:
        """One import; gives its exit code, -9 where it was killed."""
        order = {"team": team, "body": BODY, "point": point, "variant": variant}
        assert self.running.stdin
        assert self.running.stdout
        self.running.stdin.write(json.dumps(order) + "\n")
        self.running.stdin.flush()
        return int(self.running.stdout.readline())


@pytest.fixture
def forge(transactional_db: None) -> Iterator[Forge]:
    running = subprocess.Popen(
        [sys.executable, "-m", "tests.workflow.killed_import"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": database_url(), "PYTHONDONTWRITEBYTECODE": ""},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with running:
        yield Forge(running)
        assert running.stdin
        running.stdin.close()
        running.wait(30)


def count(team: Team) -> tuple[int, ...]:
    """How many rows of each noun the team has."""
    return (
        Claim.objects.filter(team=team).count(),
        Quantity.objects.filter(claim__team=team).count(),
        Ticket.objects.filter(team=team).count(),
        TicketEvent.objects.filter(ticket__team=team).count(),
        ImportedRow.objects.filter(source__team=team).count(),
        ClaimImport.objects.filter(team=team, state="done").count(),
    )


ALL = (ROWS, ROWS, ROWS, ROWS, ROWS, 1)
NONE = (0, 0, 0, 0, 0, 0)


def count_statements() -> int:
    """How many statements one confirmation has."""
    seen = 0

    def look(execute: Any, *rest: Any) -> Any:
        nonlocal seen
        seen += 1
        return execute(*rest)

    source, _ = keep_file(make_team("counted"), "a.csv", BODY.encode(), by=None)
    with connection.execute_wrapper(look):
        confirm_import(source, by=None)
    return seen


def test_killed_at_any_point_and_repeated_it_is_there_once(forge: Forge) -> None:
    total = count_statements()
    seeded = random.Random(SEED)
    points = ["before keeping", "kept", "before commit", "after commit"]
    points += [f"statement {number}" for number in [total, *seeded.sample(range(1, total), 3)]]
    # Claims, numbers, tickets, history and the file's lines: so many rows are sent.
    points += [f"row {number}" for number in seeded.sample(range(1, 5 * ROWS), 4)]
    for place, point in enumerate(points):
        team = make_team(f"desk-{place}")
        assert forge.run(team.slug, point) == -9, point
        # The server takes a moment to see that the other end is gone.
        expected = ALL if point == "after commit" else NONE
        wait_until(lambda team=team, expected=expected: count(team) == expected, 60)  # type: ignore[misc]
        assert forge.run(team.slug) == 0, point
        assert count(team) == ALL, point
        assert forge.run(team.slug) == 0, point
        assert count(team) == ALL, point
    assert verify_history().is_sound


def test_killed_between_and_within_parts_it_is_there_once(forge: Forge) -> None:
    """As the page takes a file in: whole parts stay, and whoever goes on begins after them."""
    points = [f"row {number}" for number in (1, 5 * PART_ROWS + 7)]
    points.append("statement 25")
    left = set()
    for place, point in enumerate(points):
        team = make_team(f"desk-{place}")
        make_person(f"ben-{place}", team, Role.CONTRIBUTOR)
        assert forge.run(team.slug, point, "parts") == -9, point
        wait_until(lambda team=team: is_whole(team), 60)  # type: ignore[misc]
        left.add(Claim.objects.filter(team=team).count())
        assert forge.run(team.slug, "", "parts") == 0, point
        assert count(team) == ALL, point
        assert Errand.objects.get(team=team).state == ErrandState.DONE
        assert forge.run(team.slug, "", "parts") == 0, point
        assert count(team) == ALL, point
    assert len(left) > 1
    assert verify_history().is_sound


@pytest.mark.parametrize("is_guarded", [True, False])
def test_four_who_have_it_taken_in_at_once_begin_it_once(is_guarded: bool) -> None:
    team = make_team("harbour-desk")
    ben = make_person("ben", team, Role.CONTRIBUTOR)
    source, _ = keep_file(team, "a.csv", BODY.encode(), by=ben)

    def begin(_: int) -> bool:
        if is_guarded:
            return begin_import(source, by=ben)[1]
        # The control asks for the work without looking whether somebody did.
        return bool(begin_errand(team, ErrandKind.IMPORT, by=ben))

    assert sum(run_together(4, begin)) == (1 if is_guarded else 4)
    assert Errand.objects.count() == (1 if is_guarded else 4)
    if is_guarded:
        # What the command finishes meanwhile is done, and its errand with it.
        confirm_import(source, by=None)
        work_all()
        assert count(team) == ALL
        assert Errand.objects.get().state == ErrandState.DONE


@pytest.mark.parametrize("is_guarded", [True, False])
def test_four_who_have_it_previewed_at_once_begin_it_once(is_guarded: bool) -> None:
    team = make_team("harbour-desk")
    ben = make_person("ben", team, Role.CONTRIBUTOR)
    source = keep_unread(team, "a.csv", BODY.encode(), by=ben)
    meet = meet_once(4)

    def begin(_: int) -> None:
        if is_guarded:
            begin_preview(source, by=ben)
            return
        # The control looks, and then asks.
        is_wanted = not is_under_way(ClaimImport.objects.select_related("errand").get())
        meet()
        if is_wanted:
            source.errand = begin_errand(team, ErrandKind.PREVIEW, by=ben)
            source.save(update_fields=["errand"])

    run_together(4, begin)
    assert Errand.objects.count() == (1 if is_guarded else 4)
    if is_guarded:
        # Somebody discards the file in that moment: its errand says so and ends.
        ClaimImport.objects.all().delete()
        work_all()
        assert Errand.objects.get().told == DISCARDED


def is_whole(team: Team) -> bool:
    """Whether a dead worker's session is gone and nothing but whole parts is left."""
    source = ClaimImport.objects.get(team=team)
    stored = count(team)[:5]
    return source.taken_count % PART_ROWS == 0 and stored == (source.taken_count,) * 5


def test_the_control_keeps_half_and_doubles_the_rest(forge: Forge) -> None:
    half, whole = make_team("half-desk"), make_team("whole-desk")
    assert forge.run(half.slug, f"statement {ROWS // 2}", "unguarded") == -9
    assert 0 < Claim.objects.filter(team=half).count() < ROWS
    assert forge.run(half.slug, "", "unguarded") == 0
    assert Claim.objects.filter(team=half).count() > ROWS
    assert forge.run(whole.slug, "after commit", "unguarded") == -9
    assert forge.run(whole.slug, "", "unguarded") == 0
    assert Claim.objects.filter(team=whole).count() == 2 * ROWS


def test_two_who_confirm_one_file_at_once_do_it_once() -> None:
    team = make_team("harbour-desk")
    kept = run_together(4, lambda _: keep_file(team, "a.csv", BODY.encode(), by=None)[0].pk)
    assert len(set(kept)) == 1
    source = ClaimImport.objects.get()
    did = run_together(4, lambda _: confirm_import(source, by=None)[1])
    assert sorted(did) == [False, False, False, True]
    assert count(team) == ALL
    assert verify_history().is_sound


def test_two_files_with_the_same_claims_at_once_store_each_once() -> None:
    team = make_team("harbour-desk")
    lines = BODY.splitlines()
    bodies = [BODY, "\n".join([lines[0], *reversed(lines[1:])])]
    sources = [keep_file(team, f"{n}.csv", bodies[n].encode(), by=None)[0] for n in (0, 1)]
    done = run_together(2, lambda n: confirm_import(sources[n], by=None)[0])
    assert sorted((one.new_count, one.known_count) for one in done) == [(0, ROWS), (ROWS, 0)]
    assert Claim.objects.count() == Ticket.objects.count() == TicketEvent.objects.count() == ROWS


def test_a_claim_typed_in_the_same_instant_is_found_and_linked() -> None:
    for tried in range(4):
        team = make_team(f"desk-{tried}")
        source, _ = keep_file(team, "a.csv", BODY.encode(), by=None)

        def act(number: int, team: Team = team, source: ClaimImport = source) -> None:
            if number:
                ingest_claim(team, TEXTS[ROWS // 2])
            else:
                confirm_import(source, by=None)

        run_together(2, act)
        assert count(team)[:2] == ALL[:2]
        assert Ticket.objects.filter(team=team).count() == ROWS


def test_the_control_without_a_key_doubles_what_two_store_at_once() -> None:
    """The same two files, kept apart by nothing: no lock, no key that both would make."""
    from tests.workflow.killed_import import bring_in_unguarded

    team = make_team("harbour-desk")
    run_together(2, lambda _: bring_in_unguarded(team, BODY.encode(), ""))
    assert Claim.objects.count() == 2 * ROWS
