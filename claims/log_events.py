"""The closed catalogue of structured log events.

A log line names one of these and carries ids and counts, never page text,
claim text or personal data.
"""

from __future__ import annotations

from enum import StrEnum


class LogEvent(StrEnum):
    """Names of things worth a log line."""

    ARTICLE_INGESTED = "article.ingested"
    CLAIMS_DETECTED = "claims.detected"
    TICKETS_OPENED = "tickets.opened"
    SEARCH_ENDED = "search.ended"
    HOSTS_OPENED = "hosts.opened"
    FETCH_ENDED = "fetch.ended"
    SNAPSHOT_STORED = "snapshot.stored"
    PAGE_READ = "page.read"
    TICKET_WEIGHED = "ticket.weighed"
    TICKET_MOVED = "ticket.moved"
    VERDICT_DECIDED = "verdict.decided"
    VERDICTS_EXPORTED = "verdicts.exported"
    JOB_LEASED = "job.leased"
    JOB_FAILED = "job.failed"
    JOB_RETAKEN = "job.retaken"
    JOBS_HANDED_BACK = "jobs.handed_back"
    LEASES_RENEWED = "leases.renewed"
    QUEUE_SWEPT = "queue.swept"
    BODIES_DELETED = "bodies.deleted"
    PUBLISH_FAILED = "publish.failed"
