"""The database itself refuses to change or drop history, given verdicts' words and cited evidence."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION claims_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER ticketevent_append_only BEFORE UPDATE OR DELETE ON claims_ticketevent
    FOR EACH ROW EXECUTE FUNCTION claims_refuse_change();
CREATE TRIGGER verdictevidence_append_only BEFORE UPDATE OR DELETE ON claims_verdictevidence
    FOR EACH ROW EXECUTE FUNCTION claims_refuse_change();
CREATE TRIGGER verdict_never_deleted BEFORE DELETE ON claims_verdict
    FOR EACH ROW EXECUTE FUNCTION claims_refuse_change();

CREATE FUNCTION claims_keep_verdict_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (
        OLD.ticket_id, OLD.version, OLD.rating_id, OLD.scale_name, OLD.rating_label,
        OLD.rating_value, OLD.rating_best, OLD.rating_worst, OLD.rationale, OLD.tolerance,
        OLD.what_would_change, OLD.reviewer_id, OLD.decided_at, OLD.review_seconds,
        OLD.correction_of_id, OLD.correction_class, OLD.correction_reason, OLD.waiver_reason
       ) IS DISTINCT FROM (
        NEW.ticket_id, NEW.version, NEW.rating_id, NEW.scale_name, NEW.rating_label,
        NEW.rating_value, NEW.rating_best, NEW.rating_worst, NEW.rationale, NEW.tolerance,
        NEW.what_would_change, NEW.reviewer_id, NEW.decided_at, NEW.review_seconds,
        NEW.correction_of_id, NEW.correction_class, NEW.correction_reason, NEW.waiver_reason
       )
    THEN
        RAISE EXCEPTION 'a verdict is never overwritten: write a new version'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER verdict_words_stay BEFORE UPDATE ON claims_verdict
    FOR EACH ROW EXECUTE FUNCTION claims_keep_verdict_words();
"""

BACKWARDS = """
DROP TRIGGER verdict_words_stay ON claims_verdict;
DROP FUNCTION claims_keep_verdict_words();
DROP TRIGGER verdict_never_deleted ON claims_verdict;
DROP TRIGGER verdictevidence_append_only ON claims_verdictevidence;
DROP TRIGGER ticketevent_append_only ON claims_ticketevent;
DROP FUNCTION claims_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0001_initial")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
