"""Equip: what an install needs before its first article: scales, places to search, one team.

Promises to add only what is missing; a scale that a team changed is left alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.text import slugify

from claims.models.access import Person
from claims.models.house import act_as
from claims.models.provider import Provider
from claims.models.rating import Rating, RatingScale
from claims.models.team import Membership, Team
from claims.vocabulary import Role

DEFAULT_SCALE = "true-false-5"


@dataclass(frozen=True, slots=True)
class ShippedRating:
    """One rating as shipped; ``value`` is ``None`` where the scale has no order."""

    label: str
    value: int | None
    colour: str
    definition: str
    examples: str


@dataclass(frozen=True, slots=True)
class ShippedScale:
    """One scale as shipped, ratings in the order in which a form shows them."""

    slug: str
    name: str
    description: str
    ratings: tuple[ShippedRating, ...]


GREEN, LIME, AMBER, ORANGE, RED, GREY = (
    "#1a7f37",
    "#3f7d20",
    "#8a6100",
    "#b3470b",
    "#b42318",
    "#57606a",
)
_R = ShippedRating
SCALES = (
    ShippedScale(
        "true-false-5",
        "True to false, five steps",
        "Five steps from 1 (false) to 5 (true), as most published fact-checks are rated.",
        (
            _R(
                "True",
                5,
                GREEN,
                "The claim is accurate, and nothing of weight is missing.",
                "“Nearly 70 per cent” where the register counts 69.2.",
            ),
            _R(
                "Mostly true",
                4,
                LIME,
                "The core is accurate; a detail is inexact.",
                "“Exports doubled in 2024” where they grew by 94 per cent.",
            ),
            _R(
                "Half true",
                3,
                AMBER,
                "Part is accurate; what is missing changes how it reads.",
                "“Prices fell by 3 per cent” in one month of a year in which they rose by 9.",
            ),
            _R(
                "Mostly false",
                2,
                ORANGE,
                "A grain of truth is used to support what is wrong.",
                "“Half of all pupils fail” where half of those who sat one paper did.",
            ),
            _R(
                "False",
                1,
                RED,
                "The sources contradict the claim, and no fair reading saves it.",
                "“5 million jobs were made” where every count has fewer than 400,000.",
            ),
        ),
    ),
    ShippedScale(
        "averitec-4",
        "AVeriTeC, four labels",
        "The labels of the AVeriTeC data set: not steps of one ladder, so without numbers.",
        (
            _R(
                "Supported",
                None,
                GREEN,
                "The evidence found bears the claim out.",
                "Two independent counts have the number that was claimed.",
            ),
            _R(
                "Conflicting Evidence/Cherry-picking",
                None,
                AMBER,
                "Good sources disagree, or the claim is true only of a chosen part of them.",
                "One office has growth and another a loss for the same year.",
            ),
            _R(
                "Not Enough Evidence",
                None,
                GREY,
                "What was found settles it neither way.",
                "The only figure is for another year, and nobody counted this one.",
            ),
            _R(
                "Refuted",
                None,
                RED,
                "The evidence found contradicts the claim.",
                "The register that is named has half of the number that was claimed.",
            ),
        ),
    ),
    ShippedScale(
        "plain-3",
        "Plain",
        "Three plain words.",
        (
            _R(
                "True",
                3,
                GREEN,
                "The sources agree with the claim.",
                "“Nearly 70 per cent” where the register counts 69.2.",
            ),
            _R(
                "Mixed",
                2,
                AMBER,
                "Some of it holds and some of it does not.",
                "The sum is right, and the year is another.",
            ),
            _R(
                "False",
                1,
                RED,
                "The sources contradict the claim.",
                "“Twice as many” where the count fell.",
            ),
        ),
    ),
)


def add_shipped_scales() -> int:
    """Add the shipped scales that are not there; gives how many were added."""
    added = 0
    for shipped in SCALES:
        with transaction.atomic():
            scale, is_new = RatingScale.objects.get_or_create(
                slug=shipped.slug,
                defaults={"name": shipped.name, "description": shipped.description},
            )
            if not is_new:
                continue
            added += 1
            Rating.objects.bulk_create(
                Rating(
                    scale=scale,
                    position=position,
                    value=rating.value,
                    label=rating.label,
                    colour=rating.colour,
                    definition=rating.definition,
                    examples=rating.examples,
                )
                for position, rating in enumerate(shipped.ratings, start=1)
            )
    return added


def add_providers() -> int:
    """Add the settings row of every place to search that has none; gives how many were added."""
    return Provider.objects.all().add_missing()


def begin_team(name: str, *, by: Person) -> Team | None:
    """The first team, with its maker as admin; ``None`` where a team exists already.

    Of two who begin at once one does: the scale's row is locked meanwhile.
    """
    add_shipped_scales()
    with transaction.atomic():
        scale = RatingScale.objects.select_for_update().get(slug=DEFAULT_SCALE)
        if Team.objects.exists():
            return None
        act_as(by)
        team = Team.objects.create(name=name, slug=slugify(name)[:60] or "newsdesk", scale=scale)
        Membership.objects.create(team=team, user=by, role=Role.ADMIN)  # type: ignore[misc]
    return team


def first_team() -> tuple[Team, bool]:
    """The team that stands for *no team named*: the oldest, made now where none exists."""
    team = Team.objects.order_by("pk").first()
    if team is not None:
        return team, False
    add_shipped_scales()
    scale = RatingScale.objects.get(slug=DEFAULT_SCALE)
    return Team.objects.get_or_create(
        slug="newsdesk", defaults={"name": "Newsdesk", "scale": scale}
    )
