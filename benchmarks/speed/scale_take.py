"""*Take next* by eight client processes against the barest statement that could do it.

Promises reference and product turn by turn on the same rows in the same run. The reference is
one ``UPDATE`` of a row picked by ``FOR UPDATE SKIP LOCKED``, through a bare driver, without
checking who asks, without history. Both commit each ticket (or batch) durably.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

CLIENTS, TAKES, BATCH, ROUNDS, TEAM = 8, 200, 20, 3, 1
REFERENCE = """UPDATE claims_ticket SET state = 'in_review', reserved_by_id = %s,
    reserved_until = now() + interval '45 minutes', version = version + 1
WHERE id = (SELECT id FROM claims_ticket WHERE team_id = %s AND state = 'ready'
    ORDER BY priority DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id"""

Taker = Callable[[], list[int]]


def bare(person_id: int) -> Taker:
    """One statement, one row."""
    import psycopg

    link = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)

    def take() -> list[int]:
        return [row[0] for row in link.execute(REFERENCE, [person_id, TEAM]).fetchall()]

    return take


def ours(person_id: int) -> Taker:
    """The product's verb."""
    from claims.workflow.assign import take_next

    team, person = _who(person_id)

    def take() -> list[int]:
        ticket = take_next(team, person)
        return [ticket.pk] if ticket else []

    return take


def batches(person_id: int) -> Taker:
    """The product's verb for many."""
    from claims.workflow.assign import take_many

    team, person = _who(person_id)
    return lambda: [ticket.pk for ticket in take_many(team, person, count=BATCH)]


def assigned(person_id: int) -> Taker:
    """A lead gives the next twenty to a reviewer."""
    from claims.workflow.assign import assign_next

    team, person = _who(person_id)
    _, lead = _who(TEAM * 10)
    return lambda: [ticket.pk for ticket in assign_next(team, person, count=BATCH, by=lead)]


def spread(_person_id: int) -> Taker:
    """A lead spreads the next twenty over whoever has least."""
    from claims.vocabulary import Spread
    from claims.workflow.distribute import distribute_tickets

    team, lead = _who(TEAM * 10)

    def take() -> list[int]:
        # Which ones went stands in the histories; how many is what is told.
        return [0] * distribute_tickets(team, Spread.LOAD, count=BATCH, by=lead).count

    return take


def measure_take() -> dict[str, Any]:
    """Tickets a second of each way, the ratios to the reference, and tickets handed out twice."""
    ways: dict[str, tuple[Callable[[int], Taker], int]] = {
        "bare": (bare, TAKES),
        "one": (ours, TAKES),
        "batch": (batches, TAKES // BATCH * 2),
        "assign": (assigned, TAKES // BATCH * 2),
        "spread": (spread, TAKES // BATCH * 2),
    }
    rates: dict[str, list[float]] = {name: [] for name in ways}
    doubles = 0
    for _ in range(ROUNDS):
        for name, (make, times) in ways.items():
            _refill()
            rate, more = _race(make, times)
            rates[name].append(rate)
            doubles += more if make is not spread else 0
    best = {name: max(values) for name, values in rates.items()}
    return {
        **{f"{name}/s": round(value) for name, value in best.items()},
        **{f"{name}/bare": round(best[name] / best["bare"], 2) for name in ways if name != "bare"},
        "doubles": doubles,
    }


def _who(person_id: int) -> tuple[Any, Any]:
    from django.contrib.auth import get_user_model

    from claims.models import Team

    return Team.objects.get(pk=TEAM), get_user_model()._default_manager.get(pk=person_id)


def _refill() -> None:
    """Everything unfinished of the team waits again, and enough of what was closed."""
    from django.db import connection

    need = CLIENTS * (TAKES * 2 + BATCH * 2)
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE claims_ticket SET state = 'ready', assigned_to_id = NULL,
                reserved_by_id = NULL, reserved_until = NULL
            WHERE team_id = %s AND (
                state = 'in_review' OR (state = 'ready' AND assigned_to_id IS NOT NULL)
                OR id IN (SELECT id FROM claims_ticket WHERE team_id = %s AND state = 'closed'
                    ORDER BY id LIMIT greatest(0, %s - (SELECT count(*) FROM claims_ticket
                        WHERE team_id = %s AND state = 'ready')))
            )""",
            [TEAM, TEAM, need, TEAM],
        )
        cursor.execute("VACUUM ANALYZE claims_ticket")
    connection.close()


def _race(make: Callable[[int], Taker], times: int) -> tuple[float, int]:
    """Tickets a second over all clients, and how many were handed out more than once."""
    context = multiprocessing.get_context("fork")
    barrier, answers = context.Barrier(CLIENTS), context.Queue()

    def run(number: int) -> None:
        take = make(TEAM * 10 + 1 + number % 3)
        take()
        barrier.wait()
        started, got = time.monotonic(), []
        for _ in range(times):
            got += take()
        answers.put((started, time.monotonic(), got))

    clients = [context.Process(target=run, args=(number,)) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    told = [answers.get(timeout=300) for _ in clients]
    for client in clients:
        client.join()
    taken = Counter(pk for _, _, got in told for pk in got)
    seconds = max(end for _, end, _ in told) - min(start for start, _, _ in told)
    return sum(taken.values()) / seconds, sum(count - 1 for count in taken.values())
