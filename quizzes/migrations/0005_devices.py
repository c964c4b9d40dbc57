"""Which device an answer came from, and what is noted only once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0004_checked_and_extended")]

    operations = [
        migrations.AddField(
            model_name="answerevent",
            name="device",
            field=models.CharField(blank=True, default="", help_text="Tanda gawai: membedakan gawai, tidak mengenalinya.", max_length=16),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="attemptevent",
            name="number",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="attemptevent",
            constraint=models.UniqueConstraint(fields=("attempt", "kind", "device", "number"), name="attempt_event_once"),
        ),
    ]
