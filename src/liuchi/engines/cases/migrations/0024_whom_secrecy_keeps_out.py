"""Which cases are about units to which somebody belongs, as a function: its plan is made once for each connection.

Spelled in every question that somebody asks about cases, it cost more to plan than the question to answer.
"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION cases_about_units_of(person uuid, units uuid[], today date) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10 AS $$ BEGIN RETURN QUERY
SELECT accused.case_id FROM cases_accused AS accused WHERE accused.unit_id IN (
  WITH RECURSIVE me AS (
    SELECT asked.id FROM people_person AS asked WHERE asked.id = person
    UNION SELECT asked.merged_into_id FROM people_person AS asked
      WHERE asked.id = person AND asked.merged_into_id IS NOT NULL
    UNION SELECT found.id FROM people_person AS found WHERE found.merged_into_id IN (
      SELECT COALESCE(asked.merged_into_id, asked.id) FROM people_person AS asked WHERE asked.id = person)
  ), mine(id) AS (
    SELECT unnest(units)
    UNION SELECT post.organisation_id FROM people_postholding AS holding
      JOIN organisations_post AS post ON post.id = holding.post_id
      WHERE (holding.valid_to IS NULL OR holding.valid_to > today) AND holding.person_id IN (SELECT id FROM me)
    UNION SELECT roll.organisation_id FROM people_employment AS roll
      WHERE (roll.valid_to IS NULL OR roll.valid_to > today) AND roll.person_id IN (SELECT id FROM me)
  ), upward(id) AS (
    SELECT id FROM mine
    UNION SELECT above.parent FROM upward JOIN organisations_organisation AS body ON body.id = upward.id
      CROSS JOIN LATERAL (VALUES (body.management_parent_id), (body.statistical_parent_id)) AS above(parent)
      WHERE above.parent IS NOT NULL
  ) SELECT id FROM upward
); END $$
"""


class Migration(migrations.Migration):
    """Add the function."""

    dependencies = [("cases", "0023_case_known_by_reported")]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION cases_about_units_of(uuid, uuid[], date)"),
    ]
