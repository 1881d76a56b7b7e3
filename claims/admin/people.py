"""Accounts: a superuser's, and nobody else's to see or to guess at.

Refuses Django's permission rows: whoever is no superuser is turned away before
an account is looked for, so that no answer tells which exist.
"""

# ruff: noqa: ARG002 - the signatures are Django's
from __future__ import annotations

from typing import Any

from django.contrib.admin import ShowFacets
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import Http404, HttpRequest
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from claims.admin.site import site
from claims.admin.standing import standing_of
from claims.models.house import act_as


class PersonAdmin(UserAdmin, ModelAdmin):  # type: ignore[misc,type-arg]
    """Accounts: superusers only. A member needs *staff status* to come in at all."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "first_name", "last_name", "is_active", "is_superuser")
    list_filter = ("is_active", "is_superuser")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        ("May come in", {"fields": ("is_active", "is_staff", "is_superuser")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")
    show_full_result_count = False
    show_facets = ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Everybody, for a superuser; nobody for anybody else."""
        rows: models.QuerySet[Any] = super().get_queryset(request)
        return rows if standing_of(request).is_superuser else rows.none()

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        """The account; forbidden before it is looked for, so that nothing tells it exists."""
        if not standing_of(request).is_superuser:
            raise PermissionDenied
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404("There is no such account.")
        return found

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The account is changed by this person, says the house's record."""
        act_as(request.user)
        super().save_model(request, obj, form, change)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Deleted by this person, says the house's record."""
        act_as(request.user)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Deleted by this person, says the house's record."""
        with transaction.atomic():
            act_as(request.user)
            super().delete_queryset(request, queryset)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Superusers; Django's permission rows give nothing here."""
        return standing_of(request).is_superuser

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers."""
        return standing_of(request).is_superuser

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers."""
        return standing_of(request).is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers."""
        return standing_of(request).is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers."""
        return standing_of(request).is_superuser


site.register(get_user_model(), PersonAdmin)
