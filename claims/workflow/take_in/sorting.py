"""Sorting: which rows of a file are new, which repeat another, which the team already has.

Promises: the same wording with the same numbers is one claim; the same wording with another
number is another. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from claims.intake import ClaimRow, numbers_key, wording_key
from claims.models.claim import Claim
from claims.models.team import Team
from claims.text.quantities import read_quantities
from claims.vocabulary import ImportedAs
from claims.web.snapshots import text_digest


@dataclass(frozen=True, slots=True)
class SortedRow:
    """A row and what it becomes.

    ``claim_id`` is the team's claim for a *known* row, ``first`` the place of the row
    that a *repeated* one repeats (its own place otherwise).
    """

    row: ClaimRow
    digest: str
    became: ImportedAs
    first: int
    claim_id: int | None = None


def sort_part(
    team: Team, rows: Sequence[ClaimRow], firsts: Sequence[int], part: range
) -> dict[int, SortedRow]:
    """The rows at the places of ``part``, sorted as among all; ``firsts`` is of all rows."""
    digests = {place: text_digest(rows[place].claim_text) for place in part}
    leading = [place for place in part if firsts[place] == place]
    known = _find_known(team, rows, leading, digests)
    found = {}
    for place in part:
        first = firsts[place]
        claim_id = known.get(first)
        became = ImportedAs.NEW if claim_id is None else ImportedAs.KNOWN
        if first != place:
            became = ImportedAs.REPEATED
        found[place] = SortedRow(rows[place], digests[place], became, first, claim_id)
    return found


def find_firsts(rows: Sequence[ClaimRow]) -> list[int]:
    """For each row the place of the first row that says the same."""
    alike: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        alike.setdefault(wording_key(row.claim_text), []).append(place)
    firsts = list(range(len(rows)))
    for places in alike.values():
        # Each wording's numbers are read once, however many rows have it.
        by_text: dict[str, int] = {}
        by_numbers: dict[object, int] = {}
        for place in places if len(places) > 1 else ():
            text = rows[place].claim_text
            if text not in by_text:
                by_text[text] = by_numbers.setdefault(numbers_key(read_quantities(text)), place)
            firsts[place] = by_text[text]
    return firsts


def _find_known(
    team: Team, rows: Sequence[ClaimRow], leading: Sequence[int], digests: Mapping[int, str]
) -> dict[int, int]:
    """Ids of the team's claims by the place of the row that says the same."""
    by_digest = {digests[place]: place for place in leading}
    exact = Claim.objects.filter(team=team, text_sha256__in=list(by_digest))
    known = {by_digest[sha]: pk for sha, pk in exact.values_list("text_sha256", "pk")}
    asked = [place for place in leading if place not in known]
    alike = Claim.objects.written_alike(team, [rows[place].claim_text for place in asked])
    for position, pk, text in alike:
        place = asked[position]
        if place not in known and is_alike(text, rows[place].claim_text):
            known[place] = pk
    return known


def is_alike(text: str, other: str) -> bool:
    """Whether two texts are one claim."""
    return wording_key(text) == wording_key(other) and is_same(text, other)


def is_same(text: str, other: str) -> bool:
    """Whether two texts of one wording state the same numbers; case can make a unit another."""
    return text == other or numbers_key(read_quantities(text)) == numbers_key(
        read_quantities(other)
    )
