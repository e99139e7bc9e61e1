"""The database refuses one human being two of the three administrations at a time (GB/T 22239-2019, 8.1.4)."""

from django.db import migrations

APART = """
CREATE FUNCTION access_administration(powers varchar[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN powers && ARRAY['access.accounts']::varchar[] THEN 'system_admin'
        WHEN powers && ARRAY['access.grants', 'access.keys']::varchar[] THEN 'security_admin'
        WHEN powers && ARRAY['access.audit']::varchar[] THEN 'audit_admin'
    END
$$;
-- What overlapped only before `since` is history: it is told, not mended.
CREATE FUNCTION access_require_apart(people uuid[], since timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- One at a time: two grants written at once would not see each other.
    PERFORM pg_advisory_xact_lock(hashtextextended('liuchi.access.administrators', 0));
    IF EXISTS (
        SELECT 1
        FROM access_grant one
        JOIN access_account mine ON mine.id = one.account_id
        JOIN access_role first ON first.id = one.role_id
        JOIN people_person me ON me.id = mine.person_id AND coalesce(me.merged_into_id, me.id) IN (
            SELECT coalesce(merged_into_id, id) FROM people_person WHERE id = ANY(people)
        )
        JOIN people_person same ON coalesce(same.merged_into_id, same.id) = coalesce(me.merged_into_id, me.id)
        JOIN access_account theirs ON theirs.person_id = same.id
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
CREATE FUNCTION access_grant_keeps_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM access_role WHERE id = NEW.role_id AND access_administration(powers) IS NOT NULL
    ) THEN
        PERFORM access_require_apart(ARRAY(SELECT person_id FROM access_account WHERE id = NEW.account_id), '-infinity');
    END IF;
    RETURN NULL;
END
$$;
CREATE FUNCTION access_role_keeps_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF access_administration(NEW.powers) IS NOT NULL THEN
        PERFORM access_require_apart(ARRAY(
            SELECT DISTINCT person_id FROM access_account
            JOIN access_grant ON access_grant.account_id = access_account.id AND access_grant.role_id = NEW.id
        ), now());
    END IF;
    RETURN NULL;
END
$$;
CREATE FUNCTION access_account_keeps_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM access_require_apart(ARRAY[NEW.person_id], now());
    RETURN NULL;
END
$$;
CREATE TRIGGER access_grant_keeps_apart AFTER INSERT OR UPDATE ON access_grant
    FOR EACH ROW EXECUTE FUNCTION access_grant_keeps_apart();
CREATE TRIGGER access_role_keeps_apart AFTER UPDATE OF powers ON access_role
    FOR EACH ROW EXECUTE FUNCTION access_role_keeps_apart();
CREATE TRIGGER access_account_keeps_apart AFTER UPDATE OF person_id ON access_account
    FOR EACH ROW EXECUTE FUNCTION access_account_keeps_apart();
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
TOGETHER = """
DROP TRIGGER access_person_keeps_apart ON people_person;
DROP FUNCTION access_person_keeps_apart();
DROP TRIGGER access_account_keeps_apart ON access_account;
DROP TRIGGER access_role_keeps_apart ON access_role;
DROP TRIGGER access_grant_keeps_apart ON access_grant;
DROP FUNCTION access_account_keeps_apart();
DROP FUNCTION access_role_keeps_apart();
DROP FUNCTION access_grant_keeps_apart();
DROP FUNCTION access_require_apart(uuid[], timestamptz);
DROP FUNCTION access_administration(varchar[]);
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]

    operations = [migrations.RunSQL(APART, TOGETHER)]
