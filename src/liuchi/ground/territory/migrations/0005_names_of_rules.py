"""Rules whose names another room wanted as well."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("territory", "0004_dwellings"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="succession",
            name="succession_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="succession",
            name="succession_into_itself_or_another",
        ),
        migrations.AddConstraint(
            model_name="succession",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["renamed", "recoded", "moved", "redrawn", "split", "merged"])),
                name="area_succession_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="succession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("from_area", models.F("to_area")), ("kind__in", ("renamed", "recoded", "moved", "redrawn"))
                    ),
                    models.Q(
                        models.Q(("kind__in", ("renamed", "recoded", "moved", "redrawn")), _negated=True),
                        models.Q(("from_area", models.F("to_area")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="area_succession_into_itself_or_another",
            ),
        ),
    ]
