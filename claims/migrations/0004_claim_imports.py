"""Imports of claims from files, and an index that finds claims written nearly alike."""

import claims.vocabulary
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


# Letters and digits in lower case, as a digest: a wording may be longer than an index takes.
FORWARDS = r"""
CREATE FUNCTION claims_wording(wording text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT md5(lower(regexp_replace(
        wording, '[[:space:]!"#$%&''()*+,./:;<=>?@^_`{|}~“”„«»‘’‚–—‑‐…\[\]\\-]+', '', 'g')))
$$;
"""
BACKWARDS = "DROP FUNCTION claims_wording(text);"


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0003_job_lease_holder"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ClaimImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("done", "Done")],
                        default=claims.vocabulary.ImportState["WAITING"],
                        max_length=8,
                    ),
                ),
                ("file_name", models.CharField(blank=True, max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("size_bytes", models.PositiveIntegerField(default=0)),
                ("body", models.BinaryField(default=b"")),
                ("row_count", models.PositiveIntegerField(default=0)),
                ("new_count", models.PositiveIntegerField(default=0)),
                ("known_count", models.PositiveIntegerField(default=0)),
                ("repeated_count", models.PositiveIntegerField(default=0)),
                ("ticket_count", models.PositiveIntegerField(default=0)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ImportedRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("line", models.PositiveIntegerField()),
                (
                    "became",
                    models.CharField(
                        choices=[("new", "New"), ("known", "Known"), ("repeated", "Repeated")],
                        max_length=8,
                    ),
                ),
                ("article_title", models.CharField(blank=True, max_length=500)),
                ("article_url", models.CharField(blank=True, max_length=2000)),
                ("article_published", models.DateField(blank=True, null=True)),
                ("said_on", models.DateField(blank=True, null=True)),
                ("language", models.CharField(blank=True, max_length=8)),
                ("note", models.TextField(blank=True)),
                ("external_id", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "ordering": ["source", "line"],
            },
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                models.F("team"),
                models.Func(models.F("text"), function="claims_wording"),
                name="claim_wording",
            ),
        ),
        migrations.AddField(
            model_name="claimimport",
            name="confirmed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="claimimport",
            name="created_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="claimimport",
            name="team",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="imports",
                to="claims.team",
            ),
        ),
        migrations.AddField(
            model_name="importedrow",
            name="claim",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="imported_rows",
                to="claims.claim",
            ),
        ),
        migrations.AddField(
            model_name="importedrow",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rows",
                to="claims.claimimport",
            ),
        ),
        migrations.AddConstraint(
            model_name="claimimport",
            constraint=models.UniqueConstraint(
                fields=("team", "sha256"), name="one_import_per_file"
            ),
        ),
        migrations.AddConstraint(
            model_name="claimimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("confirmed_at__isnull", True),
                        ("state", claims.vocabulary.ImportState["WAITING"]),
                    ),
                    models.Q(
                        ("confirmed_at__isnull", False),
                        ("state", claims.vocabulary.ImportState["DONE"]),
                    ),
                    _connector="OR",
                ),
                name="only_done_imports_were_confirmed",
            ),
        ),
        migrations.AddConstraint(
            model_name="importedrow",
            constraint=models.UniqueConstraint(
                fields=("source", "line"), name="one_imported_row_per_line"
            ),
        ),
    ]
