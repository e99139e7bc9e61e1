import django.db.models.deletion
import django.db.models.fields.json
from django.db import migrations, models

import liuchi.ground.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.RunSQL(
            sql="CREATE SEQUENCE journal_line_seq AS bigint",
            reverse_sql="DROP SEQUENCE journal_line_seq",
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("reaction", models.TextField(primary_key=True, serialize=False)),
                ("position", models.BigIntegerField(default=0)),
                ("attempts", models.IntegerField(default=0)),
                ("retry_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "journal_checkpoint",
                "ordering": ("reaction",),
            },
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("kind", models.TextField(choices=[("batch", "batch"), ("restored", "restored")], default="batch")),
                ("epoch", models.IntegerField()),
                ("first", models.BigIntegerField()),
                ("count", models.IntegerField()),
                ("root", models.BinaryField(max_length=32)),
                ("previous", models.BinaryField(max_length=32)),
                ("sealed_at", models.DateTimeField()),
                ("kept", models.BigIntegerField(null=True)),
                ("reason", models.TextField(blank=True)),
                ("key", models.TextField()),
                ("signature", models.BinaryField(max_length=64)),
            ],
            options={
                "db_table": "journal_batch",
                "ordering": ("number",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("count__gte", 0), ("first__gt", 0), ("number__gt", 0)),
                        name="journal_batch_counts",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "seq",
                    models.BigIntegerField(
                        db_default=models.Func(
                            models.Value("journal_line_seq"), function="nextval", output_field=models.BigIntegerField()
                        )
                    ),
                ),
                ("kind", models.TextField()),
                ("actor_kind", models.TextField()),
                ("actor_id", models.UUIDField(null=True)),
                ("actor_name", models.TextField(blank=True)),
                ("on_behalf_of", models.UUIDField(null=True)),
                ("place_id", models.UUIDField(null=True)),
                ("subject_type", models.TextField()),
                ("subject_id", models.UUIDField()),
                ("data", models.JSONField(default=dict)),
                ("scheme_version", models.TextField(blank=True)),
                ("happened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("mac", models.BinaryField(max_length=32)),
                ("position", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "journal_line",
                "ordering": ("seq",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("position__isnull", True)), fields=["seq"], name="journal_line_pending"
                    ),
                    models.Index(fields=["subject_id", "seq"], name="journal_line_subject"),
                    models.Index(
                        condition=models.Q(("data__has_key", "purpose")), fields=["seq"], name="journal_line_reads"
                    ),
                    models.Index(
                        condition=models.Q(("data__has_key", "purpose")),
                        fields=["actor_id", "seq"],
                        name="journal_line_reads_by_actor",
                    ),
                    models.Index(
                        django.db.models.fields.json.KeyTextTransform("person", "data"),
                        models.F("seq"),
                        condition=models.Q(("data__has_key", "purpose")),
                        name="journal_line_reads_of_person",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("position__isnull", False)),
                        fields=("position",),
                        name="journal_line_position_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("position__gt", 0)), name="journal_line_position_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("actor_kind__in", ("system", "visitor")),
                            models.Q(("actor_id__isnull", False), ("actor_kind", "person")),
                            _connector="OR",
                        ),
                        name="journal_line_actor_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeadLetter",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("reaction", models.TextField()),
                ("error", models.TextField()),
                ("attempts", models.IntegerField()),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("resolved_at", models.DateTimeField(null=True)),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="dead_letters", to="journal.line"
                    ),
                ),
            ],
            options={
                "db_table": "journal_dead_letter",
                "ordering": ("first_at", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("resolved_at__isnull", True)),
                        fields=["first_at"],
                        name="journal_dead_letter_open",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("reaction", "line"), name="journal_dead_letter_once")],
            },
        ),
    ]
