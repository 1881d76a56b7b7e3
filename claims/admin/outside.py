"""Which addresses outside may be clicked: the one place that decides.

Promises: a link leads to http or https, to the host that is shown beside it and
to no other reader's idea of one. Whatever the client would refuse to fetch (a
user name, a backslash, a control character, a number posing as a name) is
shown as text. The target is spelled in ASCII, so that a letter of another
alphabet cannot pass for its double and nothing invisible hides in it.
"""

from __future__ import annotations

from urllib.parse import quote

from claims.web.errors import FetchError
from claims.web.urls import PATH_SAFE, parse_http_url

# What was brought by hand has an address under this, which is nobody's (RFC 2606).
RESERVED = ".invalid"
FRAGMENT_SAFE = PATH_SAFE + "?"


class Outside(str):
    """An address to link to, empty where there is none; ``host`` is what a person checks."""

    __slots__ = ("host",)
    host: str

    def __new__(cls, address: str = "", host: str = "") -> Outside:
        """The address with the host it leads to."""
        made = super().__new__(cls, address)
        made.host = host
        return made


NOWHERE = Outside()


def outside_link(stored: object) -> Outside:
    """The link for a stored URL, :data:`NOWHERE` if it must stay text.

    Takes whatever a column or a page's JSON holds. The host is as it goes on the
    wire (``xn--…`` for names outside ASCII), with the port where it is unusual.

    >>> outside_link("https://Exämple.com/ä#top"), outside_link("https://exämple.com/").host
    ('https://xn--exmple-cua.com/%C3%A4#top', 'xn--exmple-cua.com')
    >>> outside_link("javascript:alert(1)"), outside_link("https://trusted.example@evil.example/")
    ('', '')
    """
    if not isinstance(stored, str):
        return NOWHERE
    try:
        parsed = parse_http_url(stored)
    except FetchError:
        return NOWHERE
    _, has_fragment, fragment = stored.strip().partition("#")
    if parsed.host.endswith(RESERVED):
        return NOWHERE
    # A fragment never leaves the browser, but it is part of where a reader lands.
    end = f"#{quote(fragment, safe=FRAGMENT_SAFE)}" if has_fragment else ""
    return Outside(f"{parsed}{end}", parsed.netloc)


def is_reserved(stored: str) -> bool:
    """Whether it is the address of something that was brought by hand, and leads nowhere."""
    try:
        return parse_http_url(stored).host.endswith(RESERVED)
    except FetchError:
        return False
