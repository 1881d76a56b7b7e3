"""Discuss: what people say about a ticket, whom they name, and when a thread is settled.

Promises: everybody of the team may speak, nobody else; who is named or answered is told once;
a comment is never changed or dropped. A thread is settled and opened again by anybody of the
team, with name and time.
"""

from __future__ import annotations

import re

from django.db import transaction
from django.utils import timezone

from claims.lifecycle import MoveRefused
from claims.models.access import Person, role_of
from claims.models.discussion import Comment, notify
from claims.models.storable import storable
from claims.models.team import Membership
from claims.models.ticket import Ticket
from claims.vocabulary import NoticeKind

COMMENT_CHARS = 5_000
# As Django's user names; a stop that ends the sentence is looked at afterwards.
MENTION = re.compile(r"(?<![\w@])@([\w.+-]{1,150})")
MOST_MENTIONED = 20


def say(ticket: Ticket, text: str, *, by: Person, thread: Comment | None = None) -> Comment:
    """Add a comment, as the first of a new thread or as an answer in ``thread``.

    An answer opens a settled thread again. Raises ``MoveRefused`` for a stranger to the team,
    an empty or too long text, and a thread of another ticket.
    """
    _check_member(ticket, by)
    words = storable(text).strip()
    if not words:
        raise MoveRefused("there is nothing to say in this comment")
    if len(words) > COMMENT_CHARS:
        raise MoveRefused(f"a comment has at most {COMMENT_CHARS:,} characters")
    if thread is not None and thread.ticket_id != ticket.pk:
        raise MoveRefused("this thread is about another ticket")
    root = (thread.thread or thread) if thread is not None else None
    with transaction.atomic():
        author: int = by.pk  # type: ignore[assignment]
        comment = Comment.objects.create(ticket=ticket, author_id=author, thread=root, text=words)
        if root is not None and root.resolved_at is not None:
            Comment.objects.filter(pk=root.pk).update(resolved_at=None, resolved_by=None)
        named = find_mentioned(ticket, words)
        notify(named, ticket, NoticeKind.MENTIONED, actor=by, told=words)
        if root is not None:
            notify(_speakers(root) - named, ticket, NoticeKind.REPLIED, actor=by, told=words)
    return comment


def settle(comment: Comment, *, by: Person, is_settled: bool = True) -> bool:
    """Mark a thread as settled, or open it again; ``False`` where somebody did so before."""
    _check_member(comment.ticket, by)
    root = Comment.objects.filter(pk=comment.thread_id or comment.pk)
    now, person = (timezone.now(), by.pk) if is_settled else (None, None)
    rows = root.filter(resolved_at__isnull=is_settled)
    return bool(rows.update(resolved_at=now, resolved_by_id=person))


def find_mentioned(ticket: Ticket, text: str) -> set[int]:
    """The members of the ticket's team whom a text names as ``@user.name`` (at most 20)."""
    named = []
    for found in MENTION.finditer(text):
        named += [found[1].casefold(), found[1].rstrip(".+-").casefold()]
        if len(named) >= 2 * MOST_MENTIONED:
            break
    if not named:
        return set()
    members = Membership.objects.filter(team_id=ticket.team_id, user__is_active=True)
    by_name = {
        name.casefold(): person for person, name in members.values_list("user", "user__username")
    }
    return {by_name[name] for name in named if name in by_name}


def _speakers(root: Comment) -> set[int]:
    answers = Comment.objects.filter(thread=root).values_list("author_id", flat=True)
    return {root.author_id, *answers}


def _check_member(ticket: Ticket, by: Person) -> None:
    if role_of(by, ticket.team) is None:
        raise MoveRefused("only members of this ticket's team discuss it")
