"""Fact-checks that others have published, and what people said of them beside a claim.

Promises: one row for each claim that a page reviews, with publisher, rating as they wrote it,
day and link, however it came to the team; a match is one row a pair, suggested by the
machine, answered by a person. Passes no rating on.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from claims.models.access import Person, TeamScopedQuerySet
from claims.models.claim import Claim
from claims.models.claim_match import SuggestedMatch, answer_has_who
from claims.models.storable import storable
from claims.models.team import Team
from claims.text.claim_reviews import ClaimReview
from claims.text.words import fold_text
from claims.vocabulary import FactCheckWay
from claims.web.errors import FetchError
from claims.web.urls import canonical_url

RENEWED = ("publisher", "rating", "title", "claimant", "claimed_on", "published_on")
"""What a later telling of the same review changes."""
_BATCH = 1_000


class FactCheckQuerySet(TeamScopedQuerySet["FactCheck"]):
    """Fact-checks by others."""

    def keep(
        self,
        team: Team,
        reviews: Iterable[ClaimReview],
        way: FactCheckWay,
        *,
        by: Person | None = None,
    ) -> int:
        """Keep reviews; gives how many are new. One that is known is renewed and stays one.

        A review whose link is no address of the web is left out.
        """
        rows = {(row.canonical_url, row.claim_key): row for row in _rows(team, reviews, way, by)}
        keys = sorted(rows)
        known = set(
            self.filter(team=team, canonical_url__in={url for url, _ in keys}).values_list(
                "canonical_url", "claim_key"
            )
        )
        # One order for everybody: two files with the same reviews must not lock crosswise.
        self.bulk_create(
            [rows[key] for key in keys],
            batch_size=_BATCH,
            update_conflicts=True,
            unique_fields=["team", "canonical_url", "claim_key"],
            update_fields=RENEWED,
        )
        return len(rows.keys() - known)


def _rows(
    team: Team, reviews: Iterable[ClaimReview], way: FactCheckWay, by: Person | None
) -> Iterable[FactCheck]:
    person: Any = by
    for one in reviews:
        try:
            canonical = canonical_url(one.url)
        except FetchError:
            continue
        if len(canonical) > 2000:
            continue
        claim = storable(one.claim, 2000)
        yield FactCheck(
            team=team,
            url=storable(one.url, 2000),
            canonical_url=canonical,
            claim=claim,
            claim_key=sha256(fold_text(claim).encode()).hexdigest()[:32],
            claimant=storable(one.claimant, 300),
            claimed_on=one.claimed_on,
            publisher=storable(one.publisher, 300),
            rating=storable(one.rating, 300),
            title=storable(one.title, 500),
            published_on=one.published_on,
            way=way,
            added_by_id=person.pk if person is not None else None,
        )


class FactCheck(models.Model):
    """One claim as somebody else reviewed it.

    ``words`` are the keys of its telling words in the team; ``claim_key`` tells the claims of one
    page apart.
    """

    TEAM_PATH: ClassVar[str] = "team"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="fact_checks")
    url = models.URLField(max_length=2000)
    canonical_url = models.CharField(max_length=2000)
    claim = models.TextField()
    claim_key = models.CharField(max_length=32)
    claimant = models.CharField(max_length=300, blank=True)
    claimed_on = models.DateField(null=True, blank=True)
    publisher = models.CharField(max_length=300, blank=True)
    rating = models.CharField(max_length=300, blank=True)
    title = models.CharField(max_length=500, blank=True)
    published_on = models.DateField(null=True, blank=True)
    way = models.CharField(max_length=8, choices=FactCheckWay.choices())
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    added_at = models.DateTimeField(db_default=Now())
    words = ArrayField(models.BigIntegerField(), default=list, blank=True)

    objects = FactCheckQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "canonical_url", "claim_key"], name="one_fact_check_a_claim"
            )
        ]
        indexes = [
            GinIndex(fields=["words"], name="fact_check_words", fastupdate=False),
            models.Index(fields=["team", "-id"], name="fact_check_newest"),
            models.Index(fields=["team", "id"], condition=Q(words=[]), name="fact_check_due"),
        ]

    def __str__(self) -> str:
        return self.claim[:120]


class FactCheckMatch(SuggestedMatch):
    """A claim and a fact-check by others that may be about it; ``answer`` is a person's."""

    TEAM_PATH: ClassVar[str] = "claim__team"

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="fact_check_matches")
    fact_check = models.ForeignKey(FactCheck, on_delete=models.CASCADE, related_name="matches")

    objects = TeamScopedQuerySet["FactCheckMatch"].as_manager()

    class Meta:
        ordering = ["claim", "-score", "id"]
        verbose_name_plural = "fact-check matches"
        constraints = [
            models.UniqueConstraint(fields=["claim", "fact_check"], name="one_fact_check_a_pair"),
            answer_has_who("a_fact_check_answer_has_who"),
        ]

    def __str__(self) -> str:
        return f"Claim {self.claim_id} like fact-check {self.fact_check_id}"
