"""Ways past large tables: who left which stage when, the newest corrections; two doubled indexes go.

Built while people go on writing.
"""

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # An index that is built beside the work cannot be part of a transaction.
    atomic = False

    dependencies = [("claims", "0034_kept_plans")]

    operations = [
        AddIndexConcurrently(
            model_name="ticketevent",
            index=models.Index(
                condition=models.Q(("from_state", ""), _negated=True),
                fields=["from_state", "at"],
                include=("ticket", "to_state"),
                name="event_left",
            ),
        ),
        AddIndexConcurrently(
            model_name="verdict",
            index=models.Index(
                condition=models.Q(("correction_of__isnull", False)),
                fields=["-published_at", "-id"],
                name="verdict_correction_newest",
            ),
        ),
        # Other indexes and keys begin with these columns: one entry less for each change.
        migrations.AlterField(
            model_name="ticketevent",
            name="ticket",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="claims.ticket",
            ),
        ),
        migrations.AlterField(
            model_name="ticket",
            name="team",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tickets",
                to="claims.team",
            ),
        ),
    ]
