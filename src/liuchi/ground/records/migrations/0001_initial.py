import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import liuchi.ground.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                (
                    "trigger",
                    models.CharField(
                        choices=[
                            ("sensitive", "sensitive personal information"),
                            ("automated", "decisions made by a machine"),
                            ("shared", "handed to others, handled on our behalf, or published"),
                            ("abroad", "sent abroad"),
                            ("other", "another great effect on people"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "types",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None),
                ),
                ("necessity", models.CharField(max_length=2000)),
                ("risks", models.CharField(max_length=2000)),
                ("measures", models.CharField(max_length=2000)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("as_planned", "may be done as planned"),
                            ("with_measures", "may be done with the measures named"),
                            ("not_done", "must not be done"),
                        ],
                        max_length=13,
                    ),
                ),
                ("made_on", models.DateField()),
                ("review_on", models.DateField()),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("ended_how", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("types", []), _negated=True), name="assessment_names_record_types"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title", ""), _negated=True),
                            models.Q(("necessity", ""), _negated=True),
                            models.Q(("risks", ""), _negated=True),
                            models.Q(("measures", ""), _negated=True),
                        ),
                        name="assessment_weighs_need_risk_and_measures",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("review_on__gt", models.F("made_on"))),
                        name="assessment_is_looked_at_again_later",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_how", ""), ("ended_on", None)),
                            models.Q(
                                ("ended_on__gte", models.F("made_on")), models.Q(("ended_how", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="assessment_ended_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Breach",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[("leak", "leaked"), ("tampering", "tampered with"), ("loss", "lost")], max_length=9
                    ),
                ),
                (
                    "types",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None),
                ),
                ("words", models.CharField(max_length=2000)),
                ("found_at", models.DateTimeField()),
                ("noted_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("records", models.PositiveIntegerField(blank=True, null=True)),
                ("people", models.PositiveIntegerField(blank=True, null=True)),
                ("harm", models.CharField(blank=True, max_length=1000)),
                ("measures", models.CharField(blank=True, max_length=2000)),
                ("untold_because", models.CharField(blank=True, max_length=500)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name_plural": "breaches",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)), fields=["due_at", "id"], name="breach_open_by_due"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("types", []), _negated=True), name="breach_names_record_types"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title", ""), _negated=True), models.Q(("words", ""), _negated=True)
                        ),
                        name="breach_says_what_happened",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("noted_at__gte", models.F("found_at"))),
                        name="breach_noted_after_it_was_found",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gt", models.F("found_at"))), name="breach_due_after_it_was_found"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None),
                            models.Q(
                                models.Q(("measures", ""), _negated=True),
                                ("people__isnull", False),
                                ("records__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="breach_closed_says_what_was_done",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DataRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(editable=False, max_length=20, unique=True)),
                ("person_id", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("view", "See what is kept about me"),
                            ("copy", "Get a copy"),
                            ("correct", "Correct or complete it"),
                            ("delete", "Delete it"),
                            ("explain", "Explain the rules by which it is handled"),
                            ("withdraw", "Take back a consent"),
                            ("restrict", "Restrict or refuse its handling"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("online", "online, signed in"),
                            ("counter", "at the counter"),
                            ("letter", "by letter"),
                            ("phone", "by telephone"),
                        ],
                        max_length=8,
                    ),
                ),
                ("is_after_death", models.BooleanField(default=False)),
                ("words_sealed", models.BinaryField(blank=True, null=True)),
                ("claimant_sealed", models.BinaryField(blank=True, null=True)),
                ("received_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("is_provisional", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "waits for proof of who asks"),
                            ("working", "being worked on"),
                            ("answered", "answered"),
                            ("refused", "refused"),
                            ("withdrawn", "taken back"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "proof",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("account", "signed in with their own account"),
                            ("document", "identity document seen"),
                            ("call_back", "called back on the telephone on record"),
                            ("kinship", "proof of kinship and of death seen"),
                            ("mandate", "written authority seen"),
                        ],
                        max_length=9,
                    ),
                ),
                ("proven_at", models.DateTimeField(blank=True, null=True)),
                ("answer_sealed", models.BinaryField(blank=True, null=True)),
                (
                    "ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            (
                                "art18",
                                "Law demands secrecy, or telling would hinder a statutory duty (PIPL art. 18, 35, 45)",
                            ),
                            ("art47_period", "A period set by law is not over (PIPL art. 47)"),
                            ("art47_needed", "Still needed for the duty it was collected for (PIPL art. 47)"),
                            ("art46", "Checked, and what is kept is right (PIPL art. 46)"),
                            ("art50", "It was not proven who asks (PIPL art. 50)"),
                            ("art44_others", "It would tell about other people (PIPL art. 44)"),
                        ],
                        max_length=12,
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-received_at", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)), fields=["due_at", "id"], name="request_open_by_due"
                    ),
                    models.Index(fields=["person_id", "-id"], name="request_by_person"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", False), ("state__in", ("answered", "refused", "withdrawn"))),
                            models.Q(
                                models.Q(("state__in", ("answered", "refused", "withdrawn")), _negated=True),
                                ("ended_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="request_ended_means_decided",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("proof", ""), ("proven_at", None)),
                            models.Q(models.Q(("proof", ""), _negated=True), ("proven_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="request_proof_has_a_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["working", "answered"]), _negated=True),
                            models.Q(("proof", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="request_answered_only_to_who_was_proven",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "refused"), ("ground", ""), _connector="XOR"),
                        name="request_refused_with_a_ground",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gt", models.F("received_at"))), name="request_due_after_it_came"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_after_death", False), ("claimant_sealed__isnull", False), _connector="OR"
                        ),
                        name="request_after_death_names_who_asks",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KeyRotation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "use",
                    models.CharField(
                        choices=[
                            ("sealing", "sealing values"),
                            ("index", "finding values"),
                            ("signing", "signing the journal's seals"),
                        ],
                        max_length=8,
                    ),
                ),
                ("key", models.CharField(max_length=40)),
                ("begins_at", models.DateTimeField()),
                ("rows", models.PositiveBigIntegerField(default=0)),
                ("broken", models.PositiveBigIntegerField(default=0)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-begins_at", "use"],
                "constraints": [
                    models.UniqueConstraint(fields=("use", "key"), name="rotation_once_per_key"),
                    models.CheckConstraint(
                        condition=models.Q(("use__in", ["sealing", "index", "signing"])), name="rotation_use_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at", None), ("finished_at__gte", models.F("begins_at")), _connector="OR"
                        ),
                        name="rotation_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("type_name", models.CharField(blank=True, max_length=60)),
                ("row_id", models.UUIDField(blank=True, null=True)),
                ("person_id", models.UUIDField(blank=True, null=True)),
                ("reason", models.CharField(max_length=300)),
                ("placed_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                ("lifted_reason", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "ordering": ["-placed_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("type_name", ""), _negated=True),
                                ("person_id", None),
                                ("row_id__isnull", False),
                            ),
                            models.Q(("person_id__isnull", False), ("row_id", None), ("type_name", "")),
                            _connector="OR",
                        ),
                        name="hold_names_a_record_or_a_person",
                    ),
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="hold_has_a_reason"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lifted_at", None), ("lifted_reason", "")),
                            models.Q(
                                ("lifted_at__gte", models.F("placed_at")),
                                models.Q(("lifted_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="hold_lifted_with_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RetentionPeriod",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("type_name", models.CharField(max_length=60)),
                ("days", models.PositiveIntegerField()),
                ("document", models.CharField(max_length=120)),
                ("decided_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["type_name", "-decided_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("document", ""), _negated=True), name="period_names_its_document"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RetentionRun",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(choices=[("trial", "trial"), ("real", "for real")], max_length=5)),
                ("as_of", models.DateTimeField()),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "follows",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followers",
                        to="records.retentionrun",
                    ),
                ),
            ],
            options={
                "ordering": ["-started_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("follows", None), ("kind", "trial")),
                            models.Q(("follows__isnull", False), ("kind", "real")),
                            _connector="OR",
                        ),
                        name="run_for_real_follows_a_trial",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("follows__isnull", False)),
                        fields=("follows",),
                        name="trial_is_followed_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RetentionCount",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("type_name", models.CharField(max_length=60)),
                ("days", models.PositiveIntegerField(blank=True, null=True)),
                ("total", models.PositiveBigIntegerField(default=0)),
                ("due", models.PositiveBigIntegerField(default=0)),
                ("held", models.PositiveBigIntegerField(default=0)),
                ("done", models.PositiveBigIntegerField(default=0)),
                ("blocked", models.PositiveBigIntegerField(default=0)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="counts", to="records.retentionrun"
                    ),
                ),
            ],
            options={
                "ordering": ["type_name"],
                "constraints": [
                    models.UniqueConstraint(fields=("run", "type_name"), name="count_once_per_run_and_type")
                ],
            },
        ),
        migrations.CreateModel(
            name="Sharing",
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
                            ("processor", "handles it on our behalf (PIPL art. 21)"),
                            ("recipient", "gets it for duties of their own (PIPL art. 23)"),
                            ("joint", "decides with us (PIPL art. 20)"),
                        ],
                        max_length=9,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("contact", models.CharField(max_length=120)),
                (
                    "types",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None),
                ),
                ("purpose", models.CharField(max_length=300)),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("contract", "a contract"),
                            ("law", "a law or regulation"),
                            ("consent", "separate consent of the people"),
                        ],
                        max_length=8,
                    ),
                ),
                ("document", models.CharField(max_length=200)),
                ("measures", models.CharField(blank=True, max_length=1000)),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("ended_how", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("types", []), _negated=True), name="sharing_names_record_types"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True),
                            models.Q(("contact", ""), _negated=True),
                            models.Q(("purpose", ""), _negated=True),
                            models.Q(("document", ""), _negated=True),
                        ),
                        name="sharing_says_who_why_and_on_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "processor"), _negated=True),
                            models.Q(("measures", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="sharing_binds_who_handles_for_us",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                        name="sharing_runs_out_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_how", ""), ("ended_on", None)),
                            models.Q(("ended_on__gte", models.F("since")), models.Q(("ended_how", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="sharing_ended_says_what_became_of_the_data",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BreachTelling",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "whom",
                    models.CharField(
                        choices=[
                            ("authority", "the authority for the protection of personal information"),
                            ("people", "the people concerned"),
                            ("police", "the police"),
                            ("superior", "the superior body"),
                        ],
                        max_length=9,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("told_at", models.DateTimeField()),
                (
                    "breach",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tellings", to="records.breach"
                    ),
                ),
            ],
            options={
                "ordering": ["told_at", "id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="telling_names_whom")
                ],
            },
        ),
        migrations.CreateModel(
            name="Restriction",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.UUIDField()),
                ("begun_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                ("lifted_because", models.CharField(blank=True, max_length=300)),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="restrictions",
                        to="records.datarequest",
                    ),
                ),
            ],
            options={
                "ordering": ["-begun_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at", None)),
                        fields=("person_id",),
                        name="restriction_once_per_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lifted_at", None), ("lifted_because", "")),
                            models.Q(
                                ("lifted_at__gte", models.F("begun_at")),
                                models.Q(("lifted_because", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="restriction_lifted_with_a_reason",
                    ),
                ],
            },
        ),
    ]
