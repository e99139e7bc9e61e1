import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0002_links"),
        ("organisations", "0001_initial"),
        ("territory", "0002_lists_are_ordered"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="grant",
            name="grant_in_force_once",
        ),
        migrations.AddField(
            model_name="grant",
            name="post",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="grants",
                to="organisations.post",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to", None)),
                fields=("account", "role", "area", "organisation", "post"),
                name="grant_in_force_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("post", None), ("organisation__isnull", False), _connector="OR"),
                name="grant_of_a_post_names_its_organisation",
            ),
        ),
    ]
