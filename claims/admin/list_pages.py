"""The page of a list's saved views and columns: save, rename, delete, open with, choose.

Promises: a person changes the own views and, as a lead, the team's; a view keeps only what the
list can filter by; a GET writes nothing, and nothing here needs a script.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin.views.main import ORDER_VAR, SEARCH_VAR
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from claims.admin.own_lists import (
    EVERYTHING,
    column_labels,
    link_views,
    list_views,
    own_list,
    read_query,
    reading_of,
)
from claims.admin.searching import clean_words
from claims.admin.standing import EVERYONE, LEADS, standing_of, visible_teams
from claims.models import ListChoice, ListView, Team
from claims.models.list_view import NAME_CHARS, QUERY_CHARS

MOST_TEAMS = 50
A_PLACE, LAST_PLACE = re.compile(r"[1-9]\d?\Z", re.A), 99
# Of an address more than this is not read.
LONGEST = 4 * QUERY_CHARS
GONE = "This view is not there any more."
TAKEN = "There is a view of this name already. Choose another name."
NO_NAME = f"Give the view a name of at most {NAME_CHARS} characters that can be seen."


def show_lists(request: HttpRequest) -> HttpResponse:
    """The page for ``?list=ticket``; a POST does one thing to it."""
    if not standing_of(request).has(EVERYONE):
        raise PermissionDenied
    given = request.POST if request.method == "POST" else request.GET
    admin = _admin_of(request, given.get("list", "ticket"))
    if request.method != "POST":
        return _show(request, admin, {"keep": request.GET.get("keep", "")})
    acts = {
        "save": _save,
        "rename": _rename,
        "delete": _delete,
        "open": _open,
        "columns": _choose_columns,
    }
    act = acts.get(request.POST.get("act", ""))
    return act(request, admin) if act else HttpResponseRedirect(_page(admin))


def _admin_of(request: HttpRequest, noun: str) -> Any:
    """The admin of a list that the person may open, else 404."""
    from claims.admin.base import TeamScopedAdmin
    from claims.admin.site import site

    for model, admin in site._registry.items():
        is_scoped = isinstance(admin, TeamScopedAdmin)
        if is_scoped and model._meta.model_name == noun and admin.has_view_permission(request):
            return admin
    raise Http404("There is no such list, or it is not yours to see.")


def _page(admin: Any) -> str:
    return f"{reverse('admin:claims_lists')}?list={admin.opts.model_name}"


def _list_address(admin: Any) -> str:
    opts = admin.opts
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")


def _show(
    request: HttpRequest,
    admin: Any,
    typed: dict[str, str],
    *,
    error: str = "",
    wrong: frozenset[str] = frozenset(),
    status: int = 200,
) -> HttpResponse:
    from claims.admin.site import site

    noun = admin.opts.model_name
    own, query = own_list(request, noun), read_query(typed["keep"][:LONGEST])
    queries = [query, *(read_query(view.query) for view in own.views)]
    reading = reading_of(request, admin, queries)
    offered = admin.offered_columns(request)
    shown = admin.get_list_display(request)
    labels = column_labels(admin, offered)
    ordered = [*shown, *(one for one in offered if one not in shown)]
    managed = set(list_views(request, noun, LEADS).values_list("pk", flat=True))
    context = {
        **site.each_context(request),
        "title": f"Views and columns: {admin.opts.verbose_name_plural}",
        "noun": noun,
        "names": admin.opts.verbose_name_plural,
        "list_address": _list_address(admin),
        "everything": f"{_list_address(admin)}{EVERYTHING}",
        "kept": reading.tell(query),
        "typed": typed,
        "error": error,
        "teams": _led_teams(request),
        "name_chars": NAME_CHARS,
        "views": [(one, one.view.pk in managed) for one in link_views(own.views, reading)],
        "opens_with": own.opens_with,
        "columns": [
            (one, labels[one], one in shown, typed.get(one, place), one in wrong)
            for place, one in enumerate(ordered, 1)
        ],
    }
    request.current_app = site.name
    return TemplateResponse(request, "claims/lists.html", context, status=status)


def _led_teams(request: HttpRequest) -> list[Team]:
    return list(visible_teams(request, LEADS).order_by("name")[:MOST_TEAMS])


def _save(request: HttpRequest, admin: Any) -> HttpResponse:
    """Keep the query under a name, for the person or for a team that the person leads."""
    typed = {key: request.POST.get(key, "") for key in ("keep", "name", "whose")}
    asked = read_query(typed["keep"][:LONGEST])
    reading = reading_of(request, admin, [asked])
    known = {*reading.filters, SEARCH_VAR, ORDER_VAR}
    kept = {key: clean_words(asked[key]) for key in sorted(asked) if key in known}
    query = urlencode(kept)
    name = _name_of(request)
    team = next((one for one in _led_teams(request) if str(one.pk) == typed["whose"]), None)
    error = ""
    if not query:
        error = "Filter or search the list first; then there is something to keep."
    elif len(query) > QUERY_CHARS:
        error = "These words are too long to keep. Search for fewer."
    elif not name:
        error = NO_NAME
    elif team is None and typed["whose"] not in ("", "me"):
        error = "A view is shared by a lead of the team."
    if error:
        return _show(request, admin, typed, error=error, status=422)
    owner: dict[str, Any] = {"team": team} if team else {"person_id": request.user.pk}
    view = _written(ListView(noun=admin.opts.model_name, name=name, query=query, **owner))
    if view is None:
        return _show(request, admin, typed, error=TAKEN, status=422)
    if request.POST.get("opens"):
        _choose(request, admin, opens_with=view)
    messages.success(request, f"Saved as “{name}”.")
    return HttpResponseRedirect(_list_address(admin) + reading.address(kept))


def _rename(request: HttpRequest, admin: Any) -> HttpResponse:
    view, name = _managed(request, admin), _name_of(request)
    if view is None:
        messages.warning(request, GONE)
        return HttpResponseRedirect(_page(admin))
    view.name = name
    error = TAKEN if name and _written(view) is None else "" if name else NO_NAME
    if error:
        typed = {"keep": "", "view": str(view.pk), "name": request.POST.get("name", "")}
        return _show(request, admin, typed, error=error, status=422)
    messages.success(request, f"It is called “{name}” now.")
    return HttpResponseRedirect(_page(admin))


def _delete(request: HttpRequest, admin: Any) -> HttpResponse:
    view = _managed(request, admin)
    if view is None or not ListView.objects.filter(pk=view.pk).delete()[0]:
        messages.warning(request, GONE)
    else:
        messages.success(request, f"“{view.name}” is deleted.")
    return HttpResponseRedirect(_page(admin))


def _open(request: HttpRequest, admin: Any) -> HttpResponse:
    """The list opens with this view from now on, or with everything where none is named."""
    named = request.POST.get("view", "")
    view = next(
        (one for one in list_views(request, admin.opts.model_name) if str(one.pk) == named), None
    )
    if named and view is None:
        messages.warning(request, GONE)
    else:
        _choose(request, admin, opens_with=view)
        messages.success(request, f"The list opens with {f'“{view}”' if view else 'everything'}.")
    return HttpResponseRedirect(_page(admin))


def _choose_columns(request: HttpRequest, admin: Any) -> HttpResponse:
    """Keep the ticked columns in the order of their numbers; none ticked is the list's own."""
    ticked = set(request.POST.getlist("show"))
    offered = admin.offered_columns(request)
    typed = {one: request.POST.get(f"place_{one}", "") for one in offered}
    wrong = frozenset(one for one, place in typed.items() if place and not A_PLACE.match(place))
    if "standard" in request.POST:
        ticked = set()
    elif wrong:
        return _show(request, admin, {"keep": "", **typed}, wrong=wrong, status=422)
    places = {one: LAST_PLACE if one in wrong else int(typed[one] or LAST_PLACE) for one in typed}
    chosen = sorted((one for one in offered if one in ticked), key=lambda one: places[one])
    _choose(request, admin, columns=chosen)
    messages.success(request, "The columns are kept.")
    return HttpResponseRedirect(_list_address(admin))


def _choose(request: HttpRequest, admin: Any, **chosen: Any) -> None:
    ListChoice.objects.update_or_create(
        person_id=request.user.pk, noun=admin.opts.model_name, defaults=chosen
    )


def _managed(request: HttpRequest, admin: Any) -> ListView | None:
    """The view that is named, if it is the person's to change."""
    named = request.POST.get("view", "")
    if not (named.isascii() and named.isdigit() and len(named) <= 18):
        return None
    found: ListView | None = (
        list_views(request, admin.opts.model_name, LEADS).filter(pk=int(named)).first()
    )
    return found


def _name_of(request: HttpRequest) -> str:
    """The typed name; empty where it is too long, or has what cannot be seen in it."""
    typed = " ".join(request.POST.get("name", "").split())
    return typed if len(typed) <= NAME_CHARS and typed.isprintable() else ""


def _written(view: ListView) -> ListView | None:
    """The view as saved; ``None`` where its name is taken."""
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        return None
    return view
