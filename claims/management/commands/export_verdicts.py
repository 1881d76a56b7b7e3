"""``manage.py export_verdicts``: verdicts as CSV, with evidence and a manifest beside them."""

from __future__ import annotations

import getpass
import hashlib
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from claims.export.verdict_csv import finish_verdicts, manifest, write_evidence
from claims.management.attach import attached_stack
from claims.management.door import find_team, record_terminal, refuse
from claims.models.instant import one_instant
from claims.workflow.publish import evidence_records, select_verdicts, verdict_lines
from claims.workflow.recheck import verify_history


class Command(BaseCommand):
    """By default the current version of each decided or published verdict of every team."""

    help = "Write the verdict CSV to standard output or a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to tell, and where to."""
        parser.add_argument("--output", default="-", help="a file (default: standard output)")
        parser.add_argument("--team", help="only this team's verdicts, by its slug")
        parser.add_argument("--since", help="decided at or after this ISO date or time")
        parser.add_argument("--all-versions", action="store_true", help="earlier versions too")
        parser.add_argument("--evidence", metavar="FILE", help="one row per piece of evidence")
        parser.add_argument("--manifest", metavar="FILE", help="who, when, filters, rows, digest")
        parser.add_argument("--raw", action="store_true", help="leave formulas as they are")
        parser.add_argument("--bom", action="store_true", help="begin with a byte order mark")

    def handle(self, *args: Any, **options: Any) -> None:
        """Stream the CSV from one instant of the database."""
        since = parse_since(options["since"])
        with attached_stack(), ExitStack() as files:
            teams = [find_team(options["team"])] if options["team"] else None
            record_terminal("verdicts.csv", teams, options, ("since", "all_versions", "evidence"))
            files.enter_context(one_instant())
            rows = select_verdicts(teams=teams, all_versions=options["all_versions"], since=since)
            target = open_output(files, options["output"])
            count, sha256 = _write(
                target,
                finish_verdicts(verdict_lines(rows), is_raw=options["raw"], has_bom=options["bom"]),
            )
            if options["evidence"]:
                _write(
                    open_output(files, options["evidence"]),
                    write_evidence(evidence_records(rows), is_raw=options["raw"]),
                )
            if options["manifest"]:
                proof = verify_history()
                told = manifest(
                    written_by=getpass.getuser(),
                    written_at=timezone.now(),
                    filters={
                        "team": options["team"],
                        "since": since.isoformat() if since else None,
                        "all_versions": options["all_versions"],
                    },
                    row_count=rows.count(),
                    sha256=sha256,
                    history_head=proof.head,
                    history_last_event=proof.last_event,
                    is_raw=options["raw"],
                )
                open_output(files, options["manifest"]).write(told.encode("utf-8"))
        if options["output"] != "-":
            self.stderr.write(f"{count} bytes to {options['output']}, sha256 {sha256}")


def parse_since(text: str | None) -> datetime | None:
    """An ISO date or time as an aware time; UTC where no offset is given."""
    if not text:
        return None
    try:
        moment = parse_datetime(text)
        day = parse_date(text) if moment is None else None
    except ValueError:
        moment = day = None
    if isinstance(day, date) and moment is None:
        moment = datetime.combine(day, time.min)
    if moment is None:
        refuse(f"--since: “{text}” is no date; write 2026-11-21 or 2026-11-21T09:00+00:00.")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def open_output(files: ExitStack, path: str) -> IO[bytes]:
    """Standard output for ``-``, else the file, which ``files`` closes."""
    if path == "-":
        return sys.stdout.buffer
    if not path:
        refuse("Name a file, or - for standard output.")
    try:
        return files.enter_context(Path(path).open("wb"))
    except OSError as problem:
        refuse(f"{path} cannot be written: {problem.strerror}.")


def _write(target: IO[bytes], chunks: Iterable[bytes]) -> tuple[int, str]:
    digest, count = hashlib.sha256(), 0
    for chunk in chunks:
        target.write(chunk)
        digest.update(chunk)
        count += len(chunk)
    target.flush()
    return count, digest.hexdigest()
