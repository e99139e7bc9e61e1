"""Several reports of one matter, several matters of one report; endings by merging, withdrawal and formal decision."""

import django.db.models.deletion
from django.db import migrations, models

import liuchi.ground.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_more_time_may_be_granted"),
        ("organisations", "0001_initial"),
        ("people", "0002_consent_texts_never_change"),
        ("territory", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReportVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("text", models.TextField(max_length=5000)),
                ("address", models.CharField(blank=True, max_length=200)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("replaced_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["replaced_at", "id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="case",
            name="case_ended_means_closed_or_refused",
        ),
        migrations.RemoveConstraint(
            model_name="case",
            name="case_filed_has_a_condition",
        ),
        migrations.RemoveConstraint(
            model_name="case",
            name="case_dispatched_has_a_unit",
        ),
        migrations.RemoveConstraint(
            model_name="case",
            name="case_state_known",
        ),
        migrations.RemoveConstraint(
            model_name="report",
            name="report_receipt_once",
        ),
        migrations.AddField(
            model_name="case",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="cases.case",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="split_from",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parts",
                to="cases.case",
            ),
        ),
        migrations.AddField(
            model_name="casemove",
            name="report",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.report",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="came_with",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reports_moved",
                to="cases.case",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="is_joined",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="report",
            name="origin",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parts",
                to="cases.report",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="case",
            name="state",
            field=models.CharField(
                choices=[
                    ("received", "waiting to be accepted"),
                    ("verifying", "being verified on site"),
                    ("filed", "waiting for dispatch"),
                    ("handling", "being handled"),
                    ("disputed", "said not ours, to be decided"),
                    ("extending", "extension asked for, to be decided"),
                    ("ending", "formal ending asked for, to be decided"),
                    ("proposed", "formal ending proposed, to be decided"),
                    ("checking", "being checked on site"),
                    ("checked", "waiting to be closed"),
                    ("closed", "closed"),
                    ("refused", "not filed"),
                    ("merged", "merged into another case"),
                    ("withdrawn", "withdrawn by its reporter"),
                    ("dismissed", "formally ended"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("ended_at", None)), fields=["longitude", "latitude"], name="case_open_by_point"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)), fields=["merged_into"], name="case_merged_by_lead"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("split_from__isnull", False)), fields=["split_from"], name="case_part_by_first"
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                condition=models.Q(("came_with__isnull", False)), fields=["came_with"], name="report_by_merged_case"
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                condition=models.Q(("origin__isnull", False)), fields=["receipt_index"], name="report_part_by_receipt"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "received",
                            "verifying",
                            "filed",
                            "handling",
                            "disputed",
                            "extending",
                            "ending",
                            "proposed",
                            "checking",
                            "checked",
                            "closed",
                            "refused",
                            "merged",
                            "withdrawn",
                            "dismissed",
                        ],
                    )
                ),
                name="case_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ended_at__isnull", False),
                        ("state__in", ("closed", "refused", "merged", "withdrawn", "dismissed")),
                    ),
                    models.Q(
                        models.Q(
                            ("state__in", ("closed", "refused", "merged", "withdrawn", "dismissed")), _negated=True
                        ),
                        ("ended_at", None),
                    ),
                    _connector="OR",
                ),
                name="case_ended_means_an_ended_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("merged_into__isnull", False),
                        ("state", "merged"),
                        models.Q(("merged_into", models.F("id")), _negated=True),
                    ),
                    models.Q(models.Q(("state", "merged"), _negated=True), ("merged_into", None)),
                    _connector="OR",
                ),
                name="case_merged_names_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("split_from", None), models.Q(("split_from", models.F("id")), _negated=True), _connector="OR"
                ),
                name="case_is_no_part_of_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["received", "verifying", "refused", "merged", "withdrawn"]),
                    ("condition__isnull", False),
                    _connector="OR",
                ),
                name="case_filed_has_a_condition",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        ["received", "verifying", "refused", "merged", "withdrawn", "filed", "proposed", "dismissed"],
                    ),
                    ("unit__isnull", False),
                    _connector="OR",
                ),
                name="case_dispatched_has_a_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                condition=models.Q(("origin", None)), fields=("receipt_index",), name="report_receipt_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                condition=models.Q(("origin__isnull", False)), fields=("origin", "case"), name="report_part_once_a_case"
            ),
        ),
        migrations.AddField(
            model_name="reportversion",
            name="place",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territory.area"
            ),
        ),
        migrations.AddField(
            model_name="reportversion",
            name="report",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="cases.report"
            ),
        ),
    ]
