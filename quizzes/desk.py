"""What the pages of practical work and of the trainer's desk show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from accounts.models import User
from cohorts.models import EnrolmentStatus
from linimasa import writing

from . import access, attempts
from .assignments import Work, published_version
from .correcting import judging
from .models import AnswerEvent, Attempt, AttemptStatus, GradeEvent, QuizPurpose, Response

QUEUE_BESIDE = 12
PHRASES = ("Sebutkan sumber data", "Tulis penanggung jawab dan tenggat", "Persingkat kalimat", "Contoh yang bagus")


# --- the learner's page -----------------------------------------------------------------------------------------------
def draft_of(work: Work) -> dict[str, Any]:
    """The form's first values: the open work's text (else the newest handed-in one's) and the next sequence."""
    response = _response(work.current)
    if response is None:
        return {"text": "", "urutan": 1}
    return {"text": (response.answer or {}).get("text", ""), "urutan": response.sequence + 1}


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
        "mark": writing.mark(judged.score) if judged else "",
        "best": writing.mark(work.standing.best),
        "may_improve": state == "accepted" and work.enrolment.status == "active",
    }


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
    event = GradeEvent.objects.filter(response__attempt=judged).order_by("-pk").first() if judged else None
    chosen = event.criteria if event else {}
    return [
        {**criterion, "chosen": criterion["levels"][chosen[str(place)]] if str(place) in chosen else None}
        for place, criterion in enumerate(rubric)
    ]


# --- the trainer's queue ----------------------------------------------------------------------------------------------
def with_words(rows: list[Attempt]) -> list[dict[str, Any]]:
    """What a row of the queue says of an attempt. No SQL."""
    return [
        {
            "attempt": one,
            "is_work": one.rules["purpose"] == QuizPurpose.ASSIGNMENT,
            "is_again": one.revision_of_id is not None,
            "days": (timezone.now() - one.submitted_at).days if one.submitted_at else 0,
        }
        for one in rows
    ]


def waiting_by_activity(queue: QuerySet[Attempt]) -> list[Mapping[str, Any]]:
    """How much waits for each task, the longest waiting first. One statement."""
    rows = queue.order_by().values("quiz__activity", "quiz__activity__title", "quiz__activity__code")
    return list(rows.annotate(count=Count("pk"), oldest=Min("submitted_at")).order_by("oldest"))


def queue(user: User, page: Page, chosen: str) -> dict[str, Any]:
    waiting = access.attempts_to_grade(user)
    return {
        "page": page,
        "rows": with_words(list(page)),
        "groups": waiting_by_activity(waiting),
        "chosen": chosen,
        "total": page.paginator.count,
    }


# --- the bench --------------------------------------------------------------------------------------------------------
def bench(user: User, attempt: Attempt) -> dict[str, Any]:
    """The work in the middle, the queue beside it, what came too late, and what was judged before."""
    waiting = access.attempts_to_grade(user).filter(quiz=attempt.quiz_id)
    responses = list(
        attempt.responses.select_related("question_version").prefetch_related("uploads", "grade_events__by", "events").order_by("position")
    )
    is_work = attempt.rules["purpose"] == QuizPurpose.ASSIGNMENT
    content = judging.version_for(responses[0]).content if is_work else {}
    return {
        "attempt": attempt,
        "learner": attempt.enrolment.learner,
        "activity": attempt.quiz.activity,
        "is_work": is_work,
        "content": content,
        "worksheet": worksheet_words(content),
        "text": (responses[0].answer or {}).get("text", "") if is_work else "",
        "files": list(responses[0].uploads.all()) if is_work else [],
        "queue": with_words(list(waiting[:QUEUE_BESIDE])),
        "waiting_count": waiting.count(),
        "earlier": _earlier(attempt),
        "late": _late(responses),
        "history": [(event, writing.mark(event.points)) for one in responses for event in one.grade_events.all() if event.by_id or is_work],
        "mark": writing.mark(attempt.score),
        "phrases": PHRASES,
        "awaits": attempt.status == AttemptStatus.SUBMITTED,
        "may_return": is_work and attempt.status == AttemptStatus.GRADED and attempt.enrolment.status == EnrolmentStatus.ACTIVE,
    }


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


def next_to_grade(user: User, after: Attempt) -> Attempt | None:
    """What to open next: the longest waiting of the same task, else of any."""
    waiting = access.attempts_to_grade(user).exclude(pk=after.pk)
    return waiting.filter(quiz=after.quiz_id).first() or waiting.first()


def late_events(user: User) -> QuerySet[AnswerEvent]:
    """Late answers of the cohorts that this trainer teaches, newest first: of quizzes that are graded."""
    graded = Attempt.objects.gradable_by(user).filter(status=AttemptStatus.GRADED)
    events = AnswerEvent.objects.filter(was_accepted=False, answer__isnull=False, response__attempt__in=graded)
    joined = ("response__attempt__enrolment__learner", "response__attempt__quiz__activity")
    return events.select_related(*joined).order_by("-received_at")
