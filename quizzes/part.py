"""How the bank, the quizzes' rules and the assignments take part in publishing, and how they come from and go to files.

The formats are described in ``content/README.md``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils import timezone

from courses.models import Activity, ActivityKind, Course, Module
from courses.publishing import Holder
from linimasa.problems import Problem

from .kinds import registry
from .models import Attempt, FeedbackRule, Level, Question, QuestionKind, QuestionVersion, Quiz, QuizPurpose

Data = Mapping[str, Any]
JUDGED = (ActivityKind.QUIZ, ActivityKind.ASSIGNMENT)
QUIZ_KEYS = ("purpose", "intro", "draw", "attempts_allowed", "remedial_attempts", "time_limit", "pass_mark", "feedback", "shuffle")
ASSIGNMENT_KEYS = ("intro", "pass_mark", "attempts_allowed", "question")
PRACTICAL_KEYS = registry[QuestionKind.PRACTICAL].keys
QUESTION_KEYS = ("code", "kind", "level", "lesson")
RULE_WORDS = {
    "purpose": "tujuan",
    "intro": "pengantar",
    "draw": "pengambilan soal",
    "attempts_allowed": "jumlah kesempatan",
    "remedial_attempts": "jumlah remedial",
    "time_limit": "batas waktu",
    "pass_mark": "batas lulus",
    "feedback": "aturan umpan balik",
    "shuffle": "pengacakan",
    "questions": "jumlah soal",
}


class QuizzesPart:
    """The part "quizzes" of a version: ``{"rules": {activity id: rules}, "bank": [question at its version]}``."""

    def problems(self, holder: Holder) -> list[Problem]:
        """What stands in the way of publishing: rules that are missing, banks that are too small, questions that cannot be asked."""
        course, questions = _course(holder), list(_questions(holder))
        sizes = _bank_sizes(course)
        found = [
            Problem("bad_question", f"Soal {one.code}: {sentence}")
            for one in questions
            for sentence in (
                registry[one.kind].problems(one.current_version.content) if one.current_version else ["Soal ini belum ditulis."]
            )
        ]
        for activity in _judged(holder):
            quiz = getattr(activity, "quiz", None)
            found += [Problem("bad_quiz", f"{activity.title}: {sentence}") for sentence in _draw_problems(quiz, sizes, questions)]
        return found

    def freeze(self, holder: Holder) -> dict[str, Any]:
        """The same JSON for the same draft."""
        rules = {str(one.pk): _rules(one.quiz) for one in _judged(holder) if hasattr(one, "quiz")}
        bank = [
            {
                "question": one.pk,
                "version": one.current_version_id,
                "code": one.code,
                "kind": one.kind,
                "level": one.level,
                "lesson": one.lesson_id,
            }
            for one in _questions(holder)
            if one.current_version_id
        ]
        return {"rules": rules, "bank": bank}

    def diff(self, old: Data, new: Data) -> list[str]:
        """What changes for those who start an attempt after this publication, in sentences."""
        before = {one["question"]: one for one in old.get("bank", [])}
        after = {one["question"]: one for one in new.get("bank", [])}
        told = [f"Soal {after[one]['code']} ditambahkan." for one in after if one not in before]
        told += [f"Soal {before[one]['code']} dikeluarkan." for one in before if one not in after]
        told += [f"Soal {after[one]['code']} berubah." for one in after if one in before and after[one] != before[one]]
        old_rules, new_rules = old.get("rules", {}), new.get("rules", {})
        titles = dict(Activity.objects.filter(pk__in=[*old_rules, *new_rules]).values_list("pk", "title"))
        for one in sorted({*old_rules, *new_rules}, key=int):
            changed = _changed(old_rules.get(one), new_rules.get(one))
            told += [f"{titles.get(int(one), 'Kuis')}: {changed}."] if changed else []
        return told

    def describe(self, frozen: Data, activity_id: int) -> list[str]:
        """A quiz in a few words for its module's public page: «8 soal», «3 kesempatan». Nothing that helps to answer it."""
        rules = frozen.get("rules", {}).get(str(activity_id))
        if not rules or rules["purpose"] == QuizPurpose.ASSIGNMENT:
            return []
        count = sum(layer.get("count", 0) for layer in rules["draw"])
        limit = [f"{rules['time_limit']} menit"] if rules["time_limit"] else []
        return [f"{count} soal", *limit, f"{rules['attempts_allowed']} kesempatan"]

    def dump(self, holder: Holder) -> dict[str, Any]:
        """What ``load`` was given, keys in the files' order."""
        activities = {one.code: _dump_quiz(one) for one in _judged(holder) if hasattr(one, "quiz")}
        questions = [
            {
                "code": one.code,
                "kind": one.kind,
                "level": one.level,
                **({"lesson": one.lesson.code} if one.lesson else {}),
                **_in_order(one.current_version.content, registry[one.kind].keys),
            }
            for one in _questions(holder).exclude(kind=QuestionKind.PRACTICAL)
            if one.current_version
        ]
        return {"activities": activities, "questions": questions}

    def load(self, holder: Holder, data: Data, report: Any) -> None:
        """Bring the draft to what the files say; a question gets a new version only when its content changed. Idempotent."""
        course = _course(holder)
        module = holder if isinstance(holder, Module) else None
        lessons = dict(Activity.objects.filter(course=course, kind=ActivityKind.LESSON).values_list("code", "pk"))
        kept: set[str] = set()
        for one in _checked_questions(data.get("questions") or [], lessons, report):
            content = _in_order(one, registry[one["kind"]].keys)
            facts = {"module": module, "kind": one["kind"], "level": one["level"], "lesson_id": lessons.get(one.get("lesson", ""))}
            _load_question(course, one["code"], facts, content, report)
            kept.add(one["code"])
        for activity in _judged(holder):
            mapping = data.get("activities", {}).get(activity.code)
            if mapping is None:
                report.problem(activity.code, f"{activity.title} tidak memiliki aturan.")
            elif problems := _mapping_problems(mapping, activity):
                for sentence in problems:
                    report.problem(mapping, sentence)
            else:
                kept |= _load_quiz(course, module, activity, mapping, report)
        for gone in _questions(holder).exclude(code__in=kept):
            _retire(gone, report)


def running_attempts_keep_theirs(holder: Holder) -> list[str]:
    """Told before publishing: whom the change does not reach."""
    running = Attempt.objects.running().filter(quiz__activity__in=_judged(holder)).count()
    return [f"{running} percobaan yang sedang berjalan tetap memakai soal dan aturan saat dimulai."] if running else []


def _course(holder: Holder) -> Course:
    return holder.course if isinstance(holder, Module) else holder


def _judged(holder: Holder) -> Any:
    rows = Activity.objects.filter(kind__in=JUDGED, archived_at__isnull=True).select_related("quiz").order_by("position", "pk")
    return rows.filter(module=holder) if isinstance(holder, Module) else rows.filter(course=holder, module__isnull=True)


def _questions(holder: Holder) -> Any:
    rows = Question.objects.filter(retired_at__isnull=True).select_related("current_version", "lesson").order_by("code")
    return rows.filter(module=holder) if isinstance(holder, Module) else rows.filter(course=holder, module__isnull=True)


def _bank_sizes(course: Course) -> Counter[str]:
    """How many questions each module's bank can draw from, by the module's code."""
    rows = Question.objects.filter(course=course, retired_at__isnull=True, current_version__isnull=False, module__archived_at__isnull=True)
    return Counter(rows.exclude(kind=QuestionKind.PRACTICAL).filter(module__isnull=False).values_list("module__code", flat=True))


def _draw_problems(quiz: Quiz | None, sizes: Mapping[str, int], questions: Iterable[Question]) -> list[str]:
    if quiz is None:
        return ["aturannya belum diisi."]
    if not quiz.draw:
        return ["belum ditentukan soal mana yang diambil."]
    found = []
    for layer in quiz.draw:
        if "question" in layer:
            if not any(one.code == layer["question"] for one in questions):
                found.append(f"soal {layer['question']} tidak ada.")
        elif sizes.get(layer["module"], 0) < layer["count"]:
            there = sizes.get(layer["module"], 0)
            found.append(
                f"memerlukan {layer['count']} soal dari bank {layer['module']}, yang ada {there}. Tambah soal atau kurangi jumlahnya."
            )
    return found


def _rules(quiz: Quiz) -> dict[str, Any]:
    return {
        "purpose": quiz.purpose,
        "intro": quiz.intro,
        "draw": quiz.draw,
        "attempts_allowed": quiz.attempts_allowed,
        "remedial_attempts": quiz.remedial_attempts,
        "time_limit": quiz.time_limit,
        "pass_mark": None if quiz.pass_mark is None else float(quiz.pass_mark),
        "feedback": quiz.feedback,
        "shuffle": quiz.shuffle,
        "questions": sum(layer.get("count", 1) for layer in quiz.draw),
    }


def _changed(old: Data | None, new: Data | None) -> str:
    if old is None:
        return "aturan baru"
    if new is None:
        return "aturannya dikeluarkan"
    words = [RULE_WORDS[name] for name in RULE_WORDS if old.get(name) != new.get(name)]
    return f"{', '.join(words)} berubah" if words else ""


def _in_order(content: Data, keys: Iterable[str]) -> dict[str, Any]:
    return {key: content[key] for key in keys if key in content}


def _dump_quiz(activity: Activity) -> dict[str, Any]:
    rules = _rules(activity.quiz)
    if activity.quiz.purpose != QuizPurpose.ASSIGNMENT:
        return _in_order(rules, QUIZ_KEYS)
    code = activity.quiz.draw[0]["question"]
    question = Question.objects.select_related("current_version").get(course_id=activity.course_id, code=code)
    content = question.current_version.content if question.current_version else {}
    return _in_order(rules, ASSIGNMENT_KEYS) | {"question": code} | _in_order(content, PRACTICAL_KEYS)


# --- loading ----------------------------------------------------------------------------------------------------------
def _checked_questions(questions: Any, lessons: Mapping[str, int], report: Any) -> list[dict[str, Any]]:
    """The questions that can be loaded; a sentence in the report for each of the others."""
    if not isinstance(questions, list):
        report.problem("questions.yaml", "Bank soal harus berupa daftar.")
        return []
    good: list[dict[str, Any]] = []
    codes: list[str] = []
    for one in questions:
        problems = _question_problems(one, lessons, set(codes))
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
    unknown = set(one) - {*QUESTION_KEYS, *registry[kind].keys}
    found += [f"{name}: kunci “{key}” tidak dikenal." for key in sorted(map(str, unknown))]
    return found + [f"{name}: {sentence}" for sentence in registry[kind].problems(one)]


def _mapping_problems(mapping: Any, activity: Activity) -> list[str]:
    """What is wrong with the rules of one quiz or assignment in its file."""
    is_assignment = activity.kind == ActivityKind.ASSIGNMENT
    keys = (*ASSIGNMENT_KEYS, *PRACTICAL_KEYS) if is_assignment else QUIZ_KEYS
    found = [f"{activity.code}: “{key}” belum diisi." for key in keys if key not in mapping]
    if found:
        return found
    found = [f"{activity.code}: {sentence}" for sentence in _rule_problems(mapping)]
    if is_assignment:
        if not isinstance(mapping["question"], str) or not 0 < len(mapping["question"]) <= 24:
            found.append(f"{activity.code}: “question” harus kode soal (paling panjang 24 huruf).")
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
    if not isinstance(mapping["draw"], list) or not mapping["draw"] or not all(_is_layer(layer) for layer in mapping["draw"]):
        found.append(f"{activity.code}: “draw” harus berupa daftar {{module, count}}.")
    return found


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


def _is_layer(layer: Any) -> bool:
    return isinstance(layer, dict) and set(layer) == {"module", "count"} and isinstance(layer["module"], str) and _is_count(layer["count"])


def _load_question(course: Course, code: str, facts: dict[str, Any], content: dict[str, Any], report: Any) -> None:
    """One question of the bank: its identity by code; a version only when what it says changed."""
    question = Question.objects.select_related("current_version").filter(course=course, code=code).first()
    if question is None:
        question = Question.objects.create(course=course, code=code, **facts)
        _write_version(question, content)
        report.created(f"soal {code}")
        return
    before = {name: getattr(question, f"{name}_id" if name == "module" else name) for name in facts}
    wanted = {name: getattr(value, "pk", value) if name == "module" else value for name, value in facts.items()}
    is_same_content = (
        question.current_version is not None
        and question.current_version.content == content
        and question.current_version.kind == facts["kind"]
    )
    if before == wanted and question.retired_at is None and is_same_content:
        report.unchanged(f"soal {code}")
        return
    for name, value in facts.items():
        setattr(question, name, value)
    question.retired_at = None
    question.save()
    if not is_same_content:
        _write_version(question, content)
    report.changed(f"soal {code}")


def _write_version(question: Question, content: dict[str, Any]) -> None:
    number = (question.versions.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    question.current_version = QuestionVersion.objects.create(question=question, number=number, kind=question.kind, content=content)
    question.save(update_fields=["current_version"])


def _load_quiz(course: Course, module: Module | None, activity: Activity, mapping: Data, report: Any) -> set[str]:
    """The draft of the rules, and for an assignment its one question. Returns the codes of questions that stay."""
    kept: set[str] = set()
    if activity.kind == ActivityKind.ASSIGNMENT:
        values: dict[str, Any] = {"purpose": QuizPurpose.ASSIGNMENT, "draw": [{"question": mapping["question"]}], "shuffle": False}
        facts = {"module": module, "kind": QuestionKind.PRACTICAL, "level": Level.MEDIUM, "lesson_id": None}
        _load_question(course, mapping["question"], facts, _in_order(mapping, PRACTICAL_KEYS), report)
        kept.add(mapping["question"])
    else:
        values = {name: mapping[name] for name in ("purpose", "remedial_attempts", "time_limit", "feedback", "shuffle")}
        values["draw"] = [dict(layer) for layer in mapping["draw"]]
    values |= {"intro": mapping["intro"], "attempts_allowed": mapping["attempts_allowed"]}
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


def _retire(question: Question, report: Any) -> None:
    """It is drawn no more; attempts that ask it keep it."""
    question.retired_at = timezone.now()
    question.save(update_fields=["retired_at"])
    report.archived(f"soal {question.code}")
