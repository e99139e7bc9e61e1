"""Powers and duties stand in lists, each as one document issued it; what was listed so far is put into them."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import liuchi.ground.kernel.ids

FILL = """
INSERT INTO organisations_dutylist (id, kind, title, issuer, number, version, issued_on, valid_from, valid_to)
    SELECT gen_random_uuid(), 'disposal', document, '', '', '', min(valid_from), min(valid_from), max(valid_to)
    FROM organisations_duty GROUP BY document;
INSERT INTO organisations_dutyitem (id, duty_list_id, kind, number, code, name, category, power_type, basis, subject,
        method, matters, is_public)
    SELECT gen_random_uuid(), list.id, 'basic', row_number() OVER (PARTITION BY list.id ORDER BY matter), '', matter,
        '', '', '', '', '', ARRAY[matter], true
    FROM (SELECT DISTINCT document, matter FROM organisations_duty) AS listed
    JOIN organisations_dutylist AS list ON list.title = listed.document;
UPDATE organisations_duty AS duty SET item_id = item.id
    FROM organisations_dutyitem AS item JOIN organisations_dutylist AS list ON list.id = item.duty_list_id
    WHERE list.title = duty.document AND duty.matter = ANY (item.matters);
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0002_history_and_posts")]

    operations = [
        migrations.CreateModel(
            name="DutyItem",
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
                            ("basic", "basic duty"),
                            ("assist", "assisting duty"),
                            ("taken_back", "taken back by the department above"),
                            ("power", "power of a department"),
                            ("delegated", "handed down"),
                        ],
                        max_length=12,
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("code", models.CharField(blank=True, max_length=40)),
                ("name", models.CharField(max_length=200)),
                ("category", models.CharField(blank=True, max_length=60)),
                ("power_type", models.CharField(blank=True, max_length=30)),
                ("basis", models.CharField(blank=True, max_length=1000)),
                ("subject", models.CharField(blank=True, max_length=80)),
                ("method", models.CharField(blank=True, max_length=500)),
                (
                    "matters",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), blank=True, default=list, size=None
                    ),
                ),
                ("is_public", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["duty_list_id", "kind", "number"],
            },
        ),
        migrations.CreateModel(
            name="DutyList",
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
                            ("town", "duties of streets and towns"),
                            ("community", "duties of communities and villages"),
                            ("department", "powers and duties of departments"),
                            ("disposal", "who disposes of components and events"),
                            ("delegated", "powers handed down"),
                        ],
                        max_length=12,
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                ("issuer", models.CharField(blank=True, max_length=60)),
                ("number", models.CharField(blank=True, max_length=40)),
                ("version", models.CharField(blank=True, max_length=20)),
                ("issued_on", models.DateField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-valid_from", "title", "id"],
            },
        ),
        migrations.AddField(
            model_name="dutylist",
            name="supersedes",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="superseded_by",
                to="organisations.dutylist",
            ),
        ),
        migrations.AddField(
            model_name="dutyitem",
            name="duty_list",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="items", to="organisations.dutylist"
            ),
        ),
        migrations.AddConstraint(
            model_name="dutylist",
            constraint=models.UniqueConstraint(fields=("title", "number", "version"), name="duty_list_issued_once"),
        ),
        migrations.AddConstraint(
            model_name="dutylist",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["town", "community", "department", "disposal", "delegated"])),
                name="duty_list_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="dutylist",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"),
                name="duty_list_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="dutylist",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("supersedes", None), models.Q(("supersedes", models.F("id")), _negated=True), _connector="OR"
                ),
                name="duty_list_supersedes_another",
            ),
        ),
        migrations.AddIndex(
            model_name="dutyitem",
            index=django.contrib.postgres.indexes.GinIndex(fields=["matters"], name="duty_item_by_matter"),
        ),
        migrations.AddConstraint(
            model_name="dutyitem",
            constraint=models.UniqueConstraint(fields=("duty_list", "kind", "number"), name="duty_item_numbered_once"),
        ),
        migrations.AddConstraint(
            model_name="dutyitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["basic", "assist", "taken_back", "power", "delegated"])),
                name="duty_item_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="dutyitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("method", ""), ("kind", "taken_back"), _connector="OR"),
                name="duty_item_method_says_how_it_was_taken_back",
            ),
        ),
        migrations.AddField(
            model_name="duty",
            name="unit",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="duty",
            name="item",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sides",
                to="organisations.dutyitem",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
