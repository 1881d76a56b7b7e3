"""``manage.py doctor``: is everything well, and if not, what to do."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from claims.checks import Finding, diagnose
from claims.management.door import EXIT_SERVICE_MISSING, EXIT_WRONG, print_json

SERVICES = {"database", "broker"}


class Command(BaseCommand):
    """Exit 0 when all is well, 3 when a service is missing, 1 for anything else."""

    help = "Look at database, broker, workers, jobs, disk, settings and versions."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How to answer."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look, print, and end with the right code."""
        findings = diagnose()
        wrong = [finding for finding in findings if not finding.is_well]
        if options["json"]:
            print_json({"ok": not wrong, "findings": [one.to_json() for one in findings]})
        else:
            for finding in findings:
                self.stdout.write(self._line(finding))
        if any(finding.name in SERVICES for finding in wrong):
            raise SystemExit(EXIT_SERVICE_MISSING)
        if wrong:
            raise SystemExit(EXIT_WRONG)

    def _line(self, finding: Finding) -> str:
        if finding.is_well:
            return self.style.SUCCESS(f"ok     {finding.name:<11}") + finding.detail
        mark = self.style.ERROR(f"WRONG  {finding.name:<11}")
        return f"{mark}{finding.detail}\n       do: {finding.cure}"
