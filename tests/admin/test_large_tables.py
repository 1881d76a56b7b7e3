"""Pages that must not walk a large table: each asks along an index, and the planner is asked.

On small tables everything is a walk, so the planner is told to walk nothing that has an index.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.admin.counted import left_stage
from claims.models import Job, Page, Ticket
from claims.vocabulary import JobKind, JobState, TicketState
from claims.workflow.gather import jobs_of
from tests.admin.conftest import LogIn
from tests.admin.test_scale import grow
from tests.admin.world import World


def plan_of(sql: str) -> str:
    """How the database would answer, were every table large."""
    with connection.cursor() as cursor:
        for setting in ("seqscan", "bitmapscan", "hashjoin", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{setting} = off")
        cursor.execute(f"EXPLAIN {sql}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute("RESET ALL")
    return plan


def plan_of_rows(rows: Any) -> str:
    with connection.cursor() as cursor:
        sql, values = rows.query.sql_with_params()
        return plan_of(cursor.cursor.mogrify(sql, values))


def plans_of_page(client: Client, address: str, *, naming: str) -> list[str]:
    """Of the page's statements that name a table."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    found = [one["sql"] for one in captured if naming in one["sql"]]
    assert found
    return [plan_of(sql) for sql in found]


@pytest.fixture
def large(world: World) -> World:
    """A few hundred rows of all, counted: of empty tables the planner may choose anything."""
    grow(world, 300, "many")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return world


def test_a_tickets_jobs_are_found_by_what_they_work_on(large: World) -> None:
    """Control: as one condition there is no way to them but through all that is not done."""
    ticket = large.near.ticket
    plan = plan_of_rows(Job.objects.filter(jobs_of(ticket)).exclude(state=JobState.DONE))
    assert plan.count("job_subject") == 4, plan
    pages = Page.objects.filter(results__search__ticket=ticket)
    together = Job.objects.filter(
        Q(kind=JobKind.FETCH, subject_id__in=pages.values("pk"))
        | Q(kind=JobKind.READ, subject_id__in=pages.values("snapshots"))
        | Q(kind=JobKind.WEIGH, subject_id=ticket.pk)
    )
    assert "job_subject" not in plan_of_rows(together)


def test_who_left_a_stage_is_asked_of_its_own_index(large: World) -> None:
    """With the others away, because a small history may as well be read along any of them."""
    tickets = Ticket.objects.filter(team=large.near.team).order_by("-priority", "id")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("DROP INDEX event_newest")
        cursor.execute("ALTER TABLE claims_ticketevent DROP CONSTRAINT one_event_per_sequence")
    plan = plan_of_rows(left_stage(tickets, TicketState.READY)[:50])
    assert "Index Only Scan using event_left" in plan, plan
    assert "Index Cond: ((from_state = " in plan


def test_pages_ask_along_their_indexes(large: World, log_in: LogIn) -> None:
    """A copy's tickets by the page that was found, the newest corrections by when they came."""
    client = log_in(large.ada)
    copy = reverse("admin:claims_snapshot_change", args=[large.near.snapshot.pk])
    (plan,) = plans_of_page(client, copy, naming='"claims_searchresult"')
    assert "Index Cond: (page_id = " in plan, plan
    corrections = reverse("admin:claims_corrections")
    plans = plans_of_page(client, corrections, naming='"correction_of_id" IS')
    assert any("verdict_correction_newest" in plan for plan in plans), plans
