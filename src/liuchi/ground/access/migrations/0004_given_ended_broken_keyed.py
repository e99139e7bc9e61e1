import datetime

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import liuchi.ground.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0003_grants_of_posts"),
        ("organisations", "0005_venues"),
        ("people", "0004_identities_are_whole"),
        ("territory", "0004_dwellings"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("prefix", models.CharField(max_length=12, unique=True)),
                ("digest", models.BinaryField(max_length=32)),
                (
                    "powers",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None),
                ),
                ("areas", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                (
                    "networks",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=43), blank=True, default=list, size=None
                    ),
                ),
                ("reason", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("last_used_on", models.DateField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "revoke_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unused", "no longer used"),
                            ("replaced", "replaced by another"),
                            ("leaked", "leaked or lost"),
                            ("ended", "the agreement ended"),
                        ],
                        max_length=10,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="BreakGlass",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "powers",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None),
                ),
                ("reason", models.CharField(max_length=500)),
                ("broken_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "finding",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("justified", "justified"),
                            ("too_wide", "justified, but more was taken or read than needed"),
                            ("unjustified", "not justified"),
                        ],
                        max_length=12,
                    ),
                ),
                ("finding_text", models.CharField(blank=True, max_length=1000)),
            ],
            options={
                "ordering": ["-broken_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="RoleChange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liuchi.ground.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                (
                    "powers",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None),
                ),
                ("reason", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["role_id", "-at", "-id"],
            },
        ),
        migrations.AddField(
            model_name="account",
            name="close_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("left", "left the service"),
                    ("moved", "moved to another post"),
                    ("double", "opened twice"),
                    ("misused", "misused"),
                    ("erased", "the person was erased"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="account",
            name="closed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="account",
            name="is_password_temporary",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="account",
            name="opened_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="account",
            name="sessions_ended",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="grant",
            name="end_reason",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="grant",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="given_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="reason",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name="grant",
            name="role",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="grants",
                to="access.role",
            ),
        ),
        migrations.RunSQL(
            "UPDATE access_account SET closed_at = created_at, close_reason = 'erased' WHERE NOT is_active",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("close_reason", ""), ("closed_at", None), ("is_active", True)),
                    models.Q(
                        ("closed_at__isnull", False),
                        ("is_active", False),
                        models.Q(("close_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="account_closed_says_when_and_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="role",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("powers__overlap", ["access.audit"]),
                        ("powers__overlap", ["access.grants", "access.keys"]),
                        _negated=True,
                    ),
                    models.Q(
                        ("powers__overlap", ["access.audit"]), ("powers__overlap", ["access.accounts"]), _negated=True
                    ),
                    models.Q(
                        ("powers__overlap", ["access.grants", "access.keys"]),
                        ("powers__overlap", ["access.accounts"]),
                        _negated=True,
                    ),
                ),
                name="role_administers_one_thing",
            ),
        ),
        migrations.AddField(
            model_name="apikey",
            name="created_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="apikey",
            name="organisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="api_keys",
                to="organisations.organisation",
            ),
        ),
        migrations.AddField(
            model_name="apikey",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="api_keys", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="apikey",
            name="revoked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="breakglass",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="broken_glass", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="breakglass",
            name="area",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territory.area"),
        ),
        migrations.AddField(
            model_name="breakglass",
            name="reviewed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="glass",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="grants",
                to="access.breakglass",
            ),
        ),
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(fields=["valid_to", "id"], name="grant_by_end"),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("glass", None), ("role__isnull", False)),
                    models.Q(("glass__isnull", False), ("role", None), ("valid_to__isnull", False)),
                    _connector="OR",
                ),
                name="grant_is_of_a_role_or_of_broken_glass",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("given_by", None),
                    models.Q(("given_by", models.F("account")), _negated=True),
                    ("glass__isnull", False),
                    _connector="OR",
                ),
                name="grant_is_given_by_somebody_else",
            ),
        ),
        migrations.AddField(
            model_name="rolechange",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="rolechange",
            name="role",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="access.role"
            ),
        ),
        migrations.AddConstraint(
            model_name="apikey",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("created_at"))), name="key_expires_after_its_making"
            ),
        ),
        migrations.AddConstraint(
            model_name="apikey",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("powers", []), _negated=True), models.Q(("areas", []), _negated=True)),
                name="key_opens_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="apikey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("revoke_reason", ""), ("revoked_at", None)),
                    models.Q(("revoked_at__isnull", False), models.Q(("revoke_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="key_revoked_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="apikey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("created_by", None), models.Q(("created_by", models.F("owner")), _negated=True), _connector="OR"
                ),
                name="key_is_made_by_somebody_else",
            ),
        ),
        migrations.AddIndex(
            model_name="breakglass",
            index=models.Index(
                condition=models.Q(("reviewed_at", None)), fields=["broken_at", "id"], name="glass_to_review"
            ),
        ),
        migrations.AddConstraint(
            model_name="breakglass",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_at__gt", models.F("broken_at")),
                    (
                        "ends_at__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("broken_at"), "+", models.Value(datetime.timedelta(seconds=3600))
                        ),
                    ),
                ),
                name="glass_opens_for_an_hour_at_most",
            ),
        ),
        migrations.AddConstraint(
            model_name="breakglass",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reviewed_by", None),
                    models.Q(("reviewed_by", models.F("account")), _negated=True),
                    _connector="OR",
                ),
                name="glass_is_reviewed_by_somebody_else",
            ),
        ),
        migrations.AddConstraint(
            model_name="breakglass",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("finding", ""), ("reviewed_at", None)),
                    models.Q(("reviewed_at__isnull", False), models.Q(("finding", ""), _negated=True)),
                    _connector="OR",
                ),
                name="glass_reviewed_has_a_finding",
            ),
        ),
    ]
