"""The demo's people: fictional, one for every seat. Nothing here exists in production (``check --deploy`` refuses it).

Staff have a real authenticator secret like everyone else; ``manage.py code WHO`` computes what their app would show.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q

from . import editing, granting
from .adapter import SecondFactorAdapter
from .loading import load_regions
from .models import Agency, AgencyKind, ApprovedDomain, EmploymentStatus, Region, Role, ScopeKind, User

PASSWORD = "jukung layar nipah"  # noqa: S105 - printed in the manual
PERIOD = 30  # seconds


class NoCode(Exception):
    """There is no code to show; the message is a sentence."""


@dataclass(frozen=True)
class DemoPerson:
    """One seat. ``region`` is the code of the person's regional government (its Diskominfo), or a central agency's name."""

    short: str
    name: str
    seat: str
    region: str
    position: str
    prefix: str = ""
    suffix: str = ""
    status: str = EmploymentStatus.PNS
    nip: str = ""
    role: str = ""
    scope_kind: str = ScopeKind.EVERYTHING

    @property
    def email(self) -> str:
        return f"{self.short}@demo.linimasa.go.id"

    @property
    def has_second_factor(self) -> bool:
        """Staff; trainers too, although their grants come with the demo's cohorts."""
        return bool(self.role) or self.short.startswith("pengajar")


CENTRE = "Kementerian Komunikasi dan Digital"
DEMO_PEOPLE = (
    DemoPerson("admin", "Siti Nur'aini", "Admin", CENTRE, "Analis Kebijakan Ahli Madya", suffix="S.I.Kom., M.Si.",
               nip="198003152005012001", role=Role.ADMIN),
    DemoPerson("penulis", "I Gusti Ayu Ketut Putri Widiantari", "Penulis", CENTRE, "Pranata Komputer Ahli Muda", suffix="S.Kom., M.Kom.",
               nip="198711042011012003", role=Role.AUTHOR),
    DemoPerson("peninjau", "Ratna Dewi", "Peninjau", CENTRE, "Pranata Humas Ahli Madya", prefix="Dr.", suffix="M.Si.",
               nip="197906212003122001", role=Role.REVIEWER),
    DemoPerson("penyelenggara", "Moh. Syafi’i Ma'ruf", "Penyelenggara", CENTRE, "Pranata Humas Ahli Muda", suffix="S.Sos.",
               nip="198609262015051001", role=Role.ORGANISER),
    # Trainers get their cohorts when the demo's cohorts are made.
    DemoPerson("pengajar", "Tiur Maida br. Sitorus", "Pengajar kelas mandiri", "Meta Indonesia", "Pengajar", suffix="S.I.P.",
               status=EmploymentStatus.NON_ASN),
    DemoPerson("pengajar2", "Andi Tenri Sanna", "Pengajar angkatan terjadwal", "73", "Pranata Humas Ahli Madya", suffix="S.STP., M.Si.",
               nip="198204172006042002"),
    DemoPerson("koordinator", "Kristina Nona", "Koordinator Nusa Tenggara Timur", "53", "Kepala Bidang Informasi Publik", suffix="S.Sos.",
               nip="198512122010012004", role=Role.COORDINATOR, scope_kind=ScopeKind.REGION),
    DemoPerson("koordinator2", "Yuliana Wonda", "Koordinator Pemkab Nabire", "94.01", "Sekretaris Dinas", suffix="A.Md.",
               nip="198901302014032005", role=Role.COORDINATOR, scope_kind=ScopeKind.AGENCY),
    DemoPerson("peserta", "Sutrisno", "Peserta (WIB)", "32.04", "Pengelola Media Sosial", nip="199205082023081001"),
    DemoPerson("peserta2", "Ni Luh Eka Sari", "Peserta (WITA)", "53.07", "Pranata Humas Ahli Pertama", suffix="S.I.Kom.",
               status=EmploymentStatus.PPPK, nip="199009132025242014"),
    DemoPerson("peserta3", "Fransina Leatemia", "Peserta (WIT)", "94.01", "Staf Humas", status=EmploymentStatus.NON_ASN),
    DemoPerson("peserta4", "Teuku Muda Iskandar", "Peserta (WIB)", "11.72", "Pranata Komputer Terampil", status=EmploymentStatus.PPPK,
               nip="198812312022211003"),
    DemoPerson("peserta5", "Ratna Dewi", "Peserta (WITA)", "53.07", "Dokter Ahli Pertama", prefix="dr.", suffix="Sp.P.",
               nip="199205082023082001"),
)  # fmt: skip


@transaction.atomic
def make_demo_people() -> list[User]:
    """Create the demo's people with verified addresses, roles and second factors. Running it again changes nothing.

    Regions are loaded when they are missing. The shared password is PASSWORD. Raises RuntimeError in production.
    """
    if settings.PRODUCTION:
        raise RuntimeError("Akun demo tidak dibuat dalam produksi.")
    if not Region.objects.exists():
        load_regions()
    ApprovedDomain.objects.get_or_create(domain="go.id")
    hashed = make_password(PASSWORD)
    return [make_one(one, hashed) for one in DEMO_PEOPLE]


def make_one(one: DemoPerson, hashed: str) -> User:
    """Create this person with a verified address unless the address is known. ``hashed``: the stored form of the password."""
    known = User.objects.filter(email=one.email).first()
    if known is not None:
        return known
    agency = agency_of(one)
    person = User.objects.create(
        email=one.email, password=hashed, prefix_titles=one.prefix, name=one.name, suffix_titles=one.suffix, employment_status=one.status,
        nip=one.nip, agency=agency, position=one.position, time_zone=editing.zone_of(agency) or "Asia/Jakarta", is_demo=True,
    )  # fmt: skip
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    if one.role:
        granting.grant(person, one.role, scope_kind=one.scope_kind, scope_id=_scope_id(one), by=None, reason="Akun demo.")
    if one.has_second_factor:
        TOTP.activate(person, generate_totp_secret())
        RecoveryCodes.activate(person)
    person.refresh_from_db()
    return person


def agency_of(one: DemoPerson) -> Agency:
    """The central agency of that name, or the Diskominfo of that region's government."""
    if not one.region[0].isdigit():
        return Agency.objects.get(name=one.region, region=None)
    return Agency.objects.get(region_id=one.region, kind=AgencyKind.COMMUNICATIONS, parent__kind=AgencyKind.REGIONAL_GOVERNMENT)


def _scope_id(one: DemoPerson) -> str:
    if one.scope_kind == ScopeKind.REGION:
        return one.region
    if one.scope_kind == ScopeKind.AGENCY:
        return str(Agency.objects.get(region_id=one.region, kind=AgencyKind.REGIONAL_GOVERNMENT, parent=None).pk)
    return ""


def person(short: str) -> User:
    """The demo account with this short name (see DEMO_PEOPLE). Raises User.DoesNotExist."""
    return User.objects.get(email=next(one.email for one in DEMO_PEOPLE if one.short == short), is_demo=True)


def current_code(who: str) -> str:
    """The code that the demo account's app shows now. Waits for the next one when this one is about to end.

    Raises NoCode with a sentence: in production, for an unknown or a real account, for an account without a second factor.
    """
    if settings.PRODUCTION:
        raise NoCode("Perintah ini hanya untuk demo.")
    email = next((one.email for one in DEMO_PEOPLE if one.short == who), who.strip().lower())
    found = Authenticator.objects.filter(Q(user__email=email), user__is_demo=True, type=Authenticator.Type.TOTP).first()
    if found is None:
        known = ", ".join(one.short for one in DEMO_PEOPLE if one.has_second_factor)
        raise NoCode(f"Tidak ada akun demo «{who}» dengan faktor kedua. Yang ada: {known}.")
    left = PERIOD - time.time() % PERIOD
    if left < 4:
        time.sleep(left + 0.05)
    return format_hotp_value(hotp_value(SecondFactorAdapter().decrypt(found.data["secret"]), int(time.time()) // PERIOD))


def table() -> str:
    """The demo accounts that exist, for the terminal; a sentence when there are none."""
    existing = set(User.objects.filter(is_demo=True).values_list("email", flat=True))
    rows = [one for one in DEMO_PEOPLE if one.email in existing]
    if not rows:
        return "Basis data ini tidak berisi akun demo."
    codes = {one.short: f"make code WHO={one.short}" for one in rows if one.has_second_factor}
    lines = [f"  {one.email:<36} {one.seat:<34} {codes.get(one.short, '')}".rstrip() for one in rows]
    return "\n".join([f"Akun demo, kata sandi semuanya: {PASSWORD}", *lines])
