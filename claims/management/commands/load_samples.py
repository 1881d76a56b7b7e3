"""``manage.py load_samples``: the demo's teams, people and articles; twice changes nothing."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import transaction

from claims.management.attach import attached_stack
from claims.management.door import refuse
from claims.models.page import Source
from claims.models.rating import RatingScale
from claims.models.team import Membership, Team
from claims.tasks import nudge
from claims.workflow.equip import add_shipped_scales
from claims.workflow.ingest import ingest_text

SAMPLES = Path(settings.BASE_DIR) / "samples"


class Command(BaseCommand):
    """Loads what is missing and leaves everything else alone."""

    help = "Load the demo's sample teams, people and articles."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Nothing but the common options."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Load in the order of need: scales, teams, people, sources, articles."""
        if settings.PRODUCTION:
            refuse("Sample people have public passwords; they are not loaded in production.")
        told = json.loads((SAMPLES / "samples.json").read_text(encoding="utf-8"))
        with attached_stack():
            add_shipped_scales()
            teams = {one["slug"]: _team(one) for one in told["teams"]}
            people = {one["username"]: _person(one, teams[one["team"]]) for one in told["people"]}
            _admin()
            for team in teams.values():
                _name_sources(team)
            for one in told["articles"]:
                _article(one, teams[one["team"]], people[one["added_by"]])
            nudge()


def _team(told: dict[str, Any]) -> Team:
    scale = RatingScale.objects.get(slug=told["scale"])
    team, _ = Team.objects.get_or_create(
        slug=told["slug"],
        defaults={"name": told["name"], "scale": scale, "confirmation": told["confirmation"]},
    )
    return team


def _person(told: dict[str, Any], team: Team) -> Any:
    people = get_user_model().objects
    first, _, last = told["full_name"].partition(" ")
    with transaction.atomic():
        person = people.filter(username=told["username"]).first()
        if person is None:
            person = people.create_user(
                told["username"],
                password=told["password"],
                first_name=first,
                last_name=last,
                is_staff=True,
            )
        Membership.objects.get_or_create(team=team, user=person, defaults={"role": told["role"]})
    return person


def _admin() -> None:
    people = get_user_model().objects
    if not people.filter(username="admin").exists():
        people.create_superuser("admin", password="demo-admin")  # noqa: S106 - the demo's, printed


def _name_sources(team: Team) -> None:
    """Give the sample publishers their names and types, so that evidence cards show them."""
    site = urlsplit(settings.SAMPLE_WEB_URL).netloc
    told = json.loads((SAMPLES / "web" / "pages.json").read_text(encoding="utf-8"))
    Source.objects.bulk_create(
        (
            Source(
                team=team,
                prefix=f"{site}{one['prefix']}",
                name=f"{one['name']} (sample)",
                type=one["source_type"],
            )
            for one in told["publishers"]
        ),
        ignore_conflicts=True,
    )


def _article(told: dict[str, Any], team: Team, by: Any) -> None:
    text = (SAMPLES / told["file"]).read_text(encoding="utf-8")
    text = text.replace("{{SAMPLE_WEB}}", settings.SAMPLE_WEB_URL)
    ingest_text(
        team,
        text,
        by=by,
        title=told["title"],
        byline=told["byline"],
        publisher=told["publisher"],
        published_on=date.fromisoformat(told["published"]),
    )
