import claims.vocabulary.looking
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0030_telling"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="job",
            name="kind",
            field=models.CharField(
                choices=[
                    ("fetch_article", "Fetch article"),
                    ("detect", "Detect"),
                    ("search", "Search"),
                    ("fetch", "Fetch"),
                    ("read", "Read"),
                    ("weigh", "Weigh"),
                    ("match", "Match"),
                    ("send_digest", "Send digest"),
                    ("send_hook", "Send hook"),
                    ("errand", "Errand"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="job",
            name="state",
            field=models.CharField(
                choices=[
                    ("pending", "Pending"),
                    ("leased", "Leased"),
                    ("done", "Done"),
                    ("failed", "Failed"),
                    ("cancelled", "Cancelled"),
                ],
                default=claims.vocabulary.looking.JobState["PENDING"],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="Errand",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("articles", "Articles"),
                            ("export", "Export"),
                            ("check", "Check"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("under_way", "Under way"),
                            ("done", "Done"),
                            ("cancelled", "Cancelled"),
                            ("failed", "Failed"),
                        ],
                        default=claims.vocabulary.looking.ErrandState["UNDER_WAY"],
                        max_length=10,
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("total", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("asked", models.JSONField(blank=True, default=dict)),
                ("told", models.TextField(blank=True)),
                ("file", models.CharField(blank=True, max_length=100)),
                ("size_bytes", models.BigIntegerField(default=0)),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="errands",
                        to="claims.team",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="article",
            name="errand",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="articles",
                to="claims.errand",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("errand__isnull", False)),
                fields=["errand", "state"],
                name="article_errand",
            ),
        ),
        migrations.AddIndex(
            model_name="errand",
            index=models.Index(fields=["team", "-id"], name="errand_newest"),
        ),
        migrations.AddIndex(
            model_name="errand",
            index=models.Index(
                condition=models.Q(("state", claims.vocabulary.looking.ErrandState["UNDER_WAY"])),
                fields=["kind"],
                name="errand_under_way",
            ),
        ),
        migrations.AddIndex(
            model_name="errand",
            index=models.Index(
                condition=models.Q(("file", ""), _negated=True),
                fields=["ended_at"],
                name="errand_file",
            ),
        ),
        migrations.AddConstraint(
            model_name="errand",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ended_at__isnull", True),
                        ("state", claims.vocabulary.looking.ErrandState["UNDER_WAY"]),
                    ),
                    models.Q(
                        models.Q(
                            ("state", claims.vocabulary.looking.ErrandState["UNDER_WAY"]),
                            _negated=True,
                        ),
                        ("ended_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="only_ended_errands_have_an_end",
            ),
        ),
    ]
