"""Venues and facilities, with their opening hours."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import liuchi.ground.kernel.ids


class Migration(migrations.Migration):
    dependencies = [("organisations", "0004_duties_belong_to_items"), ("calendars", "0003_lists_are_ordered")]

    operations = [
        migrations.CreateModel(
            name="OpeningHours",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "day",
                    models.CharField(
                        choices=[
                            ("work_day", "working days"),
                            ("rest_day", "weekends"),
                            ("holiday", "public holidays"),
                        ],
                        max_length=10,
                    ),
                ),
                ("opens_at", models.TimeField()),
                ("closes_at", models.TimeField()),
            ],
            options={
                "ordering": ["venue_id", "-day", "opens_at"],
            },
        ),
        migrations.CreateModel(
            name="Venue",
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
                            ("activity_room", "activity room"),
                            ("meeting_room", "meeting room"),
                            ("reading_room", "reading room"),
                            ("canteen", "canteen"),
                            ("clinic", "health station"),
                            ("service_hall", "service hall"),
                            ("riders_station", "riders' station"),
                            ("square", "square"),
                            ("bike_point", "shared-bicycle point"),
                            ("other", "other venue"),
                        ],
                        max_length=16,
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("address", models.CharField(blank=True, max_length=120)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("phone", models.CharField(blank=True, max_length=20)),
                ("capacity", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "facilities",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("ramp", "ramp or level entrance"),
                                ("lift", "lift"),
                                ("toilet", "accessible toilet"),
                                ("low_counter", "low counter"),
                                ("hearing_loop", "hearing aid loop"),
                                ("sign_language", "sign language"),
                                ("blind_path", "tactile path"),
                            ],
                            max_length=16,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("is_bookable", models.BooleanField(default=False)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["name", "id"],
            },
        ),
        migrations.AddField(
            model_name="venue",
            name="area",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="venues", to="territory.area"
            ),
        ),
        migrations.AddField(
            model_name="venue",
            name="calendar",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="calendars.calendar",
            ),
        ),
        migrations.AddField(
            model_name="venue",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="venues", to="organisations.organisation"
            ),
        ),
        migrations.AddField(
            model_name="openinghours",
            name="venue",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="hours", to="organisations.venue"
            ),
        ),
        migrations.AddConstraint(
            model_name="venue",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to", None)), fields=("organisation", "name"), name="venue_named_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="venue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "activity_room",
                            "meeting_room",
                            "reading_room",
                            "canteen",
                            "clinic",
                            "service_hall",
                            "riders_station",
                            "square",
                            "bike_point",
                            "other",
                        ],
                    )
                ),
                name="venue_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="venue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude", None), ("longitude", None)),
                    models.Q(("latitude__isnull", False), ("longitude__isnull", False)),
                    _connector="OR",
                ),
                name="venue_has_a_whole_position",
            ),
        ),
        migrations.AddConstraint(
            model_name="venue",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"),
                name="venue_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="venue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_bookable", False), models.Q(("capacity__gte", 1), ("capacity__isnull", False)), _connector="OR"
                ),
                name="venue_bookable_has_a_capacity",
            ),
        ),
        migrations.AddConstraint(
            model_name="openinghours",
            constraint=models.UniqueConstraint(fields=("venue", "day", "opens_at"), name="opening_hours_once"),
        ),
        migrations.AddConstraint(
            model_name="openinghours",
            constraint=models.CheckConstraint(
                condition=models.Q(("day__in", ["work_day", "rest_day", "holiday"])), name="opening_day_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="openinghours",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes_at__gt", models.F("opens_at"))), name="opening_hours_end_after_they_begin"
            ),
        ),
    ]
