"""``manage.py feedback_report``: how often people disagreed with the machine, by kind."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from claims.management.attach import attached_stack
from claims.management.door import print_json, print_text, refuse
from claims.models.team import Team
from claims.workflow.feedback import Disagreement, report_feedback

SHOWN_DETAILS = 3


class Command(BaseCommand):
    """Exit 0 with the table, 2 where the team or the day is not understood."""

    help = "Print how often people disagreed with the machine, by kind."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose feedback, since when, and how to print it."""
        parser.add_argument("--team", help="the slug of one team; default all teams")
        parser.add_argument("--since", help="only what people did on or after this day: 2026-01-31")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Count, print."""
        since = read_day(options["since"])
        with attached_stack():
            team = _find_team(options["team"])
            found = report_feedback(team, since=since)
        if options["json"]:
            print_json(
                {
                    "team": team.slug if team else None,
                    "since": since.isoformat() if since else None,
                    "kinds": [_spoken(one) for one in found],
                }
            )
        else:
            print_text(_to_table(found))


def read_day(text: str | None) -> date | None:
    """``--since`` as a day; ``None`` where none was given."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        refuse("--since: a day such as 2026-01-31.")


def _find_team(slug: str | None) -> Team | None:
    team = Team.objects.filter(slug=slug).first() if slug else None
    if slug and team is None:
        refuse(f"--team: there is no team “{slug}”.")
    return team


def _spoken(one: Disagreement) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "shown": one.shown,
        "shown_as": one.shown_as,
        "otherwise": one.otherwise,
        "share": round(one.share, 4) if one.share is not None else None,
        "details": dict(one.details.most_common()),
    }


def _to_table(found: list[Disagreement]) -> str:
    lines = [f"{'kind':<15} {'otherwise':>9} {'of':>7} {'share':>7}  of what, and what was set"]
    for one in found:
        share = f"{one.share:.1%}" if one.share is not None else "–"
        told = "; ".join(f"{what} ×{n}" for what, n in one.details.most_common(SHOWN_DETAILS))
        said = f"{one.shown_as}{': ' if told else ''}{told}"
        lines.append(
            f"{one.kind.label.lower():<15} {one.otherwise:>9} {one.shown:>7} {share:>7}  {said}"
        )
    return "\n".join(lines)
