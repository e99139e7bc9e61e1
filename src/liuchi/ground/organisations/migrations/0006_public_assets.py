"""The public asset book: classes of components, assets, and how they were found."""

import django.db.models.deletion
from django.db import migrations, models

import liuchi.ground.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0005_venues"),
        ("territory", "0006_norms_and_closing"),
    ]

    operations = [
        migrations.CreateModel(
            name="AssetClass",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=5)),
                ("name", models.CharField(max_length=30)),
                ("major_name", models.CharField(max_length=30)),
                ("document", models.CharField(blank=True, max_length=120)),
                ("is_extension", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["code"],
                "constraints": [
                    models.UniqueConstraint(fields=("code",), name="asset_class_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[0-9]{4,5}$")), name="asset_class_code_is_digits"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="asset_class_has_a_name"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Asset",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=16)),
                ("name", models.CharField(max_length=40)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("position", models.CharField(blank=True, max_length=60)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("intact", "intact"),
                            ("damaged", "damaged"),
                            ("lost", "lost"),
                            ("abandoned", "abandoned"),
                            ("removed", "removed"),
                        ],
                        default="intact",
                        max_length=9,
                    ),
                ),
                (
                    "data_source",
                    models.CharField(
                        choices=[
                            ("surveyed", "surveyed on site"),
                            ("topographic", "topographic map"),
                            ("imagery", "aerial or satellite image"),
                            ("reported", "reported"),
                        ],
                        default="surveyed",
                        max_length=11,
                    ),
                ),
                (
                    "accuracy",
                    models.CharField(
                        choices=[("A", "A: within 0.5 m"), ("B", "B: within 1 m"), ("C", "C: within 10 m")],
                        default="C",
                        max_length=1,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                ("recorded_on", models.DateField()),
                ("changed_on", models.DateField()),
                ("seen_on", models.DateField(blank=True, null=True)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assets", to="territory.area"
                    ),
                ),
                (
                    "competent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "estate",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assets",
                        to="territory.estate",
                    ),
                ),
                (
                    "maintainer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "asset_class",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assets",
                        to="organisations.assetclass",
                    ),
                ),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="AssetLook",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("intact", "intact"),
                            ("damaged", "damaged"),
                            ("lost", "lost"),
                            ("abandoned", "abandoned"),
                            ("removed", "removed"),
                        ],
                        max_length=9,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                ("actor_id", models.UUIDField(blank=True, null=True)),
                ("at", models.DateTimeField()),
                (
                    "asset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="looks", to="organisations.asset"
                    ),
                ),
            ],
            options={
                "ordering": ["asset_id", "-on", "-id"],
            },
        ),
        migrations.AddIndex(
            model_name="asset",
            index=models.Index(fields=["latitude", "longitude"], name="asset_by_position"),
        ),
        migrations.AddConstraint(
            model_name="asset",
            constraint=models.UniqueConstraint(fields=("code",), name="asset_code_once"),
        ),
        migrations.AddConstraint(
            model_name="asset",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[0-9]{16}$")), name="asset_code_has_16_digits"
            ),
        ),
        migrations.AddConstraint(
            model_name="asset",
            constraint=models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="asset_has_a_name"),
        ),
        migrations.AddConstraint(
            model_name="asset",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["intact", "damaged", "lost", "abandoned", "removed"])),
                name="asset_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="asset",
            constraint=models.CheckConstraint(
                condition=models.Q(("data_source__in", ["surveyed", "topographic", "imagery", "reported"])),
                name="asset_data_source_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="asset",
            constraint=models.CheckConstraint(
                condition=models.Q(("accuracy__in", ["A", "B", "C"])), name="asset_accuracy_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="asset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude", None), ("longitude", None)),
                    models.Q(("latitude__isnull", False), ("longitude__isnull", False)),
                    _connector="OR",
                ),
                name="asset_position_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="asset",
            constraint=models.CheckConstraint(
                condition=models.Q(("changed_on__gte", models.F("recorded_on"))),
                name="asset_changes_after_it_was_recorded",
            ),
        ),
        migrations.AddConstraint(
            model_name="assetlook",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["intact", "damaged", "lost", "abandoned", "removed"])),
                name="look_state_known",
            ),
        ),
    ]
