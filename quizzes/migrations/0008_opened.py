"""The question that was shown after an answer: known without a statement of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0007_taking_effect")]

    operations = [
        migrations.AddField(
            model_name="answerevent",
            name="opened",
            field=models.PositiveSmallIntegerField(
                blank=True, help_text="Soal yang ditampilkan sesudahnya pada gawai yang sama.", null=True
            ),
        ),
    ]
