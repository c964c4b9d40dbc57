"""Courses for tests: plain functions, drafts first, published by the real verbs."""

from __future__ import annotations

from itertools import count
from typing import Any

from courses import companions
from courses.models import Activity, ActivityKind, Course, Lesson, Module, Version
from courses.publishing import publish_course, publish_module

_number = count(1)
RULES: dict[str, Any] = {
    "post_test_at_least": 0.7,
    "each_assignment_at_least": 0.6,
    "assignments_mean_at_least": 0.7,
    "weights": {"post_test": 40, "assignments": 45, "participation": 15},
    "predicates": [[90, "Sangat Memuaskan"], [80, "Memuaskan"], [70, "Baik"]],
}


def make_course(**fields: Any) -> Course:
    """A draft course without modules."""
    number = next(_number)
    return Course.objects.create(**{"slug": f"kursus-{number}", "title": f"Kursus {number}", "rules": RULES, **fields})


def make_module(course: Course | None = None, *, lessons: int = 0, **fields: Any) -> Module:
    """A draft module (in a new course when none is given) with that many lessons of 45 minutes."""
    course = course or make_course()
    position = course.modules.count() + 1
    module = Module.objects.create(
        **{
            "course": course,
            "code": f"M{position}",
            "slug": f"modul-{position}",
            "title": f"Modul {position}",
            "summary": f"Isi modul {position}.",
            "objectives": ["Mengamankan akun instansi."],
            "position": position,
            **fields,
        }
    )
    for _ in range(lessons):
        make_lesson(module)
    return module


def make_activity(module: Module | None, *, kind: str, course: Course | None = None, **fields: Any) -> Activity:
    """An activity at the end of the module, or of the course's own when ``module`` is None."""
    course = course or module.course
    number = Activity.objects.filter(course=course, module=module).count() + 1
    code = f"{module.code if module else 'K'}.{number}"
    return Activity.objects.create(
        **{
            "course": course,
            "module": module,
            "kind": kind,
            "code": code,
            "slug": f"kegiatan-{number}",
            "title": f"{ActivityKind(kind).label} {code}",
            "minutes": 45 if kind == ActivityKind.LESSON else 0,
            "position": number,
            **fields,
        }
    )


def make_lesson(
    module: Module | None, *, course: Course | None = None, body: str = "## Isi\n\nAkun resmi milik instansi.", **fields: Any
) -> Activity:
    """A lesson activity with its draft; ``.lesson`` is the draft."""
    activity = make_activity(module, kind=ActivityKind.LESSON, course=course, **fields)
    Lesson.objects.create(activity=activity, body=body, objectives=["Menjelaskan isi pelajaran."])
    return activity


def add_guide(course: Course, slug: str, **fields: Any) -> dict[str, Any]:
    """A guide for trainers in the course's draft."""
    kept = companions.of_course(course)
    guide = {
        "slug": slug,
        "title": f"Panduan {slug}",
        "minutes": 45,
        "summary": "Menit demi menit.",
        "body": "## Pembuka\n\nSapa peserta.\n",
    }
    kept.guides = [*kept.guides, guide | fields]
    kept.save()
    return kept.guides[-1]


def add_companions(course: Course, *, lesson: str = "M1.1", tags: tuple[str, ...] = ("centang-pasti-benar",)) -> None:
    """A term, a fact that ages and misconceptions in the course's draft."""
    kept = companions.of_course(course)
    kept.glossary = [{"slug": "akun-resmi", "term": "Akun resmi", "definition": "Akun yang dikelola instansi.", "also": ["akun dinas"]}]
    words = {"fact": "Satu video paling panjang 90 detik.", "confidence": "sedang", "origin": "Pusat bantuan."}
    kept.facts = [{"key": "batas-unggah", **words, "lessons": [lesson], "review_again_on": "2027-02-20"}]
    kept.misconceptions = dict.fromkeys(sorted(tags), "Tanda centang berarti isinya benar.")
    kept.save()


def publish(holder: Module | Course, **words: Any) -> Version:
    """The next version, by the real verb; the instance given is refreshed."""
    verb = publish_module if isinstance(holder, Module) else publish_course
    version = verb(holder, by=words.pop("by", None), note=words.pop("note", ""))
    holder.refresh_from_db()
    return version


def make_published_course(*, modules: int = 1, lessons: int = 2, optional: int = 0, **fields: Any) -> Course:
    """A published course: an orientation lesson, ``modules`` core modules and ``optional`` optional ones, all published."""
    course = make_course(**fields)
    orientation = make_lesson(None, course=course, title="Orientasi", slug="orientasi", code="ORIENTASI")
    made = [make_module(course, lessons=lessons, is_optional=number >= modules) for number in range(modules + optional)]
    course.programme = [{"title": "Orientasi", "minutes": 45, "items": [orientation.code]}] + [
        {"title": module.title, "minutes": 45 * lessons, "module": module.code} for module in made
    ]
    course.save()
    for module in made:
        publish(module)
    publish(course)
    return course
