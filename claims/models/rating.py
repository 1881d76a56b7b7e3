"""Rating scales as rows: what a verdict may say, in order, with numbers and words."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models


class RatingScale(models.Model):
    """A published scale, shared by every team that chooses it."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    description = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Rating(models.Model):
    """One value of a scale: number (``None`` without an order), label, definition, examples."""

    scale = models.ForeignKey(RatingScale, on_delete=models.CASCADE, related_name="ratings")
    position = models.PositiveSmallIntegerField()
    value = models.PositiveSmallIntegerField(null=True, blank=True)
    label = models.CharField(max_length=60)
    definition = models.TextField(blank=True)
    examples = models.TextField(
        blank=True,
        default="",
        db_default="",
        help_text="Claims that were rated so, and why: one a line.",
    )
    colour = models.CharField(
        max_length=7,
        default="#64748b",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", "Write a colour as #rrggbb.")],
    )
    is_retired = models.BooleanField(
        default=False, help_text="Kept for old verdicts, no longer offered."
    )

    class Meta:
        ordering = ["scale", "position"]
        constraints = [
            models.UniqueConstraint(fields=["scale", "position"], name="one_rating_per_position"),
            models.UniqueConstraint(fields=["scale", "label"], name="one_rating_per_label"),
        ]

    def __str__(self) -> str:
        return self.label
