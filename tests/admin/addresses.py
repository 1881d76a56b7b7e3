"""Every address of ours in the admin, by name, for the rows of one desk."""

from __future__ import annotations

from django.urls import reverse

from tests.admin.world import Desk

LISTS = (
    "article",
    "claim",
    "page",
    "snapshot",
    "source",
    "search",
    "job",
    "verdict",
    "team",
    "ratingscale",
)


def addresses_of(desk: Desk) -> list[tuple[str, str]]:
    """Lists, pages of the desk's rows, and the pages that belong to no noun."""
    rows = {noun: getattr(desk, noun) for noun in LISTS if noun != "ratingscale"}
    named = [
        ("index", reverse("admin:index")),
        ("ingest", reverse("admin:claims_ingest")),
        ("export", reverse("admin:claims_export")),
        ("verdicts.csv", reverse("admin:claims_export_verdicts")),
        ("listed.csv", reverse("admin:claims_verdict_listed")),
    ]
    named += [(f"{noun} list", reverse(f"admin:claims_{noun}_changelist")) for noun in LISTS]
    return named + row_addresses(rows)


def row_addresses(rows: dict[str, object]) -> list[tuple[str, str]]:
    """The addresses of single rows."""
    named = []
    for noun, row in rows.items():
        pk = row.pk  # type: ignore[attr-defined]
        for page in ("change", "history", "delete"):
            named.append((f"{noun} {page}", reverse(f"admin:claims_{noun}_{page}", args=[pk])))
    article, claim, job = rows["article"], rows["claim"], rows["job"]
    named += [
        ("article state", reverse("admin:claims_article_state", args=[article.pk])),  # type: ignore[attr-defined]
        ("claim open", reverse("admin:claims_claim_open", args=[claim.pk])),  # type: ignore[attr-defined]
        ("job retry", reverse("admin:claims_job_retry", args=[job.pk])),  # type: ignore[attr-defined]
    ]
    return named
