"""Whose import is it: those who write its course. Foreign = absent = 404."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from accounts.models import User
from courses.access import courses_to_write

from ..models import ImportBatch


def batch_to_write(user: User, batch_id: int) -> ImportBatch:
    """The import (with course, module and category), if this person may change its course; otherwise 404."""
    rows = ImportBatch.objects.filter(course__in=courses_to_write(user)).select_related("course", "module", "category", "by")
    return get_object_or_404(rows, pk=batch_id)
