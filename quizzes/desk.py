"""What the pages of practical work and of the trainer's desk show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from cohorts.models import EnrolmentStatus
from linimasa import clock, writing

from . import access, attempts, samples
from . import waiting as queueing
from .assignments import Work, published_version
from .correcting import judging
from .marking import commenting, naming, passages, release, second, undoing
from .models import AnswerEvent, Attempt, AttemptStatus, GradeEvent, QuizPurpose, Response

QUEUE_BESIDE = 12
JUDGED = (AttemptStatus.GRADED, AttemptStatus.RETURNED)


# --- the learner's page -----------------------------------------------------------------------------------------------
def draft_of(work: Work) -> dict[str, Any]:
    """The form's first values: the open work's text (else the newest handed-in one's) and the next sequence."""
    response = _response(work.current)
    if response is None:
        return {"text": "", "urutan": 1, "dasar": 0, "percobaan": 1}
    seen = response.sequence
    return {"text": (response.answer or {}).get("text", ""), "urutan": seen + 1, "dasar": seen, "percobaan": response.attempt.number}


def assignment(work: Work) -> dict[str, Any]:
    """Everything the learner's page shows. ``state``: new, open, waiting, returned, accepted."""
    current, judged = work.current, work.judged
    response = _response(current)
    version = response.question_version if response else published_version(work)
    content = version.content if version else None
    problems = [] if current and (current.is_open or not work.standing.left) else attempts.start_problems(work.enrolment, work.standing)
    state = _state(current)
    return {
        "activity": work.quiz.activity,
        "enrolment": work.enrolment,
        "attempt": current,
        "content": content,
        "intro": (work.standing.rules or {}).get("intro", ""),
        "pass_mark": writing.mark(current.pass_mark) if current else "",
        "state": state,
        "problems": problems if state == "new" else [],
        "may_write": state in {"open", "returned"} or (state == "new" and not problems),
        "text": (response.answer or {}).get("text", "") if response else "",
        "files": list(response.uploads.all()) if response else [],
        "worksheet": worksheet_words(content),
        "has_samples": work.handed_in is not None and bool(content and content.get("samples")),
        "rubric": _judgement(judged, content["rubric"]) if content else [],
        "judged": judged,
        "noted": _noted(judged),
        "mark": writing.mark(judged.score) if judged else "",
        "best": writing.mark(work.standing.best),
        "may_improve": state == "accepted" and work.enrolment.status == "active",
    }


def _noted(judged: Attempt | None) -> dict[str, Any] | None:
    """The judged text with the trainer's notes at its passages; None without notes, and before they may be read."""
    response = _response(judged)
    notes = passages.numbered(response) if response else []
    return {"notes": notes, "paragraphs": passages.marked(passages.text_of(response), notes)} if response and notes else None


def _state(current: Attempt | None) -> str:
    if current is None:
        return "new"
    if current.is_open:
        return "returned" if current.revision_of_id else "open"
    return "waiting" if current.status == AttemptStatus.SUBMITTED else "accepted"


def _response(attempt: Attempt | None) -> Response | None:
    if attempt is None:
        return None
    return Response.objects.select_related("question_version").prefetch_related("uploads").filter(attempt=attempt).first()


def worksheet_words(content: Mapping[str, Any] | None) -> dict[str, str] | None:
    """What the link to a worksheet says: «xlsx, 18 KB» and its title; None without one."""
    template = (content or {}).get("template")
    if not template:
        return None
    kind = template["file"].rpartition(".")[2]
    return {"label": f"Unduh lembar kerja ({kind}, {writing.size(template['size'])})", "title": template["title"]}


def _judgement(judged: Attempt | None, rubric: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rubric's rows, each with the level that the trainer last chose (None before)."""
    events = GradeEvent.objects.standing().filter(response__attempt=judged)
    event = None if judged is None or release.is_masked(judged) else events.order_by("-pk").first()
    chosen = event.criteria if event else {}
    return [
        {**criterion, "chosen": criterion["levels"][chosen[str(place)]] if str(place) in chosen else None}
        for place, criterion in enumerate(rubric)
    ]


# --- the bench --------------------------------------------------------------------------------------------------------
def bench(user: User, attempt: Attempt) -> dict[str, Any]:
    """The work in the middle, the queue beside it, what came too late, and what was judged before."""
    waiting = access.attempts_to_grade(user).filter(quiz=attempt.quiz_id)
    responses = list(
        attempt.responses.select_related("question_version")
        .prefetch_related("uploads", "grade_events__by", "grade_events__undone_by", "events")
        .order_by("position")
    )
    is_work = attempt.rules["purpose"] == QuizPurpose.ASSIGNMENT
    is_blind = is_work and second.offered(user).filter(pk=attempt.pk).exists() if attempt.status == AttemptStatus.GRADED else False
    return {
        "attempt": attempt,
        "who": naming.who(attempt),
        "activity": attempt.quiz.activity,
        "is_work": is_work,
        **(work_of(attempt, responses[0], by=user) if is_work else {"content": {}}),
        "queue": queueing.with_words(list(waiting[:QUEUE_BESIDE]), user),
        "waiting_count": waiting.count(),
        "judged_count": Attempt.objects.gradable_by(user).filter(quiz=attempt.quiz_id, status__in=JUDGED).count(),
        "earlier": _earlier(attempt),
        "late": _late(responses),
        "is_blind": is_blind,
        "history": [] if is_blind else _history(responses, is_work=is_work),
        "mark": "" if is_blind else writing.mark(attempt.score),
        "phrases": commenting.of(user, attempt.quiz.activity.course),
        "undoable": [(one, naming.who(one)) for one in undoing.undoable(user)],
        "awaits": attempt.status == AttemptStatus.SUBMITTED,
        "may_return": is_work and attempt.status == AttemptStatus.GRADED and attempt.enrolment.status == EnrolmentStatus.ACTIVE,
        "zone": clock.ZONES.get(attempt.enrolment.cohort.time_zone, "WIB"),
    }


def work_of(attempt: Attempt, response: Response, *, by: User, with_notes: bool = True) -> dict[str, Any]:
    """The handed-in work as a trainer reads it: text with its notes, files under the names that may be shown, task and samples.

    ``by``: who reads it; the samples stay closed to those who still have to do the same task themselves.
    """
    version, text = judging.version_for(response), passages.text_of(response)
    content = version.content
    notes = passages.numbered(response) if with_notes else []
    has_samples = bool(content.get("samples")) and not access.has_still_to_do(by, attempt.quiz)
    return {
        "content": content,
        "worksheet": worksheet_words(content),
        "samples": samples.shown(version) if has_samples else [],
        "text": text,
        "paragraphs": passages.marked(text, notes),
        "notes": notes,
        "files": files_of(attempt, response),
    }


def files_of(attempt: Attempt, response: Response) -> list[dict[str, Any]]:
    """The files with the names that a trainer may see, and how each is looked at: as a page, as a picture, or only downloaded."""
    ways = {"application/pdf": "pdf", "image/png": "picture", "image/jpeg": "picture"}
    return [
        {"upload": one, "name": naming.file_name(one, place, attempt), "way": ways.get(one.content_type, "")}
        for place, one in enumerate(response.uploads.all(), 1)
    ]


def _history(responses: list[Response], *, is_work: bool) -> list[tuple[GradeEvent, str]]:
    """Every judgement with its mark; those that were taken back too, and said to be."""
    events = [event for one in responses for event in one.grade_events.all() if event.by_id or is_work]
    return [(event, writing.mark(event.points)) for event in events if event.undoes_id is None]


def _earlier(attempt: Attempt) -> Attempt | None:
    """The returned work that this one improves, with what the trainer asked."""
    return Attempt.objects.filter(pk=attempt.revision_of_id).first() if attempt.revision_of_id else None


def _late(responses: list[Response]) -> list[dict[str, Any]]:
    """Answers that were kept but do not count, with what they would score."""
    found: list[dict[str, Any]] = []
    judge = judging.judge_for({one.question_version_id for one in responses})
    for response in responses:
        for event in response.events.all():
            if not event.was_accepted and event.answer is not None:
                points = judge.points(response.question_version, event.answer)
                found.append({"event": event, "response": response, "points": writing.mark(points), "raises": _raises(points, response)})
    return found


def _raises(points: Any, response: Response) -> bool:
    return points is not None and (response.points is None or points > response.points)


def late_events(user: User) -> QuerySet[AnswerEvent]:
    """Late answers of the cohorts that this trainer teaches, newest first: of quizzes that are graded."""
    graded = Attempt.objects.gradable_by(user).filter(status=AttemptStatus.GRADED)
    events = AnswerEvent.objects.filter(was_accepted=False, answer__isnull=False, response__attempt__in=graded)
    joined = ("response__attempt__enrolment__learner", "response__attempt__enrolment__agency", "response__attempt__quiz__activity")
    return events.select_related(*joined).order_by("-received_at")
