"""How the sample server starts, says that it cannot, and ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from tests.samples.conftest import SAMPLES, start_server, stop_server


def test_a_taken_port_is_said_plainly(sample_port: int) -> None:
    result = subprocess.run(
        [sys.executable, str(SAMPLES / "serve.py"), "--port", str(sample_port)],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert result.returncode == 3
    assert result.stderr.startswith(f"cannot listen on 127.0.0.1:{sample_port}: ")
    assert result.stderr.count("\n") == 1


def test_sigterm_ends_the_server_while_a_slow_answer_is_owed() -> None:
    process, port = start_server("--slow-seconds", "60")
    owed = socket.create_connection(("127.0.0.1", port), timeout=20)
    owed.sendall(b"GET /harbour-gazette/2025/11/long-read-magnets HTTP/1.1\r\nHost: x\r\n\r\n")
    time.sleep(0.2)
    began = time.monotonic()
    assert stop_server(process) == 0
    owed.close()
    assert time.monotonic() - began < 3


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux's prctl")
def test_the_server_ends_with_the_process_that_started_it() -> None:
    starter = (
        "import subprocess, sys, time\n"
        f"child = subprocess.Popen([sys.executable, {str(SAMPLES / 'serve.py')!r}, '--port', '0'],"
        " stdout=subprocess.PIPE, text=True)\n"
        "print(child.pid, child.stdout.readline().rsplit(':', 1)[1].strip(), flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", starter], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child_pid, port = (int(word) for word in parent.stdout.readline().split())
    assert not is_refused_within(port, seconds=0.1)
    parent.kill()
    parent.wait(timeout=10)
    parent.stdout.close()
    try:
        assert is_refused_within(port, seconds=10)
    except AssertionError:
        os.kill(child_pid, signal.SIGKILL)
        raise


def is_refused_within(port: int, seconds: float) -> bool:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError:
            return True
        except ConnectionError:  # accepted by the kernel, reset as the process went
            continue
        time.sleep(0.05)
    return False
