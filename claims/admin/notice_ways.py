"""What one person is told of, by which way, when the mail comes, and by whose clock.

Promises: a GET writes nothing; only the own choices are kept, of teams in which the person is.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from claims.admin.standing import LEADS, standing_of
from claims.models import Digest, DigestPlan, Membership
from claims.models.access import memberships_of
from claims.models.zones import list_zones, usual_zone
from claims.vocabulary import DigestRhythm, NoticeKind

UNPROCESSABLE = 422
CHOICES = {
    NoticeKind.MENTIONED: "Somebody names me in a discussion",
    NoticeKind.REPLIED: "Somebody answers in a thread of mine",
    NoticeKind.GIVEN: "I am given a ticket",
    NoticeKind.TAKEN_AWAY: "A ticket is taken from me",
    NoticeKind.SENT_BACK: "My verdict is sent back",
    NoticeKind.DUE_SOON: "A ticket of mine is due soon",
    NoticeKind.OVERDUE: "A ticket of mine, or of a team that I lead, is overdue",
}
WAYS = (("app", "In the app"), ("mail", "In the mail"), ("hook", "To the webhook"))
RHYTHMS = {
    DigestRhythm.DAILY: "Once a day",
    DigestRhythm.HOURLY: "At every full hour",
    DigestRhythm.NEVER: "Never",
}


KEPT = {
    "plan": "Kept. It holds from the next notice on.",
    "zone": "Kept. Times are shown so from now on.",
}


class PlanForm(forms.ModelForm):  # type: ignore[type-arg]
    """When the mail comes."""

    rhythm = forms.ChoiceField(
        label="Send me one mail with what is new",
        choices=[(one.value, label) for one, label in RHYTHMS.items()],
        widget=forms.Select(attrs={"class": "fc-input"}),
    )
    hour = forms.TypedChoiceField(
        label="Once a day at",
        choices=[(hour, f"{hour:02}:00") for hour in range(24)],
        coerce=int,
        widget=forms.Select(attrs={"class": "fc-input"}),
    )

    class Meta:
        model = DigestPlan
        fields = ("rhythm", "hour")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hour"].label = f"Once a day at ({timezone.get_current_timezone()})"


class ZoneForm(forms.Form):
    """The zone of the times that are shown; empty is the team's."""

    time_zone = forms.ChoiceField(
        label="Show me times in",
        required=False,
        widget=forms.Select(attrs={"class": "fc-input"}),
        error_messages={"invalid_choice": "Choose one of the list."},
    )

    def __init__(self, *args: Any, usual: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["time_zone"]
        field.choices = [("", usual), *((one, one) for one in list_zones())]


def show_ways(request: HttpRequest) -> HttpResponse:
    """The page; a POST keeps the ways of one team, when the mail comes, or the zone."""
    standing = standing_of(request)
    if not standing.is_superuser and not standing.roles:
        raise PermissionDenied
    act = request.POST.get("act") if request.method == "POST" else None
    if request.method == "POST" and act not in KEPT:
        return _keep_ways(request)
    me: Any = request.user.pk
    plan = DigestPlan.objects.filter(person=me).first() or DigestPlan(person_id=me)
    rows = list(memberships_of(request.user).select_related("team__webhook").order_by("team__name"))
    shown: dict[str, Any] = {
        "plan": PlanForm(request.POST if act == "plan" else None, instance=plan),
        "zone": ZoneForm(
            request.POST if act == "zone" else None,
            initial={"time_zone": plan.time_zone},
            usual=f"{rows[0].team.time_zone} ({rows[0].team})" if rows else usual_zone(),
        ),
    }
    if act is not None and shown[act].is_valid():
        kept = shown[act].cleaned_data
        DigestPlan.objects.update_or_create(person_id=me, defaults=kept)
        messages.success(request, KEPT[act])
        return HttpResponseRedirect(reverse("admin:claims_notice_ways"))
    return _draw(request, rows, shown, UNPROCESSABLE if act else 200)


def _draw(
    request: HttpRequest, rows: list[Membership], shown: dict[str, Any], status: int
) -> HttpResponse:
    from claims.admin.site import site

    digests = Digest.objects.filter(person=request.user.pk)
    context = {
        **site.each_context(request),
        "title": "What I am told, and how",
        "teams": [_describe(one) for one in rows],
        "ways": [label for _, label in WAYS],
        "form": shown["plan"],
        "zone_form": shown["zone"],
        "zone": str(timezone.get_current_timezone()),
        "address": getattr(request.user, "email", ""),
        "has_mail": settings.MAIL_ON,
        "last": digests.exclude(sent_at=None, error="").first(),
    }
    request.current_app = site.name
    return TemplateResponse(request, "claims/notice_ways.html", context, status=status)


def _describe(row: Membership) -> dict[str, Any]:
    """One team's boxes, row by row of kinds."""
    hook = getattr(row.team, "webhook", None)
    has_hook = hook is not None and hook.is_on
    return {
        "team": row.team,
        "has_hook": has_hook,
        "is_lead": row.role in LEADS,
        "kinds": [
            {
                "value": kind.value,
                "label": label,
                "boxes": [
                    (way, said, _is_chosen(row, way, kind), way == "hook" and not has_hook)
                    for way, said in WAYS
                ],
            }
            for kind, label in CHOICES.items()
        ],
    }


def _is_chosen(row: Membership, way: str, kind: NoticeKind) -> bool:
    if way == "hook":
        return kind in row.hooked
    return kind not in (row.muted if way == "app" else row.unmailed)


def _keep_ways(request: HttpRequest) -> HttpResponse:
    """Keep what is wanted by which way, of one team of the person's."""
    team = request.POST.get("team", "")
    number = int(team) if team.isascii() and team.isdigit() and len(team) <= 18 else 0
    rows = memberships_of(request.user).filter(team_id=number)
    chosen = {way: set(request.POST.getlist(way)) for way, _ in WAYS}
    kept: dict[str, Any] = {
        "muted": [kind.value for kind in NoticeKind if kind.value not in chosen["app"]],
        "unmailed": [kind.value for kind in NoticeKind if kind.value not in chosen["mail"]],
    }
    if rows.filter(team__webhook__is_on=True).exists():
        # Boxes that are greyed out are not sent: what was chosen before stays.
        kept["hooked"] = [kind.value for kind in NoticeKind if kind.value in chosen["hook"]]
    if rows.update(**kept):
        messages.success(request, "Kept. It holds from the next notice on.")
    else:
        messages.warning(request, "You are not a member of that team.")
    return HttpResponseRedirect(reverse("admin:claims_notice_ways"))
