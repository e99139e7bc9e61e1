"""What a duty said of its document and its matter stands in its item now."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organisations", "0003_duty_lists")]

    operations = [
        migrations.AlterField(
            model_name="duty",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="sides", to="organisations.dutyitem"
            ),
        ),
        migrations.AlterModelOptions(
            name="duty",
            options={"ordering": ["item_id", "-role", "organisation_id", "by_place", "unit", "id"]},
        ),
        migrations.RemoveConstraint(
            model_name="duty",
            name="duty_names_a_body_or_a_place",
        ),
        migrations.RemoveConstraint(
            model_name="duty",
            name="duty_listed_once",
        ),
        migrations.RemoveIndex(
            model_name="duty",
            name="duty_by_matter",
        ),
        migrations.RemoveField(
            model_name="duty",
            name="document",
        ),
        migrations.RemoveField(
            model_name="duty",
            name="matter",
        ),
        migrations.RemoveField(
            model_name="duty",
            name="valid_from",
        ),
        migrations.RemoveField(
            model_name="duty",
            name="valid_to",
        ),
        migrations.AlterField(
            model_name="duty",
            name="note",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AlterField(
            model_name="duty",
            name="role",
            field=models.CharField(
                choices=[("lead", "leads"), ("assist", "assists"), ("taken_back", "took it back")], max_length=12
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("organisation", None), ("unit", ""), models.Q(("by_place", ""), _negated=True)),
                    models.Q(("by_place", ""), ("organisation__isnull", False), ("unit", "")),
                    models.Q(("by_place", ""), ("organisation", None), models.Q(("unit", ""), _negated=True)),
                    _connector="OR",
                ),
                name="duty_names_a_body_or_a_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.UniqueConstraint(
                fields=("item", "organisation", "by_place", "unit", "role"),
                name="duty_listed_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["lead", "assist", "taken_back"])), name="duty_role_known"
            ),
        ),
    ]
