"""Queries that are of no ticket: of a page's copy in an archive, and those that try a place out."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0018_verdict_rules"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *(
            migrations.AddField(
                model_name=model,
                name="copy",
                field=models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to="claims.snapshot",
                ),
            )
            for model in ("article", "articlerevision", "search")
        ),
        migrations.AddField(
            model_name="search",
            name="answer",
            field=models.JSONField(
                blank=True, db_default=models.Value([], models.JSONField()), default=list
            ),
        ),
        migrations.AddField(
            model_name="search",
            name="asked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="search",
            name="page",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="copy_searches",
                to="claims.page",
            ),
        ),
        migrations.AddField(
            model_name="search",
            name="team",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="claims.team",
            ),
        ),
        migrations.AddField(
            model_name="search",
            name="wanted_on",
            field=models.DateField(blank=True, null=True),
        ),
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
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="search",
            name="ticket",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="searches",
                to="claims.ticket",
            ),
        ),
    ]
