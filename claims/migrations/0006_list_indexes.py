"""Indexes for every order and filter that a list offers, built while people go on writing."""

import claims.vocabulary
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # An index that is built beside the work cannot be part of a transaction.
    atomic = False

    dependencies = [
        ("claims", "0005_hand_out"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="article",
            index=models.Index(fields=["-created_at", "-id"], name="article_newest_of_all"),
        ),
        AddIndexConcurrently(
            model_name="article",
            index=models.Index(fields=["state", "-created_at", "-id"], name="article_state"),
        ),
        AddIndexConcurrently(
            model_name="claim",
            index=models.Index(fields=["-created_at", "-id"], name="claim_newest_of_all"),
        ),
        AddIndexConcurrently(
            model_name="claim",
            index=models.Index(fields=["team", "score", "id"], name="claim_score_of_team"),
        ),
        AddIndexConcurrently(
            model_name="claim",
            index=models.Index(fields=["score", "id"], name="claim_score"),
        ),
        AddIndexConcurrently(
            model_name="job",
            index=models.Index(fields=["team", "state", "id"], name="job_state_of_team"),
        ),
        AddIndexConcurrently(
            model_name="job",
            index=models.Index(fields=["state", "id"], name="job_state"),
        ),
        AddIndexConcurrently(
            model_name="job",
            index=models.Index(fields=["ended_at", "id"], name="job_ended"),
        ),
        AddIndexConcurrently(
            model_name="page",
            index=models.Index(fields=["team", "fetched_at", "id"], name="page_fetched_of_team"),
        ),
        AddIndexConcurrently(
            model_name="page",
            index=models.Index(fields=["fetched_at", "id"], name="page_fetched"),
        ),
        AddIndexConcurrently(
            model_name="page",
            index=models.Index(fields=["outcome", "id"], name="page_outcome"),
        ),
        AddIndexConcurrently(
            model_name="page",
            index=models.Index(
                condition=models.Q(("reason", ""), _negated=True),
                fields=["reason", "id"],
                name="page_reason",
            ),
        ),
        AddIndexConcurrently(
            model_name="quantity",
            index=models.Index(fields=["kind", "claim"], name="quantity_kind"),
        ),
        AddIndexConcurrently(
            model_name="search",
            index=models.Index(fields=["outcome", "id"], name="search_outcome"),
        ),
        AddIndexConcurrently(
            model_name="search",
            index=models.Index(fields=["ended_at", "id"], name="search_ended"),
        ),
        AddIndexConcurrently(
            model_name="snapshot",
            index=models.Index(fields=["-fetched_at", "-id"], name="snapshot_newest_of_all"),
        ),
        AddIndexConcurrently(
            model_name="snapshot",
            index=models.Index(fields=["size_bytes", "id"], name="snapshot_size"),
        ),
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(
                models.F("team"),
                models.OrderBy(models.F("priority"), descending=True),
                models.F("id"),
                condition=models.Q(
                    ("assigned_to__isnull", True), ("state", claims.vocabulary.TicketState["READY"])
                ),
                name="ticket_free",
            ),
        ),
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(
                models.F("team"),
                models.F("assigned_to"),
                models.OrderBy(models.F("priority"), descending=True),
                models.F("id"),
                condition=models.Q(
                    ("assigned_to__isnull", False),
                    ("state", claims.vocabulary.TicketState["READY"]),
                ),
                name="ticket_given",
            ),
        ),
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(
                models.F("team"),
                models.OrderBy(models.F("priority"), descending=True),
                models.F("id"),
                name="ticket_of_team",
            ),
        ),
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(fields=["team", "id"], name="ticket_age_of_team"),
        ),
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(
                models.F("state"),
                models.OrderBy(models.F("priority"), descending=True),
                models.F("id"),
                name="ticket_state",
            ),
        ),
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("state", claims.vocabulary.TicketState["READY"])),
                fields=["team", "id"],
                name="ticket_oldest_waiting",
            ),
        ),
        AddIndexConcurrently(
            model_name="verdict",
            index=models.Index(fields=["state", "decided_at", "id"], name="verdict_state"),
        ),
        RemoveIndexConcurrently(
            model_name="ticket",
            name="ticket_waiting",
        ),
    ]
