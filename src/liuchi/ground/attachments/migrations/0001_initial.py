from django.db import migrations, models

import liuchi.ground.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subject_type", models.CharField(blank=True, max_length=40)),
                ("subject_id", models.UUIDField(blank=True, null=True)),
                ("holder", models.BinaryField(max_length=32)),
                ("name", models.CharField(max_length=80)),
                ("content_type", models.CharField(max_length=80)),
                ("size", models.PositiveIntegerField()),
                ("digest", models.BinaryField(max_length=32)),
                ("key", models.CharField(blank=True, max_length=80)),
                ("thumbnail_key", models.CharField(blank=True, max_length=80)),
                ("width", models.PositiveIntegerField(blank=True, null=True)),
                ("height", models.PositiveIntegerField(blank=True, null=True)),
                ("taken_at", models.DateTimeField(blank=True, null=True)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("latitude", models.FloatField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ready", "ready"),
                            ("waiting", "waits for the virus scan"),
                            ("blocked", "blocked by the virus scan"),
                            ("removed", "removed"),
                        ],
                        max_length=8,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("scanned_at", models.DateTimeField(blank=True, null=True)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["created_at", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("removed_at", None), ("subject_id__isnull", False)),
                        fields=["subject_id"],
                        name="attachment_by_subject",
                    ),
                    models.Index(
                        condition=models.Q(("removed_at", None), ("subject_id", None)),
                        fields=["created_at"],
                        name="attachment_unclaimed",
                    ),
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["created_at"], name="attachment_waiting"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("subject_id", None), ("subject_type", "")),
                            models.Q(models.Q(("subject_type", ""), _negated=True), ("subject_id__isnull", False)),
                            _connector="OR",
                        ),
                        name="attachment_names_its_subject_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "removed"), _negated=True),
                            models.Q(
                                ("key", ""),
                                ("latitude", None),
                                ("longitude", None),
                                ("name", ""),
                                ("taken_at", None),
                                ("thumbnail_key", ""),
                            ),
                            _connector="OR",
                        ),
                        name="attachment_removed_keeps_nothing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude", None), ("longitude", None)),
                            models.Q(("latitude__isnull", False), ("longitude__isnull", False)),
                            _connector="OR",
                        ),
                        name="attachment_place_is_a_pair",
                    ),
                ],
            },
        ),
    ]
