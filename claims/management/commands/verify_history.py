"""``manage.py verify_history``: prove that no ticket event was altered, removed or reordered."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from claims.management.attach import attached_stack
from claims.management.door import EXIT_WRONG, print_json, refuse
from claims.workflow.recheck import verify_history


class Command(BaseCommand):
    """Exit 0 when history holds, 1 when it does not."""

    help = "Walk every ticket's chain of events; names the first bad one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How to answer, and what to compare with."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--head", help="a file with a head that was kept, to compare with")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify and print."""
        kept = _read_head(options["head"]) if options["head"] else None
        with attached_stack():
            proof = verify_history()
        is_same = None if kept is None else kept == proof.head
        spoken = {
            "ok": proof.is_sound and is_same is not False,
            "tickets": proof.tickets,
            "events": proof.events,
            "head": proof.head,
            "head_matches": is_same,
            "first_bad": proof.first_bad,
        }
        if options["json"]:
            print_json(spoken)
        else:
            self.stdout.write(
                f"{proof.events} events on {proof.tickets} tickets: "
                f"{'history holds' if proof.is_sound else proof.first_bad}\nhead {proof.head}"
            )
        if not spoken["ok"]:
            raise SystemExit(EXIT_WRONG)


def _read_head(path: str) -> str:
    """The head in a file: a bare digest, or the JSON this command or an export manifest wrote."""
    try:
        text = Path(path).read_text(encoding="utf-8").strip()
    except OSError as problem:
        refuse(f"--head: {path} cannot be read: {problem.strerror}.")
    if text.startswith("{"):
        spoken = json.loads(text)
        text = str(spoken.get("head") or spoken.get("history_head") or "")
    return text
