"""The broker killed, emptied, full, evicting, frozen, in the middle of a run."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.faults import rows
from benchmarks.faults.rig import Rig, wait_until
from claims.models import Job, Team

# Within this of the broker's return, everything owed is done.
ALLOWED_SECONDS = 120
AWAY_SECONDS = 3.0
FILLER = b"x" * 1000


def run(rig: Rig, team: Team, *, jobs: int, only: str = "") -> Iterator[dict[str, Any]]:
    """Each fault on ``jobs`` pages of their own; ``only`` names some, comma-separated."""
    chosen = only.split(",") if only else [*FAULTS, "control"]
    for name in [name for name in FAULTS if name in chosen]:
        hurt, heal = FAULTS[name]
        yield _run_fault(rig, team, name, jobs, hurt, heal)
    if "control" in chosen:
        yield _run_control(rig, team, jobs)


def _run_fault(
    rig: Rig,
    team: Team,
    name: str,
    jobs: int,
    hurt: Callable[[Rig], object],
    heal: Callable[[Rig], object],
) -> dict[str, Any]:
    label = f"broker-{name}"
    before = rig.pids()
    rows.owe_pages(team, f"http://127.0.0.1:{rig.site_port}", label, jobs)
    started = wait_until(lambda: rows.count_kept(label)["kept"] >= min(3, jobs), 60)
    hurt(rig)
    left = jobs - rows.count_kept(label)["read"]
    time.sleep(AWAY_SECONDS)
    heal(rig)
    seconds = wait_until(lambda: not Job.objects.unfinished().exists(), ALLOWED_SECONDS)
    kept = rows.count_kept(label)
    survived = rig.pids() == before
    whole = kept == {"owed": jobs, "kept": jobs, "doubled": 0, "read": jobs}
    return {
        "fault": label,
        "left_at_fault": left,
        **kept,
        "failed": rows.count_jobs().get("failed", 0),
        "seconds": seconds,
        "workers_survived": survived,
        "ok": whole and survived and started is not None and seconds is not None,
    }


def _run_control(rig: Rig, team: Team, jobs: int) -> dict[str, Any]:
    """The same loss of every message, without the sweep: what was owed stays owed."""
    rig.stop_processes("beat", "fetch")
    label = "broker-control"
    rows.owe_pages(team, f"http://127.0.0.1:{rig.site_port}", label, jobs)
    rig.broker().flushall()
    # Started after the loss: nothing in its memory tells it of work either.
    rig.start_processes("fetch")
    seconds = wait_until(lambda: not Job.objects.unfinished().exists(), 2 * AWAY_SECONDS)
    kept = rows.count_kept(label)
    rig.start_processes("beat")
    wait_until(lambda: not Job.objects.unfinished().exists(), ALLOWED_SECONDS)
    # The control is well when it loses.
    return {"fault": label, **kept, "seconds": seconds, "ok": kept["kept"] == 0}


def _kill(rig: Rig) -> None:
    rig.signal_broker(signal.SIGKILL)


def _start_empty(rig: Rig) -> None:
    rig.forget_broker_files()
    rig.start_broker()


def _evict(rig: Rig) -> None:
    """What a shared server set up as a cache does: fill up, and drop whatever is oldest."""
    server = rig.broker()
    server.config_set("maxmemory-policy", "allkeys-lru")
    server.config_set("maxmemory", str(int(server.info("memory")["used_memory"]) + 200_000))
    for number in range(2000):
        server.set(f"somebody-elses:{number}", FILLER)


def _keep(rig: Rig) -> None:
    server = rig.broker()
    server.config_set("maxmemory", "0")
    server.config_set("maxmemory-policy", "noeviction")


FAULTS: dict[str, tuple[Callable[[Rig], object], Callable[[Rig], object]]] = {
    "killed": (_kill, Rig.start_broker),
    "killed-without-file": (_kill, _start_empty),
    "flushed": (lambda rig: rig.broker().flushall(), lambda _rig: None),
    "full": (lambda rig: rig.broker().config_set("maxmemory", "1"), _keep),
    "evicting": (_evict, _keep),
    "frozen": (
        lambda rig: rig.signal_broker(signal.SIGSTOP),
        lambda rig: rig.signal_broker(signal.SIGCONT),
    ),
}
