"""What the terminal's commands share: exit codes, one-line errors, JSON, reading a text."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError

from claims.intake import FileRefused
from claims.lifecycle import MoveRefused
from claims.models.access import Person, role_of
from claims.models.house import record_export
from claims.models.team import Team
from claims.text.kept import KeptText
from claims.workflow.equip import first_team

EXIT_WRONG = 1
EXIT_BAD_INPUT = 2
EXIT_SERVICE_MISSING = 3
MAX_FILE_BYTES = 10 * 1024 * 1024


def refuse(message: str, *, code: int = EXIT_BAD_INPUT) -> NoReturn:
    """End the command with one line and the exit code."""
    raise CommandError(message, returncode=code)


def warn(message: str) -> None:
    """One line on standard error."""
    print(message, file=sys.stderr, flush=True)


def print_json(spoken: Any) -> None:
    """One JSON object on one line of standard output, as UTF-8 whatever the locale."""
    print_text(json.dumps(spoken, ensure_ascii=False))


def print_text(text: str) -> None:
    """Lines on standard output, as UTF-8 whatever the locale."""
    sys.stdout.flush()
    sys.stdout.buffer.write(f"{text}\n".encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def place_as_given(claim: dict[str, Any], kept: KeptText) -> dict[str, Any]:
    """The contract's Claim with the offsets of the text as given, in place of the kept one's."""
    told = [span for hint in claim["hints"] for span in hint["spans"]]
    for spoken in (claim, *claim["quantities"], *claim["resolved"], *told):
        spoken["start"], spoken["end"] = kept.span_as_given(spoken["start"], spoken["end"])
    return claim


def read_bytes(path: str, *, cure: str = "keep only the article itself") -> bytes:
    """The bytes of a file or of standard input (``-``); refuses what is missing or over 10 MB.

    ``cure`` says what to do with a larger one.
    """
    if not path:
        refuse("Name a file, an http(s) URL, or - for standard input.")
    if path == "-":
        body = sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
    else:
        try:
            with Path(path).open("rb") as file:
                body = file.read(MAX_FILE_BYTES + 1)
        except IsADirectoryError:
            refuse(f"{path} is a folder; name a file.")
        except OSError as problem:
            refuse(f"{path} cannot be read: {problem.strerror}.")
    if len(body) > MAX_FILE_BYTES:
        refuse(f"{path} is over 10 MB; {cure}.")
    return body


def record_terminal(
    what: str, teams: Sequence[Team] | None, options: Mapping[str, Any], names: Sequence[str]
) -> None:
    """Write down in the house's record that somebody at the terminal exported this."""
    asked = {name: str(options[name]) for name in names if options[name]}
    record_export(what, teams or [None], {"terminal": getpass.getuser(), **asked}, by=None)


def find_team(slug: str | None) -> Team:
    """The team of that slug, or the install's first team; says which on standard error."""
    if slug:
        team = Team.objects.filter(slug=slug).first()
        if team is None:
            known = (
                ", ".join(Team.objects.order_by("slug").values_list("slug", flat=True)) or "none"
            )
            refuse(f"--team: there is no team “{slug}”. Known teams: {known}.")
        return team
    team, is_new = first_team()
    warn(f"Team: {team.slug}{' (made now)' if is_new else ''}")
    return team


def find_person(name: str | None, team: Team) -> Person | None:
    """The member of that user name; refuses strangers. ``None`` where nobody is named."""
    if not name:
        return None
    person = get_user_model().objects.filter(username=name, is_active=True).first()
    if person is None or role_of(person, team) is None:
        refuse(f"--user: “{name}” is no active member of {team.slug}.")
    return person


@contextmanager
def refuse_broken(path: str) -> Iterator[None]:
    """End the command with every complaint about a file, or with why the person may not."""
    try:
        yield
    except FileRefused as refused:
        told = "\n".join(str(one) for one in refused.problems)
        refuse(f"{told}\n{path}: nothing was stored.")
    except MoveRefused as refused:
        refuse(f"--user: {refused}.")
