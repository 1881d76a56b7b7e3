"""Large files of claims are previewed by the workers; the preview is kept beside the file."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0037_what_verdicts_keep")]

    operations = [
        migrations.AddField(
            model_name="claimimport",
            name="preview",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="errand",
            name="kind",
            field=models.CharField(
                choices=[
                    ("articles", "Articles"),
                    ("files", "Files"),
                    ("preview", "Preview"),
                    ("import", "Import"),
                    ("export", "Export"),
                    ("check", "Check"),
                ],
                max_length=10,
            ),
        ),
    ]
