"""Since when what waits has waited: what the lead's home counts by age, and its list."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0026_split_merged")]

    operations = [
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("state", "ready")),
                fields=["ready_at", "team"],
                name="ticket_waiting_since",
            ),
        ),
    ]
