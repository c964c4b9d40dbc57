"""Four eyes: whoever changed a draft does not publish it alone, except an admin."""

from __future__ import annotations

from accounts.models import Role, User
from linimasa.problems import Problem

from .models import Lesson
from .publishing import Holder, activities_of


def review_problems(holder: Holder, *, by: User) -> list[Problem]:
    """Why this person may not be the one who publishes this draft; empty for an admin, and for a reviewer who left it alone."""
    if Role.ADMIN in by.roles():
        return []
    lessons = Lesson.objects.filter(activity__in=activities_of(holder), updated_by=by)
    if holder.current_version:
        lessons = lessons.filter(updated_at__gt=holder.current_version.published_at)
    if holder.draft_changed_by_id == by.pk or lessons.exists():
        return [Problem("own_change", "Anda sendiri yang mengubah draf ini. Minta peninjau lain atau admin menerbitkannya.")]
    return []
