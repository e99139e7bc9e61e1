import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import liuchi.ground.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0001_initial"),
        ("territory", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CareCategory",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.SlugField(max_length=30, unique=True)),
                ("name", models.CharField(max_length=30)),
                ("english_name", models.CharField(blank=True, max_length=60)),
                ("legal_basis", models.CharField(max_length=200)),
                ("purpose", models.CharField(max_length=200)),
                (
                    "sensitivity",
                    models.CharField(choices=[("personal", "personal"), ("sensitive", "sensitive")], max_length=10),
                ),
                ("longest_days", models.PositiveSmallIntegerField()),
                (
                    "visit_tier",
                    models.CharField(
                        choices=[
                            ("high", "every week"),
                            ("key", "every month"),
                            ("general", "every quarter"),
                            ("none", "no visits planned"),
                        ],
                        max_length=10,
                    ),
                ),
                ("has_diagnosis", models.BooleanField(default=False)),
                ("consent_purpose", models.SlugField(blank=True, db_index=False, max_length=40)),
                ("retired_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("legal_basis", ""), _negated=True), models.Q(("purpose", ""), _negated=True)
                        ),
                        name="care_category_says_by_what_and_what_for",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("longest_days__range", (1, 1830))), name="care_category_expires"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("visit_tier__in", ["high", "key", "general", "none"])),
                        name="care_category_tier_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sensitivity__in", ["personal", "sensitive"])),
                        name="care_category_sensitivity_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsentText",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("purpose", models.SlugField(max_length=40)),
                ("version", models.PositiveSmallIntegerField()),
                ("language", models.CharField(max_length=10)),
                ("title", models.CharField(max_length=60)),
                ("text", models.TextField(max_length=20000)),
                ("text_hash", models.CharField(max_length=64)),
                ("is_necessary", models.BooleanField(default=False)),
                ("published_at", models.DateTimeField()),
                ("valid_from", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["purpose", "-version", "language"],
                "constraints": [
                    models.UniqueConstraint(fields=("purpose", "version", "language"), name="consent_text_once"),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="consent_text_says_something"
                    ),
                ],
            },
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
            name="Person",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=40)),
                ("name_order", models.BinaryField(default=b"", max_length=160)),
                ("sex", models.CharField(blank=True, choices=[("1", "male"), ("2", "female")], max_length=1)),
                ("birth_on", models.DateField(blank=True, null=True)),
                ("death_on", models.DateField(blank=True, null=True)),
                ("phone_sealed", models.BinaryField(blank=True, null=True)),
                ("phone_index", models.BinaryField(blank=True, null=True)),
                (
                    "identity_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("citizen", "identity card or residence permit (18 or 15 digits)"),
                            ("passport", "passport"),
                            ("hk_macao", "mainland travel permit of Hong Kong and Macao residents"),
                            ("taiwan", "mainland travel permit of Taiwan residents"),
                            ("foreign", "foreigner's permanent residence card"),
                        ],
                        max_length=10,
                    ),
                ),
                ("identity_sealed", models.BinaryField(blank=True, null=True)),
                ("identity_index", models.BinaryField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                (
                    "home",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="people",
                        to="territory.area",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="absorbed",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("phone_index__isnull", False)),
                        fields=["phone_index"],
                        name="person_by_phone",
                    ),
                    models.Index(fields=["home", "name_order", "id"], name="person_by_home"),
                    models.Index(fields=["name_order", "id"], name="person_by_name"),
                    models.Index(
                        condition=models.Q(("birth_on__isnull", False)),
                        fields=["birth_on", "name_order"],
                        name="person_by_birth",
                    ),
                    models.Index(
                        condition=models.Q(("merged_into__isnull", False)),
                        fields=["merged_into"],
                        name="person_by_kept",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("identity_index__isnull", False), ("merged_into", None)),
                        fields=("identity_index",),
                        name="person_identity_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("erased_at", None),
                            models.Q(
                                ("birth_on", None),
                                ("death_on", None),
                                ("home", None),
                                ("identity_index", None),
                                ("identity_kind", ""),
                                ("identity_sealed", None),
                                ("name", ""),
                                ("name_order", b""),
                                ("phone_index", None),
                                ("phone_sealed", None),
                                ("sex", ""),
                            ),
                            _connector="OR",
                        ),
                        name="person_erased_keeps_nothing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("identity_index", None), ("identity_kind", ""), ("identity_sealed", None)),
                            models.Q(
                                ("identity_index__isnull", False),
                                ("identity_kind__in", ["citizen", "passport", "hk_macao", "taiwan", "foreign"]),
                                ("identity_sealed__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="person_identity_is_whole",
                    ),
                    models.CheckConstraint(condition=models.Q(("sex__in", ["", "1", "2"])), name="person_sex_known"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("death_on", None),
                            ("birth_on", None),
                            ("death_on__gte", models.F("birth_on")),
                            _connector="OR",
                        ),
                        name="person_dies_after_birth",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into", None),
                            models.Q(("merged_into", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="person_merged_into_another",
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
            name="Employment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "employer",
                    models.CharField(
                        choices=[
                            ("committee", "elected committee member"),
                            ("recruited", "recruited by examination"),
                            ("welfare_post", "public-welfare post"),
                            ("sent_down", "sent down from above"),
                            ("purchased", "purchased service"),
                            ("other", "other terms"),
                        ],
                        max_length=12,
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("contract_until", models.DateField(blank=True, null=True)),
                ("document", models.CharField(blank=True, max_length=120)),
                ("ended_by", models.CharField(blank=True, max_length=120)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="employments",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="employments", to="people.person"
                    ),
                ),
            ],
            options={
                "ordering": ["organisation_id", "valid_from", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)),
                        fields=("person", "organisation"),
                        name="employment_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="employment_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("contract_until", None), ("contract_until__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="employment_contract_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "employer__in",
                                ["committee", "recruited", "welfare_post", "sent_down", "purchased", "other"],
                            )
                        ),
                        name="employment_employer_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("online", "online, signed in"),
                            ("paper", "on paper, signed"),
                            ("spoken", "spoken, at the counter or on a visit"),
                            ("phone", "by telephone"),
                        ],
                        max_length=8,
                    ),
                ),
                ("given_at", models.DateTimeField()),
                ("given_by_id", models.UUIDField(blank=True, null=True)),
                (
                    "guardian",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("parent", "parent"),
                            ("grandparent", "grandparent"),
                            ("relative", "other relative"),
                            ("organisation", "committee or civil affairs office"),
                        ],
                        max_length=12,
                    ),
                ),
                ("guardian_sealed", models.BinaryField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "withdrawn_way",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("online", "online, signed in"),
                            ("paper", "on paper, signed"),
                            ("spoken", "spoken, at the counter or on a visit"),
                            ("phone", "by telephone"),
                        ],
                        max_length=8,
                    ),
                ),
                ("withdrawn_by_id", models.UUIDField(blank=True, null=True)),
                (
                    "text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="consents", to="people.consenttext"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="consents", to="people.person"
                    ),
                ),
            ],
            options={
                "ordering": ["person_id", "-given_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("person", "text"),
                        name="consent_in_force_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["online", "paper", "spoken", "phone"])),
                        name="consent_way_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at", None), ("withdrawn_way", "")),
                            models.Q(
                                ("withdrawn_at__gte", models.F("given_at")),
                                ("withdrawn_way__in", ["online", "paper", "spoken", "phone"]),
                            ),
                            _connector="OR",
                        ),
                        name="consent_withdrawn_after_it_was_given",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CareStatus",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("basis", models.CharField(max_length=120)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
                (
                    "visit_tier",
                    models.CharField(
                        choices=[
                            ("high", "every week"),
                            ("key", "every month"),
                            ("general", "every quarter"),
                            ("none", "no visits planned"),
                        ],
                        max_length=10,
                    ),
                ),
                ("diagnosis_sealed", models.BinaryField(blank=True, null=True)),
                ("end_reason", models.CharField(blank=True, max_length=12)),
                ("created_at", models.DateTimeField()),
                ("created_by_id", models.UUIDField(blank=True, null=True)),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="statuses", to="people.carecategory"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="care", to="people.person"
                    ),
                ),
                (
                    "responsible",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responsible_for",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "ordering": ["person_id", "-valid_from", "id"],
                "indexes": [models.Index(fields=["category", "valid_to"], name="care_by_category")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__gt", models.F("valid_from"))), name="care_ends_after_it_begins"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("basis", ""), _negated=True), name="care_rests_on_a_document"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("visit_tier__in", ["high", "key", "general", "none"])),
                        name="care_tier_known",
                    ),
                    models.UniqueConstraint(fields=("person", "category", "valid_from"), name="care_begun_once_a_day"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonChange",
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
                            ("correction", "corrected"),
                            ("import", "from a register"),
                            ("undo", "an import taken back"),
                            ("move", "moved"),
                            ("death", "death registered"),
                            ("alive", "registered death taken back"),
                            ("merge", "joined with a double"),
                            ("unmerge", "separated from a double"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "fields",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), size=None),
                ),
                ("before_sealed", models.BinaryField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("actor_id", models.UUIDField(blank=True, null=True)),
                ("line_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="people.person"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["correction", "import", "undo", "move", "death", "alive", "merge", "unmerge"])
                        ),
                        name="person_change_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "followers",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
                ),
                ("choices", models.JSONField(default=dict)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("actor_id", models.UUIDField(blank=True, null=True)),
                ("at", models.DateTimeField()),
                ("undone_reason", models.CharField(blank=True, max_length=200)),
                ("undone_by_id", models.UUIDField(blank=True, null=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "absorbed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="merged_by", to="people.person"
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="merges", to="people.person"
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges",
                        to="people.personchange",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at", None)), fields=("absorbed",), name="person_absorbed_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kept", models.F("absorbed")), _negated=True), name="merge_is_of_two"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("undone_at", None), ("undone_at__gte", models.F("at")), _connector="OR"),
                        name="merge_undone_after_it_was_made",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PostHolding",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("document", models.CharField(blank=True, max_length=120)),
                ("ended_by", models.CharField(blank=True, max_length=120)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="holdings", to="people.person"
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="holdings", to="organisations.post"
                    ),
                ),
            ],
            options={
                "verbose_name": "post held",
                "ordering": ["person_id", "-valid_from"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)),
                        fields=("person", "post"),
                        name="post_held_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="holding_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Residence",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="residences", to="territory.area"
                    ),
                ),
                (
                    "dwelling",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="residences",
                        to="territory.dwelling",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="residences", to="people.person"
                    ),
                ),
            ],
            options={
                "ordering": ["person_id", "-valid_from", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="residence_ends_after_it_begins",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)), fields=("person",), name="person_lives_in_one_place"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Secondment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                ("document", models.CharField(blank=True, max_length=120)),
                ("returned_on", models.DateField(blank=True, null=True)),
                ("returned_by", models.CharField(blank=True, max_length=120)),
                (
                    "employment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="secondments", to="people.employment"
                    ),
                ),
                (
                    "to_organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="borrowed",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["since", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("returned_on", None)),
                        fields=("employment",),
                        name="secondment_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                        name="secondment_planned_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("returned_on", None), ("returned_on__gte", models.F("since")), _connector="OR"
                        ),
                        name="secondment_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitHead",
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
                        choices=[("unit", "head of a building unit"), ("defence", "head of joint defence")],
                        max_length=8,
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=40)),
                (
                    "elected_how",
                    models.CharField(
                        choices=[
                            ("residents", "elected by residents"),
                            ("representatives", "chosen by residents' representatives"),
                            ("volunteered", "came forward, confirmed by residents"),
                            ("committee", "proposed by the committee"),
                        ],
                        max_length=16,
                    ),
                ),
                ("term_from", models.DateField()),
                ("term_until", models.DateField(blank=True, null=True)),
                ("ended_on", models.DateField(blank=True, null=True)),
                (
                    "ended_why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("term_over", "the term is over"),
                            ("resigned", "resigned"),
                            ("moved_away", "moved away"),
                            ("died", "died"),
                            ("recalled", "recalled by residents"),
                            ("area_changed", "goes on in another area"),
                            ("other", "other reason"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="heads", to="territory.area"
                    ),
                ),
                (
                    "building",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="heads",
                        to="territory.building",
                    ),
                ),
                (
                    "continues",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="continued_by",
                        to="people.unithead",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="headed", to="people.person"
                    ),
                ),
            ],
            options={
                "ordering": ["area_id", "place", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_on", None)), fields=["term_until"], name="unit_head_by_term"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None)),
                        fields=("kind", "area", "building", "place"),
                        name="unit_head_one_at_a_time",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["unit", "defence"])), name="unit_head_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("elected_how__in", ["residents", "representatives", "volunteered", "committee"])
                        ),
                        name="unit_head_elected_somehow",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("term_until", None), ("term_until__gt", models.F("term_from")), _connector="OR"
                        ),
                        name="unit_head_term_has_a_length",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on", None), ("ended_on__gte", models.F("term_from")), _connector="OR"
                        ),
                        name="unit_head_ends_after_election",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_on", None), ("ended_why", "")),
                            models.Q(
                                ("ended_on__isnull", False),
                                (
                                    "ended_why__in",
                                    [
                                        "term_over",
                                        "resigned",
                                        "moved_away",
                                        "died",
                                        "recalled",
                                        "area_changed",
                                        "other",
                                    ],
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="unit_head_ended_for_a_reason",
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
        migrations.CreateModel(
            name="Income",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("yearly", models.DecimalField(decimal_places=2, max_digits=10)),
                ("as_of", models.DateField()),
                (
                    "employment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="incomes", to="people.employment"
                    ),
                ),
            ],
            options={
                "ordering": ["employment_id", "-as_of"],
                "constraints": [
                    models.UniqueConstraint(fields=("employment", "as_of"), name="income_once_a_day"),
                    models.CheckConstraint(condition=models.Q(("yearly__gte", 0)), name="income_not_negative"),
                ],
            },
        ),
    ]
