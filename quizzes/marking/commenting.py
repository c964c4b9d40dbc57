"""A trainer's own words to use again: kept from the comment box, the most used first."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Q

from accounts.models import User
from courses.models import Course

from ..models import SavedComment

LONGEST = 500
MOST = 60
SHOWN = 8


class CommentError(ValueError):
    """The words cannot be kept; the message is a sentence for the trainer."""


@transaction.atomic
def save(owner: User, course: Course, text: str) -> SavedComment:
    """Keep these words for this course; words that are kept for another course are then for every course. Raises CommentError."""
    text = " ".join(text.split())
    if not text:
        raise CommentError("Tulis dulu kalimat yang ingin disimpan di kotak umpan balik.")
    if len(text) > LONGEST:
        raise CommentError(f"Kalimat simpanan paling banyak {LONGEST} huruf. Umpan balik Anda {len(text)} huruf.")
    known = SavedComment.objects.filter(owner=owner, text=text).first()
    if known is None and SavedComment.objects.filter(owner=owner).count() >= MOST:
        raise CommentError(f"Anda sudah menyimpan {MOST} kalimat. Hapus yang tidak dipakai lagi.")
    if known is None:
        known, _ = SavedComment.objects.get_or_create(owner=owner, text=text, defaults={"course": course})
    elif known.course_id not in {None, course.pk}:
        SavedComment.objects.filter(pk=known.pk).update(course=None)
    return known


def of(owner: User, course: Course) -> list[SavedComment]:
    """What this trainer may insert in this course, the most used first. One statement."""
    own = SavedComment.objects.filter(owner=owner).filter(Q(course=course) | Q(course__isnull=True))
    return list(own.order_by("-used", "-pk")[:SHOWN])


def count_used(owner: User, comment: str) -> None:
    """The kept words that stand in what was given were used once more. Two statements at most."""
    said = " ".join(comment.split())
    used = [key for key, text in SavedComment.objects.filter(owner=owner).values_list("pk", "text") if text in said] if said else []
    if used:
        SavedComment.objects.filter(pk__in=used).update(used=F("used") + 1)


def remove(owner: User, comment_id: int) -> bool:
    """Forget the words; False when they are not this person's."""
    deleted, _ = SavedComment.objects.filter(owner=owner, pk=comment_id).delete()
    return bool(deleted)
