"""A trainer's judgement takes effect a minute after it was given; until then it can be taken back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("quizzes", "0006_correcting"),
    ]

    operations = [
        migrations.AddField(
            model_name="attempt",
            name="takes_effect_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Sampai saat itu penilaian dapat diurungkan dan peserta belum melihatnya; kosong: sudah berlaku.",
                null=True,
            ),
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(
                condition=models.Q(("takes_effect_at__isnull", False)), fields=["takes_effect_at"], name="attempt_takes_effect"
            ),
        ),
    ]
