"""The XML inside Office files, as a stream of elements; entities and document types refused.

It promises that nothing outside the part is ever asked for, that no entity is expanded
(a document type alone ends the reading: Office files have none), and that no tree is
built, so depth and length cost nothing but time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol
from xml.parsers import expat

from claims.web.documents.archives import Archive
from claims.web.errors import Unreadable

MAX_DEPTH = 2_000
OFFICE_DOCUMENT = "officeDocument"
MAX_RELATIONS = 20_000


class PartListener(Protocol):
    """What hears a part; names come without their namespace."""

    def start(self, tag: str, attributes: Mapping[str, str], /) -> None:
        """An element begins."""
        ...

    def end(self, tag: str, /) -> None:
        """An element ends."""
        ...

    def data(self, text: str, /) -> None:
        """Text."""
        ...


def hear_part(pieces: Iterable[bytes], listener: PartListener) -> None:
    """Tell a part's elements to a listener, which may end it early by raising.

    Raises :class:`Unreadable` for broken XML, document types, and depth beyond reason.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise Unreadable("The file's markup is nested deeper than any document's.")
        listener.start(_bare(name), {_bare(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        listener.end(_bare(name))

    def refuse(*_: object) -> None:
        raise Unreadable("The file declares entities of its own, which are never expanded.")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = listener.data
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as problem:
        raise Unreadable("The file is damaged: its markup cannot be read.") from problem


def _bare(name: str) -> str:
    return name.rpartition(" ")[2]


class _Relations:
    """Where a part's ids lead: parts inside the file, and addresses outside of it."""

    def __init__(self) -> None:
        self.inside: dict[str, tuple[str, str]] = {}
        self.outside: dict[str, str] = {}

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag != "Relationship" or len(self.inside) + len(self.outside) > MAX_RELATIONS:
            return
        key, target = attributes.get("Id", ""), attributes.get("Target", "")
        if attributes.get("TargetMode") == "External":
            self.outside[key] = target
        else:
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.inside[key] = (kind, target)

    def end(self, tag: str) -> None:
        del tag

    def data(self, text: str) -> None:
        del text


def read_relations(
    archive: Archive, part: str
) -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    """For a part: id → (kind, name of the part inside), and id → address outside, never opened."""
    folder, _, name = part.rpartition("/")
    found = _Relations()
    place = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
    if place in archive:
        hear_part(archive.pieces(place), found)
    inside = {key: (kind, _join(folder, target)) for key, (kind, target) in found.inside.items()}
    return inside, found.outside


def find_main_part(archive: Archive, usual: str) -> str:
    """The part in which the document itself stands."""
    inside, _ = read_relations(archive, "")
    named = next((name for kind, name in inside.values() if kind == OFFICE_DOCUMENT), usual)
    return named if named in archive else usual


def _join(folder: str, target: str) -> str:
    """A target as a name inside the archive; ``..`` climbs no further than its root."""
    steps = [] if target.startswith("/") or not folder else folder.split("/")
    for step in target.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in {"", "."}:
            steps.append(step)
    return "/".join(steps)


class _Properties:
    """Title and day of change out of ``docProps/core.xml``."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self._tag = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        del attributes
        self._tag = tag

    def end(self, tag: str) -> None:
        del tag
        self._tag = ""

    def data(self, text: str) -> None:
        if self._tag in {"title", "modified"}:
            self.found[self._tag] = (self.found.get(self._tag, "") + text)[:2_000]


def read_properties(archive: Archive) -> dict[str, str]:
    """``title`` and ``modified`` as the file states them; missing where it does not."""
    properties = _Properties()
    if "docProps/core.xml" in archive:
        hear_part(archive.pieces("docProps/core.xml"), properties)
    return properties.found
