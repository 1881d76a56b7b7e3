"""Teams, their rules and their members.

Promises: a lead edits the rules and members of the lead's own team; people are
named by their user name, so that no box lists the people of other teams.
Refuses to leave a team without a lead, and a lead to hand out or to take the admin role.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from claims.admin.base import TeamScopedAdmin
from claims.admin.columns import column
from claims.admin.site import site
from claims.admin.stale import SeenForm
from claims.admin.standing import ADMINS, LEADS, standing_of
from claims.admin.team_rules import (
    HolidayInline,
    PriorityRuleInline,
    ServiceLevelInline,
    TeamInline,
    WeekdaysField,
    day_input,
)
from claims.models import Membership, Team
from claims.models.house import act_as
from claims.vocabulary import QuantityKind, Role

User = get_user_model()


class TeamForm(SeenForm):
    """A team's rules."""

    weekdays = WeekdaysField(
        initial=Team._meta.get_field("weekdays").default,
        help_text=Team._meta.get_field("weekdays").help_text,
    )
    blind_kinds = forms.MultipleChoiceField(
        label="Always blind",
        required=False,
        choices=QuantityKind.choices(),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="Claims with a number of these kinds are always read blind.",
    )

    class Meta:
        model = Team
        fields = (
            "name",
            "slug",
            "scale",
            "confirmation",
            "min_origins",
            "min_primary",
            "wants_anchored",
            "wants_contrary",
            "blind_percent",
            "blind_kinds",
            "agreement_minimum",
            "correction_days",
            "claim_threshold",
            "ticket_cap",
            "reservation_minutes",
            "keep_copies_days",
            "time_zone",
            "weekdays",
        )


class MembershipForm(SeenForm):
    """A person by user name, and a role."""

    username = forms.CharField(
        label="User name",
        max_length=150,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        help_text="As the person signs in.",
    )

    class Meta:
        model = Membership
        fields = ("role", "skills", "limit", "away_from", "away_until")
        widgets = {
            "role": UnfoldAdminSelectWidget,
            "away_from": day_input(),
            "away_until": day_input(),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["username"].initial = self.instance.user.get_username()
            self.fields["username"].disabled = True

    def clean(self) -> dict[str, Any]:
        """Who is away comes back after going."""
        cleaned = super().clean()
        first, last = cleaned.get("away_from"), cleaned.get("away_until")
        if first and last and last < first:
            raise ValidationError({"away_until": "This day lies before the first day away."})
        return cleaned

    def clean_username(self) -> str:
        """The person must exist and be active."""
        name: str = self.cleaned_data["username"].strip()
        if self.instance.pk:
            return name
        person = User.objects.filter(username=name, is_active=True).first()
        if person is None:
            raise ValidationError(
                "Nobody signs in by this name. Check the spelling, or ask an admin for an account."
            )
        self.instance.user = person
        return name


class MembershipFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """The members of one team together."""

    giver_is_admin = False

    def clean(self) -> None:
        """A team keeps a lead; nobody twice; only an admin makes, changes or removes admins."""
        super().clean()
        filled = [form for form in self.forms if form.cleaned_data]
        kept = [form for form in filled if not form.cleaned_data.get("DELETE", False)]
        if any(form.instance.pk is None for form in filled if form in self.initial_forms):
            raise ValidationError(
                "Somebody removed a member while you were editing. Reload the page."
            )
        names = [form.cleaned_data.get("username") for form in kept]
        if len(set(names)) < len(names):
            raise ValidationError("The same person stands here twice.")
        if not any(form.cleaned_data.get("role") in LEADS for form in kept):
            raise ValidationError("A team needs at least one lead.")
        self._refuse_members(kept)
        if not self.giver_is_admin:
            self._guard_admins(filled)

    def _refuse_members(self, kept: list[Any]) -> None:
        """A name that joined after the page was opened is told at its field."""
        here = set(
            Membership.objects.filter(team_id=self.instance.pk).values_list(
                "user__username", flat=True
            )
        )
        for form in kept:
            if form.instance.pk is None and form.cleaned_data.get("username") in here:
                form.add_error("username", "This person is a member already. Reload to see it.")

    def _guard_admins(self, filled: list[Any]) -> None:
        """Whoever is no admin leaves admins as they are and makes none."""
        for form in filled:
            was = form.initial.get("role") if form.instance.pk else None
            role = form.cleaned_data.get("role")
            if role == Role.ADMIN and was != Role.ADMIN:
                form.add_error("role", "Only an admin makes admins.")
            elif was == Role.ADMIN and (role != was or form.cleaned_data.get("DELETE", False)):
                raise ValidationError("Only an admin changes or removes an admin.")


class MembershipInline(TeamInline):
    """The team's members."""

    model = Membership
    form = MembershipForm
    formset = MembershipFormSet
    fields = (
        "username",
        "full_name",
        "role",
        "skills",
        "limit",
        "away_from",
        "away_until",
        "seen",
    )
    readonly_fields = ("full_name",)
    hide_title = True
    verbose_name = "member"
    verbose_name_plural = "members"

    @column("Name")
    def full_name(self, row: Membership) -> str:
        """The person's name."""
        return row.user.get_full_name() if row.user_id else "–"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """With their people, in one query."""
        rows: models.QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("user", "team")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """A form set that knows whether an admin fills it in."""
        formset = super().get_formset(request, obj, **kwargs)
        team = obj.pk if obj else None
        formset.giver_is_admin = standing_of(request).has(ADMINS, team)
        return formset


class TeamAdmin(TeamScopedAdmin):
    """Teams: members look, leads edit, superusers add."""

    form = TeamForm
    change_roles = LEADS
    change_form_outer_after_template = "claims/team/after.html"
    inlines = (MembershipInline, PriorityRuleInline, ServiceLevelInline, HolidayInline)
    list_display = ("name", "scale", "policy", "rules", "member_count")
    list_select_related = ("scale",)
    fieldsets = (
        (None, {"fields": ("seen", ("name", "slug"))}),
        ("Verdicts", {"fields": ("scale", "confirmation")}),
        (
            "What a verdict rests on",
            {"fields": (("min_origins", "min_primary"), ("wants_anchored", "wants_contrary"))},
        ),
        (
            "Second reads and corrections",
            {
                "fields": (
                    ("blind_percent", "agreement_minimum"),
                    "blind_kinds",
                    "correction_days",
                )
            },
        ),
        ("Tickets", {"fields": ("claim_threshold", "ticket_cap", "reservation_minutes")}),
        ("Stored copies", {"fields": ("keep_copies_days",)}),
        ("Working week", {"fields": ("time_zone", "weekdays")}),
    )

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """With the number of members."""
        rows: models.QuerySet[Any] = super().get_queryset(request)
        counted: models.QuerySet[Any] = rows.annotate(members=models.Count("memberships"))
        return counted

    def save_model(self, request: HttpRequest, obj: Team, form: Any, change: bool) -> None:
        """Rules and members are changed by this person, says the house's record."""
        act_as(request.user)
        super().save_model(request, obj, form, change)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A new team is a superuser's to make."""
        return standing_of(request).is_superuser

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without the hidden digest where there is nothing to compare or to edit."""
        if obj is not None and self.has_change_permission(request, obj):
            return self.fieldsets
        return (
            (None, {"fields": (("name", "slug"),)}),
            *self.fieldsets[1:],
        )

    @column("Confirmation")
    def policy(self, team: Team) -> str:
        """Who must confirm."""
        return team.get_confirmation_display()

    @column("Tickets")
    def rules(self, team: Team) -> str:
        """Threshold and cap."""
        return f"from {team.claim_threshold:g}, at most {team.ticket_cap} an article"

    @column("Members", ordering="members")
    def member_count(self, team: Any) -> int:
        """How many."""
        return int(team.members)


site.register(Team, TeamAdmin)
