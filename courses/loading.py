"""Loading a course's folder: idempotent, all or nothing, publishes only what changed, archives what was left out and says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit import log
from linimasa import clock

from . import channels, companions, remembering
from . import media as library
from .holders import Holder
from .models import Activity, ActivityKind, Companions, Course, Lesson, Module
from .publishing import PublishingError, holder_problems, publish_course, publish_module, registered_parts
from .reading import ActivityFile, CourseFile, ModuleFile, read_course
from .reporting import Report


class LoadError(Exception):
    """Nothing was loaded; the report says why, with file and line."""

    def __init__(self, report: Report) -> None:
        super().__init__(f"{len(report.problems)} masalah")
        self.report = report


def load_course(
    folder: Path,
    *,
    by: User | None = None,
    note: str = "Dimuat dari berkas",
    overwrite_drafts: bool = False,
    publish: bool = True,
    slug: str = "",
) -> Report:
    """Bring the folder's course into the portal in one transaction and publish what changed. Raises LoadError.

    Drafts that were changed in the studio and not published yet are not overwritten unless ``overwrite_drafts`` says so. Without
    ``publish`` everything stays a draft, and what would stand in the way of publishing it is advice in the report. ``slug``: the course
    that it goes to, where that is not the one that the files name.

    What an existing draft was and is becomes history, in few statements. Running it again changes nothing. Activities keep their identity
    by their code, so learners keep their progress.
    """
    report = Report()
    found = read_course(folder, report)
    if found is None:
        raise LoadError(report)
    found.slug = slug or found.slug
    with transaction.atomic():
        if not overwrite_drafts:
            _refuse_over_drafts(found.slug, report)
        known = Course.objects.filter(slug=found.slug).first()
        before = remembering.everything(known) if known else {}
        course = _course(found, report)
        _companions(course, found, report)
        channels.load(course, found.channels, report)
        library.load_media(course, folder / "media", found.media, report)
        library.load_figures(course, found.figures, report)
        modules = _modules(course, found, report)
        _activities(course, found, modules, report)
        for module_file in found.modules:
            place = (folder / module_file.where).parent
            _parts(modules[module_file.code], module_file.activities, module_file.questions, place, report)
        _parts(course, found.activities, [], folder, report)
        if not report.problems and publish:
            _publish(course, found, modules, by=by, note=note, report=report)
        elif not report.problems:
            _advise(course, found, modules, report)
        if report.problems:
            raise LoadError(report)
        remembering.keep_changes(course, before, by=by)
        if report.created_lines or report.changed_lines or report.archived_lines:
            counts = {"created": len(report.created_lines), "changed": len(report.changed_lines), "archived": len(report.archived_lines)}
            log.record("course.loaded", by=by, on=course, **counts)
    return report


def _refuse_over_drafts(slug: str, report: Report) -> None:
    """Name each draft of the course that somebody changed in the studio since it was last loaded or published."""
    changed: list[tuple[str, Holder]] = [("kursus", one) for one in Course.objects.filter(slug=slug, draft_changed_at__isnull=False)]
    modules = Module.objects.filter(course__slug=slug, draft_changed_at__isnull=False, archived_at__isnull=True)
    changed += [(f"modul {one.code}", one) for one in modules.order_by("position")]
    for name, holder in changed:
        at = clock.moment_text(holder.draft_changed_at)  # type: ignore[arg-type]  # the rows were asked for with it
        report.problem(
            "course.yaml",
            f"Draf {name} “{holder.title}” diubah di studio pada {at} dan belum terbit. Terbitkan dulu, "
            "atau ulangi dengan --overwrite-drafts supaya berkas menggantikannya.",
        )
    if report.problems:
        raise LoadError(report)


def _course(found: CourseFile, report: Report) -> Course:
    values = {
        "title": found.title,
        "full_title": found.full_title,
        "summary": found.summary,
        "rules": _plain(found.rules),
        "programme": found.programme,
    }
    course = Course.objects.select_for_update().filter(slug=found.slug).first()
    if course is None:
        report.created(f"kursus {found.slug}")
        return Course.objects.create(slug=found.slug, **values)
    _apply(course, values, f"kursus {found.slug}", report)
    return course


def _companions(course: Course, found: CourseFile, report: Report) -> None:
    kept = companions.of_course(course)
    values = companions.values_of(found)
    if not kept.is_written and not any(values.values()):
        return
    names = {"glossary": "glosarium", "facts": "daftar fakta", "misconceptions": "daftar salah paham", "guides": "panduan pengajar"}
    for key, name in names.items():
        if getattr(kept, key) != values[key]:
            (report.changed if kept.is_written else report.created)(f"{name}: {len(values[key])} butir")
        else:
            report.unchanged()
    Companions.objects.update_or_create(course=course, defaults=values)


def _modules(course: Course, found: CourseFile, report: Report) -> dict[str, Module]:
    known = {module.code: module for module in Module.objects.filter(course=course)}
    wanted = {module.code: module for module in found.modules}
    for code, module in known.items():
        if code not in wanted and module.archived_at is None:
            module.archived_at = timezone.now()
            module.slug = _retired(module.slug, module.pk, 80)
            module.save(update_fields=["archived_at", "slug"])
            report.archived(f"modul {code} {module.title}: tidak ada lagi dalam berkas")
    _free_slugs(Module, {known[code].pk: (known[code].slug, file.slug) for code, file in wanted.items() if code in known})
    made = {}
    for position, file in enumerate(found.modules, start=1):
        made[file.code] = _module(course, known.get(file.code), file, position, report)
    return made


def _module(course: Course, module: Module | None, file: ModuleFile, position: int, report: Report) -> Module:
    values = {
        "slug": file.slug,
        "title": file.title,
        "summary": file.summary,
        "objectives": file.objectives,
        "discussion": file.discussion,
        "is_optional": file.optional,
        "position": position,
        "archived_at": None,
    }
    if module is None:
        report.created(f"modul {file.code} {file.title}")
        return Module.objects.create(course=course, code=file.code, **values)
    _apply(module, values, f"modul {file.code} {file.title}", report)
    return module


def _activities(course: Course, found: CourseFile, modules: dict[str, Module], report: Report) -> None:
    known = {activity.code: activity for activity in Activity.objects.filter(course=course).select_related("lesson")}
    wanted: list[tuple[Module | None, int, ActivityFile]] = [(None, i, file) for i, file in enumerate(found.activities, start=1)]
    for module_file in found.modules:
        wanted += [(modules[module_file.code], i, file) for i, file in enumerate(module_file.activities, start=1)]
    codes = {file.code for _module, _position, file in wanted}
    for code, activity in known.items():
        if code not in codes and activity.archived_at is None:
            activity.archived_at = timezone.now()
            activity.slug = _retired(activity.slug, activity.pk, 100)
            activity.save(update_fields=["archived_at", "slug"])
            report.archived(f"kegiatan {code} {activity.title}: tidak ada lagi dalam berkas")
    moved = {
        known[f.code].pk: ((known[f.code].module_id, known[f.code].slug), (m.pk if m else None, f.slug))
        for m, _p, f in wanted
        if f.code in known
    }
    _free_slugs(Activity, moved)
    for module, position, file in wanted:
        _activity(course, module, known.get(file.code), file, position, report)


def _activity(course: Course, module: Module | None, activity: Activity | None, file: ActivityFile, position: int, report: Report) -> None:
    if activity is not None and activity.kind != file.kind:
        report.problem(
            file.where, f"{file.code} sudah ada sebagai {activity.get_kind_display().lower()}. Pakai kode lain untuk jenis lain."
        )
        return
    values = {
        "module": module,
        "slug": file.slug,
        "title": file.title,
        "minutes": file.minutes,
        "is_required": file.required,
        "position": position,
        "archived_at": None,
    }
    name = f"{file.code} {file.title}"
    if activity is None:
        activity = Activity.objects.create(course=course, code=file.code, kind=file.kind, **values)
        if file.kind == ActivityKind.LESSON:
            Lesson.objects.create(activity=activity, body=file.body, **file.rest)
        report.created(name)
        return
    changed = _set(activity, values)
    if file.kind == ActivityKind.LESSON:
        lesson, was_made = Lesson.objects.get_or_create(activity=activity)
        lesson_changed = _set(lesson, {"body": file.body, **file.rest}, extra={"edit_number": lesson.edit_number + 1})
        changed = changed or lesson_changed or was_made
    if changed:
        report.changed(name)
    else:
        report.unchanged(name)


def _parts(holder: Holder, activities: list[ActivityFile], questions: list[Any], folder: Path, report: Report) -> None:
    rest = {file.code: file.rest for file in activities if file.kind != ActivityKind.LESSON}
    data = {"activities": rest, "questions": questions, "folder": folder}
    for part in registered_parts().values():
        part.load(holder, data, report)


def _publish(course: Course, found: CourseFile, modules: dict[str, Module], *, by: User | None, note: str, report: Report) -> None:
    holders: list[tuple[Holder, str]] = [(modules[file.code], file.where) for file in found.modules]
    for holder, where in [*holders, (course, "course.yaml")]:
        problems = holder_problems(holder)
        for problem in problems:
            report.problem(where, problem.sentence)
        if problems:
            continue
        before = holder.current_version_id
        try:
            version = publish_module(holder, by=by, note=note) if isinstance(holder, Module) else publish_course(holder, by=by, note=note)
        except PublishingError as error:
            report.problem(where, str(error))
            continue
        if version.pk != before:
            report.published(f"{holder} versi {version.number}")


def _advise(course: Course, found: CourseFile, modules: dict[str, Module], report: Report) -> None:
    """What stays a draft is told what it still needs."""
    holders: list[tuple[Holder, str]] = [(modules[file.code], file.where) for file in found.modules]
    for holder, where in [*holders, (course, "course.yaml")]:
        for problem in holder_problems(holder):
            report.advise(where, problem.sentence)


def _apply(row: Any, values: dict[str, Any], name: str, report: Report) -> None:
    if _set(row, values):
        report.changed(name)
    else:
        report.unchanged(name)


def _set(row: Any, values: dict[str, Any], extra: dict[str, Any] | None = None) -> bool:
    """Write the values that differ (and ``extra`` with them); whether any did."""
    differing = {key: value for key, value in values.items() if getattr(row, key) != value}
    if not differing:
        return False
    for key, value in {**differing, **(extra or {})}.items():
        setattr(row, key, value)
    row.save()
    return True


def _free_slugs(model: type[Module] | type[Activity], moves: dict[int, tuple[Any, Any]]) -> None:
    """Rows whose address changes step aside first, so that two may swap."""
    for pk, (old, new) in moves.items():
        if old != new:
            model.objects.filter(pk=pk).update(slug=f"pindah-{pk}")


def _retired(slug: str, pk: int, limit: int) -> str:
    ending = f"-arsip-{pk}"
    return slug if slug.endswith(ending) else f"{slug[: limit - len(ending)]}{ending}"


def _plain(value: Any) -> Any:
    """Mappings from files as plain dicts, ready for JSON."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value
