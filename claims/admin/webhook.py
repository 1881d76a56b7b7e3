"""The webhook of a team: where its members' notices are posted, how it does, and a test.

For leads. Promises that the secret goes in and never comes out: the form has an empty box for a
new one, the log of changes names the box and not what was typed, and no error tells it.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from claims.admin.facts import Fact, Section, when
from claims.admin.rate_page import choose_team
from claims.admin.stale import SeenForm, digest_of
from claims.models import Job, Team, Webhook
from claims.models.telling import FAILURES_AT_MOST
from claims.vocabulary import JobKind, JobState
from claims.web.errors import FetchError
from claims.web.urls import parse_http_url
from claims.workflow.ingest import IngestRefused, check_url
from claims.workflow.ingest.checking import URL_CURE
from claims.workflow.tell import try_hook

UNPROCESSABLE = 422
SECRET_CHARS = (16, 200)


class WebhookForm(SeenForm):
    """The address, the switch, and a box for a new secret."""

    url = forms.CharField(
        label="Address",
        required=False,
        max_length=1000,
        widget=forms.TextInput(attrs={"class": "fc-input", "inputmode": "url"}),
        help_text="https, on the public internet. Redirects are not followed.",
    )
    new_secret = forms.CharField(
        label="New secret",
        required=False,
        min_length=SECRET_CHARS[0],
        max_length=SECRET_CHARS[1],
        widget=forms.PasswordInput(attrs={"class": "fc-input", "autocomplete": "new-password"}),
        help_text="At least 16 characters; what is posted is signed with it. Kept when this "
        "stays empty, and never shown again.",
    )
    is_on = forms.BooleanField(label="Post notices there", required=False)

    class Meta:
        model = Webhook
        fields = ("url", "is_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The row is made with the first save; until then it is compared with an empty one.
        self.fields["seen"].initial = digest_of(self.instance, self._columns)

    def clean_url(self) -> str:
        """An address on the public internet, or one that the environment opened."""
        url: str = self.cleaned_data["url"]
        if not url:
            return ""
        try:
            check_url(url)
            where = parse_http_url(url)
        except IngestRefused as refused:
            raise ValidationError(refused.message.removesuffix(URL_CURE).strip()) from None
        if where.scheme != "https" and (where.host, where.port) not in settings.FETCH_ALLOW:
            raise ValidationError("Only https addresses are posted to.")
        return url

    def clean(self) -> dict[str, Any]:
        """What is switched on needs an address and a secret."""
        cleaned = super().clean()
        if cleaned.get("is_on") and not self.errors:
            if not cleaned.get("url"):
                self.add_error("url", "Say where to.")
            if not (cleaned.get("new_secret") or self.instance.secret):
                self.add_error("new_secret", "Without a secret nobody can tell that it is us.")
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """With the new secret; what was set anew deserves another try."""
        self.instance.secret = self.cleaned_data["new_secret"] or self.instance.secret
        self.instance.failures, self.instance.off_reason = 0, ""
        return super().save(commit)


def show_webhook(request: HttpRequest) -> HttpResponse:
    """The page; a POST saves it or sends a test."""
    _, team = choose_team(request)
    if request.method != "POST":
        hook = Webhook.objects.filter(team=team).first() or Webhook(team=team)
        return _draw(request, team, WebhookForm(instance=hook))
    if request.POST.get("act") == "test":
        return _test(request, team)
    with transaction.atomic():
        hook, _ = Webhook.objects.get_or_create(team=team)
        form = WebhookForm(request.POST, instance=hook)
        if form.is_valid():
            form.save()
            boxes = [str(form.fields[name].label) for name in form.changed_data if name != "seen"]
            rows = Webhook.objects.filter(pk=hook.pk)
            told = f"Changed {', '.join(boxes) or 'nothing'}."
            by: Any = request.user.pk
            LogEntry.objects.log_actions(by, rows, CHANGE, told, single_object=True)
            messages.success(request, "Kept.")
            return HttpResponseRedirect(_address(team))
    return _draw(request, team, form)


def _test(request: HttpRequest, team: Team) -> HttpResponse:
    """Post a test at once, and say what came of it."""
    hook = Webhook.objects.select_related("team").filter(team=team).first()
    if hook is None or not hook.url or not hook.secret:
        messages.warning(request, "Save an address and a secret first.")
        return HttpResponseRedirect(_address(team))
    try:
        try_hook(hook, by=request.user)
    except FetchError as problem:
        messages.error(request, f"The test was not taken. {problem}")
    else:
        messages.success(request, "The test was taken.")
    return HttpResponseRedirect(_address(team))


def _draw(request: HttpRequest, team: Team, form: WebhookForm) -> HttpResponse:
    from claims.admin.site import site

    # As it is stored: a refused form has put what was typed into its own.
    hook = Webhook.objects.filter(team=team).first() or Webhook(team=team)
    context = {
        **site.each_context(request),
        "title": "Webhook",
        "teams": choose_team(request)[0],
        "team": team,
        "form": form,
        "can_test": bool(hook.url and hook.secret),
        "section": _describe_health(hook),
    }
    request.current_app = site.name
    status = UNPROCESSABLE if form.errors else 200
    return TemplateResponse(request, "claims/webhook.html", context, status=status)


def _describe_health(hook: Webhook) -> Section:
    """What a lead wants to know before relying on it."""
    jobs = Job.objects.filter(team=hook.team, kind=JobKind.SEND_HOOK)
    waiting, failed = jobs.unfinished(), jobs.filter(state=JobState.FAILED)
    listed = f"{reverse('admin:claims_job_changelist')}?kind={JobKind.SEND_HOOK}"
    off = f"Off. {hook.off_reason}" if hook.off_reason else "Off"
    facts = [
        Fact("Now", "On" if hook.is_on else off),
        Fact("Secret", "One is stored." if hook.secret else "There is none."),
        Fact("Last taken", when(hook.last_success_at)),
        Fact("Last failed", when(hook.last_error_at)),
        Fact("What was said", hook.last_error or "–"),
        Fact("Failed in a row", f"{hook.failures} of {FAILURES_AT_MOST}"),
        Fact("Waiting", waiting[:100].count(), href=listed),
        Fact("Given up", failed[:100].count(), href=f"{listed}&state={JobState.FAILED}"),
    ]
    return Section("How it is doing", facts)


def _address(team: Team) -> str:
    return f"{reverse('admin:claims_webhook')}?team={team.pk}"
