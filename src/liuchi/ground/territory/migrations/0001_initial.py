import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models

import liuchi.ground.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Area",
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
                ("code", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=40)),
                ("official_name", models.CharField(blank=True, max_length=60)),
                ("label_kind", models.CharField(blank=True, max_length=10)),
                ("is_managed", models.BooleanField(default=True)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "management_parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="managed_children",
                        to="territory.area",
                    ),
                ),
                (
                    "statistical_parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statistical_children",
                        to="territory.area",
                    ),
                ),
            ],
            options={
                "ordering": ["code", "valid_from"],
                "indexes": [models.Index(fields=["code"], name="area_by_code")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="area_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "province",
                                    "city",
                                    "district",
                                    "town",
                                    "community",
                                    "grid",
                                    "micro",
                                    "group",
                                    "special",
                                ],
                            )
                        ),
                        name="area_kind_known",
                    ),
                ],
            },
        ),
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
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="territory.area"
                    ),
                ),
                (
                    "management_parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territory.area",
                    ),
                ),
                (
                    "statistical_parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territory.area",
                    ),
                ),
            ],
            options={
                "ordering": ["code", "valid_from"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[1-9][0-9]*$")), name="version_code_is_digits"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="version_ends_after_it_begins",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
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
                    django.contrib.postgres.constraints.ExclusionConstraint(
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
                ],
            },
        ),
        migrations.CreateModel(
            name="Boundary",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("geometry", models.JSONField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="boundaries", to="territory.area"
                    ),
                ),
            ],
            options={
                "ordering": ["area_id", "valid_from"],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="boundary_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Building",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("phase", models.CharField(blank=True, max_length=20)),
                ("number", models.CharField(max_length=20)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("latitude", models.FloatField(blank=True, null=True)),
                (
                    "facilities",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), blank=True, default=list, size=None
                    ),
                ),
                ("sort_key", models.CharField(db_collation="C", max_length=120)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="buildings", to="territory.area"
                    ),
                ),
            ],
            options={
                "ordering": ["estate_id", "sort_key", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number", ""), _negated=True), name="building_has_a_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude", None), ("longitude", None)),
                            models.Q(("latitude__isnull", False), ("longitude__isnull", False)),
                            _connector="OR",
                        ),
                        name="building_position_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="building_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Dwelling",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("unit", models.CharField(blank=True, max_length=20)),
                ("floor", models.SmallIntegerField()),
                ("room", models.CharField(max_length=20)),
                (
                    "use",
                    models.CharField(
                        choices=[
                            ("home", "home"),
                            ("shop", "shop"),
                            ("office", "office"),
                            ("store", "storage"),
                            ("public", "public service room"),
                        ],
                        default="home",
                        max_length=8,
                    ),
                ),
                ("floor_area_m2", models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True)),
                ("sort_key", models.CharField(db_collation="C", max_length=120)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "building",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="dwellings", to="territory.building"
                    ),
                ),
            ],
            options={
                "ordering": ["building_id", "sort_key", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)),
                        fields=("building", "unit", "floor", "room"),
                        name="dwelling_in_force_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("room", ""), _negated=True), name="dwelling_has_a_room"),
                    models.CheckConstraint(
                        condition=models.Q(("floor", 0), _negated=True), name="dwelling_floor_not_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("use__in", ["home", "shop", "office", "store", "public"])),
                        name="dwelling_use_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("floor_area_m2", None), ("floor_area_m2__gt", 0), _connector="OR"),
                        name="dwelling_floor_area_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="dwelling_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.BooleanField(default=True, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", True)), name="territory_has_one_edition")
                ],
            },
        ),
        migrations.CreateModel(
            name="Estate",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=40)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("estate", "housing estate"),
                            ("compound", "courtyard or compound"),
                            ("street", "houses along a street"),
                            ("hamlet", "village group"),
                        ],
                        default="estate",
                        max_length=8,
                    ),
                ),
                ("street_address", models.CharField(blank=True, max_length=60)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="estates", to="territory.area"
                    ),
                ),
            ],
            options={
                "ordering": ["code", "valid_from"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)), fields=("code",), name="estate_code_in_force_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code", ""), _negated=True), models.Q(("name", ""), _negated=True)
                        ),
                        name="estate_has_code_and_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["estate", "compound", "street", "hamlet"])),
                        name="estate_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="estate_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="building",
            name="estate",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="buildings", to="territory.estate"
            ),
        ),
        migrations.CreateModel(
            name="Feature",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=40)),
                ("geometry", models.JSONField()),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="features", to="territory.area"
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "name", "id"],
            },
        ),
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("grid", "micro", "group", "special"))),
                        name="norm_is_for_grids",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("most__gte", models.F("least"))), name="norm_most_is_not_below_least"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="norm_ends_after_it_begins",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)), fields=("kind",), name="norm_in_force_once"
                    ),
                ],
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
                            ("closed", "closed"),
                        ],
                        max_length=8,
                    ),
                ),
                ("on", models.DateField()),
                ("document", models.CharField(blank=True, max_length=120)),
                ("took_effect_at", models.DateTimeField(blank=True, null=True)),
                (
                    "from_area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="went_into", to="territory.area"
                    ),
                ),
                (
                    "to_area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="came_from", to="territory.area"
                    ),
                ),
            ],
            options={
                "ordering": ["on", "id"],
                "indexes": [
                    models.Index(condition=models.Q(("took_effect_at", None)), fields=["on"], name="succession_to_come")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["renamed", "recoded", "moved", "redrawn", "split", "merged", "closed"])
                        ),
                        name="area_succession_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("from_area", models.F("to_area")),
                                ("kind__in", ("renamed", "recoded", "moved", "redrawn")),
                            ),
                            models.Q(
                                models.Q(("kind__in", ("renamed", "recoded", "moved", "redrawn")), _negated=True),
                                models.Q(("from_area", models.F("to_area")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="area_succession_into_itself_or_another",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="building",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to", None)),
                fields=("estate", "phase", "number"),
                name="building_in_force_once",
            ),
        ),
    ]
