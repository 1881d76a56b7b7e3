"""A task that takes its time, for a worker started with ``-I tests.stack.slow_task``."""

from __future__ import annotations

import time
from pathlib import Path

from factcheck.celery import app


@app.task(name="tests.sleep_and_write")
def sleep_and_write(folder: str, seconds: float) -> None:
    """Write ``started``, sleep, write ``finished``."""
    Path(folder, "started").touch()
    time.sleep(seconds)
    Path(folder, "finished").touch()
