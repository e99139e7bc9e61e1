"""Estates, their buildings, and the dwellings in them."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import liuchi.ground.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("territory", "0003_areas_keep_their_id"),
    ]

    operations = [
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
                (
                    "estate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="buildings", to="territory.estate"
                    ),
                ),
            ],
            options={
                "ordering": ["estate_id", "sort_key", "id"],
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
        migrations.AddConstraint(
            model_name="estate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to", None)), fields=("code",), name="estate_code_in_force_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="estate",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("code", ""), _negated=True), models.Q(("name", ""), _negated=True)),
                name="estate_has_code_and_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="estate",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["estate", "compound", "street", "hamlet"])), name="estate_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="estate",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"),
                name="estate_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="building",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to", None)),
                fields=("estate", "phase", "number"),
                name="building_in_force_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="building",
            constraint=models.CheckConstraint(
                condition=models.Q(("number", ""), _negated=True), name="building_has_a_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="building",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude", None), ("longitude", None)),
                    models.Q(("latitude__isnull", False), ("longitude__isnull", False)),
                    _connector="OR",
                ),
                name="building_position_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="building",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"),
                name="building_ends_after_it_begins",
            ),
        ),
    ]
