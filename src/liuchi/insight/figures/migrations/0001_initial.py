import django.db.models.deletion
from django.db import migrations, models

import liuchi.ground.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("territory", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="StatedFigure",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("source", models.CharField(max_length=40)),
                ("area", models.CharField(max_length=20)),
                ("item", models.CharField(max_length=60)),
                ("period", models.CharField(blank=True, max_length=30)),
                ("value", models.DecimalField(decimal_places=4, max_digits=18)),
                ("unit", models.CharField(blank=True, max_length=12)),
                ("note", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "ordering": ["source", "area", "item", "period"],
                "constraints": [
                    models.UniqueConstraint(fields=("source", "area", "item", "period"), name="stated_figure_once"),
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True), name="stated_figure_has_a_source"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("figure", models.CharField(max_length=40)),
                ("on", models.DateField()),
                ("count", models.BigIntegerField(default=0)),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territory.area"
                    ),
                ),
            ],
            options={
                "ordering": ["figure", "on", "place_id"],
                "constraints": [
                    models.UniqueConstraint(fields=("figure", "on", "place"), name="tally_once_a_day"),
                    models.CheckConstraint(condition=models.Q(("count__gte", 0)), name="tally_not_negative"),
                ],
            },
        ),
    ]
