"""A lease names the holder that proves that it lives."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0002_append_only")]

    operations = [
        migrations.AddField(
            model_name="job",
            name="lease_holder",
            field=models.IntegerField(blank=True, null=True),
        ),
    ]
