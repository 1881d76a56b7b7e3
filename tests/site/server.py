"""A real server on 127.0.0.1 that answers byte for byte what a test wants.

:class:`Site` serves the routes of :mod:`tests.site.routes` and whatever a test
adds. It speaks HTTP by hand because most of what it serves is not valid HTTP.
Every request is kept in ``seen`` with its start and end.

As a fixture: ``from tests.site.server import site  # noqa: F401`` or use the
context manager ``with Site() as site``.
"""

from __future__ import annotations

import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qs, unquote

import pytest


@dataclass(slots=True)
class Seen:
    """One request as the server saw it; times are monotonic seconds."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    host: str
    started: float
    ended: float = 0.0
    body: bytes = b""


@dataclass(slots=True)
class Exchange:
    """What a route gets: the request, and ways to answer it badly."""

    request: Seen
    site: Site
    connection: socket.socket

    def send(self, raw: bytes) -> None:
        """Send bytes as they are."""
        self.connection.sendall(raw)

    def wait(self, seconds: float) -> bool:
        """Sleep, but wake when the site closes; true while it is still open."""
        return not self.site.closing.wait(seconds)

    def answer(
        self,
        body: bytes | str = b"",
        *,
        status: int = 200,
        content_type: str | None = "text/html; charset=utf-8",
        headers: tuple[tuple[str, str], ...] = (),
        length: int | None = None,
    ) -> None:
        """A whole, honest answer (unless ``length`` lies)."""
        body = body.encode() if isinstance(body, str) else body
        lines = [f"HTTP/1.1 {status} Whatever"]
        lines += [f"Content-Type: {content_type}"] if content_type else []
        lines += [f"{name}: {value}" for name, value in headers]
        lines.append(f"Content-Length: {len(body) if length is None else length}")
        lines.append("Connection: close")
        self.send("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)


Route = Callable[[Exchange], object]


class _Handler(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        connection = self.request
        connection.settimeout(20)
        try:
            if self.server.site.tls is not None:
                connection = self.server.site.tls.wrap_socket(connection, server_side=True)
            seen = _read_request(connection)
            if seen is not None:
                self.server.site.serve(Exchange(seen, self.server.site, connection))
        except OSError:
            pass  # the client hung up, which is what many tests are about
        finally:
            connection.close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256
    site: Site


def _read_request(connection: socket.socket) -> Seen | None:
    raw = b""
    while b"\r\n\r\n" not in raw:
        received = connection.recv(65536)
        if not received or len(raw) > 200_000:
            return None
        raw += received
    head, *lines = raw.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    method, target, _ = head.split(" ", 2)
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    path, _, query = target.partition("?")
    pairs = {name: values[-1] for name, values in parse_qs(query, keep_blank_values=True).items()}
    host = headers.get("host", "")
    body = raw.partition(b"\r\n\r\n")[2]
    while len(body) < int(headers.get("content-length", 0)):
        if not (received := connection.recv(65536)):
            return None
        body += received
    started = time.monotonic()
    return Seen(method, unquote(path), pairs, headers, host, started, body=body)


class InThread:
    """Runs a server in a thread, from :meth:`start` to :meth:`stop`."""

    def start(self, server: socketserver.TCPServer) -> int:
        """Serve; gives the port."""
        self._running = server
        self._thread = threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()
        return int(server.server_address[1])

    def stop(self) -> None:
        """End it, and wait until it has."""
        self._running.shutdown()
        self._running.server_close()
        self._thread.join()


@dataclass
class Site(InThread):
    """The server; ``robots`` is the text of /robots.txt (``None``: 404)."""

    tls: ssl.SSLContext | None = None
    robots: str | None = None
    routes: dict[str, Route] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        from tests.site.routes import ROUTES

        self.routes = {**ROUTES, **self.routes}
        server = _Server(("127.0.0.1", 0), _Handler)
        server.site = self
        self.port = self.start(server)
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.stop()

    @property
    def address(self) -> tuple[str, int]:
        """The (host, port) pair to allow-list."""
        return ("127.0.0.1", self.port)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """The absolute URL of a path here, under any name a resolver answers for."""
        scheme = "http" if self.tls is None else "https"
        return f"{scheme}://{host}:{self.port}{path}"

    def add(self, path: str, body: bytes | str | Route, **answer: Any) -> str:
        """Serve a body (or a route) at a path; gives its URL."""
        self.routes[path] = (
            body if callable(body) else lambda exchange: exchange.answer(body, **answer)
        )
        return self.url(path)

    def serve(self, exchange: Exchange) -> None:
        """Log the request and run its route."""
        self.seen.append(exchange.request)
        route = self.routes.get(exchange.request.path)
        try:
            if exchange.request.path == "/robots.txt" and route is None:
                self._serve_robots(exchange)
            elif route is None:
                exchange.answer("no such page", status=404)
            else:
                route(exchange)
        finally:
            exchange.request.ended = time.monotonic()

    def _serve_robots(self, exchange: Exchange) -> None:
        if self.robots is None:
            exchange.answer("none", status=404)
        else:
            exchange.answer(self.robots, content_type="text/plain")

    def paths(self) -> list[str]:
        """Paths asked for so far, in order."""
        return [request.path for request in self.seen]


@pytest.fixture
def site() -> Iterator[Site]:
    """A running site with the standard routes."""
    with Site() as running:
        yield running
