"""Writing a course's draft back as the files it can be loaded from, byte for byte."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .companions import companion_files
from .files import write_lesson, write_yaml
from .holders import Holder, activities_of
from .media import filing
from .models import Activity, ActivityKind, Course, Media, Module
from .publishing import registered_parts
from .rules import in_order


def dump_course(course: Course, folder: Path) -> list[Path]:
    """Write the course into an empty (or missing) folder; the files written. Raises FileExistsError when it holds something."""
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(folder)
    files = course_files(course)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    written = [folder / name for name in files]
    for image in filing.dumped(course):
        path = folder / "media" / image.name
        with image.file.open("rb") as stored:
            path.write_bytes(stored.read())
        written.append(path)
    return written


def course_files(course: Course) -> dict[str, str | bytes]:
    """Every file of the course by its name in the folder, but for those of the library: texts, and as bytes what a part keeps
    beside them."""
    own, _no_bank, attached = _activity_files(course)
    modules = {m.code: m for m in Module.objects.filter(course=course, archived_at__isnull=True).order_by("position", "pk")}
    files: dict[str, str | bytes] = {
        "course.yaml": write_yaml(_course(course, modules, {code: name for code, (name, _text) in own.items()})),
        **dict(own.values()),
        **attached,
    }
    for module in modules.values():
        files.update(_module_files(module))
    files.update(companion_files(course))
    library = list(filing.dumped(course))
    if library:
        files["media/media.yaml"] = write_yaml([filing.entry(one) for one in library])
    for one in library:
        files.update({f"media/{name}": text for name, text in filing.texts(one).items()})
    for figure in Media.objects.filter(course=course).figures().in_use().order_by("handle"):
        files[f"media/figures/{figure.handle}"] = figure.source
    return files


def folder_of(module: Module) -> str:
    return f"{module.code.lower()}-{module.slug}"


def _course(course: Course, modules: dict[str, Module], names: dict[str, str]) -> dict[str, Any]:
    programme = []
    for stage in course.programme:
        made = {key: stage[key] for key in ("title", "short", "minutes") if key in stage}
        if "module" in stage:
            if stage["module"] not in modules:
                continue
            made["module"] = folder_of(modules[stage["module"]])
        else:
            made["items"] = [names[code] for code in stage["items"] if code in names]
        programme.append(made)
    return {
        "slug": course.slug,
        "title": course.title,
        "full_title": course.full_title,
        "summary": course.summary,
        "programme": programme,
        "rules": in_order(course.rules),
    }


def _module_files(module: Module) -> dict[str, str | bytes]:
    folder = folder_of(module)
    activities, questions, attached = _activity_files(module)
    head = {
        "code": module.code,
        "slug": module.slug,
        "title": module.title,
        "summary": module.summary,
        **({"optional": True} if module.is_optional else {}),
        "objectives": module.objectives,
        "discussion": module.discussion,
        "outline": [name for name, _text in activities.values()],
    }
    files: dict[str, str | bytes] = {f"{folder}/module.yaml": write_yaml(head)}
    files.update({f"{folder}/{name}": text for name, text in activities.values()})
    files.update({f"{folder}/{name}": content for name, content in attached.items()})
    if questions:
        files[f"{folder}/questions.yaml"] = write_yaml(questions)
    return files


def _activity_files(holder: Holder) -> tuple[dict[str, tuple[str, str]], list[Any], dict[str, bytes]]:
    """Name and text of each activity's file by its code, the questions of the holder's bank, and the files beside them by name."""
    rest: dict[str, dict[str, Any]] = {}
    questions: list[Any] = []
    attached: dict[str, bytes] = {}
    for part in registered_parts().values():
        dumped = part.dump(holder)
        rest.update(dumped.get("activities", {}))
        questions += dumped.get("questions", [])
        attached.update(dumped.get("files", {}))
    files: dict[str, tuple[str, str]] = {}
    taken: set[str] = set()
    for number, activity in enumerate(activities_of(holder), start=1):
        name = _file_name(activity, number, taken, own=isinstance(holder, Course))
        taken.add(name)
        files[activity.code] = (name, _text(activity, rest.get(activity.code, {})))
    return files, questions, attached


def _file_name(activity: Activity, number: int, taken: set[str], *, own: bool) -> str:
    if activity.kind == ActivityKind.LESSON:
        return f"{activity.slug}.md" if own else f"{number:02d}-{activity.slug}.md"
    plain = f"{activity.slug}.yaml" if own else f"{activity.kind}.yaml"
    return plain if plain not in taken else f"{activity.kind}-{activity.slug}.yaml"


def _text(activity: Activity, rest: dict[str, Any]) -> str:
    common = {
        "code": activity.code,
        "slug": activity.slug,
        "title": activity.title,
        "minutes": activity.minutes,
        **({} if activity.is_required else {"required": False}),
    }
    if activity.kind != ActivityKind.LESSON:
        return write_yaml({"kind": activity.kind, **common, **rest})
    lesson = activity.lesson
    front = {**common, "objectives": lesson.objectives}
    if lesson.reviewed_on:
        front["reviewed_on"] = lesson.reviewed_on
    if lesson.review_again_on:
        front["review_again_on"] = lesson.review_again_on
    return write_lesson(front, lesson.body)
