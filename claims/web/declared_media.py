"""Images and video that a page declares: schema.org objects in JSON-LD, ``og:`` in its head.

It promises what is said of them beside; whether the page shows them nobody knows from here, so
they come behind those that it does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from claims.vocabulary import MediaKind
from claims.web.media import MAX_DESCRIPTION_CHARACTERS, SeenMedia, tidy_words

MAX_DECLARED = 50
OBJECTS = {
    "ImageObject": MediaKind.IMAGE,
    "VideoObject": MediaKind.VIDEO,
    "AudioObject": MediaKind.AUDIO,
}
PROPERTIES = {
    "image": MediaKind.IMAGE,
    "video": MediaKind.VIDEO,
    "audio": MediaKind.AUDIO,
    "associatedMedia": MediaKind.IMAGE,
}
PLACES = ("contentUrl", "embedUrl", "url")
SAID = ("caption", "name", "description", "creditText")
OPEN_GRAPH = {
    "og:image": (MediaKind.IMAGE, ("og:image:secure_url", "og:image:url", "og:image")),
    "og:video": (MediaKind.VIDEO, ("og:video:secure_url", "og:video:url", "og:video")),
    "og:audio": (MediaKind.AUDIO, ("og:audio:secure_url", "og:audio:url", "og:audio")),
}


def find_declared_media(
    nodes: Iterable[dict[str, Any]], pages: Iterable[dict[str, Any]], meta: Mapping[str, str]
) -> tuple[SeenMedia, ...]:
    """Those that ``nodes`` of linked data are, that ``pages`` among them have, and the head's."""
    found = [one for node in nodes for one in _read_object(node, None)]
    for page in pages:
        for name, kind in PROPERTIES.items():
            found += _read_property(page.get(name), kind)
    for name, (kind, places) in OPEN_GRAPH.items():
        addresses = [meta[place] for place in places if meta.get(place)]
        said = tidy_words(meta.get(f"{name}:alt", ""), MAX_DESCRIPTION_CHARACTERS)
        found += [SeenMedia(kind, addresses, "", said)] if addresses else []
    return tuple(found[:MAX_DECLARED])


def _read_property(value: Any, kind: MediaKind) -> Iterator[SeenMedia]:
    """Bare addresses are crops of one picture, the first is enough; objects are what they are."""
    values = value[:MAX_DECLARED] if isinstance(value, list) else [value]
    bare = next((one for one in values if isinstance(one, str)), None)
    if bare:
        yield SeenMedia(kind, [bare])
    for one in values:
        if isinstance(one, dict):
            yield from _read_object(one, kind)


def _read_object(node: dict[str, Any], kind: MediaKind | None) -> Iterator[SeenMedia]:
    """The medium that a node is; ``kind`` is what it is where it does not say so itself."""
    named = node.get("@type")
    named = named[0] if isinstance(named, list) and named else named
    kind = OBJECTS.get(named, kind) if isinstance(named, str) else kind
    addresses = [node[place] for place in PLACES if isinstance(node.get(place), str)]
    if kind is not None and addresses:
        said = (node[name] for name in SAID if isinstance(node.get(name), str))
        yield SeenMedia(
            kind, addresses, "", tidy_words(" – ".join(said), MAX_DESCRIPTION_CHARACTERS)
        )
