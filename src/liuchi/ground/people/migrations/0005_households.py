"""Households: who belongs to one, and where it lived; and the dwellings in which people live."""

import django.db.models.deletion
from django.db import migrations, models

import liuchi.ground.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_identities_are_whole"),
        ("territory", "0004_dwellings"),
    ]

    operations = [
        migrations.AddField(
            model_name="residence",
            name="dwelling",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="residences",
                to="territory.dwelling",
            ),
        ),
        migrations.CreateModel(
            name="Household",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=30)),
                (
                    "kind",
                    models.CharField(
                        choices=[("family", "family household"), ("collective", "collective household")],
                        default="family",
                        max_length=10,
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("number",), name="household_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("number", ""), _negated=True), name="household_has_a_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["family", "collective"])), name="household_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="household_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HouseholdMember",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("head", "head of household"),
                            ("spouse", "spouse"),
                            ("child", "son or daughter"),
                            ("grandchild", "grandchild"),
                            ("parent", "parent"),
                            ("grandparent", "grandparent"),
                            ("sibling", "brother or sister"),
                            ("relative", "other relative"),
                            ("unrelated", "not related"),
                            ("unstated", "not stated"),
                        ],
                        max_length=12,
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "household",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="people.household",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="people.person"
                    ),
                ),
            ],
            options={
                "ordering": ["household_id", "valid_from", "id"],
                "indexes": [models.Index(fields=["household", "valid_from"], name="member_by_household")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)),
                        fields=("person",),
                        name="person_belongs_to_one_household",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("relation", "head"), ("valid_to", None)),
                        fields=("household",),
                        name="household_has_one_head",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "relation__in",
                                [
                                    "head",
                                    "spouse",
                                    "child",
                                    "grandchild",
                                    "parent",
                                    "grandparent",
                                    "sibling",
                                    "relative",
                                    "unrelated",
                                    "unstated",
                                ],
                            )
                        ),
                        name="member_relation_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="member_ends_after_they_begin",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HouseholdStay",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("address_sealed", models.BinaryField(blank=True, null=True)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="stays", to="territory.area"
                    ),
                ),
                (
                    "dwelling",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stays",
                        to="territory.dwelling",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stays",
                        to="people.household",
                    ),
                ),
            ],
            options={
                "ordering": ["household_id", "-valid_from", "id"],
                "indexes": [models.Index(fields=["household", "-valid_from"], name="stay_by_household")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)), fields=("household",), name="household_stays_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("dwelling", None), ("address_sealed", None), _connector="OR"),
                        name="stay_has_a_dwelling_or_an_address",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="stay_ends_after_it_begins",
                    ),
                ],
            },
        ),
    ]
