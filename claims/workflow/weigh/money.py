"""The dated tables of money that a team has loaded, as the comparing room asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from claims.models.money_table import MoneyTable, MoneyValue
from claims.text.money_tables import MoneyRow, MoneyTables
from claims.vocabulary import MoneyTableKind


def tables_of(team_id: int) -> MoneyTables | None:
    """The team's tables, asked row by row and each question once; ``None`` where it has none."""
    if not MoneyTable.objects.filter(team_id=team_id).exists():
        return None
    known: dict[tuple[object, ...], Sequence[MoneyRow]] = {}

    def fetch(
        kind: MoneyTableKind, currencies: frozenset[str], first: date, last: date
    ) -> Sequence[MoneyRow]:
        key = (kind, currencies, first, last)
        if key not in known:
            known[key] = _read_rows(team_id, *key)
        return known[key]

    return MoneyTables(fetch)


def _read_rows(
    team_id: int, kind: MoneyTableKind, currencies: frozenset[str], first: date, last: date
) -> list[MoneyRow]:
    rows = (
        MoneyValue.objects.filter(table__team_id=team_id, table__kind=kind)
        .filter(currency__in=currencies, first_on__lte=last, last_on__gte=first)
        .select_related("table")
        .order_by("-table_id", "first_on")
    )
    return [
        MoneyRow(one.table.name, one.table.base, one.currency, one.first_on, one.last_on, one.value)
        for one in rows
    ]
