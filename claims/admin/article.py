"""Articles: the list, and the article page with its claims where they stand.

Promises: the text is shown as text, marked by offsets; the page says what the
machine is doing and catches up by itself; what was left out is one click from
a ticket. Which of its words are claims is marked there; nothing of the text is edited.
"""

# ruff: noqa: ARG002 - the signatures are Django's
from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
)
from django.template.response import TemplateResponse
from django.urls import path, reverse

from claims.admin.article_changes import post_again, read_change, read_copy, show_changes
from claims.admin.article_marks import ACTS, Act, page_url, perform
from claims.admin.article_text import ArticleText, Run, read_text
from claims.admin.change_list import ScopedChangeList
from claims.admin.columns import column
from claims.admin.facts import FactSheetAdmin, Sheet, when
from claims.admin.filters import ErrandFilter, TeamFilter, by_day, by_word
from claims.admin.outside import outside_link
from claims.admin.searching import ARTICLE_PLACES, with_found
from claims.admin.site import site
from claims.admin.standing import EVERYONE, LEADS, get_visible_or_404, standing_of
from claims.admin.ticket_panels.wording import say_job_reason
from claims.admin.words import badge_of, label_colours, labelled
from claims.models import Appearance, Article, Job, Ticket
from claims.vocabulary import ArticleState, JobKind, JobState, TicketState
from claims.workflow.ingest import is_asked_again

READING = (ArticleState.FETCHING, ArticleState.RECEIVED)
UNREADY = (TicketState.OPEN, TicketState.GATHERING)


class ArticleChangeList(ScopedChangeList):
    """Adds how many claims and tickets each article has, for the rows that are shown."""

    def get_results(self, request: HttpRequest) -> None:
        """One query for the page; in the list's own it would count for the pages before too."""
        super().get_results(request)
        standing = Appearance.objects.filter(
            article__in=[row.pk for row in self.result_list], claim__dropped_at__isnull=True
        )
        counted = {
            article: counts
            for article, *counts in standing.order_by()
            .values_list("article")
            .annotate(claims=models.Count("pk"), tickets=models.Count("claim__ticket"))
        }
        for row in self.result_list:
            row.claim_count, row.ticket_count = counted.get(row.pk, (0, 0))


class ArticleAdmin(FactSheetAdmin):
    """The list of articles and the page of one."""

    sheet_template = "claims/article/page.html"
    add_roles = EVERYONE
    search_places = ARTICLE_PLACES
    search_fields = ("title",)
    search_help_text = "Words of the article"
    list_display = ("name", "is_now", "byline", "published_on", "found", "team", "came_in")
    list_display_links = ("name",)
    list_filter = (
        TeamFilter,
        by_word("state", ArticleState),
        by_day("created_at", title="brought in"),
        ErrandFilter,
    )
    list_select_related = ("team",)
    list_defer = ("text", "search", "links", "failure_detail")
    ordering = ("-created_at", "-id")
    sortable_by = ("came_in",)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ArticleChangeList]:
        """The list class with the counts."""
        return ArticleChangeList

    @column("Article")
    def name(self, article: Article) -> str:
        """The title, else the address; at most 120 characters."""
        return with_found(article, str(article)[:120])

    @column("State", label=label_colours(ArticleState))
    def is_now(self, article: Article) -> Any:
        """How far the machine has come."""
        return labelled(article.state, ArticleState)

    @column("Claims / tickets")
    def found(self, article: Any) -> str:
        """How many of each."""
        return f"{article.claim_count} / {article.ticket_count}"

    @column("Brought in", ordering="created_at")
    def came_in(self, article: Article) -> str:
        """When."""
        return when(article.created_at)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """There is one way in."""
        return HttpResponseRedirect(reverse("admin:claims_ingest"))

    def get_urls(self) -> list[Any]:
        """What the page asks while the machine reads, and what is posted from its text."""
        view = self.admin_site.admin_view
        return [
            path("<int:article_id>/state/", view(show_state), name="claims_article_state"),
            path("<int:article_id>/again/", view(post_again), name="claims_article_again"),
            path("<int:article_id>/changes/", view(show_changes), name="claims_article_changes"),
            *(
                path(
                    f"<int:article_id>/{act.verb}/",
                    view(partial(self.act_view, act=act)),
                    name=f"claims_article_{act.verb}",
                )
                for act in ACTS
            ),
            *super().get_urls(),
        ]

    def act_view(self, request: HttpRequest, article_id: int, *, act: Act) -> HttpResponse:
        """Mark some words: back to them with a sentence, or the page with why not.

        A GET, as after signing in again, leads to the page.
        """
        rows = Article.objects.select_related("team").defer("search")
        article = get_visible_or_404(request, rows, article_id, EVERYONE)
        if request.method in ("GET", "HEAD"):
            return HttpResponseRedirect(page_url(article))
        if request.method != "POST":
            return HttpResponseNotAllowed(["GET", "POST"])
        done = perform(request, article, act)
        if not done.refusal:
            messages.success(request, done.said)
            return HttpResponseRedirect(page_url(article, done.key))
        request.current_app = self.admin_site.name
        context = self.page_context(request, article, at=done.key) | {"refusal": done.refusal}
        return TemplateResponse(request, self.sheet_template, context, status=done.status)

    def page_context(
        self, request: HttpRequest, row: models.Model, at: str | None = None
    ) -> dict[str, Any]:
        """The text in pieces, the claims by score, and how far the machine has come.

        ``at`` is the span that is chosen, as the address says it otherwise.
        """
        article: Any = row
        standing = standing_of(request)
        text = read_text(article, role=standing.role_in(article.team_id), person_id=request.user.pk)
        chosen = text.find_run(request.GET.get("at", "") if at is None else at)
        by_score = sorted(text.cards, key=lambda card: -card.score)
        standing_cards = [card for card in by_score if not card.is_dropped]
        threshold = article.team.claim_threshold
        untaken = [card for card in standing_cards if card.ticket is None]
        may_retry = standing.has(LEADS, article.team_id)
        failed = _failed_job(article) if may_retry else None
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": article,
            "title": str(article),
            "is_fullwidth": "1",
            "inline_admin_formsets": [],
            "article": article,
            "badge": badge_of(ArticleState(article.state)),
            "paragraphs": text.paragraphs,
            "may_mark": article.state == ArticleState.READ,
            "chosen": chosen,
            "chosen_paragraph": _paragraph_of(text, chosen),
            "with_ticket": [card for card in standing_cards if card.ticket is not None],
            "over_cap": [card for card in untaken if card.score >= threshold],
            "under_threshold": [card for card in untaken if card.score < threshold],
            "dropped": [card for card in by_score if card.is_dropped],
            "state": state_of(article),
            "change": read_change(article),
            "failed_job": failed,
            "failed_why": say_job_reason(failed.kind, failed.reason) if failed else "",
            "source_href": outside_link(article.url),
            "published": when(article.published_on),
            "added": when(article.created_at),
            "copy": read_copy(article),
        }

    def describe(self, request: HttpRequest, row: Article) -> Sheet:
        """Only the title; the page draws itself."""
        return Sheet(title=str(row))


def _paragraph_of(text: ArticleText, chosen: Run | None) -> int | None:
    """The number of the paragraph in which what is chosen ends."""
    if chosen is None:
        return None
    for number, paragraph in enumerate(text.paragraphs):
        if any(one.claim is chosen and one.is_last for one in paragraph.sentences):
            return number
    return None


def state_of(article: Article) -> dict[str, Any]:
    """How far the machine is with an article and its tickets: two queries beside the row."""
    tickets = Ticket.objects.filter(claim__appearances__article=article).distinct()
    states = [TicketState(state) for state in tickets.values_list("state", flat=True)]
    unready = sum(state in UNREADY for state in states)
    is_reading = article.state in READING
    is_asked = article.state == ArticleState.READ and bool(article.url) and is_asked_again(article)
    return {
        "state": article.state,
        "is_reading": is_reading,
        "tickets": len(states),
        "gathering": unready,
        "is_asked": is_asked,
        "is_settled": not is_reading and unready == 0 and not is_asked,
    }


def show_state(request: HttpRequest, article_id: int) -> JsonResponse:
    """The same as JSON, for the page that waits."""
    rows = Article.objects.only("state", "team", "url")
    return JsonResponse(state_of(get_visible_or_404(request, rows, article_id)))


def _failed_job(article: Article) -> Job | None:
    kinds = (JobKind.FETCH_ARTICLE, JobKind.DETECT)
    failed = Job.objects.filter(kind__in=kinds, subject_id=article.pk, state=JobState.FAILED)
    return failed.first()


site.register(Article, ArticleAdmin)
