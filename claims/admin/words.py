"""How stored words look in lists and pages: one colour per meaning, everywhere the same."""

from __future__ import annotations

from typing import Any

from claims.admin.facts import Badge
from claims.vocabulary import (
    ArticleState,
    FetchOutcome,
    JobState,
    SearchOutcome,
    SourceStanding,
    TicketState,
    VerdictState,
    Word,
)

# By type first: a StrEnum member equals any other of the same value.
VARIANTS: dict[type[Word], dict[str, str]] = {
    TicketState: {
        "gathering": "info",
        "ready": "primary",
        "in_review": "warning",
        "decided": "success",
        "published": "success",
    },
    ArticleState: {"fetching": "info", "received": "info", "read": "success", "failed": "danger"},
    JobState: {"leased": "info", "done": "success", "failed": "danger"},
    SearchOutcome: {
        "pending": "info",
        "found": "success",
        "could_not_reach": "warning",
        "refused": "warning",
        "failed": "danger",
        "quota_reached": "warning",
    },
    SourceStanding: {"trusted": "success", "blocked": "danger"},
    FetchOutcome: {"ok": "success", "refused": "warning", "failed": "danger"},
    VerdictState: {"proposed": "warning", "final": "success", "sent_back": "danger"},
}


def badge_of(word: Word) -> Badge:
    """The word's label in its colour."""
    return Badge(word.label, VARIANTS.get(type(word), {}).get(word.value, ""))


def label_colours(words: type[Word]) -> dict[str, str]:
    """Value → colour for a list column that shows a word as a label."""
    return {word.value: VARIANTS.get(words, {}).get(word.value, "") for word in words}


def labelled(stored: str, words: type[Word]) -> Any:
    """What a label column gives: the value for its colour and the words to show."""
    return (stored, words(stored).label) if stored else None
