"""What a fetch is bounded by, what it asks for and what it gives: frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from claims.web.documents.kinds import DOCUMENT_TYPES, LOOSE_TYPES
from claims.web.file_names import find_file_name

PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain", "text/markdown"})
READ_TYPES = PAGE_TYPES | DOCUMENT_TYPES


@dataclass(frozen=True, slots=True)
class ClientLimits:
    """Everything that bounds a fetch; seconds and bytes as the names say.

    ``allow`` names exact (host, port) pairs that may be reached although their
    address is not public (a demo, an intranet, a test); every other port of the
    same host stays closed. ``ca_file`` is a PEM file of authorities to trust
    instead of the bundled ones.
    """

    max_bytes: int = 10 * 1024 * 1024
    max_redirects: int = 5
    deadline_seconds: float = 15.0
    connect_seconds: float = 5.0
    read_seconds: float = 10.0
    patience_seconds: float = 5.0
    allowed_ports: frozenset[int] = frozenset({80, 443})
    accept: frozenset[str] = READ_TYPES
    user_agent: str = "FactcheckWorkbench/0.1 (+https://factcheck-workbench.example/contact)"
    allow: frozenset[tuple[str, int]] = frozenset()
    ca_file: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """One successful answer. ``body`` is inflated; ``redirects`` are the URLs left behind.

    ``status`` is 200 to 203, or 304 for a conditional request (then ``body`` is
    empty). ``address`` is the one connected to, ``tls_name`` the name that the
    certificate was checked for (``None`` over http). ``started_at`` is aware, UTC;
    an answer from the cache (``is_from_cache``) keeps the times of its own fetch.
    """

    requested_url: str
    final_url: str
    redirects: tuple[str, ...]
    status: int
    request_headers: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    content_type: str
    charset: str | None
    body: bytes = field(repr=False)
    is_cut: bool
    started_at: datetime
    seconds: float
    address: str
    tls_name: str | None
    is_from_cache: bool = False

    @property
    def is_unchanged(self) -> bool:
        """Whether the server said that the known copy is still the page."""
        return self.status == 304

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    @property
    def file_name(self) -> str:
        """What the server calls the file; ``""`` where it gives it no name."""
        return find_file_name(self.headers)


@dataclass(frozen=True, slots=True)
class Wish:
    """What one fetch asks for besides the URL."""

    accept: frozenset[str]
    headers: tuple[tuple[str, str], ...] = ()
    respects_robots: bool = True
    may_cut: bool = False
    max_bytes: int = 0
    secret: tuple[str, str] | None = field(default=None, repr=False)
    known_url: str = ""
    blocked: tuple[str, ...] = ()


@lru_cache(maxsize=64)
def say_accept(accept: frozenset[str]) -> str:
    """The header for a set of types: where a server can choose, the page before its data.

    >>> say_accept(frozenset({"text/html", "application/pdf", "application/octet-stream"}))
    'text/html, application/pdf;q=0.5'
    """
    pages = sorted(accept - DOCUMENT_TYPES)
    weight = ";q=0.5" if pages else ""
    documents = [f"{one}{weight}" for one in sorted((accept & DOCUMENT_TYPES) - LOOSE_TYPES)]
    return ", ".join([*pages, *documents]) or "*/*"


def one_line(value: str) -> str:
    """A header value without anything that could begin another header."""
    return "".join(c for c in value if c.isprintable() and c.isascii())[:1000]
