"""Who: people, the regions and agencies they work for, and the roles they hold."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from linimasa.clock import DEFAULT_ZONE, ZONE_CHOICES
from linimasa.constraints import one_of

from .searching import MOST_CHARACTERS, search_key


class RegionKind(models.TextChoices):
    PROVINCE = "provinsi", "Provinsi"
    REGENCY = "kabupaten", "Kabupaten"
    CITY = "kota", "Kota"


class Region(models.Model):
    """One of the 552 regions, keyed by its Kemendagri code (Kepmendagri 300.2.2-2138/2025), text with its dot."""

    code = models.CharField(max_length=5, primary_key=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=RegionKind.choices)
    province = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="members")
    autonomous = models.BooleanField(default=True)
    time_zone = models.CharField(max_length=20, choices=ZONE_CHOICES)
    search_key = models.CharField(max_length=80, db_index=True, help_text="Nama tanpa spasi, tanda hubung, dan huruf besar.")

    class Meta:
        ordering = ["code"]
        constraints = [one_of("kind", RegionKind, name="region_kind_valid")]

    def __str__(self) -> str:
        return self.name


class AgencyStatus(models.TextChoices):
    REQUESTED = "requested", "Diajukan"
    APPROVED = "approved", "Disetujui"
    DECLINED = "declined", "Ditolak"


class AgencyKind(models.TextChoices):
    REGIONAL_GOVERNMENT = "pemda", "Pemerintah daerah"
    SECRETARIAT = "setda", "Sekretariat daerah"
    COMMUNICATIONS = "kominfo", "Dinas komunikasi dan informatika"
    OFFICE = "dinas", "Dinas"
    BOARD = "badan", "Badan"
    INSPECTORATE = "inspektorat", "Inspektorat"
    DISTRICT = "kecamatan", "Kecamatan atau kelurahan"
    HOSPITAL = "rsud", "RSUD atau BLUD"
    CENTRAL = "pusat", "Instansi pusat"
    PARTNER = "mitra", "Mitra"


class AgencyQuerySet(models.QuerySet["Agency"]):
    def approved(self) -> AgencyQuerySet:
        return self.filter(status=AgencyStatus.APPROVED)

    def awaiting(self) -> AgencyQuerySet:
        return self.filter(status=AgencyStatus.REQUESTED)

    def named(self, words: str) -> AgencyQuerySet:
        """Agencies whose name holds the words, whatever blanks, hyphens and case; all for no words."""
        key = search_key(words)
        return self.filter(search_key__contains=key) if key else self

    def in_province(self, code: str) -> AgencyQuerySet:
        """Agencies of the province and of all below it; all for no code."""
        return self.filter(Q(region_id=code) | Q(region__province_id=code)) if code else self


class Agency(models.Model):
    """An organisation people work for: a tree under regions; central agencies and partners have no region."""

    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=16, choices=AgencyKind.choices)
    region = models.ForeignKey(Region, null=True, blank=True, on_delete=models.PROTECT, related_name="agencies")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    status = models.CharField(max_length=12, choices=AgencyStatus.choices, default=AgencyStatus.APPROVED)
    requested_by = models.ForeignKey("User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    search_key = models.CharField(max_length=160, blank=True, db_index=True, help_text="Nama tanpa spasi, tanda hubung, dan huruf besar.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        ordering = ["region_id", "name"]
        constraints = [
            one_of("kind", AgencyKind, name="agency_kind_valid"),
            one_of("status", AgencyStatus, name="agency_status_valid"),
            models.UniqueConstraint(
                Lower("name"), "region", name="agency_once_per_region", violation_error_message="Instansi ini sudah ada di wilayah itu."
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ApprovedDomain(models.Model):
    """Addresses under this domain join a self-paced cohort at once (``go.id`` covers every subdomain)."""

    domain = models.CharField(max_length=120, unique=True)
    added_by = models.ForeignKey("User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["domain"]

    def __str__(self) -> str:
        return self.domain


class EmploymentStatus(models.TextChoices):
    PNS = "pns", "PNS atau CPNS"
    PPPK = "pppk", "PPPK"
    NON_ASN = "non_asn", "Non-ASN"
    MILITARY_POLICE = "tni_polri", "TNI atau Polri"


class UserQuerySet(models.QuerySet["User"]):
    def matching(self, words: str) -> UserQuerySet:
        """People by name, address, agency, or the last digits of the NIP; all for no words."""
        words = words.strip()[:MOST_CHARACTERS]
        if not words:
            return self
        if words.isascii() and words.isdigit():
            return self.filter(nip__endswith=words)
        by_agency = Q(agency__search_key__contains=search_key(words)) if search_key(words) else Q()
        return self.filter(Q(name__icontains=words) | Q(email__icontains=words) | by_agency)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email=(email or "").strip().lower())


class User(AbstractBaseUser):
    """A person. Names are kept as typed, titles apart; a NIP is personal data (masked in lists, never public)."""

    email = models.EmailField(max_length=254, unique=True)
    prefix_titles = models.CharField("gelar depan", max_length=60, blank=True)
    name = models.CharField("nama lengkap tanpa gelar", max_length=120, blank=True)
    suffix_titles = models.CharField("gelar belakang", max_length=120, blank=True)
    employment_status = models.CharField("status kepegawaian", max_length=12, choices=EmploymentStatus.choices, blank=True)
    nip = models.CharField("NIP", max_length=18, blank=True)
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="people", verbose_name="instansi")
    position = models.CharField("jabatan", max_length=160, blank=True)
    whatsapp = models.CharField("nomor WhatsApp", max_length=20, blank=True)
    time_zone = models.CharField("zona waktu", max_length=20, choices=ZONE_CHOICES, default=DEFAULT_ZONE)
    time_zone_chosen = models.BooleanField(default=False, help_text="Dipilih sendiri; tidak lagi mengikuti wilayah instansi.")
    is_active = models.BooleanField(default=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    needs_second_factor = models.BooleanField(default=False, help_text="Pernah diberi peran: sandi saja tidak cukup.")
    is_demo = models.BooleanField(default=False)
    refused_address = models.CharField(max_length=254, blank=True, help_text="Alamat yang ditolak server surel untuk seterusnya.")
    refused_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True, help_text="Data orangnya dihapus atas permintaan; tidak dapat dipulihkan.")
    date_joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="user_employment_status_valid",
                condition=Q(employment_status="") | Q(employment_status__in=list(EmploymentStatus.values)),
            ),
            models.UniqueConstraint(
                fields=["nip"],
                condition=Q(is_active=True) & ~Q(nip=""),
                name="user_nip_once",
                violation_error_message="NIP ini sudah dipakai akun lain. Hubungi admin bila ini NIP Anda.",
            ),
        ]
        indexes = [models.Index(fields=["agency", "name"])]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def full_name(self) -> str:
        """«Dr. Siti Nur'aini, S.I.Kom., M.Si.»: as typed, never re-cased."""
        with_prefix = f"{self.prefix_titles} {self.name}".strip()
        return f"{with_prefix}, {self.suffix_titles}" if self.suffix_titles else with_prefix

    @property
    def address_refused(self) -> bool:
        """Whether mail to the present address was refused for good. Another address starts clean."""
        return bool(self.refused_address) and self.refused_address == self.email

    @property
    def masked_nip(self) -> str:
        """The NIP as lists and public pages show it: «••••••••••••••1001»; empty without one."""
        return f"{'•' * (len(self.nip) - 4)}{self.nip[-4:]}" if self.nip else ""

    @property
    def grouped_nip(self) -> str:
        """The NIP as people write it: «19860926 201505 1 001»; only for its owner."""
        return f"{self.nip[:8]} {self.nip[8:14]} {self.nip[14:15]} {self.nip[15:]}".strip()

    @property
    def profile_complete(self) -> bool:
        """Whether the portal knows what a certificate needs: name, employment status, agency, position."""
        return bool(self.name and self.employment_status and self.agency_id and self.position)

    def roles(self) -> frozenset[Role]:
        """The roles held now, in any scope (one query, kept on this instance)."""
        return frozenset(Role(grant.role) for grant in self.current_grants())

    def current_grants(self) -> list[RoleGrant]:
        """The grants in force now (one query, kept on this instance for the request)."""
        if not hasattr(self, "_current_grants"):
            self._current_grants = list(RoleGrant.objects.in_force().filter(person=self))
        return self._current_grants


class Role(models.TextChoices):
    AUTHOR = "author", "Penulis"
    REVIEWER = "reviewer", "Peninjau"
    ORGANISER = "organiser", "Penyelenggara"
    TRAINER = "trainer", "Pengajar"
    COORDINATOR = "coordinator", "Koordinator"
    ADMIN = "admin", "Admin"


class ScopeKind(models.TextChoices):
    EVERYTHING = "everything", "Semua"
    COURSE = "course", "Kursus"
    COHORT = "cohort", "Angkatan"
    AGENCY = "agency", "Instansi dan bawahannya"
    REGION = "region", "Wilayah dan bawahannya"


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def in_force(self, at: datetime | None = None) -> RoleGrantQuerySet:
        """Grants that hold at the moment given (now by default) for people who are not suspended."""
        at = at or timezone.now()
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at), starts_at__lte=at, person__is_active=True)


class RoleGrant(models.Model):
    """A role in a scope for a time. ``scope_id`` is the key of the course, cohort, agency or region; empty for everything."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=16, choices=Role.choices)
    scope_kind = models.CharField(max_length=12, choices=ScopeKind.choices)
    scope_id = models.CharField(max_length=20, blank=True)
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True)
    granted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        constraints = [
            one_of("role", Role, name="grant_role_valid"),
            one_of("scope_kind", ScopeKind, name="grant_scope_kind_valid"),
            models.CheckConstraint(
                name="grant_scope_id_iff_scoped",
                condition=Q(scope_kind="everything", scope_id="") | ~Q(scope_kind="everything") & ~Q(scope_id=""),
            ),
            models.CheckConstraint(
                name="grant_ends_after_start", condition=Q(ends_at__isnull=True) | Q(ends_at__gte=models.F("starts_at"))
            ),
        ]
        indexes = [models.Index(fields=["role", "scope_kind", "scope_id"])]

    def __str__(self) -> str:
        return f"{self.role} {self.scope_kind}:{self.scope_id}"


class DataRequestKind(models.TextChoices):
    CORRECTION = "correction", "Perbaikan data"
    ERASURE = "erasure", "Penghapusan data"


class DataRequestState(models.TextChoices):
    OPEN = "open", "Menunggu"
    DONE = "done", "Dipenuhi"
    DECLINED = "declined", "Tidak dipenuhi"


class DataRequestQuerySet(models.QuerySet["DataRequest"]):
    def waiting(self) -> DataRequestQuerySet:
        """Not decided yet, the one whose time ends first at the top."""
        return self.filter(state=DataRequestState.OPEN).order_by("due_at", "pk")

    def decided(self) -> DataRequestQuerySet:
        """Decided, newest first."""
        return self.exclude(state=DataRequestState.OPEN).order_by("-decided_at", "-pk")


class DataRequest(models.Model):
    """A person asks to have their data corrected or erased (UU 27/2022, art. 6–8); ``due_at`` is 3 × 24 hours after the asking."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="data_requests")
    kind = models.CharField(max_length=12, choices=DataRequestKind.choices)
    text = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=DataRequestState.choices, default=DataRequestState.OPEN)
    asked_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            one_of("kind", DataRequestKind, name="data_request_kind_valid"),
            one_of("state", DataRequestState, name="data_request_state_valid"),
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=Q(state="open"),
                name="data_request_one_open",
                violation_error_message="Permintaan seperti ini sudah menunggu putusan.",
            ),
            models.CheckConstraint(
                name="data_request_decided_iff_not_open",
                condition=Q(state="open", decided_at__isnull=True) | ~Q(state="open") & Q(decided_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="open"), name="data_request_waiting")]

    def __str__(self) -> str:
        return f"data request {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state == DataRequestState.OPEN

    @property
    def is_overdue(self) -> bool:
        """Whether the 3 × 24 hours are over without a decision."""
        return self.is_open and self.due_at <= timezone.now()


class AttemptCount(models.Model):
    """How often something was tried in a window: a limit's memory (see ``accounts.limits``). ``key`` is a keyed hash, no address."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key[:8]}: {self.count}"
