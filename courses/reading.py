"""Reading a course's folder into plain typed values: every value is checked here, nothing touches the database."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from linimasa import markdown
from linimasa.writing import MINUTES_PER_JP

from .companions import CompanionFiles, lessons_known, read_companions
from .files import FileProblem, Placed, read_lesson, read_yaml
from .models import ActivityKind
from .reporting import Report
from .rules import rules_problems
from .taking import CODE, SLUG, Taker

FILE_NAME = re.compile(r"[a-z0-9][a-z0-9.\-]*\.(?:md|yaml)")
COMMON = ("kind", "code", "slug", "title", "minutes", "required")
LESSON = ("objectives", "reviewed_on", "review_again_on")
MOST_MODULES = 60
MOST_ITEMS = 120


@dataclass
class ActivityFile:
    """One activity as its file says; ``rest`` is for the parts, ``body`` Markdown for a lesson."""

    where: str
    kind: str
    code: str
    slug: str
    title: str
    minutes: int
    required: bool
    rest: Placed
    body: str = ""


@dataclass
class ModuleFile:
    where: str
    code: str
    slug: str
    title: str
    summary: str
    optional: bool
    objectives: list[str]
    discussion: list[str]
    activities: list[ActivityFile] = field(default_factory=list)
    questions: list[Placed] = field(default_factory=list)


@dataclass(kw_only=True)
class CourseFile(CompanionFiles):
    """A course's folder: its outline, and what goes with it (``glossary``, ``facts``, ``misconceptions``, ``guides``, ``figures``)."""

    slug: str
    title: str
    full_title: str
    summary: str
    rules: dict[str, Any]
    programme: list[dict[str, Any]]
    activities: list[ActivityFile] = field(default_factory=list)
    modules: list[ModuleFile] = field(default_factory=list)
    media: list[Placed] = field(default_factory=list)


def read_course(folder: Path, report: Report) -> CourseFile | None:
    """The course in this folder; None when something cannot be read (the report says what)."""
    try:
        found = _course(folder, report)
    except FileProblem as problem:
        report.problem(problem.where, problem.sentence)
        return None
    _check_identities(found, report)
    return None if report.problems else found


def _course(folder: Path, report: Report) -> CourseFile:
    data = _mapping(folder / "course.yaml", "course.yaml")
    take = Taker(data, report)
    take.only(("slug", "title", "full_title", "summary", "programme", "rules"))
    rules = data.get("rules")
    course = CourseFile(
        slug=take.text("slug", 60, pattern=SLUG),
        title=take.text("title", 200),
        full_title=take.text("full_title", 300, default=""),
        summary=take.text("summary", 2000, default=""),
        rules=rules if isinstance(rules, Placed) else {},
        programme=[],
    )
    for sentence in rules_problems(rules):
        report.problem(rules if isinstance(rules, Placed) else data, sentence)
    stages = data.get("programme")
    if not isinstance(stages, list) or len(stages) > MOST_MODULES or not all(isinstance(stage, Placed) for stage in stages):
        raise FileProblem("course.yaml", "Isian «programme» harus berupa daftar tahap.")
    for stage in stages:
        _stage(folder, stage, course, report)
    if (folder / "media" / "media.yaml").exists():
        media = read_yaml(folder / "media" / "media.yaml", "media/media.yaml")
        if not isinstance(media, list) or not all(isinstance(item, Placed) for item in media):
            raise FileProblem("media/media.yaml", "Berkas ini harus berupa daftar berkas.")
        course.media = media
    read_companions(folder, course, report)
    return course


def _stage(folder: Path, stage: Placed, course: CourseFile, report: Report) -> None:
    take = Taker(stage, report)
    take.only(("title", "short", "minutes", "module", "items"))
    made: dict[str, Any] = {"title": take.text("title", 120)}
    if "short" in stage:
        made["short"] = take.text("short", 40)
    made["minutes"] = take.whole("minutes", 10_000)
    if "module" in stage:
        module = _module(folder, take.text("module", 80, pattern=SLUG), report)
        course.modules.append(module)
        made["module"] = module.code
        total = sum(activity.minutes for activity in module.activities)
    else:
        items = [_activity(folder, name, "", report) for name in _names(stage, "items")]
        course.activities += items
        made["items"] = [item.code for item in items]
        total = sum(item.minutes for item in items) if items else made["minutes"]
    if total != made["minutes"]:
        report.problem(stage, f"Tahap ini berjumlah {made['minutes']} menit, tetapi isinya {total} menit. Samakan.")
    if made["minutes"] % MINUTES_PER_JP:
        report.problem(stage, f"{made['minutes']} menit bukan kelipatan {MINUTES_PER_JP}; 1 JP adalah {MINUTES_PER_JP} menit.")
    course.programme.append(made)


def _module(folder: Path, name: str, report: Report) -> ModuleFile:
    data = _mapping(folder / name / "module.yaml", f"{name}/module.yaml")
    take = Taker(data, report)
    take.only(("code", "slug", "title", "summary", "optional", "objectives", "discussion", "outline"))
    module = ModuleFile(
        where=data.where,
        code=take.text("code", 12, pattern=CODE),
        slug=take.text("slug", 80, pattern=SLUG),
        title=take.text("title", 200),
        summary=take.text("summary", 2000, default=""),
        optional=take.flag("optional", default=False),
        objectives=take.texts("objectives"),
        discussion=take.texts("discussion"),
    )
    module.activities = [_activity(folder / name, file, f"{name}/", report) for file in _names(data, "outline")]
    path = folder / name / "questions.yaml"
    if path.exists():
        questions = read_yaml(path, f"{name}/questions.yaml")
        if not isinstance(questions, list) or not all(isinstance(question, Placed) for question in questions):
            raise FileProblem(f"{name}/questions.yaml", "Berkas ini harus berupa daftar soal.")
        module.questions = questions
    return module


def _activity(folder: Path, file: str, prefix: str, report: Report) -> ActivityFile:
    name = f"{prefix}{file}"
    body = ""
    if file.endswith(".md"):
        data, body = read_lesson(folder / file, name)
        kind = str(ActivityKind.LESSON)
        Taker(data, report).only((*COMMON[1:], *LESSON))
        if problem := markdown.problem(body):
            report.problem(f"{name}:1", problem)
            body = ""
    else:
        data = _mapping(folder / file, name)
        kind = str(data.get("kind"))
        if kind not in {ActivityKind.QUIZ, ActivityKind.ASSIGNMENT, ActivityKind.SESSION}:
            report.problem(data, "Isian «kind» harus quiz, assignment, atau session.")
        elif kind == ActivityKind.SESSION:
            Taker(data, report).only(COMMON)
    take = Taker(data, report)
    rest = Placed({key: value for key, value in data.items() if key not in COMMON})
    rest.where = data.where
    if kind == ActivityKind.LESSON:
        rest["objectives"] = take.texts("objectives")
        rest["reviewed_on"], rest["review_again_on"] = take.day("reviewed_on"), take.day("review_again_on")
    return ActivityFile(
        where=data.where,
        kind=kind,
        code=take.text("code", 16, pattern=CODE),
        slug=take.text("slug", 100, pattern=SLUG),
        title=take.text("title", 200),
        minutes=take.whole("minutes", 2_000),
        required=take.flag("required", default=True),
        rest=rest,
        body=body,
    )


def _mapping(path: Path, name: str) -> Placed:
    value = read_yaml(path, name)
    if not isinstance(value, Placed):
        raise FileProblem(f"{name}:1", "Berkas ini harus berisi pasangan kunci dan nilai.")
    return value


def _names(mapping: Placed, key: str) -> list[str]:
    names = mapping.get(key)
    if not isinstance(names, list) or len(names) > MOST_ITEMS:
        raise FileProblem(mapping.where, f"Isian «{key}» harus berupa daftar nama berkas.")
    for name in names:
        if not isinstance(name, str) or not FILE_NAME.fullmatch(name) or ".." in name:
            raise FileProblem(
                mapping.where, f"Nama berkas «{str(name)[:60]}» tidak dapat dipakai. Pakai huruf kecil, angka, dan .md atau .yaml."
            )
    return names


def _check_identities(course: CourseFile, report: Report) -> None:
    """Codes once in the course, slugs once in their module."""
    seen: dict[tuple[str, str], str] = {}

    def once(space: str, value: str, where: str, what: str) -> None:
        if value and (space, value) in seen:
            report.problem(where, f"{what} «{value}» sudah dipakai di {seen[space, value]}. Pakai yang lain.")
        seen[space, value] = where

    for module in course.modules:
        once("module code", module.code, module.where, "Kode modul")
        once("module slug", module.slug, module.where, "Alamat modul")
    for holder, activities in [("", course.activities), *((module.slug or "?", module.activities) for module in course.modules)]:
        for activity in activities:
            once("code", activity.code, activity.where, "Kode")
            once(f"slug {holder}", activity.slug, activity.where, "Alamat")
    every = [*course.activities, *(activity for module in course.modules for activity in module.activities)]
    lessons_known(course, {activity.code for activity in every if activity.kind == ActivityKind.LESSON}, report)
