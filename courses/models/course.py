"""What is taught: courses of modules of activities, and their drafts in the open."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from linimasa.constraints import one_of


class Course(models.Model):
    """A bimtek. ``rules`` holds what it asks of its learners (see ``courses.rules``), ``programme`` its stages in order
    (``{title, short, minutes, module: code}`` or ``{…, items: [activity codes]}``); both are published by a version."""

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    full_title = models.CharField(max_length=300, blank=True)
    summary = models.TextField(blank=True)
    rules = models.JSONField(default=dict)
    programme = models.JSONField(default=list)
    draft_changed_at = models.DateTimeField(null=True, blank=True)
    draft_changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    current_version = models.ForeignKey("Version", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    copied_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="copies")
    is_practice = models.BooleanField(default=False, help_text="Untuk berlatih di studio; tidak pernah tampil bagi peserta.")
    practised_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    marks_number = models.PositiveIntegerField(default=0, help_text="Naik tiap kali tanda «sedang diperiksa» pada pelajaran berubah.")

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class Companions(models.Model):
    """What goes with a course beside its outline; the draft, published with the course's own version.

    ``glossary``: ``[{slug, term, definition, also?}]``; ``facts``: ``[{key, fact, confidence, origin, lessons, review_again_on}]``;
    ``misconceptions``: ``{tag: sentence}``; ``guides``: ``[{slug, title, minutes, summary, body}]`` (Markdown).
    """

    course = models.OneToOneField(Course, primary_key=True, on_delete=models.CASCADE, related_name="companions")
    glossary = models.JSONField(default=list)
    facts = models.JSONField(default=list)
    misconceptions = models.JSONField(default=dict)
    guides = models.JSONField(default=list)

    class Meta:
        verbose_name_plural = "companions"

    def __str__(self) -> str:
        return f"companions of {self.course_id}"

    @property
    def is_written(self) -> bool:
        """Whether the course has any, or ever had."""
        return not self._state.adding


class Module(models.Model):
    """A mata pelatihan: part of a course, published on its own."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="modules")
    code = models.CharField(max_length=12)
    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    objectives = models.JSONField(default=list)
    discussion = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField(default=0)
    is_optional = models.BooleanField(default=False)
    current_version = models.ForeignKey("Version", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    draft_changed_at = models.DateTimeField(null=True, blank=True)
    draft_changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["course", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["course", "code"], name="module_code_once"),
            models.UniqueConstraint(fields=["course", "slug"], name="module_slug_once"),
        ]

    def __str__(self) -> str:
        return self.title


class ActivityKind(models.TextChoices):
    LESSON = "lesson", "Pelajaran"
    QUIZ = "quiz", "Kuis"
    ASSIGNMENT = "assignment", "Tugas praktik"
    SESSION = "session", "Kelas langsung"
    EVALUATION = "evaluation", "Evaluasi"
    ACTION_PLAN = "action_plan", "Rencana tindak lanjut"


class Activity(models.Model):
    """An item of the outline with an identity that lasts across versions. ``module`` is empty for the course's own items."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="activities")
    module = models.ForeignKey(Module, null=True, blank=True, on_delete=models.PROTECT, related_name="activities")
    kind = models.CharField(max_length=12, choices=ActivityKind.choices)
    code = models.CharField(max_length=16, help_text="M1.1, M1-KUIS, TES-AWAL …")
    slug = models.SlugField(max_length=100)
    title = models.CharField(max_length=200)
    minutes = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveSmallIntegerField(default=0)
    is_required = models.BooleanField(default=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["module__position", "position", "pk"]
        verbose_name_plural = "activities"
        constraints = [
            one_of("kind", ActivityKind, name="activity_kind_valid"),
            models.UniqueConstraint(fields=["course", "code"], name="activity_code_once"),
            models.UniqueConstraint(fields=["module", "slug"], condition=Q(module__isnull=False), name="activity_slug_once_in_module"),
            models.UniqueConstraint(fields=["course", "slug"], condition=Q(module__isnull=True), name="activity_slug_once_in_course"),
        ]

    def __str__(self) -> str:
        return self.title


class Lesson(models.Model):
    """The draft of a lesson: Markdown by a person; what learners read is a FrozenLesson."""

    activity = models.OneToOneField(Activity, on_delete=models.CASCADE, related_name="lesson")
    objectives = models.JSONField(default=list)
    body = models.TextField(blank=True)
    reviewed_on = models.DateField(null=True, blank=True)
    review_again_on = models.DateField(null=True, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    under_review_since = models.DateTimeField(null=True, blank=True, help_text="Peserta melihat bahwa isinya sedang diperiksa.")
    under_review_note = models.CharField(max_length=300, blank=True, default="")
    edit_number = models.PositiveIntegerField(default=0, help_text="Naik pada tiap simpan: tab lama tidak menimpa yang baru.")
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return f"lesson of {self.activity_id}"
