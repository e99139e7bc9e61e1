"""Organisations keep how they stood, what became of them and where they serve; posts have seats and an end."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import liuchi.ground.kernel.ids


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_initial"), ("territory", "0002_lists_are_ordered")]

    operations = [
        migrations.CreateModel(
            name="PastState",
            fields=[
                ("name", models.CharField(max_length=60)),
                ("short_name", models.CharField(max_length=20)),
                ("english_name", models.CharField(blank=True, max_length=100)),
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("change", models.CharField(choices=[("renamed", "renamed"), ("moved", "moved")], max_length=10)),
                ("document", models.CharField(blank=True, max_length=120)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
            ],
            options={
                "ordering": ["organisation_id", "valid_to", "id"],
            },
        ),
        migrations.CreateModel(
            name="ServedArea",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["organisation_id", "area_id", "valid_from"],
            },
        ),
        migrations.CreateModel(
            name="Succession",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(choices=[("merged", "merged into"), ("split", "split into")], max_length=10)),
                ("is_heir", models.BooleanField()),
                ("on", models.DateField()),
                ("document", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "ordering": ["on", "predecessor_id", "id"],
            },
        ),
        migrations.AddField(
            model_name="organisation",
            name="address",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="organisation",
            name="credit_code",
            field=models.CharField(blank=True, max_length=18),
        ),
        migrations.AddField(
            model_name="organisation",
            name="ended_by",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="organisation",
            name="founded_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="organisation",
            name="latitude",
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="organisation",
            name="longitude",
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="organisation",
            name="party_parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.organisation",
            ),
        ),
        migrations.AddField(
            model_name="organisation",
            name="seat",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="seated",
                to="territory.area",
            ),
        ),
        migrations.AddField(
            model_name="organisation",
            name="stands_since",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="organisation",
            name="statistical_parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.organisation",
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="duties",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name="post",
            name="is_head",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="post",
            name="seats",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="post",
            name="succeeded_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="succeeds",
                to="organisations.post",
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="valid_from",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="post",
            name="valid_to",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="organisation",
            name="area",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="%(class)ss", to="territory.area"
            ),
        ),
        migrations.AlterField(
            model_name="organisation",
            name="kind",
            field=models.CharField(
                choices=[
                    ("department", "department"),
                    ("squad", "squad"),
                    ("centre", "service centre"),
                    ("utility", "utility"),
                    ("desk", "supervision desk"),
                    ("town", "street or town office"),
                    ("community", "community or village committee"),
                    ("station", "red-collar workstation"),
                    ("works_committee", "street party works committee"),
                    ("party_committee", "community party committee"),
                    ("party_branch", "party branch"),
                    ("party_group", "party group of a building"),
                    ("party_household", "party member's centre household"),
                    ("mass_body", "mass organisation"),
                    ("social_body", "social body"),
                    ("property_company", "property company"),
                    ("resident_unit", "resident unit"),
                    ("firm", "firm"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(
                condition=models.Q(("valid_to", None)), fields=["area", "kind"], name="organisation_by_area"
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to", None), models.Q(("credit_code", ""), _negated=True)),
                fields=("credit_code",),
                name="organisation_credit_code_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("stands_since", None), ("stands_since__gte", models.F("valid_from")), _connector="OR"
                ),
                name="organisation_stands_since_its_beginning",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "department",
                            "squad",
                            "centre",
                            "utility",
                            "desk",
                            "town",
                            "community",
                            "station",
                            "works_committee",
                            "party_committee",
                            "party_branch",
                            "party_group",
                            "party_household",
                            "mass_body",
                            "social_body",
                            "property_company",
                            "resident_unit",
                            "firm",
                        ],
                    )
                ),
                name="organisation_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude", None), ("longitude", None)),
                    models.Q(("latitude__isnull", False), ("longitude__isnull", False)),
                    _connector="OR",
                ),
                name="organisation_has_a_whole_position",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "party_household"), _negated=True),
                    models.Q(("address", ""), ("latitude", None), ("longitude", None), ("phone", "")),
                    _connector="OR",
                ),
                name="organisation_home_stays_private",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to", None)),
                fields=("organisation", "title", "area"),
                name="post_exists_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to", None), ("valid_from", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                ),
                name="post_ends_not_before_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(condition=models.Q(("seats__gte", 1)), name="post_has_a_seat"),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(("succeeded_by", None), ("valid_to__isnull", False), _connector="OR"),
                name="post_succeeded_has_ended",
            ),
        ),
        migrations.AddField(
            model_name="paststate",
            name="area",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="%(class)ss", to="territory.area"
            ),
        ),
        migrations.AddField(
            model_name="paststate",
            name="management_parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.organisation",
            ),
        ),
        migrations.AddField(
            model_name="paststate",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="past", to="organisations.organisation"
            ),
        ),
        migrations.AddField(
            model_name="paststate",
            name="party_parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.organisation",
            ),
        ),
        migrations.AddField(
            model_name="paststate",
            name="statistical_parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.organisation",
            ),
        ),
        migrations.AddField(
            model_name="servedarea",
            name="area",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="served_by", to="territory.area"
            ),
        ),
        migrations.AddField(
            model_name="servedarea",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="served", to="organisations.organisation"
            ),
        ),
        migrations.AddField(
            model_name="succession",
            name="predecessor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="successions", to="organisations.organisation"
            ),
        ),
        migrations.AddField(
            model_name="succession",
            name="successor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="origins", to="organisations.organisation"
            ),
        ),
        migrations.AddConstraint(
            model_name="paststate",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__gte", models.F("valid_from"))),
                name="past_state_ends_not_before_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="paststate",
            constraint=models.CheckConstraint(
                condition=models.Q(("change__in", ["renamed", "moved"])), name="past_state_change_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="servedarea",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to", None)),
                fields=("organisation", "area"),
                name="served_area_once_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="servedarea",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"),
                name="served_area_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="succession",
            constraint=models.UniqueConstraint(fields=("predecessor", "successor"), name="succession_once"),
        ),
        migrations.AddConstraint(
            model_name="succession",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_heir", True)), fields=("predecessor",), name="succession_has_one_heir"
            ),
        ),
        migrations.AddConstraint(
            model_name="succession",
            constraint=models.CheckConstraint(
                condition=models.Q(("predecessor", models.F("successor")), _negated=True),
                name="succession_is_to_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="succession",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["merged", "split"])), name="organisation_succession_kind_known"
            ),
        ),
    ]
