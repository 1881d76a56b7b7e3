"""Opening the one socket of one hop, and keeping it inside its bounds.

It promises that a name is looked up once, that every answer is vetted before a
socket exists, that the connection goes to a vetted address while Host header,
server name and certificate check keep the name, and that no read or write
outlives the total deadline or the byte budget, whatever the server drips.
It refuses to know URLs, redirects or bodies.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from io import BufferedReader
from typing import Any

import certifi

from claims.web.addresses import is_allowed_address
from claims.web.errors import (
    AddressRefused,
    CertificateInvalid,
    ConnectionFailed,
    NameNotFound,
    NameServerSilent,
    TimedOut,
    TooLarge,
)

# Name in, texts of all its addresses out; raises OSError (gaierror) where there are none.
Resolver = Callable[[str], Sequence[str]]

# What one read may bring: most pages come in one or two, and each asks the system thrice.
READ_BYTES = 32 * 1024
# A page needs one; a name with many dead addresses must not eat the whole deadline.
MAX_ADDRESSES_TRIED = 4


def resolve_with_system(host: str) -> list[str]:
    """All addresses of a name by the operating system, in its order of preference."""
    answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


@dataclass(slots=True)
class Budget:
    """What one fetch may still use; shared by all its hops and sockets.

    ``deadline`` is a :func:`time.monotonic` time; ``bytes_left`` counts what is
    received, headers and framing included.
    """

    deadline: float
    silence_seconds: float
    bytes_left: int
    is_exceeded: bool = field(default=False)

    def seconds_left(self) -> float:
        """Until the deadline; negative after it."""
        return self.deadline - time.monotonic()

    def next_timeout(self) -> float:
        """Seconds the next socket call may take; raises :class:`TimedOut` when none are left."""
        left = self.seconds_left()
        if left <= 0:
            raise TimedOut("The page did not arrive within the total time limit.")
        return min(left, self.silence_seconds)

    def spend(self, received: int) -> None:
        """Count received bytes; raises :class:`TooLarge` once there are too many."""
        self.bytes_left -= received
        if self.bytes_left < 0:
            self.is_exceeded = True
            raise TooLarge("The server sent more than the size limit allows.")


class GuardedSocket(socket.socket):
    """A TCP socket whose every read asks its budget first."""

    budget: Budget

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        limit_silence(self)
        received = super().recv_into(buffer, nbytes, flags)
        self.budget.spend(received)
        return received


class GuardedTlsSocket(ssl.SSLSocket):
    """The same for TLS; made by the context, given its budget after the handshake."""

    budget: Budget

    def recv_into(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:
        limit_silence(self)
        received = super().recv_into(buffer, nbytes, flags)
        self.budget.spend(received)
        return received


def limit_silence(opened: GuardedSocket | GuardedTlsSocket) -> None:
    """Let the next call of a socket take what its budget allows; raises :class:`TimedOut`."""
    seconds = opened.budget.next_timeout()
    if seconds != opened.gettimeout():  # setting it asks the system
        opened.settimeout(seconds)


def make_tls_context(ca_file: str | None = None) -> ssl.SSLContext:
    """A client context that always checks certificate and name.

    Takes a PEM file of authorities to trust instead of the bundled ones. Costly
    (20 ms: it parses every authority), so the one of the bundled is made once.
    """
    return _bundled_context() if ca_file is None else _context_of(ca_file)


@cache
def _bundled_context() -> ssl.SSLContext:
    return _context_of(certifi.where())


def _context_of(ca_file: str) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslsocket_class = GuardedTlsSocket
    return context


def look_up(resolver: Resolver, host: str, timeout_seconds: float) -> list[str]:
    """Ask the resolver, but wait no longer than told.

    The system's look-up cannot be interrupted, so it runs in a thread that is left
    behind when it is late. Raises :class:`NameNotFound`, :class:`NameServerSilent`
    or :class:`TimedOut`.
    """
    answers: list[str] = []
    failures: list[OSError | UnicodeError] = []

    def ask() -> None:
        try:
            answers.extend(resolver(host))
        except (OSError, UnicodeError) as failure:
            failures.append(failure)

    thread = threading.Thread(target=ask, name="look-up", daemon=True)
    thread.start()
    thread.join(timeout_seconds)
    if thread.is_alive():
        raise TimedOut(f"The name server did not answer for {host} in time.")
    if failures:
        if getattr(failures[0], "errno", None) == socket.EAI_AGAIN:
            raise NameServerSilent(f"The name {host} could not be looked up just now.")
        raise NameNotFound(f"There is no host named {host}.")
    if not answers:
        raise NameNotFound(f"The name {host} has no address.")
    return answers


def vet_addresses(host: str, answers: Sequence[str]) -> None:
    """Raise :class:`AddressRefused` if even one answer is not a public address.

    A name with mixed answers is refused whole: which one is used must not be a
    matter of luck.
    """
    if not all(is_allowed_address(answer) for answer in answers):
        raise AddressRefused(f"{host} leads to an address that is not on the public internet.")


def connect_guarded(
    addresses: Sequence[str], port: int, budget: Budget, connect_seconds: float
) -> GuardedSocket:
    """A connected socket to the first vetted address that answers.

    Raises :class:`ConnectionFailed` or :class:`TimedOut`.
    """
    failure: OSError | None = None
    for address in addresses[:MAX_ADDRESSES_TRIED]:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        try:
            opened = GuardedSocket(family, socket.SOCK_STREAM)
        except OSError as unsupported:
            failure = unsupported
            continue
        opened.budget = budget
        try:
            opened.settimeout(min(connect_seconds, budget.next_timeout()))
            opened.connect((address, port))
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as refused:
            opened.close()
            failure = refused
            continue
        except TimedOut:
            opened.close()
            raise
        return opened
    if isinstance(failure, TimeoutError):
        raise TimedOut("The server did not accept a connection in time.")
    raise ConnectionFailed("The server did not accept a connection.")


def start_tls(
    plain: GuardedSocket, host: str, context: ssl.SSLContext, budget: Budget
) -> GuardedTlsSocket:
    """Do the handshake for ``host`` on a connected socket.

    Raises :class:`CertificateInvalid`, :class:`ConnectionFailed` or :class:`TimedOut`.
    """
    try:
        plain.settimeout(budget.next_timeout())
        tls = context.wrap_socket(plain, server_hostname=host)
    except ssl.SSLCertVerificationError as failure:
        plain.close()
        raise CertificateInvalid(
            f"The certificate of {host} is not valid: {failure.verify_message}."
        ) from None
    except TimeoutError:
        plain.close()
        raise TimedOut(f"The secure connection to {host} was not ready in time.") from None
    except (OSError, ValueError):
        plain.close()
        raise ConnectionFailed(f"No secure connection to {host} could be made.") from None
    if not isinstance(tls, GuardedTlsSocket):
        raise TypeError("make_tls_context() makes the context")
    tls.budget = budget
    return tls


class GuardedAnswer(http.client.HTTPResponse):
    """An answer that is read in larger pieces than the standard library's 8 KiB."""

    def __init__(self, sock: socket.socket, *args: Any, **named: Any) -> None:
        super().__init__(sock, *args, **named)
        stock, self.fp = self.fp, BufferedReader(sock.makefile("rb", 0), READ_BYTES)
        stock.close()


class GuardedConnection(http.client.HTTPConnection):
    """http.client over a socket that is already open, vetted and bounded."""

    def __init__(self, opened: GuardedSocket | GuardedTlsSocket) -> None:
        super().__init__("guarded")
        self.sock = opened
        self.response_class = GuardedAnswer

    def connect(self) -> None:
        """Never dial again: a second connection would not have been vetted."""
        raise ConnectionFailed("The server closed the connection.")
