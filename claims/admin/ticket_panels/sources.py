"""Every page that was found for a ticket, with how far it has come, and one more try.

Promises: the state is read from the page, its newest copy and its job in one query; reasons are
in plain words; a page is asked for again only where nothing is under way for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from claims import tasks
from claims.admin.as_was import CopyLine, read_copy_lines
from claims.admin.outside import Outside, outside_link
from claims.admin.ticket_panels.desk import Desk
from claims.admin.ticket_panels.forms import CopyForm, PageForm
from claims.admin.ticket_panels.links import link_to
from claims.admin.ticket_panels.wording import FETCH_REASONS
from claims.models import Job, Page, Search, SearchResult, Snapshot
from claims.models.page import SHOWN_AT
from claims.vocabulary import (
    FetchOutcome,
    FetchReason,
    JobKind,
    JobState,
    SearchPurpose,
    TicketState,
)
from claims.workflow.gather import CopyRefused
from claims.workflow.gather.providers import archive_in_use

SHOWN_PAGES = 200
FAILED = (FetchOutcome.REFUSED, FetchOutcome.FAILED)
OPEN = (JobState.PENDING, JobState.LEASED)


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One page: what it is called, how far it has come, why not further."""

    pk: int
    title: str
    outside: Outside
    href: str
    label: str
    tone: str
    told: str
    detail: str
    may_retry: bool
    is_brought: bool


@dataclass(frozen=True, slots=True)
class SourcesPanel:
    """The pages, in the order in which they were found, and how many stand where."""

    lines: Sequence[SourceLine]
    under_way: int
    read: int
    failed: int
    is_gathering: bool
    copies: Sequence[CopyLine] = ()
    may_date: bool = False
    error: str = ""

    @property
    def digest(self) -> str:
        """Changes when any line does: what a page that watches compares."""
        lines = [f"{line.pk} {line.label} {line.told}" for line in self.lines]
        copies = [f"{line.page_id} {line.on} {line.label} {line.told}" for line in self.copies]
        told = "\n".join([*lines, *copies])
        return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:16]


def build_sources(desk: Desk, form: CopyForm | None = None) -> SourcesPanel:
    """The pages of the desk's ticket, and the copies of a day that were asked for (three queries).

    ``form`` is a question for a copy that was refused.
    """
    lines = [_line(page, may_retry=desk.is_reviewer) for page in _pages(desk)]
    return SourcesPanel(
        lines=lines,
        under_way=sum(line.tone == "info" for line in lines),
        read=sum(line.tone == "good" for line in lines),
        failed=sum(line.tone in ("bad", "warn") for line in lines),
        is_gathering=desk.state in (TicketState.OPEN, TicketState.GATHERING),
        copies=read_copy_lines(Search.objects.filter(ticket=desk.ticket)),
        may_date=desk.is_reviewer and archive_in_use() is not None,
        error=(form.error("on") or form.error("page")) if form else "",
    )


def post_page(desk: Desk, form: PageForm) -> str:
    """Ask for one page of this ticket once more."""
    found = SearchResult.objects.filter(search__ticket=desk.ticket, page=form.cleaned_data["page"])
    if not found.exists():
        form.add_error("page", "This page was not found for this ticket.")
        return ""
    page = Page.objects.select_related("team").get(pk=form.cleaned_data["page"])
    if not tasks.fetch_again(page, by=desk.person):
        return "This page is being tried already."
    return "The page is being tried again. The passages are weighed anew when it has ended."


def post_copy(desk: Desk, form: CopyForm) -> str:
    """Ask for one page of this ticket as it was on a day."""
    page = Page.objects.select_related("team").filter(
        pk=form.cleaned_data["page"], results__search__ticket=desk.ticket
    )
    found = page.first()
    if found is None:
        form.add_error("page", "This page was not found for this ticket.")
        return ""
    try:
        tasks.ask_copy(found, form.cleaned_data["on"], by=desk.person, ticket=desk.ticket)
    except CopyRefused as refused:
        form.add_error("on", str(refused))
        return ""
    return "The archive is being asked. What its copy says is weighed when it has come."


def _pages(desk: Desk) -> QuerySet[Any]:
    results = SearchResult.objects.filter(search__ticket=desk.ticket)
    found = results.values("page_id")
    by_hand = results.filter(page=OuterRef("pk"), search__purpose=SearchPurpose.BY_HAND)
    fetches = Job.objects.filter(kind=JobKind.FETCH, subject_id=OuterRef("pk"), state__in=OPEN)
    newest = Snapshot.objects.filter(page=OuterRef("pk")).order_by(SHOWN_AT.desc(), "-id")
    return (
        Page.objects.filter(pk__in=found)
        .annotate(
            fetching=Subquery(fetches.order_by("-state").values("state")[:1]),
            tries=Subquery(fetches.order_by("-state").values("attempts")[:1]),
            is_brought=Exists(by_hand),
            copy_id=Subquery(newest.values("pk")[:1]),
            read_at=Subquery(newest.values("read_at")[:1]),
        )
        .order_by("id")[:SHOWN_PAGES]
    )


def _line(page: Any, *, may_retry: bool) -> SourceLine:
    label, tone, told = _state_of(page)
    is_over = tone in ("bad", "warn")
    return SourceLine(
        pk=page.pk,
        title=page.title or page.url,
        outside=outside_link(page.url),
        href=link_to(Page, page.pk),
        label=label,
        tone=tone,
        told=told,
        detail=page.detail if is_over else "",
        may_retry=may_retry and is_over,
        is_brought=page.is_brought,
    )


def _state_of(page: Any) -> tuple[str, str, str]:
    """Label, tone and reason: what is under way first, then how the last fetch ended."""
    if page.fetching == JobState.LEASED:
        return "Being fetched", "info", ""
    if page.fetching == JobState.PENDING:
        return "Tried again soon" if page.tries else "Waiting", "info", ""
    if page.outcome in FAILED:
        reason = FETCH_REASONS[FetchReason(page.reason)] if page.reason else "no reason was kept"
        is_refused = page.outcome == FetchOutcome.REFUSED
        return "Refused" if is_refused else "Failed", "warn" if is_refused else "bad", reason
    if page.outcome == FetchOutcome.OK:
        is_read = page.copy_id is None or page.read_at is not None
        return ("Read", "good", "") if is_read else ("Being read", "info", "")
    return "Waiting", "info", ""
