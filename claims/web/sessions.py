"""Requests' own session, with nothing behind it but the guard.

It promises that a session opens a socket only through :class:`GuardedAdapter`: to
an allowed port of a host whose every address was vetted, in the spelling that our
own parser gave it, within the budget of the fetch. What requests would do by
itself is shut: other schemes have no adapter, the environment (proxies, netrc,
authority files) is not read, cookies are neither kept nor sent, redirects are not
looked into, bodies are not inflated.
"""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Container, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import version
from io import RawIOBase
from ipaddress import ip_address

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from claims.web.connections import (
    Budget,
    GuardedConnection,
    GuardedSocket,
    GuardedTlsSocket,
    Resolver,
    connect_guarded,
    look_up,
    start_tls,
    vet_addresses,
)
from claims.web.errors import PortRefused, ResponseInvalid, TooLarge
from claims.web.urls import HttpUrl

# http.client allows 100 header lines of 64 KiB; no honest server needs more than this in all.
MAX_HEADER_BYTES = 256 * 1024
# What a fetch is made with, for the record of a stored copy.
FETCHING_TOOLS = f"requests/{version('requests')} {ssl.OPENSSL_VERSION}"


class GuardedRequest(requests.PreparedRequest):
    """A GET, or a POST of ``sent``, that is ready to be sent, prepared by us.

    Requests' own preparation parses and re-quotes the address; here what was vetted
    is what is asked. ``address`` is the one connected to, once it was sent.
    """

    def __init__(
        self,
        where: HttpUrl,
        headers: Iterable[tuple[str, str]],
        budget: Budget,
        sent: bytes | None = None,
    ) -> None:
        super().__init__()
        self.where = where
        self.budget = budget
        self.sent = sent
        self.address = ""
        self.method = "GET" if sent is None else "POST"
        self.url = str(where)
        self.headers = CaseInsensitiveDict(headers)


@dataclass(frozen=True, slots=True)
class Gate:
    """Which (host, port) pairs may be reached; see :class:`claims.web.client.ClientLimits`."""

    allowed_ports: Container[int]
    allow: Container[tuple[str, int]]

    def is_listed(self, where: HttpUrl) -> bool:
        """Whether this very pair may be reached whatever its address is."""
        return (where.host, where.port) in self.allow

    def check_port(self, where: HttpUrl) -> None:
        """Raise :class:`PortRefused` unless the port is open to all or the pair is listed."""
        if not self.is_listed(where) and where.port not in self.allowed_ports:
            raise PortRefused(f"Port {where.port} is not one that pages are fetched from.")


class GuardedAdapter(BaseAdapter):
    """What sends a :class:`GuardedRequest`; holds no state of a fetch, so threads share it."""

    def __init__(
        self, gate: Gate, resolver: Resolver, tls_context: ssl.SSLContext, connect_seconds: float
    ) -> None:
        super().__init__()
        self._gate = gate
        self._resolver = resolver
        self._tls_context = tls_context
        self._connect_seconds = connect_seconds

    def send(
        self, request: requests.PreparedRequest, *_: object, **__: object
    ) -> requests.Response:
        """Open the vetted socket, ask, read the head of the answer.

        Takes a :class:`GuardedRequest` and nothing else; time-outs, certificates and
        proxies of the session play no part. Gives a response whose ``raw`` is the
        body as it comes, still compressed; closing it closes the socket. Raises
        leaves of :class:`~claims.web.errors.FetchError` and what sockets and
        http.client raise.
        """
        if not isinstance(request, GuardedRequest):
            raise TypeError("only requests whose address was read by our own parser are sent")
        opened = self._open(request)
        # A file of it keeps a closed socket's connection open; http.client closes at the last byte.
        with ExitStack() as unless_answered:
            line = unless_answered.enter_context(opened.makefile("rb", buffering=0))
            with opened:
                raw = _ask(GuardedConnection(opened), request)
            unless_answered.pop_all()
        return _build_response(request, raw, line)

    def close(self) -> None:
        """Nothing is kept between requests."""

    def _open(self, request: GuardedRequest) -> GuardedSocket | GuardedTlsSocket:
        where, budget = request.where, request.budget
        self._gate.check_port(where)
        if _is_ip(where.host):
            addresses = [where.host]
        else:
            addresses = look_up(self._resolver, where.host, budget.next_timeout())
        if not self._gate.is_listed(where):
            vet_addresses(where.host, addresses)
        budget.bytes_left = MAX_HEADER_BYTES
        opened = connect_guarded(addresses, where.port, budget, self._connect_seconds)
        request.address = str(opened.getpeername()[0])
        if where.scheme == "https":
            return start_tls(opened, where.host, self._tls_context, budget)
        return opened


class GuardedResponse(requests.Response):
    """A response whose connection stays open until it is closed, however much was read."""

    line: RawIOBase

    def close(self) -> None:
        """Close the body and the connection."""
        super().close()
        self.line.close()


class GuardedSession(requests.Session):
    """Two doors, both the same adapter; nothing of a fetch stays in it, so threads share it."""

    def __init__(self, adapter: GuardedAdapter) -> None:
        super().__init__()
        self.trust_env = False
        self.headers.clear()
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        self.adapters.clear()
        self.mount("https://", adapter)
        self.mount("http://", adapter)

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Never anywhere: every hop is a request of its own, vetted like the first.

        Even with ``allow_redirects=False`` requests would otherwise read the whole
        body of the redirect and make up the next request.
        """


def send_guarded(session: GuardedSession, request: GuardedRequest) -> requests.Response:
    """Send through the session; the body is left on the wire, redirects stand as answers."""
    return session.send(request, stream=True, allow_redirects=False)


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _ask(connection: GuardedConnection, request: GuardedRequest) -> http.client.HTTPResponse:
    method = "GET" if request.sent is None else "POST"
    connection.putrequest(method, request.where.target, skip_host=True, skip_accept_encoding=True)
    for name, value in request.headers.items():
        connection.putheader(name, value)
    connection.endheaders(request.sent)
    try:
        return connection.getresponse()
    except TooLarge:
        raise ResponseInvalid("The server's headers have no end.") from None


def _build_response(
    request: GuardedRequest,
    raw: http.client.HTTPResponse,
    line: RawIOBase,
) -> requests.Response:
    """A response of requests round one of http.client; cookies are not taken out of it."""
    response = GuardedResponse()
    response.line = line
    response.status_code = raw.status
    response.reason = raw.reason
    headers: CaseInsensitiveDict[str] = CaseInsensitiveDict()
    for name, value in raw.headers.items():
        headers[name] = f"{headers[name]}, {value}" if name in headers else str(value)
    response.headers = headers
    response.raw = raw
    response.url = str(request.where)
    response.request = request
    return response
