"""A quantity while it is being put together, by token indexes.

Promises nothing but a place for what the parts found; the reader turns it into the frozen
value at the end.
"""

from __future__ import annotations

from dataclasses import dataclass

from claims.text.numbers.currencies import Currency, settle
from claims.vocabulary import Bound, Change, QuantityKind


@dataclass(slots=True)
class Draft:
    """``first`` and ``last`` span the number with its sign and unit, ``last`` exclusive."""

    first: int
    last: int
    value: float | None
    low: float | None
    high: float | None
    symbol: str
    name: str
    kind: QuantityKind
    form: str
    currency: Currency | None = None
    rate: tuple[str, str] | None = None
    bound: Bound = Bound.EXACT
    hedge: str | None = None
    hedge_first: int = -1
    is_negative: bool = False
    has_plus: bool = False
    has_unit: bool = False
    is_converted: bool = False
    change: Change | None = None
    counted: str | None = None
    counted_last: int = -1
    verb_at: int = -1
    measured: str | None = None
    of_what: str | None = None

    def take_currency(self, currency: Currency) -> None:
        """Make this money of ``currency``, keeping a rate ("a barrel")."""
        self.currency, self.kind, self.has_unit = currency, QuantityKind.MONEY, True
        symbol, name = self.rate or ("", "")
        self.symbol = f"{currency.code}/{symbol}" if symbol else currency.code
        self.name = f"{currency.name} per {name}" if name else currency.name

    def settle(self, home: Currency | None) -> None:
        """Give a bare sign the country of ``home`` where it is of that family."""
        if self.currency is not None:
            self.take_currency(settle(self.currency, home))
