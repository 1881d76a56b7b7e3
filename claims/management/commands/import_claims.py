"""``manage.py import_claims FILE``: claims from a CSV, all of them or none, once."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from claims.intake import Problem, Reading
from claims.management.attach import attached_stack
from claims.management.door import find_person, find_team, print_json, read_bytes, refuse
from claims.models import ClaimImport, Team
from claims.models.access import Person
from claims.tasks import nudge
from claims.vocabulary import ImportedAs, ImportState
from claims.workflow.take_in import (
    ImportPreview,
    ImportRefused,
    confirm_import,
    discard_import,
    keep_file,
    preview_import,
)


class Command(BaseCommand):
    """Import a file; with ``--preview`` only say what that would do."""

    help = "Take in claims from a CSV file or standard input (-)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file, for whom, and how to answer."""
        parser.add_argument("file", help="a .csv or .tsv file, or - for standard input")
        parser.add_argument("--team", help="the team's slug (default: the install's first team)")
        parser.add_argument("--user", help="who imports: the user name that history will hold")
        parser.add_argument("--preview", action="store_true", help="store nothing, say what would")
        parser.add_argument(
            "--ignore-unknown", action="store_true", help="import without unknown columns"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, preview or import, print."""
        body = read_bytes(options["file"], cure="split it into several files")
        name = "standard input" if options["file"] == "-" else Path(options["file"]).name
        with attached_stack():
            team = find_team(options["team"])
            person = find_person(options["user"], team)
            try:
                told = (
                    look(team, name, body, person)
                    if options["preview"]
                    else bring_in(
                        team, name, body, person, ignore_unknown=options["ignore_unknown"]
                    )
                )
            except ImportRefused as refused:
                told = tell_refused(team, name, refused.reading)
        self._print(told, as_json=options["json"])
        if told["problem_count"]:
            refuse(f"{name}: {told['problem_count']:,} problems; nothing was stored.")

    def _print(self, told: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            print_json(told)
        else:
            for line in spoken_lines(told):
                self.stdout.write(line)


def look(team: Team, name: str, body: bytes, person: Person | None) -> dict[str, Any]:
    """What importing would do; what waits for it in a preview of the admin stays as it is."""
    with transaction.atomic():
        source, reading = keep_file(team, name, body, by=person)
        preview = preview_import(source) if source.state == ImportState.WAITING else None
        transaction.set_rollback(True)
    return tell(source, reading, preview=preview, is_preview=True)


def bring_in(
    team: Team, name: str, body: bytes, person: Person | None, *, ignore_unknown: bool
) -> dict[str, Any]:
    """Import the file; the same file again gives what the first time gave."""
    source, reading = keep_file(team, name, body, by=person)
    if source.state == ImportState.WAITING and reading.unknown_columns and not ignore_unknown:
        discard_import(source)
        raise ImportRefused(refuse_unknown(reading))
    source, is_first = confirm_import(source, by=person)
    nudge()
    return tell(source, reading, is_first=is_first)


def refuse_unknown(reading: Reading) -> Reading:
    """The unknown columns as problems of line 1."""
    problems = tuple(
        Problem(
            1,
            one.number,
            one.heading,
            "This column is not known. "
            + (f"Did you mean {one.nearest}? " if one.nearest else "")
            + "Rename or delete it, or add --ignore-unknown.",
        )
        for one in reading.unknown_columns
    )
    return Reading(columns=reading.columns, problems=problems, problem_count=len(problems))


def tell(
    source: ClaimImport,
    reading: Reading,
    *,
    preview: ImportPreview | None = None,
    is_preview: bool = False,
    is_first: bool = False,
) -> dict[str, Any]:
    """The contract's object."""
    counted: Any = preview or source
    return {
        "import": None if is_preview and preview else source.pk,
        "file": source.file_name,
        "team": source.team.slug,
        "sha256": source.sha256,
        "stored": is_first,
        "rows": counted.row_count,
        "new": counted.new_count,
        "known": counted.known_count,
        "repeated": counted.repeated_count,
        "tickets": None if preview else source.ticket_count,
        "unknown_columns": [one.heading for one in reading.unknown_columns],
        "duplicates": _duplicates(source, preview),
        "problems": [],
        "problem_count": 0,
    }


def tell_refused(team: Team, name: str, reading: Reading) -> dict[str, Any]:
    """The same object for a file that was refused."""
    return {
        "import": None,
        "file": name,
        "team": team.slug,
        "sha256": None,
        "stored": False,
        "rows": None,
        "new": None,
        "known": None,
        "repeated": None,
        "tickets": None,
        "unknown_columns": [one.heading for one in reading.unknown_columns],
        "duplicates": [],
        "problems": [
            {
                "line": one.line,
                "column": one.column,
                "name": one.name or None,
                "message": one.message,
            }
            for one in reading.problems
        ],
        "problem_count": reading.problem_count,
    }


def _duplicates(source: ClaimImport, preview: ImportPreview | None) -> list[dict[str, Any]]:
    """The first hundred rows that were or would be linked instead of stored."""
    if preview is not None:
        return [
            {
                "line": one.row.line,
                "became": one.became.value,
                "claim": one.claim_id,
                "first_line": one.first_line,
            }
            for one in preview.duplicates
        ]
    rows = source.rows.exclude(became=ImportedAs.NEW).order_by("line")[:100]
    firsts: dict[int, int] = {}
    claims = [row.claim_id for row in rows if row.became == ImportedAs.REPEATED]
    for claim_id, line in source.rows.filter(claim__in=claims).values_list("claim_id", "line"):
        firsts[claim_id] = min(line, firsts.get(claim_id, line))
    return [
        {
            "line": row.line,
            "became": row.became,
            "claim": row.claim_id,
            "first_line": firsts.get(row.claim_id) if row.became == ImportedAs.REPEATED else None,
        }
        for row in rows
    ]


def spoken_lines(told: dict[str, Any]) -> list[str]:
    """A few lines for a person."""
    if told["problem_count"]:
        lines = []
        for one in told["problems"]:
            lines.append(
                str(Problem(one["line"], one["column"], one["name"] or "", one["message"]))
            )
        more = told["problem_count"] - len(told["problems"])
        return [*lines, *([f"… and {more:,} more"] if more > 0 else [])]
    counts = (
        f"{told['rows']:,} rows: {told['new']:,} new, {told['known']:,} already here, "
        f"{told['repeated']:,} repeat a line"
    )
    lines = [f"{told['file']} for {told['team']}: {counts}"]
    for one in told["duplicates"]:
        what = f"says what line {one['first_line']:,} says" if one["first_line"] else "already here"
        lines.append(f"  line {one['line']:,}: {what}")
    if told["unknown_columns"]:
        lines.append(f"Not kept: {', '.join(told['unknown_columns'])}")
    if told["stored"]:
        lines.append(f"Stored as import {told['import']}; {told['tickets']:,} tickets opened.")
    elif told["import"]:
        lines.append(f"This file was imported before, as import {told['import']}. Nothing added.")
    else:
        lines.append("Nothing is stored yet.")
    return lines
