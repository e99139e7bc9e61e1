"""The database refuses what the journal never does. Its owner can switch this off; sealing is for that case."""

from django.db import migrations

GUARD = """
CREATE FUNCTION journal_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('liuchi.maintenance', true) = 'on' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION '% refuses %: what happened is appended to, never changed', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE FUNCTION journal_line_seals_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.position IS NULL AND NEW.position IS NOT NULL THEN
        OLD.position := NEW.position;
    END IF;
    IF NEW IS DISTINCT FROM OLD AND current_setting('liuchi.maintenance', true) IS DISTINCT FROM 'on' THEN
        RAISE EXCEPTION 'journal_line refuses UPDATE: only its position is set, once, by the sealer'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER journal_line_born_unsealed BEFORE INSERT ON journal_line
    FOR EACH ROW WHEN (NEW.position IS NOT NULL) EXECUTE FUNCTION journal_append_only();
CREATE TRIGGER journal_line_seals_once BEFORE UPDATE ON journal_line
    FOR EACH ROW EXECUTE FUNCTION journal_line_seals_once();
CREATE TRIGGER journal_line_stays BEFORE DELETE ON journal_line
    FOR EACH ROW EXECUTE FUNCTION journal_append_only();
CREATE TRIGGER journal_line_stays_whole BEFORE TRUNCATE ON journal_line
    FOR EACH STATEMENT EXECUTE FUNCTION journal_append_only();
CREATE TRIGGER journal_batch_stays BEFORE UPDATE OR DELETE ON journal_batch
    FOR EACH ROW EXECUTE FUNCTION journal_append_only();
CREATE TRIGGER journal_batch_stays_whole BEFORE TRUNCATE ON journal_batch
    FOR EACH STATEMENT EXECUTE FUNCTION journal_append_only();
ALTER SEQUENCE journal_line_seq OWNED BY journal_line.seq;
"""
UNGUARD = """
ALTER SEQUENCE journal_line_seq OWNED BY NONE;
DROP TRIGGER journal_batch_stays_whole ON journal_batch;
DROP TRIGGER journal_batch_stays ON journal_batch;
DROP TRIGGER journal_line_stays_whole ON journal_line;
DROP TRIGGER journal_line_stays ON journal_line;
DROP TRIGGER journal_line_seals_once ON journal_line;
DROP TRIGGER journal_line_born_unsealed ON journal_line;
DROP FUNCTION journal_line_seals_once();
DROP FUNCTION journal_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
