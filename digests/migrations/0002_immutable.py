"""A published edition and its documents never change and never go, whoever asks.

One thing may go: who pressed the button, when that person's account is deleted.
"""

from django.db import migrations

IMMUTABLE = """
CREATE FUNCTION digests_keep_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'published' THEN
        IF TG_OP = 'UPDATE' THEN
            OLD.published_by_id := NULL;
            IF NEW IS NOT DISTINCT FROM OLD THEN RETURN NEW; END IF;
        END IF;
        RAISE EXCEPTION 'edition % is published and never changes', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER edition_immutable BEFORE UPDATE OR DELETE ON digests_edition
    FOR EACH ROW EXECUTE FUNCTION digests_keep_edition();

CREATE FUNCTION digests_keep_document() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    edition uuid := CASE WHEN TG_OP = 'INSERT' THEN NEW.edition_id ELSE OLD.edition_id END;
BEGIN
    IF EXISTS (SELECT FROM digests_edition e WHERE e.id = edition AND e.state = 'published') THEN
        RAISE EXCEPTION 'documents of a published edition never change' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER document_immutable BEFORE INSERT OR UPDATE OR DELETE ON digests_document
    FOR EACH ROW EXECUTE FUNCTION digests_keep_document();
"""


class Migration(migrations.Migration):
    dependencies = [("digests", "0001_initial")]

    operations = [
        migrations.RunSQL(
            IMMUTABLE,
            "DROP TRIGGER edition_immutable ON digests_edition; DROP FUNCTION digests_keep_edition();"
            "DROP TRIGGER document_immutable ON digests_document; DROP FUNCTION digests_keep_document();",
        )
    ]
