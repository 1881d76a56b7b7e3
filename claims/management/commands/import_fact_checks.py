"""``manage.py import_fact_checks FILE``: what others have checked, as CSV or ClaimReview JSON."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from claims.management.attach import attached_stack
from claims.management.door import (
    find_person,
    find_team,
    print_json,
    read_bytes,
    refuse_broken,
)
from claims.tasks import nudge
from claims.workflow.take_in import take_in_fact_checks


class Command(BaseCommand):
    """Whole or not at all; exit 2 for a file that cannot be taken in."""

    help = "Bring in published fact-checks (CSV or ClaimReview JSON); claims are held against them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, whose fact-checks they become, and how to answer."""
        parser.add_argument("file", help="a .csv, .json or .jsonl file, or - for standard input")
        parser.add_argument("--team", help="the team's slug (default: the install's first team)")
        parser.add_argument("--user", help="who imports: a user name of the team")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the file and print what it brought."""
        body = read_bytes(options["file"], cure="split it into several files")
        with attached_stack():
            team = find_team(options["team"])
            person = find_person(options["user"], team)
            with refuse_broken(options["file"]):
                taken = take_in_fact_checks(team, body, by=person)
            nudge()
        if options["json"]:
            print_json({"total": taken.total, "new": taken.new})
        else:
            self.stdout.write(f"{taken.total:,} fact-checks, {taken.new:,} of them new")
