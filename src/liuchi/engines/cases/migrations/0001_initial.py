import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import liuchi.ground.kernel.ids

NUMBER = """
CREATE FUNCTION cases_next_number(said_at timestamptz) RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT to_char(said_at AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDD') || '-' || lpad(n, greatest(6, length(n)), '0')
    FROM (SELECT nextval('cases_case_number')::text AS n) AS taken
$$;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("calendars", "0001_initial"),
        ("organisations", "0001_initial"),
        ("people", "0001_initial"),
        ("territory", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            sql="CREATE SEQUENCE cases_case_number",
            reverse_sql="DROP SEQUENCE cases_case_number",
        ),
        migrations.RunSQL(
            sql=NUMBER,
            reverse_sql="DROP FUNCTION cases_next_number(timestamptz)",
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        db_default=django.db.models.expressions.RawSQL("cases_next_number(now())", []),
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "waiting to be accepted"),
                            ("verifying", "being verified on site"),
                            ("filed", "waiting for dispatch"),
                            ("handling", "being handled"),
                            ("checking", "being checked on site"),
                            ("checked", "waiting to be closed"),
                            ("closed", "closed"),
                            ("refused", "not filed"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("web", "web page"),
                            ("phone", "hotline"),
                            ("window", "at the counter"),
                            ("grid", "grid worker"),
                            ("api", "other system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("address", models.CharField(blank=True, max_length=200)),
                ("reported_at", models.DateTimeField()),
                ("filed_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("is_provisional", models.BooleanField(default=False)),
                ("step_due_at", models.DateTimeField(blank=True, null=True)),
                ("step_warn_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("rating", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("rated_at", models.DateTimeField(blank=True, null=True)),
                (
                    "place",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="territory.area",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["place", "-id"], name="case_by_place")],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("role", models.CharField(choices=[("lead", "lead"), ("support", "support")], max_length=8)),
                ("reason", models.CharField(max_length=300)),
                ("assigned_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("outcome", models.CharField(blank=True, max_length=20)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="cases.case"
                    ),
                ),
            ],
            options={
                "ordering": ["assigned_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None), ("role", "lead")),
                        fields=("case",),
                        name="case_has_one_lead",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("case", "unit"), name="unit_has_one_part"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None), ("ended_at__gte", models.F("assigned_at")), _connector="OR"
                        ),
                        name="assignment_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseClock",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(choices=[("case", "case clock"), ("step", "step clock")], max_length=4)),
                ("step", models.CharField(max_length=10)),
                ("limit_value", models.DecimalField(decimal_places=2, max_digits=7)),
                ("limit_unit", models.CharField(max_length=12)),
                ("started_at", models.DateTimeField()),
                ("running_since", models.DateTimeField(blank=True, null=True)),
                ("paused_at", models.DateTimeField(blank=True, null=True)),
                ("consumed", models.BigIntegerField(default=0)),
                ("warn_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("is_provisional", models.BooleanField(default=False)),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
                ("is_overdue", models.BooleanField(blank=True, null=True)),
                (
                    "assignment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clocks",
                        to="cases.assignment",
                    ),
                ),
                (
                    "calendar_version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calendars.calendarversion",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clocks",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "ordering": ["started_at", "id"],
                "indexes": [
                    models.Index(fields=["case", "id"], name="clock_by_case"),
                    models.Index(
                        condition=models.Q(("stopped_at", None)),
                        fields=["calendar_version", "id"],
                        name="clock_running_by_calendar",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "case"), ("stopped_at", None)),
                        fields=("case",),
                        name="case_has_one_case_clock",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("assignment", None), ("kind", "step"), ("stopped_at", None)),
                        fields=("case",),
                        name="case_has_one_step_clock",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("paused_at", None), ("running_since__isnull", False), ("stopped_at", None)),
                            models.Q(("paused_at__isnull", False), ("running_since", None), ("stopped_at", None)),
                            models.Q(("paused_at", None), ("running_since", None), ("stopped_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="clock_runs_or_is_paused_or_stopped",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("stopped_at", None), ("is_overdue__isnull", False), _connector="OR"),
                        name="clock_stopped_is_judged",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gte", models.F("warn_at"))), name="clock_warns_before_due"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseMove",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("line_id", models.UUIDField(unique=True)),
                ("name", models.CharField(max_length=20)),
                ("from_state", models.CharField(blank=True, max_length=10)),
                ("to_state", models.CharField(max_length=10)),
                ("actor_kind", models.CharField(max_length=8)),
                ("actor_id", models.UUIDField(blank=True, null=True)),
                ("reason_code", models.CharField(blank=True, max_length=30)),
                ("public_text", models.TextField(blank=True, max_length=2000)),
                ("internal_text", models.TextField(blank=True, max_length=2000)),
                ("happened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="cases.case",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["case", "id"], name="move_by_case")],
            },
        ),
        migrations.CreateModel(
            name="Catalogue",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("document", models.CharField(max_length=120)),
                ("city", models.CharField(max_length=40)),
                ("number", models.PositiveIntegerField()),
                ("content_hash", models.CharField(max_length=64)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["code", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("code", "number"), name="catalogue_numbered_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)), fields=("code",), name="catalogue_in_force_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="catalogue_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseClass",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(choices=[("component", "component"), ("event", "event")], max_length=10)),
                ("code", models.CharField(max_length=6)),
                ("name", models.CharField(max_length=40)),
                ("major_code", models.CharField(max_length=2)),
                ("major_name", models.CharField(max_length=20)),
                (
                    "catalogue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="classes", to="cases.catalogue"
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("catalogue", "kind", "code"), name="class_once_in_a_catalogue"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["component", "event"])), name="class_kind_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FilingCondition",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("condition", models.CharField(max_length=300)),
                ("closing", models.CharField(max_length=300)),
                ("limit_value", models.DecimalField(decimal_places=2, max_digits=7)),
                ("limit_unit", models.CharField(max_length=12)),
                ("limit_text", models.CharField(max_length=20)),
                ("disposal_unit", models.CharField(max_length=120)),
                ("supervising_department", models.CharField(blank=True, max_length=120)),
                (
                    "case_class",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="conditions", to="cases.caseclass"
                    ),
                ),
            ],
            options={
                "ordering": ["case_class_id", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("case_class", "number"), name="condition_numbered_once"),
                    models.CheckConstraint(condition=models.Q(("limit_value__gt", 0)), name="condition_limit_positive"),
                ],
            },
        ),
        migrations.AddField(
            model_name="case",
            name="condition",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cases",
                to="cases.filingcondition",
            ),
        ),
        migrations.CreateModel(
            name="RecordedRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("jurisdiction", models.CharField(max_length=40)),
                ("number", models.CharField(max_length=40)),
                ("class_name", models.CharField(max_length=60)),
                ("detail", models.CharField(blank=True, max_length=80)),
                ("agency", models.CharField(blank=True, max_length=60)),
                ("channel", models.CharField(blank=True, max_length=20)),
                ("status", models.CharField(blank=True, max_length=20)),
                ("made_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("place", models.CharField(blank=True, max_length=40)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("latitude", models.FloatField(blank=True, null=True)),
            ],
            options={
                "ordering": ["jurisdiction", "made_at", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("jurisdiction", "number"), name="recorded_request_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("receipt_index", models.BinaryField(max_length=32)),
                ("text", models.TextField(max_length=5000)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("web", "web page"),
                            ("phone", "hotline"),
                            ("window", "at the counter"),
                            ("grid", "grid worker"),
                            ("api", "other system"),
                        ],
                        max_length=8,
                    ),
                ),
                ("name_sealed", models.BinaryField(blank=True, null=True)),
                ("phone_sealed", models.BinaryField(blank=True, null=True)),
                ("phone_index", models.BinaryField(blank=True, null=True)),
                ("received_at", models.DateTimeField()),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="cases.case"
                    ),
                ),
                (
                    "reporter",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "ordering": ["received_at", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("phone_index__isnull", False)),
                        fields=["phone_index"],
                        name="report_by_phone",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("receipt_index",), name="report_receipt_once")],
            },
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("classification", models.CharField(max_length=40)),
                ("code", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=40)),
                ("level", models.PositiveSmallIntegerField()),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="below",
                        to="cases.topic",
                    ),
                ),
            ],
            options={
                "ordering": ["classification", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("classification", "code"), name="topic_coded_once"),
                    models.CheckConstraint(condition=models.Q(("level__range", (1, 3))), name="topic_has_three_levels"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("level", 1), ("parent", None)),
                            models.Q(("level__gt", 1), ("parent__isnull", False)),
                            _connector="OR",
                        ),
                        name="topic_stands_below_another",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("ended_at", None)), fields=["step_due_at", "id"], name="case_open_by_step_due"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("ended_at", None)),
                fields=["state", "place", "step_due_at", "id"],
                name="case_open_by_state_place",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("ended_at", None)), fields=["unit", "step_due_at", "id"], name="case_open_by_unit"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        ["received", "verifying", "filed", "handling", "checking", "checked", "closed", "refused"],
                    )
                ),
                name="case_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", False), ("state__in", ["closed", "refused"])),
                    models.Q(models.Q(("state__in", ["closed", "refused"]), _negated=True), ("ended_at", None)),
                    _connector="OR",
                ),
                name="case_ended_means_closed_or_refused",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["received", "verifying", "refused"]), ("condition__isnull", False), _connector="OR"
                ),
                name="case_filed_has_a_condition",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["handling", "checking", "checked", "closed"]), _negated=True),
                    ("unit__isnull", False),
                    _connector="OR",
                ),
                name="case_dispatched_has_a_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_at__isnull", False), ("step_due_at__isnull", False), _connector="OR"),
                name="case_open_has_a_clock",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("rating", None), ("rating__range", (1, 5)), _connector="OR"),
                name="case_rating_one_to_five",
            ),
        ),
    ]
