"""The one command: says what is wrong, restarts what ends, leaves nothing behind."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from factcheck.stack.state import PROJECT_ROOT, StateFolder
from tests.stack.running import Workbench, clean_environ, free_port, processes_of, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.own_servers,
    pytest.mark.timeout(400),
    pytest.mark.skipif(not Path("/proc").exists(), reason="Linux"),
]


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    """A state folder in which nothing was ever started."""
    folder = tmp_path / "state"
    yield folder
    kill_all_of(folder)


@pytest.fixture(scope="module")
def used_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A state folder that several tests start, one after the other."""
    folder = tmp_path_factory.mktemp("used") / "state"
    yield folder
    kill_all_of(folder)


def kill_all_of(folder: Path) -> None:
    for pid in processes_of(folder):
        os.kill(pid, signal.SIGKILL)
    shutil.rmtree(StateFolder(folder).sockets, ignore_errors=True)


def ask_health(port: int) -> dict[str, object]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", "/healthz")
        answer: dict[str, object] = json.loads(connection.getresponse().read())
    return answer


def test_a_workbench_runs_restarts_says_who_is_there_and_ends_in_order(
    used_state: Path,
) -> None:
    state = used_state
    first = Workbench(state, free_port())
    first.wait_for("Ready: http://127.0.0.1:")
    assert ask_health(first.port)["ok"] is True

    second = Workbench(state, free_port())
    assert second.running.wait(20) == 1
    assert f"A workbench already runs on the state folder {state}" in second.text()
    assert f"http://127.0.0.1:{first.port}/" in second.text()

    worker = next(pid for pid, line in processes_of(state).items() if "-Q fetch" in line)
    os.kill(worker, signal.SIGKILL)
    first.wait_for("worker-fetch is started again", 20)

    command = [sys.executable, "manage.py", "shell", "-v0", "-c", ATTACHED]
    answer = subprocess.run(
        command, cwd=PROJECT_ROOT, env=clean_environ(state), capture_output=True, text=True
    )
    assert (answer.stdout.strip(), answer.stderr) == ("factcheck", "")

    assert first.end(signal.SIGINT) == 0
    text = first.text()
    order = ["beat", "web", "worker-fetch", "worker-analyse", "Valkey", "PostgreSQL"]
    places = [text.index(f"{name} stopped") for name in order]
    assert places == sorted(places)
    assert processes_of(state) == {}
    assert not StateFolder(state).valkey_socket.exists()


ATTACHED = """
from claims.management.attach import attached_stack
from django.db import connection
with attached_stack():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        print(cursor.fetchone()[0])
"""


def test_a_killed_launcher_leaves_no_process_and_the_next_start_finds_its_data(
    used_state: Path,
) -> None:
    state = used_state
    first = Workbench(state, free_port())
    first.wait_for("Ready: ")
    assert len(processes_of(state)) >= 10
    identity = (state / "postgres" / "global" / "pg_control").read_bytes()[:8]
    first.end(signal.SIGKILL)
    wait_for(lambda: not processes_of(state), 10, lambda: str(processes_of(state)))

    second = Workbench(state, first.port)
    second.wait_for("Ready: ")
    second.end(signal.SIGKILL)
    # At once: what the killed one started is still going.
    started = time.monotonic()
    again = Workbench(state, first.port)
    again.wait_for("Ready: ")
    assert time.monotonic() - started < 60
    assert "Making" not in again.text()
    assert (state / "postgres" / "global" / "pg_control").read_bytes()[:8] == identity
    assert again.end(signal.SIGTERM) == 0
    assert processes_of(state) == {}


def test_a_busy_port_is_said_before_anything_starts(state: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        workbench = Workbench(state, port)
        assert workbench.running.wait(20) == 1
    assert f"Port {port}, wanted for the web server, is in use" in workbench.text()
    assert "--port" in workbench.text()
    assert not (state / "postgres").exists()


def test_ctrl_c_while_starting_ends_everything(state: Path) -> None:
    workbench = Workbench(state, free_port())
    workbench.wait_for("Starting PostgreSQL")
    assert workbench.end(signal.SIGINT) == 0
    assert "Ready" not in workbench.text()
    assert processes_of(state) == {}


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"FACTCHECK_PRODUCTION": "1"}, "FACTCHECK_SECRET_KEY is not set"),
        ({"FACTCHECK_JOB_LEASE_SECONDS": "30"}, "must be less than"),
        ({"FACTCHECK_FETCH_ALLOW": "127.0.0.1"}, "write exact pairs"),
        ({"PORT": "seven"}, "PORT is 'seven'"),
    ],
)
def test_a_wrong_setting_is_refused_before_anything_starts(
    state: Path, environ: dict[str, str], words: str
) -> None:
    answer = subprocess.run(
        [sys.executable, "manage.py", "workbench"],
        cwd=PROJECT_ROOT,
        env=clean_environ(state, **environ),
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 2
    assert words in answer.stderr
    assert "Traceback" not in answer.stderr
    assert not (state / "postgres").exists()


def test_every_command_says_a_wrong_setting_in_one_line(state: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=PROJECT_ROOT,
        env=clean_environ(state, FACTCHECK_FETCH_ALLOW="everywhere"),
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 2
    assert len(answer.stderr.splitlines()) == 1
    assert "FACTCHECK_FETCH_ALLOW holds 'everywhere'" in answer.stderr


def test_commands_share_a_database_started_for_one_of_them(used_state: Path) -> None:
    state = used_state

    def start(seconds: float) -> subprocess.Popen[str]:
        code = ATTACHED + f"    import time; time.sleep({seconds})\n"
        return subprocess.Popen(
            [sys.executable, "manage.py", "shell", "-v0", "-c", code],
            cwd=PROJECT_ROOT,
            env=clean_environ(state),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    both = [start(1.0), start(3.0)]
    answers = [one.communicate(timeout=90) for one in both]
    assert [out.strip() for out, _ in answers] == ["factcheck", "factcheck"]
    starters = [err for _, err in answers if "starting the database for this command" in err]
    assert len(starters) == 1
    assert processes_of(state) == {}
