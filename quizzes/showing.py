"""What the learner's pages show: rules in sentences, one question, the list before sending, the result."""

from __future__ import annotations

import math
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from cohorts import unlocking
from cohorts.models import Enrolment, ProgressState
from cohorts.structure import Step, Structure
from courses.models import ActivityKind
from linimasa import writing
from linimasa.prepared import Prepared

from . import briefing, checking, windows
from .correcting import judging
from .kinds import kind_of
from .marking import release
from .models import AnswerEvent, Attempt, AttemptStatus, ClosedBy, QuestionKind, Response
from .standing import Standing, may_show_key

LEAST_FOR_AN_AGGREGATE = 3  # without the key, a topic of fewer questions would tell which answer was right
NOWHERE = Structure("", "", "", None, {}, (), {})  # a plan without lessons: whoever answers is not led away
ACTIONS: dict[str, str] = {
    ActivityKind.LESSON: "Lanjut ke pelajaran",
    ActivityKind.QUIZ: "Lanjut ke kuis",
    ActivityKind.ASSIGNMENT: "Kerjakan tugas praktik",
}


# --- the start page ---------------------------------------------------------------------------------------------------
def rule_sentences(rules: Mapping[str, Any]) -> list[str]:
    """The rules as the question pages repeat them beside the question."""
    time = f", {rules['time_limit']} menit" if rules.get("time_limit") else ", tanpa batas waktu"
    return [
        f"{rules['questions']} soal{time}.",
        "Boleh melewati soal dan kembali lagi.",
        "Jawaban tersimpan begitu diberikan.",
        "Sinyal putus? Tetap jawab, terkirim saat tersambung.",
    ]


def facts(rules: Mapping[str, Any], standing: Standing) -> list[tuple[str, str]]:
    """What to know before the clock starts: number, time, tries left, pass mark."""
    mark = rules.get("pass_mark")
    return [
        ("Soal", str(rules["questions"])),
        ("Waktu", f"{rules['time_limit'] + standing.extra_minutes} menit" if rules.get("time_limit") else "Tanpa batas"),
        ("Kesempatan", f"{standing.left} dari {standing.allowed} tersisa"),
        ("Batas lulus", writing.mark(Decimal(str(mark))) if mark is not None else "Tidak ada"),
    ]


# --- one question -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Dot:
    """One question in the list at the side."""

    number: int
    url: str
    is_answered: bool
    is_flagged: bool
    is_current: bool


_STATES = Prepared(
    lambda attempt: Response.objects.filter(attempt=attempt).order_by("position").values_list("position", "answer", "is_flagged"), int
)


def dots(attempt: Attempt, current: int = 0) -> list[Dot]:
    """Every question of the attempt with its state; one statement."""
    rows = _STATES.rows(attempt.pk)
    base = f"/kuis/{attempt.pk}/"
    return [Dot(number, f"{base}{number}/", answer is not None, flagged, number == current) for number, answer, flagged in rows]


def question(response: Response, *, error: str = "") -> dict[str, Any]:
    """The form of one question: all that a fragment draws. No SQL."""
    kind, attempt = kind_of(response.question_version), response.attempt
    total = attempt.rules["questions"]
    return {
        "response": response,
        "attempt": attempt,
        "kind": kind,
        "ask": kind.public(response.order, response.answer),
        "number": response.position,
        "total": total,
        "is_last": response.position == total,
        "previous": response.position - 1,
        "following_number": response.position + 1,
        "key": uuid.uuid4().hex,
        "sequence": response.sequence + 1,
        "clock": clock_of(attempt),
        "explains": checking.explains_at_once(attempt),
        "answers": explained(response),
        "error": error,
        "has_errors": bool(error),
    }


def explained(response: Response) -> list[dict[str, Any]]:
    """The explanation of a question that was checked while its attempt runs; empty before its answer is locked, whatever else holds."""
    if response.checked_at is None or not checking.explains_at_once(response.attempt):
        return []
    judge = judging.judge_for([response.question_version_id])
    response.points = judge.points(response.question_version, response.answer)  # told, not stored: grading does that when it is sent
    return answers([response], NOWHERE)


def clock_of(attempt: Attempt) -> dict[str, Any] | None:
    """The time left by the server's clock, in milliseconds for the script and in whole minutes for everyone; None without a limit."""
    if attempt.deadline_at is None:
        return None
    now = timezone.now()
    seconds = max((attempt.deadline_at - now).total_seconds(), 0)
    return {
        "left": int(seconds * 1000),
        "whole": int((attempt.deadline_at - attempt.started_at).total_seconds() * 1000),
        "text": f"{math.ceil(seconds / 60)} menit",
        "warning": "Tinggal 1 menit." if 0 < seconds <= 60 else f"Tinggal {math.ceil(seconds / 60)} menit." if 0 < seconds <= 300 else "",
        "deadline_at": attempt.deadline_at,
    }


def page_frame(attempt: Attempt, current: int = 0, *, with_dots: bool = True) -> dict[str, Any]:
    """What a whole page of a running attempt needs besides the question. One statement for the dots."""
    activity = attempt.quiz.activity
    return {
        "attempt": attempt,
        "activity": activity,
        "back_url": reverse("quizzes:start", args=[activity.pk]),
        "rules": rule_sentences(attempt.rules),
        **({"dots": dots(attempt, current)} if with_dots else {}),
    }


# --- before sending ---------------------------------------------------------------------------------------------------
def review(attempt: Attempt) -> dict[str, Any]:
    """The list before sending: a sentence first, then every question with what is blank, incomplete or flagged."""
    responses = list(attempt.responses.select_related("question_version").order_by("position"))
    rows = [
        {
            "number": one.position,
            "url": reverse("quizzes:question", args=[attempt.pk, one.position]),
            "text": one.question_version.content["text"],
            "is_blank": one.answer is None,
            "is_partial": one.answer is not None and not kind_of(one.question_version).is_whole(one.answer),
            "is_flagged": one.is_flagged,
        }
        for one in responses
    ]
    blank = [row["number"] for row in rows if row["is_blank"]]
    flagged = sum(row["is_flagged"] for row in rows)
    told = f" {writing.number_word(flagged).capitalize()} soal Anda tandai." if flagged else ""
    return {
        "rows": rows,
        "blank": blank,
        "sentence": answered_sentence(len(rows), blank),
        "hint": "Ketuk soal untuk kembali ke sana." + told,
        "back_to": blank[0] if blank else len(rows),
        "clock": clock_of(attempt),
        "dots": [Dot(row["number"], row["url"], not row["is_blank"], row["is_flagged"], False) for row in rows],
        "total": len(rows),
    }


def answered_sentence(total: int, blank: Sequence[int]) -> str:
    """«7 dari 8 soal sudah dijawab. Soal 7 masih kosong.»"""
    if not blank:
        return f"Semua {total} soal sudah dijawab."
    return f"{total - len(blank)} dari {total} soal sudah dijawab. Soal {writing.listed(blank)} masih kosong."


# --- the result -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Topic:
    """What was asked of one lesson (or module): ``points`` of ``count``."""

    title: str
    url: str
    link: str
    points: Decimal
    count: int

    @property
    def share(self) -> float:
        return float(self.points / self.count)

    @property
    def text(self) -> str:
        return f"{writing.decimal(self.points)} dari {self.count}"


_ANSWERED = Prepared(
    lambda attempt: (
        Response.objects.filter(attempt=attempt)
        .select_related("question_version__question__module")
        .annotate(
            came_late=Exists(
                AnswerEvent.objects.filter(
                    response=OuterRef("pk"), was_accepted=False, answer__isnull=False, received_at__gt=OuterRef("attempt__submitted_at")
                )
            ),
            is_corrected=judging.is_corrected(),
        )
        .order_by("position")
    ),
    int,
)


def result(attempt: Attempt, plan: Structure, standing: Standing) -> dict[str, Any]:
    """The page after sending. Without the right to see the key it tells only what cannot give an answer away."""
    responses = _ANSWERED.objects(attempt.pk)
    shows_key = may_show_key(attempt, standing)
    topics = [] if release.is_masked(attempt) else _topics(responses, plan, by_lesson=shows_key)
    return {
        "shows_key": shows_key,
        "headline": headline(attempt, is_sure=attempt.pk in standing.sure),
        "sentences": sentences(attempt, responses, shows_key=shows_key),
        "late": late_sentence(responses),
        "bloom": bloom(responses) if shows_key else [],
        "answers": answers(responses, plan) if shows_key else [],
        "weak": sorted((one for one in topics if one.points < one.count), key=lambda one: one.share),
        "known": [one for one in topics if one.points == one.count],
        "key_when": "" if shows_key else _key_when(attempt),
        "tries": tries_sentence(attempt, standing),
    }


def _key_when(attempt: Attempt) -> str:
    if release.is_masked(attempt) and release.is_held(attempt.rules):
        return "Nilai dan penjelasan muncul setelah diumumkan pengajar kepada seluruh angkatan."
    return briefing.feedback_sentence(attempt.rules)


def headline(attempt: Attempt, *, is_sure: bool = False) -> str:
    if is_sure:
        return "Anda lulus, nilai akhirnya menunggu pengajar"
    if attempt.status == AttemptStatus.SUBMITTED:
        return "Jawaban terkirim, nilainya menunggu pengumuman" if release.is_held(attempt.rules) else "Jawaban terkirim, menunggu pengajar"
    mark = writing.mark(attempt.score)
    if attempt.pass_mark is None:
        return f"{attempt.quiz.activity.title} selesai, nilai Anda {mark}"
    return f"Anda lulus dengan nilai {mark}" if attempt.is_passed else f"Nilai Anda {mark}, belum lulus"


def sentences(attempt: Attempt, responses: Sequence[Response], *, shows_key: bool) -> list[str]:
    found = []
    if attempt.closed_by == ClosedBy.CLOCK:
        blank = [one.position for one in responses if one.answer is None]
        empty = f", soal {writing.listed(blank)} kosong" if blank else ""
        found.append(f"Waktu habis. {len(responses) - len(blank)} jawaban terkirim{empty}.")
    if shows_key:
        right = sum(one.points == 1 for one in responses)
        partly = sum(one.points is not None and 0 < one.points < 1 for one in responses)
        rest = sum(one.points == 0 for one in responses)
        told = [f"{right} dari {len(responses)} tepat"]
        told += [f"{partly} sebagian tepat"] if partly else []
        told += [f"{rest} belum tepat"] if rest else []
        found.append(", ".join(told) + ".")
    waiting = sum(one.points is None for one in responses)
    if attempt.status == AttemptStatus.SUBMITTED and waiting:
        found.append(f"{writing.number_word(waiting).capitalize()} isian diperiksa pengajar, biasanya dalam 3 hari.")
    if attempt.pass_mark is not None:
        found.append(f"Batas lulus {writing.mark(attempt.pass_mark)}.")
    return found


def late_sentence(responses: Sequence[Response]) -> str:
    """That answers came after the end, if some did: kept, seen by the trainer, and not counted by themselves."""
    places = [one.position for one in responses if one.came_late]  # type: ignore[attr-defined]  # annotated
    if not places:
        return ""
    return (
        f"Jawaban untuk soal {writing.listed(places)} tiba setelah percobaan ini ditutup. Jawaban itu disimpan dan dapat dilihat pengajar, "
        "tetapi tidak dihitung kecuali pengajar memutuskannya."
    )


def tries_sentence(attempt: Attempt, standing: Standing) -> str:
    counting = windows.counting(standing.rules or attempt.rules)
    if standing.left == 0:
        return f"Semua kesempatan sudah dipakai. {counting} yang dipakai." if standing.used > 1 else ""
    left = f"Masih ada {writing.number_word(standing.left)} kesempatan"
    return f"{left} bila Anda ingin memperbaiki nilai. {counting} yang dipakai." if standing.is_passed else f"{left}."


def answers(responses: Sequence[Response], plan: Structure) -> list[dict[str, Any]]:
    """Each question with the learner's answer, what was missed or right, and why; the first improvable one is open."""
    shown, has_open = [], False
    corrected = {one.question_version_id for one in responses if getattr(one, "is_corrected", True)}
    judge = judging.judge_for(corrected) if corrected else judging.AS_SHOWN
    for one in responses:
        version, answer = judge.shown(one.question_version, one.answer)
        kind = kind_of(version)
        tag = "wait" if one.points is None else "ok" if one.points == 1 else "part" if one.points > 0 else "again"
        is_open = not has_open and tag in ("part", "again")
        has_open = has_open or is_open
        told = kind.review(answer, one.points)
        said = told["said"]
        if one.points and tag == "part":
            said = f"{said} Nilai {writing.decimal(one.points)} dari 1."
        shown.append(
            {
                "number": one.position,
                "label": kind.label[:1].lower() + kind.label[1:],
                "text": one.question_version.content["text"],
                "tag": tag,
                "rows": told["rows"],
                "heading": "Mengapa" if tag == "ok" else said,
                "why": told["why"] if tag != "wait" else "",
                "told": told["told"] if tag != "wait" else [],
                "corrected": judge.reason(one.question_version),
                "lesson": _lesson(one, plan) if tag in ("part", "again") else None,
                "is_open": is_open,
            }
        )
    return shown


def _lesson(response: Response, plan: Structure) -> Step | None:
    return plan.by_activity.get(response.question_version.question.lesson_id or 0)


def _topics(responses: Sequence[Response], plan: Structure, *, by_lesson: bool) -> list[Topic]:
    groups: dict[tuple[str, str, str], list[Response]] = {}
    for one in responses:
        if one.points is None or one.question_version.kind == QuestionKind.PRACTICAL:
            continue
        step = _lesson(one, plan)
        if by_lesson and step:
            groups.setdefault((step.title, step.url, f"Baca lagi Pelajaran {step.number}"), []).append(one)
        elif not by_lesson and (module := one.question_version.question.module):
            url = next((unit.url for unit in plan.units if unit.module_id == module.pk), "")
            groups.setdefault((module.title, url, f"Buka modul {module.title}"), []).append(one)
    least = 1 if by_lesson else LEAST_FOR_AN_AGGREGATE
    return [
        Topic(title, url, link, sum((one.points or Decimal(0) for one in group), Decimal(0)), len(group))
        for (title, url, link), group in groups.items()
        if len(group) >= least
    ]


def bloom(responses: Sequence[Response]) -> list[dict[str, Any]]:
    """One petal a question, drawn; decoration only, the same facts are in text. Numbers are SVG's, with a dot."""
    count = len(responses)
    narrow = min(8.6, 31 * math.sin(math.pi / max(count, 3)) * 0.78)
    petals = []
    for place, one in enumerate(responses):
        degrees = -90 + 360 / count * (place + 0.5)
        angle = math.radians(degrees)
        petals.append(
            {
                "state": "" if not one.points else "is-full" if one.points == 1 else "is-part",
                "ry": f"{narrow:.1f}",
                "turn": f"{degrees:.1f}",
                "x": f"{50 + 33 * math.cos(angle):.1f}",
                "y": f"{52.8 + 33 * math.sin(angle):.1f}",
                "number": one.position if count <= 12 else "",
            }
        )
    return petals


def next_step(enrolment: Enrolment, plan: Structure, activity_id: int, known: unlocking.ProgressMap) -> dict[str, Any] | None:
    """The first thing after this activity that is open and not behind the learner; None when nothing is. No SQL."""
    here = plan.by_activity.get(activity_id)
    standings = unlocking.standings(enrolment.cohort, plan, known)
    places = [one.step.activity_id for one in standings]
    later = standings[places.index(activity_id) + 1 :] if activity_id in places else standings
    for one in later:
        if one.locked is None and not one.behind and one.state != ProgressState.COMPLETED and one.step.kind in ACTIONS:
            same = here is not None and one.step.unit == here.unit
            action = ACTIONS[one.step.kind] if same or one.step.kind != ActivityKind.LESSON else f"Lanjut ke {_unit_title(plan, one.step)}"
            return {"action": action, "url": one.step.url, "title": one.step.title, "minutes": one.step.minutes, "due_at": one.due_at}
    return None


def _unit_title(plan: Structure, step: Step) -> str:
    unit = plan.units[step.unit]
    return f"modul {unit.code.removeprefix('M')}" if unit.is_module else unit.title.lower()
