"""Servers and workers by themselves: order of the end, a dead broker, foreign folders."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from factcheck.stack.lock import StackLock, new_holder
from factcheck.stack.processes import Janitor
from factcheck.stack.servers import Servers, child_environ, fetch_worker_child
from factcheck.stack.state import PROJECT_ROOT, StateFolder, StateRefused
from factcheck.stack.valkey import Valkey
from tests.stack.running import clean_environ, wait_for

PUBLISH = """
import sys, time, kombu
import django; django.setup()
from factcheck.celery import app
started = time.monotonic()
try:
    app.send_task("tests.sleep_and_write", [sys.argv[1], float(sys.argv[2])], queue="fetch")
except kombu.exceptions.OperationalError:
    print("unreachable")
print(f"{time.monotonic() - started:.2f}")
"""


def publish(state: Path, *arguments: str) -> list[str]:
    environ = clean_environ(state, DJANGO_SETTINGS_MODULE="factcheck.settings")
    answer = subprocess.run(
        [sys.executable, "-c", PUBLISH, *arguments],
        cwd=PROJECT_ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    return answer.stdout.split()


@pytest.fixture
def own_stack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Servers:
    monkeypatch.delenv("REDIS_URL")
    monkeypatch.delenv("DATABASE_URL")
    stack = Servers(StateFolder(tmp_path / "state"), lambda _text: None)
    stack.janitor.tell("remove", stack.state.sockets)
    return stack


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_running_task_is_let_finish(own_stack: Servers, tmp_path: Path) -> None:
    try:
        own_stack.start_broker()
        worker = fetch_worker_child(
            own_stack.state, child_environ(own_stack.state, sample_port=None)
        )
        worker.program = [*worker.program, "-I", "tests.stack.slow_task"]
        own_stack.start_child(worker)
        publish(own_stack.state.root, str(tmp_path), "6")
        wait_for((tmp_path / "started").exists, 90, worker.last_words)
        assert not (tmp_path / "finished").exists()
    finally:
        own_stack.stop()
    assert (tmp_path / "finished").exists()


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_dead_broker_costs_a_publisher_about_a_second(own_stack: Servers) -> None:
    own_stack.state.prepare()
    try:
        word, seconds = publish(own_stack.state.root, "/nowhere", "0")
    finally:
        own_stack.stop()
    assert word == "unreachable"
    assert float(seconds) <= 1.5


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_silent_broker_costs_a_publisher_a_second_or_two(own_stack: Servers) -> None:
    own_stack.state.prepare()
    own_stack.state.prepare_sockets()
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as frozen:
            frozen.bind(str(own_stack.state.valkey_socket))
            # The kernel takes the connections; nobody ever reads.
            frozen.listen(16)
            word, seconds = publish(own_stack.state.root, "/nowhere", "0")
    finally:
        own_stack.stop()
    assert word == "unreachable"
    assert float(seconds) <= 6


def test_queued_messages_survive_the_brokers_death(own_stack: Servers) -> None:
    import redis

    state, janitor = own_stack.state, own_stack.janitor
    client = redis.Redis.from_url(state.redis_url)
    try:
        first = Valkey(state, janitor)
        first.start()
        client.rpush("fetch", *[f"message {number}" for number in range(200)])
        time.sleep(1.2)  # the log of writes reaches the disk once a second
        assert first.child is not None
        assert first.child.running is not None
        first.child.running.kill()
        first.stop()
        second = Valkey(state, janitor)
        second.start()
        assert client.llen("fetch") == 200
        assert client.config_get("maxmemory-policy")["maxmemory-policy"] == "noeviction"
        second.stop()
    finally:
        client.close()
        own_stack.stop()


def test_the_janitor_clears_up_after_a_kill(tmp_path: Path) -> None:
    folder = tmp_path / "left"
    folder.mkdir()
    code = (
        "import sys, os, subprocess, time\n"
        "from factcheck.stack.processes import Janitor\n"
        "janitor = Janitor()\n"
        "child = subprocess.Popen(['sleep', '300'], start_new_session=True)\n"
        "janitor.tell('watch', child.pid)\n"
        f"janitor.tell('remove', {str(folder)!r})\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=PROJECT_ROOT, stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        pid = int(starter.stdout.readline())
        starter.kill()
    wait_for(lambda: not folder.exists(), 15)
    wait_for(lambda: not Path(f"/proc/{pid}").exists(), 5)


def test_a_child_does_not_start_for_a_parent_that_is_gone(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    confine = PROJECT_ROOT / "factcheck" / "stack" / "confine.py"
    command = [sys.executable, "-I", "-S", str(confine), "--parent", "1", "--"]
    done = subprocess.run([*command, "/usr/bin/touch", str(mark)], check=False)
    assert done.returncode != 0
    assert not mark.exists()


def test_a_lock_vanishes_with_its_holder(tmp_path: Path) -> None:
    state = StateFolder(tmp_path / "state")
    code = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from factcheck.stack.lock import StackLock, new_holder\n"
        "from factcheck.stack.state import StateFolder\n"
        "lock = StackLock(StateFolder(Path(sys.argv[1])))\n"
        "print(lock.take(new_holder('workbench', url='http://x/')), flush=True)\n"
        "time.sleep(60)\n"
    )
    mine = StackLock(state)
    with subprocess.Popen(
        [sys.executable, "-c", code, str(state.root)],
        cwd=PROJECT_ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == "True"
        assert not mine.take(new_holder("workbench"))
        holder = mine.read_holder()
        assert holder is not None
        assert (holder.pid, holder.url) == (other.pid, "http://x/")
        other.kill()
    assert mine.read_holder() is None
    assert mine.take(new_holder("workbench"))
    mine.release()


def test_a_foreign_state_folder_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(StateRefused, match="is not a folder"):
        StateFolder(file).prepare()
    if os.geteuid() == 0:
        foreign = tmp_path / "foreign"
        foreign.mkdir()
        os.chown(foreign, 12345, 12345)
        with pytest.raises(StateRefused, match="belongs to user 12345"):
            StateFolder(foreign).prepare()


def test_the_state_folder_is_private_and_its_key_stays(tmp_path: Path) -> None:
    outer = tmp_path / "outer"
    outer.mkdir(mode=0o700)
    state = StateFolder(outer / "state")
    key = state.secret_key()
    assert len(key) >= 50
    assert state.secret_key() == key
    assert (state.root / "secret_key").stat().st_mode & 0o777 == 0o600
    assert state.root.stat().st_mode & 0o777 == 0o700
    assert outer.stat().st_mode & 0o777 == 0o700


def test_a_long_path_still_has_a_short_socket(tmp_path: Path) -> None:
    state = StateFolder(tmp_path / ("long" * 40))
    assert len(os.fsencode(state.postgres_sockets / ".s.PGSQL.5432")) <= 103
    assert state.sockets != StateFolder(tmp_path / ("long" * 39)).sockets


def test_nothing_listens_on_a_port(own_stack: Servers) -> None:
    janitor = Janitor()
    valkey = Valkey(own_stack.state, janitor)
    try:
        valkey.start()
        assert valkey.child is not None
        assert valkey.child.running is not None
        inodes = {
            line.split()[9]
            for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
            if line.split()[3] == "0A"
        }
        folder = Path(f"/proc/{valkey.child.running.pid}/fd")
        links = {os.readlink(entry) for entry in folder.iterdir()}  # noqa: PTH115
        assert not {f"socket:[{inode}]" for inode in inodes} & links
    finally:
        valkey.stop()
        janitor.close()
        own_stack.stop()
