"""Lists as each person wants them: saved views, chosen columns, and filters said in words.

Promises: what a list filters by stands above it in words, each with a way to take it away; a
saved view is a link with a plain address; one that names what is no longer there says so and
still opens; only columns that the list offers are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib.admin.utils import label_for_field
from django.contrib.admin.views.main import ALL_VAR, ERROR_FLAG, ORDER_VAR, PAGE_VAR, SEARCH_VAR
from django.db import models
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse

from claims.admin.standing import EVERYONE, visible_rows
from claims.models import ListChoice, ListView
from claims.models.list_view import ListViewQuerySet
from claims.vocabulary import Role

# Everything, where the bare address would open the person's own view.
EVERYTHING = f"?{ALL_VAR}=1"
SORTED = "sorted by"
SHOWN_VIEWS = 12
# A list with more views than this is read no further.
MOST_VIEWS = 100


@dataclass(frozen=True, slots=True)
class Told:
    """One filter in words; ``off`` leads to the list without it."""

    label: str
    value: str
    off: str = ""
    is_lost: bool = False


@dataclass(frozen=True, slots=True)
class SavedView:
    """A view that the person may open; ``team`` is whom it is shared with, empty for the own."""

    pk: int
    name: str
    query: str
    team: str = ""


@dataclass(frozen=True, slots=True)
class ViewLink:
    """A saved view as a link, with what it names that is no longer there."""

    view: SavedView
    href: str
    told: Sequence[Told] = ()
    is_on: bool = False

    @property
    def lost(self) -> Sequence[Told]:
        """What no longer filters."""
        return [one for one in self.told if one.is_lost]


@dataclass(frozen=True, slots=True)
class Reading:
    """How a list reads its address: its columns by place, its filters' titles and values."""

    columns: Sequence[str]
    labels: Mapping[str, str]
    filters: Mapping[str, tuple[str, Mapping[str, str]]]

    def normal(self, params: Mapping[str, Sequence[str]]) -> dict[str, str]:
        """Parameters that say something, one value each; the order names its column."""
        kept = {
            key: values[-1]
            for key, values in params.items()
            if values and values[-1] and key not in (ALL_VAR, ERROR_FLAG, PAGE_VAR)
            if not key.startswith("_")
        }
        order = kept.pop(ORDER_VAR, "").split(".")[0]
        place = order.removeprefix("-")
        if place.isascii() and place.isdigit() and len(place) < 4:
            named = self.columns[int(place)] if int(place) < len(self.columns) else ""
            kept |= {ORDER_VAR: order.replace(place, named)} if named else {}
        return kept

    def address(self, query: Mapping[str, str]) -> str:
        """The link that shows what a normal query says, without what the list does not know."""
        known = {key: value for key, value in query.items() if key in self.filters}
        if SEARCH_VAR in query:
            known[SEARCH_VAR] = query[SEARCH_VAR]
        order = query.get(ORDER_VAR, "")
        named = order.removeprefix("-")
        if named in self.columns:
            sign = "-" if order != named else ""
            known[ORDER_VAR] = f"{sign}{self.columns.index(named)}"
        return f"?{urlencode(sorted(known.items()))}" if known else EVERYTHING

    def tell(self, query: Mapping[str, str]) -> list[Told]:
        """What a normal query filters by, in words, the list's filters first."""
        places = [*self.filters, SEARCH_VAR, ORDER_VAR]
        ordered = sorted(query, key=lambda key: places.index(key) if key in places else len(places))
        return [self._tell(key, query) for key in ordered]

    def _tell(self, key: str, query: Mapping[str, str]) -> Told:
        value = query[key]
        off = self.address({one: query[one] for one in query if one != key})
        if key == SEARCH_VAR:
            return Told("words", f"“{value}”", off)
        if key == ORDER_VAR:
            named = value.removeprefix("-")
            way = ", downwards" if value != named else ""
            label = self.labels.get(named, named)
            return Told(SORTED, f"{label}{way}", off, is_lost=named not in self.columns)
        title, values = self.filters.get(key, (key, {}))
        return Told(title, values.get(value, value), off, is_lost=value not in values)


@dataclass(frozen=True, slots=True)
class Strip:
    """What stands above a list."""

    title: str
    told: Sequence[Told]
    views: Sequence[ViewLink]
    keep: str
    manage: str
    everything: str = EVERYTHING
    active: ViewLink | None = None
    more: int = 0


@dataclass(frozen=True, slots=True)
class Own:
    """What a person chose for one list, and the views of it."""

    columns: Sequence[str]
    opens_with: int | None
    views: Sequence[SavedView]


def own_list(request: HttpRequest, noun: str) -> Own:
    """The person's columns and views of a list (one statement, kept for the request)."""
    kept: dict[str, Own] = getattr(request, "_own_lists", {})
    if noun not in kept:
        nothing = Value("", models.CharField())
        choices = ListChoice.objects.filter(person_id=request.user.pk, noun=noun).order_by()
        views = list_views(request, noun).order_by("name", "pk")
        rows = choices.values_list("opens_with_id", nothing, nothing, nothing, "columns").union(
            views.values_list(
                "pk",
                "name",
                "query",
                Coalesce("team__name", nothing),
                Value(None, ListChoice._meta.get_field("columns")),
            )[:MOST_VIEWS],
            all=True,
        )
        columns: Sequence[str] = ()
        opens_with, found = None, []
        for key, name, query, team, chosen in rows:
            if name:
                found.append(SavedView(key, name, query, team))
            else:
                columns, opens_with = chosen, key
        found.sort(key=lambda view: (view.name.casefold(), view.pk))
        kept[noun] = Own(columns, opens_with, found)
        request._own_lists = kept  # type: ignore[attr-defined]
    return kept[noun]


def list_views(
    request: HttpRequest, noun: str, roles: frozenset[Role] = EVERYONE
) -> ListViewQuerySet:
    """The saved views of a list that the person may open; as one of ``roles`` of their team."""
    return visible_rows(request, ListView, roles).filter(noun=noun)  # type: ignore[return-value]


def choose_columns(offered: Sequence[str], own: Sequence[str], chosen: Sequence[str]) -> list[str]:
    """The columns to show: the chosen ones that are offered, after the first, which always is.

    ``own`` are the list's own, shown where nothing was chosen.
    """
    kept = [one for one in chosen if one in offered and one != own[0]]
    return [own[0], *kept] if kept else list(own)


def reading_of(
    request: HttpRequest,
    admin: Any,
    queries: Iterable[Mapping[str, str]],
    specs: Iterable[Any] = (),
) -> Reading:
    """How the list of an admin reads its address, for this person.

    ``queries`` are what it will be asked about: a filter that knows one row only by its number
    is asked for each. ``specs`` are filters that were made already.
    """
    columns = list(admin.get_list_display(request))
    if admin.get_actions(request):
        columns.insert(0, "action_checkbox")
    made = {spec.parameter_name: spec for spec in specs}
    asked = list(queries)
    filters = {}
    for one in admin.get_list_filter(request):
        name = one.parameter_name
        values = dict.fromkeys(query[name] for query in asked if name in query)
        # Such a filter names a row of a model that grows, and offers none by itself.
        given = [{name: [value]} for value in values] if hasattr(one, "model") else []
        told = [one(request, params, admin.model, admin) for params in given] or [
            made.get(name) or one(request, {}, admin.model, admin)
        ]
        choices = {str(key): str(label) for spec in told for key, label in spec.lookup_choices}
        filters[name] = (str(one.title), choices)
    return Reading(columns, column_labels(admin, columns), filters)


def column_labels(admin: Any, columns: Iterable[str]) -> dict[str, str]:
    """Column → what its head says."""
    return {
        one: str(label_for_field(one, admin.model, admin)).capitalize()
        for one in columns
        if one != "action_checkbox"
    }


def link_views(views: Iterable[SavedView], reading: Reading, *, now: str = "") -> list[ViewLink]:
    """Saved views as links; ``now`` is the address that is shown."""
    links = []
    for view in views:
        query = read_query(view.query)
        href = reading.address(query)
        links.append(ViewLink(view, href, reading.tell(query), is_on=href == now))
    return links


def read_query(query: str) -> dict[str, str]:
    """A stored query as a normal one."""
    return {key: value for key, value in parse_qsl(query) if value}


def view_address(request: HttpRequest, admin: Any) -> str:
    """Where the bare list opens for this person: the chosen view's address, else nowhere."""
    own = own_list(request, admin.opts.model_name)
    view = next((one for one in own.views if one.pk == own.opens_with), None)
    if view is None:
        return ""
    query = read_query(view.query)
    return reading_of(request, admin, [query]).address(query)


def build_strip(request: HttpRequest, listed: Any) -> Strip:
    """What stands above a list that was read."""
    admin, noun = listed.model_admin, listed.opts.model_name
    views = own_list(request, noun).views
    asked = {key: values[-1] for key, values in request.GET.lists() if values}
    queries = [asked, *(read_query(view.query) for view in views)]
    reading = reading_of(request, admin, queries, listed.filter_specs)
    query = reading.normal(dict(request.GET.lists()))
    links = link_views(views, reading, now=reading.address(query))
    page = reverse("admin:claims_lists")
    active = next((one for one in links if one.is_on), None)
    keep = urlencode({"list": noun, "keep": urlencode(sorted(query.items()))})
    return Strip(
        title=str(listed.opts.verbose_name_plural).capitalize(),
        told=[one for one in reading.tell(query) if one.label != SORTED],
        views=links[:SHOWN_VIEWS],
        keep=f"{page}?{keep}" if query and active is None else "",
        manage=f"{page}?list={noun}",
        active=active,
        more=max(len(links) - SHOWN_VIEWS, 0),
    )
