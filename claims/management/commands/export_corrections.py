"""``manage.py export_corrections``: every correction and withdrawal as CSV, the oldest first."""

from __future__ import annotations

from argparse import ArgumentParser
from contextlib import ExitStack
from typing import Any

from django.core.management.base import BaseCommand

from claims.export.verdict_csv import write_corrections
from claims.management.attach import attached_stack
from claims.management.commands.export_verdicts import open_output
from claims.management.door import find_team, record_terminal
from claims.models.verdict import Verdict
from claims.workflow.corrections import list_changes


class Command(BaseCommand):
    """Exit 0 with the file, 2 where the team or the file is not understood."""

    help = "Write the list of corrections to standard output or a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose corrections, and where to."""
        parser.add_argument("--output", default="-", help="a file (default: standard output)")
        parser.add_argument("--team", help="only this team's corrections, by its slug")
        parser.add_argument("--raw", action="store_true", help="leave formulas as they are")

    def handle(self, *args: Any, **options: Any) -> None:
        """Stream the CSV."""
        with attached_stack(), ExitStack() as files:
            rows = Verdict.objects.all()
            teams = [find_team(options["team"])] if options["team"] else None
            if teams:
                rows = rows.filter(ticket__team__in=teams)
            record_terminal("corrections.csv", teams, options, ("raw",))
            target = open_output(files, options["output"])
            for block in write_corrections(list_changes(rows), is_raw=options["raw"]):
                target.write(block)
            target.flush()
