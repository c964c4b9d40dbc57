"""Versions that never change, and what is made of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from .course import Activity, Course, Module


class Version(models.Model):
    """An immutable publication of a module (or, with ``module`` empty, of the course's own outline and rules).

    ``outline`` is a list of ``{activity, kind, code, slug, title, minutes, required, position}``; ``facts`` holds the module's or
    course's title, summary, objectives and the rules; ``parts`` what other apps froze (``parts["quizzes"]``).
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="versions")
    module = models.ForeignKey(Module, null=True, blank=True, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    facts = models.JSONField(default=dict)
    outline = models.JSONField(default=list)
    parts = models.JSONField(default=dict)
    note = models.CharField(max_length=300, blank=True)
    published_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["module", "number"], condition=Q(module__isnull=False), name="version_number_once_in_module"),
            models.UniqueConstraint(fields=["course", "number"], condition=Q(module__isnull=True), name="version_number_once_in_course"),
        ]

    def __str__(self) -> str:
        return f"v{self.number}"


class FrozenLesson(models.Model):
    """A lesson as one version shows it: sanitised HTML, ready to serve."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="lessons")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="frozen")
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True, help_text="Markdown yang diterbitkan.")
    html = models.TextField(help_text="HTML yang sudah disaring.")
    sanitiser = models.CharField(max_length=20)
    objectives = models.JSONField(default=list)
    checks = models.JSONField(default=list, help_text="Cek pemahaman dalam pelajaran; tidak dinilai.")
    reviewed_on = models.DateField(null=True, blank=True)
    words = models.PositiveIntegerField(default=0)
    size = models.PositiveIntegerField(default=0, help_text="Bita HTML terkompresi beserta gambarnya.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "activity"], name="frozen_lesson_once")]

    def __str__(self) -> str:
        return self.title


class Booklet(models.Model):
    """A module version as one PDF for paper, made by a worker. Drawn anew only when the drawing or the course's glossary changed."""

    version = models.OneToOneField(Version, on_delete=models.CASCADE, related_name="booklet")
    data = models.BinaryField()
    size = models.PositiveIntegerField(help_text="Bita.")
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField()
    renderer = models.CharField(max_length=40, help_text="Versi penggambar dan versi kursus yang membuat berkas ini.")
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.sha256
