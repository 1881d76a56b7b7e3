"""Rates and prices: the dated tables by which sums of money are compared, and loading one."""

# ruff: noqa: ARG002 - the signatures are Django's
from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count, Max, Min
from django.http import HttpRequest
from django.urls import reverse

from claims.admin.bringing_in import FileForm, FromFilesAdmin, WayIn
from claims.admin.columns import column
from claims.admin.facts import Button, Fact, Section, Sheet, Table, when
from claims.admin.filters import TeamFilter, by_word
from claims.admin.outside import outside_link
from claims.admin.site import site
from claims.admin.standing import LEADS
from claims.models import MoneyTable, MoneyValue
from claims.vocabulary import MoneyTableKind
from claims.workflow.take_in import load_money_table

SHOWN_CURRENCIES = 200
_INPUT = {"class": "fc-input"}


class MoneyFileForm(FileForm):
    """A table, what it is called and of which currency its rates are."""

    cure = "Leave old years out."
    upload = forms.FileField(
        label="CSV file",
        widget=forms.FileInput(attrs={**_INPUT, "accept": ".csv,.tsv"}),
        help_text="The columns date, currency and rate; or date and one column for each "
        "currency, as central banks publish it; or date, currency and index for price levels. "
        "A date is a day, a month or a year.",
    )
    name = forms.CharField(
        max_length=120,
        widget=forms.TextInput(attrs=_INPUT),
        help_text="Comparisons name it: ECB reference rates 2024.",
    )
    base = forms.CharField(
        required=False,
        max_length=3,
        widget=forms.TextInput(attrs=_INPUT),
        help_text="Of rates: the currency of which one unit buys the rate. EUR for the ECB's.",
    )
    source = forms.CharField(
        required=False,
        max_length=500,
        label="Where it is from",
        widget=forms.TextInput(attrs=_INPUT),
    )
    replace = forms.BooleanField(required=False, label="Put it in place of the table of that name")


def _take_in(by: Any, sent: dict[str, Any]) -> str:
    """Keep a table."""
    table = load_money_table(
        sent["team"],
        sent["upload"].read(),
        by=by,
        **{key: sent[key] for key in ("name", "base", "source", "replace")},
    )
    return f"{table.name} is loaded; comparisons use it from now on."


class MoneyTableAdmin(FromFilesAdmin):
    """The tables of a team."""

    delete_roles = LEADS
    list_display = ("called", "sort", "one_of", "loaded", "team")
    list_display_links = ("called",)
    list_filter = (TeamFilter, by_word("kind", MoneyTableKind))
    list_select_related = ("team",)
    ordering = ("-id",)
    sortable_by = ("loaded",)

    way_in = WayIn(
        "load",
        LEADS,
        MoneyFileForm,
        _take_in,
        label="Load a table",
        title="Load a table of rates or prices",
        lead="Sums in two currencies are compared by a dated table that your team has loaded, and "
        "by nothing else; the result names it. Price levels put a sum of another year beside one "
        "in the claim's prices and never decide.",
    )

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """What goes: the tables by name and how many values; they are too many to be listed."""
        count = MoneyValue.objects.filter(table__in=[one.pk for one in objs]).count()
        named = [f"{one.name}, with all its values" for one in objs]
        return named, {"tables": len(named), "values": count}, set(), []

    @column("Table")
    def called(self, row: MoneyTable) -> str:
        """Its name."""
        return row.name

    @column("Holds")
    def sort(self, row: MoneyTable) -> str:
        """Rates or prices."""
        return MoneyTableKind(row.kind).label

    @column("Rates of")
    def one_of(self, row: MoneyTable) -> str:
        """The base currency."""
        return row.base or "–"

    @column("Loaded", ordering="id")
    def loaded(self, row: MoneyTable) -> str:
        """When."""
        return when(row.loaded_at)

    def describe(self, request: HttpRequest, row: MoneyTable) -> Sheet:
        """Where it is from, and what it holds by currency."""
        facts = [
            Fact("Holds", MoneyTableKind(row.kind).label),
            Fact("Rates of", row.base or "–"),
            Fact("From", row.source or "–", outside=outside_link(row.source)),
            Fact("SHA-256 of the file", row.sha256, is_code=True),
            Fact("Loaded", when(row.loaded_at)),
            Fact("Loaded by", str(row.loaded_by) if row.loaded_by else "–"),
        ]
        held = (
            row.values.order_by("currency")
            .values("currency")
            .annotate(count=Count("pk"), first=Min("first_on"), last=Max("last_on"))
        )
        rows = [
            (one["currency"], f"{one['count']:,}", when(one["first"]), when(one["last"]))
            for one in held[:SHOWN_CURRENCIES]
        ]
        table = Table(("Currency", "Values", "From", "Until"), rows)
        away = Button("Delete", reverse("admin:claims_moneytable_delete", args=[row.pk]), "delete")
        return Sheet(
            title=row.name,
            buttons=[away] if self.has_delete_permission(request, row) else [],
            sections=[Section("The table", facts), Section("What it holds", tables=[table])],
        )


site.register(MoneyTable, MoneyTableAdmin)
