"""Tickets: the list, the page, and the addresses of everything that is posted from it.

Promises: state is never an editable field; every change is a POST that asks a
verb; a second save is told who was first and keeps what was typed; a foreign
ticket is 404 by every address; a GET writes nothing.
"""

# ruff: noqa: ARG002 - the signatures are Django's
from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
    QueryDict,
)
from django.template.response import TemplateResponse
from django.urls import path

from claims.admin import ticket_watch as watch
from claims.admin.give_out import show_give_out
from claims.admin.presence import list_others, say_here
from claims.admin.rate_page import show_rating
from claims.admin.site import site
from claims.admin.take_next import show_take_next
from claims.admin.ticket_acts import ACTS, Act
from claims.admin.ticket_list import TicketListAdmin
from claims.admin.ticket_panels.adding import build_adding
from claims.admin.ticket_panels.bearing import PeriodForm
from claims.admin.ticket_panels.claim import build_claim
from claims.admin.ticket_panels.contrary import build_contrary
from claims.admin.ticket_panels.desk import Desk, load_desk
from claims.admin.ticket_panels.evidence import build_evidence
from claims.admin.ticket_panels.forms import (
    ClaimForm,
    CopyForm,
    GatherForm,
    NoteForm,
    TicketForm,
)
from claims.admin.ticket_panels.history import Line, build_history, read_event
from claims.admin.ticket_panels.moves import build_bar
from claims.admin.ticket_panels.origins import build_origins
from claims.admin.ticket_panels.reviewed import ReviewForm, build_reviews
from claims.admin.ticket_panels.searches import build_searches
from claims.admin.ticket_panels.seen import build_seen
from claims.admin.ticket_panels.sources import build_sources
from claims.admin.ticket_panels.talk import build_talk
from claims.admin.ticket_panels.typed import keep_draft
from claims.admin.ticket_panels.verdict import VerdictPanel, build_verdict
from claims.admin.ticket_panels.verdict_form import DecideForm
from claims.admin.ticket_panels.viewing import Ticks, View, read_view
from claims.admin.ticket_panels.work import build_work
from claims.admin.ticket_preview import show_preview
from claims.admin.ticket_watch import CONFLICT, FORBIDDEN, page_url, refusal_of, wants_json
from claims.admin.undoing import undo_act
from claims.admin.workload import show_workload
from claims.lifecycle import MoveRefused
from claims.models import Ticket
from claims.models.history import TicketMoved
from claims.workflow.assign import renew_reservation
from claims.workflow.decide import DecisionRefused

UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Notice:
    """Why an act did not happen, in a box at the top of the page."""

    title: str
    text: str
    is_conflict: bool
    event: Line | None = None


class TicketAdmin(TicketListAdmin):
    """The ticket page beside the list."""

    page_template = "claims/ticket/page.html"

    def get_urls(self) -> list[Any]:
        """The acts' addresses before Django's own."""
        view = self.admin_site.admin_view
        own = [
            path("take-next/", view(show_take_next), name="claims_ticket_take_next"),
            path("give-out/", view(show_give_out), name="claims_ticket_give_out"),
            path("undo/", view(undo_act), name="claims_ticket_undo"),
            path("rate/", view(show_rating), name="claims_ticket_rate"),
            path("workload/", view(show_workload), name="claims_ticket_workload"),
            path("<int:ticket_id>/state/", view(watch.show_state), name="claims_ticket_state"),
            path(
                "<int:ticket_id>/sources/",
                view(watch.show_sources),
                name="claims_ticket_sources",
            ),
            path("<int:ticket_id>/draft/", view(watch.keep_typed), name="claims_ticket_draft"),
            path(
                "<int:ticket_id>/comment-draft/",
                view(watch.keep_comment),
                name="claims_ticket_comment_draft",
            ),
            path("<int:ticket_id>/renew/", view(watch.renew), name="claims_ticket_renew"),
            path("<int:ticket_id>/here/", view(say_here), name="claims_ticket_here"),
            path("<int:ticket_id>/preview/", view(show_preview), name="claims_ticket_preview"),
        ]
        for act in ACTS:
            own.append(
                path(
                    f"<int:ticket_id>/{act.verb.replace('_', '-')}/",
                    view(partial(self.act_view, act=act)),
                    name=f"claims_ticket_{act.verb}",
                )
            )
        return [*own, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The page; a POST here changes nothing."""
        desk = load_desk(request, unquote(object_id))
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        return self._show(request, desk)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The history stands on the page itself."""
        desk = load_desk(request, unquote(object_id))
        return HttpResponseRedirect(f"{page_url(desk.ticket)}#history")

    def act_view(self, request: HttpRequest, ticket_id: int, *, act: Act) -> HttpResponse:
        """Perform one act: back to the page with a sentence, or the page with what is wrong."""
        if request.method != "POST":
            return watch.lead_back(request, ticket_id)
        desk = load_desk(request, ticket_id)
        form = act.form(request.POST, request.FILES)
        if desk.role not in act.roles:
            return self._refuse(request, desk, act, form, refusal_of(desk), FORBIDDEN)
        if act.needs_hold and not desk.may_weigh:
            why = "somebody else works on this ticket, or it is finished"
            return self._refuse(request, desk, act, form, why, CONFLICT)
        if act.is_judgement and not form.typed("version").strip():
            why = "it was not said which version of the ticket was read; do it from the page below"
            return self._refuse(request, desk, act, form, why, UNPROCESSABLE)
        said = ""
        try:
            if form.is_valid():
                said = act.perform(desk, form)
        except DecisionRefused as refused:
            form.put_errors(refused.flaws)
        except TicketMoved as moved:
            return self._tell_moved(request, desk, act, form, moved)
        except MoveRefused as refused:
            return self._refuse(request, desk, act, form, str(refused), CONFLICT)
        if form.errors:
            return self._mend(request, desk, act, form)
        if desk.is_holder:
            # Work without scripts is work, too.
            renew_reservation(desk.ticket, desk.person)
        if wants_json(request):
            return JsonResponse({"said": said, "version": _version_of(desk)})
        messages.success(request, said)
        anchor = f"#{form.anchor or act.anchor}" if form.anchor or act.anchor else ""
        query = _view_of(request, form).query
        return HttpResponseRedirect(f"{page_url(desk.ticket)}{'?' if query else ''}{query}{anchor}")

    def _tell_moved(
        self, request: HttpRequest, desk: Desk, act: Act, form: TicketForm, moved: TicketMoved
    ) -> HttpResponse:
        """Somebody was first: say who, what and when; keep what was typed, also as a draft."""
        if act.form is DecideForm:
            keep_draft(desk, request.POST)
        if wants_json(request):
            return JsonResponse({"error": moved.explain()}, status=CONFLICT)
        is_own = moved.event is not None and moved.event.actor_id == desk.person.pk
        title = "You saved this ticket elsewhere" if is_own else "Somebody saved this ticket first"
        event = read_event(moved.event) if moved.event else None
        notice = Notice(title, moved.explain(), is_conflict=True, event=event)
        return self._show(request, load_desk(request, desk.ticket.pk), act, form, notice, CONFLICT)

    def _refuse(
        self, request: HttpRequest, desk: Desk, act: Act, form: TicketForm, why: str, status: int
    ) -> HttpResponse:
        """Not now or not by this person; what was typed is kept."""
        if act.form is DecideForm and desk.is_reviewer:
            keep_draft(desk, request.POST)
        why = f"{why[:1].upper()}{why[1:]}."
        if wants_json(request):
            return JsonResponse({"error": why}, status=status)
        notice = Notice("This did not happen", why, is_conflict=False)
        return self._show(request, load_desk(request, desk.ticket.pk), act, form, notice, status)

    def _mend(self, request: HttpRequest, desk: Desk, act: Act, form: TicketForm) -> HttpResponse:
        """Something typed has to be mended: the page again, each error at its field."""
        if wants_json(request):
            errors = {name: list(map(str, found)) for name, found in form.errors.items()}
            return JsonResponse({"errors": errors}, status=UNPROCESSABLE)
        return self._show(request, desk, act, form, status=UNPROCESSABLE)

    def _show(
        self,
        request: HttpRequest,
        desk: Desk,
        act: Act | None = None,
        form: TicketForm | None = None,
        notice: Notice | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """The page, panel by panel."""
        verb = act.verb if act else ""
        claim = build_claim(desk, verb, form if isinstance(form, ClaimForm) else None)
        is_note = isinstance(form, NoteForm) and verb in ("confirm", "send_back")
        verdict = build_verdict(
            desk,
            form if isinstance(form, DecideForm) else None,
            note=form.typed("note") if form and is_note else "",
            note_error=form.error("note") if form and is_note else "",
            wants_edit=verb == "edit" or request.GET.get("edit") == "1",
        )
        evidence = build_evidence(desk, claim.numbers, _view_of(request, form), _ticks_of(verdict))
        searches = build_searches(desk, form if isinstance(form, GatherForm) else None)
        sources = build_sources(desk, form if isinstance(form, CopyForm) else None)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": desk.ticket,
            "title": f"Ticket {desk.ticket.pk}",
            "is_fullwidth": "1",
            "inline_admin_formsets": [],
            "desk": desk,
            "ticket": desk.ticket,
            "notice": notice,
            "bar": build_bar(desk, verb, form),
            "work": build_work(desk, verb, form),
            "claim": claim,
            "adding": build_adding(desk, verb, form, sources.lines, evidence.cards),
            "seen": build_seen(desk, form),
            "reviews": build_reviews(desk, form if isinstance(form, ReviewForm) else None),
            "evidence": evidence,
            "origins": build_origins(desk, evidence.cards),
            "searches": searches,
            "contrary": build_contrary(searches.lines),
            "period_form": form if isinstance(form, PeriodForm) else None,
            "sources": sources,
            "verdict": verdict,
            "talk": build_talk(desk, form if verb == "comment" else None),
            "others": list_others(desk),
            "history": build_history(desk),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.page_template, context, status=status)


def _view_of(request: HttpRequest, form: TicketForm | None) -> View:
    """How the evidence is looked at: as the address says, or as the form that was sent from it."""
    return read_view(QueryDict(form.typed("view")) if form is not None else request.GET)


def _ticks_of(verdict: VerdictPanel) -> Ticks:
    """What the verdict rests on: what is ticked in the form, else what the given one cites."""
    typed, given = verdict.typed, verdict.proposed or verdict.current
    if verdict.has_ticks or given is None:
        return Ticks(typed.evidence, typed.decisive)
    decisive = frozenset(one.pk for one in given.cited if one.is_decisive)
    return Ticks(verdict.cited_pks, decisive)


def _version_of(desk: Desk) -> int:
    return Ticket.objects.values_list("version", flat=True).get(pk=desk.ticket.pk)


site.register(Ticket, TicketAdmin)
