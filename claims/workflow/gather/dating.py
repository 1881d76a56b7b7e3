"""Dating: a page as it was on a day, asked of an archive by a person; and the log of it.

Promises: every look-up in an archive is a row of the search log, with the copy it brought, or
that there is none, or why nobody answered; one question is put once at a time; what the page
itself answered last is not touched by a copy of it. Refuses to change a ticket whose verdict
stands: the copy is kept, its passages are not weighed.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from claims.models.access import Person
from claims.models.job import Job
from claims.models.page import Page, Snapshot
from claims.models.search import Search
from claims.models.storable import storable
from claims.models.ticket import Ticket
from claims.vocabulary import JobKind, ProviderName, SearchOutcome, SearchPurpose
from claims.web.errors import FetchError
from claims.workflow.gather.asking import refuse_asking
from claims.workflow.gather.copies import snapshot_of
from claims.workflow.gather.ending import QUERY_CHARS, end_with_copy, end_with_error
from claims.workflow.gather.looking import Looked
from claims.workflow.gather.retrying import WEIGHED_ANEW, owe_another_weighing
from claims.workflow.gather.setups import read_setups

# The archive's first pages are of that year.
FIRST_DAY = date(1996, 1, 1)


class CopyRefused(Exception):
    """A copy that cannot be asked for; the message says why, in plain words."""


def ask_copy(page: Page, on: date, *, by: Person, ticket: Ticket | None = None) -> Search:
    """Owe the question for a page as it was on a day; the same one again while it is owed.

    Raises :class:`CopyRefused`. What a ticket asked for is weighed into it.
    """
    if not FIRST_DAY <= on <= timezone.now().date():
        raise CopyRefused(f"Choose a day from {FIRST_DAY:%Y} to today.")
    refusal = refuse_asking(read_setups()[ProviderName.WAYBACK])
    if refusal is not None:
        raise CopyRefused(f"{refusal} An admin sets it up under House, Providers.")
    with transaction.atomic():
        # One at a time: a second click finds the first one's row.
        Page.objects.select_for_update(no_key=True, of=("self",)).only("pk").get(pk=page.pk)
        owed = Search.objects.filter(
            page=page, ticket=ticket, wanted_on=on, outcome=SearchOutcome.PENDING
        ).first()
        if owed is not None:
            return owed
        search = Search.objects.create(
            team=page.team,
            ticket=ticket,
            page=page,
            round=ticket.round if ticket else 1,
            provider=ProviderName.WAYBACK,
            query=page.url[:QUERY_CHARS],
            purpose=SearchPurpose.COPY,
            wanted_on=on,
            asked_by_id=by.pk,
        )
        Job.objects.owe(JobKind.SEARCH, str(search.pk), team=page.team)
        if ticket is not None and ticket.state in WEIGHED_ANEW:
            owe_another_weighing([ticket])
    return search


def keep_copy(search: Search, result: Looked) -> None:
    """Keep what the archive gave for a day as a copy of the page, and close the log's row."""
    if result.error is not None:
        end_with_error(search, result.error)
        return
    if search.page is None or result.fetched is None or result.body is None:
        end_with_copy(search, None)
        return
    known = Snapshot.objects.filter(
        page=search.page,
        archived_at=result.archived_at,
        sha256=result.body.sha256,
        body_deleted_at__isnull=True,
    )
    copy = known.first()
    if copy is None:
        copy = snapshot_of(search.page, result)
        copy.save()
        Job.objects.owe(JobKind.READ, str(copy.pk), team=search.page.team)
    end_with_copy(search, copy)


def note_unread(snapshot: Snapshot, problem: FetchError) -> None:
    """Say in the log that a copy came and could not be read."""
    for search in Search.objects.filter(copy=snapshot, wanted_on__isnull=False):
        detail = storable(f"{search.detail} It could not be read: {problem}", 2000)
        Search.objects.filter(pk=search.pk).update(detail=detail)


def is_dated(snapshot: Snapshot) -> bool:
    """Whether the copy was asked for by its day: what the page itself answers is another matter."""
    if snapshot.archived_at is None:
        return False
    return Search.objects.filter(copy=snapshot, wanted_on__isnull=False).exists()
