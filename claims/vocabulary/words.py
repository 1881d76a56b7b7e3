"""What a closed set of words is."""

from __future__ import annotations

from enum import StrEnum


class Word(StrEnum):
    """A closed set whose members carry a label for people."""

    @property
    def label(self) -> str:
        """The value as people read it: ``in_review`` becomes ``In review``."""
        return self.value.replace("_", " ").capitalize()

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Pairs of (stored value, label) in the order of definition."""
        return [(member.value, member.label) for member in cls]
