"""Stopping: a worker told to end takes nothing more, and what it holds it ends or hands back."""

from __future__ import annotations

import threading

from celery.signals import worker_shutting_down

STOPPING = threading.Event()


@worker_shutting_down.connect
def _stop_leasing(**_facts: object) -> None:
    """A worker told to stop finishes what it holds and takes nothing more."""
    STOPPING.set()
