"""How gunicorn serves the web: two processes with threads, the same in demo and production."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from factcheck.stack.confine import die_with_parent

bind = f"{os.environ.get('FACTCHECK_BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("FACTCHECK_WEB_PROCESSES", "2"))
threads = 4
# Load once, fork twice: half the start-up time.
preload_app = True
timeout = 60
graceful_timeout = 20
keepalive = 5
control_socket_disable = True
# Access lines would hold addresses of people; errors go to standard error.
accesslog = None
# A memory disk where there is one: a slow disk would make a healthy process look dead.
_MEMORY_DISK = Path("/dev/shm")  # noqa: S108 - gunicorn makes a private file there
worker_tmp_dir = str(_MEMORY_DISK) if _MEMORY_DISK.is_dir() else None


def on_starting(_server: Any) -> None:
    """Ask once, after the project is loaded and before anything is forked or listened on."""
    from factcheck.fitness import refuse_unfit_start

    refuse_unfit_start()


def post_fork(_server: Any, _worker: Any) -> None:
    """No server process outlives gunicorn's own."""
    die_with_parent()
