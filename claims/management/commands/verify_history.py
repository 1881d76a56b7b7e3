"""``manage.py verify_history``: prove that no line of any history was altered, removed or moved."""

from __future__ import annotations

import json
import re
from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from claims.management.attach import attached_stack
from claims.management.door import EXIT_WRONG, print_json, refuse
from claims.workflow.recheck import HistoryProof, verify_history


class Command(BaseCommand):
    """Exit 0 when history holds, 1 when it does not."""

    help = "Walk every ticket's chain of events and the house's record; names the first bad line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How to answer, and what to compare with."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--head",
            help="a file with what --json printed (or an export's manifest) before: "
            "what it covers must still be there, whatever came after",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify and print."""
        kept = _read_head(options["head"]) if options["head"] else None
        with attached_stack():
            proof = verify_history(
                kept_until=kept.last_event if kept else None,
                kept_records=kept.records if kept else None,
            )
        found = proof.head if kept and kept.last_event is None else proof.kept_head
        is_same = None if kept is None else kept.head == found and _holds(kept, proof)
        spoken = {
            "ok": proof.is_sound and is_same is not False,
            "tickets": proof.tickets,
            "events": proof.events,
            "head": proof.head,
            "last_event": proof.last_event,
            "records": proof.records,
            "record_head": proof.record_head,
            "head_matches": is_same,
            "first_bad": proof.first_bad,
        }
        if options["json"]:
            print_json(spoken)
        else:
            self.stdout.write(_tell(proof, is_same))
        if not spoken["ok"]:
            raise SystemExit(EXIT_WRONG)


@dataclass(frozen=True, slots=True)
class _KeptHead:
    """A head from outside; without ``last_event`` it holds only while nothing is added."""

    head: str
    last_event: int | None
    records: int | None = None
    record_head: str = ""


def _tell(proof: HistoryProof, is_same: bool | None) -> str:
    bad = proof.first_bad
    found = "history holds"
    if bad is not None:
        where = "the house's record, line" if bad["ticket"] is None else "event"
        ticket = "" if bad["ticket"] is None else f"ticket {bad['ticket']}, "
        found = f"{ticket}{where} {bad['sequence']}: {bad['problem']}"
    lines = [
        f"{proof.events} events on {proof.tickets} tickets, {proof.records} lines of the house's "
        f"record: {found}"
    ]
    if is_same is not None:
        lines.append("The kept head is in it." if is_same else "THE KEPT HEAD IS NOT IN IT.")
    return "\n".join([*lines, f"head {proof.head} at event {proof.last_event}"])


def _holds(kept: _KeptHead, proof: HistoryProof) -> bool:
    """Whether the record still has the line that was its last; heads of before know of none."""
    return not kept.records or kept.record_head == proof.kept_record


def _read_head(path: str) -> _KeptHead:
    """The head in a file: a bare digest, or the JSON this command or an export manifest wrote."""
    try:
        text = Path(path).read_text(encoding="utf-8").strip()
        spoken = json.loads(text) if text.startswith("{") else {"head": text}
        head = str(spoken.get("head") or spoken.get("history_head") or "")
        last = spoken.get("last_event", spoken.get("history_last_event"))
        records = spoken.get("records")
        kept = _KeptHead(
            head,
            None if last is None else int(last),
            None if records is None else int(records),
            str(spoken.get("record_head") or ""),
        )
    except OSError as problem:
        refuse(f"--head: {path} cannot be read: {problem.strerror}.")
    except (ValueError, TypeError):
        refuse(f"--head: {path} holds no head; give a file that verify_history --json wrote.")
    if not re.fullmatch("[0-9a-f]{64}", kept.head):
        refuse(f"--head: {path} holds no head; give a file that verify_history --json wrote.")
    return kept
