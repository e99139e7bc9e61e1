"""Fill the new columns of people who are there already; birth date and sex stand in their identity numbers."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from liuchi.ground.people.identity import find_identity
from liuchi.ground.records.protected import IDENTITY, unseal

PLAIN = """
UPDATE people_person SET name_order = substring(convert_to(name, 'GB18030') FOR 160) WHERE name <> '';
UPDATE people_person SET identity_kind = 'citizen' WHERE identity_sealed IS NOT NULL;
UPDATE people_person SET home_id = newest.area_id
  FROM (SELECT DISTINCT ON (person_id) person_id, area_id FROM people_residence
        WHERE valid_to IS NULL ORDER BY person_id, valid_from DESC) AS newest
 WHERE newest.person_id = people_person.id AND erased_at IS NULL;
"""


def fill_from_numbers(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - Django's shape
    person = apps.get_model("people", "Person")
    rows = person.objects.exclude(identity_sealed=None).only("id", "identity_sealed").order_by("id")
    changed = []
    for row in rows.iterator(chunk_size=2000):
        found = find_identity(unseal(row.identity_sealed, IDENTITY, row.id))
        if found is not None:
            row.birth_on, row.sex = found.born_on, found.sex
            changed.append(row)
    person.objects.bulk_update(changed, ["birth_on", "sex"], batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [("people", "0002_people_in_depth")]

    operations = [
        migrations.RunSQL(PLAIN, migrations.RunSQL.noop),
        migrations.RunPython(fill_from_numbers, migrations.RunPython.noop),
    ]
