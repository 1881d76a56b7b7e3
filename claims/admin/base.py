"""What every list and form of the admin shares: scope by team, counts that stay cheap.

Promises: a list shows the rows of the person's teams and no others, a foreign
row is 404 by every URL, a form offers and accepts only visible rows, a list
never counts past :data:`COUNT_CAP`, and only declared filters filter. Refuses
``raw_id`` boxes, select boxes over tables that grow, and edits over a version
the person has not seen.
"""

# ruff: noqa: ARG002 - the signatures are Django's
from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin import ShowFacets
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import ORDER_VAR
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.postgres.search import SearchQuery
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from unfold.admin import ModelAdmin
from unfold.views import ChangeList

from claims.admin.standing import EVERYONE, NOBODY, standing_of, team_of, visible_rows
from claims.vocabulary import Role

# Beyond this many rows a list says "1,000+": a count over a large table costs more than it tells.
COUNT_CAP = 1_000
# A key of eighteen digits fits the database's integer.
MAX_ID_DIGITS = 18


class CappedPaginator(Paginator):  # type: ignore[type-arg]  # not subscriptable when it runs
    """Counts up to :data:`COUNT_CAP` rows and pages no further; a filter narrows the rest."""

    template_name = "admin/pagination_capped.html"

    @cached_property
    def counted(self) -> int:
        """The number of rows, looking at most one past the cap."""
        if not isinstance(self.object_list, models.QuerySet):
            return len(self.object_list[: COUNT_CAP + 1])
        # Any rows will do: in the list's order they would all have to be found first.
        return self.object_list.order_by()[: COUNT_CAP + 1].count()

    @cached_property
    def count(self) -> int:
        """The number of rows, or the cap when there are more."""
        return min(self.counted, COUNT_CAP)

    @property
    def spoken_count(self) -> str:
        """The count as people read it: ``7``, ``1,000+``."""
        return f"{self.count:,}" + ("+" if self.counted > COUNT_CAP else "")


class ScopedChangeList(ChangeList):  # type: ignore[misc]
    """A list that leaves long columns unread and never counts the whole table."""

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: list[str | None] | None = None
    ) -> models.QuerySet[Any]:
        rows = super().get_queryset(request, exclude_parameters)
        return rows.defer(*self.model_admin.list_defer)  # type: ignore[no-any-return]

    def get_ordering_field(self, field_name: Any) -> Any:
        """The field a column is ordered by; ``None`` for one that is not offered for it."""
        is_offered = field_name in self.sortable_by
        return super().get_ordering_field(field_name) if is_offered else None

    def get_ordering(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> list[Any]:
        """One chosen column and then the key, both the same way, so that one index serves both.

        By the column that leads the list's own order: that order, or all of it reversed.
        """
        ordering: list[Any] = super().get_ordering(request, queryset)
        own = list(self.model_admin.ordering or ())
        first = ordering[0] if ordering else None
        if ORDER_VAR not in self.params or not own or not isinstance(first, str):
            return ordering
        if first.lstrip("-") == own[0].lstrip("-"):
            return own if first == own[0] else [_reversed(one) for one in own]
        return [first, "-pk" if first.startswith("-") else "pk"]

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        # Equal, so that the header does not print a second, meaningless count.
        self.full_result_count = self.result_count


def _reversed(field: str) -> str:
    return field[1:] if field.startswith("-") else f"-{field}"


class TeamScopedAdmin(ModelAdmin):  # type: ignore[misc]
    """An admin whose rows belong to teams; what a member may do is four sets of roles.

    ``search_vector`` is the path to a tsvector column, searched instead of
    ``icontains``; ``list_defer`` names columns a list does not need.
    """

    view_roles: ClassVar[frozenset[Role]] = EVERYONE
    add_roles: ClassVar[frozenset[Role]] = NOBODY
    change_roles: ClassVar[frozenset[Role]] = NOBODY
    delete_roles: ClassVar[frozenset[Role]] = NOBODY
    search_vector: ClassVar[str] = ""
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
        """Without the team's column for a person of one team."""
        columns = list(super().get_list_display(request))
        standing = standing_of(request)
        if not standing.is_superuser and len(standing.roles) == 1 and "team" in columns:
            columns.remove("team")
        return columns

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
        """Full-text search over :attr:`search_vector`, else Django's over ``search_fields``."""
        term = search_term.replace("\x00", "").strip()
        if not term:
            return queryset, False
        if self.search_vector:
            query = SearchQuery(term, config="english", search_type="websearch")
            return queryset.filter(**{self.search_vector: query}), False
        found: tuple[models.QuerySet[Any], bool] = super().get_search_results(
            request, queryset, term
        )
        return found

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
