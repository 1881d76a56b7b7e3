"""What a response's first lines mean: a page, another address, or a named failure.

It promises that whatever sockets and http.client raise becomes a leaf of the tree,
and that a redirect's target is read as strictly as any URL.
"""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

import requests

from claims.web.answers import Wish
from claims.web.bodies import (
    CHUNK_BYTES,
    check_declared_length,
    check_encoding,
    check_type,
    collect_body,
    read_content_type,
)
from claims.web.errors import (
    BodyIncomplete,
    ClientError,
    ConnectionFailed,
    FetchError,
    Forbidden,
    Gone,
    NeedsLogin,
    NeedsPayment,
    NotFound,
    RateLimited,
    RedirectInvalid,
    ResponseInvalid,
    ServerError,
    TimedOut,
    UrlInvalid,
)
from claims.web.urls import HttpUrl, parse_http_url

REDIRECTS = frozenset({301, 302, 303, 307, 308})
MAX_RETRY_AFTER_SECONDS = 24 * 3600.0


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn what sockets and http.client raise into leaves of the tree."""
    try:
        yield
    except FetchError:
        raise
    except TimeoutError:
        raise TimedOut("The server was silent for too long.") from None
    except http.client.IncompleteRead:
        raise BodyIncomplete("The connection ended before the page did.") from None
    except OSError:
        raise ConnectionFailed("The connection broke off.") from None
    except (http.client.HTTPException, ValueError):
        raise ResponseInvalid("The server's answer is not valid HTTP.") from None


def check_status(
    response: requests.Response, url: HttpUrl, *, is_conditional: bool = False
) -> HttpUrl | None:
    """``None`` if the status brings a page, the next URL if it redirects; else raises."""
    status = response.status_code
    if 200 <= status <= 203 or (status == 304 and is_conditional):
        return None
    if status in REDIRECTS:
        return _read_location(response, url)
    raise _read_refusal(response)


def check_taken(response: requests.Response) -> None:
    """Raise unless the server took what was posted; it is followed nowhere."""
    if not 200 <= response.status_code < 300:
        raise _read_refusal(response)


def read_body(
    response: requests.Response, wish: Wish, enter_heavy: Callable[[], None]
) -> tuple[bytes, bool]:
    """The inflated body of a page, and whether it was cut; ``b""`` for a 304.

    ``enter_heavy`` is called before a body grows heavy (:class:`~claims.web.bodies.HeavyRoom`).
    """
    if response.status_code == 304:
        return b"", False
    headers = response.raw.headers  # header by header; requests joins those of one name
    is_gzip = check_encoding(headers)
    if not wish.may_cut:
        check_declared_length(headers, wish.max_bytes)
    media_type, _ = read_content_type(headers)
    if wish.accept:
        check_type(media_type, b"", wish.accept)
    body, is_cut = collect_body(
        response.iter_content(CHUNK_BYTES),
        is_gzip=is_gzip,
        max_bytes=wish.max_bytes,
        may_cut=wish.may_cut,
        enter_heavy=enter_heavy,
    )
    if not is_cut and response.raw.length:
        raise BodyIncomplete("The connection ended before the page did.")
    return body, is_cut


def _read_refusal(response: requests.Response) -> FetchError:
    """The leaf of the tree that a status other than success stands for."""
    status = response.status_code
    retry_after = read_retry_after(response.raw.headers.get("Retry-After"))
    error, message = _status_error(status)
    return error(message, status=status, retry_after_seconds=retry_after)


def _status_error(status: int) -> tuple[type[FetchError], str]:
    known: dict[int, tuple[type[FetchError], str]] = {
        401: (NeedsLogin, "The site shows this page only to people who log in (401)."),
        402: (NeedsPayment, "The site shows this page only to people who pay (402)."),
        404: (NotFound, "The page does not exist (404)."),
        410: (Gone, "The page has been removed (410)."),
        429: (RateLimited, "The site asks for fewer requests (429)."),
    }
    if status in known:
        return known[status]
    if status in {403, 451}:
        return Forbidden, f"The site does not show this page to us ({status})."
    if 400 <= status < 500:
        return ClientError, f"The site refused the request ({status})."
    if 500 <= status < 600:
        return ServerError, f"The site has a fault ({status})."
    if 300 <= status < 400:
        return RedirectInvalid, f"The redirect cannot be followed ({status})."
    return ResponseInvalid, f"The site's answer brings no page ({status})."


def _read_location(response: requests.Response, url: HttpUrl) -> HttpUrl:
    location = response.raw.headers.get("Location")
    if not location:
        raise RedirectInvalid("The redirect does not say where to.", status=response.status_code)
    # Header bytes arrive as Latin-1; what servers mean by bytes above ASCII is UTF-8.
    text = str(location).encode("latin-1", "replace").decode("utf-8", "replace")
    try:
        return parse_http_url(urljoin(str(url), text.strip().replace(" ", "%20")))
    except UrlInvalid as problem:
        if type(problem) is not UrlInvalid:
            raise  # another scheme or credentials: the same refusal as anywhere
        raise RedirectInvalid(f"The redirect is broken: {problem}") from None
    except ValueError:
        raise RedirectInvalid("The redirect is not a valid address.") from None


def read_retry_after(value: str | None) -> float | None:
    """Seconds of a Retry-After header (a number or an HTTP date), at most a day.

    >>> read_retry_after("120"), read_retry_after("soon")
    (120.0, None)
    """
    if not value:
        return None
    value = value.strip()[:100]
    if value.isascii() and value.isdigit():
        return min(float(value), MAX_RETRY_AFTER_SECONDS)
    try:
        at = parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    wait = (at - datetime.now(UTC)) / timedelta(seconds=1)
    return min(max(wait, 0.0), MAX_RETRY_AFTER_SECONDS)
