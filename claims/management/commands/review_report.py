"""``manage.py review_report``: waivers, second reads and how blind readers agree, by team."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from claims.management.attach import attached_stack
from claims.management.commands.feedback_report import read_day
from claims.management.door import find_team, print_json, print_text
from claims.models.team import Team
from claims.workflow.review_figures import Agreement, ReviewFigures, count_reviews


class Command(BaseCommand):
    """Exit 0 with the figures, 2 where the team or the day is not understood."""

    help = "Print what was waived, what second readers said, and how blind readers agree."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose figures, since when, and how to print them."""
        parser.add_argument("--team", help="the slug of one team; default all teams")
        parser.add_argument("--since", help="only what was given on or after this day: 2026-01-31")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Count, print."""
        since = read_day(options["since"])
        with attached_stack():
            slug = options["team"]
            teams = [find_team(slug)] if slug else list(Team.objects.order_by("name"))
            told = [count_reviews(team, since=since) for team in teams]
        if options["json"]:
            print_json({"since": options["since"], "teams": [_spoken(one) for one in told]})
        else:
            print_text("\n\n".join(_to_text(one) for one in told))


def _spoken(one: ReviewFigures) -> dict[str, Any]:
    return {
        "team": one.team.slug,
        "verdicts": one.verdicts,
        "with_waiver": one.with_waiver,
        "waivers": {item.value: count for item, count in one.waivers.items()},
        "reads": {outcome.value: count for outcome, count in one.reads.items()},
        "agreement": [_agreement(found) for found in one.agreements],
    }


def _agreement(one: Agreement) -> dict[str, Any]:
    kappa = one.kappa
    return {
        "scale": one.scale,
        "pairs": one.pairs,
        "minimum": one.minimum,
        "agreed": one.agreed if one.share is not None else None,
        "share": round(one.share, 4) if one.share is not None else None,
        "kappa": round(kappa.value, 4) if kappa else None,
        "interval": [round(kappa.low, 4), round(kappa.high, 4)] if kappa else None,
        "weighted": kappa.is_weighted if kappa else None,
    }


def _to_text(one: ReviewFigures) -> str:
    lines = [
        f"{one.team.name}: {one.verdicts} verdicts, {one.with_waiver} with a waiver",
        *(f"  waived {item.value:<10} {count:>6}" for item, count in one.waivers.items()),
        *(
            f"  {outcome.label.lower():<17} {'hidden' if count is None else count:>6}"
            for outcome, count in one.reads.items()
        ),
    ]
    for found in one.agreements:
        if found.share is None:
            told = f"{found.pairs} pairs, shown from {found.minimum} on"
        else:
            told = f"{found.agreed} of {found.pairs} agree ({found.share:.0%})"
        if found.kappa:
            kind = "weighted kappa" if found.kappa.is_weighted else "kappa"
            span = f"{found.kappa.low:.2f} to {found.kappa.high:.2f}"
            told += f", {kind} {found.kappa.value:.2f} (95 %: {span})"
        lines.append(f"  blind, {found.scale}: {told}")
    return "\n".join(lines)
