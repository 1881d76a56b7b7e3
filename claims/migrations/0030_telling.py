import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

KINDS = [
    ("mentioned", "Mentioned"),
    ("replied", "Replied"),
    ("given", "Given"),
    ("sent_back", "Sent back"),
    ("due_soon", "Due soon"),
    ("overdue", "Overdue"),
]
PERSON = settings.AUTH_USER_MODEL


def no_kinds():
    return django.contrib.postgres.fields.ArrayField(
        base_field=models.CharField(choices=KINDS, max_length=12),
        blank=True,
        db_default=models.Value(
            "{}",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=12), size=None
            ),
        ),
        default=list,
        editable=False,
        size=None,
    )


def key():
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0029_words_of_rationales_and_quotes"),
        migrations.swappable_dependency(PERSON),
    ]

    operations = [
        migrations.CreateModel(
            name="Digest",
            fields=[
                ("id", key()),
                ("turn", models.DateTimeField()),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("error", models.CharField(blank=True, max_length=300)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="digests",
                        to=PERSON,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "turn"), name="one_digest_a_turn")
                ],
            },
        ),
        migrations.CreateModel(
            name="DigestPlan",
            fields=[
                ("id", key()),
                (
                    "rhythm",
                    models.CharField(
                        choices=[("daily", "Daily"), ("hourly", "Hourly"), ("never", "Never")],
                        default="daily",
                        max_length=8,
                    ),
                ),
                (
                    "hour",
                    models.PositiveSmallIntegerField(
                        default=7, validators=[django.core.validators.MaxValueValidator(23)]
                    ),
                ),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="digest_plan",
                        to=PERSON,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Webhook",
            fields=[
                ("id", key()),
                ("url", models.CharField(blank=True, max_length=1000)),
                ("secret", models.CharField(blank=True, max_length=200)),
                ("is_on", models.BooleanField(default=False)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("last_success_at", models.DateTimeField(blank=True, null=True)),
                ("last_error_at", models.DateTimeField(blank=True, null=True)),
                ("last_error", models.CharField(blank=True, max_length=300)),
                ("off_reason", models.CharField(blank=True, max_length=300)),
                (
                    "team",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="webhook",
                        to="claims.team",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CommentDraft",
            fields=[
                ("id", key()),
                ("text", models.TextField()),
                ("saved_at", models.DateTimeField(auto_now=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=PERSON
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="claims.comment",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comment_drafts",
                        to="claims.ticket",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("ticket", "author", "thread"),
                        name="one_comment_draft_a_thread",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.AlterField("membership", "muted", no_kinds()),
        migrations.AddField("membership", "unmailed", no_kinds()),
        migrations.AddField("membership", "hooked", no_kinds()),
        migrations.AddField(
            "notice", "is_in_app", models.BooleanField(db_default=True, default=True)
        ),
        migrations.AddField(
            "notice", "wants_mail", models.BooleanField(db_default=False, default=False)
        ),
        migrations.AddField(
            "notice",
            "digest",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="notices",
                to="claims.digest",
            ),
        ),
        migrations.AddIndex(
            "notice",
            models.Index(
                condition=models.Q(
                    ("digest__isnull", True), ("read_at__isnull", True), ("wants_mail", True)
                ),
                fields=["person", "at"],
                name="notice_to_mail",
            ),
        ),
        migrations.AlterField(
            "job",
            "kind",
            models.CharField(
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
                ],
                max_length=16,
            ),
        ),
    ]
