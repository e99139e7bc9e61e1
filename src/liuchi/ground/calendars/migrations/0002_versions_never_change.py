from django.db import migrations

REFUSE = """
CREATE FUNCTION calendars_never_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('liuchi.maintenance', true) = 'on' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION 'a calendar version never changes: publish a new one' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER calendarversion_never_changes BEFORE UPDATE OR DELETE ON calendars_calendarversion
    FOR EACH ROW EXECUTE FUNCTION calendars_never_change();
CREATE TRIGGER specialday_never_changes BEFORE UPDATE OR DELETE ON calendars_specialday
    FOR EACH ROW EXECUTE FUNCTION calendars_never_change();
"""
ALLOW = """
DROP TRIGGER specialday_never_changes ON calendars_specialday;
DROP TRIGGER calendarversion_never_changes ON calendars_calendarversion;
DROP FUNCTION calendars_never_change();
"""


class Migration(migrations.Migration):
    dependencies = [("calendars", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
