"""A file that a person brings in: the way to it, the form, the page, and what is said of it.

Promises: what was typed stays; a refused file says line, column and cure at its field, and
brings nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from claims.admin.facts import FactSheetAdmin, size_of
from claims.admin.site import site
from claims.admin.standing import standing_of, visible_teams
from claims.intake import FileRefused
from claims.models import Team
from claims.vocabulary import Role

UNPROCESSABLE = 422


class FileForm(forms.Form):
    """A file, and which team gets it; ``max_bytes`` is what a request can read in time.

    ``cure`` says what to do with a larger one.
    """

    max_bytes = 10 * 2**20
    cure = "Split it into several files."

    upload = forms.FileField(
        label="File", widget=forms.FileInput(attrs={"class": "fc-input", "accept": ".csv"})
    )
    team = forms.ModelChoiceField(
        Team.objects.none(), widget=forms.Select(attrs={"class": "fc-input"}), empty_label=None
    )

    def __init__(self, *args: Any, teams: models.QuerySet[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["team"]
        choice.queryset = teams

    def clean_upload(self) -> Any:
        """Small enough to be read while the person waits."""
        upload = self.cleaned_data["upload"]
        if upload.size > self.max_bytes:
            raise forms.ValidationError(
                f"This is {size_of(upload.size)}; at most {size_of(self.max_bytes)} are taken "
                f"here. {self.cure}"
            )
        return upload

    def tell_refused(self, refused: FileRefused) -> None:
        """Each complaint at the field it is about, else at the file."""
        for problem in refused.problems:
            name = problem.name if problem.name in self.fields else "upload"
            self.add_error(name, problem.message if name != "upload" else str(problem))
        self.add_error("upload", "Nothing was taken in.")


@dataclass(frozen=True, slots=True)
class WayIn:
    """How files come into a list: the last part of the address, who may, the form, the words.

    ``take_in`` gets who brings it and what the form holds, and says what the file brought;
    it raises :class:`FileRefused`.
    """

    address: str
    roles: frozenset[Role]
    form: type[FileForm]
    take_in: Callable[[Any, dict[str, Any]], str]
    label: str
    title: str
    lead: str


class FromFilesAdmin(FactSheetAdmin):
    """A noun whose rows come out of files."""

    way_in: WayIn
    list_before_template = "claims/outside/above_list.html"

    def get_urls(self) -> list[Any]:
        """The form's address before Django's own."""
        view = self.admin_site.admin_view(self.bring_view)
        address = self.way_in.address
        own = path(f"{address}/", view, name=f"claims_{self.opts.model_name}_{address}")
        return [own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, with the way in for those who may."""
        href = reverse(f"admin:claims_{self.opts.model_name}_{self.way_in.address}")
        told = {"label": self.way_in.label, "href": href}
        extra = {"bring_in": told if standing_of(request).has(self.way_in.roles) else None}
        shown: HttpResponse = super().changelist_view(request, {**extra, **(extra_context or {})})
        return shown

    def bring_view(self, request: HttpRequest) -> HttpResponse:
        """The form, and what a file brought."""
        if not standing_of(request).has(self.way_in.roles):
            raise PermissionDenied
        teams = visible_teams(request, self.way_in.roles)
        if request.method != "POST":
            return self._draw(request, self.way_in.form(teams=teams))
        form = self.way_in.form(request.POST, request.FILES, teams=teams)
        if form.is_valid():
            try:
                told = self.way_in.take_in(request.user, form.cleaned_data)
            except FileRefused as refused:
                form.tell_refused(refused)
            else:
                messages.success(request, told)
                return HttpResponseRedirect(self._list_url())
        return self._draw(request, form, status=UNPROCESSABLE)

    def _draw(self, request: HttpRequest, form: FileForm, *, status: int = 200) -> HttpResponse:
        return draw_form(
            request,
            form,
            model=self.model,
            title=self.way_in.title,
            lead=self.way_in.lead,
            back=self._list_url(),
            status=status,
        )

    def _list_url(self) -> str:
        return reverse(f"admin:claims_{self.opts.model_name}_changelist")


def draw_form(
    request: HttpRequest,
    form: FileForm,
    *,
    model: type[models.Model],
    title: str,
    lead: str,
    back: str,
    status: int = 200,
) -> HttpResponse:
    """The page with the form; ``back`` is the address of the list."""
    request.current_app = site.name
    context = {
        **site.each_context(request),
        "opts": model._meta,
        "title": title,
        "lead": lead,
        "back": back,
        "inline_admin_formsets": [],
        "form": form,
    }
    return TemplateResponse(request, "claims/bring_in.html", context, status=status)
