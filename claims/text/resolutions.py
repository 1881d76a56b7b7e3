"""One thing that was put into a sentence so that it can be read alone.

Promises: a resolution names the characters it explains and what they mean; what is put in
always stands in square brackets, so that a reader sees which words are not the article's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class ResolutionKind(StrEnum):
    """What sort of words was resolved."""

    DATE = "date"
    PERSON = "person"
    COUNTRY = "country"
    ORGANISATION = "organisation"
    THING = "thing"
    SUBJECT = "subject"


@dataclass(frozen=True, slots=True)
class Resolution:
    """Characters ``start`` to ``end`` (exclusive) mean ``meaning``.

    With ``replaces`` the meaning stands in place of the characters, as for a pronoun;
    otherwise it stands behind them. A ``SUBJECT`` is put before them and explains nothing
    that is written there: its span is where the words were taken from.
    """

    start: int
    end: int
    text: str
    meaning: str
    kind: ResolutionKind
    replaces: bool = False

    def moved(self, by: int) -> Resolution:
        """The same resolution ``by`` characters further on."""
        return replace(self, start=self.start + by, end=self.end + by)

    def to_json(self) -> dict[str, Any]:
        """``{"start", "end", "text", "meaning", "kind"}``."""
        return {
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "meaning": self.meaning,
            "kind": self.kind.value,
        }


def word_alone(
    sentence: str, resolutions: Iterable[Resolution], start: int = 0, end: int | None = None
) -> str:
    """Characters ``start`` to ``end`` of a sentence with what its resolutions put in.

    Of resolutions that overlap the first one counts.
    """
    stop = len(sentence) if end is None else end
    parts: list[str] = []
    begin = start
    for one in sorted(resolutions, key=lambda found: (found.start, found.end)):
        if one.kind is ResolutionKind.SUBJECT or one.start < begin or one.end > stop:
            continue
        kept = one.start if one.replaces else one.end
        parts += [sentence[begin:kept], "" if one.replaces else " ", f"[{one.meaning}]"]
        begin = one.end
    return "".join([*parts, sentence[begin:stop]])
