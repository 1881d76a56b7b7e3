"""The rules on a team's page: what is urgent, by when it is due, on which days nobody works.

Promises: every member of the team reads them, its leads write them, and of two who save the
same row the second is told.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from unfold.admin import TabularInline
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from claims.admin.stale import SeenFields, SeenForm
from claims.admin.standing import EVERYONE, LEADS, standing_of
from claims.models import Holiday, PriorityRule, ServiceLevel
from claims.models.working_days import WEEKDAY_NAMES
from claims.vocabulary import PriorityFactor


class WeekdaysField(forms.TypedMultipleChoiceField):
    """Days of the week as boxes; kept as ISO numbers, at least one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=list(enumerate(WEEKDAY_NAMES, start=1)),
            coerce=int,
            widget=forms.CheckboxSelectMultiple,
            label="Working days",
            error_messages={"required": "Tick at least one day on which the team works."},
            **kwargs,
        )


def day_input() -> UnfoldAdminTextInputWidget:
    """The browser's own box for a day: it needs no script of the skin's."""
    return UnfoldAdminTextInputWidget(attrs={"type": "date"})


class TeamInline(SeenFields, TabularInline):  # type: ignore[misc]
    """Rows of a team: read by its members, written by its leads."""

    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Every member of the team."""
        return standing_of(request).has(EVERYONE, obj.pk if obj else None)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Leads of the team."""
        return standing_of(request).has(LEADS, obj.pk if obj else None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Leads of the team."""
        return standing_of(request).has(LEADS, obj.pk if obj else None)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Leads of the team."""
        return standing_of(request).has(LEADS, obj.pk if obj else None)


class PriorityRuleForm(SeenForm):
    """One rule; harm needs its words."""

    class Meta:
        model = PriorityRule
        fields = ("name", "factor", "level", "words", "points", "is_on")
        widgets = {"words": UnfoldAdminTextareaWidget(attrs={"rows": 2, "maxlength": 5000})}

    def clean(self) -> dict[str, Any]:
        """Words for harm, and none where they would not be read."""
        cleaned = super().clean()
        is_harm = cleaned.get("factor") == PriorityFactor.HARM
        if is_harm and not str(cleaned.get("words", "")).strip():
            raise ValidationError({"words": "Name the words that stand for harm, one a line."})
        if len(str(cleaned.get("words", ""))) > 5000:
            raise ValidationError({"words": "At most 5,000 characters."})
        return cleaned


class PriorityRuleInline(TeamInline):
    """What makes a ticket more or less urgent."""

    model = PriorityRule
    form = PriorityRuleForm
    verbose_name = "priority rule"
    verbose_name_plural = (
        "priority rules (without any, check-worthiness counts 75 points and a number 20)"
    )


class ServiceLevelForm(SeenForm):
    """By when, from a priority on."""

    class Meta:
        model = ServiceLevel
        fields = ("from_priority", "working_days")


class ServiceLevelInline(TeamInline):
    """Due days by priority."""

    model = ServiceLevel
    form = ServiceLevelForm
    verbose_name = "due day"
    verbose_name_plural = "due days, by priority"


class HolidayForm(SeenForm):
    """A free day."""

    class Meta:
        model = Holiday
        fields = ("day", "name")
        widgets = {"day": day_input()}


class HolidayInline(TeamInline):
    """Days on which nobody works."""

    model = Holiday
    form = HolidayForm
    verbose_name = "holiday"
    verbose_name_plural = "holidays"
