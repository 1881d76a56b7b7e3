"""``manage.py workbench``: the whole workbench in one command."""

from __future__ import annotations

import os
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from claims.management.attach import EXIT_SERVICE_MISSING, ensure_migrated
from factcheck import env
from factcheck.stack.launcher import Plan, choose_sample_port, run_workbench
from factcheck.stack.processes import ServerRefused, StackBusy
from factcheck.stack.state import StateRefused, find_state


class Command(BaseCommand):
    """Start database, broker, web, workers and beat; stop them in order on Ctrl-C."""

    help = "Start the whole workbench on this machine; Ctrl-C stops it in order."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``--demo`` adds the sample data and the sample web."""
        parser.add_argument("--demo", action="store_true", help="load and serve the sample data")
        parser.add_argument("--port", type=int, help="web port (default: PORT, else 8000)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until asked to stop."""
        self._started = time.monotonic()
        state = find_state()
        try:
            run_workbench(state, self._plan(options), self._say)
        except StackBusy as problem:
            raise CommandError(str(problem), returncode=1) from problem
        except (ServerRefused, StateRefused, env.SettingRefused) as problem:
            raise CommandError(str(problem), returncode=EXIT_SERVICE_MISSING) from problem

    def _plan(self, options: dict[str, Any]) -> Plan:
        port = options["port"] or int(env.read_number("PORT", 8000, least=1))
        if not options["demo"]:
            return Plan(port=port, migrate=self._migrate)
        wanted = int(env.read_number("FACTCHECK_SAMPLE_PORT", 0, least=1)) or None
        return Plan(
            port=port,
            migrate=self._migrate,
            sample_port=choose_sample_port(find_state(), wanted),
            load_samples=self._load_samples if "load_samples" in get_commands() else None,
        )

    def _migrate(self) -> None:
        if ensure_migrated():
            self._say("Made the tables")
        # The server is stopped after us; a session kept open would hold it up.
        connections.close_all()

    def _load_samples(self) -> None:
        self._say("Loading the sample data")
        call_command("load_samples", stdout=self.stdout, stderr=self.stderr)
        connections.close_all()

    def _say(self, text: str) -> None:
        lead = "" if text.startswith("Ready") else f"{time.monotonic() - self._started:6.1f} s  "
        try:
            self.stdout.write(f"{lead}{text}")
            self.stdout.flush()
        except BrokenPipeError:
            # Whoever read our lines is gone; the work goes on, in order.
            self.stdout = self.stderr = open(os.devnull, "w")  # type: ignore[assignment]  # noqa: PTH123, SIM115
