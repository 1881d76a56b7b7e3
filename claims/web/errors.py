"""Every way in which fetching or reading can end badly, as one tree.

A leaf says what happened (its :class:`~claims.vocabulary.FetchReason`) and its
branch says what to do about it: *never* (the same request would end the same
way) or *try again* (later, and no sooner than ``retry_after_seconds``)::

    FetchError
    ├── Never                      the answer will not change by asking again
    │   ├── UrlInvalid             not a URL that a browser would open
    │   │   ├── SchemeRefused      neither http nor https
    │   │   ├── CredentialsRefused user:password@ in the URL
    │   │   └── PortRefused        a port outside the allowed list
    │   ├── AddressRefused         the name leads to an address that is not public
    │   ├── HostBlocked            the team blocked this publisher
    │   ├── RobotsRefused          robots.txt asks us to stay away
    │   ├── NameNotFound           the name does not exist
    │   ├── CertificateInvalid     TLS did not prove the name
    │   ├── TooLarge               over the cap, on the wire or inflated
    │   ├── TooManyRedirects       over the limit, or going in a circle
    │   ├── RedirectInvalid        a redirect to nowhere
    │   ├── EncodingRefused        compressed in a way that was not asked for
    │   ├── TypeRefused            not a type we read, by header or by content
    │   ├── ResponseInvalid        not HTTP, or headers without end
    │   ├── NotFound, Gone         404, 410
    │   ├── Forbidden              403, 451
    │   │   ├── NeedsLogin         401, or a page that shows only a way to log in
    │   │   └── NeedsPayment       402, or a page that shows its beginning only
    │   ├── NeedsJavascript        a page without text for those who run no scripts
    │   ├── ClientError            any other 4xx
    │   ├── Unreadable             fetched, but no reader could make text of it
    │   └── ReaderKilled           reading it went over the time or memory limit
    └── TryAgain                   the answer may well be another one later
        ├── NameServerSilent       the name could not be looked up just now
        ├── ConnectionFailed       refused, reset, unreachable
        ├── TimedOut               the total deadline or a silence went over
        ├── BodyIncomplete         the connection ended before the body did
        ├── RobotsUnavailable      robots.txt answered with a server error
        ├── RateLimited            429
        │   └── HostBusy           our own politeness: nothing was sent
        ├── HostResting            it failed again and again: nothing was sent
        └── ServerError            5xx

Messages are written for the person who looks at the ticket. They hold the host
or the limit, never page text.
"""

from __future__ import annotations

from typing import ClassVar

from claims.vocabulary import FetchOutcome, FetchReason


class FetchError(Exception):
    """The root; raised only through its leaves.

    ``retry_after_seconds`` is what the server (or our own politeness) asked for,
    ``status`` the HTTP status where there was one.
    """

    reason: ClassVar[FetchReason]
    is_retryable: ClassVar[bool]

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after_seconds = retry_after_seconds

    @property
    def outcome(self) -> FetchOutcome:
        """``refused`` where the rules of this program said no, else ``failed``."""
        ours = (FetchReason.URL_INVALID, FetchReason.HOST_BLOCKED)
        by_us = self.reason.value.endswith("_refused") or self.reason in ours
        return FetchOutcome.REFUSED if by_us else FetchOutcome.FAILED


class Never(FetchError):
    """Asking again would end the same way."""

    is_retryable = False


class TryAgain(FetchError):
    """Asking again later may end well."""

    is_retryable = True


class UrlInvalid(Never):
    """Not an absolute http(s) URL that a browser would open."""

    reason = FetchReason.URL_INVALID


class SchemeRefused(UrlInvalid):
    """Neither http nor https."""

    reason = FetchReason.SCHEME_REFUSED


class CredentialsRefused(UrlInvalid):
    """A user name or password in the URL."""

    reason = FetchReason.CREDENTIALS_REFUSED


class PortRefused(UrlInvalid):
    """A port that is neither in the general list nor allowed for this host."""

    reason = FetchReason.PORT_REFUSED


class AddressRefused(Never):
    """At least one address of the name is not a public one."""

    reason = FetchReason.ADDRESS_REFUSED


class HostBlocked(Never):
    """The team blocked this publisher: nothing was sent."""

    reason = FetchReason.HOST_BLOCKED


class RobotsRefused(Never):
    """The site's robots.txt asks programs like this one to stay away."""

    reason = FetchReason.ROBOTS_REFUSED


class NameNotFound(Never):
    """The name does not exist."""

    reason = FetchReason.NAME_NOT_FOUND


class CertificateInvalid(Never):
    """The server could not prove that it is the one named in the URL."""

    reason = FetchReason.CERTIFICATE_INVALID


class TooLarge(Never):
    """Over the byte cap, declared, received or inflated."""

    reason = FetchReason.TOO_LARGE


class TooManyRedirects(Never):
    """More hops than allowed, or a circle."""

    reason = FetchReason.TOO_MANY_REDIRECTS


class RedirectInvalid(Never):
    """A redirect without a usable target."""

    reason = FetchReason.REDIRECT_INVALID


class EncodingRefused(Never):
    """A content encoding other than one layer of gzip, or broken gzip."""

    reason = FetchReason.ENCODING_REFUSED


class TypeRefused(Never):
    """A media type that was not asked for, by its header or by its first bytes."""

    reason = FetchReason.TYPE_REFUSED


class ResponseInvalid(Never):
    """What came back is not HTTP as we accept it."""

    reason = FetchReason.RESPONSE_INVALID


class NotFound(Never):
    """404."""

    reason = FetchReason.NOT_FOUND


class Gone(Never):
    """410."""

    reason = FetchReason.GONE


class Forbidden(Never):
    """403 or 451."""

    reason = FetchReason.FORBIDDEN


class NeedsLogin(Forbidden):
    """401, or a page that shows those who are not logged in only how to."""

    reason = FetchReason.NEEDS_LOGIN


class NeedsPayment(Forbidden):
    """402, or a page that shows those who do not pay its beginning only."""

    reason = FetchReason.NEEDS_PAYMENT


class NeedsJavascript(Never):
    """The page's text is made by scripts, which are not run."""

    reason = FetchReason.NEEDS_JAVASCRIPT


class ClientError(Never):
    """Another 4xx."""

    reason = FetchReason.CLIENT_ERROR


class Unreadable(Never):
    """The bytes are there, but no reader makes text of them."""

    reason = FetchReason.UNREADABLE


class ReaderKilled(Never):
    """Reading went over the time or memory limit and was ended."""

    reason = FetchReason.READER_KILLED


class NameServerSilent(TryAgain):
    """The name could not be looked up at the moment."""

    reason = FetchReason.NAME_NOT_FOUND


class ConnectionFailed(TryAgain):
    """Refused, reset or unreachable."""

    reason = FetchReason.CONNECTION_FAILED


class TimedOut(TryAgain):
    """The total deadline passed, or the server was silent for too long."""

    reason = FetchReason.TIMED_OUT


class BodyIncomplete(TryAgain):
    """The connection ended before the announced body did."""

    reason = FetchReason.RESPONSE_INVALID


class RobotsUnavailable(TryAgain):
    """robots.txt answered with a server error, which means *stay away for now*."""

    reason = FetchReason.ROBOTS_REFUSED


class RateLimited(TryAgain):
    """The server asked us to slow down (429)."""

    reason = FetchReason.RATE_LIMITED


class HostBusy(RateLimited):
    """Our own politeness says *not yet*; no request was sent."""


class HostResting(TryAgain):
    """The host failed again and again, or asked for a pause: nothing was sent."""

    reason = FetchReason.HOST_RESTING


class ServerError(TryAgain):
    """5xx."""

    reason = FetchReason.SERVER_ERROR
