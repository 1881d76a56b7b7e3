"""What every list and form of the admin shares: scope by team, counts that stay cheap.

Promises: a list shows the rows of the person's teams and no others, a foreign
row is 404 by every URL, a form offers and accepts only visible rows, a list
never counts past its cap, and only declared filters filter. Refuses
``raw_id`` boxes, select boxes over tables that grow, and edits over a version
the person has not seen.
"""

# ruff: noqa: ARG002 - the signatures are Django's
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin import ShowFacets
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from unfold.admin import ModelAdmin
from unfold.views import ChangeList

from claims.admin.change_list import COUNT_CAP, CappedPaginator, ScopedChangeList
from claims.admin.own_lists import choose_columns, own_list, view_address
from claims.admin.searching import Place, chosen_places, clean_words, find_rows
from claims.admin.standing import EVERYONE, NOBODY, standing_of, team_of, visible_rows
from claims.vocabulary import Role

# A key of eighteen digits fits the database's integer.
MAX_ID_DIGITS = 18


class TeamScopedAdmin(ModelAdmin):  # type: ignore[misc]
    """An admin whose rows belong to teams; what a member may do is four sets of roles.

    ``search_places`` are where a list looks for words, before ``icontains``; ``list_defer``
    names columns a list does not need; ``more_columns`` are shown to whoever chooses them.
    """

    view_roles: ClassVar[frozenset[Role]] = EVERYONE
    add_roles: ClassVar[frozenset[Role]] = NOBODY
    change_roles: ClassVar[frozenset[Role]] = NOBODY
    delete_roles: ClassVar[frozenset[Role]] = NOBODY
    search_places: ClassVar[Sequence[Place]] = ()
    more_columns: ClassVar[Sequence[str]] = ()
    list_defer: ClassVar[Sequence[str]] = ()

    paginator = CappedPaginator
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    # Counts beside each filter are counts over whole tables, and ``?_facets`` asks for them.
    show_facets = ShowFacets.NEVER
    list_filter_submit = True
    list_fullwidth = True
    actions_on_top = True
    save_as = False
    empty_value_display = "–"
    warn_unsaved_form = True

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Only rows of the person's teams, in a role that may view them."""
        rows = visible_rows(request, self.model, self.view_roles)
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> models.Model:
        """The row, or 404: also where Django would redirect, so that nothing tells it exists."""
        found: models.Model | None = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404("There is nothing here, or it is not yours to see.")
        return found

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """The list class; see :class:`ScopedChangeList`."""
        return ScopedChangeList

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the model is offered at all."""
        return standing_of(request).has(self.view_roles)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """By :attr:`view_roles`."""
        return self._is_allowed(request, self.view_roles, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """By :attr:`add_roles`, in any team."""
        return standing_of(request).has(self.add_roles)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """By :attr:`change_roles`."""
        return self._is_allowed(request, self.change_roles, obj)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """By :attr:`delete_roles`."""
        return self._is_allowed(request, self.delete_roles, obj)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """The columns that the person chose, else the list's own."""
        offered = self.offered_columns(request)
        own = [one for one in self.list_display if one in offered]
        return choose_columns(offered, own, own_list(request, str(self.opts.model_name)).columns)

    def offered_columns(self, request: HttpRequest) -> list[str]:
        """What may be chosen; without the team's column for a person of one team."""
        columns = [*self.list_display, *self.more_columns]
        standing = standing_of(request)
        if not standing.is_superuser and len(standing.roles) == 1 and "team" in columns:
            columns.remove("team")
        return columns

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list; its bare address leads to the view that the person opens it with."""
        if request.method == "GET" and not request.META.get("QUERY_STRING"):
            opened = self.has_view_permission(request) and view_address(request, self)
            if opened:
                return HttpResponseRedirect(f"{request.path}{opened}")
        answer: HttpResponse = super().changelist_view(request, extra_context)
        return answer

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """The plain widget: rows are not edited through pop-ups here."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Choices among visible rows; a posted foreign key is checked by the same queryset."""
        roles = self.change_roles | self.add_roles or EVERYONE
        related = db_field.remote_field.model
        kwargs["queryset"] = visible_rows(request, related, roles)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def response_action(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> HttpResponse | None:
        """Run a bulk action; ids that no row can have are refused, not asked of the database."""
        ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not all(one.isascii() and one.isdigit() and len(one) <= MAX_ID_DIGITS for one in ticked):
            self.message_user(request, "Tick rows of this list and try again.", messages.WARNING)
            return None
        answer: HttpResponse | None = super().response_action(request, queryset)
        return answer

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what a declared filter reads; anything else would be an oracle over other rows."""
        return lookup in self._filter_parameters(request)

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        """Full-text search, else Django's over ``search_fields``."""
        term = clean_words(search_term)
        if not term:
            return queryset, False
        if self.search_places:
            places = chosen_places(request, self.search_places)
            most = COUNT_CAP + 1
            rows, count = find_rows(queryset, places, request.user, term, most=most)
            request._found_count = count  # type: ignore[attr-defined]
            return rows, False
        found: tuple[models.QuerySet[Any], bool] = super().get_search_results(
            request, queryset, term
        )
        return found

    def get_paginator(self, request: HttpRequest, *given: Any, **more: Any) -> CappedPaginator:
        """The paginator; what a search found was counted by the search."""
        paginator: CappedPaginator = super().get_paginator(request, *given, **more)
        count: int | None = getattr(request, "_found_count", None)
        if count is not None:
            paginator.counted = count
        return paginator

    def _is_allowed(
        self, request: HttpRequest, roles: frozenset[Role], obj: models.Model | None
    ) -> bool:
        return standing_of(request).has(roles, team_of(obj) if obj is not None else None)

    def _filter_parameters(self, request: HttpRequest | None) -> set[str]:
        allowed: set[str] = set()
        for item in self.get_list_filter(request):
            if isinstance(item, type):
                named = getattr(item, "parameter_name", None)
                allowed.update(getattr(item, "parameters", ()) or (str(named),))
            else:
                name = item if isinstance(item, str) else item[0]
                allowed.update({name, f"{name}__exact", f"{name}_from", f"{name}_to"})
        return allowed
