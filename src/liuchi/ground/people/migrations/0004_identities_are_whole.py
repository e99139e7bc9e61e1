from django.db import migrations, models

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
    dependencies = [("people", "0003_fill_what_records_say")]

    operations = [
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("identity_index", None), ("identity_kind", ""), ("identity_sealed", None)),
                    models.Q(
                        ("identity_index__isnull", False),
                        ("identity_kind__in", ["citizen", "passport", "hk_macao", "taiwan", "foreign"]),
                        ("identity_sealed__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="person_identity_is_whole",
            ),
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
