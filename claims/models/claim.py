"""Claims, where they appear, and the numbers they state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import connection, models
from django.db.models import F

from claims.models.access import TeamScopedQuerySet
from claims.models.article import Article, ArticleRevision
from claims.models.team import Team
from claims.text.quantity import Quantity as ReadQuantity
from claims.vocabulary import Bound, Change, QuantityKind

# How much of a quantity's words a row keeps; the words of a closed set are shorter.
STORED_CHARS = {
    "text": 1000, "unit": 40, "unit_name": 200, "hedge": 80,
    "change": 4, "counted": 300, "measured": 300, "of_what": 300,
}  # fmt: skip

NOTHING_READ = models.Value([], models.JSONField())
NOTHING_CORRECTED = models.Value({}, models.JSONField())

# What a person corrects of a number in one go, and the columns that hold it.
SLOT_COLUMNS: dict[str, tuple[str, ...]] = {
    "value": ("value", "low", "high"),
    "unit": ("unit",),
    "bound": ("bound", "hedge"),
    "change": ("change",),
    "measured": ("measured",),
    "of_what": ("of_what",),
    "counted": ("counted",),
    "period": ("period",),
}


class ClaimQuerySet(TeamScopedQuerySet["Claim"]):
    """Claims, and those that are written nearly alike."""

    def written_alike(self, team: Team, texts: Sequence[str]) -> list[tuple[int, int, str]]:
        """The team's claims whose letters and digits are those of one of ``texts``.

        Gives (place in ``texts``, id, text of the claim), oldest claim first. Signs,
        blanks and case do not count, so the caller must look at the numbers: "5%" and "5"
        are alike here.
        """
        if not texts:
            return []
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT asked.place, claim.id, claim.text
                FROM unnest(%s::text[]) WITH ORDINALITY AS asked(text, place)
                JOIN claims_claim claim ON claim.team_id = %s
                    AND claims_wording(claim.text) = claims_wording(asked.text)
                ORDER BY claim.id
                """,
                [list(texts), team.pk],
            )
            return [(int(place) - 1, int(pk), str(text)) for place, pk, text in cursor.fetchall()]


class Claim(models.Model):
    """One factual assertion: ``text`` stays as written, wording and frame may be edited.

    The frame's slots (measured, of what, place, period, claimant) start as the
    machine read them and belong to the reviewer from then on. ``machine`` keeps what
    it read of everything that was corrected: ``slots`` by name, the numbers that were
    ``struck`` out, and the ``hints`` that rested on them.
    """

    TEAM_PATH: ClassVar[str] = "team"

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="claims")
    text = models.TextField()
    self_contained = models.TextField()
    text_sha256 = models.CharField(max_length=64)
    score = models.FloatField(default=0.0)
    reasons = models.JSONField(default=list, blank=True)
    # As read: offsets count from the claim's first character and may lie outside its text.
    hints = models.JSONField(default=list, db_default=NOTHING_READ, blank=True)
    resolved = models.JSONField(default=list, db_default=NOTHING_READ, blank=True)
    claimant = models.CharField(max_length=300, blank=True)
    measured = models.CharField(max_length=300, blank=True)
    of_what = models.CharField(max_length=300, blank=True)
    place = models.CharField(max_length=300, blank=True)
    period_from = models.DateField(null=True, blank=True)
    period_to = models.DateField(null=True, blank=True)
    context_before = models.TextField(blank=True)
    context_after = models.TextField(blank=True)
    machine = models.JSONField(default=dict, db_default=NOTHING_CORRECTED, blank=True)
    version = models.PositiveIntegerField(default=0)
    dropped_at = models.DateTimeField(
        null=True, blank=True, help_text="When a person said that this is no claim."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    search = models.GeneratedField(
        expression=SearchVector("self_contained", "claimant", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["team", "text_sha256"], name="one_claim_per_wording")
        ]
        indexes = [
            GinIndex(fields=["search"], name="claim_search"),
            models.Index(fields=["team", "-created_at", "-id"], name="claim_newest"),
            models.Index(fields=["-created_at", "-id"], name="claim_newest_of_all"),
            models.Index(fields=["team", "score", "id"], name="claim_score_of_team"),
            models.Index(fields=["score", "id"], name="claim_score"),
            # The function is the migrations': letters and digits in lower case, as a digest.
            models.Index(
                F("team"), models.Func(F("text"), function="claims_wording"), name="claim_wording"
            ),
        ]

    def __str__(self) -> str:
        return self.text if len(self.text) <= 120 else f"{self.text[:117]}…"


class AppearanceQuerySet(TeamScopedQuerySet["Appearance"]):
    """Places, and those of them that the articles' texts still have."""

    def standing(self) -> Self:
        """Without the places whose words went from their article."""
        return self.filter(gone_after__isnull=True)


class Appearance(models.Model):
    """One place a claim occurs: characters of the article's text, ``end`` exclusive.

    ``gone_after`` is the last revision of the article that has the words, empty while
    they stand; the characters are then that revision's. ``found_as`` is the claim that it was
    found as, where that one was merged into ``claim``.
    """

    TEAM_PATH: ClassVar[str] = "claim__team"

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="appearances")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="appearances")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    gone_after = models.ForeignKey(
        ArticleRevision, null=True, blank=True, on_delete=models.CASCADE, related_name="gone"
    )
    found_as = models.ForeignKey(
        Claim,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="merged_places",
        db_index=False,
    )

    objects = AppearanceQuerySet.as_manager()

    class Meta:
        ordering = ["article", "start"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "start", "end"],
                condition=models.Q(gone_after__isnull=True),
                name="one_claim_per_span",
            ),
            models.CheckConstraint(
                condition=models.Q(end__gt=models.F("start")), name="appearance_has_length"
            ),
        ]
        indexes = [
            models.Index(
                fields=["found_as"],
                condition=models.Q(found_as__isnull=False),
                name="appearance_merged",
            )
        ]

    def __str__(self) -> str:
        return f"{self.article} {self.start}–{self.end}"


class Quantity(models.Model):
    """One number of a claim; offsets are characters of the claim's ``text``.

    ``machine`` is the machine's reading of a number that a person corrected, ``None``
    while it stands; an ``is_added`` number is one that the machine had not read at all.
    ``written`` is how a person wrote the value: its last digit says how exact it is.
    """

    TEAM_PATH: ClassVar[str] = "claim__team"

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="quantities")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=1000)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    value = models.FloatField(null=True, blank=True)
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    unit = models.CharField(max_length=40, default="1")
    unit_name = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=20, choices=QuantityKind.choices())
    bound = models.CharField(max_length=2, choices=Bound.choices(), default=Bound.EXACT)
    hedge = models.CharField(max_length=80, blank=True)
    change = models.CharField(max_length=4, choices=Change.choices(), blank=True)
    counted = models.CharField(max_length=300, blank=True)
    measured = models.CharField(max_length=300, blank=True)
    of_what = models.CharField(max_length=300, blank=True)
    period = models.JSONField(null=True, blank=True)
    machine = models.JSONField(null=True, blank=True)
    is_added = models.BooleanField(default=False, db_default=False)
    written = models.CharField(max_length=120, default="", db_default="", blank=True)

    objects = TeamScopedQuerySet["Quantity"].as_manager()

    class Meta:
        ordering = ["claim", "position"]
        verbose_name_plural = "quantities"
        constraints = [
            models.UniqueConstraint(fields=["claim", "position"], name="one_quantity_per_position")
        ]
        indexes = [models.Index(fields=["kind", "claim"], name="quantity_kind")]

    def __str__(self) -> str:
        return self.text

    def as_read(self) -> ReadQuantity:
        """The frozen value that the reading and comparing rooms speak."""
        stored: dict[str, Any] = {
            name: getattr(self, name)
            for name in ("text", "start", "end", "value", "low", "high", "unit", "kind", "bound")
        }
        for name in ("unit_name", "hedge", "change", "counted", "measured", "of_what"):
            stored[name] = getattr(self, name) or None
        return ReadQuantity.from_json({**stored, "period": self.period})

    @property
    def machine_read(self) -> ReadQuantity | None:
        """What the machine read here; ``None`` where it read nothing."""
        if self.is_added:
            return None
        return ReadQuantity.from_json(self.machine) if self.machine else self.as_read()

    @property
    def corrected(self) -> frozenset[str]:
        """The slots that a person set otherwise than the machine; all of an added number."""
        if self.is_added:
            return frozenset(SLOT_COLUMNS)
        if not self.machine:
            return frozenset()
        now = self.as_read().to_json()
        return frozenset(
            slot
            for slot, columns in SLOT_COLUMNS.items()
            if any(now[name] != self.machine.get(name) for name in columns)
        )

    @classmethod
    def from_read(cls, claim: Claim, position: int, read: ReadQuantity) -> Quantity:
        """An unsaved row for a quantity read from the claim's text."""
        return cls(claim=claim, position=position, **cls.stored_values(read))

    @staticmethod
    def stored_values(read: ReadQuantity) -> dict[str, Any]:
        """A quantity's fields as a row keeps them: ``""`` for words not known, texts cut."""
        stored = read.to_json()
        for name, longest in STORED_CHARS.items():
            told = stored[name]
            stored[name] = "" if told is None else str(told)[:longest]
        return stored
