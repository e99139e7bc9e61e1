"""A case's history is appended, never edited; its words may be erased, which is a person's right."""

from django.db import migrations

GUARD = """
CREATE FUNCTION cases_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('liuchi.maintenance', true) = 'on' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION '% refuses %: history is appended, never edited', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER cases_casemove_stays_whole BEFORE TRUNCATE ON cases_casemove
    FOR EACH STATEMENT EXECUTE FUNCTION cases_append_only();
ALTER SEQUENCE cases_case_number OWNED BY cases_case.number;
CREATE FUNCTION cases_casemove_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('liuchi.maintenance', true) = 'on' THEN
        RETURN NEW;
    END IF;
    IF NEW.public_text = '' THEN
        OLD.public_text := '';
    END IF;
    IF NEW.internal_text = '' THEN
        OLD.internal_text := '';
    END IF;
    IF NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'cases_casemove refuses UPDATE: history is appended, never edited; words may only be erased'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER cases_casemove_stays BEFORE DELETE ON cases_casemove
    FOR EACH ROW EXECUTE FUNCTION cases_append_only();
CREATE TRIGGER cases_casemove_unchanged BEFORE UPDATE ON cases_casemove
    FOR EACH ROW EXECUTE FUNCTION cases_casemove_guard();
"""
UNGUARD = """
DROP TRIGGER cases_casemove_unchanged ON cases_casemove;
DROP TRIGGER cases_casemove_stays ON cases_casemove;
DROP FUNCTION cases_casemove_guard();
ALTER SEQUENCE cases_case_number OWNED BY NONE;
DROP TRIGGER cases_casemove_stays_whole ON cases_casemove;
DROP FUNCTION cases_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
