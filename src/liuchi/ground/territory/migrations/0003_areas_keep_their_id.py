"""Areas keep their id through every change: what they were called, coded and led by goes into versions of its own."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models

import liuchi.ground.kernel.ids

FILL = """
INSERT INTO territory_areaversion (id, area_id, code, name, official_name, label_kind, statistical_parent_id,
    management_parent_id, is_managed, valid_from, valid_to)
SELECT gen_random_uuid(), id, code, name, official_name, label_kind, statistical_parent_id, management_parent_id,
    is_managed, valid_from, valid_to
FROM territory_area
"""


class Migration(migrations.Migration):
    dependencies = [
        ("territory", "0002_lists_are_ordered"),
    ]

    operations = [
        migrations.CreateModel(
            name="AreaVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=40)),
                ("official_name", models.CharField(blank=True, max_length=60)),
                ("label_kind", models.CharField(blank=True, max_length=10)),
                ("is_managed", models.BooleanField(default=True)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["code", "valid_from"],
            },
        ),
        migrations.CreateModel(
            name="Succession",
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
                            ("renamed", "renamed"),
                            ("recoded", "code changed"),
                            ("moved", "put under another area"),
                            ("redrawn", "boundary redrawn"),
                            ("split", "split"),
                            ("merged", "merged"),
                        ],
                        max_length=8,
                    ),
                ),
                ("on", models.DateField()),
                ("document", models.CharField(blank=True, max_length=120)),
                ("took_effect_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["on", "id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="area",
            name="area_code_in_force_once",
        ),
        migrations.RemoveConstraint(
            model_name="area",
            name="area_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="boundary",
            name="boundary_in_force_once",
        ),
        migrations.AlterField(
            model_name="area",
            name="code",
            field=models.CharField(max_length=20),
        ),
        migrations.AlterField(
            model_name="area",
            name="kind",
            field=models.CharField(
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
        migrations.AddIndex(
            model_name="area",
            index=models.Index(fields=["code"], name="area_by_code"),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ["province", "city", "district", "town", "community", "grid", "micro", "group", "special"],
                    )
                ),
                name="area_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="boundary",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                expressions=[
                    (
                        models.Func(
                            models.Func("area", models.Value(0), function="uuid_hash_extended"),
                            models.Func("area", models.Value(0), function="uuid_hash_extended"),
                            django.contrib.postgres.fields.ranges.RangeBoundary(
                                inclusive_lower=True, inclusive_upper=True
                            ),
                            function="int8range",
                        ),
                        "&&",
                    ),
                    (models.Func("valid_from", "valid_to", function="daterange"), "&&"),
                ],
                name="boundary_of_an_area_one_at_a_time",
            ),
        ),
        migrations.AddField(
            model_name="areaversion",
            name="area",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="territory.area"
            ),
        ),
        migrations.AddField(
            model_name="areaversion",
            name="management_parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="territory.area",
            ),
        ),
        migrations.AddField(
            model_name="areaversion",
            name="statistical_parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="territory.area",
            ),
        ),
        migrations.AddField(
            model_name="succession",
            name="from_area",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="went_into", to="territory.area"
            ),
        ),
        migrations.AddField(
            model_name="succession",
            name="to_area",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="came_from", to="territory.area"
            ),
        ),
        migrations.AddConstraint(
            model_name="areaversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[1-9][0-9]*$")), name="version_code_is_digits"
            ),
        ),
        migrations.AddConstraint(
            model_name="areaversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"),
                name="version_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="areaversion",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                expressions=[
                    (
                        models.Func(
                            django.db.models.functions.comparison.Cast(
                                "code", models.DecimalField(decimal_places=0, max_digits=20)
                            ),
                            django.db.models.functions.comparison.Cast(
                                "code", models.DecimalField(decimal_places=0, max_digits=20)
                            ),
                            django.contrib.postgres.fields.ranges.RangeBoundary(
                                inclusive_lower=True, inclusive_upper=True
                            ),
                            function="numrange",
                        ),
                        "&&",
                    ),
                    (models.Func("valid_from", "valid_to", function="daterange"), "&&"),
                ],
                name="version_code_names_one_area",
            ),
        ),
        migrations.AddConstraint(
            model_name="areaversion",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                expressions=[
                    (
                        models.Func(
                            models.Func("area", models.Value(0), function="uuid_hash_extended"),
                            models.Func("area", models.Value(0), function="uuid_hash_extended"),
                            django.contrib.postgres.fields.ranges.RangeBoundary(
                                inclusive_lower=True, inclusive_upper=True
                            ),
                            function="int8range",
                        ),
                        "&&",
                    ),
                    (models.Func("valid_from", "valid_to", function="daterange"), "&&"),
                ],
                name="version_of_an_area_one_at_a_time",
            ),
        ),
        migrations.AddIndex(
            model_name="succession",
            index=models.Index(condition=models.Q(("took_effect_at", None)), fields=["on"], name="succession_to_come"),
        ),
        migrations.AddConstraint(
            model_name="succession",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["renamed", "recoded", "moved", "redrawn", "split", "merged"])),
                name="succession_kind_known",
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
                name="succession_into_itself_or_another",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
    ]
