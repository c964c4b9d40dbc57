"""How a course is written: what drafts were, who is writing, what was proposed and said, what has to be looked at again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from linimasa.constraints import one_of

from .course import Activity, Course, Module
from .media import Media
from .version import Version


class Aspect(models.TextChoices):
    LESSON = "lesson", "Isi pelajaran"
    FACTS = "facts", "Judul dan uraian"
    OUTLINE = "outline", "Susunan"
    QUIZ = "quiz", "Aturan kuis"
    COMPANIONS = "companions", "Glosarium dan catatan"
    CHANNEL = "channel", "Kanal rujukan"
    MEDIA = "media", "Berkas pustaka"


class RevisionOrigin(models.TextChoices):
    EDIT = "edit", "Disunting"
    RESTORE = "restore", "Dipulihkan"
    FILE = "file", "Dimuat dari berkas"
    COPY = "copy", "Disalin"


class Revision(models.Model):
    """What one part of a draft was after a change. Saves of one person within a few minutes are one revision.

    ``content`` is the whole state of that aspect, so that it can be compared in words and restored.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="revisions")
    module = models.ForeignKey(Module, null=True, blank=True, on_delete=models.CASCADE, related_name="revisions")
    activity = models.ForeignKey(Activity, null=True, blank=True, on_delete=models.CASCADE, related_name="revisions")
    channel = models.ForeignKey("Channel", null=True, blank=True, on_delete=models.CASCADE, related_name="revisions")
    media = models.ForeignKey(Media, null=True, blank=True, on_delete=models.CASCADE, related_name="revisions")
    aspect = models.CharField(max_length=12, choices=Aspect.choices)
    origin = models.CharField(max_length=8, choices=RevisionOrigin.choices, default=RevisionOrigin.EDIT)
    content = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    started_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            one_of("aspect", Aspect, name="revision_aspect_valid"),
            one_of("origin", RevisionOrigin, name="revision_origin_valid"),
        ]
        indexes = [
            models.Index(fields=["course", "-at"], name="revision_of_course"),
            models.Index(fields=["activity", "aspect", "-at"], name="revision_of_activity"),
        ]

    def __str__(self) -> str:
        return f"{self.aspect} of {self.activity_id or self.channel_id or self.media_id or self.module_id or self.course_id}"


class Presence(models.Model):
    """Somebody has a draft open right now; a beat of the page keeps it alive for a minute."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="present")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    is_writing = models.BooleanField(default=False)
    passage = models.CharField(max_length=120, blank=True, default="", help_text="Baris yang sedang ditulis.")
    opened_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "person"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.activity_id}"


class ProposalStatus(models.TextChoices):
    IN_REVIEW = "in_review", "Sedang ditinjau"
    APPROVED = "approved", "Disetujui"
    RETURNED = "returned", "Dikembalikan"
    WITHDRAWN = "withdrawn", "Ditarik"
    PUBLISHED = "published", "Terbit"


OPEN_PROPOSALS = (ProposalStatus.IN_REVIEW, ProposalStatus.APPROVED)


class Proposal(models.Model):
    """A module's draft (with ``module`` empty: the course's own) sent to be reviewed. ``digest`` names the exact content: what was
    approved is what is published. With ``publish_at`` an approved one is published then by a worker."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="proposals")
    module = models.ForeignKey(Module, null=True, blank=True, on_delete=models.CASCADE, related_name="proposals")
    status = models.CharField(max_length=10, choices=ProposalStatus.choices, default=ProposalStatus.IN_REVIEW)
    digest = models.CharField(max_length=64)
    note = models.CharField(max_length=300, blank=True, default="")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=1000, blank=True, default="")
    publish_at = models.DateTimeField(null=True, blank=True)
    hindrance = models.CharField(max_length=1000, blank=True, default="", help_text="Mengapa penerbitan terjadwal belum jadi.")
    version = models.ForeignKey(Version, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-sent_at", "-pk"]
        constraints = [
            one_of("status", ProposalStatus, name="proposal_status_valid"),
            models.UniqueConstraint(
                fields=["module"], condition=Q(module__isnull=False, status__in=OPEN_PROPOSALS), name="proposal_open_once_in_module"
            ),
            models.UniqueConstraint(
                fields=["course"], condition=Q(module__isnull=True, status__in=OPEN_PROPOSALS), name="proposal_open_once_in_course"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.module_id or self.course_id}"


class Remark(models.Model):
    """What a reviewer or author says of a passage of a draft. ``quote`` with what stands before and after it finds the passage again
    after edits; ``parent`` makes an answer."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="remarks")
    module = models.ForeignKey(Module, null=True, blank=True, on_delete=models.CASCADE, related_name="remarks")
    activity = models.ForeignKey(Activity, null=True, blank=True, on_delete=models.CASCADE, related_name="remarks")
    about = models.CharField(max_length=40, blank=True, default="", help_text="Kode soal, bila bukan tentang tulisan pelajaran.")
    quote = models.CharField(max_length=400, blank=True, default="")
    before = models.CharField(max_length=80, blank=True, default="")
    after = models.CharField(max_length=80, blank=True, default="")
    body = models.TextField(max_length=2000)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="answers")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.body[:40]


class ChannelState(models.TextChoices):
    WORKS = "works", "Berfungsi"
    CHANGED = "changed", "Berubah"
    BROKEN = "broken", "Tidak berfungsi"


class Channel(models.Model):
    """A referral channel that lessons send people to (aduankonten.id and the like), as a person checked it last."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="channels")
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=300)
    purpose = models.CharField(max_length=300, blank=True, default="")
    state = models.CharField(max_length=8, choices=ChannelState.choices, default=ChannelState.WORKS)
    note = models.CharField(max_length=300, blank=True, default="")
    checked_on = models.DateField(null=True, blank=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    check_again_on = models.DateField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            one_of("state", ChannelState, name="channel_state_valid"),
            models.UniqueConstraint(fields=["course", "key"], name="channel_key_once"),
        ]

    def __str__(self) -> str:
        return self.name


class LinkState(models.TextChoices):
    WORKS = "works", "Menjawab"
    BROKEN = "broken", "Tidak menjawab"
    UNKNOWN = "unknown", "Belum dapat diperiksa"


class LinkCheck(models.Model):
    """What an address outside the portal answered when a worker last asked."""

    url = models.CharField(max_length=600, unique=True)
    state = models.CharField(max_length=8, choices=LinkState.choices, default=LinkState.UNKNOWN)
    told = models.CharField(max_length=200, blank=True, default="")
    checked_at = models.DateTimeField(null=True, blank=True)
    broken_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [one_of("state", LinkState, name="link_state_valid")]

    def __str__(self) -> str:
        return self.url


class PackageKind(models.TextChoices):
    ARCHIVE = "archive", "Arsip kursus"
    CARTRIDGE = "cartridge", "Common Cartridge 1.3"
    SCORM12 = "scorm12", "SCORM 1.2"
    SCORM2004 = "scorm2004", "SCORM 2004"


class WorkState(models.TextChoices):
    WAITING = "waiting", "Menunggu"
    WORKING = "working", "Sedang dibuat"
    READY = "ready", "Siap"
    FAILED = "failed", "Belum berhasil"


class Package(models.Model):
    """A course or a module as one file for elsewhere, made by a worker. Kept for a while, then made again when asked."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="packages")
    module = models.ForeignKey(Module, null=True, blank=True, on_delete=models.CASCADE, related_name="packages")
    version = models.ForeignKey(Version, null=True, blank=True, on_delete=models.CASCADE, related_name="packages")
    kind = models.CharField(max_length=10, choices=PackageKind.choices)
    state = models.CharField(max_length=8, choices=WorkState.choices, default=WorkState.WAITING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    data = models.BinaryField(default=bytes)
    size = models.PositiveIntegerField(default=0, help_text="Bita.")
    sha256 = models.CharField(max_length=64, blank=True, default="")
    report = models.JSONField(default=list, help_text="Kalimat: apa yang tidak dapat dibawa, dan mengapa.")

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [one_of("kind", PackageKind, name="package_kind_valid"), one_of("state", WorkState, name="package_state_valid")]

    def __str__(self) -> str:
        return f"{self.kind} {self.module_id or self.course_id}"


class ArrivalState(models.TextChoices):
    WAITING = "waiting", "Menunggu diperiksa"
    WORKING = "working", "Sedang diperiksa"
    READY = "ready", "Siap dimasukkan"
    REFUSED = "refused", "Perlu diperbaiki"
    APPLYING = "applying", "Sedang dimasukkan"
    APPLIED = "applied", "Sudah dimasukkan"


class Arrival(models.Model):
    """A course archive that somebody brought: looked at first, entered when they say so. Nothing enters while a line is wrong."""

    course = models.ForeignKey(Course, null=True, blank=True, on_delete=models.SET_NULL, related_name="arrivals")
    name = models.CharField(max_length=200)
    data = models.BinaryField()
    state = models.CharField(max_length=8, choices=ArrivalState.choices, default=ArrivalState.WAITING)
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    brought_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    report = models.JSONField(default=dict)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-brought_at", "-pk"]
        constraints = [one_of("state", ArrivalState, name="arrival_state_valid")]

    def __str__(self) -> str:
        return self.name
