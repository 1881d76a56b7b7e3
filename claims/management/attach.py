"""The servers a management command works on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.migrations.executor import MigrationExecutor

from factcheck.stack.attach import attach
from factcheck.stack.processes import ServerRefused
from factcheck.stack.state import StateRefused, find_state

EXIT_SERVICE_MISSING = 3


@contextmanager
def attached_stack(*, needs_workers: bool = False) -> Iterator[None]:
    """Have the database, and with ``needs_workers`` broker and workers, while the block runs.

    Attaches to the workbench of the same state folder; where none runs, starts
    what is needed for the block's own duration and says so on standard error.
    Raises ``CommandError`` with exit code 3 when that is impossible.
    """
    what = sys.argv[1] if len(sys.argv) > 1 else "command"
    try:
        with attach(
            find_state(), what, needs_workers=needs_workers, say=_say, migrate=ensure_migrated
        ):
            try:
                yield
            finally:
                connections.close_all()
    except (ServerRefused, StateRefused) as problem:
        raise CommandError(str(problem), returncode=EXIT_SERVICE_MISSING) from problem
    except OperationalError as problem:
        first = str(problem).strip().partition("\n")[0]
        raise CommandError(
            f"The database cannot be used: {first}", returncode=EXIT_SERVICE_MISSING
        ) from problem


def ensure_migrated() -> bool:
    """Bring the schema up to date; ``False`` when there was nothing to do."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    _say("Making the tables")
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    return True


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
