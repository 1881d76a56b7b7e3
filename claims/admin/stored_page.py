"""A stored copy shown as a page: sanitised, in a sandbox, under a policy of its own.

Promises: no script, no request to anywhere, no form, no link; the answer may not be framed and
has an origin of its own, so that even markup that came through could reach nothing of the
workbench. What cannot be shown so is said, and is there as text.
"""

from __future__ import annotations

import base64
import hashlib

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.template.loader import render_to_string
from django.urls import reverse

from claims.admin.base import MAX_ID_DIGITS
from claims.admin.facts import Button, when
from claims.admin.standing import get_visible_or_404
from claims.models import Passage, Snapshot
from claims.models.bodies import BodyDamaged, load_body
from claims.web.sanitised import sanitise_page

SHOWN_TYPES = frozenset({"", "text/html", "application/xhtml+xml"})
# The page's only style; the policy names its digest, so that no other is applied.
STYLE = (
    "body{margin:0 auto;max-width:48rem;padding:0 1rem 3rem;font:1rem/1.6 system-ui,sans-serif;"
    "color:#1c2430;background:#fff;overflow-wrap:anywhere}"
    "body>header{margin:0 -1rem 1.5rem;padding:.8rem 1rem;background:#eef1f6;font-size:.875rem;"
    "border-bottom:1px solid #c9d1dd}body>header p,h1{margin:.15rem 0}h1{font-size:1rem}"
    "table{border-collapse:collapse}td,th{border:1px solid #c9d1dd;padding:.2rem .5rem;"
    "text-align:left;vertical-align:top}mark{background:#ffe58f;color:#1c2430}pre{white-space:pre-wrap}"
    "@media(prefers-color-scheme:dark){body{background:#161b22;color:#d7dee8}"
    "body>header{background:#222a35;border-color:#3a4555}td,th{border-color:#3a4555}"
    "mark{background:#6b5300;color:#fff}}"
)
_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; sandbox"
)


def page_buttons(row: Snapshot) -> list[Button]:
    """The way to the copy as a page, where it is one."""
    if row.body_deleted_at is not None or row.content_type not in SHOWN_TYPES:
        return []
    return [Button("As a page", reverse("admin:claims_snapshot_page", args=[row.pk]), "article")]


def quote_of(request: HttpRequest, row: Snapshot) -> Passage | None:
    """The quote of this copy that the address names."""
    key = request.GET.get("quote", "")
    if not (key.isascii() and key.isdigit() and len(key) <= MAX_ID_DIGITS):
        return None
    return Passage.objects.filter(snapshot=row, pk=int(key)).first()


def show_page(request: HttpRequest, snapshot_id: int) -> HttpResponse:
    """The copy's markup, sanitised; ``quote`` names the passage that is marked in it."""
    rows = Snapshot.objects.select_related("page").defer(
        "text", "search", "links", "tables", "media"
    )
    row = get_visible_or_404(request, rows, snapshot_id)
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET"])
    if not page_buttons(row):
        # A document, or a body that was deleted: what there is of it is told there.
        return HttpResponseRedirect(reverse("admin:claims_snapshot_change", args=[row.pk]))
    quote = quote_of(request, row)
    markup, problem = "", ""
    try:
        body = load_body(row.body_path, row.sha256)
        page = sanitise_page(
            body, charset=row.charset or None, quote=quote.anchor if quote else None
        )
        markup = page.markup
        if quote is not None and not page.is_marked:
            problem = "The quote could not be marked here; the copy's text has it marked."
    except (BodyDamaged, ValueError) as refused:
        problem = f"{refused} Its text can be read instead."
    context = {"copy": row, "at": when(row.fetched_at), "markup": markup, "problem": problem}
    response = HttpResponse(
        render_to_string("claims/page/stored.html", {**context, "style": STYLE})
    )
    response["Content-Security-Policy"] = POLICY
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response
