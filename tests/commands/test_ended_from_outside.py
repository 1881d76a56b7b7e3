"""Commands that are ended from outside: one line or none, and the exit code shells expect."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from typing import IO

import pytest

from factcheck.stack.state import PROJECT_ROOT


def listen_to_ctrl_c() -> None:
    """A shell's background job ignores Ctrl-C and hands that down; a person's command does not."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def start(*arguments: str) -> tuple[subprocess.Popen[bytes], IO[bytes], IO[bytes], IO[bytes]]:
    running = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=PROJECT_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=listen_to_ctrl_c,
    )
    streams = [one for one in (running.stdin, running.stdout, running.stderr) if one]
    return running, *streams  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("command", "line"),
    [
        (("manage.py", "detect_claims", "-"), "The harbour handled 3 million tonnes in 2020.\n\n"),
        (("benchmarks/predict.py", "sentences"), '{"id": 1, "text": "Ships came. They left."}\n'),
    ],
)
def test_a_reader_that_goes_away_is_no_fault(command: tuple[str, ...], line: str) -> None:
    running, stdin, stdout, stderr = start(*command)
    stdout.close()
    with contextlib.suppress(BrokenPipeError):
        stdin.write((line * 3000).encode())
    with contextlib.suppress(BrokenPipeError):
        stdin.close()
    assert stderr.read() == b""
    assert running.wait(100) == 128 + signal.SIGPIPE
    stderr.close()


def test_ctrl_c_is_one_line() -> None:
    running, stdin, stdout, stderr = start("manage.py", "detect_claims", "-")
    # More than a pipe holds: when it is written, the command reads and is past its imports.
    stdin.write(b"Ships came. " * 20_000)
    stdin.flush()
    running.send_signal(signal.SIGINT)
    # A signal between two reads is seen when the second one comes back.
    stdin.close()
    assert stderr.read().decode().strip() == "Stopped by Ctrl-C."
    assert running.wait(100) == 128 + signal.SIGINT
    stdout.close()
    stderr.close()
