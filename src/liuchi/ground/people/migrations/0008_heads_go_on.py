import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

WHYS = ["term_over", "resigned", "moved_away", "recalled", "area_changed", "other"]
ENDED = Q(ended_on=None, ended_why="") | Q(ended_on__isnull=False, ended_why__in=WHYS)


class Migration(migrations.Migration):
    dependencies = [("people", "0007_find_by_birth"), ("territory", "0006_norms_and_closing")]

    operations = [
        migrations.RemoveConstraint(model_name="unithead", name="unit_head_ended_for_a_reason"),
        migrations.AddField(
            model_name="unithead",
            name="continues",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="continued_by",
                to="people.unithead",
            ),
        ),
        migrations.AlterField(
            model_name="unithead",
            name="ended_why",
            field=models.CharField(
                blank=True,
                choices=[
                    ("term_over", "the term is over"),
                    ("resigned", "resigned"),
                    ("moved_away", "moved away"),
                    ("recalled", "recalled by residents"),
                    ("area_changed", "goes on in another area"),
                    ("other", "other reason"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="unithead",
            constraint=models.CheckConstraint(condition=ENDED, name="unit_head_ended_for_a_reason"),
        ),
    ]
