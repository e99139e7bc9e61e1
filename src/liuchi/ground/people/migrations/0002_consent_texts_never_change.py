"""The text of a consent never changes: people agreed to it as it stood."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION people_consent_text_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('liuchi.maintenance', true) = 'on' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION 'a consent text never changes: publish a new version' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER consenttext_never_changes BEFORE UPDATE OR DELETE ON people_consenttext
    FOR EACH ROW EXECUTE FUNCTION people_consent_text_never_changes();
"""
ALLOW = """
DROP TRIGGER consenttext_never_changes ON people_consenttext;
DROP FUNCTION people_consent_text_never_changes();
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
