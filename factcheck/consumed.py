"""``python -m factcheck.consumed QUEUE``: exit 0 when the queue is being consumed, else 1.

For health conditions of worker containers; asks the broker alone.
"""

from __future__ import annotations

import os
import sys

import django


def main(queues: list[str]) -> int:
    """Whether each named queue had its heartbeat worked within the allowed age."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    django.setup()
    from factcheck.health import HEART_MAX_AGE_SECONDS, read_hearts

    hearts = read_hearts()
    ages = [hearts.get(queue) for queue in queues]
    return 0 if all(age is not None and age <= HEART_MAX_AGE_SECONDS for age in ages) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
