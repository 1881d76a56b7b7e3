"""Rating scales: everyone reads them, admins write them."""

# ruff: noqa: ARG002 - the signatures are Django's
from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from unfold.admin import TabularInline
from unfold.decorators import display

from claims.admin.base import TeamScopedAdmin
from claims.admin.site import site
from claims.admin.stale import SeenForm
from claims.admin.standing import ADMINS, standing_of
from claims.models import Rating, RatingScale


class RatingForm(SeenForm):
    """One value of a scale."""

    class Meta:
        model = Rating
        fields = ("position", "label", "value", "colour", "definition", "is_retired")


class ScaleForm(SeenForm):
    """The scale's own words."""

    class Meta:
        model = RatingScale
        fields = ("name", "slug", "description")


class RatingInline(TabularInline):  # type: ignore[misc]
    """The values of a scale, in order. A value that verdicts use is retired, not deleted."""

    model = Rating
    form = RatingForm
    extra = 0
    tab = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Every member."""
        return standing_of(request).has(TeamScopedAdmin.view_roles)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Admins."""
        return standing_of(request).has(ADMINS)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Admins."""
        return standing_of(request).has(ADMINS)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: old verdicts name their rating."""
        return False


class RatingScaleAdmin(TeamScopedAdmin):
    """Scales and their values."""

    form = ScaleForm
    add_roles = change_roles = ADMINS
    inlines = (RatingInline,)
    list_display = ("name", "values", "used_by")
    prepopulated_fields = {"slug": ("name",)}

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """With their values, and the person's own teams that use them."""
        return super().get_queryset(request).prefetch_related("ratings")

    @display(description="Values")
    def values(self, scale: RatingScale) -> str:
        """The labels in their colours."""
        return format_html_join(
            " ",
            '<span class="fc-rating" style="--fc-rating: {}">{}</span>',
            (
                (rating.colour, rating.label)
                for rating in scale.ratings.all()
                if not rating.is_retired
            ),
        )

    @display(description="Ordered")
    def used_by(self, scale: RatingScale) -> str:
        """Whether its values are steps of one ladder."""
        ordered = all(rating.value is not None for rating in scale.ratings.all())
        return format_html("{}", "Yes" if ordered else "No")


site.register(RatingScale, RatingScaleAdmin)
