"""A correction reaches versions, remembers where it is, and never takes a pass away."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("quizzes", "0005_devices"),
    ]

    operations = [
        migrations.AddField(
            model_name="attempt",
            name="stays_passed",
            field=models.BooleanField(default=False, help_text="Lulus sebelum kuncinya dikoreksi, jadi tetap lulus."),
        ),
        migrations.AddField(
            model_name="correction",
            name="over_trainers",
            field=models.BooleanField(default=False, help_text="Jawaban yang sudah dinilai pengajar ikut dikoreksi."),
        ),
        migrations.AddField(
            model_name="correction",
            name="reached",
            field=models.PositiveBigIntegerField(default=0, help_text="Percobaan terakhir yang selesai diperiksa."),
        ),
        migrations.CreateModel(
            name="CorrectedVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "correction",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="covered", to="quizzes.correction"),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="corrected_by", to="quizzes.questionversion"
                    ),
                ),
            ],
            options={
                "ordering": ["correction", "version"],
                "constraints": [models.UniqueConstraint(fields=("correction", "version"), name="corrected_version_once")],
            },
        ),
    ]
