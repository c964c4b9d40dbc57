"""What rows can show of the promises about publishing."""

from __future__ import annotations

from django.db.models import Count, F, Q

from audit.models import Entry
from linimasa import retention
from linimasa.invariants import invariant

from .models import ActivityKind, Course, FrozenLesson, Module, Version


@invariant(11, "Versi yang ditunjuk milik modul atau kursus itu sendiri.")
def pointers_stay_at_home() -> list[str]:
    modules = Module.objects.filter(current_version__isnull=False).exclude(current_version__module=F("pk"))
    courses = Course.objects.filter(current_version__isnull=False).exclude(
        Q(current_version__course=F("pk")) & Q(current_version__module__isnull=True)
    )
    return [f"Module {pk}: menunjuk versi milik lain" for pk in modules.values_list("pk", flat=True)] + [
        f"Course {pk}: menunjuk versi milik lain" for pk in courses.values_list("pk", flat=True)
    ]


@invariant(11, "Setiap versi memuat semua pelajaran dalam susunannya.")
def versions_are_whole() -> list[str]:
    found = []
    for pk, outline, lessons in Version.objects.annotate(held=Count("lessons")).values_list("pk", "outline", "held").iterator():
        listed = sum(1 for item in outline if item["kind"] == ActivityKind.LESSON)
        if listed != lessons:
            found.append(f"Version {pk}: {listed} pelajaran dalam susunan, {lessons} tersimpan")
    return found


@invariant(14, "Setiap penerbitan memiliki tepat satu catatan jejak.")
def publications_are_audited_once() -> list[str]:
    entries: dict[int, int] = {}
    for details in Entry.objects.filter(action__in=["module.published", "course.published"]).values_list("details", flat=True).iterator():
        version = details.get("version")
        entries[version] = entries.get(version, 0) + 1
    return [
        f"Version {pk}: {entries.get(pk, 0)} catatan jejak"
        for pk in Version.objects.filter(published_at__gte=retention.kept_since("audit.Entry")).values_list("pk", flat=True).iterator()
        if entries.get(pk, 0) != 1
    ]


@invariant(11, "Pelajaran yang terbit tidak kosong.")
def published_lessons_have_text() -> list[str]:
    return [f"FrozenLesson {pk}: tanpa isi" for pk in FrozenLesson.objects.filter(html="").values_list("pk", flat=True)]
