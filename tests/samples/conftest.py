"""A real sample server on a free loopback port, started the way the demo starts it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def start_server(*options: str) -> tuple[subprocess.Popen[str], int]:
    """Start ``samples/serve.py`` on a free port; the process and the port it printed."""
    process = subprocess.Popen(
        [sys.executable, str(SAMPLES / "serve.py"), "--port", "0", *options],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("serving http://127.0.0.1:"), line
    return process, int(line.rsplit(":", 1)[1])


def stop_server(process: subprocess.Popen[str]) -> int:
    """Send SIGTERM, wait, and give the exit code."""
    process.terminate()
    code = process.wait(timeout=10)
    if process.stdout is not None:
        process.stdout.close()
    return code


@pytest.fixture(scope="session")
def sample_port() -> Iterator[int]:
    process, port = start_server("--slow-seconds", "0.4")
    yield port
    stop_server(process)


@pytest.fixture(scope="session")
def listing() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((SAMPLES / "web" / "pages.json").read_text("utf-8"))
    return loaded
