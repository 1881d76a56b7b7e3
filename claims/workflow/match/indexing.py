"""Indexing: the words of new claims are counted, and each is matched to the earlier ones."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from claims.lifecycle import UNFINISHED
from claims.models.claim_match import ClaimMatch, ClaimWords, WordCount
from claims.models.job import Job
from claims.models.team import Team
from claims.models.ticket import Ticket
from claims.text.seen_before import telling_words
from claims.vocabulary import JobKind, JobState
from claims.workflow.match.finding import EVERY_CLAIM, find_earlier, key_of, keys_of
from claims.workflow.match.reviews import find_reviews, index_reviews, keep_reviews

BATCH_CLAIMS = 500
LONGEST_SECONDS = 8.0
"""One job's share of the worker: others wait for it."""


def owe_matching() -> int:
    """Owe one job to each team with claims to match; gives how many are new.

    A team whose last one failed for good waits until a person retries it.
    """
    mine = Job.objects.filter(kind=JobKind.MATCH, subject_id=OuterRef("pk"))
    busy = Q(state__in=(JobState.PENDING, JobState.LEASED, JobState.FAILED))
    due = ClaimWords.objects.filter(team=OuterRef("pk"), matched_at__isnull=True)
    teams = Team.objects.filter(Exists(due)).exclude(Exists(mine.filter(busy)))
    return sum(
        Job.objects.owe_anew(JobKind.MATCH, str(team.pk), team=team)
        for team in teams.order_by("pk")
    )


def match_due(team: Team, *, seconds: float = LONGEST_SECONDS) -> int:
    """Match the team's claims that wait, oldest first, for so long; gives how many were."""
    ends_at = time.monotonic() + seconds
    count = 0
    # First what is to be found: until all of it can be, claims go on waiting.
    while index_reviews(team):
        if time.monotonic() > ends_at:
            return count
    while batch := _index_batch(team):
        unfinished = _pass_finished(batch)
        count += len(batch) - len(unfinished)
        for words in unfinished:
            if count and time.monotonic() > ends_at:
                return count
            _match_one(words)
            count += 1
        if time.monotonic() > ends_at:
            break
    return count


def _index_batch(team: Team) -> list[ClaimWords]:
    """The next claims to match; their words are kept and counted first, in one transaction."""
    due = ClaimWords.objects.filter(team=team, matched_at__isnull=True)
    with transaction.atomic():
        rows = list(
            due.select_related("claim")
            .defer("claim__search")
            .select_for_update(of=("self",), no_key=True)
            .order_by("claim")[:BATCH_CLAIMS]
        )
        fresh = [row for row in rows if row.words is None]
        for row in fresh:
            words = telling_words(row.claim.self_contained)
            row.words = sorted(keys_of(team.pk, words).values())
        ClaimWords.objects.bulk_update(fresh, ["words"])
        _count_words(team, fresh)
    return rows


def _count_words(team: Team, rows: Sequence[ClaimWords]) -> None:
    """Add to the counts. A claim that is cut anew counts twice: they only say what is rare."""
    counts = Counter(key for row in rows for key in row.words or ())
    counts[key_of(team.pk, EVERY_CLAIM)] = len(rows)
    WordCount.add(team, counts)


def _pass_finished(batch: Sequence[ClaimWords]) -> list[ClaimWords]:
    """Those of a batch that are to be matched: nobody can answer for a ticket that is finished."""
    ids = [row.claim_id for row in batch]
    tickets = Ticket.objects.filter(claim__in=ids).exclude(state__in=UNFINISHED)
    finished = set(tickets.values_list("claim_id", flat=True))
    passed = [row.pk for row in batch if row.claim_id in finished]
    ClaimWords.objects.filter(pk__in=passed, words__isnull=False).update(matched_at=Now())
    return [row for row in batch if row.claim_id not in finished]


def _match_one(words: ClaimWords) -> None:
    """Keep what a claim resembles, as it is now."""
    found = find_earlier(words.claim)
    reviews = find_reviews(words.claim)
    with transaction.atomic():
        ClaimMatch.objects.filter(claim_id=words.claim_id, answer="").exclude(
            earlier__in=[one.claim.pk for one in found]
        ).delete()
        ClaimMatch.objects.bulk_create(
            (
                ClaimMatch(
                    claim_id=words.claim_id,
                    earlier=one.claim,
                    score=round(one.resemblance.score, 4),
                )
                for one in found
            ),
            ignore_conflicts=True,
        )
        keep_reviews(words.claim_id, reviews)
        # Not where the wording was corrected meanwhile: its words are to be cut anew.
        ClaimWords.objects.filter(pk=words.pk, words=words.words).update(matched_at=Now())
