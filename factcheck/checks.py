"""Start-up checks of the project's own settings, with ids and hints."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from factcheck.fitness import START

LIMITS_IN_ORDER = (
    "FETCH_DEADLINE_SECONDS",
    "TASK_SOFT_LIMIT_SECONDS",
    "TASK_HARD_LIMIT_SECONDS",
    "JOB_LEASE_SECONDS",
)


@register(START)
def check_order_of_limits(**_facts: Any) -> list[CheckMessage]:
    """``factcheck.E001`` for each limit that does not lie below the next one.

    A lease that ends before the task is killed would hand the job to a second
    worker while the first still works on it.
    """
    return [
        Error(
            f"{lower} ({getattr(settings, lower):g}) must be less than "
            f"{upper} ({getattr(settings, upper):g}).",
            hint=f"Set FACTCHECK_{lower} or FACTCHECK_{upper}; see docs/CONFIGURATION.md.",
            id="factcheck.E001",
        )
        for lower, upper in pairwise(LIMITS_IN_ORDER)
        if not getattr(settings, lower) < getattr(settings, upper)
    ]
