"""The analyse queue worked in the test's own process, job by job, as a worker does it."""

from __future__ import annotations

import time

from claims.models import Job
from claims.tasks.analysing import attempt
from claims.tasks.hints import ANALYSE_KINDS


def work_one() -> bool:
    """Do the next due job; gives whether there was one."""
    jobs = Job.objects.all().lease(ANALYSE_KINDS, limit=1, seconds=60)
    for job in jobs:
        attempt(job, time.monotonic())
    return bool(jobs)


def work_all() -> None:
    """Do all that is due."""
    while work_one():
        pass
