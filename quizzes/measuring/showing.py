"""What the pages of statistics show, from what the worker kept: rows, words and drawings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.dateparse import parse_datetime

from linimasa.writing import number_word

from ..kinds import registry
from ..loading import register_of
from ..models import Question, QuestionVersion, Quiz, QuizPurpose, Statistics
from . import charts, flags, options, reports
from .access import Place

CHOICES = {"": (reports.FIRST, "Percobaan pertama"), "terakhir": (reports.LATEST, "Percobaan terakhir")}
URGENT = {"wrong_key": "mungkin salah kunci", "inverted": "terbalik", "confusing": "membingungkan", "too_hard": "terlalu sulit"}
SORTS: dict[str, tuple[str, Callable[[dict[str, Any]], Any]]] = {
    "": ("Yang perlu perhatian", lambda one: _urgency(one["main"])),
    "kode": ("Kode soal", lambda one: ()),
    "tepat": ("Paling sedikit tepat", lambda one: _or(one["main"].get("facility"), 2)),
    "beda": ("Daya beda terlemah", lambda one: _or(one["main"].get("discrimination"), 2)),
    "lewat": ("Paling banyak dilewati", lambda one: -_or(one["main"].get("blank"), -1)),
    "waktu": ("Waktu terlama", lambda one: -((one["main"].get("time") or (0, -1, 0))[1])),
}


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value


def _urgency(one: dict[str, Any]) -> tuple[int, int]:
    """Flagged questions first, the worst flag first; those with too few people last."""
    places = [flags.ORDER[flags.Flag(flag)] for flag, _ in one.get("flags", [])]
    return (0 if places else 1 if "n" in one else 2, min(places, default=0))


def of(found: Statistics | None, choice: str) -> dict[str, Any]:
    """What was kept for this choice of attempts; empty before it was computed."""
    data = found.data if found else {}
    kept = data.get(choice) or data.get(reports.FIRST) or {}  # equal ones are kept once
    return {"summary": kept.get("summary") or {}, "items": kept.get("items", []), "gain": kept.get("gain")}


def state(found: Statistics | None) -> str:
    """``new`` before anything was computed, ``waiting`` while a worker is asked, else ``there``."""
    if found is None or (found.asked_at is None and found.computed_at is None):
        return "new"
    return "waiting" if reports.is_waiting(found) else "there"


def choice_of(asked: str) -> tuple[str, str]:
    """The choice of attempts that the address names, and its word; an unknown word is the first attempts."""
    word = asked if asked in CHOICES else ""
    return word, CHOICES[word][0]


# --- the list of quizzes --------------------------------------------------------------------------------------------
def quizzes(page: Sequence[Quiz], place: Place) -> list[dict[str, Any]]:
    """One row a quiz: its numbers, or that there are none yet. Two statements; the items are not read."""
    rows = Statistics.objects.filter(quiz__in=[one.pk for one in page], cohort=place.cohort)
    words = ("quiz_id", "attempts", "asked_at", "computed_at", "data__first__summary")
    kept = {row["quiz_id"]: row for row in rows.values(*words)}
    return [{"quiz": one, "row": kept.get(one.pk), "summary": (kept.get(one.pk) or {}).get("data__first__summary") or {}} for one in page]


# --- one quiz --------------------------------------------------------------------------------------------------------
def summary(told: dict[str, Any]) -> dict[str, Any]:
    """The summary with moments as moments and its drawing."""
    if not told:
        return {}
    moments = {"began": parse_datetime(told["from"]) if told["from"] else None, "ended": parse_datetime(told["to"]) if told["to"] else None}
    return told | moments | {"bars": charts.histogram(told["histogram"])}


def sorted_items(items: list[dict[str, Any]], quiz: Quiz, sort: str) -> list[dict[str, Any]]:
    """The questions with their codes, in the order that the address names. One statement."""
    rows = Question.objects.filter(course=quiz.activity.course_id).values_list("pk", "code", "kind")
    facts = {pk: (code, kind) for pk, code, kind in rows}
    made = [
        {"question": one["question"], "code": facts[one["question"]][0], "kind": facts[one["question"]][1], "main": reports.main(one)}
        for one in items
        if one["question"] in facts
    ]
    order = SORTS.get(sort, SORTS[""])[1]
    return sorted(made, key=lambda one: (order(one), one["code"]))


def drawn(page: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of one page of questions, with their words and small drawings. One statement."""
    texts = QuestionVersion.objects.in_bulk([one["main"]["version"] for one in page])
    return [row(one, texts.get(one["main"]["version"])) for one in page]


def row(one: dict[str, Any], version: QuestionVersion | None) -> dict[str, Any]:
    """One question as a line of the table."""
    told = one["main"]
    marked = [(flags.Flag(flag), letters) for flag, letters in told.get("flags", [])]
    kind = told["kind"]
    return one | {
        "stem": version.content.get("text", "") if version else "",
        "label": registry[kind].label if kind in registry else kind,
        "flags": [{"word": flags.WORDS[flag], "sentence": flags.sentence(flag, letters)} for flag, letters in marked],
        "is_hot": bool(flags.SEVERE & {flag for flag, _ in marked}),
        "few": "n" not in told,
        "strength": flags.strength(told.get("discrimination")),
        "seconds": round(told["time"][1]) if told.get("time") else None,
        "mini": charts.mini(told.get("options", [])),
    }


def headline(items: list[dict[str, Any]]) -> dict[str, str]:
    """The page's heading and first sentences: what to look at, or that all is well."""
    told = [one for one in items if "n" in one["main"]]
    urgent = [one for one in told if flags.SEVERE & {flag for flag, _ in one["main"]["flags"]}]
    fine = sum(not one["main"]["flags"] for one in told)
    lesser = len(told) - fine - len(urgent)
    rest = [f"{number_word(lesser)} soal lain patut dilihat" if lesser else "", f"{fine} soal berfungsi baik" if fine else ""]
    more = ", ".join(one for one in rest if one)
    more = f"{more[:1].upper()}{more[1:]}." if more else ""
    if not told:
        return {"title": "Belum cukup data", "strong": "", "more": "Angka soal muncul setelah sedikitnya 5 peserta mendapat soalnya."}
    if not urgent:
        title = f"{len(told)} soal berfungsi baik" if fine == len(told) else f"{number_word(lesser).capitalize()} soal patut dilihat"
        return {"title": title, "strong": "", "more": more if fine != len(told) else "Tidak ada tanda pada soal kuis ini."}
    flag, letters = urgent[0]["main"]["flags"][0]
    others = f" {number_word(len(urgent) - 1).capitalize()} soal lain juga perlu segera diperiksa." if len(urgent) > 1 else ""
    said = flags.sentence(flags.Flag(flag), letters)
    return {"title": f"Soal {urgent[0]['code']} {URGENT[flag]}", "strong": said, "more": f"{others} {more}".strip()}


def spot(every: list[dict[str, Any]], quiz: Quiz) -> dict[str, Any] | None:
    """The question that most needs a look, as the card above the table; None where none is urgent. Two statements."""
    marked = [one for one in every if flags.SEVERE & {flag for flag, _ in one["main"].get("flags", [])}]
    if not marked:
        return None
    worst = min(marked, key=lambda one: (_urgency(one["main"]), one["code"]))
    version = QuestionVersion.objects.get(pk=worst["main"]["version"])
    return row(worst, version) | {"choices": choices(worst["main"], version, quiz), "is_long": len(worst["main"]["options"]) > 7}


# --- one question -----------------------------------------------------------------------------------------------------
def choices(told: dict[str, Any], version: QuestionVersion, quiz: Quiz) -> list[dict[str, Any]]:
    """The options or parts of a question with their text, shares and the misconception that each stands for."""
    register = register_of(quiz.activity.course)
    tags = version.content.get("misconceptions", {})
    drawing = charts.lures(told["options"])
    made = []
    for one in told["options"]:
        tag = "" if one["is_key"] else one.get("tag") or tags.get(_name(one, version), "")
        share = {"bar": charts.text(100 * one["all"]), "is_lure": one["place"] in drawing and one["role"] == options.ONE_OF}
        made.append(one | share | {"words": words(one, version), "misconception": register.get(tag, tag.replace("-", " "))})
    return made


def _name(one: dict[str, Any], version: QuestionVersion) -> str:
    """An option as the content names it."""
    if version.kind == "true_false":
        return "true" if one["place"] == 0 else "false"
    return one["letter"]


def _text(one: dict[str, Any], version: QuestionVersion) -> str:
    content, place = version.content, one["place"]
    if version.kind == "true_false":
        return ("Benar", "Salah")[place]
    if "pairs" in content:
        return f"{content['pairs'][place]['left']} → {content['pairs'][place]['right']}"
    if "gaps" in content:
        return f"Isian {place + 1}"
    if "regions" in content:
        return content["regions"][place]["name"]
    return (content.get("choices") or content.get("order"))[place]


def words(one: dict[str, Any], version: QuestionVersion) -> str:
    """What a row of the options says."""
    return "Tidak dijawab" if one["role"] == "blank" else one.get("text") or _text(one, version)


def one(question: Question, told: dict[str, Any], version: QuestionVersion, quiz: Quiz) -> dict[str, Any]:
    """What the page of one question shows of one of its versions."""
    shown = row({"question": question.pk, "code": question.code, "main": told}, version)
    facts: dict[str, Any] = {"question": question, "version": version, "told": told, "row": shown, "content": version.content}
    if shown["few"]:
        return facts
    return facts | {
        "options": choices(told, version, quiz),
        "fifths": fifths(told),
        "curve": charts.curve(told["fifths"]),
        "times": [round(one) for one in told["time"]] if told["time"] else None,
    }


def fifths(told: dict[str, Any]) -> list[dict[str, Any]]:
    names = ("Nilai terendah", "Kedua", "Tengah", "Keempat", "Nilai tertinggi")
    return [{"name": name, "value": value} for name, value in zip(names, told["fifths"], strict=True)]


# --- before and after ---------------------------------------------------------------------------------------------------
def gains(course_id: int, place: Place, choice: str) -> list[dict[str, Any]]:
    """The gain of each cohort that this person may see, and of all together first. One statement."""
    cohorts = {one.pk: one for one in place.cohorts}
    rows = Statistics.objects.filter(quiz__activity__course=course_id, quiz__purpose=QuizPurpose.POST_TEST)
    words = ("cohort_id", "quiz__activity", "computed_at", "data__first__gain", "data__latest__gain")
    found = []
    for one in rows.values(*words):
        told = one[f"data__{choice}__gain"] or one["data__first__gain"]
        if told and (one["cohort_id"] in cohorts or one["cohort_id"] is None and place.may_see_all):
            line = charts.interval(told["d_low"], told["d"], told["d_high"], least=-1, most=3) if told["d"] is not None else None
            found.append({"cohort": cohorts.get(one["cohort_id"]), "gain": told, "line": line, "activity": one["quiz__activity"]})
    return sorted(found, key=lambda one: (one["cohort"] is not None, one["cohort"].name if one["cohort"] else ""))


def tests_of(course_id: int) -> dict[str, Quiz]:
    """The course's tests before and after by their purpose, with their activity. One statement."""
    purposes = (QuizPurpose.PRE_TEST, QuizPurpose.POST_TEST)
    rows = Quiz.objects.filter(activity__course=course_id, purpose__in=purposes, activity__archived_at__isnull=True)
    return {one.purpose: one for one in rows.select_related("activity")}
