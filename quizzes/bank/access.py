"""Whose question is it: those who write and review its course, by ``courses.access``. Foreign = absent = 404."""

from __future__ import annotations

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import User
from courses.access import courses_in_studio, courses_to_write

from ..models import Category, Question

_JOINED = ("course", "module__current_version", "lesson", "category", "current_version__created_by")


def questions_in_studio(user: User) -> QuerySet[Question]:
    """Every question, retired ones too, of the courses whose drafts this person may see."""
    return Question.objects.filter(course__in=courses_in_studio(user))


def question_to_see(user: User, question_id: int) -> Question:
    """The question (with course, module, lesson, category and what it says loaded), if this person sees its draft; otherwise 404."""
    return get_object_or_404(questions_in_studio(user).select_related(*_JOINED), pk=question_id)


def question_to_write(user: User, question_id: int) -> Question:
    """The question, loaded like ``question_to_see``, if this person may change its draft; otherwise 404."""
    return get_object_or_404(Question.objects.filter(course__in=courses_to_write(user)).select_related(*_JOINED), pk=question_id)


def category_to_write(user: User, category_id: int) -> Category:
    """The category (with its course and parent), if this person may change the course; otherwise 404."""
    rows = Category.objects.filter(course__in=courses_to_write(user)).select_related("course", "parent")
    return get_object_or_404(rows, pk=category_id)
