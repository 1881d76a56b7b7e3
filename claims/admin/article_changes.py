"""What became of an article's text over time: read again, compared with before, claims gone.

Promises: a number of queries that does not grow with the claims; the difference is of stored
texts alone. Reading again is a POST by any member of the team, and owed once at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.template.response import TemplateResponse
from django.urls import reverse

from claims.admin.article_marks import page_url
from claims.admin.copies import copy_url
from claims.admin.facts import Section, when
from claims.admin.media import media_section
from claims.admin.site import site
from claims.admin.standing import get_visible_or_404
from claims.admin.ticket_panels.wording import FETCH_REASONS
from claims.models import Appearance, Article, ArticleRevision, Snapshot
from claims.tasks import nudge
from claims.text.differences import compare_versions
from claims.vocabulary import ArticleState, FetchReason
from claims.workflow.gather.standing_in import BARRIERS
from claims.workflow.ingest import read_again

SHOWN_GONE = 100
SHOWN_TEXTS = 100


@dataclass(frozen=True, slots=True)
class GoneClaim:
    """A claim whose words the article had, when they went, and its ticket."""

    words: str
    until: str
    ticket_id: int
    ticket_url: str


@dataclass(frozen=True, slots=True)
class Change:
    """How an article's text changed: how often, when last, and what that did to its claims."""

    count: int
    at: str
    moved: int
    gone: int
    gone_claims: Sequence[GoneClaim]
    reread: str
    failure: str


@dataclass(frozen=True, slots=True)
class OwnCopy:
    """The stored copy that an article's text was read from, and why its page was not had whole.

    ``archived_on`` is the day of an archive's copy, ``missed`` and ``told`` why it stands there:
    in few words, and in the words of the fetch. ``media`` are its images and video.
    """

    at: str
    href: str
    page_href: str
    archived_on: str
    missed: str
    told: str
    media: Section | None


def read_copy(article: Article) -> OwnCopy | None:
    """The copy of the article's own page (one query); ``None`` for a text brought in."""
    if article.copy_id is None:
        return None
    shown = ("fetched_at", "archived_at", "media", "page__reason", "page__detail")
    copy = Snapshot.objects.select_related("page").only(*shown).get(pk=article.copy_id)
    reason = copy.page.reason
    is_missed = copy.archived_at is not None or reason in BARRIERS
    return OwnCopy(
        at=when(copy.fetched_at),
        href=copy_url(copy),
        page_href=reverse("admin:claims_page_change", args=[copy.page_id]),
        archived_on=when(copy.archived_at.date()) if copy.archived_at else "",
        missed=FETCH_REASONS[FetchReason(reason)] if is_missed and reason else "",
        told=copy.page.detail if is_missed else "",
        media=media_section(copy.media),
    )


def read_change(article: Article) -> Change:
    """What the article's page tells of its changes (two queries)."""
    revisions = list(article.revisions.defer("text").order_by("-number")[:SHOWN_TEXTS])
    last = revisions[0] if revisions else None
    is_told = article.state == ArticleState.READ and article.failure_detail
    return Change(
        count=len(revisions),
        at=when(last.replaced_at) if last else "",
        moved=last.moved_count if last else 0,
        gone=last.gone_count if last else 0,
        gone_claims=_gone_claims(article) if last else (),
        reread=when(article.reread_at) if article.reread_at else "",
        failure=article.failure_detail if is_told else "",
    )


def post_again(request: HttpRequest, article_id: int) -> HttpResponse:
    """Owe another reading of the article's address; a GET leads back to the page."""
    rows = Article.objects.select_related("team").defer("search")
    article = get_visible_or_404(request, rows, article_id)
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "POST"])
    if request.method == "POST":
        with transaction.atomic():
            is_owed = read_again(article)
            transaction.on_commit(nudge)
        told = "The page is being read again. Its claims move along if it changed."
        if not is_owed:
            told = "There is no page to read, or it is being read already."
        messages.info(request, told)
    return HttpResponseRedirect(page_url(article))


def show_changes(request: HttpRequest, article_id: int) -> HttpResponse:
    """A former text of the article beside the text that followed it; the last one by default."""
    rows = Article.objects.select_related("team").defer("search", "links")
    article = get_visible_or_404(request, rows, article_id)
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET"])
    revisions = list(article.revisions.defer("text").order_by("-number")[:SHOWN_TEXTS])
    asked = request.GET.get("text", "")
    named = (one for one in revisions if str(one.number) == asked)
    chosen = next(named, revisions[0] if revisions else None)
    request.current_app = site.name
    context: dict[str, Any] = {
        **site.each_context(request),
        "opts": Article._meta,
        "original": article,
        "title": f"What changed: {article}"[:200],
        "inline_admin_formsets": [],
        "article": article,
        "revisions": [(one.number, when(one.replaced_at)) for one in revisions],
        "chosen": chosen,
        "section": _difference(article, chosen),
    }
    return TemplateResponse(request, "claims/article/changes.html", context)


def _difference(article: Article, chosen: ArticleRevision | None) -> Section:
    if chosen is None:
        return Section("What changed", note="The text of this article has not changed.")
    following = article.revisions.filter(number=chosen.number + 1).values_list("text", flat=True)
    difference = compare_versions(chosen.text, following.first() or article.text)
    note = (
        f"Replaced {when(chosen.replaced_at)}: {difference.added_words:,} words added, "
        f"{difference.removed_words:,} removed; {chosen.moved_count:,} claims stand in the text "
        f"that followed, {chosen.gone_count:,} were gone from it."
    )
    if difference.is_cut:
        note += " The texts are long: not everything is compared or listed here."
    return Section("What changed", note=note, difference=difference)


def _gone_claims(article: Article) -> list[GoneClaim]:
    """Claims that went with a former text and stand nowhere in the present one."""
    standing = article.appearances.standing().values("claim")
    places = (
        Appearance.objects.filter(article=article, gone_after__isnull=False)
        .exclude(claim__in=standing)
        .select_related("claim__ticket", "gone_after")
        .defer("gone_after__text", "claim__search")
        .order_by("-gone_after__number", "start")[:SHOWN_GONE]
    )
    return [_gone_claim(place) for place in places]


def _gone_claim(place: Any) -> GoneClaim:
    ticket = getattr(place.claim, "ticket", None)
    return GoneClaim(
        words=place.claim.text,
        until=when(place.gone_after.replaced_at),
        ticket_id=ticket.pk if ticket else 0,
        ticket_url=reverse("admin:claims_ticket_change", args=[ticket.pk]) if ticket else "",
    )
