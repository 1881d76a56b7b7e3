"""Whose proposals wait, in an index of their own; built while people go on writing."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # An index that is built beside the work cannot be part of a transaction.
    atomic = False

    dependencies = [("claims", "0041_windows_of_teams")]

    operations = [
        AddIndexConcurrently(
            model_name="verdict",
            index=models.Index(
                condition=models.Q(("state", "proposed")),
                fields=["ticket"],
                include=("id", "reviewer"),
                name="verdict_proposed_by",
            ),
        ),
    ]
