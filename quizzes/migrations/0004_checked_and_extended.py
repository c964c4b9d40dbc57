"""A question checked while its attempt runs (feedback "during") locks; an extended time is an event of the attempt."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("quizzes", "0003_assessment"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="attemptevent",
            name="attempt_event_kind_valid",
        ),
        migrations.AddField(
            model_name="response",
            name="checked_at",
            field=models.DateTimeField(blank=True, help_text="Diperiksa peserta: jawabannya terkunci, penjelasannya terbuka.", null=True),
        ),
        migrations.AlterField(
            model_name="attemptevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("started", "Mulai"),
                    ("opened", "Membuka soal"),
                    ("resumed", "Melanjutkan di perangkat lain"),
                    ("offline", "Terputus"),
                    ("online", "Tersambung lagi"),
                    ("warned", "Peringatan waktu"),
                    ("checked", "Memeriksa jawaban"),
                    ("extended", "Waktu ditambah"),
                    ("sent", "Mengirim"),
                    ("closed", "Ditutup oleh waktu"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="attemptevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["started", "opened", "resumed", "offline", "online", "warned", "checked", "extended", "sent", "closed"])
                ),
                name="attempt_event_kind_valid",
                violation_error_message="Pilihan ini tidak dikenal.",
            ),
        ),
    ]
