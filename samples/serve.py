"""Serve the sample web on a loopback port, with the standard library alone.

Promises: one line ``serving http://host:port`` on standard output once requests
are answered; the pages of ``samples/web`` with fitting types, validators and
charsets; ``/search``; ``/robots.txt``; and the routes that misbehave on purpose
(slow, gone, missing, redirect), as ``web/pages.json`` says. Ends promptly on
SIGTERM or SIGINT and, on Linux, with the process that started it.

Refuses: any path that is not listed (nothing is read from a path a client
sends, so there is no traversal to refuse), methods other than GET and HEAD,
and Host headers that are not a plain ``host[:port]``.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import os
import re
import signal
import socket
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import FrameType
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

# Run as a script, Python looks beside this file; the package lies one folder up.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from samples.replies import FOOTER, Reply, answer_search, html_reply, render_listing
from samples.site_index import PLACEHOLDER, Page, SampleSite, load_site

WEB_ROOT: Final = Path(__file__).resolve().parent / "web"
HOST_PATTERN: Final = re.compile(
    r"(?:[A-Za-z0-9.-]{1,200}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?"
)
PR_SET_PDEATHSIG: Final = 1  # linux/prctl.h
MAX_QUERY_CHARS: Final = 2_000
IDLE_TIMEOUT_SECONDS: Final = 30.0


class SampleServer(ThreadingHTTPServer):
    """A threading server that knows its site and does not wait for slow answers."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(
        self, address: tuple[str, int], site: SampleSite, slow_seconds: float | None = None
    ) -> None:
        """Bind ``address``; ``slow_seconds`` replaces the delays of ``pages.json``."""
        self.site = site
        self.slow_seconds = slow_seconds
        self.is_stopping = threading.Event()
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, SampleHandler)

    @property
    def own_host(self) -> str:
        """The address bound, as it would stand in a URL."""
        host, port = str(self.server_address[0]), int(self.server_address[1])
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent when a client hangs up; report anything else."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class SampleHandler(BaseHTTPRequestHandler):
    """Answers GET and HEAD from the site index."""

    server: SampleServer
    server_version = "SampleWeb/1.0"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout = IDLE_TIMEOUT_SECONDS
    error_content_type = "text/html; charset=utf-8"
    error_message_format = (
        '<!DOCTYPE html><html lang="en"><head><title>%(code)d %(message)s</title></head>'
        f"<body><h1>%(code)d %(message)s</h1><footer>{FOOTER}</footer></body></html>"
    )

    def do_GET(self) -> None:
        """Answer with headers and body."""
        self._answer(is_head=False)

    def do_HEAD(self) -> None:
        """Answer with the headers of GET."""
        self._answer(is_head=True)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Keep standard error quiet: the launcher's log is read by people."""

    def _base_url(self) -> str:
        host = self.headers.get("Host", "")
        return f"http://{host if HOST_PATTERN.fullmatch(host) else self.server.own_host}"

    def _answer(self, *, is_head: bool) -> None:
        try:
            parts = urlsplit(self.path)
            path = unquote(parts.path, errors="replace")
            query = parse_qs(parts.query[:MAX_QUERY_CHARS], errors="replace", max_num_fields=20)
        except ValueError:
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        self._send(self._route(path, query), is_head=is_head)

    def _route(self, path: str, query: dict[str, list[str]]) -> Reply:
        site, base = self.server.site, self._base_url()
        if path == "/search":
            return answer_search(site, query, base)
        if path in site.assets:
            asset = site.assets[path]
            return Reply(HTTPStatus.OK, asset.body.replace(PLACEHOLDER, base.encode()), asset.type)
        page = site.pages.get(path)
        if page is not None:
            return self._answer_page(page, base)
        listing = render_listing(site, path, base)
        if listing is not None:
            return html_reply(HTTPStatus.OK, *listing)
        return html_reply(
            HTTPStatus.NOT_FOUND, "Page not found", "<p>There is no page at this address.</p>"
        )

    def _answer_page(self, page: Page, base: str) -> Reply:
        if page.behaviour == "redirect":
            return Reply(
                HTTPStatus.MOVED_PERMANENTLY, b"", "text/html", location=base + page.location
            )
        if page.behaviour == "gone":
            return html_reply(
                HTTPStatus.GONE, "Withdrawn", "<p>The editors have removed this page for good.</p>"
            )
        if page.behaviour == "missing":
            return html_reply(
                HTTPStatus.NOT_FOUND, "Page not found", "<p>This page cannot be found.</p>"
            )
        if page.behaviour == "slow":
            asked = self.server.slow_seconds
            self.server.is_stopping.wait(page.delay_seconds if asked is None else asked)
        body = page.body.replace(PLACEHOLDER, base.encode())
        # Without a charset in the header the page's own <meta> must be believed.
        content_type = "text/html" if page.encoding else "text/html; charset=utf-8"
        return Reply(HTTPStatus.OK, body, content_type, modified_at=page.modified_at)

    def _send(self, reply: Reply, *, is_head: bool) -> None:
        etag = f'"{hashlib.sha256(reply.body).hexdigest()[:20]}"'
        is_fresh = reply.status is HTTPStatus.OK and self._is_unchanged(etag, reply.modified_at)
        self.send_response(HTTPStatus.NOT_MODIFIED if is_fresh else reply.status)
        if reply.location is not None:
            self.send_header("Location", reply.location)
        if reply.status is HTTPStatus.OK:
            self.send_header("ETag", etag)
            if reply.modified_at is not None:
                self.send_header("Last-Modified", format_datetime(reply.modified_at, usegmt=True))
        if not is_fresh:
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if not is_head and not is_fresh:
            self.wfile.write(reply.body)

    def _is_unchanged(self, etag: str, modified_at: datetime | None) -> bool:
        asked = self.headers.get("If-None-Match")
        if asked is not None:
            return asked.strip() == "*" or etag in (tag.strip() for tag in asked.split(","))
        since = self.headers.get("If-Modified-Since")
        if since is None or modified_at is None:
            return False
        try:
            return modified_at <= parsedate_to_datetime(since).astimezone(UTC)
        except (ValueError, OverflowError):
            return False


def die_with_parent(parent_pid: int) -> None:
    """Ask Linux for SIGTERM when the starting process ends; elsewhere do nothing.

    Takes the parent's id as read at start, so that a parent which died in
    between is noticed. Linux ties the signal to the *thread* that started this
    process: start it from one that lives as long as the program.
    """
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0) == 0 and os.getppid() != parent_pid:
        sys.exit(0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT. Exit code 0, or 3 where the port is taken."""
    parent_pid = os.getppid()
    parser = argparse.ArgumentParser(description="Serve the sample web of the workbench.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8765, help="0 picks a free port")
    parser.add_argument("--slow-seconds", type=float, help="delay of the slow page instead of 6")
    options = parser.parse_args(arguments)
    die_with_parent(parent_pid)
    try:
        server = SampleServer(
            (options.host, options.port), load_site(WEB_ROOT), options.slow_seconds
        )
    except (OSError, OverflowError) as error:
        sys.stderr.write(f"cannot listen on {options.host}:{options.port}: {error}\n")
        return 3

    def stop(_signal: int, _frame: FrameType | None) -> None:
        server.is_stopping.set()
        # shutdown() waits for serve_forever(), which this very thread runs.
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    sys.stdout.write(f"serving http://{server.own_host}\n")
    sys.stdout.flush()
    with server:
        server.serve_forever(poll_interval=0.1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
