import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import liuchi.ground.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ExportRecord",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=24, unique=True)),
                ("listing", models.CharField(max_length=80)),
                (
                    "fmt",
                    models.CharField(choices=[("xlsx", "Excel (XLSX)"), ("csv", "Text table (CSV)")], max_length=4),
                ),
                ("rows", models.PositiveIntegerField()),
                ("is_personal", models.BooleanField()),
                ("purpose", models.CharField(blank=True, max_length=40)),
                ("place_id", models.UUIDField(blank=True, null=True)),
                ("actor_kind", models.CharField(max_length=10)),
                ("actor_id", models.UUIDField(blank=True, null=True)),
                ("actor_name", models.CharField(blank=True, max_length=80)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-made_at", "-id"],
                "indexes": [models.Index(fields=["-made_at", "-id"], name="export_newest_first")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("fmt__in", ["xlsx", "csv"])), name="export_format_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_personal", False), models.Q(("purpose", ""), _negated=True), _connector="OR"
                        ),
                        name="export_personal_has_purpose",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=24, unique=True)),
                ("register", models.CharField(max_length=80)),
                ("filename", models.CharField(max_length=200)),
                ("size", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("language", models.CharField(max_length=12)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "being read"),
                            ("read", "waits for its columns"),
                            ("checking", "being checked"),
                            ("checked", "checked, waits for your word"),
                            ("running", "running"),
                            ("done", "done"),
                            ("stopped", "stopped"),
                            ("undoing", "being taken back"),
                            ("undone", "taken back"),
                        ],
                        default="received",
                        max_length=10,
                    ),
                ),
                ("options", models.JSONField(default=dict)),
                ("found", models.JSONField(default=dict)),
                ("headings", models.JSONField(default=list)),
                ("mapping", models.JSONField(blank=True, null=True)),
                ("findings", models.JSONField(default=dict)),
                ("trouble", models.JSONField(blank=True, null=True)),
                ("total", models.PositiveIntegerField(default=0)),
                ("checked", models.PositiveIntegerField(default=0)),
                ("bad", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("created", models.PositiveIntegerField(default=0)),
                ("changed", models.PositiveIntegerField(default=0)),
                ("unchanged", models.PositiveIntegerField(default=0)),
                ("refused", models.PositiveIntegerField(default=0)),
                ("key_sealed", models.BinaryField(blank=True, null=True)),
                ("actor_kind", models.CharField(max_length=10)),
                ("actor_id", models.UUIDField(blank=True, null=True)),
                ("actor_name", models.CharField(blank=True, max_length=80)),
                ("received_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("beat_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("forgotten_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-received_at", "-id"],
                "indexes": [
                    models.Index(fields=["actor_id", "-received_at", "-id"], name="import_newest_of_somebody"),
                    models.Index(
                        condition=models.Q(("state__in", ("received", "checking", "running", "undoing"))),
                        fields=["beat_at"],
                        name="import_at_work",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "received",
                                    "read",
                                    "checking",
                                    "checked",
                                    "running",
                                    "done",
                                    "stopped",
                                    "undoing",
                                    "undone",
                                ],
                            )
                        ),
                        name="import_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "done",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("created"), "+", models.F("changed")
                                        ),
                                        "+",
                                        models.F("unchanged"),
                                    ),
                                    "+",
                                    models.F("refused"),
                                ),
                            )
                        ),
                        name="import_adds_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("forgotten_at", None), ("key_sealed", None), _connector="OR"),
                        name="import_forgotten_has_no_key",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedMapping",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("register", models.CharField(max_length=80)),
                ("fingerprint", models.CharField(max_length=64)),
                ("document", models.JSONField()),
                ("actor_id", models.UUIDField(blank=True, null=True)),
                ("saved_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["register", "-saved_at", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("register", "fingerprint"), name="mapping_once_for_headings")
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportBatch",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("results", models.BinaryField(blank=True, null=True)),
                ("made_at", models.DateTimeField()),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="batches", to="exchange.import"
                    ),
                ),
            ],
            options={
                "ordering": ["of_id", "number"],
                "constraints": [models.UniqueConstraint(fields=("of", "number"), name="import_batch_once")],
            },
        ),
    ]
