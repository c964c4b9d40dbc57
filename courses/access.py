"""Whose course is it: authors write, reviewers publish, admins both, each within the scope of the role. Foreign = absent = 404."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.access import scope
from accounts.models import Role, User

from . import showing
from .media import captions, releasing
from .models import Activity, ActivityKind, Arrival, Channel, Course, Media, Module, Package, Remark, Revision, Version

WRITERS = (Role.AUTHOR, Role.ADMIN)
PUBLISHERS = (Role.REVIEWER, Role.ADMIN)
TEACHING = (Role.TRAINER, Role.ORGANISER, Role.AUTHOR, Role.REVIEWER, Role.ADMIN)


def _courses(user: User, *roles: Role) -> QuerySet[Course]:
    """Those within the scopes of these roles, and the person's own practice course, in which they play every role of the studio."""
    held = user.roles() if user.is_authenticated else frozenset()
    scopes = [scope(user, role) for role in roles if role in held]
    own = Q(is_practice=True, practised_by=user.pk) if {*WRITERS, *PUBLISHERS} & held else Q(pk__in=[])
    if any(one.everything for one in scopes):
        return Course.objects.filter(Q(is_practice=False) | own)
    ids = {int(pk) for one in scopes for pk in one.courses if pk.isdecimal()}
    return Course.objects.filter(Q(is_practice=False, pk__in=ids) | own)


def courses_in_studio(user: User) -> QuerySet[Course]:
    """The courses whose drafts and versions this person may see."""
    return _courses(user, Role.AUTHOR, Role.REVIEWER, Role.ADMIN)


def modules_in_studio(user: User) -> QuerySet[Module]:
    return Module.objects.filter(course__in=courses_in_studio(user))


def courses_to_write(user: User) -> QuerySet[Course]:
    """The courses whose drafts this person may change."""
    return _courses(user, *WRITERS)


def may_write(user: User, course: Course) -> bool:
    """Whether this person may change the course's drafts."""
    return _courses(user, *WRITERS).filter(pk=course.pk).exists()


def may_publish(user: User, course: Course) -> bool:
    """Whether this person may publish the course's modules (who also changed the draft: see ``reviewing.review_problems``)."""
    return _courses(user, *PUBLISHERS).filter(pk=course.pk).exists()


def may_create_courses(user: User) -> bool:
    """Whether this person may make a new course or archive a whole one: an admin of everything."""
    return user.is_authenticated and Role.ADMIN in user.roles() and scope(user, Role.ADMIN).everything


def revision_to_see(user: User, revision_id: int) -> Revision:
    """A kept state of a draft that this person sees; otherwise 404."""
    rows = Revision.objects.filter(course__in=courses_in_studio(user))
    return get_object_or_404(rows.select_related("course", "module", "activity", "channel", "media", "by"), pk=revision_id)


def revision_to_restore(user: User, revision_id: int) -> Revision:
    """A kept state of a draft that this person may change; otherwise 404."""
    rows = Revision.objects.filter(course__in=_courses(user, *WRITERS))
    return get_object_or_404(rows.select_related("course", "module", "activity", "channel", "media", "by"), pk=revision_id)


def courses_with_guides(user: User) -> QuerySet[Course]:
    """The published courses whose guides this person may read: a course that a role is limited to, else (a role that is not limited
    to courses, as a trainer's to cohorts) every one."""
    held = user.roles() if user.is_authenticated else frozenset()
    scopes = [scope(user, role) for role in TEACHING if role in held]
    published = Course.objects.filter(current_version__isnull=False, is_practice=False).order_by("title", "pk")
    if any(one.everything or one.cohorts or one.agencies or one.regions for one in scopes):
        return published
    ids = {int(pk) for one in scopes for pk in one.courses if pk.isdecimal()}
    return published.filter(pk__in=ids) if ids else published.none()


def guide_to_read(user: User, course_slug: str, slug: str) -> tuple[Course, showing.Guide]:
    """A published guide and its course, if this person may read it; otherwise 404."""
    course = get_object_or_404(courses_with_guides(user), slug=course_slug)
    found = next((guide for guide in showing.guides_of(course) if guide.slug == slug), None)
    if found is None:
        raise Http404
    return course, found


def course_to_see(user: User, course_id: int) -> Course:
    """The course, if this person sees its drafts; otherwise 404."""
    return get_object_or_404(courses_in_studio(user).select_related("current_version"), pk=course_id)


def course_to_write(user: User, course_id: int) -> Course:
    """The course, if this person may change its drafts; otherwise 404."""
    return get_object_or_404(_courses(user, *WRITERS), pk=course_id)


def course_to_publish(user: User, course_id: int) -> Course:
    """The course, if this person may publish it; otherwise 404."""
    return get_object_or_404(_courses(user, *PUBLISHERS), pk=course_id)


def module_to_see(user: User, module_id: int) -> Module:
    """The module, if this person sees its draft; otherwise 404."""
    return get_object_or_404(modules_in_studio(user).select_related("course", "current_version"), pk=module_id)


def module_to_write(user: User, module_id: int) -> Module:
    """The module, if this person may change its draft; otherwise 404."""
    rows = Module.objects.filter(course__in=_courses(user, *WRITERS)).select_related("course", "current_version")
    return get_object_or_404(rows, pk=module_id)


def module_to_publish(user: User, module_id: int) -> Module:
    """The module, if this person may publish it; otherwise 404."""
    rows = Module.objects.filter(course__in=_courses(user, *PUBLISHERS)).select_related("course", "current_version")
    return get_object_or_404(rows, pk=module_id)


def activity_to_write(user: User, activity_id: int) -> Activity:
    """An activity of a course that this person may change; otherwise 404."""
    rows = Activity.objects.filter(course__in=_courses(user, *WRITERS)).select_related("lesson", "module", "course")
    return get_object_or_404(rows, pk=activity_id)


def lesson_to_see(user: User, activity_id: int) -> Activity:
    """A lesson's activity, to read its draft; otherwise 404."""
    rows = Activity.objects.filter(course__in=courses_in_studio(user), kind=ActivityKind.LESSON, lesson__isnull=False)
    return get_object_or_404(rows.select_related("lesson", "lesson__updated_by", "module", "course"), pk=activity_id)


def lesson_to_write(user: User, activity_id: int) -> Activity:
    """A lesson's activity, to change its draft; otherwise 404."""
    rows = Activity.objects.filter(course__in=_courses(user, *WRITERS), kind=ActivityKind.LESSON, lesson__isnull=False)
    return get_object_or_404(rows.select_related("lesson", "lesson__updated_by", "module", "course"), pk=activity_id)


def channel_to_see(user: User, channel_id: int) -> Channel:
    """A referral channel (archived or not) of a course whose studio this person sees; otherwise 404."""
    rows = Channel.objects.filter(course__in=courses_in_studio(user))
    return get_object_or_404(rows.select_related("course", "checked_by"), pk=channel_id)


def channel_to_write(user: User, channel_id: int) -> Channel:
    """A referral channel of a course that this person may change; otherwise 404."""
    rows = Channel.objects.filter(course__in=_courses(user, *WRITERS), archived_at__isnull=True)
    return get_object_or_404(rows.select_related("course", "checked_by"), pk=channel_id)


def channel_to_bring_back(user: User, channel_id: int) -> Channel:
    """A referral channel, archived or not, of a course that this person may change; otherwise 404."""
    return get_object_or_404(Channel.objects.filter(course__in=_courses(user, *WRITERS)).select_related("course"), pk=channel_id)


def version_to_see(user: User, version_id: int) -> Version:
    """A published version of a course that this person sees in the studio; otherwise 404."""
    rows = Version.objects.filter(course__in=courses_in_studio(user)).select_related("course", "module", "published_by")
    return get_object_or_404(rows, pk=version_id)


def version_to_restore(user: User, version_id: int) -> Version:
    """A version whose course this person may change; otherwise 404."""
    rows = Version.objects.filter(course__in=_courses(user, *WRITERS), module__isnull=False).select_related("course", "module")
    return get_object_or_404(rows, pk=version_id)


def part_to_see(user: User, activity_id: int) -> Activity:
    """Any part of an outline whose draft this person sees; otherwise 404."""
    rows = Activity.objects.filter(course__in=courses_in_studio(user)).select_related("lesson", "module", "course")
    return get_object_or_404(rows, pk=activity_id)


def remark_to_see(user: User, remark_id: int) -> Remark:
    """A remark on a draft that this person sees (whoever sees it answers and settles); otherwise 404."""
    rows = Remark.objects.filter(course__in=courses_in_studio(user)).select_related("course", "module", "activity__lesson", "parent")
    return get_object_or_404(rows, pk=remark_id)


def media_by_name(user: User, name: str) -> Media:
    """What the library holds under this stored name, today's file, one of its widths, or a former one: for everybody once a published
    version shows it, before that for those who see the course in the studio; otherwise 404."""
    rows = Media.objects.defer("source", "transcript").order_by("pk")  # two courses may hold the same drawing
    found = list(rows.filter(file=f"course-media/{name}")) or list(rows.filter(renditions__file=f"course-media/{name}"))
    shown = next((one for one in found if releasing.is_released(one.course_id, name)), None)
    if shown is None and found:
        mine = set(courses_in_studio(user).filter(pk__in={one.course_id for one in found}).values_list("pk", flat=True))
        shown = next((one for one in found if one.course_id in mine), None)
    if shown is None:
        raise Http404
    return shown


def captions_by_name(user: User, name: str) -> None:
    """404 unless a published lesson names these captions, or something in the library of a course that this person sees has them."""
    if not releasing.is_released(None, name):
        kept = Media.objects.filter(course__in=courses_in_studio(user)).exclude(captions="").values_list("captions", flat=True)
        if not any(captions.address(text) == f"/m/{name}" for text in kept):
            raise Http404


def media_to_see(user: User, media_id: int) -> Media:
    """A thing of the library of a course whose studio this person sees; otherwise 404."""
    return get_object_or_404(Media.objects.filter(course__in=courses_in_studio(user)).select_related("course"), pk=media_id)


def media_to_write(user: User, media_id: int) -> Media:
    """A thing of the library of a course that this person may change; otherwise 404."""
    return get_object_or_404(Media.objects.filter(course__in=_courses(user, *WRITERS)).select_related("course"), pk=media_id)


def package_to_see(user: User, package_id: int) -> Package:
    """A package of a course whose studio this person sees, without its bytes; otherwise 404."""
    rows = Package.objects.filter(course__in=courses_in_studio(user)).defer("data")
    return get_object_or_404(rows.select_related("course", "module", "version", "asked_by"), pk=package_id)


def arrival_to_write(user: User, arrival_id: int) -> Arrival:
    """An archive for a course that this person may change, or one that they brought for a new course; otherwise 404."""
    mine = Q(course__in=_courses(user, *WRITERS))
    if may_create_courses(user):
        mine |= Q(course__isnull=True, brought_by=user.pk)
    return get_object_or_404(Arrival.objects.filter(mine).defer("data").select_related("course", "brought_by"), pk=arrival_id)
