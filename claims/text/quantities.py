"""Read every quantity of a text into a frozen value.

Promises exact spans into the text as given, scale words applied, a canonical unit or the
noun that is counted, the hedge as written, and time linear in the length of the text.
Refuses dates, clock times, scores, model names, list markers and addresses, and gives no
country to a bare "$". The conventions, with examples, are in ``docs/QUANTITIES.md``.

>>> [(q.value, q.unit, q.bound.value, q.of_what) for q in read_quantities(
...     "It controls nearly 70 per cent of global production.")]
[(70.0, 'percent', '~', 'global production')]
"""

from __future__ import annotations

from datetime import date

from claims.text.date_forms import FoundDate
from claims.text.dates import find_dates
from claims.text.numbers import currencies
from claims.text.numbers.drafts import Draft
from claims.text.numbers.folding import FoldedText, fold
from claims.text.numbers.frames import frame_draft
from claims.text.numbers.periods import period_for
from claims.text.numbers.reader import read_draft
from claims.text.numbers.scales import STARTERS, VULGAR
from claims.text.numbers.tokens import Tokens
from claims.text.numbers.units import FOLDS
from claims.text.quantity import Quantity

_OPENERS = STARTERS | frozenset(VULGAR) | frozenset(FOLDS) | {"."}


def read_quantities(
    text: str, *, published: date | None = None, home_currency: str | None = None
) -> tuple[Quantity, ...]:
    """Every quantity of ``text`` in order.

    ``published`` is the article's date, against which relative periods are resolved;
    ``home_currency`` the ISO code that a bare "$" (or "Rs", "peso" …) stands for where
    the article makes it certain.
    """
    folded = fold(text)
    tokens = Tokens(folded.plain)
    drafts, dates = _read_drafts(tokens, published)
    if not drafts:
        return ()
    home = currencies.certain(home_currency) if home_currency else None
    _settle_currencies(drafts, home)
    return tuple(_finish(draft, tokens, dates, text, folded) for draft in drafts)


def _read_drafts(tokens: Tokens, published: date | None) -> tuple[list[Draft], list[FoundDate]]:
    lowers, words = tokens.lowers, tokens.words
    candidates = [
        at for at in range(tokens.count) if words[at][0].isdecimal() or lowers[at] in _OPENERS
    ]
    if not candidates:
        return [], []
    dates = find_dates(tokens, published)
    masks = {
        index for found in dates if found.is_calendar for index in range(found.first, found.last)
    }
    drafts: list[Draft] = []
    done = 0
    for at in candidates:
        if at < done or at in masks:
            continue
        result = read_draft(tokens, at, floor=done)
        if isinstance(result, int):
            done = result
        elif result is not None:
            frame_draft(tokens, result, drafts)
            drafts.append(result)
            done = result.last
    return drafts, dates


def _settle_currencies(drafts: list[Draft], home: currencies.Currency | None) -> None:
    """A bare sign follows ``home``; another sign in the text settles nothing ("A$5 ($3)")."""
    for draft in drafts:
        if draft.currency is not None:
            draft.settle(home)


def _finish(
    draft: Draft, tokens: Tokens, dates: list[FoundDate], text: str, folded: FoldedText
) -> Quantity:
    start, end = folded.original(tokens.starts[draft.first], tokens.ends[draft.last - 1])
    return Quantity(
        text=text[start:end],
        start=start,
        end=end,
        value=draft.value,
        low=draft.low,
        high=draft.high,
        unit=draft.symbol,
        unit_name=draft.name or None,
        kind=draft.kind,
        bound=draft.bound,
        hedge=draft.hedge,
        change=draft.change,
        counted=draft.counted,
        measured=draft.measured,
        of_what=draft.of_what,
        period=period_for(tokens, draft, dates),
    )
