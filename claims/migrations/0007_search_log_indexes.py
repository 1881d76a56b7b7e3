"""Indexes for the filters of the search log, built while people go on writing."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # An index that is built beside the work cannot be part of a transaction.
    atomic = False

    dependencies = [("claims", "0006_list_indexes")]

    operations = [
        AddIndexConcurrently(
            model_name="search",
            index=models.Index(fields=["purpose", "id"], name="search_purpose"),
        ),
        AddIndexConcurrently(
            model_name="search",
            index=models.Index(fields=["created_at", "id"], name="search_asked"),
        ),
    ]
