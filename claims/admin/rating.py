"""Rating scales: everyone reads them, admins write those that only their own teams use."""

# ruff: noqa: ARG002 - the signatures are Django's
from __future__ import annotations

from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import PAGE_VAR
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from unfold.admin import TabularInline
from unfold.widgets import UnfoldAdminTextareaWidget

from claims.admin.base import TeamScopedAdmin
from claims.admin.colours import safe_colour
from claims.admin.columns import column
from claims.admin.site import site
from claims.admin.stale import SeenFields, SeenForm
from claims.admin.standing import ADMINS, standing_of, visible_rows
from claims.models import Rating, RatingScale


def may_write(request: HttpRequest, scale: RatingScale | None = None) -> bool:
    """Whether the person may change this scale: an admin in every team that rates by it."""
    standing = standing_of(request)
    if not standing.has(ADMINS) or standing.is_superuser or scale is None:
        return standing.has(ADMINS)
    users = scale.teams.values_list("pk", flat=True)
    return all(standing.role_in(team) in ADMINS for team in users)


class RatingForm(SeenForm):
    """One value of a scale."""

    class Meta:
        model = Rating
        fields = ("position", "label", "value", "colour", "definition", "examples", "is_retired")
        widgets = {
            name: UnfoldAdminTextareaWidget(attrs={"rows": 2})
            for name in ("definition", "examples")
        }


class ScaleForm(SeenForm):
    """The scale's own words."""

    class Meta:
        model = RatingScale
        fields = ("name", "slug", "description")
        widgets = {"description": UnfoldAdminTextareaWidget(attrs={"rows": 3})}


class RatingInline(SeenFields, TabularInline):  # type: ignore[misc]
    """The values of a scale, in order. A value that verdicts use is retired, not deleted."""

    model = Rating
    form = RatingForm
    extra = 0
    hide_title = True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Every member."""
        return standing_of(request).has(TeamScopedAdmin.view_roles)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may change the scale."""
        return may_write(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may change the scale."""
        return may_write(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: old verdicts name their rating."""
        return False


class RatingScaleAdmin(SeenFields, TeamScopedAdmin):
    """Scales and their values."""

    form = ScaleForm
    add_roles = change_roles = ADMINS
    inlines = (RatingInline,)
    list_display = ("name", "values", "used_by")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By :func:`may_write`: another team's verdicts are told in these words."""
        return may_write(request, obj)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What was changed, by people the person may know: a scale is shared across teams."""
        scale = self.get_object(request, unquote(object_id))
        entries = LogEntry.objects.filter(
            object_id=str(scale.pk),
            content_type=ContentType.objects.get_for_model(scale),
            user__in=visible_rows(request, get_user_model()).values("pk"),
        )
        pages = self.get_paginator(request, entries.select_related().order_by("action_time"), 100)
        shown = pages.get_page(request.GET.get(PAGE_VAR, 1))
        context = {
            "action_list": shown,
            "page_range": pages.get_elided_page_range(shown.number),
            "pagination_required": pages.count > 100,
        }
        answer: HttpResponse = super().history_view(
            request, object_id, context | (extra_context or {})
        )
        return answer

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """With their values, and the person's own teams that use them."""
        return super().get_queryset(request).prefetch_related("ratings")

    @column("Values")
    def values(self, scale: RatingScale) -> str:
        """The labels in their colours."""
        return format_html_join(
            " ",
            '<span class="fc-rating" style="--fc-rating: {}">{}</span>',
            (
                (safe_colour(rating.colour), rating.label)
                for rating in scale.ratings.all()
                if not rating.is_retired
            ),
        )

    @column("Ordered")
    def used_by(self, scale: RatingScale) -> str:
        """Whether its values are steps of one ladder."""
        ordered = all(rating.value is not None for rating in scale.ratings.all())
        return format_html("{}", "Yes" if ordered else "No")


site.register(RatingScale, RatingScaleAdmin)
