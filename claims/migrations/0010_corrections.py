"""What people set against the machine: append-only, as history is; and claims that were dropped."""

import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

FORWARDS = """
CREATE TRIGGER correction_append_only BEFORE UPDATE OR DELETE ON claims_correction
    FOR EACH ROW EXECUTE FUNCTION claims_refuse_change();
"""
BACKWARDS = "DROP TRIGGER correction_append_only ON claims_correction;"


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0009_source_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="claim",
            name="dropped_at",
            field=models.DateTimeField(
                blank=True, help_text="When a person said that this is no claim.", null=True
            ),
        ),
        migrations.AlterField(
            model_name="ticketevent",
            name="action",
            field=models.CharField(
                choices=[
                    ("opened", "Opened"),
                    ("moved", "Moved"),
                    ("assigned", "Assigned"),
                    ("renewed", "Renewed"),
                    ("stance_set", "Stance set"),
                    ("frame_edited", "Frame edited"),
                    ("span_changed", "Span changed"),
                    ("evidence_added", "Evidence added"),
                    ("verdict_proposed", "Verdict proposed"),
                    ("verdict_confirmed", "Verdict confirmed"),
                    ("verdict_sent_back", "Verdict sent back"),
                    ("noted", "Noted"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="Correction",
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
                            ("claim_made", "Claim made"),
                            ("claim_dropped", "Claim dropped"),
                            ("claim_restored", "Claim restored"),
                            ("span_changed", "Span changed"),
                            ("frame_field", "Frame field"),
                            ("wording", "Wording"),
                            ("claimant", "Claimant"),
                            ("stance", "Stance"),
                            ("comparison", "Comparison"),
                        ],
                        max_length=20,
                    ),
                ),
                ("field", models.CharField(blank=True, max_length=60)),
                (
                    "machine",
                    models.JSONField(
                        blank=True,
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        null=True,
                    ),
                ),
                (
                    "person",
                    models.JSONField(
                        blank=True,
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        null=True,
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="claims.article",
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="claims.claim",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="claims.team",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["team", "kind", "-id"], name="correction_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("article__isnull", False), ("claim__isnull", False), _connector="OR"
                        ),
                        name="correction_is_about_something",
                    )
                ],
            },
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
