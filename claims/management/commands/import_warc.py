"""``manage.py import_warc FILE``: the pages of a WARC file as stored copies of their day."""

from __future__ import annotations

import getpass
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from claims.management.attach import attached_stack
from claims.management.door import find_team, print_json, refuse
from claims.tasks import nudge
from claims.web.warc import WarcRefused
from claims.workflow.gather.archiving import import_warc


class Command(BaseCommand):
    """Whole or not at all; exit 2 for a file that is no sound WARC."""

    help = "Bring the pages of a WARC file (plain or gzipped) in as stored copies of their date."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, whose copies they become, and how to answer."""
        parser.add_argument("file")
        parser.add_argument("--team", help="the team that gets them, by its slug")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the file and print what it brought."""
        try:
            with Path(options["file"]).open("rb") as file, attached_stack():
                team = find_team(options["team"])
                brought = import_warc(team, file, by_name=getpass.getuser())
                nudge()
        except WarcRefused as refused:
            refuse(f"{options['file']}: {refused} Nothing was taken in.")
        except OSError as problem:
            refuse(f"{options['file']} cannot be read: {problem.strerror}.")
        told = {
            "new": brought.new,
            "known": brought.known,
            "left_out": brought.left_out,
            "reasons": brought.reasons,
        }
        if options["json"]:
            print_json(told)
            return
        self.stdout.write(f"{brought.new:,} new copies, {brought.known:,} were here already")
        if brought.left_out:
            self.stdout.write(f"{brought.left_out:,} records left out:")
            for reason in brought.reasons:
                self.stdout.write(f"  {reason}")
