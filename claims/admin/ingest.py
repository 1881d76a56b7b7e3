"""Bringing things in: a text, a URL, a file, or a single claim, on one page.

Promises: what is refused is refused at its field with the cure, and what was
typed stays; an article that is already here is named and linked.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from claims.admin.article_changes import read_change
from claims.admin.facts import when
from claims.admin.outside import outside_link
from claims.admin.standing import refuse_teamless, visible_teams
from claims.models import Article, Team
from claims.tasks import nudge, open_and_gather
from claims.workflow import gather
from claims.workflow.ingest import (
    Ingested,
    IngestRefused,
    ingest_claim,
    ingest_text,
    ingest_url,
    is_asked_again,
)


class TypedField(forms.CharField):
    """Text as it was typed; what it may hold is the verb's to say, in better words."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, strip=False, **kwargs)
        self.validators = []


class LineField(TypedField):
    """A line as it was typed, no longer than what keeps it."""

    def __init__(self, most_chars: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        told = f"At most {most_chars} characters."
        self.validators = [
            MaxLengthValidator(most_chars, told),
            ProhibitNullCharactersValidator(),
        ]


def _line(placeholder: str = "") -> forms.TextInput:
    return forms.TextInput(attrs={"class": "fc-input", "placeholder": placeholder})


class IngestForm(forms.Form):
    """What every way in shares: whose queue the claims go to."""

    kind = ""
    tab = ""
    icon = ""
    submit = ""
    promise = ""
    halves: tuple[str, ...] = ()
    team = forms.ModelChoiceField(
        queryset=Team.objects.none(),
        empty_label=None,
        help_text="Its rules decide which claims open tickets.",
        widget=forms.Select(attrs={"class": "fc-input"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        team: Any = self.fields["team"]
        team.queryset = visible_teams(request)
        teams = list(team.queryset[:2])
        self.only_team = teams[0] if len(teams) == 1 else None
        self.order_fields([*(name for name in self.fields if name != "team"), "team"])

    def bring_in(self) -> Ingested | None:
        """Store it; ``None`` where it became a ticket instead of an article."""
        return None

    def address(self) -> str:
        """Where to go when it was not an article."""
        return reverse("admin:index")


class TextForm(IngestForm):
    """Paste a text."""

    kind = "text"
    tab = "Paste text"
    icon = "content_paste"
    submit = "Read this article"
    promise = "The machine marks its factual claims and opens a ticket for those worth checking."
    halves = ("byline", "published")
    title = LineField(500, label="Title", widget=_line("Read from the first line if left empty"))
    text = TypedField(
        label="Text",
        widget=forms.Textarea(
            attrs={"class": "fc-input fc-input--text", "rows": 14, "spellcheck": "false"}
        ),
        help_text="The article itself, with its paragraphs.",
    )
    byline = LineField(300, label="Byline", widget=_line())
    published = forms.DateField(
        label="Published",
        required=False,
        widget=forms.DateInput(attrs={"class": "fc-input", "type": "date"}),
        help_text="Dates such as “last year” are counted from it.",
    )
    url = TypedField(
        label="URL",
        widget=_line("https://"),
        help_text="Where it stands, so that it is known again.",
    )

    def bring_in(self) -> Ingested:
        """Store the text."""
        given = self.cleaned_data
        return ingest_text(
            given["team"],
            given["text"],
            by=self.request.user,
            title=given["title"].strip(),
            byline=given["byline"].strip(),
            published_on=given["published"],
            url=given["url"].strip(),
        )


class UrlForm(IngestForm):
    """Fetch a URL."""

    kind = "url"
    tab = "From a URL"
    icon = "link"
    submit = "Fetch and read"
    promise = "The page is fetched once, politely, and kept as it was."
    url = TypedField(
        label="URL",
        widget=_line("https://…"),
        help_text="A public web page. Addresses inside a private network are refused.",
    )

    def bring_in(self) -> Ingested:
        """Owe the fetch."""
        return ingest_url(
            self.cleaned_data["team"], self.cleaned_data["url"].strip(), by=self.request.user
        )


class ClaimForm(IngestForm):
    """Type a single claim."""

    kind = "claim"
    tab = "Single claim"
    icon = "format_quote"
    submit = "Open a ticket"
    promise = "A ticket opens at once, whatever the claim's score."
    claim = TypedField(
        label="Claim",
        widget=forms.Textarea(attrs={"class": "fc-input", "rows": 3}),
        help_text="One factual assertion that can be understood on its own.",
    )
    claimant = LineField(300, label="Who says so", widget=_line("A person, a paper, a ministry"))

    def bring_in(self) -> None:
        """Store the claim and open its ticket."""
        given = self.cleaned_data
        claim, _ = ingest_claim(given["team"], given["claim"], claimant=given["claimant"].strip())
        self.ticket, is_new = open_and_gather(claim, by=self.request.user)
        if is_new:
            messages.success(self.request, "The ticket is open; its sources are being looked for.")
        else:
            messages.info(self.request, "This claim already has a ticket: here it is.")

    def address(self) -> str:
        """The ticket's page."""
        return reverse("admin:claims_ticket_change", args=[self.ticket.pk])


def list_forms() -> dict[str, type[IngestForm]]:
    """Every way in, by its name."""
    from claims.admin.many_addresses import UrlsForm
    from claims.admin.many_files import UploadForm

    return {form.kind: form for form in (TextForm, UrlForm, UrlsForm, UploadForm, ClaimForm)}


def list_tabs() -> list[dict[str, str]]:
    """What the page's tabs say of each way in."""
    return [{"kind": one.kind, "label": one.tab, "icon": one.icon} for one in list_forms().values()]


def show_ingest(request: HttpRequest) -> HttpResponse:
    """The page; a POST brings one thing in and leads to it."""
    if not visible_teams(request).exists():
        refuse_teamless(request)
    given = request.POST if request.method == "POST" else request.GET
    kind = given.get("kind", "")
    chosen = list_forms().get(kind, TextForm)
    if request.method != "POST":
        return _show(request, chosen(request=request))
    form = chosen(request.POST, request.FILES, request=request)
    if not form.is_valid():
        return _show(request, form)
    try:
        with transaction.atomic():
            ingested = form.bring_in()
            transaction.on_commit(nudge)
    except IngestRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return _show(request, form)
    if ingested is None:
        return HttpResponseRedirect(form.address())
    if ingested.is_changed:
        messages.success(request, "It was here with another text. That text is kept beside this.")
        address = reverse("admin:claims_article_change", args=[ingested.article.pk])
        return HttpResponseRedirect(address)
    if not ingested.is_new:
        return _show(request, form, known=ingested.article)
    messages.success(request, "It is here. The machine is reading it now.")
    return HttpResponseRedirect(reverse("admin:claims_article_change", args=[ingested.article.pk]))


def _lately(form: IngestForm) -> list[dict[str, Any]]:
    """What the listed feeds hold that the person's teams have not taken in, beside the URL box."""
    if form.kind != UrlForm.kind:
        return []
    team: Any = form.fields["team"]
    items = gather.list_new_items(team.queryset.values_list("pk", flat=True))
    return [
        {
            "url": one.url,
            "outside": outside_link(one.url),
            "title": one.title or one.url,
            "told": " · ".join(filter(None, (one.publisher, when(one.published)))),
        }
        for one in items
    ]


def _show(request: HttpRequest, form: IngestForm, *, known: Article | None = None) -> HttpResponse:
    from claims.admin.site import site

    context = {
        **site.each_context(request),
        "title": "Add an article",
        "form": form,
        "tabs": [
            {"kind": one.kind, "label": one.tab, "icon": one.icon} for one in list_forms().values()
        ],
        "known": known,
        "change": read_change(known) if known is not None else None,
        "is_asked": known is not None and is_asked_again(known),
        "has_one_team": form.only_team is not None,
        "feed_items": _lately(form),
    }
    request.current_app = site.name
    return TemplateResponse(request, "claims/ingest/page.html", context)
