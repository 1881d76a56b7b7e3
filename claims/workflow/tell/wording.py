"""A notice in words, the same in the app, in a mail and to a webhook."""

from __future__ import annotations

from typing import Any

from claims.models.discussion import Notice
from claims.vocabulary import NoticeKind

DID = {
    NoticeKind.MENTIONED: "named you",
    NoticeKind.REPLIED: "answered in your thread",
    NoticeKind.GIVEN: "gave you this ticket",
    NoticeKind.TAKEN_AWAY: "took this ticket from you",
    NoticeKind.SENT_BACK: "sent your verdict back",
    NoticeKind.DUE_SOON: "Due soon",
    NoticeKind.OVERDUE: "Overdue",
}
WITHHELD = "What was said is shown when the claim was read blind."


def say_told(notice: Notice) -> str:
    """Its words, or why they are kept back; of rows with their seals (``with_seals``)."""
    is_withheld: bool = notice.is_withheld  # type: ignore[attr-defined]
    return WITHHELD if is_withheld and notice.told else notice.told


def say_who(person: Any) -> str:
    """A person's full name in one line, else the login name; empty for nobody."""
    if person is None:
        return ""
    return " ".join(str(person.get_full_name() or person.get_username()).split())
