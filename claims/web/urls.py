"""Reading, refusing and comparing URLs.

:func:`parse_http_url` promises that what it returns is safe to put on a request
line and names its host in exactly one spelling; whatever a browser and a parser
could read differently (backslashes, control characters, numbers posing as names,
percent signs in the host) is refused with a sentence for the user, not repaired.
:func:`canonical_url` gives the identity under which a page is stored,
:func:`site_of` the registrable domain that stands for its publisher.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit

import idna
import tldextract

from claims.web.errors import CredentialsRefused, SchemeRefused, UrlInvalid
from claims.web.trackers import is_tracker

MAX_URL_CHARACTERS = 4096
DEFAULT_PORTS = {"http": 80, "https": 443}

# Spaces at either end are what pasting leaves; anything else below is never meant.
FORBIDDEN_CHARACTERS = re.compile(r"[\x00-\x20\x7f-\x9f\\\u2028\u2029\ud800-\udfff]")
# What Unicode calls format characters (zero width, marks of direction) hides in pasted links.
INVISIBLE_CHARACTERS = re.compile(r"[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
# These turn the writing round: at either end a wrapper that was pasted, inside a disguise.
TURNING_CHARACTERS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
HOST_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
NUMBER_LABEL = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)")
ABSOLUTE = re.compile(r"https?://[^/?#]", re.I)
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")

PATH_SAFE = "/:@!$&'()*+,;=~-._%"
QUERY_SAFE = PATH_SAFE + "?"

# The bundled suffix list only: the default constructor would ask the network.
_extract_site = tldextract.TLDExtract(
    suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True
)


@dataclass(frozen=True, slots=True)
class HttpUrl:
    """An http(s) URL taken apart.

    ``host`` is lower-case ASCII without brackets or trailing dot; ``target`` is
    the percent-encoded path and query of the request line.
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def netloc(self) -> str:
        """Host as in the Host header: brackets round IPv6, the port only if unusual."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port: what robots rules and throttles are keyed by."""
        return f"{self.scheme}://{self.netloc}"

    def __str__(self) -> str:
        return self.origin + self.target


@lru_cache(maxsize=512)
def parse_http_url(url: str) -> HttpUrl:
    """Take an absolute http(s) URL apart, or say what is wrong with it.

    Raises :class:`UrlInvalid` or one of its children. Spaces around the URL are
    dropped, non-ASCII is encoded, the fragment is left out. Whether the port is
    allowed is the client's business.

    >>> str(parse_http_url("HTTP://Example.com:80/a b"))
    Traceback (most recent call last):
    ...
    claims.web.errors.UrlInvalid: The address holds a space, backslash or control character.
    >>> str(parse_http_url("HTTP://Exämple.com:80/ä?q=1#top"))
    'http://xn--exmple-cua.com/%C3%A4?q=1'
    """
    if len(url) < 9999:
        url = INVISIBLE_CHARACTERS.sub("", url.strip(" \t\r\n\u00a0" + TURNING_CHARACTERS))
    if not url:
        raise UrlInvalid("The address is empty.")
    if len(url) > MAX_URL_CHARACTERS:
        raise UrlInvalid(f"The address is longer than {MAX_URL_CHARACTERS} characters.")
    if FORBIDDEN_CHARACTERS.search(url):
        raise UrlInvalid("The address holds a space, backslash or control character.")
    if any(sign in url for sign in TURNING_CHARACTERS):
        raise UrlInvalid("The address holds a character that turns the writing round.")
    scheme = _read_scheme(url)
    if not url[len(scheme) :].startswith("://") or url[len(scheme) :].startswith(":///"):
        raise UrlInvalid("The address must begin with http:// or https:// and a host name.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UrlInvalid("The address is not well formed (host or port).") from None
    if "@" in parts.netloc:
        raise CredentialsRefused("The address holds a user name or password; leave it out.")
    if port == 0:
        raise UrlInvalid("The address has an impossible port.")
    if "[" in parts.netloc and ":" not in (parts.hostname or ""):
        raise UrlInvalid("The host is not a valid IPv6 address.")
    host = _read_host(parts.hostname or "")
    path = quote(parts.path or "/", safe=PATH_SAFE)
    query = quote(parts.query, safe=QUERY_SAFE)
    target = _mend_percents(f"{path}?{query}" if query else path)
    return HttpUrl(scheme, host, port or DEFAULT_PORTS[scheme], target)


def _read_scheme(url: str) -> str:
    match = SCHEME.match(url)
    if match is None:
        raise UrlInvalid("The address must begin with http:// or https://.")
    scheme = match.group(1).lower()
    if scheme not in DEFAULT_PORTS:
        raise SchemeRefused(f"Only http and https are fetched, not {scheme[:20]}.")
    return scheme


@lru_cache(maxsize=1024)
def _read_host(host: str) -> str:
    """The one spelling of a host: an IP address, or lower-case ASCII labels."""
    if not host:
        raise UrlInvalid("The address has no host name.")
    if ":" in host:
        return _read_ipv6(host)
    if "%" in host:
        raise UrlInvalid("The host name holds a percent sign.")
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True, transitional=False).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            raise UrlInvalid("The host name is not a valid international name.") from None
    host = host.lower().removesuffix(".")
    labels = host.split(".")
    if len(host) > 253 or not all(HOST_LABEL.fullmatch(label) for label in labels):
        raise UrlInvalid("The host name is not well formed.")
    if NUMBER_LABEL.fullmatch(labels[-1]):
        # 127.1, 0x7f000001 and 2130706433 are addresses to some programs and names to others.
        try:
            return str(IPv4Address(host))
        except AddressValueError:
            raise UrlInvalid("A numeric host must be four decimal numbers.") from None
    return host


def _read_ipv6(host: str) -> str:
    if "%" in host:
        raise UrlInvalid("An IPv6 host must not name a network interface.")
    try:
        return str(IPv6Address(host))
    except AddressValueError:
        raise UrlInvalid("The host is not a valid IPv6 address.") from None


def _mend_percents(target: str) -> str:
    """Encode a percent sign that begins no escape, and write escapes in upper case."""
    return re.sub(
        r"%([0-9A-Fa-f]{2})?",
        lambda found: f"%{found[1].upper()}" if found[1] else "%25",
        target,
    )


def resolve_link(base_url: str, link: str) -> str | None:
    """The absolute http(s) URL of a link on a page, or ``None`` if it leads elsewhere.

    The fragment is dropped; ``mailto:``, ``javascript:``, data and broken links give ``None``.
    """
    link = re.sub(r"[\t\r\n]", "", link.strip()) if len(link) <= MAX_URL_CHARACTERS else ""
    if not link or link.startswith("#"):
        return None
    link = link.replace(" ", "%20")
    try:
        # Joining is the costlier half, and an absolute address has nothing to be joined to.
        return str(parse_http_url(link if ABSOLUTE.match(link) else urljoin(base_url, link)))
    except (UrlInvalid, ValueError):
        return None


@lru_cache(maxsize=4096)
def canonical_url(url: str) -> str:
    """The identity of a page: one spelling, no fragment, no trackers, sorted query.

    Idempotent. Raises :class:`UrlInvalid` where :func:`parse_http_url` does.

    >>> canonical_url("HTTPS://www.Example.com:443/a/../b?z=1&utm_source=x&a=2#top")
    'https://www.example.com/b?a=2&z=1'
    """
    parsed = parse_http_url(url)
    path, _, query = parsed.target.partition("?")
    # Latin-1 both ways keeps every byte of an escape, whatever charset the site uses.
    pairs = parse_qsl(query, keep_blank_values=True, encoding="latin-1")
    kept = urlencode(sorted(pair for pair in pairs if not is_tracker(pair[0])), encoding="latin-1")
    path = _unreserve(_drop_dot_segments(re.sub(r";jsessionid=[^/;]*", "", path, flags=re.I)))
    return f"{parsed.origin}{path}?{kept}" if kept else parsed.origin + path


def _unreserve(path: str) -> str:
    """Decode escapes of characters that never needed one (RFC 3986 §2.3)."""

    def decode(found: re.Match[str]) -> str:
        character = chr(int(found[1], 16))
        keep = character.isascii() and (character.isalnum() or character in "-_~")
        return character if keep else found[0]

    return re.sub(r"%([0-9A-F]{2})", decode, path)


def _drop_dot_segments(path: str) -> str:
    kept: list[str] = []
    segments = path.replace("%2E", ".").split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


@lru_cache(maxsize=4096)
def site_of(url: str) -> str:
    """The registrable domain behind a URL, or the bare host where there is none.

    Takes a URL; ``""`` where it has no host. Private suffixes count, so two blogs
    on one hosting service are two sites.

    >>> site_of("https://data.blog.example.co.uk/x")
    'example.co.uk'
    """
    try:
        host = parse_http_url(url).host
    except UrlInvalid:
        return ""
    return _extract_site(host).top_domain_under_public_suffix or host
