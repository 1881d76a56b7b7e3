"""Jobs: the machine work that is owed, what became of it, and a second chance for what failed."""

# ruff: noqa: ARG002 - the signatures are Django's
from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import models
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.urls import path, reverse

from claims.admin.columns import bulk_action, column
from claims.admin.facts import Button, Fact, FactSheetAdmin, Section, Sheet, when
from claims.admin.filters import TeamFilter, by_day, by_word
from claims.admin.site import site
from claims.admin.standing import LEADS, get_visible_or_404
from claims.admin.ticket_panels.wording import say_job_reason
from claims.admin.words import badge_of, label_colours, labelled
from claims.models import Job
from claims.models.job import MAX_ATTEMPTS
from claims.tasks import retry_jobs
from claims.vocabulary import JobKind, JobState

SUBJECTS = {
    JobKind.FETCH_ARTICLE: ("article", "Article"),
    JobKind.DETECT: ("article", "Article"),
    JobKind.SEARCH: ("search", "Search"),
    JobKind.FETCH: ("page", "Page"),
    JobKind.READ: ("snapshot", "Snapshot"),
    JobKind.WEIGH: ("ticket", "Ticket"),
    JobKind.MATCH: ("team", "Team"),
    JobKind.SEND_DIGEST: ("", "Mail"),
    JobKind.SEND_HOOK: ("", "Notice"),
    JobKind.ERRAND: ("", "Errand"),
}


class JobAdmin(FactSheetAdmin):
    """Leads see their teams' jobs and may retry those that failed."""

    view_roles = LEADS
    list_display = ("key", "is_now", "tries", "why", "team", "due", "ended")
    list_filter = (
        TeamFilter,
        by_word("state", JobState),
        by_word("kind", JobKind),
        by_day("ended_at", title="ended"),
    )
    list_select_related = ("team",)
    list_defer = ("detail",)
    ordering = ("-id",)
    sortable_by = ("ended",)
    actions = ("retry_chosen",)

    @column("State", label=label_colours(JobState))
    def is_now(self, job: Job) -> Any:
        """The state in its colour."""
        return labelled(job.state, JobState)

    @column("Attempts")
    def tries(self, job: Job) -> str:
        """Used and allowed."""
        return f"{job.attempts} of {MAX_ATTEMPTS}"

    @column("Reason")
    def why(self, job: Job) -> str:
        """Why the last attempt ended."""
        return say_job_reason(job.kind, job.reason) or "–"

    @column("Due", ordering="due_at")
    def due(self, job: Job) -> str:
        """When it may start."""
        return when(job.due_at)

    @column("Ended", ordering="ended_at")
    def ended(self, job: Job) -> str:
        """When it was done or given up."""
        return when(job.ended_at)

    @bulk_action("Retry the chosen failed jobs")
    def retry_chosen(self, request: HttpRequest, queryset: models.QuerySet[Job]) -> None:
        """Fresh attempts for the failed ones among the rows; the list is already the lead's own."""
        count = retry_jobs(queryset.filter(state=JobState.FAILED), by=request.user)
        _tell(request, count)

    def describe(self, request: HttpRequest, row: Job) -> Sheet:
        """What is owed, for what, and how it went."""
        noun, label = SUBJECTS[JobKind(row.kind)]
        # A person's own mails and notices have no page here.
        href = reverse(f"admin:claims_{noun}_change", args=[row.subject_id]) if noun else ""
        buttons = []
        if row.state == JobState.FAILED:
            retry = reverse("admin:claims_job_retry", args=[row.pk])
            buttons = [Button("Try again", retry, "replay", is_post=True, is_main=True)]
        facts = [
            Fact("Kind", row.get_kind_display()),
            Fact("For", f"{label} {row.subject_id}", href=href),
            Fact("Team", row.team.name),
            Fact("Attempts", self.tries(row)),
            Fact("Owed since", when(row.created_at)),
            Fact("Due", when(row.due_at)),
            Fact("Last started", when(row.started_at)),
            Fact("Leased until", when(row.lease_until)),
            Fact("Ended", when(row.ended_at)),
            Fact("Reason", self.why(row)),
            Fact("Detail", row.detail or "–"),
        ]
        return Sheet(
            title=row.key,
            badges=[badge_of(JobState(row.state))],
            buttons=buttons,
            sections=[Section("The job", facts)],
        )

    def get_urls(self) -> list[Any]:
        """The retry button, beside Django's own addresses."""
        retry = self.admin_site.admin_view(retry_job)
        return [path("<int:job_id>/retry/", retry, name="claims_job_retry"), *super().get_urls()]


def retry_job(request: HttpRequest, job_id: int) -> HttpResponse:
    """One failed job again; for a lead of its team. A GET leads to the job."""
    job = get_visible_or_404(request, Job.objects.all(), job_id, LEADS)
    if request.method in ("GET", "HEAD"):
        return HttpResponseRedirect(reverse("admin:claims_job_change", args=[job.pk]))
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    failed = Job.objects.filter(pk=job.pk, state=JobState.FAILED)
    _tell(request, retry_jobs(failed, by=request.user))
    return HttpResponseRedirect(reverse("admin:claims_job_change", args=[job.pk]))


def _tell(request: HttpRequest, count: int) -> None:
    if count:
        messages.success(request, f"{count} failed job{'s are' if count > 1 else ' is'} due again.")
    else:
        messages.info(request, "None of these had failed, so nothing was changed.")


site.register(Job, JobAdmin)
