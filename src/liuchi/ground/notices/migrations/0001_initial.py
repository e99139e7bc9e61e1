import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import liuchi.ground.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0001_initial"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Delivery",
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
                        choices=[("email", "e-mail"), ("sms", "text message"), ("robot", "group robot")], max_length=8
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("urgent", "urgent"),
                            ("digest", "daily digest"),
                            ("confirm", "confirmation of an address"),
                            ("test", "test"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("sending", "being sent"),
                            ("sent", "sent"),
                            ("dead", "given up"),
                            ("dropped", "dropped"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("day", models.DateField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("is_doubtful", models.BooleanField(default=False)),
                ("next_at", models.DateTimeField(blank=True, null=True)),
                ("error", models.CharField(blank=True, max_length=40)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "sending"])),
                        fields=["next_at", "id"],
                        name="delivery_to_send",
                    ),
                    models.Index(condition=models.Q(("state", "dead")), fields=["-id"], name="delivery_dead"),
                    models.Index(fields=["person", "created_at"], name="delivery_by_person"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("next_at__isnull", False), ("state__in", ["waiting", "sending"])),
                            models.Q(("next_at", None), ("state__in", ["sent", "dead", "dropped"])),
                            _connector="OR",
                        ),
                        name="delivery_open_has_a_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "digest"), ("day__isnull", False)),
                            models.Q(models.Q(("kind", "digest"), _negated=True), ("day", None)),
                            _connector="OR",
                        ),
                        name="delivery_digest_has_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("topic", models.CharField(max_length=40)),
                ("urgency", models.CharField(choices=[("ordinary", "ordinary"), ("urgent", "urgent")], max_length=8)),
                ("template", models.CharField(max_length=80)),
                ("parameters", models.JSONField(default=dict)),
                ("words_sealed", models.BinaryField(blank=True, null=True)),
                ("link", models.CharField(blank=True, max_length=200)),
                ("source", models.UUIDField()),
                ("created_at", models.DateTimeField()),
                ("is_seen", models.BooleanField(default=False)),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["person", "is_seen", "-id"], name="notice_inbox"),
                    models.Index(fields=["created_at"], name="notice_by_age"),
                    models.Index(
                        condition=models.Q(("organisation__isnull", False)),
                        fields=["organisation", "created_at"],
                        name="notice_by_unit",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("source", "template", "person"), name="notice_once"),
                    models.CheckConstraint(
                        condition=models.Q(("urgency__in", ["ordinary", "urgent"])), name="notice_urgency_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Carried",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="carried",
                        to="notices.delivery",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="carried", to="notices.notice"
                    ),
                ),
            ],
            options={
                "ordering": ["delivery_id", "notice_id"],
                "constraints": [models.UniqueConstraint(fields=("delivery", "notice"), name="carried_once")],
            },
        ),
        migrations.CreateModel(
            name="Preferences",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="notice_preferences",
                        serialize=False,
                        to="people.person",
                    ),
                ),
                ("language", models.CharField(default="zh-hans", max_length=10)),
                ("digest_hour", models.PositiveSmallIntegerField(default=9)),
                ("quiet_from", models.PositiveSmallIntegerField(default=21)),
                ("quiet_to", models.PositiveSmallIntegerField(default=8)),
                ("by_email", models.BooleanField(default=False)),
                ("email_sealed", models.BinaryField(blank=True, null=True)),
                ("is_email_confirmed", models.BooleanField(default=False)),
                ("by_sms", models.BooleanField(default=False)),
                (
                    "muted",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), blank=True, default=list, size=None
                    ),
                ),
                ("on_duty_until", models.DateTimeField(blank=True, null=True)),
                ("digested_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["person_id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("by_email", True), ("is_email_confirmed", True)),
                        fields=["digest_hour"],
                        name="preferences_digest",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("digest_hour__lte", 23), ("quiet_from__lte", 23), ("quiet_to__lte", 23)),
                        name="preferences_hours_of_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("quiet_from", models.F("quiet_to")),
                            models.Q(
                                ("digest_hour__lt", models.F("quiet_from")), ("quiet_from__lt", models.F("quiet_to"))
                            ),
                            models.Q(
                                ("digest_hour__gte", models.F("quiet_to")), ("quiet_from__lt", models.F("quiet_to"))
                            ),
                            models.Q(
                                ("digest_hour__gte", models.F("quiet_to")),
                                ("digest_hour__lt", models.F("quiet_from")),
                                ("quiet_from__gt", models.F("quiet_to")),
                            ),
                            _connector="OR",
                        ),
                        name="preferences_digest_outside_quiet",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_email_confirmed", False), ("email_sealed__isnull", False), _connector="OR"
                        ),
                        name="preferences_confirmed_has_address",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Robot",
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
                        choices=[("wecom", "WeCom"), ("dingtalk", "DingTalk"), ("feishu", "Feishu")], max_length=8
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("secret_sealed", models.BinaryField()),
                (
                    "topics",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
                ("digested_on", models.DateField(blank=True, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="robots",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["organisation__code", "name", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_active", True)),
                        fields=("organisation", "name"),
                        name="robot_named_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["wecom", "dingtalk", "feishu"])), name="robot_kind_known"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="delivery",
            name="robot",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deliveries",
                to="notices.robot",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("person", None), ("robot__isnull", False), ("way", "robot")),
                    models.Q(models.Q(("way", "robot"), _negated=True), ("person__isnull", False), ("robot", None)),
                    _connector="OR",
                ),
                name="delivery_has_one_recipient",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("way__in", ["email", "sms", "robot"])), name="delivery_way_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "digest")),
                fields=("way", "person", "robot", "day"),
                name="digest_once_a_day",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("attempts", 0), ("state", "waiting"), models.Q(("kind", "digest"), _negated=True)),
                fields=("way", "kind", "person", "robot"),
                name="delivery_waits_once",
                nulls_distinct=False,
            ),
        ),
    ]
