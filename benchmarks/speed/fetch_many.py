"""10,000 pages of 500 hosts, a tenth of which misbehave, while workers are killed.

Promises counts that can be checked: what the hosts saw (who was asked how often, how many
requests ran at once) beside what the database kept. Two fetch workers of ours on the embedded
database and broker; one of them is killed with ``kill -9`` every so often and started again.

Run: ``python benchmarks/speed/fetch_many.py [--urls 10000] [--hosts 500] [--kills 4]``.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.speed.bad_web import WebRun, fault_of, running_web  # noqa: E402 - path first
from benchmarks.speed.fetch_probe import running_stack  # noqa: E402

BAD_SHARE, WORKERS, KILL_EVERY_SECONDS = 0.1, 2, 12.0


def start_worker(number: int) -> subprocess.Popen[bytes]:
    """A fetch worker of ours, in a process group of its own."""
    command = [sys.executable, "-m", "celery", "-A", "factcheck", "worker", "-Q", "fetch"]
    command += ["--pool", "threads", "-c", "4", "-n", f"fetch{number}-{time.monotonic_ns()}@many"]
    command += ["--without-gossip", "--without-mingle", "--loglevel", "ERROR"]
    environ = os.environ | {"MALLOC_ARENA_MAX": "2"}  # as the launcher and the image have it
    return subprocess.Popen(
        command, cwd=ROOT, env=environ, start_new_session=True, stdout=subprocess.DEVNULL
    )


def kill(worker: subprocess.Popen[bytes]) -> None:
    """``kill -9`` to the worker and all its children."""
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait(10)


def memory_mib(worker: subprocess.Popen[bytes]) -> float:
    """The most memory that the worker has had."""
    status = Path(f"/proc/{worker.pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def run(web: WebRun, count: int, kills: int) -> dict[str, Any]:
    """Owe the pages, let the workers at them, give the counts."""
    from claims.models import Job, Page, Snapshot
    from claims.tasks import sweep_jobs
    from claims.vocabulary import JobKind, JobState
    from claims.workflow.equip import first_team

    team, urls = first_team()[0], web.urls(count)
    pages = Page.objects.bulk_create(Page(team=team, url=url, canonical_url=url) for url in urls)
    Job.objects.owe_many(JobKind.FETCH, [str(page.pk) for page in pages], team=team)
    fetches = Job.objects.filter(kind=JobKind.FETCH)
    workers = [start_worker(number) for number in range(WORKERS)]
    started, kills_at, memory, cut_off = time.monotonic(), list[float](), 0.0, 0
    try:
        while fetches.unfinished().exists():
            sweep_jobs()
            time.sleep(1)
            memory = max(memory, *(memory_mib(worker) for worker in workers))
            killed = len(kills_at)
            if killed < kills and time.monotonic() - started > KILL_EVERY_SECONDS * (killed + 1):
                kills_at.append(time.monotonic())
                kill(workers[killed % WORKERS])
                cut_off += fetches.filter(state=JobState.LEASED).count()
                workers[killed % WORKERS] = start_worker(killed + WORKERS)
    finally:
        for worker in workers:
            kill(worker)
    seconds = time.monotonic() - started
    told = web.told()
    number_of = {place: int(place.rpartition("/")[2]) for place in told["asked"]}
    good = {n for n in range(count) if not fault_of(n % web.hosts, web.bad_share)}
    return {
        "seconds": round(seconds, 1),
        "workers_killed": len(kills_at),
        "held_when_killed": cut_off,
        "memory_mib_of_a_worker": round(memory),
        "pages": count,
        "pages_kept": Snapshot.objects.count(),
        "pages_of_good_hosts": len(good),
        "pages_without_an_end": Page.objects.filter(outcome="").count(),
        "jobs_left": fetches.unfinished().count(),
        "ends": dict(Counter(Page.objects.values_list("outcome", "reason")).most_common()),
        "most_at_once_at_a_host": max(told["most"].values()),
        "good_pages_asked_again": count_repeats(
            [all_of for place, all_of in told["asked"].items() if number_of[place] in good],
            kills_at,
        ),
        "pages_kept_twice": count_twice(Snapshot.objects.values_list("page_id", flat=True)),
    }


def count_repeats(asked: list[list[list[float]]], kills_at: list[float]) -> dict[str, int]:
    """Of requests that were made once more: how far they had come when a worker was killed.

    A worker closes a connection when it has noted what came; until then the request is in
    flight, its answer complete at the server or not.
    """
    counts = Counter(in_flight_unanswered=0, in_flight_answered=0, received=0)
    for all_of in asked:
        for start, *ends in sorted(all_of)[:-1]:
            killed_at = min((at for at in kills_at if at > start), default=float("inf"))
            answered, closed = [*ends, float("inf"), float("inf")][:2]
            if closed < killed_at:
                counts["received"] += 1
            elif answered < killed_at:
                counts["in_flight_answered"] += 1
            else:
                counts["in_flight_unanswered"] += 1
    return dict(counts)


def count_twice(numbers: Any) -> int:
    """How many numbers come more than once."""
    return sum(times > 1 for times in Counter(numbers).values())


def main() -> None:
    """Run and print one JSON object."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--urls", type=int, default=10_000)
    parser.add_argument("--hosts", type=int, default=500)
    parser.add_argument("--kills", type=int, default=4)
    given = parser.parse_args()
    with running_web(given.hosts, BAD_SHARE) as web, running_stack(web.port):
        os.environ["FACTCHECK_FETCH_ALLOW"] = web.pairs
        counts = run(web, given.urls, given.kills)
    counts["ends"] = {" ".join(filter(None, end)): n for end, n in counts["ends"].items()}
    print(json.dumps(counts, indent=1))


if __name__ == "__main__":
    main()
