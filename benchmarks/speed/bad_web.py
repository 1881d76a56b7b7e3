"""Many hosts on this machine, of which some misbehave, and a record of who was asked what.

A process of its own: ``running_web(hosts, bad)`` starts it, ``WebRun.told()`` asks it for the
record. Hosts are addresses of 127.0.0.0/8; what the last one in ten does wrong goes by turns
through :data:`FAULTS`.
"""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any

LATENCY_SECONDS = 0.05
PARAGRAPH = "<p>The harbour handled 48,000 tonnes of salt in 2023, says page {}.</p>\n"
HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"
FAULTS = (
    "silent", "hang_up", "fault", "flood", "drip", "circle", "not_http", "binary", "slow_down",
    "cut",
)  # fmt: skip
FIRST = ip_address("127.0.16.1")
RECORD = "/the-record"


def address_of(number: int) -> str:
    """The address of host ``number``."""
    return str(FIRST + number)


def fault_of(number: int, bad_share: float) -> str:
    """What host ``number`` does wrong; ``""`` for most."""
    every = round(1 / bad_share) if bad_share else 0
    is_bad = bool(every) and number % every == every - 1
    return FAULTS[number // every % len(FAULTS)] if is_bad else ""


@dataclass
class Web:
    """The hosts and the record."""

    bad_share: float
    # By host and path, each request's start, the end of its whole answer and the client's closing
    # of the connection (this clock is the machine's); only the start where it was gone before.
    asked: dict[str, list[list[float]]] = field(default_factory=dict)
    running: Counter[str] = field(default_factory=Counter)
    most: Counter[str] = field(default_factory=Counter)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request, written down with how many run beside it at its host."""
        host = str(writer.get_extra_info("sockname")[0])
        with suppress(OSError, asyncio.IncompleteReadError):
            path = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1].decode()
            if path == RECORD:
                await self.tell(writer)
            else:
                self.running[host] += 1
                self.most[host] = max(self.most[host], self.running[host])
                # A client that hung up is asked for nothing more, whatever this host is about.
                serving = asyncio.ensure_future(self.serve(host, path, writer))
                gone = asyncio.ensure_future(reader.read())
                await asyncio.wait({serving, gone}, return_when=asyncio.FIRST_COMPLETED)
                self.running[host] -= 1
                request = serving.result() if serving.done() else None
                serving.cancel()
                if request:
                    await gone
                    request.append(time.monotonic())
                gone.cancel()
        writer.close()

    async def tell(self, writer: asyncio.StreamWriter) -> None:
        """The record so far."""
        told = json.dumps({"asked": self.asked, "most": self.most})
        writer.write(f"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{told}".encode())
        await writer.drain()

    async def serve(self, host: str, path: str, writer: asyncio.StreamWriter) -> list[float] | None:
        """Answer as this host does; gives the record of a whole answer."""
        if path == "/robots.txt":
            writer.write(b"HTTP/1.1 404 None\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
            return None
        request = [time.monotonic()]
        self.asked.setdefault(f"{host}{path}", []).append(request)
        await asyncio.sleep(LATENCY_SECONDS)
        number = int(ip_address(host)) - int(FIRST)
        fault = fault_of(number, self.bad_share)
        if fault:
            await misbehave(fault, path, writer)
            return None
        body = f"<!doctype html><title>Page {path}</title>{PARAGRAPH.format(path) * 20}"
        writer.write(f"{HEAD}Content-Length: {len(body)}\r\n\r\n{body}".encode())
        await writer.drain()
        request.append(time.monotonic())
        return request


async def misbehave(fault: str, path: str, writer: asyncio.StreamWriter) -> None:
    """What a bad host does, for ever where it can."""
    said = {
        "fault": "HTTP/1.1 500 Fault\r\nContent-Length: 0\r\n\r\n",
        "circle": f"HTTP/1.1 302 Found\r\nLocation: {path}\r\nContent-Length: 0\r\n\r\n",
        "not_http": "SSH-2.0-OpenSSH_9.2\r\n",
        "binary": f"{HEAD}Content-Length: 4\r\n\r\nPK\x03\x04",
        "slow_down": "HTTP/1.1 429 Slow\r\nRetry-After: 90\r\nContent-Length: 0\r\n\r\n",
        "cut": f"{HEAD}Content-Length: 9000\r\n\r\n<p>so",
    }.get(fault, "")
    writer.write(said.encode())
    await writer.drain()
    if fault == "silent":
        await asyncio.sleep(600)
    elif fault in ("flood", "drip"):
        writer.write(f"{HEAD}\r\n".encode())
        while True:
            writer.write(b"<p>flood " * (8000 if fault == "flood" else 0) + b"a")
            await writer.drain()
            await asyncio.sleep(0 if fault == "flood" else 1)


async def serve(port: int, hosts: int, bad_share: float) -> None:
    """Serve every host until killed."""
    web = Web(bad_share)
    addresses = [address_of(number) for number in range(hosts)]
    server = await asyncio.start_server(web.answer, addresses, port, backlog=512)
    print("ready", flush=True)
    async with server:
        await server.serve_forever()


@dataclass(frozen=True, slots=True)
class WebRun:
    """A running web."""

    port: int
    hosts: int
    bad_share: float

    def urls(self, count: int) -> list[str]:
        """So many pages, hosts taking turns."""
        hosts = self.hosts
        return [f"http://{address_of(n % hosts)}:{self.port}/page/{n}" for n in range(count)]

    @property
    def pairs(self) -> str:
        """The hosts as the setting that opens them."""
        return ",".join(f"{address_of(number)}:{self.port}" for number in range(self.hosts))

    def told(self) -> dict[str, Any]:
        """``asked``: requests by host and path (see :class:`Web`); ``most``: the most at once."""
        with urllib.request.urlopen(f"http://{address_of(0)}:{self.port}{RECORD}") as answer:
            record: dict[str, Any] = json.load(answer)
        return record


@contextmanager
def running_web(hosts: int, bad_share: float) -> Iterator[WebRun]:
    """The web in a process of its own, so that it does not share our interpreter."""
    with socket.socket() as free:
        free.bind((address_of(0), 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, str(Path(__file__)), str(port), str(hosts), str(bad_share)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            if server.stdout is None or server.stdout.readline() != "ready\n":
                raise SystemExit("the web did not start")
            yield WebRun(port, hosts, bad_share)
        finally:
            server.kill()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
