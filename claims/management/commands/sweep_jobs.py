"""``manage.py sweep_jobs --once``: hand out what is due and take back what was lost, by hand."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from claims.management.attach import attached_stack
from claims.management.door import print_json
from claims.tasks import sweep_jobs

EVERY_SECONDS = 3.0


class Command(BaseCommand):
    """The same sweep that beat runs every few seconds; safe beside it."""

    help = "Sweep the job table once, or every few seconds until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Once, or for ever."""
        parser.add_argument("--once", action="store_true", help="sweep once and say what was found")

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweep and print what was done."""
        with attached_stack():
            while True:
                print_json(sweep_jobs())
                if options["once"]:
                    return
                time.sleep(EVERY_SECONDS)
