from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("territory", "0001_initial")]

    operations = [migrations.AlterModelOptions(name="edition", options={"ordering": ["id"]})]
