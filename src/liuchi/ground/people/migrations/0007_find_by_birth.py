from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0006_staff_roll_and_unit_heads")]

    operations = [
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("birth_on__isnull", False)),
                fields=["birth_on", "name_order"],
                name="person_by_birth",
            ),
        ),
    ]
