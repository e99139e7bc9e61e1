import django.db.models.fields.json
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0002_append_only"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="line",
            index=models.Index(
                condition=models.Q(("data__has_key", "purpose")), fields=["seq"], name="journal_line_reads"
            ),
        ),
        migrations.AddIndex(
            model_name="line",
            index=models.Index(
                condition=models.Q(("data__has_key", "purpose")),
                fields=["actor_id", "seq"],
                name="journal_line_reads_by_actor",
            ),
        ),
        migrations.AddIndex(
            model_name="line",
            index=models.Index(
                django.db.models.fields.json.KeyTextTransform("person", "data"),
                models.F("seq"),
                condition=models.Q(("data__has_key", "purpose")),
                name="journal_line_reads_of_person",
            ),
        ),
    ]
