"""Each report has its own receipt, and the token it follows from is kept nowhere: a copy of the database opens nothing."""

from django.db import migrations, models

FILL = """
UPDATE cases_report SET receipt_index = cases_case.receipt_index
FROM cases_case WHERE cases_case.id = cases_report.case_id
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_words_may_be_erased")]

    operations = [
        migrations.AddField("report", "receipt_index", models.BinaryField(max_length=32, null=True)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField("report", "receipt_index", models.BinaryField(max_length=32)),
        migrations.AddConstraint(
            "report", models.UniqueConstraint(fields=["receipt_index"], name="report_receipt_once")
        ),
        migrations.RemoveField("report", "token"),
        migrations.RemoveField("case", "receipt_index"),
    ]
