"""The rules of a quiz as files, drafts and versions write them: which keys, what they may hold, and what stands in the way of publishing.

What a rule is by default is written nowhere: not in a file, not in a version. So older files and versions mean the same as before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from courses.models import Activity, Course, Module

from . import drawing
from .frozen import BankItem
from .models import Category, FeedbackRule, GradeMethod, Level, Question, Quiz, Release

Data = Mapping[str, Any]
DEFAULTS: dict[str, Any] = {
    "shuffle_groups": False,
    "page_size": 1,
    "grade_method": GradeMethod.HIGHEST.value,
    "waiting_minutes": 0,
    "conditions": [],
    "names_hidden": False,
    "release": Release.AT_ONCE.value,
    "second_marking": 0,
}
OPTIONAL = tuple(DEFAULTS)
OF_ASSIGNMENTS = ("conditions", "names_hidden", "release", "second_marking")  # the others make no sense with one question
LAYER_KEYS = ("module", "lesson", "objective", "level", "tag", "category", "count", "question")
MOST_WAITING = 60 * 24 * 60  # sixty days
MOST_PER_PAGE = 50


def told(quiz: Quiz) -> dict[str, Any]:
    """The rules that differ from the default, as a file and a version write them."""
    values = {name: getattr(quiz, name) for name in OPTIONAL}
    values["second_marking"] = float(quiz.second_marking)
    values["conditions"] = [condition_of(one) for one in quiz.conditions]
    return {name: value for name, value in values.items() if value != DEFAULTS[name]}


def condition_of(one: Data) -> dict[str, Any]:
    """One condition with its keys in the files' order; a mark only where one is asked."""
    return {"activity": one["activity"]} | ({"at_least": one["at_least"]} if one.get("at_least") is not None else {})


def loaded(mapping: Data) -> dict[str, Any]:
    """The values of the draft that this file's mapping stands for; what it does not name is the default."""
    values = {name: mapping.get(name, default) for name, default in DEFAULTS.items()}
    values["second_marking"] = Decimal(str(values["second_marking"]))
    values["conditions"] = [condition_of(one) for one in values["conditions"]]
    return values


# --- what is wrong with a file -----------------------------------------------------------------------------------------
def mapping_problems(mapping: Data) -> list[str]:
    """A sentence for each of the optional rules that does not hold what it must."""
    found = [
        f"“{name}” harus true atau false." for name in ("shuffle_groups", "names_hidden") if type(mapping.get(name, False)) is not bool
    ]
    if not _is_whole(mapping.get("page_size", 1), 1, MOST_PER_PAGE):
        found.append(f"“page_size” harus bilangan bulat 1 sampai {MOST_PER_PAGE}.")
    if not _is_whole(mapping.get("waiting_minutes", 0), 0, MOST_WAITING):
        found.append(f"“waiting_minutes” harus menit, 0 sampai {MOST_WAITING}.")
    for name, choices in (("grade_method", GradeMethod), ("release", Release)):
        if mapping.get(name, DEFAULTS[name]) not in choices.values:
            found.append(f"“{name}” harus salah satu dari {', '.join(choices.values)}.")
    if not _is_share(mapping.get("second_marking", 0)):
        found.append("“second_marking” harus bilangan 0 sampai 1.")
    conditions = mapping.get("conditions", [])
    if not isinstance(conditions, list) or len(conditions) > 20 or not all(_is_condition(one) for one in conditions):
        found.append("“conditions” harus berupa daftar {activity} atau {activity, at_least}, dengan at_least 0 sampai 1.")
    elif len({one["activity"] for one in conditions}) != len(conditions):
        found.append("“conditions” menyebut kegiatan yang sama dua kali.")
    if mapping.get("page_size", 1) != 1 and mapping.get("feedback") == FeedbackRule.DURING and not found:
        found.append("“feedback: during” memerlukan satu soal per halaman, jadi “page_size” harus 1.")
    if mapping.get("release") == Release.HELD and mapping.get("feedback") == FeedbackRule.DURING:
        found.append("“release: held” menahan nilai, jadi “feedback” tidak boleh during.")
    return found


def draw_problems(layers: Any) -> list[str]:
    """What is wrong with the form of a quiz's blueprint."""
    if not isinstance(layers, list) or not layers or len(layers) > 100:
        return ["“draw” harus berupa daftar {module, count}."]
    found = []
    for number, layer in enumerate(layers, 1):
        found += [f"“draw” nomor {number}: {sentence}" for sentence in _layer_problems(layer)]
    codes = [layer["question"] for layer in layers if isinstance(layer, dict) and isinstance(layer.get("question"), str)]
    if len(set(codes)) != len(codes):
        found.append("“draw” menyebut soal yang sama dua kali.")
    return found


def _layer_problems(layer: Any) -> list[str]:
    if not isinstance(layer, dict):
        return ["harus berupa {module, count} atau {question}."]
    if "question" in layer:
        good = set(layer) == {"question"} and _is_word(layer["question"], 24)
        return [] if good else ["soal tetap hanya memuat “question” (kode soal)."]
    if unknown := sorted(map(str, set(layer) - set(LAYER_KEYS))):
        return [f"kunci “{unknown[0]}” tidak dikenal."]
    if not _is_word(layer.get("module"), 24) or not _is_whole(layer.get("count"), 1, 100):
        return ["harus memuat “module” (kode modul) dan “count” (1 sampai 100)."]
    found = [f"“{name}” harus berisi teks." for name in ("lesson", "tag", "category") if name in layer and not _is_word(layer[name], 500)]
    if "objective" in layer and not _is_whole(layer["objective"], 1, 20):
        found.append("“objective” harus nomor tujuan pelajaran, 1 sampai 20.")
    elif "objective" in layer and "lesson" not in layer:
        found.append("“objective” adalah nomor tujuan sebuah pelajaran, jadi isi juga “lesson”.")
    if "level" in layer and layer["level"] not in Level.values:
        found.append(f"“level” harus salah satu dari {', '.join(Level.values)}.")
    return found


def _is_whole(value: Any, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most


def _is_share(value: Any) -> bool:
    return not isinstance(value, bool) and isinstance(value, int | float) and 0 <= value <= 1


def _is_word(value: Any, longest: int) -> bool:
    return isinstance(value, str) and 0 < len(value) <= longest


def _is_condition(one: Any) -> bool:
    if not isinstance(one, dict) or not {"activity"} <= set(one) <= {"activity", "at_least"} or not _is_word(one["activity"], 40):
        return False
    return one.get("at_least") is None or _is_share(one["at_least"])


# --- the blueprint over the draft's bank -------------------------------------------------------------------------------
def lessons_of(course: Course) -> dict[str, int]:
    """The course's lessons by code."""
    rows = Activity.objects.filter(course=course, kind="lesson", archived_at__isnull=True)
    return dict(rows.values_list("code", "pk"))


def codes_of(course: Course) -> set[str]:
    """The codes of all parts of the course that are not archived: what a condition may name."""
    return set(Activity.objects.filter(course=course, archived_at__isnull=True).values_list("code", flat=True))


def frozen_layers(layers: Iterable[Data], lessons: Mapping[str, int]) -> list[dict[str, Any]]:
    """The layers as a version keeps them: a lesson by its activity's id, as the bank's items name theirs (0: there is none)."""
    return [{**layer, "lesson": lessons.get(layer["lesson"], 0)} if "lesson" in layer else dict(layer) for layer in layers]


def paths_of(course: Course) -> dict[int, str]:
    """The path of each of the course's categories by its id: «Keamanan akun/Kata sandi». One statement."""
    rows = {pk: (parent, name) for pk, parent, name in Category.objects.filter(course=course).values_list("pk", "parent_id", "name")}

    def path(pk: int, depth: int = 0) -> str:
        parent, name = rows[pk]
        return f"{path(parent, depth + 1)}/{name}" if parent in rows and depth < 50 else name

    return {pk: path(pk) for pk in rows}


def draft_banks(course: Course) -> dict[str, list[BankItem]]:
    """The draft's bank of each module, as its next version would freeze it; practical work left out. Two statements."""
    paths = paths_of(course)
    rows = Question.objects.filter(course=course, retired_at__isnull=True, current_version__isnull=False, module__archived_at__isnull=True)
    banks: dict[str, list[BankItem]] = {code: [] for code in Module.objects.filter(course=course).values_list("code", flat=True)}
    for one in rows.filter(module__isnull=False).select_related("module").order_by("code"):
        banks.setdefault(one.module.code, []).append(item_of(one, paths))  # type: ignore[union-attr]  # asked for with one
    return banks


def item_of(question: Question, paths: Mapping[int, str]) -> BankItem:
    return BankItem(
        question=question.pk,
        version=question.current_version_id or 0,
        code=question.code,
        kind=question.kind,
        level=question.level,
        lesson=question.lesson_id,
        objective=question.objective,
        tags=tuple(question.tags),
        category=paths.get(question.category_id or 0, ""),
    )


def blueprint_problems(quiz: Quiz, banks: drawing.Banks, lessons: Mapping[str, int]) -> list[str]:
    """Which cells of the blueprint the bank cannot fill, each with what is missing; also for one remedial draw of new questions."""
    layers = frozen_layers(quiz.draw, lessons)
    found = []
    for layer, written in zip(layers, quiz.draw, strict=True):
        if "question" in layer and not drawing.matching(layer, banks):
            found.append(f"soal {layer['question']} tidak ada.")
        if layer.get("lesson") == 0:
            found.append(f"pelajaran {written['lesson']} tidak ada.")
    if found:
        return found
    if short := drawing.shortages(layers, banks):
        return [_missing(quiz.draw[place], layers[place], count, banks) for place, count in short.items()]
    if quiz.remedial_attempts and (short := drawing.shortages(layers, banks, times=2)):
        return [_missing_again(quiz.draw[place], count, layers[place], banks) for place, count in short.items()]
    return []


def cell_name(layer: Data) -> str:
    """A cell of the blueprint in words: «M1, pelajaran M1.2, tujuan 3, sulit»."""
    words = [f"bank {layer['module']}"]
    words += [f"pelajaran {layer['lesson']}"] if "lesson" in layer else []
    words += [f"tujuan {layer['objective']}"] if "objective" in layer else []
    words += [f"tingkat {str(Level(layer['level']).label).lower()}"] if "level" in layer else []
    words += [f"tag “{layer['tag']}”"] if "tag" in layer else []
    words += [f"kategori “{layer['category']}”"] if "category" in layer else []
    return ", ".join(words)


def _missing(written: Data, layer: Data, count: int, banks: drawing.Banks) -> str:
    there = len(drawing.matching(layer, banks))
    if there >= layer["count"]:
        shared = f"sebagian dari {there} soalnya sudah dipakai baris lain"
        return f"memerlukan {layer['count']} soal dari {cell_name(written)}, tetapi {shared}. Tambah {count} soal."
    return f"memerlukan {layer['count']} soal dari {cell_name(written)}, yang ada {there}. Tambah soal atau kurangi jumlahnya."


def _missing_again(written: Data, count: int, layer: Data, banks: drawing.Banks) -> str:
    there = len(drawing.matching(layer, banks))
    return (
        f"satu remedial dengan soal baru memerlukan {2 * layer['count']} soal dari {cell_name(written)}, yang ada {there}. "
        f"Tambah {count} soal, kurangi jumlahnya, atau hapus kesempatan remedial."
    )


def condition_problems(quiz: Quiz, codes: Collection[str]) -> list[str]:
    """Conditions that nobody could meet: what is not among ``codes`` (those of the course), or the quiz itself."""
    wanted = [one["activity"] for one in quiz.conditions]
    found = [f"syarat {code} tidak ada dalam kursus ini." for code in wanted if code not in codes]
    return found + (["kuis ini tidak dapat menjadi syarat bagi dirinya sendiri."] if quiz.activity.code in wanted else [])
