"""What was kept of a referral channel or of a thing of the library is a revision too."""

import django.db.models.deletion
from django.db import migrations, models

ASPECTS = [
    ("lesson", "Isi pelajaran"),
    ("facts", "Judul dan uraian"),
    ("outline", "Susunan"),
    ("quiz", "Aturan kuis"),
    ("companions", "Glosarium dan catatan"),
    ("channel", "Kanal rujukan"),
    ("media", "Berkas pustaka"),
]


def kept_of(model: str) -> models.ForeignKey:
    return models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="revisions", to=model)


def forget(apps, schema_editor):
    """Backwards there is no place for these revisions; what they are about stays."""
    apps.get_model("courses", "Revision").objects.filter(aspect__in=["channel", "media"]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0007_marks"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="revision", name="revision_aspect_valid"),
        migrations.AddField(model_name="revision", name="channel", field=kept_of("courses.channel")),
        migrations.AddField(model_name="revision", name="media", field=kept_of("courses.media")),
        migrations.AlterField(model_name="revision", name="aspect", field=models.CharField(choices=ASPECTS, max_length=12)),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=models.Q(("aspect__in", [value for value, _label in ASPECTS])),
                name="revision_aspect_valid",
                violation_error_message="Pilihan ini tidak dikenal.",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, forget),
    ]
