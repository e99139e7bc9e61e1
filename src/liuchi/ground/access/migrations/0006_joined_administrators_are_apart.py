"""Joined records are one human being: nobody holds two of the three administrations through a double record."""

from django.db import migrations

_BODY = """
CREATE OR REPLACE FUNCTION access_require_apart(people uuid[], since timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- One at a time: two grants written at once would not see each other.
    PERFORM pg_advisory_xact_lock(hashtextextended('liuchi.access.administrators', 0));
    IF EXISTS (
        SELECT 1
        FROM access_grant one
        JOIN access_account mine ON mine.id = one.account_id
        JOIN access_role first ON first.id = one.role_id
        {human}
        JOIN access_grant other ON other.account_id = theirs.id
            AND tstzrange(one.valid_from, one.valid_to) && tstzrange(other.valid_from, other.valid_to)
        JOIN access_role second ON second.id = other.role_id
        WHERE access_administration(first.powers) < access_administration(second.powers)
            AND coalesce(one.valid_to, 'infinity') > since AND coalesce(other.valid_to, 'infinity') > since
    ) THEN
        RAISE EXCEPTION 'nobody holds two of the three administrations at a time'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'administrators_are_apart';
    END IF;
END
$$;
"""
_JOINED = """
        JOIN people_person me ON me.id = mine.person_id AND coalesce(me.merged_into_id, me.id) IN (
            SELECT coalesce(merged_into_id, id) FROM people_person WHERE id = ANY(people)
        )
        JOIN people_person same ON coalesce(same.merged_into_id, same.id) = coalesce(me.merged_into_id, me.id)
        JOIN access_account theirs ON theirs.person_id = same.id"""
_SINGLE = """
        JOIN access_account theirs ON theirs.person_id = mine.person_id AND mine.person_id = ANY(people)"""
_JOINING = """
CREATE FUNCTION access_person_keeps_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM access_account WHERE person_id = NEW.id) THEN
        PERFORM access_require_apart(ARRAY[NEW.id], now());
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER access_person_keeps_apart AFTER UPDATE OF merged_into_id ON people_person
    FOR EACH ROW WHEN (NEW.merged_into_id IS NOT NULL) EXECUTE FUNCTION access_person_keeps_apart();
"""
_NOT_JOINING = """
DROP TRIGGER access_person_keeps_apart ON people_person;
DROP FUNCTION access_person_keeps_apart();
"""
APART = [_BODY.replace("{human}", _JOINED), _JOINING]
SINGLE = [_NOT_JOINING, _BODY.replace("{human}", _SINGLE)]


class Migration(migrations.Migration):
    dependencies = [("access", "0005_administrators_are_apart"), ("people", "0002_people_in_depth")]

    operations = [migrations.RunSQL(APART, SINGLE)]
