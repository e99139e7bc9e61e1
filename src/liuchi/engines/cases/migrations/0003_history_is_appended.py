"""History is appended, never edited: the database refuses it (the owner's maintenance setting can empty tables)."""

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
CREATE TRIGGER cases_casemove_stays BEFORE UPDATE OR DELETE ON cases_casemove
    FOR EACH ROW EXECUTE FUNCTION cases_append_only();
CREATE TRIGGER cases_casemove_stays_whole BEFORE TRUNCATE ON cases_casemove
    FOR EACH STATEMENT EXECUTE FUNCTION cases_append_only();
ALTER SEQUENCE cases_case_number OWNED BY cases_case.number;
"""
UNGUARD = """
ALTER SEQUENCE cases_case_number OWNED BY NONE;
DROP TRIGGER cases_casemove_stays_whole ON cases_casemove;
DROP TRIGGER cases_casemove_stays ON cases_casemove;
DROP FUNCTION cases_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_links")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
