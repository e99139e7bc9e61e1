import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import liuchi.ground.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("calendars", "0001_initial"),
        ("territory", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AssetClass",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=5)),
                ("name", models.CharField(max_length=30)),
                ("major_name", models.CharField(max_length=30)),
                ("document", models.CharField(blank=True, max_length=120)),
                ("is_extension", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["code"],
                "constraints": [
                    models.UniqueConstraint(fields=("code",), name="asset_class_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[0-9]{4,5}$")), name="asset_class_code_is_digits"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="asset_class_has_a_name"
                    ),
                ],
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
                (
                    "supersedes",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="organisations.dutylist",
                    ),
                ),
            ],
            options={
                "ordering": ["-valid_from", "title", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("title", "number", "version"), name="duty_list_issued_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["town", "community", "department", "disposal", "delegated"])),
                        name="duty_list_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="duty_list_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("supersedes", None),
                            models.Q(("supersedes", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="duty_list_supersedes_another",
                    ),
                ],
            },
        ),
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
                (
                    "duty_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="organisations.dutylist"
                    ),
                ),
            ],
            options={
                "ordering": ["duty_list_id", "kind", "number"],
                "indexes": [django.contrib.postgres.indexes.GinIndex(fields=["matters"], name="duty_item_by_matter")],
                "constraints": [
                    models.UniqueConstraint(fields=("duty_list", "kind", "number"), name="duty_item_numbered_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["basic", "assist", "taken_back", "power", "delegated"])),
                        name="duty_item_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("method", ""), ("kind", "taken_back"), _connector="OR"),
                        name="duty_item_method_says_how_it_was_taken_back",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
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
                ("code", models.CharField(max_length=40)),
                (
                    "kind",
                    models.CharField(
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
                ("phone", models.CharField(blank=True, max_length=20)),
                ("credit_code", models.CharField(blank=True, max_length=18)),
                ("founded_on", models.DateField(blank=True, null=True)),
                ("address", models.CharField(blank=True, max_length=120)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("valid_from", models.DateField()),
                ("stands_since", models.DateField(blank=True, null=True)),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("ended_by", models.CharField(blank=True, max_length=120)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="%(class)ss", to="territory.area"
                    ),
                ),
                (
                    "calendar",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calendars.calendar",
                    ),
                ),
                (
                    "management_parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "party_parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seated",
                        to="territory.area",
                    ),
                ),
                (
                    "statistical_parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["code"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("valid_to", None)), fields=["area", "kind"], name="organisation_by_area"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)), fields=("code",), name="organisation_code_in_force_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None), models.Q(("credit_code", ""), _negated=True)),
                        fields=("credit_code",),
                        name="organisation_credit_code_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="organisation_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stands_since", None), ("stands_since__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="organisation_stands_since_its_beginning",
                    ),
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude", None), ("longitude", None)),
                            models.Q(("latitude__isnull", False), ("longitude__isnull", False)),
                            _connector="OR",
                        ),
                        name="organisation_has_a_whole_position",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "party_household"), _negated=True),
                            models.Q(("address", ""), ("latitude", None), ("longitude", None), ("phone", "")),
                            _connector="OR",
                        ),
                        name="organisation_home_stays_private",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("by_place", models.CharField(blank=True, max_length=12)),
                ("unit", models.CharField(blank=True, max_length=60)),
                (
                    "role",
                    models.CharField(
                        choices=[("lead", "leads"), ("assist", "assists"), ("taken_back", "took it back")],
                        max_length=12,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sides", to="organisations.dutyitem"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["item_id", "-role", "organisation_id", "by_place", "unit", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("organisation", None), ("unit", ""), models.Q(("by_place", ""), _negated=True)),
                            models.Q(("by_place", ""), ("organisation__isnull", False), ("unit", "")),
                            models.Q(("by_place", ""), ("organisation", None), models.Q(("unit", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="duty_names_a_body_or_a_place",
                    ),
                    models.UniqueConstraint(
                        fields=("item", "organisation", "by_place", "unit", "role"),
                        name="duty_listed_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["lead", "assist", "taken_back"])), name="duty_role_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Asset",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=16)),
                ("name", models.CharField(max_length=40)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("position", models.CharField(blank=True, max_length=60)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("intact", "intact"),
                            ("damaged", "damaged"),
                            ("lost", "lost"),
                            ("abandoned", "abandoned"),
                            ("removed", "removed"),
                        ],
                        default="intact",
                        max_length=9,
                    ),
                ),
                (
                    "data_source",
                    models.CharField(
                        choices=[
                            ("surveyed", "surveyed on site"),
                            ("topographic", "topographic map"),
                            ("imagery", "aerial or satellite image"),
                            ("reported", "reported"),
                        ],
                        default="surveyed",
                        max_length=11,
                    ),
                ),
                (
                    "accuracy",
                    models.CharField(
                        choices=[("A", "A: within 0.5 m"), ("B", "B: within 1 m"), ("C", "C: within 10 m")],
                        default="C",
                        max_length=1,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                ("recorded_on", models.DateField()),
                ("changed_on", models.DateField()),
                ("seen_on", models.DateField(blank=True, null=True)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assets", to="territory.area"
                    ),
                ),
                (
                    "estate",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assets",
                        to="territory.estate",
                    ),
                ),
                (
                    "asset_class",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assets",
                        to="organisations.assetclass",
                    ),
                ),
                (
                    "competent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "maintainer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["code"],
                "indexes": [models.Index(fields=["latitude", "longitude"], name="asset_by_position")],
                "constraints": [
                    models.UniqueConstraint(fields=("code",), name="asset_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[0-9]{16}$")), name="asset_code_has_16_digits"
                    ),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="asset_has_a_name"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["intact", "damaged", "lost", "abandoned", "removed"])),
                        name="asset_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("data_source__in", ["surveyed", "topographic", "imagery", "reported"])),
                        name="asset_data_source_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("accuracy__in", ["A", "B", "C"])), name="asset_accuracy_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude", None), ("longitude", None)),
                            models.Q(("latitude__isnull", False), ("longitude__isnull", False)),
                            _connector="OR",
                        ),
                        name="asset_position_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("changed_on__gte", models.F("recorded_on"))),
                        name="asset_changes_after_it_was_recorded",
                    ),
                ],
            },
        ),
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
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="%(class)ss", to="territory.area"
                    ),
                ),
                (
                    "management_parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="past",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "party_parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "statistical_parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["organisation_id", "valid_to", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__gte", models.F("valid_from"))),
                        name="past_state_ends_not_before_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("change__in", ["renamed", "moved"])), name="past_state_change_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(max_length=30)),
                ("duties", models.CharField(blank=True, max_length=500)),
                ("seats", models.PositiveSmallIntegerField(default=1)),
                ("is_head", models.BooleanField(default=False)),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territory.area"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "succeeded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="succeeds",
                        to="organisations.post",
                    ),
                ),
            ],
            options={
                "ordering": ["organisation_id", "title", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)),
                        fields=("organisation", "title", "area"),
                        name="post_exists_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None),
                            ("valid_from", None),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="post_ends_not_before_it_begins",
                    ),
                    models.CheckConstraint(condition=models.Q(("seats__gte", 1)), name="post_has_a_seat"),
                    models.CheckConstraint(
                        condition=models.Q(("succeeded_by", None), ("valid_to__isnull", False), _connector="OR"),
                        name="post_succeeded_has_ended",
                    ),
                ],
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
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="served_by", to="territory.area"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="served",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["organisation_id", "area_id", "valid_from"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)),
                        fields=("organisation", "area"),
                        name="served_area_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="served_area_ends_after_it_begins",
                    ),
                ],
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
                (
                    "predecessor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successions",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="origins",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["on", "predecessor_id", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("predecessor", "successor"), name="succession_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_heir", True)), fields=("predecessor",), name="succession_has_one_heir"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("predecessor", models.F("successor")), _negated=True),
                        name="succession_is_to_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["merged", "split"])), name="organisation_succession_kind_known"
                    ),
                ],
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
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="venues", to="territory.area"
                    ),
                ),
                (
                    "calendar",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calendars.calendar",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="venues",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)), fields=("organisation", "name"), name="venue_named_once"
                    ),
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude", None), ("longitude", None)),
                            models.Q(("latitude__isnull", False), ("longitude__isnull", False)),
                            _connector="OR",
                        ),
                        name="venue_has_a_whole_position",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="venue_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_bookable", False),
                            models.Q(("capacity__gte", 1), ("capacity__isnull", False)),
                            _connector="OR",
                        ),
                        name="venue_bookable_has_a_capacity",
                    ),
                ],
            },
        ),
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
                (
                    "venue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="hours", to="organisations.venue"
                    ),
                ),
            ],
            options={
                "ordering": ["venue_id", "-day", "opens_at"],
                "constraints": [
                    models.UniqueConstraint(fields=("venue", "day", "opens_at"), name="opening_hours_once"),
                    models.CheckConstraint(
                        condition=models.Q(("day__in", ["work_day", "rest_day", "holiday"])), name="opening_day_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closes_at__gt", models.F("opens_at"))),
                        name="opening_hours_end_after_they_begin",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AssetLook",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("intact", "intact"),
                            ("damaged", "damaged"),
                            ("lost", "lost"),
                            ("abandoned", "abandoned"),
                            ("removed", "removed"),
                        ],
                        max_length=9,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                ("actor_id", models.UUIDField(blank=True, null=True)),
                ("at", models.DateTimeField()),
                (
                    "asset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="looks", to="organisations.asset"
                    ),
                ),
            ],
            options={
                "ordering": ["asset_id", "-on", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["intact", "damaged", "lost", "abandoned", "removed"])),
                        name="look_state_known",
                    )
                ],
            },
        ),
    ]
