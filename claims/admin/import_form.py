"""The form of an import: exactly one way in, a file or pasted rows, and whose queue."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from claims.admin.ingest import TypedField
from claims.admin.standing import visible_teams
from claims.intake import MAX_BYTES
from claims.models import Team


class ImportForm(forms.Form):
    """A file or a paste, and whose queue its claims go to."""

    upload = forms.FileField(
        label="CSV file",
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(
            attrs={"class": "fi-file", "accept": ".csv,.tsv,.txt,text/csv,text/plain"}
        ),
        help_text="Drop a file here or choose one: .csv, .tsv or .txt, up to 10 MB.",
    )
    pasted = TypedField(
        label="Or paste rows",
        widget=forms.Textarea(
            attrs={
                "class": "fc-input fc-input--text",
                "rows": 5,
                "spellcheck": "false",
                "placeholder": "claim_text, claimant, said_on …",
            }
        ),
        help_text="With the line of headings, as copied from a spreadsheet.",
    )
    team = forms.ModelChoiceField(
        queryset=Team.objects.none(),
        empty_label=None,
        widget=forms.Select(attrs={"class": "fc-input"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team: Any = self.fields["team"]
        team.queryset = visible_teams(request)
        teams = list(team.queryset[:2])
        self.only_team = teams[0] if len(teams) == 1 else None

    def clean(self) -> dict[str, Any]:
        """Exactly one way in, and not a huge one."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        upload, pasted = given.get("upload"), given.get("pasted", "")
        if upload is None and not pasted.strip():
            self.add_error("upload", "Choose a file, or paste rows below.")
        elif upload is not None and pasted.strip():
            self.add_error("pasted", "There is a file too. Send the file or the pasted rows.")
        elif upload is not None and upload.size > MAX_BYTES:
            self.add_error("upload", "The file is over 10 MB. Cut it into several files.")
        return given

    def body(self) -> tuple[str, bytes]:
        """The file's name and its bytes."""
        upload = self.cleaned_data.get("upload")
        if upload is not None:
            return upload.name, upload.read()
        return "pasted rows", self.cleaned_data["pasted"].encode("utf-8", "surrogatepass")
