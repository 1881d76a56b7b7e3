"""The gate before a verdict, second reads that may be blind, waivers, and a correction's clock."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

READ_OUTCOMES = [
    ("agreed", "Agreed"),
    ("disagreed", "Disagreed"),
    ("confirmed", "Confirmed"),
    ("edited", "Edited"),
    ("sent_back", "Sent back"),
]
GATE_ITEMS = [
    ("origins", "Origins"),
    ("primary", "Primary"),
    ("anchored", "Anchored"),
    ("contrary", "Contrary"),
]
ACTIONS = [
    ("opened", "Opened"),
    ("moved", "Moved"),
    ("assigned", "Assigned"),
    ("renewed", "Renewed"),
    ("stance_set", "Stance set"),
    ("comparison_set", "Comparison set"),
    ("origin_set", "Origin set"),
    ("period_set", "Period set"),
    ("bearing_set", "Bearing set"),
    ("frame_edited", "Frame edited"),
    ("span_changed", "Span changed"),
    ("evidence_added", "Evidence added"),
    ("match_answered", "Match answered"),
    ("verdict_proposed", "Verdict proposed"),
    ("verdict_confirmed", "Verdict confirmed"),
    ("verdict_sent_back", "Verdict sent back"),
    ("verdict_edited", "Verdict edited"),
    ("blind_read", "Blind read"),
    ("noted", "Noted"),
]

KEEP_WORDS = """
CREATE OR REPLACE FUNCTION claims_keep_verdict_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (
        OLD.ticket_id, OLD.version, OLD.rating_id, OLD.scale_name, OLD.rating_label,
        OLD.rating_value, OLD.rating_best, OLD.rating_worst, OLD.rationale, OLD.tolerance,
        OLD.what_would_change, OLD.reviewer_id, OLD.decided_at, OLD.review_seconds,
        OLD.correction_of_id, OLD.correction_class, OLD.correction_reason, OLD.waiver_reason{old}
       ) IS DISTINCT FROM (
        NEW.ticket_id, NEW.version, NEW.rating_id, NEW.scale_name, NEW.rating_label,
        NEW.rating_value, NEW.rating_best, NEW.rating_worst, NEW.rationale, NEW.tolerance,
        NEW.what_would_change, NEW.reviewer_id, NEW.decided_at, NEW.review_seconds,
        NEW.correction_of_id, NEW.correction_class, NEW.correction_reason, NEW.waiver_reason{new}
       )
    THEN
        RAISE EXCEPTION 'a verdict is never overwritten: write a new version'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""
BEFORE = KEEP_WORDS.format(old="", new="")
AFTER = KEEP_WORDS.format(
    old=",\n        OLD.confidence, OLD.edited_by_id, OLD.is_blind",
    new=",\n        NEW.confidence, NEW.edited_by_id, NEW.is_blind",
)
APPEND_ONLY = """
CREATE TRIGGER secondread_append_only BEFORE UPDATE OR DELETE ON claims_secondread
    FOR EACH ROW EXECUTE FUNCTION claims_refuse_change();
CREATE TRIGGER waiver_append_only BEFORE UPDATE OR DELETE ON claims_waiver
    FOR EACH ROW EXECUTE FUNCTION claims_refuse_change();
"""
NOT_APPEND_ONLY = """
DROP TRIGGER waiver_append_only ON claims_waiver;
DROP TRIGGER secondread_append_only ON claims_secondread;
"""


def _team(name, field):
    return migrations.AddField(model_name="team", name=name, field=field)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("claims", "0017_weighing"),
    ]

    operations = [
        _team(
            "min_origins",
            models.PositiveSmallIntegerField(
                "independent origins",
                db_default=2,
                default=2,
                help_text="A verdict that rests on fewer needs a waiver. 0: not asked for.",
                validators=[django.core.validators.MaxValueValidator(10)],
            ),
        ),
        _team(
            "min_primary",
            models.PositiveSmallIntegerField(
                "primary sources",
                db_default=1,
                default=1,
                help_text="Pages of primary or official sources. 0: not asked for.",
                validators=[django.core.validators.MaxValueValidator(10)],
            ),
        ),
        _team(
            "wants_anchored",
            models.BooleanField(
                "decisive quotes stand in their copies",
                db_default=True,
                default=True,
                help_text="Each decisive quote must stand at its place in a copy that was fetched.",
            ),
        ),
        _team(
            "wants_contrary",
            models.BooleanField(
                "a search for contrary evidence",
                db_default=True,
                default=True,
                help_text="The log must hold one that was answered.",
            ),
        ),
        _team(
            "blind_percent",
            models.PositiveSmallIntegerField(
                "blind second reads, per cent",
                db_default=0,
                default=0,
                help_text="Of so many verdicts, drawn by lot, the second reader gives a rating "
                "without seeing the first. 0: none.",
                validators=[django.core.validators.MaxValueValidator(100)],
            ),
        ),
        _team(
            "blind_kinds",
            models.JSONField(
                "always blind",
                blank=True,
                db_default=models.Value([], models.JSONField()),
                default=list,
                help_text="Claims with a number of these kinds are always read blind.",
            ),
        ),
        _team(
            "agreement_minimum",
            models.PositiveSmallIntegerField(
                "agreement from",
                db_default=20,
                default=20,
                help_text="Agreement between readers is shown from so many second reads on.",
                validators=[
                    django.core.validators.MinValueValidator(2),
                    django.core.validators.MaxValueValidator(10000),
                ],
            ),
        ),
        _team(
            "correction_days",
            models.PositiveSmallIntegerField(
                "correct within, days",
                blank=True,
                help_text="What the team promises: days from reopening a published verdict to its "
                "correction. Empty: no promise.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(365),
                ],
            ),
        ),
        migrations.AddField(
            model_name="verdict",
            name="confidence",
            field=models.CharField(
                blank=True,
                choices=[("low", "Low"), ("medium", "Medium"), ("high", "High")],
                db_default="",
                default="",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="verdict",
            name="edited_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="verdict",
            name="is_blind",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="verdict",
            name="is_sealed",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name="verdict",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_sealed", False),
                    models.Q(("is_blind", True), ("state", "proposed")),
                    _connector="OR",
                ),
                name="only_blind_proposals_are_sealed",
            ),
        ),
        migrations.CreateModel(
            name="SecondRead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_blind", models.BooleanField(default=False)),
                ("outcome", models.CharField(choices=READ_OUTCOMES, max_length=12)),
                ("rating_label", models.CharField(blank=True, max_length=60)),
                ("rating_value", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("rationale", models.TextField(blank=True)),
                ("note", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                (
                    "rating",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.rating",
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="second_reads",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "verdict",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reads",
                        to="claims.verdict",
                    ),
                ),
            ],
            options={
                "ordering": ["verdict", "id"],
                "indexes": [models.Index(fields=["at", "id"], name="second_read_at")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_blind", True)),
                        fields=("verdict",),
                        name="one_blind_read_a_verdict",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Waiver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("item", models.CharField(choices=GATE_ITEMS, max_length=12)),
                ("needed", models.PositiveSmallIntegerField()),
                ("found", models.PositiveSmallIntegerField()),
                ("reason", models.TextField()),
                (
                    "verdict",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waivers",
                        to="claims.verdict",
                    ),
                ),
            ],
            options={
                "ordering": ["verdict", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("verdict", "item"), name="one_waiver_an_item")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(
                    ("published_at__isnull", False),
                    ("state__in", ("gathering", "ready", "in_review", "decided")),
                ),
                fields=["team", "id"],
                name="ticket_in_correction",
            ),
        ),
        migrations.AlterField(
            model_name="ticketevent",
            name="action",
            field=models.CharField(choices=ACTIONS, max_length=20),
        ),
        migrations.RunSQL(AFTER, BEFORE),
        migrations.RunSQL(APPEND_ONLY, NOT_APPEND_ONLY),
    ]
