"""A file that a person brings in: the form, the page, and what is said of a file that is refused.

Promises: what was typed stays; a refused file says line, column and cure at its field, and
brings nothing.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from claims.admin.facts import size_of
from claims.admin.site import site
from claims.intake import FileRefused
from claims.models import Team

UNPROCESSABLE = 422


class FileForm(forms.Form):
    """A file, and which team gets it; ``max_bytes`` is what a request can read in time."""

    max_bytes = 10 * 2**20
    command = ""

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
                f"here. Ask whoever runs the workbench for manage.py {self.command}."
            )
        return upload

    def tell_refused(self, refused: FileRefused) -> None:
        """Each complaint at the field it is about, else at the file."""
        for problem in refused.problems:
            name = problem.name if problem.name in self.fields else "upload"
            self.add_error(name, problem.message if name != "upload" else str(problem))
        self.add_error("upload", "Nothing was taken in.")


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
