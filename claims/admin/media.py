"""Images and video of a stored copy as a table of links: none of them is loaded here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from claims.admin.facts import Fact, Section, Table
from claims.admin.outside import outside_link
from claims.vocabulary import MediaKind

LABELS = dict(MediaKind.choices())
HEADER = ("Kind", "Caption", "Said to show", "Address")


def media_section(stored: Sequence[Mapping[str, str]]) -> Section | None:
    """What a copy keeps of its images and video; ``None`` where it has none."""
    if not stored:
        return None
    rows = [
        (
            LABELS.get(one["kind"], one["kind"]),
            one["caption"] or "–",
            one["description"] or "–",
            Fact("", one["url"], outside=outside_link(one["url"])),
        )
        for one in stored
    ]
    return Section(
        f"Images and video ({len(rows)})",
        tables=[Table(HEADER, rows)],
        note="Links alone: nothing of them is kept or loaded here.",
        is_folded=True,
    )
