"""Images and video of a copy as links, and whether a leased job waits for its turn."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0032_files_imports_and_zones")]

    operations = [
        migrations.AddField(
            model_name="snapshot",
            name="media",
            field=models.JSONField(
                blank=True, db_default=models.Value([], models.JSONField()), default=list
            ),
        ),
        migrations.AddField(
            model_name="job",
            name="is_waiting",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
