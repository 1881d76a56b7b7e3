"""Finding: the earlier claims of a team that a claim resembles, fetched by their rarest words."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from claims.models.claim import Claim
from claims.models.claim_match import ClaimWords, WordCount
from claims.text.encoder.resembling import raise_by_meaning
from claims.text.encoder.weights import is_used
from claims.text.seen_before import (
    MOST_BROUGHT,
    Resemblance,
    compare_statements,
    narrow_lookup,
    nearness,
    plan_lookups,
    telling_words,
    weigh_words,
)
from claims.vocabulary import CloseReason
from claims.workflow.match.stating import state_claims

MOST_COMPARED = 12
"""Of what was fetched, so many are held against the claim word by word."""
MOST_SUGGESTED = 3
EVERY_CLAIM = ""
"""The word that stands in every claim: its count is how many the team has."""
_MOST_ASKED = 3


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is looked among: a team's rows with ``words``, and the field that holds the id.

    ``prefix`` stands before each word where words are counted, ``every`` is the word of all rows.
    """

    team_id: int
    rows: QuerySet[Any]
    id_field: str
    prefix: str = ""
    every: str = EVERY_CLAIM


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier claim and how it resembles the new one."""

    claim: Claim
    resemblance: Resemblance


def find_earlier(claim: Claim) -> list[Earlier]:
    """The team's earlier claims that this one resembles, nearest first, at most a few.

    Claims without a ticket, dropped ones and those that were found to be the same as a still
    earlier one are passed over. Reads what :mod:`claims.workflow.match.indexing` has kept.
    """
    rows = ClaimWords.objects.filter(claim_id__lt=claim.pk)
    near = fetch_near(Shelf(claim.team_id, rows, "claim_id"), claim.self_contained)
    return _compare(claim, near) if near else []


def keys_of(team_id: int, words: Sequence[str]) -> dict[str, int]:
    """The key of each word in a team's claims."""
    return {word: key_of(team_id, word) for word in words}


def key_of(team_id: int, word: str) -> int:
    """One word's key: another team's same word has another."""
    digest = blake2b(f"{team_id}:{word}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def fetch_near(shelf: Shelf, text: str) -> dict[int, float]:
    """Ids of what stands on a shelf with how near their words are to a text's, the nearest few."""
    words = telling_words(text)
    keys = {word: key_of(shelf.team_id, shelf.prefix + word) for word in words}
    every = key_of(shelf.team_id, shelf.every)
    known = dict(
        WordCount.objects.filter(key__in=[*keys.values(), every]).values_list("key", "claims")
    )
    total = known.pop(every, 0)
    counts = {word: known[key] for word, key in keys.items() if key in known}
    return _nearest(shelf, keys, counts, total) if counts else {}


def read_meaning(
    claim: Claim, others: Mapping[int, str], near: Mapping[int, float]
) -> Mapping[int, float]:
    """How near the texts of what was fetched are, by meaning too where the encoder is used."""
    if not is_used(settings.ENCODER):
        return near
    return raise_by_meaning(claim.self_contained, others, near)


def _nearest(
    shelf: Shelf, keys: Mapping[str, int], counts: Mapping[str, int], total: int
) -> dict[int, float]:
    weights = weigh_words(counts, list(keys), total)
    by_key = {keys[word]: weight for word, weight in weights.items()}
    own = sum(weights.values())
    found: dict[int, Sequence[int]] = {}
    for lookup in plan_lookups(counts, total):
        found.update(_look_up(shelf, lookup, keys, counts))
    # Words of the others that this claim does not have weigh as its own do on average.
    mean = own / len(weights)
    near = {
        pk: nearness(by_key, {key: by_key.get(key, mean) for key in words})
        for pk, words in found.items()
    }
    nearest = heapq.nlargest(MOST_COMPARED, near.items(), key=lambda pair: (pair[1], -pair[0]))
    return dict(nearest)


def _look_up(
    shelf: Shelf, lookup: tuple[str, ...], keys: Mapping[str, int], counts: Mapping[str, int]
) -> dict[int, Sequence[int]]:
    """What one lookup brings; one that brings too many is asked again with one more word."""
    rows: list[tuple[int, list[int] | None]] = []
    wider: tuple[str, ...] | None = lookup
    for _ in range(_MOST_ASKED):
        if wider is None:
            break
        words = [keys[word] for word in wider]
        held = shelf.rows.filter(words__contains=words).order_by()
        rows = list(held.values_list(shelf.id_field, "words")[:MOST_BROUGHT])
        if len(rows) < MOST_BROUGHT:
            break
        held_words = Counter(key for _, own in rows for key in own or ())
        brought = {word: held_words[keys[word]] for word in counts}
        wider = narrow_lookup(wider, counts, brought)
    return {pk: words or () for pk, words in rows}


def _compare(claim: Claim, near: Mapping[int, float]) -> list[Earlier]:
    standing = (
        Claim.objects.filter(pk__in=near, team_id=claim.team_id, dropped_at__isnull=True)
        .filter(ticket__isnull=False)
        .exclude(ticket__close_reason=CloseReason.DUPLICATE)
        .defer("search", "context_before", "context_after", "hints", "resolved", "machine")
    )
    others = list(standing)
    near = read_meaning(claim, {one.pk: one.self_contained for one in others}, near)
    stated = state_claims([claim, *others])
    found = [
        Earlier(one, compare_statements(stated[claim.pk], stated[one.pk], near[one.pk]))
        for one in others
    ]
    told = [one for one in found if one.resemblance.is_near]
    return sorted(told, key=lambda one: one.resemblance.rank)[:MOST_SUGGESTED]
