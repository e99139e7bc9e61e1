"""Case numbers go on past 999,999, and writing keeps no index that another one covers."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.expressions import RawSQL

NUMBER = """
CREATE FUNCTION cases_next_number(said_at timestamptz) RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT to_char(said_at AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDD') || '-' || lpad(n, greatest(6, length(n)), '0')
    FROM (SELECT nextval('cases_case_number')::text AS n) AS taken
$$;
"""
PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_receipts_belong_to_reports")]

    operations = [
        migrations.RunSQL(NUMBER, "DROP FUNCTION cases_next_number(timestamptz)"),
        migrations.AlterField(
            "case",
            "number",
            models.CharField(
                max_length=20, unique=True, editable=False, db_default=RawSQL("cases_next_number(now())", [])
            ),
        ),
        migrations.AlterField(
            "case",
            "place",
            models.ForeignKey("territory.Area", on_delete=PROTECT, related_name="cases", db_index=False),
        ),
        migrations.AlterField(
            "casemove",
            "case",
            models.ForeignKey("cases.Case", on_delete=PROTECT, related_name="moves", db_index=False),
        ),
        migrations.AlterField(
            "casemove",
            "unit",
            models.ForeignKey(
                "organisations.Organisation",
                on_delete=PROTECT,
                null=True,
                blank=True,
                related_name="+",
                db_index=False,
            ),
        ),
        # Django would drop the two unique indexes on the same column with it, so the index is named.
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    "DROP INDEX cases_caseclock_case_id_8826cbf6",
                    "CREATE INDEX cases_caseclock_case_id_8826cbf6 ON cases_caseclock (case_id)",
                )
            ],
            [
                migrations.AlterField(
                    "caseclock",
                    "case",
                    models.ForeignKey("cases.Case", on_delete=PROTECT, related_name="clocks", db_index=False),
                )
            ],
        ),
        migrations.AlterField(
            "caseclock",
            "calendar_version",
            models.ForeignKey("calendars.CalendarVersion", on_delete=PROTECT, related_name="+", db_index=False),
        ),
    ]
