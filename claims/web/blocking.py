"""Which addresses lie below a publisher's prefix: a host with its subdomains, or a path of it.

Promises: one reading of hosts for people's lists and for the client, so that another spelling
of a blocked address is blocked too. Knows no lists: the caller brings them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from claims.web.errors import HostBlocked
from claims.web.urls import DEFAULT_PORTS, HttpUrl, parse_http_url

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{0,20}://", re.IGNORECASE)


def read_prefix(typed: str) -> str:
    """A host, or a host and path, as it is kept and compared; raises :class:`UrlInvalid`.

    >>> read_prefix(" https://WWW.Example.org:443/News/?page=2 ")
    'www.example.org/News'
    """
    typed = typed.strip()
    url = parse_http_url(typed if _SCHEME.match(typed) else f"http://{typed}")
    path = url.target.partition("?")[0].rstrip("/")
    netloc = url.host if url.port in DEFAULT_PORTS.values() else url.netloc
    return f"{netloc}{path}"


def is_below(url: HttpUrl, prefix: str) -> bool:
    """Whether the URL is the prefix's: of its host or a subdomain, and below its path."""
    host, _, path = prefix.rstrip("/").partition("/")
    name = url.netloc if ":" in host.rpartition("]")[2] else url.host
    if name != host and not name.endswith(f".{host}"):
        return False
    here = url.target.partition("?")[0]
    return not path or here == f"/{path}" or here.startswith(f"/{path}/")


def refuse_blocked_way(steps: Iterable[str], prefixes: Sequence[str]) -> None:
    """:class:`HostBlocked` where any of the URLs that led to a kept answer lies below one."""
    if prefixes:
        for step in steps:
            refuse_blocked(parse_http_url(step), prefixes)


def refuse_blocked(url: HttpUrl, prefixes: Iterable[str]) -> None:
    """:class:`HostBlocked` where the URL lies below one of the prefixes."""
    for prefix in prefixes:
        if is_below(url, prefix):
            raise HostBlocked(f"Your team blocked {prefix}, so nothing of it is fetched.")
