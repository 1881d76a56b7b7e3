"""One page of a list: counted to a cap, ordered along an index, with where a search found its rows.

Promises: a list never counts past :data:`COUNT_CAP` and reads no column that it does not show.
Refuses orders that no index serves.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib.admin.views.main import ORDER_VAR
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from unfold.views import ChangeList

from claims.admin.own_lists import EVERYTHING, build_strip
from claims.admin.searching import chosen_places, clean_words, tell_found

# Beyond this many rows a list says "1,000+": a count over a large table costs more than it tells.
COUNT_CAP = 1_000


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

    clear_all_filters_qs: str

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: list[str | None] | None = None
    ) -> models.QuerySet[Any]:
        rows = super().get_queryset(request, exclude_parameters)
        # The bare address would open the person's own view again.
        if self.clear_all_filters_qs == "?":
            self.clear_all_filters_qs = EVERYTHING
        return rows.defer(*self.model_admin.list_defer)  # type: ignore[no-any-return]

    def get_ordering_field(self, field_name: Any) -> Any:
        """The field a column is ordered by; ``None`` for one that is not offered for it."""
        is_offered = field_name in self.sortable_by
        return super().get_ordering_field(field_name) if is_offered else None

    def get_ordering(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> list[Any]:
        """One chosen column and then the key, both the same way, so that one index serves both.

        By the column that leads the list's own order: that order, or all of it reversed.
        """
        if self._is_newest_first():
            return ["-pk"]
        ordering: list[Any] = super().get_ordering(request, queryset)
        own = list(self.model_admin.ordering or ())
        first = ordering[0] if ordering else None
        if ORDER_VAR not in self.params or not own or not isinstance(first, str):
            return ordering
        if first.lstrip("-") == own[0].lstrip("-"):
            return own if first == own[0] else [_reversed(one) for one in own]
        return [first, "-pk" if first.startswith("-") else "pk"]

    def get_ordering_field_columns(self) -> dict[int, str]:
        """The columns whose heads say that the list is ordered by them."""
        columns: dict[int, str] = super().get_ordering_field_columns()
        return {} if self._is_newest_first() else columns

    def _is_newest_first(self) -> bool:
        """Whether the rows are a search's, and no column was chosen for their order."""
        is_searched = bool(self.query) and bool(self.model_admin.search_places)
        return is_searched and ORDER_VAR not in self.params

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        # Equal, so that the header does not print a second, meaningless count.
        self.full_result_count = self.result_count
        self.result_list: list[Any] = list(self.result_list)
        term = clean_words(self.query)
        if term and self.model_admin.search_places:
            places = chosen_places(request, self.model_admin.search_places)
            keys = [row.pk for row in self.result_list]
            found = tell_found(keys, places, request.user, term) if keys else {}
            for row in self.result_list:
                row.found = found.get(row.pk)
        self.strip = build_strip(request, self)


def _reversed(field: str) -> str:
    return field[1:] if field.startswith("-") else f"-{field}"
