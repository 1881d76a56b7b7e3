"""What a good fetch gives, over plain and secure connections, alone and in a crowd."""

from __future__ import annotations

import hashlib
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from claims.web.client import JSON_TYPES, PAGE_TYPES, Client
from claims.web.errors import CertificateInvalid, ConnectionFailed, TypeRefused
from tests.site.routes import ARTICLE
from tests.site.server import Site
from tests.web.conftest import MakeClient


def test_a_page_with_everything_known_about_it(site: Site, client: Client) -> None:
    before = datetime.now(UTC)
    fetched = client.fetch(site.url("/gzip-article"))
    assert fetched.body == ARTICLE.encode()
    assert (fetched.status, fetched.content_type, fetched.charset) == (200, "text/html", "utf-8")
    assert (fetched.address, fetched.tls_name, fetched.redirects) == ("127.0.0.1", None, ())
    assert fetched.final_url == fetched.requested_url == site.url("/gzip-article")
    assert before <= fetched.started_at <= datetime.now(UTC)
    assert 0 < fetched.seconds < 1
    assert fetched.header("content-encoding") == "gzip"
    assert fetched.header("absent") is None
    assert hash(fetched)


def test_the_request_says_who_asks(site: Site, client: Client) -> None:
    fetched = client.fetch(site.url("/echo"))
    headers = site.seen[0].headers
    assert headers["user-agent"].startswith("FactcheckWorkbench/")
    assert "+http" in headers["user-agent"]
    assert headers["accept-encoding"] == "gzip"
    assert "text/html" in headers["accept"]
    assert dict(fetched.request_headers)["Host"] == headers["host"]


def test_a_conditional_request(site: Site, client: Client) -> None:
    first = client.fetch(site.url("/conditional"))
    again = client.fetch(
        site.url("/conditional"),
        etag=first.header("etag"),
        last_modified=first.header("last-modified"),
    )
    assert (first.status, again.status, again.body) == (200, 304, b"")
    assert site.seen[1].headers["if-modified-since"] == "Tue, 04 Mar 2025 10:00:00 GMT"


def test_a_stored_validator_cannot_add_a_header(site: Site, client: Client) -> None:
    client.fetch(site.url("/echo"), etag='"x"\r\nX-Evil: 1')
    assert "x-evil" not in site.seen[0].headers


def test_types_are_chosen_by_the_caller(site: Site, client: Client) -> None:
    url = site.add("/data", "{}", content_type="application/json; charset=utf-8")
    with pytest.raises(TypeRefused):
        client.fetch(url, accept=PAGE_TYPES)
    assert client.fetch(url, accept=JSON_TYPES).body == b"{}"
    assert site.seen[-1].headers["accept"] == "application/json"


def test_where_a_server_can_choose_it_is_asked_for_the_page(site: Site, client: Client) -> None:
    client.fetch(site.url("/article"))
    asked = site.seen[-1].headers["accept"].split(", ")
    assert "text/html" in asked
    assert "application/json;q=0.5" in asked
    assert not any("octet-stream" in one for one in asked)


@pytest.mark.parametrize(
    "declared", [None, "text/plain", "application/xhtml+xml;charset=x", "TEXT/HTML"]
)
def test_accepted_types(site: Site, client: Client, declared: str | None) -> None:
    url = site.add("/typed-page", ARTICLE, content_type=declared)
    assert client.fetch(url).body == ARTICLE.encode()


def test_xhtml_with_a_declaration_is_no_foreign_xml(site: Site, client: Client) -> None:
    page = '<?xml version="1.0"?><!-- c --><!DOCTYPE html PUBLIC "x"><html><svg></svg></html>'
    assert client.fetch(site.add("/xhtml", page)).body == page.encode()


def test_fifty_threads_share_one_client(site: Site, client: Client) -> None:
    bodies = {f"/p{number}": f"<p>{number}</p>".encode() for number in range(50)}
    for path, body in bodies.items():
        site.add(path, body)
    with ThreadPoolExecutor(50) as pool:
        fetched = list(pool.map(client.fetch, map(site.url, bodies)))
    assert [page.body for page in fetched] == list(bodies.values())


def test_slow_hosts_are_waited_for_at_the_same_time(site: Site, make_client: MakeClient) -> None:
    client = make_client(deadline_seconds=10, read_seconds=5)
    started = time.monotonic()
    with ThreadPoolExecutor(40) as pool:
        list(pool.map(client.fetch, [site.url("/slow?seconds=0.2")] * 80))
    assert time.monotonic() - started < 3  # one after another: 16 s


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for secure.example and 127.0.0.1, with its key beside it."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=secure.example", "-addext", "subjectAltName=DNS:secure.example,IP:127.0.0.1",
         "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return folder


@pytest.fixture
def secure(authority: Path) -> Iterator[Site]:
    """A site over TLS that notes the server names it was asked for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / "cert.pem", authority / "key.pem")
    names: list[str | None] = []
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    with Site(tls=context) as running:
        running.names = names  # type: ignore[attr-defined]
        yield running


def secure_client(make_client: MakeClient, secure: Site, **options: object) -> Client:
    hosts = ("secure.example", "other.example", "127.0.0.1")
    return make_client(
        allow=frozenset((host, secure.port) for host in hosts),
        resolver=lambda host: ["127.0.0.1"],
        deadline_seconds=5,
        **options,
    )


def test_a_secure_page_by_name(secure: Site, make_client: MakeClient, authority: Path) -> None:
    client = secure_client(make_client, secure, ca_file=str(authority / "cert.pem"))
    fetched = client.fetch(secure.url("/article", host="secure.example"))
    assert hashlib.sha256(fetched.body).digest() == hashlib.sha256(ARTICLE.encode()).digest()
    assert (fetched.tls_name, fetched.address) == ("secure.example", "127.0.0.1")
    assert secure.names == ["secure.example"]  # type: ignore[attr-defined]
    assert secure.seen[0].host == f"secure.example:{secure.port}"
    assert client.fetch(secure.url("/article")).tls_name == "127.0.0.1"


def test_a_certificate_for_another_name_is_refused(
    secure: Site, make_client: MakeClient, authority: Path
) -> None:
    client = secure_client(make_client, secure, ca_file=str(authority / "cert.pem"))
    with pytest.raises(CertificateInvalid):
        client.fetch(secure.url("/article", host="other.example"))
    assert secure.seen == []


def test_an_unknown_authority_is_refused(secure: Site, make_client: MakeClient) -> None:
    with pytest.raises(CertificateInvalid) as caught:
        secure_client(make_client, secure).fetch(secure.url("/article", host="secure.example"))
    assert not caught.value.is_retryable
    assert secure.seen == []


def test_an_authority_of_the_environment_is_not_trusted(
    secure: Site, make_client: MakeClient, authority: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, str(authority / "cert.pem"))
    with pytest.raises(CertificateInvalid):
        secure_client(make_client, secure).fetch(secure.url("/article", host="secure.example"))


def test_the_deadline_holds_over_tls(
    secure: Site, make_client: MakeClient, authority: Path
) -> None:
    client = make_client(allow=frozenset({secure.address}), ca_file=str(authority / "cert.pem"))
    for path in ("/drip-body", "/drip-headers", "/flood-body"):
        started = time.monotonic()
        with pytest.raises(Exception, match=r"silent|limit|within"):
            client.fetch(secure.url(path))
        assert time.monotonic() - started < 2


def test_plain_talk_on_a_secure_port(make_client: MakeClient) -> None:
    def greet(server: socket.socket) -> None:
        visitor, _ = server.accept()
        with visitor:
            visitor.sendall(b"220 mail.example ESMTP\r\n")
            visitor.recv(10_000)

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        client = make_client(allow=frozenset({("127.0.0.1", port)}))
        thread = threading.Thread(target=greet, args=(server,))
        thread.start()
        with pytest.raises(ConnectionFailed):
            client.fetch(f"https://127.0.0.1:{port}/")
        thread.join()


def test_a_silent_handshake_ends_with_the_deadline(make_client: MakeClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        client = make_client(allow=frozenset({("127.0.0.1", port)}), deadline_seconds=0.4)
        started = time.monotonic()
        with pytest.raises(Exception, match="not ready in time"):
            client.fetch(f"https://127.0.0.1:{port}/")
        assert time.monotonic() - started < 1
