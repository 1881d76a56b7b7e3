"""Celery for the project: at-least-once hints, no results, bounded publishing.

Promises that a broker that is dead or silent costs a publisher a second or two,
that workers outlive their broker, that no worker child outlives its
worker, and that work which eats memory fails by itself instead of taking the
machine with it. Refuses to carry results: what became of work is in the database.
"""

from __future__ import annotations

import os
import resource
from typing import Any

from celery import Celery
from celery.signals import (
    beat_init,
    celeryd_init,
    setup_logging,
    worker_init,
    worker_process_init,
    worker_ready,
)
from django.conf import settings
from kombu.transport.redis import Channel

from factcheck.stack.confine import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")

# A publisher is waited for by a person; a worker only waits for its next hint.
PUBLISHER_PATIENCE_SECONDS = 1.0
WORKER_PATIENCE_SECONDS = 15.0

# What was not acknowledged is not put back when a channel closes: where the broker has just
# died that fails, and leaves a dump of every hint behind. The job table needs no such favour.
Channel.do_restore = False

app = Celery("factcheck")
app.config_from_object("django.conf:settings", namespace="CELERY")


app.conf.update(
    accept_content=["json"],
    task_serializer="json",
    task_ignore_result=True,
    result_backend=None,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=200,
    # KiB: a process that has grown to half its bound is replaced between two tasks.
    worker_max_memory_per_child=settings.WORKER_MEMORY_MIB * 512,
    worker_send_task_events=False,
    task_send_sent_event=False,
    task_create_missing_queues=True,
    enable_utc=True,
    timezone="UTC",
    beat_scheduler="celery.beat:Scheduler",  # intervals only: no file to corrupt
    task_soft_time_limit=settings.TASK_SOFT_LIMIT_SECONDS,
    task_time_limit=settings.TASK_HARD_LIMIT_SECONDS,
    broker_connection_retry_on_startup=True,
    # The stock hundred tries end a worker after 50 minutes without a broker.
    broker_connection_max_retries=None,
    broker_connection_timeout=1.0,
    broker_transport_options={
        # Kept in the broker, what is not yet acknowledged ends the worker: kombu 5.7 cannot
        # acknowledge over a connection that was lost since, nor while the broker is full.
        # A hint that dies with its worker is sent again by the sweep.
        "ack_emulation": False,
        "socket_connect_timeout": 1.0,
        # A broker may take a connection and never answer: frozen, or behind a cut line.
        "socket_timeout": PUBLISHER_PATIENCE_SECONDS,
        "global_keyprefix": "factcheck.",
    },
    task_publish_retry=True,
    task_publish_retry_policy={
        "max_retries": 1,
        "interval_start": 0.1,
        "interval_step": 0.1,
        "interval_max": 0.2,
    },
)
app.autodiscover_tasks()


@app.task(name="factcheck.beat_heart")
def beat_heart(queue: str) -> None:
    """Note that ``queue`` is consumed right now; sent by beat, read by ``/healthz``."""
    from factcheck.health import note_heart

    note_heart(queue)


@celeryd_init.connect
def _wait_longer_as_a_worker(**_facts: Any) -> None:
    """A worker that lost its patience with a busy broker would only have to connect again."""
    app.conf.broker_transport_options["socket_timeout"] = WORKER_PATIENCE_SECONDS


@worker_ready.connect
def _note_first_heart(sender: Any, **_facts: Any) -> None:
    """Say at once that the queues are consumed, not only at the next heartbeat."""
    from factcheck.health import note_heart

    for queue in sender.task_consumer.queues:
        note_heart(queue.name)


@worker_init.connect
@beat_init.connect
def _refuse_unfit(**_facts: Any) -> None:
    """Celery runs Django's checks and drops what they say; an unfit start ends here."""
    from factcheck.fitness import refuse_unfit_start

    refuse_unfit_start()


@setup_logging.connect
def _keep_django_logging(**_facts: Any) -> None:
    """Connected, so that Celery leaves the logging alone that Django set up."""


@worker_process_init.connect
def _end_with_worker(**_facts: Any) -> None:
    die_with_parent()


@worker_process_init.connect
def _bound_memory(**_facts: Any) -> None:
    """Refuse a pool's process memory beyond the bound: ``MemoryError``, and one job fails."""
    limit_bytes = settings.WORKER_MEMORY_MIB * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (limit_bytes, limit_bytes))
