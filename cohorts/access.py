"""The only way to another person's enrolment, and to one's own: foreign equals absent equals 404."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.access import scope
from accounts.models import Role, User
from courses.models import Activity, Course
from linimasa.prepared import Prepared

from .models import Cohort, Enrolment, EnrolmentStatus
from .models.enrolment import EnrolmentQuerySet


def active_enrolment(user: User, course_slug: str) -> Enrolment:
    """The person's enrolment in this course that may open lessons (the running one, else the completed one); otherwise 404.

    One statement, prepared; with cohort, course and what ``structure.of`` needs.
    """
    found = _best(_LEARNING_COURSE.objects(user.pk, course_slug))
    if found is None:
        raise Http404
    return found


def enrolment_for_activity(user: User, activity_id: int) -> tuple[Enrolment, Activity]:
    """The person's enrolment in the course of this activity, and the activity (with module and course); otherwise 404. Two statements."""
    activity = next(iter(_ACTIVITY.objects(activity_id)), None)
    if activity is None:
        raise Http404
    return learning_enrolment(user, activity.course_id), activity


def learning_enrolment(user: User, course_id: int) -> Enrolment:
    """Like ``active_enrolment``, by the course's key. One statement, prepared."""
    found = _best(_LEARNING_ACTIVITY.objects(user.pk, course_id))
    if found is None:
        raise Http404
    return found


_LEARNING_COURSE = Prepared(
    lambda person, slug: Enrolment.objects.learning().filter(learner=person, course__slug=slug).with_stamp(), int, str
)
_LEARNING_ACTIVITY = Prepared(
    lambda person, course: Enrolment.objects.learning().filter(learner=person, course=course).with_stamp(), int, int
)
_ACTIVITY = Prepared(lambda key: Activity.objects.select_related("module", "course").filter(pk=key).order_by(), int)
_OWN = Prepared(lambda person: Enrolment.objects.filter(learner=person).with_stamp(), int)


def _best(rows: Iterable[Enrolment]) -> Enrolment | None:
    """The running one before completed ones, the newest first."""
    found = sorted(rows, key=lambda row: (row.status != EnrolmentStatus.ACTIVE, -row.pk))
    return found[0] if found else None


def own_enrolments(user: User) -> list[Enrolment]:
    """Everything the person ever joined or asked for, running ones first. One statement."""
    order = [
        EnrolmentStatus.ACTIVE,
        EnrolmentStatus.REQUESTED,
        EnrolmentStatus.COMPLETED,
        EnrolmentStatus.DECLINED,
        EnrolmentStatus.WITHDRAWN,
    ]
    return sorted(_OWN.objects(user.pk), key=lambda row: (order.index(row.status), -row.pk))


def own_enrolment(user: User, enrolment_id: int) -> Enrolment:
    """One's own enrolment; otherwise 404."""
    return get_object_or_404(Enrolment.objects.filter(learner=user).with_stamp(), pk=enrolment_id)


def enrolment_to_decide(user: User, enrolment_id: int) -> Enrolment:
    """An enrolment that this person may approve or decline; otherwise 404."""
    rows = Enrolment.objects.decidable_by(user).select_related("cohort", "course", "learner", "agency")
    return get_object_or_404(rows, pk=enrolment_id)


def cohort_to_see(user: User, cohort_id: int) -> Cohort:
    """A cohort whose page this person may open (its trainers and organisers, admins); otherwise 404."""
    return get_object_or_404(Cohort.objects.visible_to(user).select_related("course"), pk=cohort_id)


def cohort_to_manage(user: User, cohort_id: int) -> Cohort:
    """A cohort that this person runs (its organisers, admins); otherwise 404."""
    return get_object_or_404(Cohort.objects.manageable_by(user).select_related("course"), pk=cohort_id)


def manages(user: User, cohort: Cohort) -> bool:
    """Whether this person runs the cohort."""
    return Cohort.objects.manageable_by(user).filter(pk=cohort.pk).exists()


def may_join(course_slug: str) -> bool:
    """Whether some cohort of this course takes people now."""
    return Cohort.objects.joinable().filter(course__slug=course_slug).exists()


def cohort_to_join(cohort_id: int) -> Cohort:
    """A cohort that takes people now; otherwise 404."""
    return get_object_or_404(Cohort.objects.joinable().select_related("course"), pk=cohort_id)


def participants(user: User, cohort: Cohort) -> EnrolmentQuerySet:
    """Who takes part, as far as this person may see: all for those who run or teach the cohort, else those of one's own agencies."""
    rows = Enrolment.objects.seated().filter(cohort=cohort)
    if Cohort.objects.within(user, Role.ORGANISER, Role.TRAINER).filter(pk=cohort.pk).exists():
        return rows
    return rows.filter(scope(user, Role.COORDINATOR).agency_filter("agency__"))


def sees_all(user: User, cohort_ids: list[int]) -> set[int]:
    """Those of the cohorts whose every participant this person may see (and whose numbers may be told)."""
    return set(Cohort.objects.within(user, Role.ORGANISER, Role.TRAINER).filter(pk__in=cohort_ids).values_list("pk", flat=True))


def creatable_courses(user: User) -> QuerySet[Course]:
    """Courses of which this person may make cohorts: an organiser of the course, or of everything."""
    held = scope(user, Role.ORGANISER)
    rows = Course.objects.filter(archived_at__isnull=True, is_practice=False)
    return rows if held.everything else rows.filter(pk__in=[int(key) for key in held.courses if key.isdecimal()])
