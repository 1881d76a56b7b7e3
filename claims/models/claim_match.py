"""Claims that were seen before: the words they are found by, and what people said of the pairs.

Promises: every claim has a row of words from the moment it is stored, written by the
database itself (a trigger), which says what is still to be matched; a match is one row a
pair, suggested by the machine, answered by a person once and for good or until answered
anew. Holds no verdict: a pair passes nothing from one claim to the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models
from django.db.models import F, Q

from claims.models.access import TeamScopedQuerySet
from claims.models.claim import Claim
from claims.models.team import Team
from claims.vocabulary import MatchAnswer


class ClaimWordsQuerySet(TeamScopedQuerySet["ClaimWords"]):
    """What claims are found by."""

    def owe_again(self) -> int:
        """Let these claims be matched anew; gives how many. Call it in a transaction."""
        done = self.filter(matched_at__isnull=False)
        # In the order in which they are matched: nobody may hold them crosswise.
        held = done.select_for_update(no_key=True, of=("self",)).order_by("claim")
        return ClaimWords.objects.filter(pk__in=[row.pk for row in held]).update(matched_at=None)


class ClaimWords(models.Model):
    """The telling words of one claim as keys of its team (:class:`WordCount`).

    ``words`` is ``None`` until they are cut. ``matched_at`` is empty while earlier claims
    have still to be looked for: in a new claim, and in one whose wording was corrected.
    """

    TEAM_PATH: ClassVar[str] = "team"

    claim = models.OneToOneField(Claim, on_delete=models.CASCADE, related_name="words")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+", db_index=False)
    words = ArrayField(models.BigIntegerField(), null=True, blank=True)
    matched_at = models.DateTimeField(null=True, blank=True)

    objects = ClaimWordsQuerySet.as_manager()

    class Meta:
        ordering = ["claim"]
        indexes = [
            # Without a pending list: a question must not read what nobody has sorted in yet.
            GinIndex(fields=["words"], name="claim_words", fastupdate=False),
            models.Index(
                fields=["team", "claim"],
                condition=Q(matched_at__isnull=True),
                name="claim_words_due",
            ),
        ]

    def __str__(self) -> str:
        return f"Words of claim {self.claim_id}"


class WordCount(models.Model):
    """In how many of a team's claims one word stands; the key is of the team and the word."""

    TEAM_PATH: ClassVar[str] = "team"

    key = models.BigIntegerField(unique=True)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+", db_index=False)
    claims = models.PositiveIntegerField()

    objects = TeamScopedQuerySet["WordCount"].as_manager()

    def __str__(self) -> str:
        return f"{self.key}: {self.claims}"

    @staticmethod
    def add(team: Team, counts: Mapping[int, int]) -> None:
        """Add to the counts, by key."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO claims_wordcount (team_id, key, claims)
                SELECT %s, * FROM unnest(%s::bigint[], %s::int[]) AS told(key, claims) ORDER BY key
                ON CONFLICT (key) DO UPDATE SET claims = claims_wordcount.claims + EXCLUDED.claims
                """,
                [team.pk, list(counts), list(counts.values())],
            )


class SuggestedMatch(models.Model):
    """What the machine suggests with a score and a person answers: what, who and when."""

    score = models.FloatField()
    answer = models.CharField(
        max_length=8, choices=MatchAnswer.choices(), default="", db_default="", blank=True
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


def answer_has_who(name: str) -> models.CheckConstraint:
    """The constraint that an answer stands with who gave it and when, or not at all."""
    return models.CheckConstraint(
        condition=Q(answer="", answered_by__isnull=True, answered_at__isnull=True)
        | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
        name=name,
    )


class ClaimMatch(SuggestedMatch):
    """A claim and an earlier one of the team that may say the same; ``answer`` is a person's."""

    TEAM_PATH: ClassVar[str] = "claim__team"

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="matches")
    earlier = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="later_matches")

    objects = TeamScopedQuerySet["ClaimMatch"].as_manager()

    class Meta:
        ordering = ["claim", "-score", "id"]
        verbose_name_plural = "claim matches"
        constraints = [
            models.UniqueConstraint(fields=["claim", "earlier"], name="one_match_a_pair"),
            models.CheckConstraint(
                condition=Q(earlier__lt=F("claim")), name="the_earlier_claim_is_older"
            ),
            answer_has_who("an_answer_has_who_and_when"),
        ]

    def __str__(self) -> str:
        return f"Claim {self.claim_id} like {self.earlier_id}"


def find_roots(claims: Iterable[int]) -> dict[int, int]:
    """Of these claims, by id, those that were merged: which claim has their places now."""
    same = ClaimMatch.objects.filter(answer=MatchAnswer.SAME)
    roots = dict(same.filter(claim__in=set(claims)).values_list("claim_id", "earlier_id"))
    further = roots
    while further:
        further = dict(
            same.filter(claim__in=set(roots.values())).values_list("claim_id", "earlier_id")
        )
        roots = {claim: further.get(root, root) for claim, root in roots.items()}
    return roots
