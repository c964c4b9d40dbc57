"""Publishing: from the open draft of a module (or of the course's own activities and rules) to an immutable version.

Apps to the right take part with a *part* (``register_part`` in their ``ready()``) and tell what a publication would do to
people with an *effect* (``register_effect``).
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db import transaction
from django.db.models import Max
from django.utils.safestring import SafeString

from accounts.models import User
from audit import log
from linimasa import markdown
from linimasa.problems import Problem

from . import companions
from .checks import CheckError, read_checks
from .holders import Holder, activities_of, by_holder, course_of, outlined
from .media import showing as library
from .models import Activity, ActivityKind, Course, FrozenLesson, Lesson, Media, MediaKind, Module, Version

Library = dict[str, Media]  # the pictures of a course by the address that a text gives them
MOST_BYTES = 60_000  # a lesson with its pictures, compressed


class Part(Protocol):
    """What an app to the right freezes, compares, loads and dumps beside the lessons. See content/README.md."""

    def problems(self, course: Course, holders: Sequence[Holder]) -> dict[Holder, list[Problem]]: ...
    def freeze(self, holder: Holder) -> dict[str, Any]: ...
    def diff(self, old: dict[str, Any], new: dict[str, Any]) -> list[str]: ...
    def details(self, old: dict[str, Any], new: dict[str, Any]) -> list[Any]: ...
    def dump(self, holder: Holder) -> dict[str, Any]: ...
    def load(self, holder: Holder, data: dict[str, Any], report: Any) -> None: ...
    def start(self, activity: Activity, by: User | None) -> None: ...
    def copy(self, old_activity: Activity, new_activity: Activity, by: User | None, codes: Mapping[str, str]) -> None: ...
    def copy_course(
        self, old: Course, new: Course, modules: Mapping[int, Module], activities: Mapping[int, Activity], by: User | None
    ) -> None: ...
    def moved(self, activity: Activity) -> None: ...
    def differing(self, course: Course) -> set[int]: ...
    def state(self, activity: Activity) -> dict[str, Any] | None: ...
    def states(self, course: Course) -> dict[int, dict[str, Any]]: ...
    def restore(self, activity: Activity, state: dict[str, Any], by: User) -> list[str]: ...
    def revert(self, holder: Holder, frozen: dict[str, Any], by: User) -> list[str]: ...
    def things(self, course: Course, module: Module | None) -> dict[str, Any]: ...
    def forget(self, course: Course) -> None: ...


class PublishingError(Exception):
    """The draft cannot be published now; ``problems`` say why and how to mend it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(problem.sentence for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Annex:
    """A link for the studio: «Bank soal (34)»."""

    label: str
    url: str


@dataclass(frozen=True)
class Reach:
    """One group of learners (a cohort) and what a publication does to it. ``stays``: it keeps the version that it has, until somebody
    moves it. ``in_the_middle``: people who began a part that changes and have not finished it."""

    name: str
    people: int
    now: str
    after: str
    stays: bool = False
    is_running: bool = True
    in_the_middle: int = 0
    url: str = ""
    pin: int = 0  # the number of the version that it keeps, where it keeps one


@dataclass
class Draft:
    """What a publication would freeze now; ``lessons`` are unsaved FrozenLesson rows in the order of the outline."""

    facts: dict[str, Any]
    outline: list[dict[str, Any]]
    lessons: list[FrozenLesson] = field(default_factory=list)
    parts: dict[str, Any] = field(default_factory=dict)


_parts: dict[str, Part] = {}
_effects: list[Callable[[Holder], list[str]]] = []
_annexes: list[Callable[[Holder], Annex]] = []
_reaches: list[Callable[[Holder, set[int]], list[Reach]]] = []
_advice: list[Callable[[Holder], list[Problem]]] = []
_after: list[Callable[[Version], None]] = []


def register_part(name: str, part: Part) -> None:
    """Take part in publishing under this name (frozen in ``Version.parts[name]``). Called in ``ready()``; the last one wins."""
    _parts[name] = part


def registered_parts() -> dict[str, Part]:
    return dict(_parts)


def register_effect(tell: Callable[[Holder], list[str]]) -> None:
    """``tell(holder)`` gives sentences about whom a publication reaches, shown before the button is pressed."""
    if tell not in _effects:
        _effects.append(tell)


def register_annex(tell: Callable[[Holder], Annex]) -> None:
    """``tell(holder)`` names a place of an app to the right where more of this draft is written; the studio links it."""
    if tell not in _annexes:
        _annexes.append(tell)


def annexes(holder: Holder) -> list[Annex]:
    """Where else this draft is written."""
    return [tell(holder) for tell in _annexes]


def effects(holder: Holder) -> list[str]:
    """Sentences about whom a publication of this holder reaches."""
    return [sentence for tell in _effects for sentence in tell(holder)]


def register_reach(tell: Callable[[Holder, set[int]], list[Reach]]) -> None:
    """``tell(holder, changed)`` gives a row for each group of learners; ``changed`` are the ids of the activities that differ."""
    if tell not in _reaches:
        _reaches.append(tell)


def reaches(holder: Holder, changed: set[int]) -> list[Reach]:
    """Whom a publication of this draft reaches, and whom it leaves where they are."""
    return [row for tell in _reaches for row in tell(holder, changed)]


def register_advice(tell: Callable[[Holder], list[Problem]]) -> None:
    """``tell(holder)`` names what does not stand in the way of publishing but would be better mended first."""
    if tell not in _advice:
        _advice.append(tell)


def register_after(act: Callable[[Version], None]) -> None:
    """``act(version)`` hands out work when a version was published, inside the transaction: a hint at most (see ``linimasa.work``)."""
    if act not in _after:
        _after.append(act)


def advice(holder: Holder) -> list[Problem]:
    """What the apps to the right would have mended before this draft is published."""
    return [problem for tell in _advice for problem in tell(holder)]


def holder_problems(holder: Holder) -> list[Problem]:
    """What stands in the way of publishing this module, or the course's own outline and rules: decides and explains."""
    return problems_of([holder])[holder]


def problems_of(holders: Sequence[Holder]) -> dict[Holder, list[Problem]]:
    """``holder_problems`` of several holders of one course. Statements grow with none of them."""
    if not holders:
        return {}
    course = course_of(holders[0])
    rows, pictures = by_holder(outlined(), holders), library_of(course.pk)
    told = [part.problems(course, holders) for part in _parts.values()]
    found = {}
    for holder in holders:
        problems = _module_problems(holder, rows[holder]) if isinstance(holder, Module) else []
        for activity in rows[holder]:
            if activity.kind == ActivityKind.LESSON:
                problems += lesson_problems(activity, pictures)
        if isinstance(holder, Course):
            for guide in companions.of_course(holder).guides:
                problems += _picture_problems(f"Panduan {guide['title']}", guide["body"], pictures)
        found[holder] = problems + [problem for by_part in told for problem in by_part[holder]]
    return found


def _module_problems(module: Module, rows: list[Activity]) -> list[Problem]:
    found = []
    if module.archived_at:
        found.append(Problem("archived", "Modul ini diarsipkan. Kembalikan dulu sebelum menerbitkannya."))
    if not rows:
        found.append(Problem("empty_module", "Modul ini belum berisi apa pun. Tambahkan sekurang-kurangnya satu pelajaran."))
    return found


def lesson_problems(activity: Activity, pictures: Library | None = None) -> list[Problem]:
    """What a lesson's draft still needs: text, pictures of the library with their words, readable checks, at most 60 KB."""
    pictures = library_of(activity.course_id) if pictures is None else pictures
    name = f"{activity.code} {activity.title}"
    lesson = getattr(activity, "lesson", None)
    body = lesson.body if lesson else ""
    if not body.strip():
        return [Problem("empty_lesson", f"{name}: pelajaran ini masih kosong. Tulis isinya atau arsipkan pelajarannya.")]
    found = _picture_problems(name, body, pictures)
    try:
        read_checks(body)
    except CheckError as error:
        found.append(Problem("bad_check", f"{name}: {error}"))
    size = compressed_size(body, drawn(body, activity.course_id, pictures), pictures)
    if size > MOST_BYTES:
        heavy = f"{name}: berukuran {size // 1000} KB, paling besar {MOST_BYTES // 1000} KB. Kecilkan gambar atau pecah pelajarannya."
        found.append(Problem("too_heavy", heavy))
    return found


def _picture_problems(name: str, body: str, pictures: Library) -> list[Problem]:
    found = []
    for picture in markdown.pictures(body):
        known = pictures.get(picture.source)
        if not picture.alternative:
            sentence = f"{name}: gambar {picture.source} belum memiliki teks alternatif. Tulis apa yang terlihat."
            found.append(Problem("missing_alt", sentence))
        if known is None:
            sentence = f"{name}: gambar {picture.source} tidak ada di pustaka kursus ini. Unggah dahulu."
            found.append(Problem("foreign_image", sentence))
        elif known.kind == MediaKind.FIGURE and not picture.caption:
            sentence = f"{name}: gambar {picture.source} belum memiliki keterangan. Tulis sebagai paragraf kedua dalam blok gambar."
            found.append(Problem("missing_caption", sentence))
    return found + library.problems(name, body, pictures)


def library_of(course_id: int) -> Library:
    """The pictures that a text of this course may name, by the address that it gives them. Two statements."""
    rows = Media.objects.filter(course=course_id).in_use().defer("source").prefetch_related("renditions")
    return {picture.written: picture for picture in rows}


def drawn(body: str, course_id: int, pictures: Library | None = None) -> SafeString:
    """The HTML of a text, its pictures at the addresses where they are kept, with their sizes. Two statements where there are pictures
    and no ``pictures`` are given, else none."""
    html = markdown.render(body)
    if "<img" not in html and '<figure class="kept">' not in html:
        return html
    pictures = library_of(course_id) if pictures is None else pictures
    return library.shown(html, pictures)


def compressed_size(body: str, html: str, pictures: Library) -> int:
    """Bytes that a reader's phone loads: the compressed HTML and every picture once."""
    shown = {picture.source for picture in markdown.pictures(body)}
    return len(gzip.compress(html.encode(), 6)) + sum(library.weight(pictures[source]) for source in shown if source in pictures)


def freeze(holder: Holder) -> Draft:
    """What a publication would contain now. Changes nothing."""
    rows = list(activities_of(holder))
    pictures = library_of(course_of(holder).pk)
    return Draft(
        facts=_facts(holder, pictures),
        outline=[
            {
                "activity": row.pk,
                "kind": row.kind,
                "code": row.code,
                "slug": row.slug,
                "title": row.title,
                "minutes": row.minutes,
                "required": row.is_required,
                "position": row.position,
            }
            for row in rows
        ],
        lessons=[_freeze_lesson(row, row.lesson, pictures) for row in rows if row.kind == ActivityKind.LESSON],
        parts=json.loads(json.dumps({name: part.freeze(holder) for name, part in sorted(_parts.items())})),
    )


def has_changes(holder: Holder, draft: Draft | None = None) -> bool:
    """Whether the draft differs from what is published."""
    current = holder.current_version
    if current is None:
        return True
    draft = draft or freeze(holder)
    if (draft.facts, draft.outline, draft.parts) != (current.facts, current.outline, current.parts):
        return True
    published = {lesson.activity_id: _content(lesson) for lesson in current.lessons.all()}
    return published != {lesson.activity_id: _content(lesson) for lesson in draft.lessons}


def publish_module(module: Module, *, by: User | None, note: str = "") -> Version:
    """Publish the module's draft as its next version, and move the pointer, in one transaction.

    Idempotent: where nothing changed, the current version is returned and nothing is written. Whoever follows the latest
    version sees the new one at once; activities keep their identity, so nobody's progress changes. Raises PublishingError.
    """
    return _publish(Module, module.pk, by=by, note=note)


def publish_course(course: Course, *, by: User | None, note: str = "") -> Version:
    """Publish the course's own outline, programme and rules; see ``publish_module``."""
    return _publish(Course, course.pk, by=by, note=note)


def publish_checked(holder: Holder, *, by: User | None, note: str, check: Callable[[Draft], list[Problem]]) -> Version:
    """As ``publish_module``, where ``check`` finds nothing against the draft of this very transaction. Raises PublishingError."""
    return _publish(type(holder), holder.pk, by=by, note=note, check=check)


@transaction.atomic
def _publish(
    model: type[Module] | type[Course], pk: int, *, by: User | None, note: str, check: Callable[[Draft], list[Problem]] | None = None
) -> Version:
    holder = model.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    problems = holder_problems(holder)
    if problems:
        raise PublishingError(problems)
    draft = freeze(holder)
    if check is not None and (found := check(draft)):
        raise PublishingError(found)
    current = holder.current_version
    if current is not None and not has_changes(holder, draft):
        model.objects.filter(pk=pk).update(draft_changed_at=None, draft_changed_by=None)
        return current
    course = course_of(holder)
    module = holder if isinstance(holder, Module) else None
    versions = Version.objects.filter(course=course, module=module)
    version = Version.objects.create(
        course=course,
        module=module,
        number=(versions.aggregate(last=Max("number"))["last"] or 0) + 1,
        facts=draft.facts,
        outline=draft.outline,
        parts=draft.parts,
        note=note,
        published_by=by,
    )
    for lesson in draft.lessons:
        lesson.version = version
    FrozenLesson.objects.bulk_create(draft.lessons)
    model.objects.filter(pk=pk).update(current_version=version, draft_changed_at=None, draft_changed_by=None)
    action = "module.published" if module else "course.published"
    log.record(action, by=by, on=holder, version=version.pk, number=version.number, note=note)
    for act in _after:
        act(version)
    return version


def _facts(holder: Holder, pictures: Library) -> dict[str, Any]:
    if isinstance(holder, Module):
        return {
            "code": holder.code,
            "slug": holder.slug,
            "title": holder.title,
            "summary": holder.summary,
            "objectives": list(holder.objectives),
            "discussion": list(holder.discussion),
            "is_optional": holder.is_optional,
        }
    return {
        "slug": holder.slug,
        "title": holder.title,
        "full_title": holder.full_title,
        "summary": holder.summary,
        "rules": holder.rules,
        "programme": holder.programme,
        **companions.frozen(holder, lambda body: str(drawn(body, holder.pk, pictures))),
    }


def _freeze_lesson(activity: Activity, lesson: Lesson, pictures: Library) -> FrozenLesson:
    html = str(drawn(lesson.body, activity.course_id, pictures))
    return FrozenLesson(
        activity=activity,
        title=activity.title,
        body=lesson.body,
        html=html,
        sanitiser=markdown.SANITISER_VERSION,
        objectives=list(lesson.objectives),
        checks=read_checks(lesson.body),
        reviewed_on=lesson.reviewed_on,
        words=len(re.sub(r"<[^>]+>", " ", html).split()),
        size=compressed_size(lesson.body, html, pictures),
    )


def _content(lesson: FrozenLesson) -> tuple[Any, ...]:
    return (lesson.title, lesson.body, lesson.html, lesson.sanitiser, list(lesson.objectives), lesson.reviewed_on)
