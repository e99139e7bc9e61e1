"""Words in the history may be erased (never rewritten): a person's right that history has to leave room for."""

from django.db import migrations

GUARD = """
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
DROP TRIGGER cases_casemove_stays ON cases_casemove;
CREATE TRIGGER cases_casemove_stays BEFORE DELETE ON cases_casemove
    FOR EACH ROW EXECUTE FUNCTION cases_append_only();
CREATE TRIGGER cases_casemove_unchanged BEFORE UPDATE ON cases_casemove
    FOR EACH ROW EXECUTE FUNCTION cases_casemove_guard();
"""
UNGUARD = """
DROP TRIGGER cases_casemove_unchanged ON cases_casemove;
DROP TRIGGER cases_casemove_stays ON cases_casemove;
CREATE TRIGGER cases_casemove_stays BEFORE UPDATE OR DELETE ON cases_casemove
    FOR EACH ROW EXECUTE FUNCTION cases_append_only();
DROP FUNCTION cases_casemove_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_history_is_appended")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
