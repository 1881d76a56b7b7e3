"""One team's searches of a window, and verdicts of one rating; built while people go on writing."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # An index that is built beside the work cannot be part of a transaction.
    atomic = False

    dependencies = [("claims", "0040_narrow_hand_out")]

    operations = [
        AddIndexConcurrently(
            model_name="search",
            index=models.Index(fields=["team", "created_at", "id"], name="search_asked_of_team"),
        ),
        AddIndexConcurrently(
            model_name="verdict",
            index=models.Index(fields=["rating_label", "decided_at", "id"], name="verdict_rated"),
        ),
    ]
