"""``manage.py workbench``: the whole workbench in one command."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from factcheck.stack import command


class Command(BaseCommand):
    """Start database, broker, web, workers and beat; stop them in order on Ctrl-C.

    ``manage.py`` goes to :mod:`factcheck.stack.command` by itself, before Django
    is loaded; this door is for ``help`` and for ``call_command``.
    """

    help = "Start the whole workbench on this machine; Ctrl-C stops it in order."

    def add_arguments(self, parser: CommandParser) -> None:
        """The launcher's own options."""
        command.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until asked to stop."""
        sys.exit(command.run(is_demo=options["demo"], port=options["port"]))
