"""A stored copy's body deleted by a lead: what goes, what stays, who said so and why."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from claims.admin.facts import Button, Fact, Section, Table, when
from claims.admin.site import site
from claims.admin.standing import LEADS, get_visible_or_404, standing_of
from claims.models import Snapshot
from claims.workflow.retention import delete_copy

SHOWN_QUOTES = 200
UNPROCESSABLE = 422


class DeletionForm(forms.Form):
    """Why."""

    why = forms.CharField(
        label="Reason",
        max_length=300,
        strip=True,
        widget=forms.TextInput(attrs={"class": "fc-input"}),
        help_text="It is kept with the copy: a request for removal, personal data, a licence.",
    )


def delete_buttons(request: HttpRequest, row: Snapshot) -> list[Button]:
    """The way to the deletion, for leads of the team and while there is a body."""
    if row.body_deleted_at is not None:
        return []
    if not standing_of(request).has(LEADS, row.page.team_id):
        return []
    address = reverse("admin:claims_snapshot_delete_body", args=[row.pk])
    return [Button("Delete the body", address, "delete")]


def deletion_of(row: Snapshot) -> list[Section]:
    """When, why and by whom the body went, and the quotes that stay."""
    if row.body_deleted_at is None:
        return []
    by = row.body_deleted_by
    facts = [
        Fact("Deleted", when(row.body_deleted_at)),
        Fact("Reason", row.body_deleted_why or "–"),
        Fact("By", (by.get_full_name() or by.get_username()) if by else "The team's rule"),
    ]
    quotes = row.passages.order_by("start").values_list("quote", flat=True)[:SHOWN_QUOTES]
    note = "The bytes and the text are gone. Digests, headers and the quotes below stay."
    tables = [Table(("Quotes",), [(quote,) for quote in quotes])] if quotes else []
    return [Section("Body deleted", facts, tables, note=note)]


def show_deletion(request: HttpRequest, snapshot_id: int) -> HttpResponse:
    """Ask for the reason, then delete; what has gone already leads back to the copy."""
    rows = Snapshot.objects.select_related("page__team").defer("text", "search")
    row = get_visible_or_404(request, rows, snapshot_id)
    if not standing_of(request).has(LEADS, row.page.team_id):
        raise PermissionDenied
    back = HttpResponseRedirect(reverse("admin:claims_snapshot_change", args=[row.pk]))
    if row.body_deleted_at is not None:
        return back
    form = DeletionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        delete_copy(row, why=form.cleaned_data["why"], by=request.user)
        messages.success(request, "The body is deleted. Digests and quotes are kept.")
        return back
    request.current_app = site.name
    context = {
        **site.each_context(request),
        "opts": Snapshot._meta,
        "original": row,
        "title": f"Delete the body: {row}"[:200],
        "inline_admin_formsets": [],
        "copy": row,
        "form": form,
    }
    status = UNPROCESSABLE if request.method == "POST" else 200
    return TemplateResponse(request, "claims/page/delete_body.html", context, status=status)
