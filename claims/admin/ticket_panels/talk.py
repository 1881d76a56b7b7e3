"""The discussion on the ticket's page: threads, whom they name, and what is settled.

Promises: words are shown as they were written, as text; who was named stands out; settled
threads are folded away with who settled them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django import forms

from claims.admin.ticket_panels.desk import Desk, name_of
from claims.admin.ticket_panels.forms import MAX_ID_DIGITS, TicketForm
from claims.admin.ticket_panels.said import drop_said, read_said
from claims.models import Comment, Membership
from claims.workflow import discuss
from claims.workflow.discuss import COMMENT_CHARS, MENTION

SHOWN = 200


class CommentForm(TicketForm):
    """What is said, and in which thread."""

    text = forms.CharField(
        max_length=COMMENT_CHARS,
        error_messages={
            "required": "Write what you want to say.",
            "max_length": f"At most {COMMENT_CHARS:,} characters.",
        },
    )
    thread = forms.IntegerField(required=False, min_value=1, max_value=10**MAX_ID_DIGITS)


class SettleForm(TicketForm):
    """Which thread, and whether it is settled or open again."""

    thread = forms.IntegerField(min_value=1, max_value=10**MAX_ID_DIGITS)
    act = forms.ChoiceField(choices=[("settle", "settle"), ("open", "open")])


@dataclass(frozen=True, slots=True)
class Part:
    """A run of a comment; a member's name stands out."""

    text: str
    is_name: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """One comment."""

    id: int
    who: str
    at: datetime
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Thread:
    """A first comment with its answers."""

    id: int
    said: tuple[Said, ...]
    settled_by: str
    settled_at: datetime | None
    typed: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """All threads, open ones first; ``names`` may be mentioned."""

    threads: tuple[Thread, ...]
    names: tuple[str, ...]
    open_count: int
    is_hidden: bool = False
    typed: str = ""
    error: str = ""


def build_talk(desk: Desk, form: TicketForm | None = None) -> Talk:
    """The discussion (three queries).

    A thread has the person's draft, and a refused ``form`` what was typed at its own.
    """
    members = Membership.objects.filter(team=desk.ticket.team, user__is_active=True)
    names = tuple(members.order_by("user__username").values_list("user__username", flat=True))
    rows = Comment.objects.filter(ticket=desk.ticket).select_related("author", "resolved_by")
    if desk.is_blind:
        # What was said of the claim may tell the verdict; it is back after the blind read.
        rows = rows.none()
    newest = sorted(rows.order_by("-id")[:SHOWN], key=lambda row: row.pk)
    typed, error, where = "", "", ""
    if isinstance(form, CommentForm):
        typed, error, where = form.typed("text"), _first(form), form.typed("thread")
    drafts = read_said(desk)
    known = {name.casefold() for name in names}
    threads = [
        _thread(
            row,
            [one for one in newest if one.thread_id == row.pk],
            known,
            *((typed, error) if str(row.pk) == where else (drafts.get(row.pk, ""),)),
        )
        for row in newest
        if row.thread_id is None
    ]
    threads.sort(key=lambda thread: thread.settled_at is not None)
    is_new = not where
    return Talk(
        threads=tuple(threads),
        names=names,
        is_hidden=desk.is_blind,
        open_count=sum(thread.settled_at is None for thread in threads),
        typed=(typed if is_new else "") or drafts.get(None, ""),
        error=error if is_new else "",
    )


def _first(form: TicketForm) -> str:
    return next((str(told[0]) for told in form.errors.values()), "")


def _thread(
    row: Comment, answers: Iterable[Comment], names: set[str], typed: str = "", error: str = ""
) -> Thread:
    said = tuple(
        Said(one.pk, name_of(one.author), one.said_at, split_names(one.text, names))
        for one in (row, *answers)
    )
    return Thread(row.pk, said, name_of(row.resolved_by), row.resolved_at, typed, error)


def split_names(text: str, names: set[str]) -> tuple[Part, ...]:
    """The text in parts, those that name a member marked; together they are the text."""
    parts, last = [], 0
    for found in MENTION.finditer(text):
        name = found[1] if found[1].casefold() in names else found[1].rstrip(".+-")
        if name.casefold() not in names:
            continue
        end = found.start() + 1 + len(name)
        parts += [Part(text[last : found.start()]), Part(text[found.start() : end], is_name=True)]
        last = end
    return tuple(part for part in (*parts, Part(text[last:])) if part.text)


def post_comment(desk: Desk, form: CommentForm) -> str:
    """Say something."""
    number = form.cleaned_data["thread"]
    thread = None
    if number is not None:
        thread = Comment.objects.filter(ticket=desk.ticket, pk=number).first()
        if thread is None:
            form.add_error("thread", "This thread is not on this ticket.")
            return ""
    discuss.say(desk.ticket, form.cleaned_data["text"], by=desk.person, thread=thread)
    drop_said(desk, (thread.thread_id or thread.pk) if thread is not None else None)
    return "Your comment is kept."


def post_settle(desk: Desk, form: SettleForm) -> str:
    """Settle a thread, or open it again."""
    number = form.cleaned_data["thread"]
    comment = Comment.objects.filter(ticket=desk.ticket, pk=number).first()
    if comment is None:
        form.add_error("thread", "This thread is not on this ticket.")
        return ""
    is_settled = form.cleaned_data["act"] == "settle"
    is_done = discuss.settle(comment, by=desk.person, is_settled=is_settled)
    if not is_done:
        return "Somebody did so before you."
    return "The thread is settled." if is_settled else "The thread is open again."
