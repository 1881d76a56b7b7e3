"""The database restarted in the middle of a run: in order, at once, and by a crash."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

from django.db import Error as DatabaseFault
from django.db import connection

from benchmarks.faults import rows
from benchmarks.faults.rig import Rig, wait_until
from benchmarks.faults.visitor import Page, Visitor
from claims.models import Job, Team

ALLOWED_SECONDS = 240
SOONEST_SECONDS = 5.0
SLOWEST_SECONDS = 5.0
AWAY_SECONDS = 1.5
WAYS = (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)


def run(rig: Rig, team: Team, *, jobs: int, restarts: int) -> Iterator[dict[str, Any]]:
    """``jobs`` pages with ``restarts`` restarts on the way, while two people look at home."""
    label = "database"
    before = rig.pids()
    people = [_Watcher(rig.web_port) for _ in range(2)]
    rows.owe_pages(team, f"http://127.0.0.1:{rig.site_port}", label, jobs)
    try:
        first_good: list[float] = []
        left: list[int] = []
        for number in range(restarts):
            share = jobs * (number + 1) // (restarts + 2)
            wait_until(lambda share=share: rows.count_kept(label)["kept"] >= share, 60)  # type: ignore[misc]
            left.append(jobs - rows.count_kept(label)["read"])
            connection.close()
            rig.stop_database(WAYS[number % len(WAYS)])
            time.sleep(AWAY_SECONDS)
            rig.start_database()
            first_good.append(_seconds_to_good_page(rig))
        seconds = wait_until(_is_all_done, ALLOWED_SECONDS)
    finally:
        for one in people:
            one.end()
    kept = rows.count_kept(label)
    pages = [page for one in people for page in one.pages]
    bad = [page for page in pages if page.status not in (200, 503)]
    away = [page for page in pages if page.status == 503]
    plain = all("retry-after" in page.headers and "Traceback" not in page.text for page in away)
    whole = kept == {"owed": jobs, "kept": jobs, "doubled": 0, "read": jobs}
    slowest = max((page.seconds for page in away), default=0.0)
    failed = rows.count_jobs().get("failed", 0)
    yield {
        "fault": f"database-{restarts}-restarts",
        "left_at_restarts": left,
        **kept,
        "failed": failed,
        "attempts": max(Job.objects.values_list("attempts", flat=True)),
        "seconds": seconds,
        "first_good_page_seconds": max(first_good, default=0.0),
        "pages": len(pages),
        "answered_503": len(away),
        "slowest_503_seconds": slowest,
        "other_answers": sorted({page.status for page in bad}),
        "processes_survived": rig.pids() == before,
        "ok": whole
        and not failed
        and not bad
        and plain
        and seconds is not None
        and max(first_good, default=0.0) <= SOONEST_SECONDS
        and slowest <= SLOWEST_SECONDS
        and rig.pids() == before,
    }


def _is_all_done() -> bool:
    try:
        return not Job.objects.unfinished().exists()
    except DatabaseFault:
        connection.close()
        return False


def _seconds_to_good_page(rig: Rig) -> float:
    visitor = Visitor(rig.web_port, patience_seconds=10)
    seconds = wait_until(lambda: visitor.get("/healthz").text.count('"database": true') == 1, 60)
    return 60.0 if seconds is None else seconds


class _Watcher:
    """A logged-in person who loads the home page over and over."""

    def __init__(self, port: int) -> None:
        self._visitor = Visitor(port, patience_seconds=20)
        self._visitor.log_in(rows.NAME, rows.PASSWORD)
        self.pages: list[Page] = []
        self._is_ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._is_ended.wait(0.2):
            self.pages.append(self._visitor.get("/admin/"))

    def end(self) -> None:
        """Stop looking."""
        self._is_ended.set()
        self._thread.join(30)
