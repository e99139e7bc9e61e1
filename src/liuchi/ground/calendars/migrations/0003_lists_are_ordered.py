from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("calendars", "0002_versions_never_change")]

    operations = [
        migrations.AlterModelOptions(name="calendar", options={"ordering": ["code"]}),
        migrations.AlterModelOptions(name="calendarversion", options={"ordering": ["calendar_id", "number"]}),
        migrations.AlterModelOptions(name="specialday", options={"ordering": ["version_id", "date"]}),
    ]
