"""Parts of one report may meet again in one case: merged back, they stay two rows."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0012_time_outs_may_be_appealed"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="report",
            name="report_part_once_a_case",
        ),
    ]
