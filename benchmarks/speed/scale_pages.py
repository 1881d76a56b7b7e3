"""Time every kind of page for several people: lists, filters, orders, searches, single rows.

Promises to walk what the admin itself offers: each filter's every choice, each column that
can be sorted, both ways; so a new filter or column is measured without being named here.
A page's figures are the least of some tries: milliseconds of the answer as a whole, of its
statements alone, how many statements there were, and its size. Beside them stand the blocks
that its statements look at, in the database's own count, which no other load changes.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.speed.scale_fill import COMMON_WORD, MISSING_WORD, RARE_WORD

LISTS = (
    "ticket",
    "claim",
    "article",
    "verdict",
    "snapshot",
    "page",
    "job",
    "search",
    "source",
)
# By id: a lead of the largest team, one of three teams, one of a small and of an empty one, all;
# and of the largest team a reviewer and a contributor.
PEOPLE = {"large": 10, "three": 2, "small": 120, "empty": 3, "boss": 1, "reviewer": 11, "adds": 14}
# As a saved view asks: three filters at once, one that leaves few, one with words.
VIEWS = (
    ("ticket", "state=ready&due=week&assigned=nobody"),
    ("ticket", "state=ready&tag=101&waiting=longer"),
    ("ticket", f"state=closed&tag=104&q={COMMON_WORD}"),
    ("claim", f"score=strong&ticket=yes&in=article&q={COMMON_WORD}"),
    ("verdict", "decided_at=30&waived=any&read=confirmed"),
    ("verdict", "decided_at=365&rating=Mixed&state=proposed"),
    ("page", "outcome=failed&reason=timed_out&fetched_at=30"),
)
LAST_PAGE = 20


class Statements:
    """Counts what goes to the database while it is installed."""

    def __init__(self) -> None:
        self.count, self.seconds = 0, 0.0

    def __call__(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.count += 1
            self.seconds += time.perf_counter() - started


class Blocks:
    """Asks each question a second time for the blocks that it looks at, while it is installed."""

    def __init__(self) -> None:
        self.count = 0
        self.dearest: tuple[int, str] = (0, "")

    def __call__(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        if str(sql).lstrip().startswith(("SELECT", "(SELECT")):
            asked = f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {sql}"
            with context["connection"].connection.cursor() as cursor:
                told = cursor.execute(asked, params).fetchone()[0]
            plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
            found = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
            self.count += found
            self.dearest = max(self.dearest, (found, str(sql)))
        return execute(sql, params, many, context)


def measure_pages(people: list[str], tries: int) -> list[dict[str, Any]]:
    """One row of figures for each page and person."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    figures = []
    for name in people:
        client = Client(HTTP_HOST="127.0.0.1")
        client.force_login(get_user_model()._default_manager.get(pk=PEOPLE[name]))
        for kind, address in _addresses(client, is_whole=name in ("large", "boss")):
            figures.append({"person": name, "kind": kind, **_time(client, address, tries)})
    return figures


def _addresses(client: Any, *, is_whole: bool) -> Iterator[tuple[str, str]]:
    from django.urls import reverse

    yield "home", reverse("admin:index")
    for name in ("figures", "export", "ticket_workload", "corrections", "notices", "work"):
        yield name, reverse(f"admin:claims_{name}")
    for noun, query in VIEWS:
        yield f"{noun} view", f"{reverse(f'admin:claims_{noun}_changelist')}?{query}"
    for noun in LISTS:
        address = reverse(f"admin:claims_{noun}_changelist")
        answer = client.get(address)
        if answer.status_code != 200:
            continue
        listed = answer.context_data["cl"]
        yield f"{noun} list", address
        for word, sort in ((MISSING_WORD, "none"), (RARE_WORD, "few"), (COMMON_WORD, "many")):
            yield f"{noun} search, {sort}", f"{address}?q={word}"
        if listed.paginator.num_pages > 1:
            last = min(LAST_PAGE, listed.paginator.num_pages)
            yield f"{noun} deep", f"{address}?p={last}"
        for spec in listed.filter_specs:
            for value, _ in getattr(spec, "lookup_choices", ()):
                yield f"{noun} filter", f"{address}?{spec.parameter_name}={value}"
        if is_whole:
            yield from ((f"{noun} sort", f"{address}?o={one}") for one in _orders(listed))
        first = next(iter(listed.result_list), None)
        if first is not None:
            yield f"{noun} row", reverse(f"admin:claims_{noun}_change", args=[first.pk])
    from claims.models import Article

    if is_whole and Article.objects.filter(pk=1).exists():
        yield "article of 2,000 claims", reverse("admin:claims_article_change", args=[1])
    yield "palette, none", f"{reverse('admin:search')}?s={MISSING_WORD}"
    yield "palette, many", f"{reverse('admin:search')}?s={COMMON_WORD}"


def _orders(listed: Any) -> Iterator[str]:
    """Every column that the list offers to be ordered by, both ways, as its parameter."""
    for number, column in enumerate(listed.list_display):
        if listed.get_ordering_field(column):
            yield from (str(number), f"-{number}")


def _time(client: Any, address: str, tries: int) -> dict[str, Any]:
    from django.db import connection

    from claims.admin.figures import SHELF

    best: dict[str, Any] = {}
    SHELF.clear()
    blocks = Blocks()
    with connection.execute_wrapper(blocks):
        client.get(address)
    for _ in range(tries):
        SHELF.clear()
        statements = Statements()
        started = time.perf_counter()
        with connection.execute_wrapper(statements):
            answer = client.get(address)
            body = answer.content
        milliseconds = (time.perf_counter() - started) * 1000
        if not best or milliseconds < best["ms"]:
            best = {
                "address": address,
                "status": answer.status_code,
                "ms": round(milliseconds, 1),
                "sql_ms": round(min(statements.seconds * 1000, best.get("sql_ms", 1e9)), 2),
                "statements": statements.count,
                "bytes": len(body),
            }
    return {**best, "blocks": blocks.count, "dearest": blocks.dearest}
