"""A page's stored copies over time: what changed between two, and how its quotes stand.

Promises: the difference is drawn from the stored texts alone, in bounded time; a quote is
*found*, *moved*, *rewritten* or *gone* by the newest copy, and where a text is no longer
kept that is said instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, OuterRef, QuerySet, Subquery, Window
from django.db.models.functions import Lead
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import reverse

from claims.admin.facts import Fact, Section, Table, size_of, when
from claims.admin.outside import Outside, outside_link
from claims.admin.site import site
from claims.admin.standing import get_visible_or_404
from claims.models import Evidence, Page, Passage, Snapshot
from claims.models.page import SHOWN_AT
from claims.text.anchors import Found, Searched, Standing, text_fragment
from claims.text.differences import Difference, compare_versions

SHOWN_COPIES = 200
SHOWN_QUOTES = 100
LONG_COLUMNS = ("text", "search", "headers", "links", "tables", "media", "redirects")
STANDINGS = {
    Standing.HERE: "stands where it was",
    Standing.MOVED: "stands at another place",
    Standing.CHANGED: "was rewritten",
    Standing.GONE: "is gone",
}
QUOTE_CHARS = 300


def copies_of(page: Page) -> Section:
    """The page's copies, newest first, each beside what changed since the one before."""
    rows = list(_copies(page)[:SHOWN_COPIES])
    if not rows:
        return Section("Stored copies", note="There is no copy of this page.")
    cells = [
        (
            Fact("", say_time(one), href=copy_url(one)),
            one.status,
            size_of(one.size_bytes),
            _change_of(one, page),
            Fact("", one.sha256, is_code=True),
        )
        for one in rows
    ]
    header = ("As it was", "Status", "Size", "Since the copy before", "SHA-256")
    return Section("Stored copies", tables=[Table(header, cells)])


def quotes_of(page: Page) -> Section | None:
    """How what evidence quotes from older copies stands in the newest; ``None`` without any."""
    newest = _newest_read(page)
    if newest is None:
        return None
    ticket = Evidence.objects.filter(passage=OuterRef("pk")).order_by("pk").values("ticket_id")
    passages = (
        Passage.objects.filter(snapshot__page=page, evidence__isnull=False)
        .exclude(snapshot=newest.pk)
        .select_related("snapshot")
        .defer(*(f"snapshot__{name}" for name in LONG_COLUMNS))
        .annotate(ticket_id=Subquery(ticket[:1]))
        .distinct()
        .order_by("-snapshot__fetched_at", "start")[:SHOWN_QUOTES]
    )
    searched = Searched(newest.text)
    rows = [_quote_row(one, newest.text, searched.find(one.anchor)) for one in passages]
    if not rows:
        return None
    return Section(
        "Quotes in the newest copy",
        note=f"What evidence quotes from older copies, looked for in the copy of "
        f"{say_time(newest)}.",
        tables=[Table(("Quote", "From", "In the newest copy", "For"), rows)],
    )


def show_comparison(request: HttpRequest, page_id: int) -> HttpResponse:
    """What changed between two copies of a page; without a choice the newest two."""
    page = get_visible_or_404(request, Page.objects.select_related("team"), page_id)
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET"])
    copies = list(_copies(page)[:SHOWN_COPIES])
    newer = _chosen(copies, request.GET.get("newer", ""), 0)
    older = _chosen(copies, request.GET.get("older", ""), copies.index(newer) + 1 if newer else 0)
    if older is not None and newer is not None and shown_at(older) > shown_at(newer):
        older, newer = newer, older
    difference = _difference(older, newer)
    request.current_app = site.name
    context = {
        **site.each_context(request),
        "opts": Page._meta,
        "original": page,
        "title": f"What changed: {page}"[:200],
        "inline_admin_formsets": [],
        "page": page,
        "copies": [(one.pk, say_time(one)) for one in copies],
        "older": older,
        "newer": newer,
        "section": _told(older, newer, difference),
    }
    return TemplateResponse(request, "claims/page/compare.html", context)


def copy_url(snapshot: Snapshot, passage: Passage | None = None, ticket: int | None = None) -> str:
    """The address of a stored copy, at a quote where one is named.

    Words that are chosen there become evidence of ``ticket`` first.
    """
    address = reverse("admin:claims_snapshot_change", args=[snapshot.pk])
    if passage is None:
        return address
    asked = {"quote": passage.pk} | ({"ticket": ticket} if ticket is not None else {})
    return f"{address}?{urlencode(asked)}#quote"


def shown_at(snapshot: Snapshot) -> datetime:
    """The time whose page the copy shows."""
    return snapshot.archived_at or snapshot.fetched_at


def say_time(snapshot: Snapshot) -> str:
    """The time whose page the copy shows, and that an archive took it then."""
    told = when(shown_at(snapshot))
    return f"{told} (an archive’s copy)" if snapshot.archived_at else told


def compare_url(page: Page, **copies: int) -> str:
    """The address that compares two copies of a page: ``older`` and ``newer`` by id, or one."""
    return f"{reverse('admin:claims_page_compare', args=[page.pk])}?{urlencode(copies)}"


def live_link(final_url: str, passage: Passage, quote: str) -> Outside:
    """The live page at a quote, for a browser that follows text fragments; nothing if refused."""
    bare = final_url.partition("#")[0]
    fragment = text_fragment(quote, passage.prefix, passage.suffix)
    return outside_link(f"{bare}#{fragment}" if fragment else bare)


def place_of(passage: Passage) -> str:
    """The page or the table's row on which a quote stands, for people; empty for neither."""
    named = (("page", "page"), ("row", "row of its table"))
    told = [f"{words} {passage.place[name]}" for name, words in named if name in passage.place]
    return ", ".join(told)


def _copies(page: Page) -> QuerySet[Any]:
    newest_first = [SHOWN_AT.desc(), F("pk").desc()]
    return (
        Snapshot.objects.filter(page=page)
        .defer(*LONG_COLUMNS)
        .annotate(
            before_id=Window(Lead("pk"), order_by=newest_first),
            before_sha256=Window(Lead("text_sha256"), order_by=newest_first),
        )
        .order_by(*newest_first)
    )


def _change_of(one: Any, page: Page) -> Any:
    if one.before_id is None:
        return "The first copy"
    if one.text_sha256 and one.text_sha256 == one.before_sha256:
        return "Same text"
    href = compare_url(page, older=one.before_id, newer=one.pk)
    return Fact("", "Show what changed", href=href)


def _newest_read(page: Page) -> Snapshot | None:
    rows = page.snapshots.filter(read_at__isnull=False, body_deleted_at__isnull=True)
    newest = rows.exclude(text="").order_by(SHOWN_AT.desc(), "-pk")
    return newest.defer("search", "headers", "links", "tables", "media").first()


def _quote_row(passage: Any, text: str, found: Found) -> tuple[Any, ...]:
    told = "stands at several places" if found.is_unsure else STANDINGS[found.standing]
    if found.standing is Standing.CHANGED:
        told = f"{told}: “{text[found.start : found.end][:QUOTE_CHARS]}”"
    ticket = reverse("admin:claims_ticket_change", args=[passage.ticket_id])
    return (
        passage.quote[:QUOTE_CHARS],
        Fact("", say_time(passage.snapshot), href=copy_url(passage.snapshot, passage)),
        told,
        Fact("", f"Ticket {passage.ticket_id}", href=ticket),
    )


def _chosen(copies: Sequence[Any], key: str, otherwise: int) -> Any:
    """The copy of that number among those of the page, else the one at a place in the list."""
    for one in copies:
        if str(one.pk) == key:
            return one
    return copies[otherwise] if otherwise < len(copies) else None


def _difference(older: Any, newer: Any) -> Difference | None:
    if older is None or newer is None:
        return None
    texts = dict(Snapshot.objects.filter(pk__in=(older.pk, newer.pk)).values_list("pk", "text"))
    if any(one.body_deleted_at or not texts.get(one.pk) for one in (older, newer)):
        return None
    return compare_versions(texts[older.pk], texts[newer.pk])


def _told(older: Any, newer: Any, difference: Difference | None) -> Section:
    """The difference as a card, or one sentence that says why there is none."""
    if older is None or newer is None:
        return Section("What changed", note="There are no two copies of this page to compare.")
    if difference is None:
        gone = next((one for one in (older, newer) if one.body_deleted_at), None)
        why = "One of these copies has not been read into text."
        if gone is not None:
            why = f"The text of the copy of {say_time(gone)} was deleted."
        return Section("What changed", note=why)
    if difference.is_empty:
        return Section("What changed", note="Both copies say the same, word for word.")
    note = f"{difference.added_words:,} words added, {difference.removed_words:,} removed."
    if difference.is_cut:
        note += " The texts are long: not everything is compared or listed here."
    return Section("What changed", note=note, difference=difference)
