"""Ratings have examples; a verdict keeps its rating's colour and definition, and its publication.

What was published stays on record: only a newer version stands in its place, and taking it back
leaves who, when and why. The database refuses every other way.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

COPY_RATINGS = """
UPDATE claims_verdict AS verdict
SET rating_colour = rating.colour, rating_definition = rating.definition
FROM claims_rating AS rating WHERE rating.id = verdict.rating_id;
"""
WORDS = (
    "ticket_id", "version", "rating_id", "scale_name", "rating_label", "rating_value",
    "rating_best", "rating_worst", "rationale", "tolerance", "what_would_change", "reviewer_id",
    "decided_at", "review_seconds", "correction_of_id", "correction_class", "correction_reason",
    "waiver_reason", "confidence", "edited_by_id", "is_blind",
)  # fmt: skip
COPIED = ("rating_colour", "rating_definition")
COUNTED = ("evidence_count", "independent_origins", "is_primary_reached")


def _keep_words(*names: str) -> str:
    old, new = (", ".join(f"{row}.{name}" for name in names) for row in ("OLD", "NEW"))
    return f"""
CREATE OR REPLACE FUNCTION claims_keep_verdict_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ({old}) IS DISTINCT FROM ({new}) THEN
        RAISE EXCEPTION 'a verdict is never overwritten: write a new version'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""


KEEP_STANDING = """
CREATE FUNCTION claims_keep_verdict_standing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('proposed', 'final'), ('proposed', 'sent_back'), ('proposed', 'superseded'),
        ('final', 'superseded')
    ) THEN
        RAISE EXCEPTION 'a verdict that is % does not become %', OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.published_at IS NOT NULL AND NEW.published_at IS DISTINCT FROM OLD.published_at)
        OR (OLD.second_reviewer_id IS NOT NULL AND
            (OLD.second_reviewer_id, OLD.has_agreed, OLD.second_note, OLD.confirmed_at)
            IS DISTINCT FROM
            (NEW.second_reviewer_id, NEW.has_agreed, NEW.second_note, NEW.confirmed_at))
        OR (OLD.withdrawn_at IS NOT NULL AND
            (OLD.withdrawn_at, OLD.withdrawn_by_id, OLD.withdrawal_reason) IS DISTINCT FROM
            (NEW.withdrawn_at, NEW.withdrawn_by_id, NEW.withdrawal_reason))
        OR (NEW.is_sealed AND NOT OLD.is_sealed)
    THEN
        RAISE EXCEPTION 'how a verdict was read, published or withdrawn stays on record'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER verdict_standing_stays BEFORE UPDATE ON claims_verdict
    FOR EACH ROW EXECUTE FUNCTION claims_keep_verdict_standing();
"""
LET_STANDING = """
DROP TRIGGER verdict_standing_stays ON claims_verdict;
DROP FUNCTION claims_keep_verdict_standing();
"""
ACTIONS = [
    (name, name.replace("_", " ").capitalize())
    for name in (
        "opened", "moved", "assigned", "renewed", "stance_set", "comparison_set", "origin_set",
        "period_set", "bearing_set", "frame_edited", "span_changed", "evidence_added",
        "match_answered", "match_split", "verdict_proposed", "verdict_confirmed",
        "verdict_sent_back", "verdict_edited", "verdict_withdrawn", "blind_read", "priority_set",
        "due_set", "skipped", "handed_over", "tagged", "noted",
    )
]  # fmt: skip


def _verdict(name, field):
    return migrations.AddField(model_name="verdict", name=name, field=field)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("claims", "0036_own_zone"),
    ]

    operations = [
        migrations.AddField(
            model_name="rating",
            name="examples",
            field=models.TextField(
                blank=True,
                db_default="",
                default="",
                help_text="Claims that were rated so, and why: one a line.",
            ),
        ),
        _verdict(
            "rating_colour", models.CharField(blank=True, db_default="", default="", max_length=7)
        ),
        _verdict("rating_definition", models.TextField(blank=True, db_default="", default="")),
        _verdict("withdrawn_at", models.DateTimeField(blank=True, null=True)),
        _verdict(
            "withdrawn_by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        _verdict("withdrawal_reason", models.TextField(blank=True, db_default="", default="")),
        migrations.RunSQL(COPY_RATINGS, migrations.RunSQL.noop),
        # What the copying left to be checked would keep the table from being altered.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="verdict",
            constraint=models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True)
                | Q(published_at__isnull=False, withdrawn_by__isnull=False),
                name="only_published_verdicts_are_withdrawn",
            ),
        ),
        migrations.AddIndex(
            model_name="verdict",
            index=models.Index(
                condition=Q(withdrawn_at__isnull=False),
                fields=["-withdrawn_at", "-id"],
                name="verdict_withdrawn_newest",
            ),
        ),
        migrations.AlterField(
            model_name="ticketevent",
            name="action",
            field=models.CharField(choices=ACTIONS, max_length=20),
        ),
        migrations.RunSQL(_keep_words(*WORDS, *COPIED, *COUNTED), _keep_words(*WORDS)),
        migrations.RunSQL(KEEP_STANDING, LET_STANDING),
    ]
