"""Two people saving the same row: the second is told who was first, and keeps what was typed.

A form carries the digest of the row it was opened on. When it comes back and
the row has changed since, it is refused with what changed and who changed it.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import connection, models
from django.http import HttpRequest, QueryDict
from django.utils import timezone

# Of a text whose column has no end: what a rationale may have.
LONGEST_TEXT = 20_000


def digest_of(row: models.Model, names: list[str]) -> str:
    """SHA-256 over the named columns as they stand."""
    held = {name: str(row.serializable_value(name)) for name in sorted(names)}
    return hashlib.sha256(json.dumps(held).encode("utf-8", "replace")).hexdigest()


class SeenForm(forms.ModelForm):  # type: ignore[type-arg]
    """A model form that refuses to save over a version its author has not seen."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Now: a form set adds its own fields, keys among them, afterwards.
        held = {field.name for field in self.instance._meta.concrete_fields}
        self._columns = [name for name in self.fields if name in held]
        for name in self._columns:
            field = self.fields[name]
            if isinstance(field, forms.CharField) and field.max_length is None:
                field.validators.append(MaxLengthValidator(LONGEST_TEXT))
        if self.instance.pk:
            self.fields["seen"].initial = digest_of(self.instance, self._columns)

    def clean(self) -> dict[str, Any]:
        """Compare what was seen with what is stored now, under a lock where there is one."""
        cleaned: dict[str, Any] = super().clean() or {}
        seen = cleaned.pop("seen", None)
        if not self.instance.pk:
            return cleaned
        rows = type(self.instance)._default_manager.filter(pk=self.instance.pk)
        now = (rows.select_for_update() if connection.in_atomic_block else rows).first()
        if now is None:
            raise ValidationError("Somebody deleted this while you were editing it.")
        current = digest_of(now, self._columns)
        if seen != current:
            # The next save is against what is told here.
            renewed: Any = QueryDict(mutable=True)
            renewed.update(self.data)
            renewed[self.add_prefix("seen")] = current
            self.data = renewed
            raise ValidationError(self._explain(now))
        return cleaned

    def _explain(self, now: models.Model) -> list[str]:
        content = ContentType.objects.get_for_model(now)
        entries = LogEntry.objects.filter(content_type=content, object_id=str(now.pk))
        last = entries.select_related("user").order_by("-action_time").first()
        who, at = "Somebody", ""
        # A row that no team owns may have been saved by somebody of another team.
        if last is not None and hasattr(now, "TEAM_PATH"):
            who = last.user.get_full_name() or last.user.get_username()
            saved_at = timezone.localtime(last.action_time)
            at = f" at {saved_at:%H:%M %Z} on {saved_at:%d %B}"
        told = [
            f"{who} saved this{at}, after you opened it. "
            "Nothing of yours was saved; it still stands below."
        ]
        for name in self._columns:
            typed = self.cleaned_data.get(name)
            stored = getattr(now, name)
            if name in self.cleaned_data and typed != stored:
                label = self.fields[name].label or name
                told.append(f"{label} is now “{stored}”.")
        return [*told, "Save again to replace that with yours, or reload to see it."]


class SeenFields:
    """For an admin or inline with such a form: no digest where nothing can be edited."""

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The form's fields; ``seen`` only with the right to change."""
        fields: list[Any] = list(super().get_fields(request, obj))  # type: ignore[misc]
        if not self.has_change_permission(request, obj):  # type: ignore[attr-defined]
            fields = [name for name in fields if name != "seen"]
        return fields
