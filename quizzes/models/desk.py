"""The trainer's desk: who holds which work, what is not given yet, words to use again, notes at a passage, second marks."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from courses.models import Course

from .attempt import Attempt, Response


class Claim(models.Model):
    """A lease: this trainer works on this attempt until then, so that two never hold the same work. Gone or past: free."""

    attempt = models.OneToOneField(Attempt, on_delete=models.CASCADE, related_name="claim")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    claimed_at = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField()

    class Meta:
        ordering = ["until"]

    def __str__(self) -> str:
        return f"claim on {self.attempt_id}"


class GradingDraft(models.Model):
    """What a trainer has filled in and not given yet; saved by itself, gone once the work is judged."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="grading_drafts")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    data = models.JSONField(default=dict)
    sequence = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-saved_at"]
        constraints = [models.UniqueConstraint(fields=["attempt", "by"], name="grading_draft_once")]

    def __str__(self) -> str:
        return f"grading draft {self.pk}"


class SavedComment(models.Model):
    """A trainer's words to use again; ``course`` empty: in every course."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_comments")
    course = models.ForeignKey(Course, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=500)
    used = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-used", "-pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "text"], name="saved_comment_once")]

    def __str__(self) -> str:
        return self.text[:60]


class PassageNote(models.Model):
    """A trainer's note at a passage of a written answer: signs ``start`` to ``end`` of the text, which ``quote`` repeats."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="passage_notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.CharField(max_length=300)
    text = models.CharField(max_length=1000)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["response", "start", "pk"]
        constraints = [models.CheckConstraint(name="passage_note_ordered", condition=Q(end__gt=models.F("start")))]

    def __str__(self) -> str:
        return f"passage note {self.pk}"


class SecondMark(models.Model):
    """A second trainer's judgement of the same work, for agreement only: it never changes the grade. Points 0 to 1."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="second_marks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    points = models.DecimalField(max_digits=6, decimal_places=5)
    criteria = models.JSONField(default=dict)
    comment = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["attempt", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "by"], name="second_mark_once"),
            models.CheckConstraint(name="second_mark_points_0_1", condition=Q(points__gte=0, points__lte=1)),
        ]

    def __str__(self) -> str:
        return f"second mark {self.pk}"
