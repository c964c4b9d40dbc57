"""The only ways to another person's attempt. Foreign equals absent equals 404."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import Role, User
from cohorts import structure
from cohorts.access import creatable_courses, enrolment_for_activity, learning_enrolment
from cohorts.models import Cohort, Enrolment, EnrolmentStatus
from cohorts.models.enrolment import stamp_of, stamped
from courses.access import courses_in_studio, courses_to_write
from linimasa.prepared import Prepared

from .marking import release
from .models import Accommodation, AnswerEvent, Attempt, AttemptStatus, Quiz, QuizPurpose, Response, Upload
from .models.attempt import AttemptQuerySet

HIGHEST_ID = 2**63 - 1  # what a database can look for at all


_OWN_ATTEMPT = Prepared(
    lambda person, key: (
        Attempt.objects.filter(enrolment__learner=person, pk=key)
        .select_related("enrolment__cohort__course", "enrolment__course", "enrolment__learner")
        .select_related("quiz__activity__module", "quiz__activity__course")
        .order_by()
    ),
    *(int, int),
)
_OWN_RESULT = Prepared(
    lambda person, key: (
        Attempt.objects.filter(enrolment__learner=person, pk=key)
        .select_related("quiz__activity__module", "enrolment__cohort", "enrolment__course")
        .annotate(**stamp_of("enrolment__course_id"))
        .order_by()
    ),
    *(int, int),
)


def _to_close() -> QuerySet[Attempt]:
    rows = Attempt.objects.select_for_update(of=("self",), no_key=True).order_by()
    return rows.select_related("enrolment__cohort__course", "enrolment__course", "quiz__activity")


_TO_CLOSE = Prepared(lambda key: _to_close().filter(pk=key), int)
_OWN_TO_CLOSE = Prepared(lambda person, key: _to_close().filter(enrolment__learner=person, pk=key), int, int)


def _one(found: list[Any]) -> Any:
    if not found:
        raise Http404
    return found[0]


def own_attempt(user: User, attempt_id: int) -> Attempt:
    """This person's own attempt (with enrolment, cohort, activity and module loaded); otherwise 404."""
    return _one(_OWN_ATTEMPT.objects(user.pk, attempt_id))


def own_result(user: User, attempt_id: int) -> Attempt:
    """Like ``own_attempt``, as its learner sees it, with the enrolment's structure at hand; one statement, two where marks are held."""
    attempt: Attempt = _one(_OWN_RESULT.objects(user.pk, attempt_id))
    stamped(attempt, attempt.enrolment)
    return release.shown(attempt)


_QUIZ = Prepared(
    lambda activity: Quiz.objects.filter(activity=activity).select_related("activity__module", "activity__course").order_by(), int
)


def own_quiz(user: User, activity_id: int) -> tuple[Enrolment, Quiz]:
    """The quiz of this activity (no practical assignment; with activity, module and course) and the person's enrolment; otherwise 404.

    Two statements.
    """
    quiz: Quiz = _one(_QUIZ.objects(activity_id))
    if quiz.purpose == QuizPurpose.ASSIGNMENT:
        raise Http404
    return learning_enrolment(user, quiz.activity.course_id), quiz


def own_practical(user: User, activity_id: int) -> tuple[Enrolment, Quiz]:
    """The practical assignment of this activity (with activity, module and course) and the person's enrolment; otherwise 404."""
    enrolment, activity = enrolment_for_activity(user, activity_id)
    quiz = get_object_or_404(Quiz.objects.all(), activity=activity, purpose=QuizPurpose.ASSIGNMENT)
    quiz.activity = activity
    return enrolment, quiz


def practical_of_staff(user: User, activity_id: int) -> Quiz | None:
    """The practical assignment of this activity, for those who write, review, run or teach its course; None for everybody else."""
    rows = Quiz.objects.select_related("activity__module__current_version", "activity__course__current_version")
    quiz = rows.filter(activity=activity_id, purpose=QuizPurpose.ASSIGNMENT).first()
    if quiz is None:
        return None
    course = quiz.activity.course_id
    theirs = (
        courses_in_studio(user).filter(pk=course),
        Cohort.objects.within(user, Role.ORGANISER, Role.TRAINER).filter(course=course),
        creatable_courses(user).filter(pk=course),
    )
    return quiz if any(rows.exists() for rows in theirs) else None


def has_still_to_do(user: User, quiz: Quiz) -> bool:
    """Whether this person, whoever else they are, learns in the quiz's course and has not handed this work in. Two statements at most."""
    learns = Enrolment.objects.filter(learner=user, cohort__course=quiz.activity.course_id, status=EnrolmentStatus.ACTIVE)
    if not learns.exists():
        return False
    return not Attempt.objects.of_learner(user).filter(quiz=quiz).exclude(status=AttemptStatus.OPEN).exists()


def practical_to_grade(user: User, attempt_id: int) -> Attempt:
    """Like ``attempt_to_grade``; 404 for a quiz."""
    attempt = attempt_to_grade(user, attempt_id)
    if attempt.rules["purpose"] != QuizPurpose.ASSIGNMENT:
        raise Http404
    return attempt


def own_quiz_attempt(user: User, attempt_id: int) -> Attempt:
    """Like ``own_attempt``; 404 for a practical assignment, which has pages of its own."""
    attempt = own_attempt(user, attempt_id)
    if attempt.rules["purpose"] == QuizPurpose.ASSIGNMENT:
        raise Http404
    return attempt


def attempt_to_close(attempt_id: int) -> Attempt:
    """Whosever attempt this is, for the server's own verbs: locked until the caller's transaction ends. One statement."""
    (locked,) = _TO_CLOSE.objects(attempt_id)
    return locked


def own_quiz_attempt_to_close(user: User, attempt_id: int) -> Attempt:
    """Like ``own_quiz_attempt``, locked until the caller's transaction ends, as ``attempts.submit`` needs it. One statement."""
    attempt: Attempt = _one(_OWN_TO_CLOSE.objects(user.pk, attempt_id))
    if attempt.rules["purpose"] == QuizPurpose.ASSIGNMENT:
        raise Http404
    return attempt


def own_question(user: User, attempt_id: int, position: int) -> Response:
    """One question of this person's own attempt (with attempt, activity and content loaded); otherwise 404."""
    found: Response = _one(_QUESTION.objects(user.pk, attempt_id, position))
    if found.attempt.quiz.purpose == QuizPurpose.ASSIGNMENT:
        raise Http404
    return found


_QUESTION = Prepared(
    lambda person, attempt, position: (
        Response.objects.select_related("question_version", "attempt__quiz__activity")
        .filter(attempt__enrolment__learner=person, attempt=attempt, position__in=[position])
        .order_by()
    ),
    *(int, int, int),
)


def own_question_to_answer(user: User, attempt_id: int, position: int) -> tuple[Response, Response | None]:
    """This question of this person's own attempt (otherwise 404) and the next one; the attempt (not they) is locked until the
    transaction ends.

    One statement. A closing attempt locks itself first and its questions later, so locking both here could deadlock.
    """
    if attempt_id > HIGHEST_ID:
        raise Http404
    found = {response.position: response for response in _TO_ANSWER.objects(user.pk, attempt_id, position, position + 1)}
    if position not in found:
        raise Http404
    return found[position], found.get(position + 1)


_TO_ANSWER = Prepared(
    lambda person, attempt, position, following: (
        Response.objects.select_for_update(of=("attempt",), no_key=True)
        .select_related("question_version", "attempt")
        .filter(attempt__enrolment__learner=person, attempt=attempt, position__in=[position, following])
        .order_by()
    ),
    *(int, int, int, int),
)


def attempt_to_grade(user: User, attempt_id: int) -> Attempt:
    """The attempt, if this trainer may grade it; otherwise 404, so that its existence stays unknown."""
    return get_object_or_404(_gradable(user), pk=attempt_id)


def attempts_to_grade(user: User) -> AttemptQuerySet:
    """What waits for this trainer, the oldest first, with what a row of the queue shows."""
    return _gradable(user).awaiting_grade()


def _gradable(user: User) -> AttemptQuerySet:
    joined = ("enrolment__learner", "enrolment__agency", "enrolment__cohort", "quiz__activity__module", "quiz__activity__course")
    return Attempt.objects.gradable_by(user).exclude(status=AttemptStatus.OPEN).select_related(*joined)


def late_answer(user: User, attempt_id: int, event_id: int) -> AnswerEvent:
    """An answer of a gradable attempt that came too late or out of date; otherwise 404."""
    attempt = attempt_to_grade(user, attempt_id)
    return get_object_or_404(AnswerEvent, pk=event_id, response__attempt=attempt, was_accepted=False)


def upload_to_read(user: User, upload_id: int) -> Upload:
    """A file that this person handed in, or that this trainer may grade; otherwise 404."""
    own = Attempt.objects.of_learner(user).values("pk")
    taught = Attempt.objects.gradable_by(user).exclude(status=AttemptStatus.OPEN).values("pk")
    uploads = Upload.objects.filter(Q(response__attempt__in=own) | Q(response__attempt__in=taught))
    return get_object_or_404(uploads.select_related("response__attempt__enrolment"), pk=upload_id)


def upload_to_grade(user: User, upload_id: int) -> Upload:
    """A file of work that this trainer may grade (with what its shown name needs); otherwise 404."""
    taught = Attempt.objects.gradable_by(user).exclude(status=AttemptStatus.OPEN).values("pk")
    uploads = Upload.objects.select_related("response__attempt").filter(response__attempt__in=taught)
    return get_object_or_404(uploads, pk=upload_id)


def quiz_with_cohorts(user: User, activity_id: int) -> tuple[Quiz, QuerySet[Cohort]]:
    """A quiz or assignment, and the cohorts of its course that this person teaches or runs; 404 without any."""
    quiz = get_object_or_404(Quiz.objects.select_related("activity__course", "activity__module"), activity=activity_id)
    cohorts = cohorts_to_announce(user).filter(course=quiz.activity.course_id)
    if not cohorts.exists():
        raise Http404
    return quiz, cohorts


def cohorts_to_announce(user: User) -> QuerySet[Cohort]:
    """The cohorts whose held marks this person may announce: its trainers and organisers."""
    return Cohort.objects.within(user, Role.TRAINER, Role.ORGANISER)


def quiz_to_announce(user: User, activity_id: int, cohort_id: int) -> tuple[Quiz, Cohort]:
    """A quiz of the cohort's course, and the cohort, if this person may announce its marks; otherwise 404."""
    quiz, cohorts = quiz_with_cohorts(user, activity_id)
    return quiz, get_object_or_404(cohorts, pk=cohort_id)


def own_open_upload(user: User, upload_id: int) -> Upload:
    """A file of this person's own work (with its attempt and quiz loaded); otherwise 404."""
    uploads = Upload.objects.select_related("response__attempt__quiz").filter(response__attempt__enrolment__learner=user)
    return get_object_or_404(uploads, pk=upload_id)


# --- a cohort's quizzes, a quiz's rules -----------------------------------------------------------------------------------
def cohort_of_quizzes(user: User, cohort_id: int) -> Cohort:
    """A cohort whose windows and exceptions this person sets (its organisers and trainers, admins); otherwise 404."""
    rows = Cohort.objects.within(user, Role.ORGANISER, Role.TRAINER).select_related("course")
    return get_object_or_404(rows, pk=cohort_id)


def quiz_of_cohort(user: User, cohort_id: int, activity_id: int) -> tuple[Cohort, Quiz]:
    """A quiz or assignment that this cohort's learners meet, and the cohort (see ``cohort_of_quizzes``); otherwise 404."""
    cohort = cohort_of_quizzes(user, cohort_id)
    if activity_id not in structure.of_cohort(cohort).by_activity:
        raise Http404
    return cohort, get_object_or_404(Quiz.objects.select_related("activity__module"), activity=activity_id)


def accommodation_to_end(user: User, accommodation_id: int) -> Accommodation:
    """An exception of a cohort that this person runs or teaches, never one's own; otherwise 404."""
    theirs = Cohort.objects.within(user, Role.ORGANISER, Role.TRAINER).values("pk")
    rows = Accommodation.objects.filter(Q(cohort__in=theirs) | Q(enrolment__cohort__in=theirs)).exclude(enrolment__learner=user)
    joined = ("quiz__activity", "cohort", "enrolment__learner", "enrolment__cohort", "given_by")
    return get_object_or_404(rows.select_related(*joined), pk=accommodation_id)


def quiz_in_studio(user: User, activity_id: int) -> Quiz:
    """A quiz or assignment whose draft this person sees (with activity, module and course); otherwise 404."""
    return get_object_or_404(_drafts().filter(activity__course__in=courses_in_studio(user)), activity=activity_id)


def quiz_to_write(user: User, activity_id: int) -> Quiz:
    """A quiz or assignment whose draft rules this person may change; otherwise 404."""
    return get_object_or_404(_drafts().filter(activity__course__in=courses_to_write(user)), activity=activity_id)


def _drafts() -> Any:
    return Quiz.objects.filter(activity__archived_at__isnull=True).select_related("activity__module", "activity__course")
