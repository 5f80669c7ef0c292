"""What only the database can keep: what a published edition still allows, and rows that are written once.

A published edition and its files change in two ways only: who pressed a button is forgotten with the account, and
bytes are withdrawn, once, for good, with a time and a reason in both languages; their hash stays. Sign-offs,
published recommendations, responses and their reviews are insert-only; an erratum and a block stay once an
edition has taken them.
"""

from django.db import migrations

EDITIONS = """
CREATE OR REPLACE FUNCTION digests_keep_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'published' THEN
        IF TG_OP = 'UPDATE' THEN
            IF OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL AND octet_length(NEW.content) = 0 THEN
                OLD.content := NEW.content;
                OLD.withdrawn_at := NEW.withdrawn_at;
                OLD.withdrawn_ko := NEW.withdrawn_ko;
                OLD.withdrawn_en := NEW.withdrawn_en;
                OLD.withdrawn_by_id := NEW.withdrawn_by_id;
            END IF;
            IF NEW.published_by_id IS NULL THEN OLD.published_by_id := NULL; END IF;
            IF NEW.withdrawn_by_id IS NULL THEN OLD.withdrawn_by_id := NULL; END IF;
            IF NEW IS NOT DISTINCT FROM OLD THEN RETURN NEW; END IF;
        END IF;
        RAISE EXCEPTION 'edition % is published and never changes', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION digests_keep_document() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    edition uuid := CASE WHEN TG_OP = 'INSERT' THEN NEW.edition_id ELSE OLD.edition_id END;
BEGIN
    IF EXISTS (SELECT FROM digests_edition e WHERE e.id = edition AND e.state = 'published') THEN
        IF TG_OP = 'UPDATE' THEN
            IF OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL AND octet_length(NEW.content) = 0 THEN
                OLD.content := NEW.content;
                OLD.withdrawn_at := NEW.withdrawn_at;
                OLD.withdrawn_ko := NEW.withdrawn_ko;
                OLD.withdrawn_en := NEW.withdrawn_en;
                OLD.withdrawn_by_id := NEW.withdrawn_by_id;
            END IF;
            IF NEW.withdrawn_by_id IS NULL THEN OLD.withdrawn_by_id := NULL; END IF;
            IF NEW IS NOT DISTINCT FROM OLD THEN RETURN NEW; END IF;
        END IF;
        RAISE EXCEPTION 'documents of a published edition never change' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
"""

EDITIONS_BEFORE = """
CREATE OR REPLACE FUNCTION digests_keep_edition() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE OR REPLACE FUNCTION digests_keep_document() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    edition uuid := CASE WHEN TG_OP = 'INSERT' THEN NEW.edition_id ELSE OLD.edition_id END;
BEGIN
    IF EXISTS (SELECT FROM digests_edition e WHERE e.id = edition AND e.state = 'published') THEN
        RAISE EXCEPTION 'documents of a published edition never change' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
"""

ONCE = ("signoff", "recommendation", "response", "review")

INSERT_ONLY = """
CREATE FUNCTION digests_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is insert-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
""" + "".join(
    f"""
CREATE TRIGGER {name}_insert_only BEFORE UPDATE OR DELETE ON digests_{name}
    FOR EACH ROW EXECUTE FUNCTION digests_refuse_change();
CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON digests_{name}
    FOR EACH STATEMENT EXECUTE FUNCTION digests_refuse_change();
"""
    for name in ONCE
)

INSERT_ONLY_BEFORE = (
    "".join(
        f"DROP TRIGGER {name}_insert_only ON digests_{name}; DROP TRIGGER {name}_no_truncate ON digests_{name};"
        for name in ONCE
    )
    + "DROP FUNCTION digests_refuse_change();"
)

# Who wrote it may leave; nothing else changes once an edition has taken it.
TAKEN = """
CREATE FUNCTION digests_keep_erratum() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.carried_in_id IS NOT NULL THEN
        IF TG_OP = 'UPDATE' THEN
            IF NEW.written_by_id IS NULL THEN OLD.written_by_id := NULL; END IF;
            IF NEW IS NOT DISTINCT FROM OLD THEN RETURN NEW; END IF;
        END IF;
        RAISE EXCEPTION 'this erratum is published and never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER erratum_immutable BEFORE UPDATE OR DELETE ON digests_erratum
    FOR EACH ROW EXECUTE FUNCTION digests_keep_erratum();

CREATE FUNCTION digests_keep_block() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.edition_id IS NOT NULL THEN
        IF TG_OP = 'UPDATE' THEN
            IF NEW.written_by_id IS NULL THEN OLD.written_by_id := NULL; END IF;
            IF NEW IS NOT DISTINCT FROM OLD THEN RETURN NEW; END IF;
        END IF;
        RAISE EXCEPTION 'this block is published and never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER block_immutable BEFORE UPDATE OR DELETE ON digests_block
    FOR EACH ROW EXECUTE FUNCTION digests_keep_block();
"""

TAKEN_BEFORE = """
DROP TRIGGER erratum_immutable ON digests_erratum; DROP FUNCTION digests_keep_erratum();
DROP TRIGGER block_immutable ON digests_block; DROP FUNCTION digests_keep_block();
"""


class Migration(migrations.Migration):
    dependencies = [("digests", "0004_records")]

    operations = [
        migrations.RunSQL(EDITIONS, EDITIONS_BEFORE),
        migrations.RunSQL(INSERT_ONLY, INSERT_ONLY_BEFORE),
        migrations.RunSQL(TAKEN, TAKEN_BEFORE),
    ]
