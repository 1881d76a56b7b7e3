"""What a reviewer brings to a ticket: checked, kept, and the machine work on it owed.

Promises: what can be weighed at once is evidence at once; what has to be fetched or read is
under way when the call returns, and the person goes on.
"""

from __future__ import annotations

from django.db import transaction

from claims.models.access import Person
from claims.models.evidence import Evidence
from claims.models.page import Snapshot
from claims.models.ticket import Ticket
from claims.tasks.hints import nudge
from claims.workflow import gather, weigh
from claims.workflow.gather import MAX_FILE_BYTES, Told
from claims.workflow.ingest import check_text, check_url

__all__ = ["MAX_FILE_BYTES", "bring_address", "bring_file", "bring_quote"]
MAX_QUOTE_CHARS = 4_000


def bring_address(ticket: Ticket, url: str, *, by: Person) -> bool:
    """Have the page at an address fetched, read and weighed; whether a fetch is under way.

    Raises :class:`~claims.workflow.ingest.IngestRefused` at ``url``.
    """
    check_url(url)
    with transaction.atomic():
        is_under_way = gather.bring_address(ticket, url, by=by)
        transaction.on_commit(nudge)
    return is_under_way


def bring_file(
    ticket: Ticket, name: str, body: bytes, told: Told, *, words: str = "", by: Person
) -> Evidence | None:
    """Keep a file: an image's ``words`` are evidence at once, a document is read meanwhile.

    Raises :class:`~claims.workflow.ingest.IngestRefused` or
    :class:`~claims.workflow.gather.BringRefused` at a field.
    """
    text = check_text(words, field="words", max_chars=MAX_QUOTE_CHARS) if words.strip() else ""
    with transaction.atomic():
        snapshot = gather.bring_file(ticket, name, body, told, words=text, by=by)
        transaction.on_commit(nudge)
        return weigh.add_passage(ticket, snapshot, snapshot.text, by=by) if snapshot.text else None


def bring_quote(ticket: Ticket, quote: str, told: Told, *, url: str = "", by: Person) -> Evidence:
    """Evidence of pasted words: a passage of the address's stored copy where they stand in it.

    Else they are kept as typed, and the address, where one is given, is fetched meanwhile.
    Raises as :func:`bring_file` does, at ``quote``, ``publisher`` or ``url``.
    """
    text = check_text(quote, field="quote", max_chars=MAX_QUOTE_CHARS)
    canonical = check_url(url) if url.strip() else ""
    with transaction.atomic():
        transaction.on_commit(nudge)
        if canonical:
            gather.bring_address(ticket, url, by=by)
            piece = _find_in_copy(ticket, canonical, text, by)
            if piece is not None:
                return piece
        snapshot = gather.bring_words(ticket, text, told, url=canonical, by=by)
        return weigh.add_passage(ticket, snapshot, text, by=by)


def _find_in_copy(ticket: Ticket, canonical: str, text: str, by: Person) -> Evidence | None:
    """A passage of the newest copy of that address, where the words stand in it."""
    copies = Snapshot.objects.filter(
        page__team=ticket.team, page__canonical_url=canonical, read_at__isnull=False
    )
    copy = copies.select_related("page__source").first()
    if copy is None:
        return None
    try:
        return weigh.add_passage(ticket, copy, text, by=by)
    except weigh.PassageRefused:
        return None  # the page says it no more, or never did
