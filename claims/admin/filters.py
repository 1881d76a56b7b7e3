"""List filters that know only the person's own teams.

A filter here is one parameter with a closed set of values; an unknown value
filters nothing and says nothing. Refused: filters by foreign key, whose
choices and lookups would tell of other teams' rows.
"""

# ruff: noqa: ARG002 - the signatures are Django's
from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from unfold.contrib.filters.admin import DropdownFilter

from claims.admin.base import MAX_ID_DIGITS
from claims.admin.standing import standing_of, visible_rows, visible_teams
from claims.admin.ticket_panels.desk import name_of
from claims.models import Errand, Source, Tag, TicketTag
from claims.models.zones import midnight
from claims.vocabulary import Word

# A box with more is not read.
MOST_TAGS = 200


class TeamFilter(DropdownFilter):  # type: ignore[misc]
    """``?team=ID`` among the person's teams; hidden where there is only one."""

    title = "team"
    parameter_name = "team"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The person's own teams, by name."""
        self.team_path = model_admin.model.TEAM_PATH
        teams = standing_of(request).teams
        if not teams:
            teams = {team.pk: team.name for team in visible_teams(request)}
        return [(str(key), name) for key, name in teams.items()]

    def has_output(self) -> bool:
        """One team needs no filter, unless the address names one."""
        return len(self.lookup_choices) > 1 or self.value() is not None

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        """Rows of that team; a team that is not the person's gives an empty list."""
        chosen = self.value()
        if not chosen:
            return queryset
        if chosen not in {key for key, _ in self.lookup_choices}:
            return queryset.none()
        return queryset.filter(**{self.team_path: int(chosen)})


class TagFilter(DropdownFilter):  # type: ignore[misc]
    """``?tag=ID`` among the tags of the person's teams; hidden where there is none."""

    title = "tag"
    parameter_name = "tag"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The tags by name, each with its team where there are several."""
        kept: list[Tag] | None = getattr(request, "_tags", None)
        if kept is None:
            rows = visible_rows(request, Tag).select_related("team").order_by("name")
            kept = list(rows[:MOST_TAGS])
            request._tags = kept  # type: ignore[attr-defined]
        self.teams = {str(tag.pk): tag.team_id for tag in kept}
        is_one = len(set(self.teams.values())) < 2
        return [(str(tag.pk), tag.name if is_one else f"{tag.name} ({tag.team})") for tag in kept]

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        """Tickets with that tag; a tag that is not the person's filters nothing."""
        chosen = self.value()
        if chosen not in {key for key, _ in self.lookup_choices}:
            return queryset
        tagged = TicketTag.objects.filter(ticket=models.OuterRef("pk"), tag_id=int(str(chosen)))
        # A tag is its team's, whose tickets have an order of their own to follow.
        return queryset.filter(models.Exists(tagged), team=self.teams[str(chosen)])


class NamedRowFilter(DropdownFilter):  # type: ignore[misc]
    """``?name=ID`` of one row that the person may see; there only where the address asks for it.

    A box over rows that grow is not offered: links lead here.
    """

    model: type[models.Model]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The one row that is asked for; a row that is not the person's is as good as none."""
        asked = str(self.value() or "")
        if not (asked.isascii() and asked.isdigit() and len(asked) <= MAX_ID_DIGITS):
            return []
        self.row = visible_rows(request, self.model).filter(pk=int(asked)).first()
        return [(asked, name_of(self.row))] if self.row else []

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        """What leads to that row by the parameter's name."""
        return queryset.filter(**{self.parameter_name: self.row})


class SourceFilter(NamedRowFilter):
    """``?source=ID``: pages of one publisher."""

    title = "source"
    parameter_name = "source"
    model = Source


class ErrandFilter(NamedRowFilter):
    """``?errand=ID``: what was brought in together."""

    title = "brought in together"
    parameter_name = "errand"
    model = Errand


class WordFilter(DropdownFilter):  # type: ignore[misc]
    """A filter over a field that holds a :class:`~claims.vocabulary.Word`."""

    words: type[Word]
    field = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The closed set."""
        return self.words.choices()

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        """Rows whose field is the chosen word."""
        chosen = self.value()
        return queryset.filter(**{self.field: chosen}) if chosen in set(self.words) else queryset


def by_word(field: str, words: type[Word], *, title: str = "") -> type[WordFilter]:
    """A :class:`WordFilter` for one field, read from ``?field=value``."""
    named = title or field.replace("__", " ").replace("_", " ")
    parameter = field.rsplit("__", 1)[-1]
    return type(
        f"{parameter.title()}Filter",
        (WordFilter,),
        {"title": named, "parameter_name": parameter, "words": words, "field": field},
    )


class RowsFilter(DropdownFilter):  # type: ignore[misc]
    """A closed set of names, each with its rows; an unknown name filters nothing."""

    names: Sequence[tuple[str, str]]
    rows: Callable[[models.QuerySet[Any], str], models.QuerySet[Any]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        """The closed set."""
        return self.names

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        """The rows of the chosen name."""
        chosen = self.value()
        if chosen not in dict(self.names):
            return queryset
        return type(self).rows(queryset, str(chosen))


def by_rows(
    parameter: str,
    names: Sequence[tuple[str, str]],
    rows: Callable[[models.QuerySet[Any], str], models.QuerySet[Any]],
    *,
    title: str = "",
) -> type[RowsFilter]:
    """A :class:`RowsFilter` over ``rows``: what a figure counts is the list behind it."""
    named = {"title": title or parameter, "parameter_name": parameter, "names": names}
    return type(f"{parameter.title()}Filter", (RowsFilter,), {**named, "rows": staticmethod(rows)})


class DayFilter(DropdownFilter):  # type: ignore[misc]
    """How long ago something happened, by a time field: from a day to a year."""

    field = ""
    spans = (
        ("1", "Last 24 hours"),
        ("7", "Last 7 days"),
        ("30", "Last 30 days"),
        ("365", "Last 365 days"),
    )

    def lookups(self, request: HttpRequest, model_admin: Any) -> tuple[tuple[str, str], ...]:
        """Days back from now."""
        return self.spans

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        """Rows since then."""
        chosen = self.value()
        if chosen not in {key for key, _ in self.spans}:
            return queryset
        return queryset.filter(
            **{f"{self.field}__gte": timezone.now() - timedelta(days=int(chosen))}
        )


def by_day(field: str, *, title: str) -> type[DayFilter]:
    """A :class:`DayFilter` for one time field, read from ``?field=days``."""
    return type(
        f"{field.title()}DayFilter",
        (DayFilter,),
        {"title": title, "parameter_name": field, "field": field},
    )


class OneDayFilter(DropdownFilter):  # type: ignore[misc]
    """``?day=2026-11-22``: one of the last days, by a time field, as days are for the person."""

    title = "day"
    parameter_name = "day"
    field = ""
    days = 14

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The last fortnight, the newest day first."""
        today = timezone.localdate()
        days = (today - timedelta(days=back) for back in range(self.days))
        return [(day.isoformat(), f"{day:%-d %b %Y}") for day in days]

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        """Rows of that day; an unknown value filters nothing."""
        chosen = self.value()
        if chosen not in {key for key, _ in self.lookup_choices}:
            return queryset
        begin = midnight(date.fromisoformat(str(chosen)))
        within = {f"{self.field}__gte": begin, f"{self.field}__lt": begin + timedelta(days=1)}
        return queryset.filter(**within)
