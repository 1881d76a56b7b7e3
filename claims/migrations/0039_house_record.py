"""The house's record: memberships, accounts' standing, teams' rules and exports, in one chain.

The database itself writes it, so that no way of changing them is silent. What stands when this is
applied is written down first. Shipped ratings that nobody changed get their examples.
"""

from django.conf import settings
from django.db import migrations, models
from django.db.models import deletion

RECORD = """
CREATE FUNCTION claims_record(kind text, team bigint, about text, told text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    who bigint := nullif(current_setting('claims.actor', true), '')::bigint;
    name text := coalesce((
        SELECT left(coalesce(nullif(btrim(first_name || ' ' || last_name), ''), username), 150)
        FROM auth_user WHERE id = who), '');
    last record;
    number bigint := 1;
    before text := '';
    moment timestamptz;
BEGIN
    -- One writer at a time: each line carries the digest of the line before.
    PERFORM pg_advisory_xact_lock(hashtextextended('claims_houseevent', 0));
    SELECT sequence, digest INTO last FROM claims_houseevent ORDER BY sequence DESC LIMIT 1;
    IF FOUND THEN
        number := last.sequence + 1;
        before := last.digest;
    END IF;
    moment := clock_timestamp();
    INSERT INTO claims_houseevent (
        sequence, at, team_id, actor_id, actor_name, action, subject, changes, previous_digest,
        digest
    ) VALUES (
        number, moment, team, who, name, kind, about, told, before,
        encode(sha256(convert_to(jsonb_build_array(
            number, to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), team, who,
            name, kind, about, told, before)::text, 'UTF8')), 'hex')
    );
END $$;

CREATE FUNCTION claims_changed(was jsonb, becomes jsonb, VARIADIC names text[])
RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_object_agg(key, jsonb_build_array(was -> key, becomes -> key))
    FROM unnest(names) AS key WHERE was -> key IS DISTINCT FROM becomes -> key
$$;

CREATE FUNCTION claims_record_member(
    kind text, member bigint, team bigint, was text, becomes text
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM claims_record(kind, team,
        coalesce((SELECT username FROM auth_user WHERE id = member), member::text),
        jsonb_build_object('user', member, 'role', jsonb_build_array(was, becomes))::text);
END $$;

CREATE FUNCTION claims_note_membership() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.team_id, OLD.user_id) = (NEW.team_id, NEW.user_id) THEN
        IF OLD.role <> NEW.role THEN
            PERFORM claims_record_member(
                'member_changed', NEW.user_id, NEW.team_id, OLD.role, NEW.role);
        END IF;
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        PERFORM claims_record_member('member_removed', OLD.user_id, OLD.team_id, OLD.role, NULL);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM claims_record_member('member_added', NEW.user_id, NEW.team_id, NULL, NEW.role);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER membership_recorded
    AFTER INSERT OR DELETE OR UPDATE OF team_id, user_id, role ON claims_membership
    FOR EACH ROW EXECUTE FUNCTION claims_note_membership();

CREATE FUNCTION claims_note_account() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    one auth_user%ROWTYPE;
    told jsonb;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        one := NEW;
        told := claims_changed(
            to_jsonb(OLD), to_jsonb(NEW), 'username', 'is_active', 'is_staff', 'is_superuser');
    ELSIF TG_OP = 'INSERT' AND NEW.is_superuser THEN
        one := NEW;
        told := '{"is_superuser": [false, true]}';
    ELSIF TG_OP = 'DELETE' AND OLD.is_superuser THEN
        one := OLD;
        told := '{"is_superuser": [true, false]}';
    END IF;
    IF told IS NOT NULL THEN
        PERFORM claims_record('account_changed', NULL, one.username,
            (told || jsonb_build_object('user', one.id))::text);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER account_recorded
    AFTER INSERT OR DELETE OR UPDATE OF username, is_active, is_staff, is_superuser ON auth_user
    FOR EACH ROW EXECUTE FUNCTION claims_note_account();

CREATE FUNCTION claims_note_rules() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told jsonb := claims_changed(
        to_jsonb(OLD), to_jsonb(NEW), 'name', 'slug', 'scale_id', 'confirmation', 'min_origins',
        'min_primary', 'wants_anchored', 'wants_contrary', 'blind_percent', 'blind_kinds',
        'agreement_minimum', 'correction_days', 'keep_copies_days');
BEGIN
    IF told IS NOT NULL THEN
        PERFORM claims_record('rules_changed', NEW.id, NEW.name, told::text);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER rules_recorded AFTER UPDATE ON claims_team
    FOR EACH ROW EXECUTE FUNCTION claims_note_rules();

CREATE TRIGGER houseevent_append_only BEFORE UPDATE OR DELETE ON claims_houseevent
    FOR EACH ROW EXECUTE FUNCTION claims_refuse_change();

SELECT claims_record_member('member_added', user_id, team_id, NULL, role)
FROM (SELECT * FROM claims_membership ORDER BY id) AS one;
SELECT claims_record('account_changed', NULL, username,
    jsonb_build_object('user', id, 'is_superuser', jsonb_build_array(false, true))::text)
FROM (SELECT * FROM auth_user WHERE is_superuser ORDER BY id) AS one;
"""
NO_RECORD = """
DROP TRIGGER rules_recorded ON claims_team;
DROP TRIGGER account_recorded ON auth_user;
DROP TRIGGER membership_recorded ON claims_membership;
DROP FUNCTION claims_note_rules, claims_note_account, claims_note_membership,
    claims_record_member, claims_changed, claims_record;
"""
EXAMPLES = """
UPDATE claims_rating AS rating SET examples = shipped.examples
FROM claims_ratingscale AS scale, (VALUES
    ('true-false-5', 'True',
     'The claim is accurate, and nothing of weight is missing.',
     '“Nearly 70 per cent” where the register counts 69.2.'),
    ('true-false-5', 'Mostly true',
     'The core is accurate; a detail is inexact.',
     '“Exports doubled in 2024” where they grew by 94 per cent.'),
    ('true-false-5', 'Half true',
     'Part is accurate; what is missing changes how it reads.',
     '“Prices fell by 3 per cent” in one month of a year in which they rose by 9.'),
    ('true-false-5', 'Mostly false',
     'A grain of truth is used to support what is wrong.',
     '“Half of all pupils fail” where half of those who sat one paper did.'),
    ('true-false-5', 'False',
     'The sources contradict the claim, and no fair reading saves it.',
     '“5 million jobs were made” where every count has fewer than 400,000.'),
    ('averitec-4', 'Supported',
     'The evidence found bears the claim out.',
     'Two independent counts have the number that was claimed.'),
    ('averitec-4', 'Conflicting Evidence/Cherry-picking',
     'Good sources disagree, or the claim is true only of a chosen part of them.',
     'One office has growth and another a loss for the same year.'),
    ('averitec-4', 'Not Enough Evidence',
     'What was found settles it neither way.',
     'The only figure is for another year, and nobody counted this one.'),
    ('averitec-4', 'Refuted',
     'The evidence found contradicts the claim.',
     'The register that is named has half of the number that was claimed.'),
    ('plain-3', 'True',
     'The sources agree with the claim.',
     '“Nearly 70 per cent” where the register counts 69.2.'),
    ('plain-3', 'Mixed',
     'Some of it holds and some of it does not.',
     'The sum is right, and the year is another.'),
    ('plain-3', 'False',
     'The sources contradict the claim.',
     '“Twice as many” where the count fell.')
) AS shipped (slug, label, definition, examples)
WHERE scale.id = rating.scale_id AND scale.slug = shipped.slug AND rating.label = shipped.label
    AND rating.definition = shipped.definition AND rating.examples = '';
"""
ACTIONS = [
    (name, name.replace("_", " ").capitalize())
    for name in (
        "member_added", "member_changed", "member_removed", "account_changed", "rules_changed",
        "exported",
    )
]  # fmt: skip


def _outlasting(to):
    return models.ForeignKey(
        blank=True,
        db_constraint=False,
        null=True,
        on_delete=deletion.DO_NOTHING,
        related_name="+",
        to=to,
    )


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("claims", "0038_import_previews"),
    ]

    operations = [
        migrations.CreateModel(
            name="HouseEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sequence", models.PositiveBigIntegerField(unique=True)),
                ("at", models.DateTimeField()),
                ("actor_name", models.CharField(blank=True, max_length=150)),
                ("action", models.CharField(choices=ACTIONS, max_length=16)),
                ("subject", models.TextField(blank=True)),
                ("changes", models.TextField(blank=True)),
                ("previous_digest", models.CharField(blank=True, max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("actor", _outlasting(settings.AUTH_USER_MODEL)),
                ("team", _outlasting("claims.team")),
            ],
            options={"ordering": ["sequence"]},
        ),
        migrations.RunSQL(RECORD, NO_RECORD),
        migrations.RunSQL(EXAMPLES, migrations.RunSQL.noop),
    ]
