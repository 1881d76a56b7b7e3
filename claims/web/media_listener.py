"""Hears a page's images, video and sound go by, and the captions that belong to them.

It promises one pass in time linear in the elements: a caption is what ``figcaption`` holds, or
an element that names itself a caption or credit, inside the figure or right behind the image.
It refuses to take running text for a caption.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from claims.vocabulary import MediaKind
from claims.web.media import (
    MAX_CAPTION_CHARACTERS,
    MAX_DESCRIPTION_CHARACTERS,
    SeenMedia,
    best_of,
    is_unseen,
    tidy_words,
)

IMAGES = frozenset({"img", "amp-img"})
PLAYERS = {
    "video": MediaKind.VIDEO,
    "amp-video": MediaKind.VIDEO,
    "audio": MediaKind.AUDIO,
    "amp-audio": MediaKind.AUDIO,
}
MEDIA_TAGS = IMAGES | PLAYERS.keys() | {"figure", "figcaption", "picture", "source", "iframe"}
MAX_SEEN = 500
MAX_SOURCES = 20
MAX_PIECES = 1000
# As much may stand between an image and its caption ("Zoom", "1 / 5").
GAP_CHARACTERS = 30
# Inside a caption these part words; all else may stand inside of one.
PARTING = frozenset({"br", "p", "div", "span", "small", "cite", "li", "figcaption", "dd", "td"})

_CAPTION_CLASS = re.compile(
    r"(?:^|[\s_-])(?:fig|foto|photo)?(?:caption|credit|copyright|cutline|bildunterschrift)s?"
    r"(?:[_-]{1,2}text)?(?:$|\s)",
    re.IGNORECASE,
)
_SIGN_CLASS = re.compile(
    r"(?:^|[\s_-])(?:icons?|emoji|smiley|avatar|gravatar|logos?|spacer|pixel|sprite|badge)(?:$|[\s_-])",
    re.IGNORECASE,
)
_HOST = r"\s{0,5}(?:https?:)?//(?:[\w-]{1,63}\.){0,3}"
_VIDEO = re.compile(
    _HOST + r"(?:youtube(?:-nocookie)?\.com/embed/|youtu\.be/|player\.vimeo\.com/video/"
    r"|dailymotion\.com/(?:embed|player)|facebook\.com/plugins/video|player\.twitch\.tv/"
    r"|tiktok\.com/(?:embed|player)|rumble\.com/embed/|players\.brightcove\.net/"
    r"|content\.jwplatform\.com/|cdn\.jwplayer\.com/|wistia\.(?:net|com)/embed/|streamable\.com/[eo]/"
    r"|embed\.ted\.com/|archive\.org/embed/|odysee\.com/\$/embed/|bitchute\.com/embed/"
    r"|ok\.ru/videoembed/|rutube\.ru/play/embed/|vk\.com/video_ext|player\.bilibili\.com/"
    r"|loom\.com/embed/)",
    re.IGNORECASE,
)
_SOUND = re.compile(
    _HOST + r"(?:w\.soundcloud\.com/player|open\.spotify\.com/embed|embed\.podcasts\.apple\.com/)",
    re.IGNORECASE,
)
LAZY = ("data-src", "data-lazy-src", "data-original")
LAZY_SETS = ("data-srcset", "data-lazy-srcset")
SAID = ("alt", "title", "aria-label")


@dataclass(slots=True)
class _Figure:
    media: list[SeenMedia] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Caption:
    """A caption that is being heard: its element, how many of that name are open, whose it is."""

    tag: str
    owner: _Figure
    depth: int = 1
    words: list[str] = field(default_factory=list)


class MediaListener:
    """Hears elements that may be media, and what is near them; fills a list of what was seen."""

    def __init__(self, seen: list[SeenMedia]) -> None:
        self._seen = seen
        self._figures: list[_Figure] = []
        self._player: SeenMedia | None = None
        self._sources: list[str] | None = None  # of the open picture
        self._last = _Figure()  # the image outside figures that may still get a caption
        self._gap = 0
        self._caption: _Caption | None = None
        # Whether words and elements that are no media may belong to one. No property: it is
        # asked at every element and text of a page.
        self.is_near = False

    def start(self, tag: str, attributes: Mapping[str, str], *, is_doubtful: bool) -> None:
        """An element begins; ``is_doubtful`` in a margin."""
        if tag in IMAGES:
            self._add_image(attributes, is_doubtful)
        elif tag == "source":
            self._add_source(attributes)
        elif tag in PLAYERS:
            self._add_player(PLAYERS[tag], attributes, is_doubtful)
        elif tag == "iframe":
            self._add_frame(attributes, is_doubtful)
        elif tag == "figure":
            self._figures.append(_Figure())
        elif tag == "picture":
            self._sources = []
        elif self._caption is not None:
            if tag in PARTING:
                self._caption.words.append(" ")
            self._caption.depth += tag == self._caption.tag
        elif tag == "figcaption" or _CAPTION_CLASS.search(attributes.get("class", "")[:300]):
            self._caption = _Caption(tag, self._figures[-1] if self._figures else self._last)
        self._settle()

    def end(self, tag: str) -> None:
        """An element ends."""
        if self._caption is not None and tag == self._caption.tag:
            self._caption.depth -= 1
            if not self._caption.depth:
                self._end_caption()
        elif tag == "figure" and self._figures:
            self._end_figure()
        elif tag == "picture":
            self._sources = None
        elif tag in PLAYERS:
            self._player = None
        self._settle()

    def data(self, text: str) -> None:
        """Text that is shown, near an image."""
        if self._caption is not None:
            self._caption.words.append(text)
        elif not self._figures:
            self._gap += len(text.strip())
            if self._gap > GAP_CHARACTERS:
                self._last = _Figure()
                self._settle()

    def finish(self) -> None:
        """The page is over."""
        self._end_caption()
        while self._figures:
            self._end_figure()

    def _settle(self) -> None:
        self.is_near = bool(self._figures or self._caption or self._last.media)

    def _end_caption(self) -> None:
        if self._caption is None:
            return
        caption, self._caption = self._caption, None
        caption.owner.words.append("".join(caption.words[:MAX_PIECES]))
        if caption.owner is self._last:
            _give_words(self._last)

    def _end_figure(self) -> None:
        figure = self._figures.pop()
        if self._caption is not None and self._caption.owner is figure:
            self._end_caption()
        _give_words(figure)
        # An album's caption is that of the images in it that have none.
        if self._figures and not figure.words:
            self._figures[-1].media += figure.media

    def _add(self, *seen: SeenMedia) -> None:
        # What calls itself a caption and holds an image was the box around both.
        if self._caption is not None and self._caption.tag != "figcaption":
            self._caption = None
        # Few in all: figures in figures hand theirs on, level by level.
        fresh = seen[: MAX_SEEN - len(self._seen)]
        self._seen += fresh
        if self._figures:
            self._figures[-1].media += fresh
        else:
            self._last, self._gap = _Figure(list(fresh)), 0

    def _add_image(self, attributes: Mapping[str, str], is_doubtful: bool) -> None:
        sources = self._sources or ()
        if is_unseen(attributes) or self._player is not None:
            return
        written = [attributes.get(name, "") for name in LAZY]
        written += [best_of(attributes.get(name, "")) for name in LAZY_SETS]
        written += [attributes.get("src", ""), best_of(attributes.get("srcset", "")), *sources]
        addresses = [one for one in written if one]
        if addresses:
            is_sign = _SIGN_CLASS.search(attributes.get("class", "")[:300]) is not None
            described = _say(attributes)
            image = SeenMedia(MediaKind.IMAGE, addresses, "", described, is_doubtful or is_sign)
            self._add(image)

    def _add_source(self, attributes: Mapping[str, str]) -> None:
        if self._player is not None:
            self._player.addresses += filter(None, [attributes.get("src"), attributes.get(LAZY[0])])
        elif self._sources is not None and len(self._sources) < MAX_SOURCES:
            sets = (best_of(attributes.get(name, "")) for name in ("srcset", *LAZY_SETS))
            self._sources += filter(None, sets)

    def _add_player(
        self, kind: MediaKind, attributes: Mapping[str, str], is_doubtful: bool
    ) -> None:
        addresses = [attributes[name] for name in ("src", "data-src") if attributes.get(name)]
        self._player = SeenMedia(kind, addresses, "", _say(attributes), is_doubtful)
        poster = [attributes["poster"]] if attributes.get("poster") else []
        shown = SeenMedia(MediaKind.IMAGE, poster, "", _say(attributes), is_doubtful)
        self._add(self._player, *([shown] if poster else ()))

    def _add_frame(self, attributes: Mapping[str, str], is_doubtful: bool) -> None:
        for address in filter(None, (attributes.get(name) for name in ("src", *LAZY))):
            for kind, known in ((MediaKind.VIDEO, _VIDEO), (MediaKind.AUDIO, _SOUND)):
                if known.match(address):
                    self._add(SeenMedia(kind, [address], "", _say(attributes), is_doubtful))
                    return


def _say(attributes: Mapping[str, str]) -> str:
    said = next((attributes[name] for name in SAID if attributes.get(name, "").strip()), "")
    return tidy_words(said, MAX_DESCRIPTION_CHARACTERS)


def _give_words(figure: _Figure) -> None:
    """A figure's caption, credit line and all, belongs to all of its images."""
    caption = tidy_words(" ".join(figure.words), MAX_CAPTION_CHARACTERS)
    for one in figure.media if caption else ():
        one.caption = caption
