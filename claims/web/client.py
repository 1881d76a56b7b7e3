"""The one way in which this program fetches anything.

It promises: http and https only, to allowed ports of public addresses, vetted
again at every hop where the socket opens; robots and politeness honoured; one
total deadline over look-up, handshake, headers, redirects and body; a byte cap on
the wire and after inflating; no proxies, cookies or credentials, whatever the
environment holds; certificates always checked. It gives a frozen
:class:`Fetched` or raises a leaf of :class:`~claims.web.errors.FetchError`.

A :class:`Client` holds no state of a fetch: share one between all threads.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime

import requests

from claims.web.answers import (
    PAGE_TYPES,
    READ_TYPES,
    ClientLimits,
    Fetched,
    Wish,
    one_line,
    say_accept,
)
from claims.web.blocking import refuse_blocked, refuse_blocked_way
from claims.web.bodies import JSON_TYPES, HeavyRoom, check_type, read_content_type
from claims.web.breaker import Breaker
from claims.web.caching import ResponseCache, fresh_seconds
from claims.web.connections import Budget, Resolver, make_tls_context, resolve_with_system
from claims.web.errors import HostBusy, TooManyRedirects, UrlInvalid
from claims.web.file_names import find_file_name
from claims.web.responses import check_status, read_body, translated_errors
from claims.web.robots import MAX_ROBOTS_BYTES, Robots
from claims.web.sessions import (
    MAX_HEADER_BYTES,
    Gate,
    GuardedAdapter,
    GuardedRequest,
    GuardedSession,
    send_guarded,
)
from claims.web.throttle import Throttle, throttle_key
from claims.web.urls import HttpUrl, parse_http_url

# What a caller does with an answer before the connection is closed.
Take = Callable[[Fetched], None]
Complete = Callable[[Fetched], Fetched]
# Chunked framing may be larger than what it frames; the body itself has its own cap.
FRAMING_ALLOWANCE = 3


__all__ = ["JSON_TYPES", "PAGE_TYPES", "READ_TYPES", "Client", "ClientLimits", "Fetched", "Take"]


def _keep_nothing(_: Fetched) -> None:
    """What is taken from an answer by who only wants it back."""


class Client:
    """Fetches URLs within its limits; thread-safe."""

    def __init__(
        self,
        limits: ClientLimits | None = None,
        *,
        resolver: Resolver = resolve_with_system,
        throttle: Throttle | None = None,
        robots: Robots | None = None,
        breaker: Breaker | None = None,
        cache: ResponseCache | None = None,
    ) -> None:
        self.limits = limits or ClientLimits()
        self._breaker = breaker
        self._cache = cache
        self._throttle = throttle
        self._robots = robots
        self._heavy = HeavyRoom()
        self._gate = Gate(self.limits.allowed_ports, self.limits.allow)
        self._adapter = GuardedAdapter(
            self._gate,
            resolver,
            make_tls_context(self.limits.ca_file),
            self.limits.connect_seconds,
        )
        self._session = GuardedSession(self._adapter)

    def fetch(
        self,
        url: str,
        *,
        accept: frozenset[str] | None = None,
        respects_robots: bool = True,
        etag: str | None = None,
        last_modified: str | None = None,
        known_url: str = "",
        secret: tuple[str, str] | None = None,
        blocked: tuple[str, ...] = (),
        take: Take = _keep_nothing,
    ) -> Fetched:
        """Fetch one URL, following redirects.

        ``accept`` narrows or widens the media types of the limits; ``etag`` and
        ``last_modified`` (as a server sent them, for the URL or for ``known_url``, to which it
        led) make the request conditional: it may end with status 304 and no body. Without
        them an answer that is still fresh may come from the cache.
        ``secret`` is a header with a key: sent to the URL's own origin alone, never on to
        where that redirects, and no part of what is given back. ``blocked`` are publishers
        (:mod:`claims.web.blocking`) that are not asked, nor followed to. ``take`` is given what
        came over the network before the connection is closed: a server that sees it closed
        knows that it need not answer again. What ``take`` raises is raised as it is.
        Raises a leaf of :class:`FetchError`. Ends within ``deadline_seconds``.
        """
        conditional = [("If-None-Match", etag), ("If-Modified-Since", last_modified)]
        wish = Wish(
            accept=self.limits.accept if accept is None else accept,
            headers=tuple((name, one_line(value)) for name, value in conditional if value),
            respects_robots=respects_robots,
            max_bytes=self.limits.max_bytes,
            secret=(secret[0], one_line(secret[1])) if secret else None,
            blocked=blocked,
            known_url=str(parse_http_url(known_url or url)),
        )
        is_plain = accept is None and not wish.headers and not secret
        kept = self._recall(url, blocked) if is_plain else None
        if kept is not None:
            return kept
        deadline = time.monotonic() + self.limits.deadline_seconds
        fetched = self._follow(url, wish, Budget(deadline, self.limits.read_seconds, 0), take)
        if self._cache is not None and is_plain and (keep := fresh_seconds(fetched)) > 0:
            self._cache.put(url, fetched, keep)
        return fetched

    def _recall(self, url: str, blocked: tuple[str, ...]) -> Fetched | None:
        """What the cache has for the URL, unless it came by way of a blocked publisher."""
        kept = self._cache.get(url) if self._cache is not None else None
        if kept is None:
            return None
        refuse_blocked_way((url, *kept.redirects, kept.final_url), blocked)
        return replace(kept, requested_url=url, is_from_cache=True)

    def pace_of(self, url: str) -> tuple[str, float]:
        """What politeness calls the URL's host, and its pause in seconds; ``""`` for no URL."""
        try:
            where = parse_http_url(url)
        except UrlInvalid:
            return "", 0.0
        key = throttle_key(where.host, where.port)
        return key, self._throttle.delay_for(key) if self._throttle else 0.0

    def _follow(self, url: str, wish: Wish, budget: Budget, take: Take = _keep_nothing) -> Fetched:
        started_at, started = datetime.now(UTC), time.monotonic()
        here = parse_http_url(url)
        left_behind: list[str] = []

        def complete(answer: Fetched) -> Fetched:
            fetched = replace(
                answer,
                requested_url=url,
                redirects=tuple(left_behind),
                started_at=started_at,
                seconds=time.monotonic() - started,
            )
            take(fetched)
            return fetched

        while True:
            answer = self._visit(here, wish, budget, complete)
            if isinstance(answer, Fetched):
                return answer
            left_behind.append(str(here))
            if len(left_behind) > self.limits.max_redirects or str(answer) in left_behind:
                raise TooManyRedirects("The page redirects too often or in a circle.")
            if answer.origin != here.origin:
                wish = replace(wish, secret=None)
            here = answer

    def _visit(
        self, url: HttpUrl, wish: Wish, budget: Budget, complete: Complete
    ) -> Fetched | HttpUrl:
        """One hop: a page, or where to go next."""
        refuse_blocked(url, wish.blocked)
        self._gate.check_port(url)
        crawl_delay_seconds = 0.0
        if wish.respects_robots and self._robots is not None:
            crawl_delay_seconds = self._robots.check(
                str(url), url.origin, lambda robots_url: self._fetch_robots(robots_url, budget)
            )
        with (
            self._watched(url) as look_again,
            self._politely(url, crawl_delay_seconds, budget, look_again),
        ):
            return self._exchange(url, wish, budget, complete)

    def _fetch_robots(self, url: str, budget: Budget) -> str:
        wish = Wish(
            accept=frozenset(), respects_robots=False, may_cut=True, max_bytes=MAX_ROBOTS_BYTES
        )
        own = Budget(budget.deadline, budget.silence_seconds, 0)
        return self._follow(url, wish, own).body.decode("utf-8-sig", "replace")

    def _watched(self, url: HttpUrl) -> AbstractContextManager[Callable[[], None]]:
        if self._breaker is None:
            return nullcontext(lambda: None)
        return self._breaker.watch(throttle_key(url.host, url.port))

    @contextmanager
    def _politely(
        self,
        url: HttpUrl,
        crawl_delay: float,
        budget: Budget,
        look_again: Callable[[], None],
    ) -> Iterator[None]:
        if self._throttle is None:
            yield
            return
        key = throttle_key(url.host, url.port)
        give_up = min(time.monotonic() + self.limits.patience_seconds, budget.deadline)
        has_waited = False
        while (wait := self._throttle.try_enter(key, crawl_delay_seconds=crawl_delay)) > 0:
            has_waited = True
            if time.monotonic() + wait > give_up:
                raise HostBusy(f"{url.host} has had enough requests.", retry_after_seconds=wait)
            time.sleep(wait)
        try:
            if has_waited:
                look_again()
            yield
        finally:
            self._throttle.leave(key, crawl_delay_seconds=crawl_delay)

    def _exchange(
        self, url: HttpUrl, wish: Wish, budget: Budget, complete: Complete
    ) -> Fetched | HttpUrl:
        conditions = wish.headers if str(url) == wish.known_url else ()
        sent = (
            ("Host", url.netloc),
            ("User-Agent", self.limits.user_agent),
            ("Accept", say_accept(wish.accept)),
            ("Accept-Encoding", "gzip"),
            ("Connection", "close"),
            *conditions,
        )
        secret = (wish.secret,) if wish.secret else ()
        request = GuardedRequest(url, (*sent, *secret), budget)
        with translated_errors():
            response = send_guarded(self._session, request)
        with closing(response), self._heavy.entrance(budget.seconds_left) as enter:
            with translated_errors():
                target = check_status(response, url, is_conditional=bool(conditions))
                if target is not None:
                    return target
                budget.bytes_left = wish.max_bytes * FRAMING_ALLOWANCE + MAX_HEADER_BYTES
                body, is_cut = read_body(response, wish, enter)
            return complete(_tell(response, request, sent, wish, body, is_cut))


def _tell(
    response: requests.Response,
    request: GuardedRequest,
    sent: tuple[tuple[str, str], ...],
    wish: Wish,
    body: bytes,
    is_cut: bool,
) -> Fetched:
    """The answer of one hop, its body of a type that is wanted."""
    url, headers = request.where, response.raw.headers
    content_type, charset = read_content_type(headers)
    if wish.accept and response.status_code != 304:
        check_type(content_type, body, wish.accept, find_file_name(headers.items()), str(url))
    return Fetched(
        requested_url=str(url),
        final_url=str(url),
        redirects=(),
        status=response.status_code,
        request_headers=sent,
        headers=tuple((name, str(value)) for name, value in headers.items()),
        content_type=content_type,
        charset=charset,
        body=body,
        is_cut=is_cut,
        started_at=datetime.now(UTC),
        seconds=0.0,
        address=request.address,
        tls_name=url.host if url.scheme == "https" else None,
    )
