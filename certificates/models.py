"""The proof: certificates, frozen as issued."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Role, User
from cohorts.models import Enrolment
from linimasa.constraints import one_of


class CertificateStatus(models.TextChoices):
    VALID = "valid", "Sah"
    REPLACED = "replaced", "Digantikan"
    REVOKED = "revoked", "Dicabut"


class NumberSequence(models.Model):
    """The last order number given out in a year: gap-free, never reused."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def of_learner(self, person: User) -> CertificateQuerySet:
        """The editions that were issued to this person."""
        return self.filter(enrolment__learner=person)

    def manageable_by(self, person: User) -> CertificateQuerySet:
        """The editions whose names this person may correct and which they may revoke: all of them for an admin, else none."""
        return self if Role.ADMIN in person.roles() else self.none()

    def matching(self, words: str) -> CertificateQuerySet:
        """Number, code (spaces and hyphens do not matter), name or agency holds these words."""
        code = "".join(sign for sign in words.upper() if sign.isalnum())
        found = Q(number__icontains=words) | Q(snapshot__holder__full_name__icontains=words) | Q(snapshot__holder__agency__icontains=words)
        return self.filter(found | Q(code__startswith=code) if code else found)

    def without_file(self) -> CertificateQuerySet:
        """Issued, but not drawn yet."""
        return self.filter(file__isnull=True)


class Certificate(models.Model):
    """One edition for an enrolment and level. ``snapshot`` holds everything that is printed; it outlives the enrolment."""

    enrolment = models.ForeignKey(Enrolment, null=True, blank=True, on_delete=models.SET_NULL, related_name="certificates")
    level = models.PositiveSmallIntegerField(default=1)
    edition = models.PositiveSmallIntegerField(default=1)
    year = models.PositiveSmallIntegerField()
    order = models.PositiveIntegerField()
    number = models.CharField(max_length=80, unique=True)
    token = models.CharField(max_length=32, unique=True, help_text="128 bit acak untuk tautan dan QR.")
    code = models.CharField(max_length=12, unique=True, help_text="12 tanda tanpa O, I, 0, 1 untuk diketik.")
    snapshot = models.JSONField()
    status = models.CharField(max_length=10, choices=CertificateStatus.choices, default=CertificateStatus.VALID)
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replacement")
    reason = models.CharField(max_length=300, blank=True, help_text="Mengapa digantikan atau dicabut.")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    issued_at = models.DateTimeField()

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-pk"]
        constraints = [
            one_of("status", CertificateStatus, name="certificate_status_valid"),
            models.UniqueConstraint(fields=["enrolment", "level", "edition"], name="certificate_edition_once"),
            models.UniqueConstraint(fields=["enrolment", "level"], condition=Q(status="valid"), name="certificate_one_valid"),
            models.UniqueConstraint(fields=["year", "order"], name="certificate_order_once"),
            models.CheckConstraint(
                name="certificate_ended_iff_not_valid",
                condition=Q(status="valid", ended_at__isnull=True) | ~Q(status="valid") & Q(ended_at__isnull=False) & ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_valid(self) -> bool:
        return self.status == CertificateStatus.VALID


class CertificateFile(models.Model):
    """The issued bytes, stored once and never remade."""

    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, related_name="file")
    data = models.BinaryField()
    size = models.PositiveIntegerField(help_text="Bita.")
    sha256 = models.CharField(max_length=64, unique=True)
    renderer = models.CharField(max_length=20, help_text="Versi penggambar yang membuat berkas ini.")
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.sha256
