"""Articles: the list, and the article page with its claims where they stand.

Promises: the text is shown as text, marked by offsets; the page says what the
machine is doing and catches up by itself; what was left out is one click from
a ticket. Nothing of an article is edited.
"""

# ruff: noqa: ARG002 - the signatures are Django's
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path, reverse

from claims.admin.claim import band_of
from claims.admin.columns import column
from claims.admin.facts import FactSheetAdmin, Sheet, when
from claims.admin.filters import TeamFilter, by_day, by_word
from claims.admin.highlight import Mark, Paragraph, cut_paragraphs
from claims.admin.numbers import notes_of, say_quantity
from claims.admin.outside import outside_link
from claims.admin.site import site
from claims.admin.standing import EVERYONE, LEADS, get_visible_or_404, standing_of
from claims.admin.ticket_panels.wording import say_job_reason
from claims.admin.words import badge_of, label_colours, labelled
from claims.models import Appearance, Article, Job, Ticket
from claims.vocabulary import ArticleState, JobKind, JobState, TicketState

READING = (ArticleState.FETCHING, ArticleState.RECEIVED)
UNREADY = (TicketState.OPEN, TicketState.GATHERING)


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a claim, as written and as read."""

    written: str
    read: str


@dataclass(slots=True)
class ClaimCard:
    """One claim as the page shows it, in the text and at the side."""

    id: int
    text: str
    score: float
    band: str
    reasons: list[str]
    numbers: list[Number] = field(default_factory=list)
    hints: tuple[str, ...] = ()
    ticket: Ticket | None = None

    @property
    def percent(self) -> int:
        """The score in hundredths."""
        return round(self.score * 100)

    @property
    def ticket_url(self) -> str:
        """The ticket's page."""
        return reverse("admin:claims_ticket_change", args=[self.ticket.pk]) if self.ticket else ""

    @property
    def open_url(self) -> str:
        """Where *Open ticket* posts to."""
        return reverse("admin:claims_claim_open", args=[self.id])

    @property
    def badge(self) -> Any:
        """The ticket's state in its colour."""
        return badge_of(TicketState(self.ticket.state)) if self.ticket else None


class ArticleAdmin(FactSheetAdmin):
    """The list of articles and the page of one."""

    sheet_template = "claims/article/page.html"
    add_roles = EVERYONE
    search_vector = "search"
    search_fields = ("title",)
    search_help_text = "Words of the article"
    list_display = ("name", "is_now", "byline", "published_on", "found", "team", "came_in")
    list_display_links = ("name",)
    list_filter = (
        TeamFilter,
        by_word("state", ArticleState),
        by_day("created_at", title="brought in"),
    )
    list_select_related = ("team",)
    list_defer = ("text", "search", "links", "failure_detail")
    ordering = ("-created_at", "-id")
    sortable_by = ("came_in",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """With how many claims and tickets each has, counted in the same query."""
        places = Appearance.objects.filter(article=models.OuterRef("pk")).order_by()
        claims = places.values("article").annotate(count=models.Count("pk")).values("count")
        tickets = (
            places.filter(claim__ticket__isnull=False)
            .values("article")
            .annotate(count=models.Count("pk"))
            .values("count")
        )
        rows: models.QuerySet[Any] = super().get_queryset(request)
        counted: models.QuerySet[Any] = rows.annotate(
            claim_count=models.Subquery(claims), ticket_count=models.Subquery(tickets)
        )
        return counted

    @column("Article")
    def name(self, article: Article) -> str:
        """The title, else the address; at most 120 characters."""
        return str(article)[:120]

    @column("State", label=label_colours(ArticleState))
    def is_now(self, article: Article) -> Any:
        """How far the machine has come."""
        return labelled(article.state, ArticleState)

    @column("Claims / tickets")
    def found(self, article: Any) -> str:
        """How many of each."""
        return f"{article.claim_count or 0} / {article.ticket_count or 0}"

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
        """What the page asks while the machine reads, beside Django's addresses."""
        view = self.admin_site.admin_view(show_state)
        return [
            path("<int:article_id>/state/", view, name="claims_article_state"),
            *super().get_urls(),
        ]

    def page_context(self, request: HttpRequest, row: models.Model) -> dict[str, Any]:
        """The text in pieces, the claims by score, and how far the machine has come."""
        article: Any = row
        places = list(
            Appearance.objects.filter(article=article)
            .select_related("claim__ticket")
            .defer("claim__search", "claim__context_before", "claim__context_after")
            .prefetch_related("claim__quantities")
            .order_by("start")
        )
        cards = {place.claim_id: _card(place.claim) for place in places}
        by_score = sorted(cards.values(), key=lambda card: -card.score)
        threshold = article.team.claim_threshold
        untaken = [card for card in by_score if card.ticket is None]
        may_retry = standing_of(request).has(LEADS, article.team_id)
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
            "paragraphs": _paragraphs(article, places, cards),
            "with_ticket": [card for card in by_score if card.ticket is not None],
            "over_cap": [card for card in untaken if card.score >= threshold],
            "under_threshold": [card for card in untaken if card.score < threshold],
            "state": state_of(article),
            "failed_job": failed,
            "failed_why": say_job_reason(failed.kind, failed.reason) if failed else "",
            "source_href": outside_link(article.url),
            "published": when(article.published_on),
            "added": when(article.created_at),
        }

    def describe(self, request: HttpRequest, row: Article) -> Sheet:
        """Only the title; the page draws itself."""
        return Sheet(title=str(row))


def state_of(article: Article) -> dict[str, Any]:
    """How far the machine is with an article and its tickets: one query beside the row."""
    tickets = Ticket.objects.filter(claim__appearances__article=article).distinct()
    states = [TicketState(state) for state in tickets.values_list("state", flat=True)]
    unready = sum(state in UNREADY for state in states)
    is_reading = article.state in READING
    return {
        "state": article.state,
        "is_reading": is_reading,
        "tickets": len(states),
        "gathering": unready,
        "is_settled": not is_reading and unready == 0,
    }


def show_state(request: HttpRequest, article_id: int) -> JsonResponse:
    """The same as JSON, for the page that waits."""
    rows = Article.objects.only("state", "team")
    return JsonResponse(state_of(get_visible_or_404(request, rows, article_id)))


def _card(claim: Any) -> ClaimCard:
    return ClaimCard(
        id=claim.pk,
        text=claim.text,
        score=claim.score,
        band=band_of(claim.score),
        reasons=[str(reason) for reason in claim.reasons],
        numbers=[Number(one.text, say_quantity(one)) for one in claim.quantities.all()],
        hints=notes_of(claim.hints),
        ticket=getattr(claim, "ticket", None),
    )


def _paragraphs(
    article: Article, places: list[Appearance], cards: dict[int, ClaimCard]
) -> list[Paragraph]:
    claims, numbers = [], []
    for place in places:
        claims.append(Mark(place.start, place.end, cards[place.claim_id]))
        claim = place.claim
        # Elsewhere the same wording may be spaced differently; offsets then do not carry over.
        if article.text[place.start : place.end] != claim.text:
            continue
        numbers += [
            Mark(
                place.start + one.start, place.start + one.end, Number(one.text, say_quantity(one))
            )
            for one in claim.quantities.all()
        ]
    return cut_paragraphs(article.text, claims, numbers)


def _failed_job(article: Article) -> Job | None:
    kinds = (JobKind.FETCH_ARTICLE, JobKind.DETECT)
    failed = Job.objects.filter(kind__in=kinds, subject_id=article.pk, state=JobState.FAILED)
    return failed.first()


site.register(Article, ArticleAdmin)
