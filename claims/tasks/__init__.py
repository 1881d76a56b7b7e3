"""Celery's door: thin tasks that lease due jobs, run their verb and start the next.

The job table is the queue of record. A task carries nothing: it asks the table
what is due, so a message that is lost, doubled or late changes nothing, and a
dead broker costs a person nothing (:func:`nudge` tries for under a second and
lets the sweep catch up).

The rooms, from below: :mod:`hints` publishes, :mod:`leases` takes jobs and ends
attempts, :mod:`fetching` and :mod:`analysing` work the two queues, :mod:`sending` tells people,
:mod:`errands`, :mod:`imports` and :mod:`uploads` do what people asked for piece by piece,
:mod:`sweeping` takes back what was lost, :mod:`newsstand` lays out what feeds
hold, :mod:`asked` is what people's doors
call, :mod:`stopping` lets a worker go in time.
"""

from claims.tasks import stopping as stopping  # connects the worker's signals
from claims.tasks.analysing import work_analyses
from claims.tasks.asked import (
    ask_copy,
    correct_frame,
    fetch_again,
    gather_again,
    move_ends,
    oldest_job_seconds,
    open_and_gather,
    retry_jobs,
    retry_ticket,
    settle_comparisons,
)
from claims.tasks.brought import MAX_FILE_BYTES, bring_address, bring_file, bring_quote
from claims.tasks.errands import Brought, ask_check, ask_export, bring_addresses
from claims.tasks.fetching import work_fetches
from claims.tasks.hints import nudge
from claims.tasks.imports import begin_import, begin_preview, is_under_way
from claims.tasks.newsstand import fetch_feeds
from claims.tasks.sending import sweep_digests, work_sends
from claims.tasks.sweeping import sweep_copies, sweep_jobs
from claims.tasks.uploads import MOST_BYTES, MOST_FILES, bring_files

__all__ = [
    "MAX_FILE_BYTES",
    "MOST_BYTES",
    "MOST_FILES",
    "Brought",
    "ask_check",
    "ask_copy",
    "ask_export",
    "begin_import",
    "begin_preview",
    "bring_address",
    "bring_addresses",
    "bring_file",
    "bring_files",
    "bring_quote",
    "correct_frame",
    "fetch_again",
    "fetch_feeds",
    "gather_again",
    "is_under_way",
    "move_ends",
    "nudge",
    "oldest_job_seconds",
    "open_and_gather",
    "retry_jobs",
    "retry_ticket",
    "settle_comparisons",
    "sweep_copies",
    "sweep_digests",
    "sweep_jobs",
    "work_analyses",
    "work_fetches",
    "work_sends",
]
