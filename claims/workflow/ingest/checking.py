"""Checking: what may come in, before anything is stored.

Promises: a refusal names the field and the cure. Writes nothing and asks no network.
"""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings

from claims.web.addresses import is_allowed_address
from claims.web.client import ClientLimits
from claims.web.errors import FetchError
from claims.web.urls import HttpUrl, canonical_url, parse_http_url

MAX_ARTICLE_CHARS = 1_000_000
MAX_CLAIM_CHARS = 2_000
MAX_URL_CHARS = 2_000
OPEN_PORTS = ClientLimits().allowed_ports
URL_CURE = "Give the page's public http(s) address, or paste its text."


class IngestRefused(Exception):
    """What was brought in cannot be taken; names the field and the cure."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        self.message = message
        super().__init__(message)


def check_text(text: str, *, field: str = "text", max_chars: int = MAX_ARTICLE_CHARS) -> str:
    """The text with line ends made ``\\n`` and outer space cut, or :class:`IngestRefused`."""
    if len(text) > max_chars:
        raise IngestRefused(
            field,
            f"This is {len(text):,} characters long; at most {max_chars:,} are taken. "
            "Cut it into parts, or keep only the article itself.",
        )
    at = text.find("\x00")
    if at >= 0:
        raise IngestRefused(
            field,
            f"There is a NUL byte at character {at + 1:,}, so this looks like a binary file. "
            "Save it as plain text in UTF-8 and try again.",
        )
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as broken:
        raise IngestRefused(
            field,
            f"Character {broken.start + 1:,} is half of a broken pair (a lone surrogate). "
            "Copy the text again from its source, or save it as UTF-8.",
        ) from broken
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not any(sign.isalnum() for sign in text):
        raise IngestRefused(field, "There is no text here. Paste the article, or give its URL.")
    return text


def check_url(url: str) -> str:
    """The canonical form of an http(s) URL, or :class:`IngestRefused` at the field ``url``."""
    try:
        parsed = parse_http_url(url.strip())
        canonical = canonical_url(url.strip())
    except FetchError as refused:
        raise IngestRefused("url", f"{refused} {URL_CURE}") from refused
    if max(len(canonical), len(url.strip())) > MAX_URL_CHARS:
        raise IngestRefused(
            "url", f"This URL is longer than {MAX_URL_CHARS:,} characters. {URL_CURE}"
        )
    if (parsed.host, parsed.port) not in settings.FETCH_ALLOW:
        _refuse_closed(parsed)
    return canonical


def _refuse_closed(url: HttpUrl) -> None:
    """Refuse what no fetch will ever open; a name's addresses are vetted when it is fetched."""
    if url.port not in OPEN_PORTS:
        raise IngestRefused(
            "url", f"Port {url.port} is not one that pages are read from. {URL_CURE}"
        )
    is_private_name = url.host == "localhost" or url.host.endswith((".localhost", ".local"))
    if is_private_name or (_is_literal(url.host) and not is_allowed_address(url.host)):
        raise IngestRefused(
            "url", f"{url.host} is a private address, not a page on the public internet. {URL_CURE}"
        )


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
