"""Assignment rules: which new tickets get a tag and go to somebody, with what they would catch.

Promises: members read them, leads write them; a preview shows what a rule would have caught
among the newest tickets before it is saved, and writes nothing.
"""

# ruff: noqa: ARG002 - the signatures are Django's
from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import path, reverse
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from claims.admin.base import TeamScopedAdmin
from claims.admin.columns import column
from claims.admin.facts import Fact, Section, Table
from claims.admin.filters import TeamFilter
from claims.admin.site import site
from claims.admin.stale import SeenFields, SeenForm
from claims.admin.standing import LEADS, standing_of
from claims.admin.ticket_panels.desk import name_of
from claims.lifecycle import REVIEWERS
from claims.models import AssignmentRule
from claims.models.access import role_of
from claims.vocabulary import TicketState
from claims.web.blocking import read_prefix
from claims.web.errors import UrlInvalid
from claims.workflow.sort import LOOKED_AT, find_caught

SHOWN = 50
WORDS_CHARS = 5_000


class AssignmentRuleForm(SeenForm):
    """A rule needs a condition and something that follows from it."""

    given_to = forms.CharField(
        label="Given to",
        required=False,
        max_length=150,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        help_text="A reviewer's user name. Whoever is away or has enough is passed over.",
    )

    class Meta:
        model = AssignmentRule
        fields = ("team", "name", "words", "language", "site", "tag", "is_on")
        widgets = {"words": UnfoldAdminTextareaWidget(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.assignee is not None:
            self.fields["given_to"].initial = self.instance.assignee.get_username()

    def clean_words(self) -> str:
        """Words that can be looked for."""
        words = str(self.cleaned_data["words"])
        if len(words) > WORDS_CHARS:
            raise ValidationError(f"At most {WORDS_CHARS:,} characters.")
        if words.strip() and not any(sign.isalnum() for sign in words):
            raise ValidationError("There is no word in this.")
        return words

    def clean_site(self) -> str:
        """One spelling of a host."""
        typed = str(self.cleaned_data["site"]).strip()
        if not typed:
            return ""
        try:
            return read_prefix(typed)
        except UrlInvalid as problem:
            raise ValidationError(f"{problem} Type a host such as example.org.") from problem

    def clean_tag(self) -> str:
        """Tags are written one way: in lower case, with single blanks."""
        return " ".join(str(self.cleaned_data["tag"]).casefold().split())

    def clean(self) -> dict[str, Any]:
        """A condition, a consequence, and a reviewer of the same team."""
        cleaned = super().clean()
        if not any(str(cleaned.get(name, "")).strip() for name in ("words", "language", "site")):
            self.add_error("words", "Say which tickets: by words, language or site.")
        name = str(cleaned.get("given_to", "")).strip()
        if not name and not cleaned.get("tag"):
            self.add_error("tag", "Say what follows: a tag, a person, or both.")
        self.instance.assignee = None
        team = cleaned.get("team") or (self.instance.team if self.instance.pk else None)
        if name and team is not None:
            person = get_user_model().objects.filter(username=name, is_active=True).first()
            if person is None or role_of(person, team) not in REVIEWERS:
                self.add_error("given_to", "No reviewer of this team signs in by this name.")
            else:
                self.instance.assignee = person
        return cleaned


class AssignmentRuleAdmin(SeenFields, TeamScopedAdmin):
    """The rules of the person's teams."""

    form = AssignmentRuleForm
    add_roles = change_roles = delete_roles = LEADS
    change_form_outer_after_template = "claims/rule/preview.html"
    list_display = ("name", "condition", "consequence", "state", "team")
    list_filter = (TeamFilter,)
    list_select_related = ("team", "assignee")
    ordering = ("team", "id")
    sortable_by = ()
    fields = ("seen", "team", "name", "words", "language", "site", "tag", "given_to", "is_on")

    def get_urls(self) -> list[Any]:
        """The preview before Django's own."""
        view = self.admin_site.admin_view(self.preview_view)
        return [path("preview/", view, name="claims_assignmentrule_preview"), *super().get_urls()]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A rule stays its team's."""
        return ("team",) if obj is not None else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Who may only read sees whom it goes to as a name."""
        fields = super().get_fields(request, obj)
        if obj is not None and not self.has_change_permission(request, obj):
            return ["assignee" if name == "given_to" else name for name in fields]
        return fields

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form, and below it what the rule as it is kept would have caught."""
        rule = self.get_object(request, object_id) if object_id else None
        caught = [describe_caught(rule)] if isinstance(rule, AssignmentRule) else []
        context = {**(extra_context or {}), "use_sections": caught}
        answer: HttpResponse = super().changeform_view(request, object_id, form_url, context)
        return answer

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """What the rule as it was typed would have caught; nothing is kept."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not standing_of(request).has(LEADS):
            raise PermissionDenied
        typed = request.POST.copy()
        if typed.get("rule"):
            kept: Any = self.get_object(request, str(typed["rule"]))
            typed["team"] = str(kept.team_id)
        # As a new rule: nothing is kept, so nobody's version is in the way.
        form = self.get_form(request)(typed)
        context = {**self.admin_site.each_context(request), "title": "What it would have caught"}
        is_good = form.is_valid()
        if is_good:
            context["use_sections"] = [describe_caught(form.instance)]
        else:
            context["problems"] = [str(told[0]) for told in form.errors.values()]
        request.current_app = self.admin_site.name
        return TemplateResponse(
            request, "claims/rule/caught.html", context, status=200 if is_good else 422
        )

    @column("Which tickets")
    def condition(self, rule: AssignmentRule) -> str:
        """The conditions in words."""
        words = ", ".join(rule.words.replace("\n", ",").split(",")[:4]).strip()
        told = [f"words: {words[:80]}" if words else "", rule.language, rule.site]
        return "; ".join(one for one in told if one)

    @column("What follows")
    def consequence(self, rule: AssignmentRule) -> str:
        """Tag and person."""
        told = [f"tag “{rule.tag}”" if rule.tag else "", name_of(rule.assignee)]
        return ", ".join(one for one in told if one)

    @column("Works")
    def state(self, rule: AssignmentRule) -> str:
        """On or off."""
        return "On" if rule.is_on else "Off"


def describe_caught(rule: AssignmentRule) -> Section:
    """The newest tickets that the rule meets, newest first."""
    caught, looked = find_caught(rule)
    rows = [
        (
            Fact("", f"Ticket {one.pk}", reverse("admin:claims_ticket_change", args=[one.pk])),
            TicketState(one.state).label,
            one.claim.self_contained[:200],
        )
        for one in caught[:SHOWN]
    ]
    more = f" The newest {SHOWN} are shown." if len(caught) > SHOWN else ""
    table = Table(header=("Ticket", "State", "Claim"), rows=rows)
    return Section(
        title="What it would have caught",
        note=f"{len(caught):,} of the {looked:,} newest tickets of the team (of at most "
        f"{LOOKED_AT:,}).{more} Tickets that are open already stay as they are.",
        tables=[table] if rows else [],
    )


site.register(AssignmentRule, AssignmentRuleAdmin)
