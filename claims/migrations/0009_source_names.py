"""Indexes for the list of sources by name, built while people go on writing."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # An index that is built beside the work cannot be part of a transaction.
    atomic = False

    dependencies = [("claims", "0008_claim_hints")]

    operations = [
        AddIndexConcurrently(
            model_name="source",
            index=models.Index(fields=["team", "name", "id"], name="source_name_of_team"),
        ),
        AddIndexConcurrently(
            model_name="source",
            index=models.Index(fields=["name", "id"], name="source_name"),
        ),
    ]
