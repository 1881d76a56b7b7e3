import claims.models.zones
import claims.vocabulary.reviewing
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0031_errands"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="claimimport",
            name="only_done_imports_were_confirmed",
        ),
        migrations.AddField(
            model_name="claimimport",
            name="errand",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="imports",
                to="claims.errand",
            ),
        ),
        migrations.AddField(
            model_name="claimimport",
            name="taken_count",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="team",
            name="time_zone",
            field=models.CharField(
                db_default="UTC",
                default=claims.models.zones.usual_zone,
                help_text="Where its days begin and end, such as Europe/Berlin: for due days, holidays, reminders and the times its members are shown.",
                max_length=64,
                validators=[claims.models.zones.check_zone],
            ),
        ),
        migrations.AlterField(
            model_name="claimimport",
            name="state",
            field=models.CharField(
                choices=[("waiting", "Waiting"), ("taking", "Taking"), ("done", "Done")],
                default=claims.vocabulary.reviewing.ImportState["WAITING"],
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="errand",
            name="kind",
            field=models.CharField(
                choices=[
                    ("articles", "Articles"),
                    ("files", "Files"),
                    ("import", "Import"),
                    ("export", "Export"),
                    ("check", "Check"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="claimimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("confirmed_at__isnull", True),
                        ("state", claims.vocabulary.reviewing.ImportState["WAITING"]),
                    ),
                    models.Q(
                        models.Q(
                            ("state", claims.vocabulary.reviewing.ImportState["WAITING"]),
                            _negated=True,
                        ),
                        ("confirmed_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="only_confirmed_imports_are_begun",
            ),
        ),
    ]
