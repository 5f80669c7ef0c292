"""Rules that only the database can keep: a vote's version is one of its opinion, decisions are insert-only,
and every change of a vote is logged."""

from django.db import migrations

VERSION_KEY = """
ALTER TABLE consultations_vote
    ADD CONSTRAINT vote_version_of_its_opinion
    FOREIGN KEY (opinion_id, version_number) REFERENCES consultations_opinionversion (opinion_id, number)
    DEFERRABLE INITIALLY DEFERRED;
"""

INSERT_ONLY = """
CREATE FUNCTION consultations_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is insert-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER decision_insert_only BEFORE UPDATE OR DELETE ON consultations_decision
    FOR EACH ROW EXECUTE FUNCTION consultations_refuse_change();
CREATE TRIGGER decision_no_truncate BEFORE TRUNCATE ON consultations_decision
    FOR EACH STATEMENT EXECUTE FUNCTION consultations_refuse_change();
CREATE TRIGGER vote_log_insert_only BEFORE UPDATE ON consultations_votelog
    FOR EACH ROW EXECUTE FUNCTION consultations_refuse_change();
"""

# The import of a closed consultation switches the log off for its own transaction (SET LOCAL).
VOTE_LOG = """
CREATE FUNCTION consultations_log_vote() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('summit.bulk_import', true) = 'on' THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'DELETE' THEN
        INSERT INTO consultations_votelog (opinion_id, participant_id, version_number, value, created_at)
        VALUES (OLD.opinion_id, OLD.participant_id, OLD.version_number, NULL, clock_timestamp());
    ELSE
        INSERT INTO consultations_votelog (opinion_id, participant_id, version_number, value, created_at)
        VALUES (NEW.opinion_id, NEW.participant_id, NEW.version_number, NEW.value, clock_timestamp());
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER vote_logged AFTER INSERT OR UPDATE OR DELETE ON consultations_vote
    FOR EACH ROW EXECUTE FUNCTION consultations_log_vote();
"""


class Migration(migrations.Migration):
    dependencies = [("consultations", "0001_initial")]

    operations = [
        migrations.RunSQL(VERSION_KEY, "ALTER TABLE consultations_vote DROP CONSTRAINT vote_version_of_its_opinion;"),
        migrations.RunSQL(
            INSERT_ONLY,
            "DROP TRIGGER decision_insert_only ON consultations_decision;"
            "DROP TRIGGER decision_no_truncate ON consultations_decision;"
            "DROP TRIGGER vote_log_insert_only ON consultations_votelog;"
            "DROP FUNCTION consultations_refuse_change();",
        ),
        migrations.RunSQL(
            VOTE_LOG,
            "DROP TRIGGER vote_logged ON consultations_vote; DROP FUNCTION consultations_log_vote();",
        ),
    ]
