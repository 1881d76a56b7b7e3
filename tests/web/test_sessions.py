"""What requests would do by itself, and does not do here."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import requests

from claims.web.client import Client
from claims.web.connections import Budget, make_tls_context, resolve_with_system
from claims.web.errors import AddressRefused, EncodingRefused, PortRefused
from claims.web.sessions import (
    Gate,
    GuardedAdapter,
    GuardedRequest,
    GuardedSession,
    send_guarded,
)
from claims.web.urls import parse_http_url
from tests.site.routes import ARTICLE
from tests.site.server import Exchange, Site
from tests.web.conftest import Connections, MakeClient


def make_session(*allow: tuple[str, int]) -> GuardedSession:
    gate = Gate(frozenset({80, 443}), frozenset(allow))
    return GuardedSession(GuardedAdapter(gate, resolve_with_system, make_tls_context(), 0.5))


def make_request(url: str, headers: tuple[tuple[str, str], ...] = ()) -> GuardedRequest:
    where = parse_http_url(url)
    budget = Budget(time.monotonic() + 2, 1, 0)
    return GuardedRequest(where, (("Host", where.netloc), *headers), budget)


class Recorder:
    """A server that keeps the head of every request and hangs up only when we do."""

    def __init__(self) -> None:
        self.heads: list[str] = []
        self.hung_up = threading.Event()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                visitor, _ = self._server.accept()
            except OSError:
                return
            with visitor:
                visitor.settimeout(2)
                self.heads.append(visitor.recv(65536).decode("latin-1"))
                visitor.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n")
                visitor.sendall(b"Content-Length: 9\r\n\r\n<p>ok</p>")
                if visitor.recv(1) == b"":
                    self.hung_up.set()

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    running = Recorder()
    yield running
    running.close()


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://a.example/x", "data:text/html,x", "ws://a.example/"]
)
def test_other_schemes_have_no_door(url: str) -> None:
    session = make_session()
    assert sorted(session.adapters) == ["http://", "https://"]
    with pytest.raises(requests.exceptions.InvalidSchema):
        session.get(url)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_only_requests_of_our_own_are_sent(
    site: Site, connections: Connections, scheme: str
) -> None:
    session = make_session(site.address)
    with pytest.raises(TypeError, match="own parser"):
        session.get(f"{scheme}://127.0.0.1:{site.port}/article")
    assert connections == []


def test_the_session_itself_is_a_guarded_door(connections: Connections) -> None:
    session = make_session(("127.0.0.1", 81))
    for url, error in (
        ("http://127.0.0.1/", AddressRefused),
        ("https://[::1]/", AddressRefused),
        ("http://127.0.0.1:8080/", PortRefused),
    ):
        with pytest.raises(error):
            send_guarded(session, make_request(url))
    assert connections == []


TARGETS = [
    "/a/../b", "/./a/", "//a//b", "/%7Euser/%61", "/%2e%2e/x", "/a%2Fb", "/a;v=1;w", "/'(x)!*",
    "/x?", "/x?a=[1]&b={2}", "/x?q=a+b%20c", "/x?next=http://b.example/?y=1", "/ä/ß?q=ü", "/%zz",
    "/a?b?c", "/a|b^c`d",
]  # fmt: skip


@pytest.mark.parametrize("target", TARGETS)
def test_what_was_vetted_is_what_is_asked(
    recorder: Recorder, make_client: MakeClient, target: str
) -> None:
    url = f"http://127.0.0.1:{recorder.port}{target}"
    where = parse_http_url(url)
    make_client(allow=frozenset({("127.0.0.1", recorder.port)})).fetch(url)
    line, host, *_ = recorder.heads[0].split("\r\n")
    assert line == f"GET {where.target} HTTP/1.1"
    assert host == f"Host: 127.0.0.1:{recorder.port}"


def test_requests_alone_would_have_asked_for_something_else() -> None:
    """The control for the test above: its list holds what requests rewrites."""
    urls = [f"http://Daily.example{target}" for target in TARGETS]
    prepared = [requests.Request("GET", url).prepare().url for url in urls]
    ours = [make_request(url).url for url in urls]
    assert ours == [str(parse_http_url(url)) for url in urls]
    assert sum(theirs != own for theirs, own in zip(prepared, ours, strict=True)) >= 4


def test_a_changed_address_on_the_request_leads_nowhere_else(recorder: Recorder) -> None:
    request = make_request(f"http://127.0.0.1:{recorder.port}/vetted")
    request.url = "http://127.0.0.1:1/other"
    with send_guarded(make_session(("127.0.0.1", recorder.port)), request) as response:
        assert response.url.endswith("/vetted")
    assert recorder.heads[0].startswith("GET /vetted ")


def test_a_response_is_one_of_requests_with_its_body_still_on_the_wire(site: Site) -> None:
    request = make_request(site.url("/gzip-article"))
    with send_guarded(make_session(site.address), request) as response:
        assert isinstance(response, requests.Response)
        assert (response.status_code, response.ok) == (200, True)
        assert response.headers["content-encoding"] == "gzip"
        assert response.raw.read(2) == b"\x1f\x8b"
    assert request.address == "127.0.0.1"


def test_the_connection_is_closed_by_us(recorder: Recorder, make_client: MakeClient) -> None:
    client = make_client(allow=frozenset({("127.0.0.1", recorder.port)}))
    assert client.fetch(f"http://127.0.0.1:{recorder.port}/").body == b"<p>ok</p>"
    assert recorder.hung_up.wait(1)


def drip_redirect(x: Exchange) -> None:
    x.send(b"HTTP/1.1 302 Found\r\nLocation: /article\r\n\r\n")
    while x.wait(0.05):
        x.send(b"a")


def test_the_body_of_a_redirect_is_not_read(site: Site, client: Client) -> None:
    site.add("/go", drip_redirect)
    assert client.fetch(site.url("/go")).body == ARTICLE.encode()


def test_cookies_are_not_kept(site: Site) -> None:
    session = make_session(site.address)
    with send_guarded(session, make_request(site.url("/cookie"))) as response:
        assert response.headers["set-cookie"] == "a=b"
        assert not response.cookies
    session.cookies.set("c", "d", domain="127.0.0.1", path="/")
    assert not session.trust_env
    with send_guarded(session, make_request(site.url("/echo"))):
        assert "cookie" not in site.seen[-1].headers


def test_an_encoding_told_twice_is_two_layers(site: Site, client: Client) -> None:
    twice = (("Content-Encoding", "gzip"), ("Content-Encoding", "gzip"))
    site.add("/twice", b"x", headers=twice)
    with pytest.raises(EncodingRefused):
        client.fetch(site.url("/twice"))
