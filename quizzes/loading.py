"""The bank, the quizzes' rules and practical work from a course's files: checked in sentences, then brought into the draft."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import timezone

from courses.models import Activity, ActivityKind, Companions, Course, Module

from . import rules, samples, worksheets
from .bank import categories, editing
from .kinds import registry
from .kinds.practical import HIDDEN
from .models import MOST_OBJECTIVES, FeedbackRule, Level, Question, QuestionKind, QuestionVersion, Quiz, QuizPurpose

Data = Mapping[str, Any]
QUIZ_KEYS = (
    *("purpose", "intro", "draw", "attempts_allowed", "remedial_attempts", "time_limit", "pass_mark", "feedback", "shuffle"),
    *rules.OPTIONAL,
)
ASSIGNMENT_KEYS = ("intro", "pass_mark", "attempts_allowed", *rules.OF_ASSIGNMENTS, "question")
PRACTICAL_KEYS = registry[QuestionKind.PRACTICAL].keys
QUESTION_KEYS = ("code", "kind", "level", "lesson", "objective", "category", "tags")


def in_order(content: Data, keys: Iterable[str]) -> dict[str, Any]:
    """The content's own keys among these, in their order."""
    return {key: content[key] for key in keys if key in content}


def good_questions(questions: Any, course: Course, lessons: Mapping[str, int], report: Any) -> list[dict[str, Any]]:
    """The questions that can be loaded; a sentence in the report for each of the others."""
    if not isinstance(questions, list):
        report.problem("questions.yaml", "Bank soal harus berupa daftar.")
        return []
    good: list[dict[str, Any]] = []
    codes: list[str] = []
    register = register_of(course)
    for one in questions:
        problems = _question_problems(one, lessons, set(codes))
        problems = problems or [f"Soal {one['code']}: {sentence}" for sentence in unregistered(one, register)]
        for sentence in problems:
            report.problem(one, sentence)
        if not problems:
            good.append(one)
            codes.append(one["code"])
    if codes != sorted(codes):
        report.problem("questions.yaml", "Urutkan soal menurut kodenya.")
    return good


def _question_problems(one: Any, lessons: Mapping[str, int], known: set[str]) -> list[str]:
    if not isinstance(one, dict) or not isinstance(one.get("code"), str) or not 0 < len(one["code"]) <= 24:
        return ["Setiap soal memerlukan “code” (paling panjang 24 huruf)."]
    kind, name = one.get("kind"), f"Soal {one['code']}"
    if kind not in registry or kind == QuestionKind.PRACTICAL:
        kinds = ", ".join(code for code in registry if code != QuestionKind.PRACTICAL)
        return [f"{name}: jenis {kind!r} tidak dikenal. Pilih salah satu: {kinds}."]
    found = [f"{name}: kode ini dipakai dua kali."] if one["code"] in known else []
    if one.get("level") not in Level.values:
        found.append(f"{name}: “level” harus salah satu dari {', '.join(Level.values)}.")
    if one.get("lesson") is not None and one["lesson"] not in lessons:
        found.append(f"{name}: pelajaran {one['lesson']!r} tidak ada pada kursus ini.")
    if "objective" in one and not _is_count(one["objective"], most=MOST_OBJECTIVES):
        found.append(f"{name}: “objective” harus nomor tujuan pelajaran, 1 sampai {MOST_OBJECTIVES}.")
    elif "objective" in one and one.get("lesson") is None:
        found.append(f"{name}: “objective” adalah nomor tujuan sebuah pelajaran, jadi isi juga “lesson”.")
    if "category" in one and not categories.is_path(one["category"]):
        found.append(f"{name}: “category” harus seperti “Modul 1/Akun”, paling banyak {categories.DEEPEST} tingkat.")
    if "tags" in one and not _are_tags(one["tags"]):
        found.append(f"{name}: “tags” harus berupa daftar kata yang berbeda. Kosong? Hapus kuncinya.")
    unknown = set(one) - {*QUESTION_KEYS, *registry[kind].keys}
    found += [f"{name}: kunci “{key}” tidak dikenal." for key in sorted(map(str, unknown))]
    return found + [f"{name}: {sentence}" for sentence in registry[kind].problems(one)]


def _are_tags(value: Any) -> bool:
    try:
        return isinstance(value, list) and bool(value) and all(isinstance(one, str) for one in value) and editing.tidy_tags(value) == value
    except editing.EditingError:
        return False


def register_of(course: Course) -> Mapping[str, str]:
    """The course's register of misconceptions (tag → sentence); empty when it keeps none, and then any tag will do."""
    return next(iter(Companions.objects.filter(course=course).values_list("misconceptions", flat=True)), {})


def unregistered(content: Data, register: Mapping[str, str]) -> list[str]:
    """A sentence for each tag of this question's misconceptions that the course's register does not know."""
    tags = content.get("misconceptions", {}).values() if register else ()
    return [f"salah paham “{one}” tidak ada dalam misconceptions.yaml." for one in tags if one not in register]


def mapping_problems(mapping: Any, activity: Activity) -> list[str]:
    """What is wrong with the rules of one quiz or assignment in its file."""
    is_assignment = activity.kind == ActivityKind.ASSIGNMENT
    keys = (*ASSIGNMENT_KEYS, *PRACTICAL_KEYS) if is_assignment else QUIZ_KEYS
    optional = {*HIDDEN, *rules.OPTIONAL}
    found = [f"{activity.code}: “{key}” belum diisi." for key in keys if key not in mapping and key not in optional]
    found += [f"{activity.code}: kunci “{key}” tidak dikenal." for key in sorted(set(mapping) - set(keys))]
    if found:
        return found
    found = [f"{activity.code}: {sentence}" for sentence in (*_rule_problems(mapping), *rules.mapping_problems(mapping))]
    if is_assignment:
        if not isinstance(mapping["question"], str) or not 0 < len(mapping["question"]) <= 24:
            found.append(f"{activity.code}: “question” harus kode soal (paling panjang 24 huruf).")
        if isinstance(mapping.get("template"), dict) and set(mapping["template"]) - {"file", "title"}:
            found.append(f"{activity.code}: “template” hanya memuat file dan title.")
        return found + [f"{activity.code}: {sentence}" for sentence in registry[QuestionKind.PRACTICAL].problems(mapping)]
    if mapping["purpose"] not in (QuizPurpose.MODULE, QuizPurpose.PRE_TEST, QuizPurpose.POST_TEST):
        found.append(f"{activity.code}: “purpose” harus module, pre_test, atau post_test.")
    if mapping["feedback"] not in FeedbackRule.values:
        found.append(f"{activity.code}: “feedback” harus salah satu dari {', '.join(FeedbackRule.values)}.")
    if not isinstance(mapping["shuffle"], bool):
        found.append(f"{activity.code}: “shuffle” harus true atau false.")
    if not _is_count(mapping["remedial_attempts"], least=0):
        found.append(f"{activity.code}: “remedial_attempts” harus bilangan bulat 0 sampai 100.")
    if mapping["time_limit"] is not None and not _is_count(mapping["time_limit"], most=1_440):
        found.append(f"{activity.code}: “time_limit” harus menit (1 sampai 1440) atau null.")
    return found + [f"{activity.code}: {sentence}" for sentence in rules.draw_problems(mapping["draw"])]


def _rule_problems(mapping: Data) -> list[str]:
    found, mark = [], mapping["pass_mark"]
    if not isinstance(mapping["intro"], str) or len(mapping["intro"]) > 4_000:
        found.append("“intro” harus berisi teks.")
    if mark is not None and (isinstance(mark, bool) or not isinstance(mark, int | float) or not 0 <= mark <= 1):
        found.append("“pass_mark” harus bilangan 0 sampai 1, atau null.")
    if not _is_count(mapping["attempts_allowed"]):
        found.append("“attempts_allowed” harus bilangan bulat 1 sampai 100.")
    return found


def _is_count(value: Any, *, least: int = 1, most: int = 100) -> bool:
    return type(value) is int and least <= value <= most


_ROWS = ("module", "category")  # facts that are rows of their own


def load_question(course: Course, code: str, facts: dict[str, Any], content: dict[str, Any], report: Any) -> Question:
    """One question of the bank: its identity by code; a version only when what it says changed."""
    question = Question.objects.select_related("current_version").filter(course=course, code=code).first()
    if question is None:
        question = Question.objects.create(course=course, code=code, **facts)
        _write_version(question, content)
        report.created(f"soal {code}")
        return question
    before = {name: getattr(question, f"{name}_id" if name in _ROWS else name) for name in facts}
    wanted = {name: getattr(value, "pk", value) if name in _ROWS else value for name, value in facts.items()}
    version = question.current_version
    is_same_content = version is not None and version.content == content and version.kind == facts["kind"]
    if version is not None and is_same_content and version.drawn != (again := samples.drawn(content)):  # by another sanitiser
        QuestionVersion.objects.filter(pk=version.pk).update(drawn=again)
    if before == wanted and question.retired_at is None and is_same_content:
        report.unchanged(f"soal {code}")
        return question
    for name, value in facts.items():
        setattr(question, name, value)
    question.retired_at = None
    question.save()
    if not is_same_content:
        _write_version(question, content)
    report.changed(f"soal {code}")
    return question


def _write_version(question: Question, content: dict[str, Any]) -> None:
    number = (question.versions.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    question.current_version = QuestionVersion.objects.create(
        question=question, number=number, kind=question.kind, content=content, drawn=samples.drawn(content)
    )
    question.save(update_fields=["current_version"])


def load_quiz(
    course: Course, module: Module | None, activity: Activity, mapping: Data, report: Any, folder: Path | None = None
) -> set[str]:
    """The draft of the rules, and for an assignment its one question. Returns the codes of questions that stay.

    ``folder`` is the holder's: a worksheet lies in its ``files/``.
    """
    kept: set[str] = set()
    if activity.kind == ActivityKind.ASSIGNMENT:
        values: dict[str, Any] = {"purpose": QuizPurpose.ASSIGNMENT, "draw": [{"question": mapping["question"]}], "shuffle": False}
        _load_work(course, module, activity, mapping, report, folder)
        kept.add(mapping["question"])
    else:
        values = {name: mapping[name] for name in ("purpose", "remedial_attempts", "time_limit", "feedback", "shuffle")}
        values["draw"] = [dict(layer) for layer in mapping["draw"]]
    values |= {"intro": mapping["intro"], "attempts_allowed": mapping["attempts_allowed"], **rules.loaded(mapping)}
    values["pass_mark"] = None if mapping["pass_mark"] is None else Decimal(str(mapping["pass_mark"]))
    quiz = Quiz.objects.filter(activity=activity).first()
    if quiz is None:
        Quiz.objects.create(activity=activity, **values)
        report.created(f"aturan {activity.code}")
    elif any(getattr(quiz, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(quiz, name, value)
        quiz.save()
        report.changed(f"aturan {activity.code}")
    else:
        report.unchanged(f"aturan {activity.code}")
    return kept


def _load_work(course: Course, module: Module | None, activity: Activity, mapping: Data, report: Any, folder: Path | None) -> None:
    """The one question of an assignment, with its worksheet."""
    facts: dict[str, Any] = {"module": module, "kind": QuestionKind.PRACTICAL, "level": Level.MEDIUM, "lesson_id": None, "objective": None}
    facts |= {"category": None, "tags": []}
    content, data = in_order(mapping, PRACTICAL_KEYS), b""
    if "template" in content:
        try:
            data = worksheets.checked((folder or Path()) / worksheets.FOLDER / content["template"]["file"])
        except worksheets.WorksheetError as error:
            report.problem(mapping, f"{activity.code}: {error}")
            return
        content["template"] = worksheets.described(content["template"], data)
    question = load_question(course, mapping["question"], facts, content, report)
    if data:
        worksheets.keep(question, content["template"], data)


def stray_files(activities: Mapping[str, Any], folder: Path | None) -> list[tuple[str, str]]:
    """The place and a sentence for each file of the holder's ``files/`` that no assignment names: a dump would not have it."""
    place = folder / worksheets.FOLDER if folder else None
    if place is None or not place.is_dir():
        return []
    named = [one["template"].get("file") for one in activities.values() if isinstance(one.get("template"), dict)]
    strays = sorted(one.name for one in place.iterdir() if one.name not in named)
    where = f"{place.parent.name}/{place.name}"
    return [(where, f"Berkas {name} tidak dipakai oleh tugas mana pun. Hapus, atau sebut pada “template”.") for name in strays]


def retire(question: Question, report: Any) -> None:
    """It is drawn no more; attempts that ask it keep it."""
    question.retired_at = timezone.now()
    question.save(update_fields=["retired_at"])
    report.archived(f"soal {question.code}")
