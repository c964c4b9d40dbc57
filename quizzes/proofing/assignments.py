"""Practical work: a template that opens safely, and two sample answers with the rubric's scores explained."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from courses.files import Placed
from courses.models import ActivityKind
from courses.proofing import Fault, Passage, placed
from courses.reading import ActivityFile, CourseFile
from linimasa.writing import mark

from .. import worksheets
from ..kinds import Practical
from ..loading import mapping_problems

RULES = {
    "quiz-broken": "a quiz has all its rules, and draws from modules of the course",
    "assignment-broken": "an assignment has instructions, deliverables, prohibitions, files and a rubric of 100 points",
    "template-missing": "it names a template in its module's folder `files/`",
    "template-size": "the template has at most 200,000 bytes",
    "template-unsafe": "it is a real xlsx or docx, without macros and links to other files",
    "samples-missing": "it has samples",
    "samples-broken": "exactly one exemplary and one weak, each criterion scored once, with the title of one of its levels",
    "sample-reason": "every score has a reason of at least 40 characters",
    "sample-order": "the exemplary sample scores higher than the weak one",
}
LEAST_REASON = 40
APART = ("template", "samples")  # have faults of their own


def judged(course: CourseFile) -> list[ActivityFile]:
    """The quizzes and assignments of the course, its own first."""
    everything = [*course.activities, *(one for module in course.modules for one in module.activities)]
    return [one for one in everything if one.kind != ActivityKind.LESSON]


def assignment_faults(folder: Path, course: CourseFile) -> Iterator[Fault]:
    """The faults of quizzes' rules and of practical work; ``folder``: the course's, in which the templates are looked for."""
    modules = {module.code for module in course.modules}
    for activity in judged(course):
        is_assignment = activity.kind == ActivityKind.ASSIGNMENT
        problems = _problems(activity, without=APART)
        for problem in problems:
            yield Fault("assignment-broken" if is_assignment else "quiz-broken", activity.where, problem)
        if is_assignment and not problems:
            yield from _template_faults(folder, activity)
            yield from _sample_faults(activity)
        elif not problems:
            for layer in activity.rest["draw"]:
                if "module" in layer and layer["module"] not in modules:
                    told = f"{activity.code}: modul {layer['module']} tidak ada pada kursus ini. Betulkan kodenya."
                    yield Fault("quiz-broken", activity.where, told)


def assignment_passages(course: CourseFile) -> Iterator[Passage]:
    """What is read in practical work and its samples, and in the introductions of the quizzes."""
    for activity in judged(course):
        data = activity.rest
        lists = [data.get(name) or [] for name in ("instructions", "deliverables", "prohibitions")]
        texts = [activity.title, data.get("intro"), *(text for texts in lists for text in texts), *_rubric_texts(data)]
        yield from placed(activity.where, *(text for text in texts if isinstance(text, str)))
        for sample in _mappings(data.get("samples")):
            texts = [sample.get("title"), sample.get("body"), *(score.get("why") for score in _mappings(sample.get("scores")))]
            yield from placed(getattr(sample, "where", activity.where), *(text for text in texts if isinstance(text, str)))


def _problems(activity: ActivityFile, *, without: tuple[str, ...]) -> list[str]:
    """What loading would say of the activity's mapping, some keys left out."""
    mapping = Placed({key: value for key, value in activity.rest.items() if key not in without})
    return mapping_problems(mapping, activity)  # type: ignore[arg-type]  # it asks for the code and the kind


def _template_faults(folder: Path, activity: ActivityFile) -> Iterator[Fault]:
    template = activity.rest.get("template")
    where = getattr(template, "where", "") or activity.where
    problems = _problems(activity, without=("samples",)) if template is not None else ["belum ada templat."]
    name = template["file"] if template and not problems else ""
    path = (folder / activity.where).parent / worksheets.FOLDER / name
    if name and (path.is_symlink() or not path.is_file()):
        problems = [f"templat {name} tidak ada di folder {worksheets.FOLDER}/."]
    for problem in problems:
        yield Fault("template-missing", where, f"{activity.code}: {problem} Tambahkan berkas .xlsx atau .docx dan tulis namanya.")
    if problems:
        return
    file, size = str(path.relative_to(folder)), path.stat().st_size
    if size > worksheets.MOST_BYTES:
        yield Fault("template-size", file, f"Templat ini {size} bita; paling besar {worksheets.MOST_BYTES}. Hapus gambar di dalamnya.")
    elif problem := worksheets.problem(path.read_bytes(), path.suffix.removeprefix(".")):
        yield Fault("template-unsafe", file, f"Templat ini {problem}. Simpan ulang sebagai {path.suffix} biasa.")


def _sample_faults(activity: ActivityFile) -> Iterator[Fault]:
    samples = activity.rest.get("samples")
    if samples is None:
        yield Fault(
            "samples-missing", activity.where, f"{activity.code} belum memiliki contoh jawaban. Tulis satu exemplary dan satu weak."
        )
        return
    problems = _problems(activity, without=("template",))
    for problem in problems:
        yield Fault("samples-broken", activity.where, problem)
    if problems:
        return
    for sample in samples:
        for score in sample["scores"]:
            length = len(score["why"].strip())
            if length < LEAST_REASON:
                told = f"{activity.code}: alasan nilai “{score['criterion']}” {length} karakter; paling sedikit {LEAST_REASON}. Jelaskan."
                yield Fault("sample-reason", score.where, told)
    best, worst = (Practical(activity.rest).sample_points(sample) for sample in samples)
    if best <= worst:
        told = f"{activity.code}: contoh yang baik bernilai {mark(best)}, yang lemah {mark(worst)}. Periksa tingkat pilihannya."
        yield Fault("sample-order", activity.where, told)


def _rubric_texts(data: Any) -> list[Any]:
    criteria = _mappings(data.get("rubric"))
    return [text for one in criteria for text in (one.get("criterion"), *(level.get("text") for level in _mappings(one.get("levels"))))]


def _mappings(value: Any) -> list[Any]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
