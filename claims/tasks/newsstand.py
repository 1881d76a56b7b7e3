"""The fetch queue's look into the feeds, from time to time: a list for people, no article."""

from __future__ import annotations

from celery import shared_task

from claims.workflow import gather


@shared_task(name="claims.tasks.fetch_feeds")
def fetch_feeds() -> int:
    """Lay out what the listed feeds hold now; gives how many items."""
    return gather.lay_out_feeds()
