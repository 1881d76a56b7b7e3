"""What a claim's arithmetic shows and what its wording resolved, kept as read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0007_search_log_indexes")]

    operations = [
        migrations.AddField(
            model_name="claim",
            name="hints",
            field=models.JSONField(
                blank=True, db_default=models.Value([], models.JSONField()), default=list
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="resolved",
            field=models.JSONField(
                blank=True, db_default=models.Value([], models.JSONField()), default=list
            ),
        ),
    ]
