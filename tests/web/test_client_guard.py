"""Where the client may connect: nothing but vetted public addresses, at every hop."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from ipaddress import ip_network
from itertools import cycle
from typing import Any

import pytest

from claims.vocabulary import FetchOutcome
from claims.web.client import Client, ClientLimits
from claims.web.errors import (
    AddressRefused,
    ConnectionFailed,
    CredentialsRefused,
    FetchError,
    NameNotFound,
    NameServerSilent,
    PortRefused,
    RedirectInvalid,
    SchemeRefused,
    TimedOut,
    TooManyRedirects,
    UrlInvalid,
)
from tests.site.server import Exchange, Site
from tests.web.conftest import Connections, MakeClient
from tests.web.test_addresses import RESERVED, ends_of
from tests.web.test_urls import BROKEN


@pytest.fixture
def inner() -> Iterator[Site]:
    """A second site that nobody may reach, with something to leak."""
    with Site() as running:
        running.add("/secret", "<p>internal</p>")
        yield running


def test_no_reserved_address_is_dialled(connections: Connections) -> None:
    addresses = [end for text in RESERVED for end in ends_of(ip_network(text))]
    answers = {f"n{number}.example": [address] for number, address in enumerate(addresses)}
    client = Client(ClientLimits(deadline_seconds=1), resolver=lambda host: answers[host])
    for host in answers:
        with pytest.raises(AddressRefused) as caught:
            client.fetch(f"http://{host}/")
        assert caught.value.outcome is FetchOutcome.REFUSED
    assert len(addresses) >= 110
    assert connections == []


@pytest.mark.parametrize("text", RESERVED)
def test_no_reserved_literal_is_dialled(text: str, connections: Connections) -> None:
    client = Client(ClientLimits(deadline_seconds=1))
    for end in ends_of(ip_network(text)):
        host = f"[{end}]" if ":" in end else end
        for scheme in ("http", "https"):
            with pytest.raises(AddressRefused):
                client.fetch(f"{scheme}://{host}/")
    assert connections == []


def test_a_public_address_is_dialled(connections: Connections) -> None:
    """The control: a public address gets as far as a connection attempt (refused by conftest)."""
    client = Client(ClientLimits(deadline_seconds=0.2), resolver=lambda host: ["93.184.216.34"])
    with pytest.raises(ConnectionFailed):
        client.fetch("http://public.example/")
    assert connections == [("93.184.216.34", 80)]


@pytest.mark.parametrize(
    "answers", [["93.184.216.34", "127.0.0.1"], ["127.0.0.1", "93.184.216.34"]]
)
def test_mixed_answers_are_refused_whole(answers: list[str], connections: Connections) -> None:
    client = Client(ClientLimits(), resolver=lambda host: answers)
    with pytest.raises(AddressRefused):
        client.fetch("http://mixed.example/")
    assert connections == []


def test_a_name_that_changes_is_looked_up_once_a_hop(
    inner: Site, make_client: MakeClient, connections: Connections
) -> None:
    turns = cycle([["93.184.216.34"], ["127.0.0.1"]])
    asked: list[str] = []

    def resolver(host: str) -> list[str]:
        asked.append(host)
        return next(turns)

    client = make_client(
        resolver=resolver, connect_seconds=0.01, allowed_ports=frozenset({80, inner.port})
    )
    for _ in range(50):
        with pytest.raises((ConnectionFailed, AddressRefused)):
            client.fetch(inner.url("/secret", host="rebinding.example"))
    assert len(asked) == 50
    assert inner.seen == []
    dialled = [entry for entry in connections if entry[1] in {80, inner.port}]
    assert {entry[0] for entry in dialled} == {"93.184.216.34"}


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_into_private_space_is_refused(
    site: Site, inner: Site, make_client: MakeClient, code: int
) -> None:
    client = make_client(allowed_ports=frozenset({80, 443, inner.port}))
    with pytest.raises(AddressRefused):
        client.fetch(site.url(f"/redirect?code={code}&to={inner.url('/secret')}"))
    assert inner.seen == []


@pytest.mark.parametrize(
    ("target", "error"),
    [
        ("file:///etc/passwd", SchemeRefused),
        ("javascript:alert(1)", SchemeRefused),
        ("http://user:secret@example.com/", CredentialsRefused),
        ("http://example.com:22/", PortRefused),
        ("//127.0.0.1/x", AddressRefused),
        ("http://[::1]/", AddressRefused),
        ("http://[::ffff:127.0.0.1]/", AddressRefused),
        ("http://2130706433/", RedirectInvalid),
        ("http://exa\\mple/", RedirectInvalid),
        ("http://[broken/", RedirectInvalid),
    ],
)
def test_redirects_are_read_as_strictly_as_urls(
    site: Site, client: Client, target: str, error: type[FetchError]
) -> None:
    site.add("/go", lambda x: x.answer(status=302, headers=(("Location", target),)))
    with pytest.raises(error):
        client.fetch(site.url("/go"))
    assert site.paths() == ["/go"]


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/article", "/article"),
        ("article", "/article"),
        ("?x=1", "/go"),
        ("//{netloc}/article#top", "/article"),
        ("/a b/é", "/a b/é"),
    ],
)
def test_honest_redirects_are_followed(site: Site, client: Client, target: str, path: str) -> None:
    # Servers send UTF-8 bytes in headers, which arrive as Latin-1.
    location = target.format(netloc=f"127.0.0.1:{site.port}").encode().decode("latin-1")

    def answer(exchange: Exchange) -> None:
        if exchange.request.query:
            exchange.answer("here")
        else:
            exchange.answer(status=302, headers=(("Location", location),))

    site.add("/go", answer)
    site.add("/a b/é", "accents")
    fetched = client.fetch(site.url("/go"))
    assert fetched.redirects == (site.url("/go"),)
    assert fetched.requested_url == site.url("/go") != fetched.final_url
    assert site.paths() == ["/go", path]


@pytest.mark.parametrize("path", ["/redirect-endless", "/redirect-self"])
def test_loops_end(site: Site, client: Client, path: str) -> None:
    with pytest.raises(TooManyRedirects):
        client.fetch(site.url(path))
    assert len(site.seen) <= 6


def test_five_redirects_are_followed(site: Site, client: Client) -> None:
    for number in range(5):
        site.add(f"/hop{number}", "", status=302, headers=(("Location", f"/hop{number + 1}"),))
    site.add("/hop5", "arrived")
    assert len(client.fetch(site.url("/hop0")).redirects) == 5


@pytest.mark.parametrize("path", ["/redirect-nowhere", "/status?code=304", "/status?code=300"])
def test_a_redirect_to_nowhere(site: Site, client: Client, path: str) -> None:
    with pytest.raises(RedirectInvalid):
        client.fetch(site.url(path))


@pytest.mark.parametrize("url", BROKEN)
def test_broken_urls_open_nothing(url: str, connections: Connections) -> None:
    with pytest.raises(UrlInvalid):
        Client().fetch(url)
    assert connections == []


def test_only_the_listed_pair_is_open(site: Site, inner: Site, client: Client) -> None:
    assert client.fetch(site.url("/article")).address == "127.0.0.1"
    with pytest.raises(PortRefused):
        client.fetch(inner.url("/secret"))
    with pytest.raises(PortRefused):
        client.fetch(site.url("/article", host="localhost"))
    with pytest.raises(AddressRefused):
        client.fetch("http://127.0.0.1/")


def test_a_listed_name_is_reached_by_its_own_answer(site: Site, make_client: MakeClient) -> None:
    client = make_client(
        allow=frozenset({("demo.example", site.port)}), resolver=lambda host: ["127.0.0.1"]
    )
    fetched = client.fetch(site.url("/echo", host="demo.example"))
    assert f'"host": "demo.example:{site.port}"'.encode() in fetched.body


@pytest.mark.parametrize("scheme", ["http", "https", "all"])
def test_proxies_credentials_and_cookies_stay_out(
    site: Site,
    inner: Site,
    make_client: MakeClient,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Any,
    scheme: str,
) -> None:
    monkeypatch.setenv(f"{scheme}_proxy", inner.url(""))
    monkeypatch.setenv(f"{scheme.upper()}_PROXY", inner.url(""))
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    client = make_client()
    client.fetch(site.url("/cookie"))
    client.fetch(site.url("/echo"))
    assert inner.seen == []
    assert len(site.seen) == 3
    for request in site.seen:
        assert not {"authorization", "cookie", "proxy-authorization", "referer"} & set(
            request.headers
        )


def test_a_name_without_address(make_client: MakeClient) -> None:
    def unknown(host: str) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    def busy(host: str) -> list[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "try again")

    for resolver, error in (
        (unknown, NameNotFound),
        (busy, NameServerSilent),
        (lambda host: [], NameNotFound),
    ):
        with pytest.raises(error):
            make_client(resolver=resolver).fetch("http://nowhere.example/")
    assert not NameNotFound.is_retryable
    assert NameServerSilent.is_retryable


def test_a_silent_name_server_ends_with_the_deadline(make_client: MakeClient) -> None:
    def silent(host: str) -> list[str]:
        time.sleep(2)
        return ["93.184.216.34"]

    started = time.monotonic()
    with pytest.raises(TimedOut):
        make_client(resolver=silent, deadline_seconds=0.3).fetch("http://slow.example/")
    assert time.monotonic() - started < 0.8
