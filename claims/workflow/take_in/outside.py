"""What others have published, from a file: fact-checks, and dated tables of money.

Promises a file whole or not at all, in one transaction; a fact-check that is known is renewed and
stays one; a table's values are those of its last file. Refuses people without the role.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import transaction

from claims.intake import FileRefused, Problem, read_fact_checks, read_money_table
from claims.lifecycle import LEADS, REVIEWERS, UNFINISHED, MoveRefused
from claims.models.access import Person, role_of
from claims.models.claim_match import ClaimWords
from claims.models.fact_check import FactCheck
from claims.models.money_table import MoneyTable, MoneyValue
from claims.models.storable import storable
from claims.models.team import Team
from claims.vocabulary import FactCheckWay, MoneyTableKind, Role

NAME_CHARS = 120
_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How many a file held, and how many of them are new."""

    total: int
    new: int


def take_in_fact_checks(team: Team, body: bytes, *, by: Person | None) -> TakenIn:
    """Keep the fact-checks of a file and let unfinished claims be held against them.

    Raises :class:`FileRefused`; ``by`` is ``None`` at the terminal.
    """
    _check_role(by, team, REVIEWERS, "reviewers of the team import fact-checks")
    reviews = read_fact_checks(body)
    with transaction.atomic():
        new = FactCheck.objects.all().keep(team, reviews, FactCheckWay.FILE, by=by)
        waiting = ClaimWords.objects.filter(team=team, claim__ticket__state__in=UNFINISHED)
        waiting.owe_again()
    return TakenIn(len(reviews), new)


def load_money_table(
    team: Team,
    body: bytes,
    *,
    name: str,
    base: str = "",
    source: str = "",
    replace: bool = False,
    by: Person | None,
) -> MoneyTable:
    """Keep the table of a file under ``name``; ``base`` is what one unit of buys the rates.

    ``replace`` puts it in place of the table of that name. Raises :class:`FileRefused`.
    """
    _check_role(by, team, LEADS, "leads of the team load tables of money")
    read = read_money_table(body)
    name, base = " ".join(name.split()), base.strip().upper()
    is_rates = read.kind is MoneyTableKind.RATES
    if not name or len(name) > NAME_CHARS or name != storable(name):
        raise _refuse("name", f"Give the table a name of at most {NAME_CHARS} characters.")
    if is_rates and not (len(base) == 3 and base.isascii() and base.isalpha()):
        raise _refuse("base", "Say which currency the rates are of: EUR for those of the ECB.")
    person: Any = by
    with transaction.atomic():
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)
        known = MoneyTable.objects.filter(team=team, name=name)
        if known.exists() and not replace:
            raise _refuse("name", "There is a table of that name; choose another, or replace it.")
        known.delete()
        table = MoneyTable.objects.create(
            team=team,
            name=name,
            kind=read.kind,
            base=base if is_rates else "",
            source=storable(source.strip(), 500),
            sha256=sha256(body).hexdigest(),
            loaded_by_id=person.pk if person is not None else None,
        )
        MoneyValue.objects.bulk_create(
            (
                MoneyValue(
                    table=table,
                    currency=one.currency,
                    first_on=one.first_on,
                    last_on=one.last_on,
                    value=one.value,
                )
                for one in read.values
            ),
            batch_size=_BATCH,
        )
    return table


def _check_role(by: Person | None, team: Team, roles: frozenset[Role], rule: str) -> None:
    if by is not None and role_of(by, team) not in roles:
        raise MoveRefused(f"only {rule}")


def _refuse(name: str, message: str) -> FileRefused:
    return FileRefused([Problem(1, None, name, message)])
