"""Images, video and sound of a page, as links with their captions.

It promises absolute http(s) addresses, each once, in the order of the page, and few enough to
keep; what only lays out or counts visitors (icons, spacers, pixels) is left out. Nothing of
them is ever fetched. What is heard of a page's elements is
:mod:`claims.web.media_listener`'s, what a page declares :mod:`claims.web.declared_media`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from claims.vocabulary import MediaKind
from claims.web.urls import resolve_link

MAX_MEDIA = 100
MAX_URL_CHARACTERS = 2000
MAX_CAPTION_CHARACTERS = 1000
MAX_DESCRIPTION_CHARACTERS = 500
# A picture whose page says that it is smaller is a sign, not something to look at.
LEAST_PIXELS = 50

# Stand-ins until a script puts the picture there, and what counts visitors.
_NO_PICTURE = re.compile(
    r"/(?:[\w.-]{0,40}[_.-])?(?:blank|spacer|pixel|placeholder|transparent|loading|loader|lazy|clear"
    r"|dummy|1x1)[\w.-]{0,40}(?:\?|$)"
    r"|//(?:[\w-]{1,63}\.){0,4}(?:facebook\.com/tr\b|scorecardresearch\.com|doubleclick\.net"
    r"|google-analytics\.com|googletagmanager\.com|quantserve\.com|stats\.wp\.com|vgwort\.de"
    r"|ioam\.de|chartbeat\.(?:com|net)|adnxs\.com|criteo\.com)",
    re.IGNORECASE,
)
# Signs of the site, by their folder or file: "/icons/a.svg", "/img/our-logo.png".
_SIGN = re.compile(
    r"/(?:social)?(?:icons?|logos?|flags?|emojis?|arrows?|buttons?)/"
    r"|[/_-](?:logo|icon|favicon|sprite|avatar)s?[\w.-]{0,40}\.(?:png|svg|gif|jpe?g|webp)(?:\?|$)",
    re.IGNORECASE,
)
# Places that a script fills in: "/{width}/a.jpg", "[[url]]".
_UNFILLED = re.compile(r"[{}\[\]<>]")
_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|mp4|webm|ogg|mp3|m4a)$|/embed/", re.IGNORECASE
)

_UNSEEN_STYLE = re.compile(
    r"(?:^|[;\s])(?:width|height)\s{0,3}:\s{0,3}[1-4]?[0-9]px|display\s{0,3}:\s{0,3}none", re.I
)


@dataclass(frozen=True, slots=True)
class MediaLink:
    """One image, video or sound: where it is, and what is said of it.

    ``caption`` is what the page shows at it, its credit line with it; ``description`` what the
    markup says that it shows, for those who cannot see it. Empty strings: nothing is said.
    """

    kind: MediaKind
    url: str
    caption: str = ""
    description: str = ""

    def to_json(self) -> dict[str, str]:
        """``{"kind","url","caption","description"}``."""
        return {
            "kind": self.kind.value,
            "url": self.url,
            "caption": self.caption,
            "description": self.description,
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """The inverse of :meth:`to_json`."""
        return cls(**{**stored, "kind": MediaKind(stored["kind"])})


@dataclass(slots=True)
class SeenMedia:
    """The same as it stands in the markup; ``addresses`` are raw, the likeliest first.

    What ``is_doubtful`` (in a margin, marked as an icon) counts only with a caption.
    """

    kind: MediaKind
    addresses: list[str] = field(default_factory=list)
    caption: str = ""
    description: str = ""
    is_doubtful: bool = False


def choose_media(seen: Iterable[SeenMedia], base: str) -> tuple[MediaLink, ...]:
    """Those that lead somewhere, each once, with all that was said of it; ``base`` is the page's.

    >>> [one.url for one in choose_media([SeenMedia(MediaKind.IMAGE, ["data:x", "/a.jpg"])],
    ...     "https://example.org/b")]
    ['https://example.org/a.jpg']
    """
    found: dict[str, MediaLink] = {}
    for one in seen:
        url = _first_address(one.addresses, base)
        if not one.caption and (one.is_doubtful or _SIGN.search(url)):
            continue
        identity = _identity(url)
        known = found.get(identity)
        if known is not None:
            found[identity] = replace(
                known,
                caption=known.caption or one.caption,
                description=known.description or one.description,
            )
        elif url and len(found) < MAX_MEDIA:
            found[identity] = MediaLink(one.kind, url, one.caption, one.description)
    return tuple(found.values())


def best_of(srcset: str) -> str:
    """The address of a ``srcset`` with the most pixels.

    >>> best_of("a.jpg 320w, b.jpg 1280w"), best_of("a,b.jpg"), best_of("a.jpg, b.jpg 2x")
    ('b.jpg', 'a,b.jpg', 'b.jpg')
    """
    best, most, url = "", -1.0, ""
    for token in srcset[:8000].split():
        if not url:
            url = token.rstrip(",")
            if not token.endswith(","):
                continue
            size, rest = "1x", ""
        else:
            size, _, rest = token.partition(",")
        if _pixels(size) > most:
            best, most = url, _pixels(size)
        url = rest
    return url if url and not best else best


def tidy_words(text: str, most: int) -> str:
    """A caption or description as one line of at most so many characters."""
    return " ".join(text[: 4 * most].split())[:most]


def is_unseen(attributes: Mapping[str, str]) -> bool:
    """Whether an element's own size or style says that there is nothing to see."""
    for name in ("width", "height"):
        size = attributes.get(name, "").strip().removesuffix("px")
        if size.isascii() and size.isdigit() and len(size) < 6 and int(size) < LEAST_PIXELS:
            return True
    style = attributes.get("style", "")
    return bool(style) and _UNSEEN_STYLE.search(style[:500]) is not None


def _pixels(size: str) -> float:
    number = size[:-1]
    is_number = number.isascii() and number.replace(".", "", 1).isdigit() and len(number) < 8
    return float(number) if is_number and size[-1:] in ("w", "x") else 0.0


def _first_address(addresses: Iterable[str], base: str) -> str:
    """The first that is one, as an absolute address; ``""`` for none."""
    for written in addresses:
        if written.lstrip()[:5].lower() == "data:" or _UNFILLED.search(written):
            continue
        url = resolve_link(base, written)
        if url and len(url) <= MAX_URL_CHARACTERS and not _NO_PICTURE.search(url):
            return url
    return ""


def _identity(url: str) -> str:
    """What two addresses of one picture share: of a file, its query only sets the size."""
    path = url.partition("?")[0]
    return path if _FILE.search(path) else url
