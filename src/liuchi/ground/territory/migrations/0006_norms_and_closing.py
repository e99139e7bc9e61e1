"""How many households a grid should have; and areas that end with nothing in their place."""

from django.db import migrations, models

import liuchi.ground.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("territory", "0005_names_of_rules"),
    ]

    operations = [
        migrations.CreateModel(
            name="GridNorm",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("province", "province"),
                            ("city", "city"),
                            ("district", "district"),
                            ("town", "street or town"),
                            ("community", "community or village"),
                            ("grid", "grid"),
                            ("micro", "micro-unit"),
                            ("group", "household group"),
                            ("special", "special grid"),
                        ],
                        max_length=12,
                    ),
                ),
                ("least", models.PositiveIntegerField()),
                ("most", models.PositiveIntegerField()),
                ("document", models.CharField(max_length=120)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["kind", "valid_from"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="succession",
            name="area_succession_kind_known",
        ),
        migrations.AlterField(
            model_name="succession",
            name="kind",
            field=models.CharField(
                choices=[
                    ("renamed", "renamed"),
                    ("recoded", "code changed"),
                    ("moved", "put under another area"),
                    ("redrawn", "boundary redrawn"),
                    ("split", "split"),
                    ("merged", "merged"),
                    ("closed", "closed"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="succession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["renamed", "recoded", "moved", "redrawn", "split", "merged", "closed"])
                ),
                name="area_succession_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="gridnorm",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("grid", "micro", "group", "special"))), name="norm_is_for_grids"
            ),
        ),
        migrations.AddConstraint(
            model_name="gridnorm",
            constraint=models.CheckConstraint(
                condition=models.Q(("most__gte", models.F("least"))), name="norm_most_is_not_below_least"
            ),
        ),
        migrations.AddConstraint(
            model_name="gridnorm",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"),
                name="norm_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="gridnorm",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to", None)), fields=("kind",), name="norm_in_force_once"
            ),
        ),
    ]
