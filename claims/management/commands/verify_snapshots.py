"""``manage.py verify_snapshots``: prove that every stored copy is what was fetched and shown."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from claims.management.attach import attached_stack
from claims.management.door import EXIT_WRONG, print_json
from claims.models import Snapshot
from claims.workflow.recheck import verify_snapshots

MAX_NAMED = 100


class Command(BaseCommand):
    """Exit 0 when every copy is whole, 1 when one is not."""

    help = (
        "Compare every snapshot's bytes, text and quotes with their digests; names those that "
        "are damaged, changed or lost. Mends nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How to answer."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify and print."""
        with attached_stack():
            count = Snapshot.objects.count()
            deleted = Snapshot.objects.filter(body_deleted_at__isnull=False).count()
            bad = [
                {"snapshot": number, "problem": problem} for number, problem in verify_snapshots()
            ]
        if options["json"]:
            told = {"ok": not bad, "snapshots": count, "deleted": deleted, "damaged": len(bad)}
            print_json({**told, "bad": bad})
        else:
            for row in bad[:MAX_NAMED]:
                self.stdout.write(f"snapshot {row['snapshot']}: {row['problem']}")
            if len(bad) > MAX_NAMED:
                self.stdout.write(f"… and {len(bad) - MAX_NAMED:,} more")
            whole = "all are what was fetched" if not bad else f"{len(bad):,} are not"
            self.stdout.write(f"{count:,} snapshots: {whole}")
            if deleted:
                self.stdout.write(f"{deleted:,} of them without a body: deleted by the team's rule")
        if bad:
            raise SystemExit(EXIT_WRONG)
