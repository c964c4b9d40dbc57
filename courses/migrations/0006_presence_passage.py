"""Where a colleague writes: shown beside that line in the editor of the others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0005_studio")]

    operations = [
        migrations.AddField(
            model_name="presence",
            name="passage",
            field=models.CharField(blank=True, default="", help_text="Baris yang sedang ditulis.", max_length=120),
        ),
    ]
