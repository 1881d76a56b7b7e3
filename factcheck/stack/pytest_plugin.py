"""Give a test run a real database and a real broker.

Loaded with ``-p`` so that it comes before Django's settings are read. With
``DATABASE_URL`` and ``REDIS_URL`` set it uses those servers; else it starts the
embedded ones in a temporary state folder, which is gone after the run, also
after one that was killed.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from factcheck.stack.postgres import THROWAWAY_SETTINGS, Postgres
from factcheck.stack.processes import Janitor
from factcheck.stack.state import StateFolder
from factcheck.stack.valkey import Valkey


class _Stack:
    """The servers of one test run."""

    def __init__(self) -> None:
        self.janitor = Janitor()
        self.state = StateFolder(Path(tempfile.mkdtemp(prefix="factcheck-test-")).resolve())
        for folder in (self.state.root, self.state.sockets):
            self.janitor.tell("remove", folder)
        self.postgres = Postgres(self.state, self.janitor, settings=THROWAWAY_SETTINGS)
        self.valkey = Valkey(self.state, self.janitor, is_throwaway=True)

    def start(self) -> None:
        os.environ["FACTCHECK_STATE"] = str(self.state.root)
        # No test asks the world outside.
        os.environ.setdefault("FACTCHECK_WIKIPEDIA_API_URL", "off")
        # The same passages come first whether the extra is installed or not.
        os.environ.setdefault("FACTCHECK_ENCODER", "0")
        if not os.environ.get("REDIS_URL"):
            self.valkey.start()
            os.environ["REDIS_URL"] = self.state.redis_url
        if not os.environ.get("DATABASE_URL"):
            self.postgres.start()
            os.environ["DATABASE_URL"] = self.state.database_url

    def stop(self) -> None:
        self.valkey.stop()
        self.postgres.stop()
        self.janitor.close()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Start what is missing and name it in the environment, before the settings are read."""
    if os.environ.get("PYTEST_XDIST_WORKER") or early_config.known_args_namespace.help:
        return
    stack = _Stack()
    early_config.add_cleanup(stack.stop)
    stack.start()
