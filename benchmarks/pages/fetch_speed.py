"""How close fetching many slow hosts comes to the time their latency alone would take.

``python benchmarks/pages/fetch_speed.py`` starts a server process that answers
after 200 ms, fetches 500 URLs of 100 named hosts with 100 threads through the
whole guard (look-up, vetting, politeness of one at a time and no delay, robots),
digests and compresses each body, and prints the time as a multiple of the ideal.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from claims.web.client import Client, ClientLimits  # noqa: E402 - path first
from claims.web.robots import MemoryRobotsStore, Robots, StoredRobots  # noqa: E402
from claims.web.snapshots import compress, digest  # noqa: E402
from claims.web.throttle import MemoryThrottleStore, Throttle, throttle_key  # noqa: E402

SERVER = """
import asyncio, sys
BODY = b"<!doctype html><title>Page</title>" + b"<p>honest words, 70 per cent of them</p>" * 400
HEAD = b"HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\nConnection: close\\r\\nContent-Length: "
ANSWER = HEAD + str(len(BODY)).encode() + b"\\r\\n\\r\\n" + BODY

async def serve(reader, writer):
    await reader.readuntil(b"\\r\\n\\r\\n")
    await asyncio.sleep(float(sys.argv[1]))
    writer.write(ANSWER)
    await writer.drain()
    writer.close()

async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(main())
"""


def measure(urls: int, hosts: int, threads: int, latency_seconds: float) -> dict[str, float]:
    """Fetch ``urls`` pages of ``hosts`` hosts; seconds, multiple of the ideal, peak memory."""
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(latency_seconds)], stdout=subprocess.PIPE, text=True
    )
    try:
        if server.stdout is None:
            raise RuntimeError("a pipe was asked for")
        port = int(server.stdout.readline())
        names = [f"host{number}.example" for number in range(hosts)]
        client = _make_client(names, port)
        wanted = [f"http://{names[n % hosts]}:{port}/page/{n}" for n in range(urls)]
        started = time.monotonic()
        with ThreadPoolExecutor(threads) as pool:
            sizes = list(pool.map(lambda url: _fetch_and_store(client, url), wanted))
        seconds = time.monotonic() - started
    finally:
        server.kill()
        server.wait()
    ideal = latency_seconds * max(urls / threads, urls / hosts)
    return {
        "urls": len(sizes),
        "seconds": round(seconds, 2),
        "ideal_seconds": ideal,
        "multiple": round(seconds / ideal, 2),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _make_client(names: list[str], port: int) -> Client:
    robots = MemoryRobotsStore()
    for name in names:
        robots.put(f"http://{name}:{port}", StoredRobots("User-agent: *\nDisallow: /x\n"), 600)
    keys = {throttle_key(name, port): 0.0 for name in names}
    return Client(
        ClientLimits(allow=frozenset((name, port) for name in names)),
        resolver=lambda _host: ["127.0.0.1"],
        throttle=Throttle(MemoryThrottleStore(), own_delays=keys),
        robots=Robots(robots),
    )


def _fetch_and_store(client: Client, url: str) -> int:
    fetched = client.fetch(url)
    digest(fetched.body)
    return len(compress(fetched.body))


def main() -> int:
    """Read the command line, print one JSON object."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--urls", type=int, default=500)
    parser.add_argument("--hosts", type=int, default=100)
    parser.add_argument("--threads", type=int, default=100)
    parser.add_argument("--latency", type=float, default=0.2)
    given = parser.parse_args()
    print(json.dumps(measure(given.urls, given.hosts, given.threads, given.latency)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
