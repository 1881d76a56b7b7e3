"""The log of searches, with what found nothing and what could not be reached; and another round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from claims import tasks
from claims.admin.ticket_panels.desk import Desk
from claims.admin.ticket_panels.forms import GatherForm, TicketForm
from claims.admin.ticket_panels.lookup import (
    FactCheck,
    PlaceToAsk,
    list_fact_checks,
    list_places,
    say_stop,
)
from claims.admin.ticket_panels.wording import (
    JOB_KINDS,
    PURPOSES,
    SEARCH_OUTCOMES,
    say_job_reason,
)
from claims.models import Job, Page, Search, SearchResult
from claims.vocabulary import (
    FetchOutcome,
    JobKind,
    JobState,
    SearchOutcome,
    SearchPurpose,
    TicketState,
)
from claims.workflow import gather
from claims.workflow.gather.providers import LABELS as PROVIDERS

# Reviewed rounds are few; a ticket that was searched more often shows its latest.
SHOWN_SEARCHES = 100
SHOWN_JOBS = 500


@dataclass(frozen=True, slots=True)
class Line:
    """One query to one provider, and how it ended."""

    round: int
    provider: str
    query: str
    purpose: str
    outcome: str
    label: str
    tone: str
    detail: str
    result_count: int
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the gathering has come, in counts."""

    search_total: int
    search_done: int
    page_total: int
    page_done: int
    page_failed: int

    @property
    def percent(self) -> int:
        """Searches and pages that have ended, of those known so far; never 100 before the end."""
        total = self.search_total + self.page_total
        return min(99, round(100 * (self.search_done + self.page_done) / total)) if total else 0


@dataclass(frozen=True, slots=True)
class OpenWork:
    """One kind of machine work for the ticket that is not done, how many, and why it failed."""

    what: str
    count: int
    state: str
    label: str
    tone: str
    reason: str


@dataclass(frozen=True, slots=True)
class SearchPanel:
    """The log, the progress, others' reviews and the form for another round."""

    lines: tuple[Line, ...]
    progress: Progress
    found: int
    empty: int
    unreached: int
    contrary: int
    query: str
    error: str
    may_gather: bool
    places: tuple[PlaceToAsk, ...]
    stop: str
    fact_checks: tuple[FactCheck, ...]
    is_gathering: bool
    work: tuple[OpenWork, ...]
    failed: int
    may_retry: bool
    is_comparing: bool


def build_searches(desk: Desk, form: GatherForm | None = None) -> SearchPanel:
    """The log of the desk's ticket, newest round first (seven queries)."""
    may_gather = "gather_more" in desk.verbs
    rows = list(Search.objects.filter(ticket=desk.ticket).order_by("-round", "id")[:SHOWN_SEARCHES])
    ended = [SearchOutcome(row.outcome) for row in rows]
    work = read_open_work(desk)
    failed_count = sum(one.count for one in work if one.state == JobState.FAILED)
    return SearchPanel(
        lines=tuple(_line(row) for row in rows),
        progress=read_progress(desk),
        found=ended.count(SearchOutcome.FOUND),
        empty=ended.count(SearchOutcome.FOUND_NOTHING),
        unreached=sum(
            1
            for one in ended
            if one in (SearchOutcome.COULD_NOT_REACH, SearchOutcome.REFUSED, SearchOutcome.FAILED)
        ),
        contrary=sum(
            1
            for row in rows
            if row.purpose == SearchPurpose.CONTRADICT
            and row.outcome in (SearchOutcome.FOUND, SearchOutcome.FOUND_NOTHING)
        ),
        query=form.typed("query") if form else "",
        error=_first_error(form),
        may_gather=may_gather,
        places=list_places(desk, form.ticked() if form else ()) if may_gather else (),
        stop=say_stop(desk),
        fact_checks=list_fact_checks(desk),
        is_gathering=desk.state in (TicketState.OPEN, TicketState.GATHERING),
        work=work,
        failed=failed_count,
        may_retry=bool(failed_count) and desk.is_reviewer,
        is_comparing=is_comparing(desk, work),
    )


def _first_error(form: GatherForm | None) -> str:
    errors = (form.error(name) for name in ("query", "places", "__all__")) if form else ()
    return next(filter(None, errors), "")


def is_comparing(desk: Desk, work: Sequence[OpenWork]) -> bool:
    """Whether the passages of a ticket that is past its gathering are being compared again."""
    if desk.state in (TicketState.OPEN, TicketState.GATHERING):
        return False
    waits = (JobState.PENDING, JobState.LEASED)
    return any(one.what == JOB_KINDS[JobKind.WEIGH] and one.state in waits for one in work)


def read_progress(desk: Desk) -> Progress:
    """Counts of this round's searches and of the pages they brought."""
    outcomes = list(
        Search.objects.filter(ticket=desk.ticket, round=desk.ticket.round).values_list(
            "outcome", flat=True
        )
    )
    pages = list(_pages(desk).values_list("outcome", flat=True))
    return Progress(
        search_total=len(outcomes),
        search_done=sum(1 for one in outcomes if one != SearchOutcome.PENDING),
        page_total=len(pages),
        page_done=sum(1 for one in pages if one),
        page_failed=sum(1 for one in pages if one in (FetchOutcome.REFUSED, FetchOutcome.FAILED)),
    )


def read_open_work(desk: Desk) -> tuple[OpenWork, ...]:
    """What the machine works on, what waits, is tried again or failed, for this ticket."""
    rows = Job.objects.filter(gather.jobs_of(desk.ticket)).exclude(state=JobState.DONE)
    cells = rows.order_by("-state", "kind").values_list("kind", "state", "attempts", "reason")
    counted = Counter(
        (kind, *_job_state(state, attempts), say_job_reason(kind, reason))
        for kind, state, attempts, reason in cells[:SHOWN_JOBS]
    )
    return tuple(
        OpenWork(JOB_KINDS[JobKind(kind)], count, state, label, tone, reason)
        for (kind, state, label, tone, reason), count in counted.items()
    )


def _job_state(state: str, attempts: int) -> tuple[str, str, str]:
    if state == JobState.FAILED:
        return state, f"Failed after {attempts}", "bad"
    if state == JobState.LEASED:
        return state, "Working" if attempts == 1 else f"Working, try {attempts}", "info"
    return state, "Tried again soon" if attempts else "Waiting", "warn" if attempts else "info"


def post_retry(desk: Desk, form: TicketForm) -> str:
    """Fresh attempts for what failed."""
    del form
    count = tasks.retry_ticket(desk.ticket, by=desk.person)
    if not count:
        return "Nothing of this ticket has failed, so nothing was tried again."
    return "What failed is being tried again. The passages are weighed anew when it has ended."


def post_gather(desk: Desk, form: GatherForm) -> str:
    """Owe another round, with the person's own query or with the claim as it is framed now."""
    query = str(form.cleaned_data["query"])
    tasks.gather_again(
        desk.ticket,
        by=desk.person,
        query=query,
        places=form.cleaned_data["places"],
        expected_version=form.cleaned_data["version"],
    )
    return "The search has started. The ticket comes back to you when it is done."


def _pages(desk: Desk) -> QuerySet[Page]:
    found = SearchResult.objects.filter(search__ticket=desk.ticket).values("page_id")
    return Page.objects.filter(pk__in=found)


def _line(row: Search) -> Line:
    label, tone = SEARCH_OUTCOMES[SearchOutcome(row.outcome)]
    return Line(
        round=row.round,
        provider=PROVIDERS.get(row.provider, row.provider),
        query=row.query,
        purpose=PURPOSES[SearchPurpose(row.purpose)],
        outcome=row.outcome,
        label=label,
        tone=tone,
        detail=row.detail,
        result_count=row.result_count,
        ended_at=row.ended_at,
    )
