"""Every address of the nouns here, for the rows of one desk; and those of the whole site."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from tests.admin.world import Desk

NOUNS = (
    "article", "claim", "page", "snapshot", "source", "search", "job", "verdict", "team",
    "factcheck", "moneytable",
)  # fmt: skip
LISTS = (*NOUNS, "ratingscale")
LEADS_ONLY = frozenset({"job"})


def common_addresses() -> list[str]:
    """Pages that belong to no row: home, ways in, exports and all lists."""
    return [
        reverse("admin:index"),
        reverse("admin:claims_ingest"),
        reverse("admin:claims_export"),
        reverse("admin:claims_export_verdicts"),
        reverse("admin:claims_export_verdicts") + "?file=evidence&versions=all&cells=raw",
        reverse("admin:claims_verdict_listed") + "?version=all",
        *(list_address(noun) for noun in LISTS),
    ]


def list_address(noun: str) -> str:
    """The list of a noun."""
    return reverse(f"admin:claims_{noun}_changelist")


def row_addresses(desk: Desk) -> dict[str, str]:
    """Every address of every row of the desk, by ``noun page``."""
    found = {}
    for noun in NOUNS:
        row: Any = getattr(desk, noun)
        for page in ("change", "history", "delete"):
            found[f"{noun} {page}"] = reverse(f"admin:claims_{noun}_{page}", args=[row.pk])
    found["article state"] = reverse("admin:claims_article_state", args=[desk.article.pk])
    found["claim open"] = reverse("admin:claims_claim_open", args=[desk.claim.pk])
    found["job retry"] = reverse("admin:claims_job_retry", args=[desk.job.pk])
    return found


def body_of(response: Any) -> str:
    """All of a response as text, a streamed one too."""
    parts = response.streaming_content if response.streaming else [response.content]
    return b"".join(parts).decode()
