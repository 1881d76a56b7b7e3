"""Commands as a terminal runs them: in a process, with exit code and both streams."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from tests.tasks.workers import database_url


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: bytes
    err: str

    @property
    def object(self) -> Any:
        """The one JSON object it printed."""
        (line,) = self.out.decode("utf-8").splitlines()
        return json.loads(line)

    @property
    def error_lines(self) -> list[str]:
        """What it said on standard error."""
        return self.err.strip().splitlines()


def run(*arguments: str, stdin: bytes = b"", **environ: str) -> Ended:
    """Run ``manage.py`` on the test's database and wait for it."""
    ended = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DATABASE_URL": database_url(),
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONIOENCODING": "ascii:strict",
            **environ,
        },
        input=stdin,
        capture_output=True,
        timeout=100,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr.decode("utf-8", "replace"))


def call(*arguments: str) -> int:
    """Run a command in this process; gives its exit code, as ``manage.py`` would."""
    from django.core.management import CommandError, call_command

    try:
        call_command(*arguments)
    except CommandError as refused:
        sys.stderr.write(f"{type(refused).__name__}: {refused}\n")
        return int(refused.returncode)
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0
