"""What somebody has typed into the discussion and not sent: it keeps itself, thread by thread.

Promises: a draft is its author's own, one for each thread and one for a new thread; it goes with
the comment that it became, also where the last save comes after the comment.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from claims.admin.ticket_panels.desk import Desk
from claims.models import Comment, CommentDraft
from claims.models.storable import storable

# More than a comment may have: what was typed is kept, then judged.
SAID_CHARS = 20_000
LATE = timedelta(minutes=1)


def read_said(desk: Desk) -> dict[int | None, str]:
    """The person's drafts on this ticket by thread, ``None`` for a new one (one query)."""
    rows = CommentDraft.objects.filter(ticket=desk.ticket, author_id=desk.person.pk)
    return dict(rows.values_list("thread_id", "text"))


def keep_said(desk: Desk, thread: int | None, text: str) -> CommentDraft | None:
    """Keep what was typed so far; nothing typed drops the draft. Gives the draft or ``None``.

    A thread that is not on this ticket has none.
    """
    words = storable(text)
    here = Comment.objects.filter(ticket=desk.ticket, thread=None)
    if thread is not None and not here.filter(pk=thread).exists():
        return None
    mine = Comment.objects.filter(ticket=desk.ticket, author_id=desk.person.pk)
    is_sent = mine.filter(text=words.strip(), said_at__gt=timezone.now() - LATE).exists()
    if is_sent or not words.strip():
        drop_said(desk, thread)
        return None
    author: Any = desk.person.pk
    draft, _ = CommentDraft.objects.update_or_create(
        ticket=desk.ticket, author_id=author, thread_id=thread, defaults={"text": words}
    )
    return draft


def drop_said(desk: Desk, thread: int | None) -> None:
    """Drop the draft of a thread, or of a new one."""
    rows = CommentDraft.objects.filter(ticket=desk.ticket, author_id=desk.person.pk)
    rows.filter(thread=thread).delete()
