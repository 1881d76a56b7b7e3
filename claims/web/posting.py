"""Posting: a few bytes to one address that somebody set, by the same guarded client.

Promises what :mod:`claims.web.client` promises of addresses, ports, certificates and the total
deadline; over https, but to (host, port) pairs that are listed. A redirect is a failure: what
was meant for one address is sent to no other. Of the answer only the status is read.
"""

from __future__ import annotations

import time
from contextlib import closing

from claims.web.client import Client
from claims.web.connections import Budget
from claims.web.errors import SchemeRefused
from claims.web.responses import check_taken, translated_errors
from claims.web.sessions import GuardedRequest, GuardedSession, send_guarded
from claims.web.urls import parse_http_url


class PostingClient(Client):
    """A client that posts; thread-safe. Neither robots nor politeness play a part in it."""

    def post(self, url: str, body: bytes, headers: tuple[tuple[str, str], ...]) -> None:
        """Post ``body``; ``headers`` go beside our own.

        Raises a leaf of :class:`FetchError` unless the server took it (2xx), within
        ``deadline_seconds``.
        """
        deadline = time.monotonic() + self.limits.deadline_seconds
        where = parse_http_url(url)
        if where.scheme != "https" and not self._gate.is_listed(where):
            raise SchemeRefused("Only https addresses are posted to.")
        own = (
            ("Host", where.netloc),
            ("User-Agent", self.limits.user_agent),
            ("Content-Length", str(len(body))),
            ("Connection", "close"),
        )
        budget = Budget(deadline, self.limits.read_seconds, 0)
        request = GuardedRequest(where, (*own, *headers), budget, body)
        with (
            GuardedSession(self._adapter) as session,
            translated_errors(),
            closing(send_guarded(session, request)) as response,
        ):
            check_taken(response)
