"""A small run of benchmarks/faults: the whole workbench, its servers hurt, nothing lost.

The full size (50 jobs a fault, 20 forms, 200 jobs over three restarts) is
``python -m benchmarks.faults.measure``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from factcheck.stack.processes import confined
from factcheck.stack.state import PROJECT_ROOT
from tests.stack.running import clean_environ

SMALL = ["--jobs", "20", "--submits", "8", "--restarts", "1"]
FAULTS = "killed-without-file,full,control,silent"


@pytest.mark.slow
@pytest.mark.own_servers
@pytest.mark.timeout(600)
def test_broker_and_database_are_hurt_and_nothing_is_lost(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.faults.measure", "--json", *SMALL]
    done = subprocess.run(
        confined([*command, "--faults", FAULTS, "broker", "submits", "database"]),
        cwd=PROJECT_ROOT,
        env=clean_environ(tmp_path),
        capture_output=True,
        text=True,
        timeout=580,
        check=False,
    )
    found = {one["fault"]: one for one in map(json.loads, done.stdout.splitlines())}
    told = f"{done.stdout}\n{done.stderr[-6000:]}"
    for name in ("broker-killed-without-file", "broker-full", "database-1-restarts"):
        one = found[name]
        assert (one["owed"], one["kept"], one["doubled"], one["read"]) == (20, 20, 0, 20), told
        assert one["failed"] == 0, told
    # The control: the same loss of every message, without the sweep.
    assert found["broker-control"]["kept"] == 0, told
    assert found["broker-killed-without-file"]["workers_survived"], told
    assert found["broker-full"]["workers_survived"], told

    silent = found["submits-silent"]
    assert silent["saved"] == silent["done"] == silent["sent"] == 8, told
    assert silent["told"], told

    restarted = found["database-1-restarts"]
    assert restarted["left_at_restarts"][0] > 0, told
    assert restarted["processes_survived"], told
    assert restarted["other_answers"] == [], told
    assert restarted["answered_503"] > 0, told
