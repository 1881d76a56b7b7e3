"""Files as articles: one is read at once and led to, many are read by the workers.

Promises: each file becomes an article or is named with its fault and cure; one bad file keeps no
other back; the files are not taken into memory here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse

from claims.admin.ingest import IngestForm
from claims.lifecycle import MoveRefused
from claims.tasks import MOST_BYTES, MOST_FILES, bring_files
from claims.workflow.ingest import READ_HERE, Ingested, IngestRefused, check_size, ingest_upload

UPLOAD_NAMES = ".txt,.md,.html,.htm,.pdf,.docx"


class ManyInput(forms.FileInput):
    """A box that takes any number of files, chosen or dropped."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """The files of a :class:`ManyInput`."""

    widget = ManyInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """Each as Django checks one."""
        given: Sequence[Any] = data if isinstance(data, (list, tuple)) else [data]
        found = [super(FilesField, self).clean(one, initial) for one in given]
        return [one for one in found if one]


class UploadForm(IngestForm):
    """Upload files."""

    kind = "upload"
    tab = "Upload files"
    icon = "upload_file"
    submit = "Upload and read"
    promise = "Plain text, Markdown, saved web pages, PDF or Word documents, up to 10 MB each."
    upload = FilesField(
        label="Files",
        required=False,
        allow_empty_file=True,
        widget=ManyInput(attrs={"class": "fc-input", "accept": UPLOAD_NAMES}),
        help_text=f"Choose one, or up to {MOST_FILES} together, or drop them here: {READ_HERE}. "
        "Several are read while you go on.",
    )

    def clean_upload(self) -> list[UploadedFile[Any]]:
        """At least one, and not more than are taken together."""
        files: list[UploadedFile[Any]] = self.cleaned_data["upload"]
        if not files:
            raise forms.ValidationError(f"Choose a file first: {READ_HERE}.")
        if len(files) > MOST_FILES:
            raise forms.ValidationError(
                f"These are {len(files)} files; at most {MOST_FILES} at once."
            )
        if sum(file.size or 0 for file in files) > MOST_BYTES:
            raise forms.ValidationError(
                f"Together they are over {MOST_BYTES // 2**20} MB. Upload them in several turns."
            )
        return files

    def bring_in(self) -> Ingested | None:
        """Read the one file and store its text, or keep them all for the workers."""
        team, files = self.cleaned_data["team"], self.cleaned_data["upload"]
        if len(files) > 1:
            try:
                bring_files(team, files, by=self.request.user)
            except MoveRefused as refused:
                raise IngestRefused("upload", f"This did not happen: {refused}.") from refused
            messages.success(self.request, f"{len(files)} files are being read.")
            return None
        (file,) = files
        check_size(file.size or 0)
        return ingest_upload(team, file.name or "", file.read(), by=self.request.user)

    def address(self) -> str:
        """Where one sees how far they are."""
        return reverse("admin:claims_work")
