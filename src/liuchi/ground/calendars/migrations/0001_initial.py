import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import liuchi.ground.kernel.clock
import liuchi.ground.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Calendar",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=80)),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="CalendarVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("source", models.CharField(max_length=200)),
                ("timezone", models.CharField(max_length=64)),
                ("office_hours", models.JSONField()),
                (
                    "published_years",
                    django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), size=None),
                ),
                ("created_at", models.DateTimeField(default=liuchi.ground.kernel.clock.now)),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="calendars.calendar"
                    ),
                ),
            ],
            options={
                "ordering": ["calendar_id", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("calendar", "number"), name="calendar_version_number"),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="calendar_version_counts_from_one"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SpecialDay",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("date", models.DateField()),
                ("kind", models.CharField(choices=[("off", "Holiday"), ("work", "Make-up working day")], max_length=4)),
                ("name", models.CharField(max_length=60)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="days", to="calendars.calendarversion"
                    ),
                ),
            ],
            options={
                "ordering": ["version_id", "date"],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "date"), name="special_day_once_a_version"),
                    models.CheckConstraint(condition=models.Q(("kind__in", ["off", "work"])), name="special_day_kind"),
                ],
            },
        ),
    ]
