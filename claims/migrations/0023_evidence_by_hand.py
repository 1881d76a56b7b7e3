"""What a reviewer brings stands in the log of searches under a purpose of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0022_fact_checks_due")]

    operations = [
        migrations.AlterField(
            model_name="search",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("support", "Support"),
                    ("contradict", "Contradict"),
                    ("cited", "Cited"),
                    ("copy", "Copy"),
                    ("trial", "Trial"),
                    ("by_hand", "By hand"),
                ],
                max_length=12,
            ),
        ),
    ]
