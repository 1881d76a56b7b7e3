import django.db.models.deletion
from django.db import migrations, models

ACTIONS = (
    "opened", "moved", "assigned", "renewed", "stance_set", "comparison_set", "origin_set",
    "period_set", "bearing_set", "frame_edited", "span_changed", "evidence_added",
    "match_answered", "match_split", "verdict_proposed", "verdict_confirmed",
    "verdict_sent_back", "verdict_edited", "blind_read", "priority_set", "due_set", "skipped",
    "handed_over", "tagged", "noted",
)  # fmt: skip

# What was merged before places knew what they were found as: the words that stand at a place
# are those of the merged claim and not those of the claim that has the place now.
TELL = """
WITH RECURSIVE joined AS (
    SELECT claim_id AS claim, earlier_id AS root FROM claims_claimmatch WHERE answer = 'same'
    UNION
    SELECT joined.claim, further.earlier_id
      FROM joined JOIN claims_claimmatch further
        ON further.claim_id = joined.root AND further.answer = 'same'
)
UPDATE claims_appearance place
   SET found_as_id = merged.id
  FROM joined
  JOIN claims_claim merged ON merged.id = joined.claim
  JOIN claims_claim kept ON kept.id = joined.root AND kept.text <> merged.text,
       claims_article article
 WHERE place.claim_id = joined.root AND article.id = place.article_id
   AND place.gone_after_id IS NULL
   AND substring(article.text FROM place.start + 1 FOR place."end" - place.start) = merged.text
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0025_own_copies")]

    operations = [
        migrations.AddField(
            model_name="appearance",
            name="found_as",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="merged_places",
                to="claims.claim",
            ),
        ),
        migrations.AlterField(
            model_name="ticketevent",
            name="action",
            field=models.CharField(
                choices=[(one, one.replace("_", " ").capitalize()) for one in ACTIONS],
                max_length=20,
            ),
        ),
        migrations.RunSQL(TELL, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="appearance",
            index=models.Index(
                condition=models.Q(found_as__isnull=False),
                fields=["found_as"],
                name="appearance_merged",
            ),
        ),
    ]
