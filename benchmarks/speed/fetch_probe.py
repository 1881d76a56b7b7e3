"""500 fetches of 200 ms from 100 hosts, from leased job rows to committed snapshots.

Promises a figure that can be believed on a noisy machine: the whole way (lease,
guarded client with its shared throttle and robots, stored body, committed
snapshot, owed reading) beside the bare way (``requests`` in 100 threads, bodies
thrown away), and beside Scrapy where a Python is named that has it, turn by turn in the same
run, as multiples of what the latency alone allows. Database and broker are the embedded ones
with their durable settings, in a folder that is gone afterwards.

Run: ``python benchmarks/speed/fetch_probe.py [--rounds 3] [--scrapy PYTHON] [--profile]``.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import os
import pstats
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

FETCHES, HOSTS, CONNECTIONS, LATENCY_SECONDS = 500, 100, 100, 0.2
IDEAL_SECONDS = FETCHES * LATENCY_SECONDS / CONNECTIONS
ADDRESSES = [f"127.0.7.{number}" for number in range(1, HOSTS + 1)]
# Asks a list of pages with a hundred connections, one a host, keeps nothing and says how long it
# took from its first request to its last answer; its start and its imports are not counted.
SCRAPY = """
import sys, time, scrapy
from scrapy.crawler import CrawlerProcess

class Probe(scrapy.Spider):
    name, times, count = "probe", [], 0

    async def start(self):
        self.times.append(time.perf_counter())
        for url in sys.stdin.read().split():
            yield scrapy.Request(url, dont_filter=True)

    def parse(self, response):
        Probe.count += len(response.body) > 10_000
        self.times.append(time.perf_counter())

crawl = CrawlerProcess({
    "LOG_LEVEL": "ERROR", "CONCURRENT_REQUESTS": int(sys.argv[1]), "ROBOTSTXT_OBEY": False,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "DOWNLOAD_DELAY": 0, "TELNETCONSOLE_ENABLED": False,
    "SCHEDULER_PRIORITY_QUEUE": "scrapy.pqueues.DownloaderAwarePriorityQueue",
})
crawl.crawl(Probe)
crawl.start()
print(Probe.count, max(Probe.times) - min(Probe.times))
"""
PARAGRAPH = "<p>The harbour handled 48,000 tonnes of salt in 2023, says page {}.</p>\n"


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One honest page of about 20 kB after the latency; robots.txt is absent, and at once."""
    head = await reader.readuntil(b"\r\n\r\n")
    path = head.split(b" ", 2)[1].decode()
    status, body = "404 Not Found", b"none"
    if path != "/robots.txt":
        await asyncio.sleep(LATENCY_SECONDS)
        status, body = "200 OK", f"<!doctype html>{PARAGRAPH.format(path) * 290}".encode()
    writer.write(
        f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
        + body
    )
    await writer.drain()
    writer.close()


async def serve(port: int) -> None:
    """Serve on every address of the probe until killed."""
    server = await asyncio.start_server(answer, ADDRESSES, port, backlog=512)
    print("ready", flush=True)
    async with server:
        await server.serve_forever()


@contextmanager
def running_server() -> Iterator[int]:
    """The server in a process of its own, so that it does not share our interpreter."""
    with socket.socket() as free:
        free.bind((ADDRESSES[0], 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, __file__, "--serve", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            if server.stdout is None or server.stdout.readline() != "ready\n":
                raise SystemExit("the server did not start")
            yield port
        finally:
            server.kill()


@contextmanager
def running_stack(port: int) -> Iterator[None]:
    """A migrated database and a broker in a temporary state folder."""
    from factcheck.stack.postgres import Postgres
    from factcheck.stack.processes import Janitor
    from factcheck.stack.state import StateFolder
    from factcheck.stack.valkey import Valkey

    janitor = Janitor()
    state = StateFolder(Path(tempfile.mkdtemp(prefix="factcheck-probe-")).resolve())
    for folder in (state.root, state.sockets):
        janitor.tell("remove", folder)
    postgres, valkey = Postgres(state, janitor), Valkey(state, janitor)
    try:
        postgres.start()
        valkey.start()
        os.environ |= {
            "FACTCHECK_STATE": str(state.root),
            "DATABASE_URL": state.database_url,
            "REDIS_URL": state.redis_url,
            "FACTCHECK_FETCH_ALLOW": ",".join(f"{address}:{port}" for address in ADDRESSES),
            "FACTCHECK_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "factcheck.settings",
        }
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        yield
    finally:
        valkey.stop()
        postgres.stop()
        janitor.close()


def urls_of(port: int, turn: int) -> list[str]:
    """The pages of one turn, hosts taking turns."""
    return [
        f"http://{ADDRESSES[number % HOSTS]}:{port}/{turn}/{number}" for number in range(FETCHES)
    ]


def fetch_bare(urls: list[str]) -> float:
    """Seconds for ``requests`` in as many threads as there are connections; nothing is kept."""
    import requests

    def get(url: str) -> int:
        return len(requests.get(url, timeout=15).content)

    started = time.perf_counter()
    with ThreadPoolExecutor(max_workers=CONNECTIONS) as pool:
        sizes = list(pool.map(get, urls))
    if min(sizes) < 10_000:
        raise SystemExit("the bare way lost a page")
    return time.perf_counter() - started


def fetch_kept(urls: list[str], turn: int) -> float:
    """Seconds for our way, from owed jobs to the last committed snapshot."""
    from claims.models import Job, Page, Snapshot, Team
    from claims.tasks import work_fetches
    from claims.vocabulary import JobKind, JobState
    from claims.workflow.equip import first_team

    team: Team = first_team()[0]
    pages = Page.objects.bulk_create(Page(team=team, url=url, canonical_url=url) for url in urls)
    Job.objects.owe_many(JobKind.FETCH, [f"{page.pk}:{turn}" for page in pages], team=team)
    before = Snapshot.objects.count()
    started = time.perf_counter()
    work_fetches()
    seconds = time.perf_counter() - started
    kept = Snapshot.objects.count() - before
    left = Job.objects.filter(kind=JobKind.FETCH).exclude(state=JobState.DONE).count()
    if (kept, left) != (FETCHES, 0):
        raise SystemExit(f"{kept} snapshots instead of {FETCHES}, {left} jobs left")
    return seconds


def fetch_with_scrapy(python: str, urls: list[str]) -> float:
    """Seconds for Scrapy, in a process of its own; nothing is kept."""
    command = [python, "-c", SCRAPY, str(CONNECTIONS)]
    told = subprocess.run(
        command, input="\n".join(urls), capture_output=True, text=True, check=True, timeout=120
    )
    count, seconds = told.stdout.split()
    if int(count) != FETCHES:
        raise SystemExit(f"Scrapy brought {count} pages instead of {FETCHES}")
    return float(seconds)


def profiled(act: Callable[[], float]) -> float:
    """Run once under the profiler (the thread that leases and keeps) and print the costs."""
    profile = cProfile.Profile()
    seconds = profile.runcall(act)
    pstats.Stats(profile).sort_stats("cumulative").print_stats(45)
    return seconds


def tell(name: str, seconds: list[float]) -> None:
    """One line: best and median, as seconds and as multiples."""
    best, median = min(seconds), statistics.median(seconds)
    print(
        f"{name:<28} best {best:5.2f} s = {best / IDEAL_SECONDS:4.2f} ×   "
        f"median {median:5.2f} s = {median / IDEAL_SECONDS:4.2f} ×"
    )


def tell_ratio(name: str, ours: list[float], theirs: list[float]) -> None:
    """One line: the median of the rounds' ratios, each of two turns that followed each other."""
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    spread = f"rounds: {min(ratios):.2f} to {max(ratios):.2f}"
    print(f"{name:<28} {statistics.median(ratios):.2f} ({spread})")


def main() -> None:
    """Probe and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scrapy", metavar="PYTHON", help="a Python that can import Scrapy")
    parser.add_argument("--profile", action="store_true", help="profile one more round of ours")
    parser.add_argument("--serve", type=int, metavar="PORT", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve(options.serve))
        return
    bare, kept, scrapy = [], [], []
    with running_server() as port, running_stack(port):
        fetch_kept(urls_of(port, 0), 0)
        for turn in range(1, options.rounds + 1):
            bare.append(fetch_bare(urls_of(port, -turn)))
            kept.append(fetch_kept(urls_of(port, turn), turn))
            if options.scrapy:
                scrapy.append(fetch_with_scrapy(options.scrapy, urls_of(port, -1000 - turn)))
        print(
            f"{FETCHES} fetches of {LATENCY_SECONDS * 1000:.0f} ms over {HOSTS} hosts; "
            f"{CONNECTIONS} at once allow {IDEAL_SECONDS:.2f} s"
        )
        tell("bare requests, 100 threads", bare)
        tell("job rows to snapshots", kept)
        tell_ratio("ours / bare", kept, bare)
        if scrapy:
            tell("Scrapy, 100 connections", scrapy)
            tell_ratio("ours / Scrapy", kept, scrapy)
        if options.profile:
            profiled(lambda: fetch_kept(urls_of(port, 99), 99))


if __name__ == "__main__":
    main()
