"""People, agencies, roles and signed-in clients for tests: plain functions, real rows."""

from __future__ import annotations

from functools import cache
from itertools import count
from time import time
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.flows.login import _AUTHENTICATION_METHODS_USER_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.test import Client

from accounts.models import Agency, AgencyKind, EmploymentStatus, Region, Role, RoleGrant, ScopeKind, User
from accounts.searching import search_key
from audit import log

PASSWORD = "tiga kuda menyeberang sungai"
_number = count(1)
ZONES = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}
REGIONS = {
    "11": ("Aceh", None, "Asia/Jakarta"),
    "32": ("Jawa Barat", None, "Asia/Jakarta"),
    "32.04": ("Kabupaten Bandung", "32", "Asia/Jakarta"),
    "32.73": ("Kota Bandung", "32", "Asia/Jakarta"),
    "53": ("Nusa Tenggara Timur", None, "Asia/Makassar"),
    "53.07": ("Kabupaten Sikka", "53", "Asia/Makassar"),
    "72": ("Sulawesi Tengah", None, "Asia/Makassar"),
    "72.09": ("Kabupaten Tojo Una-Una", "72", "Asia/Makassar"),
    "94": ("Papua Tengah", None, "Asia/Jayapura"),
    "94.01": ("Kabupaten Nabire", "94", "Asia/Jayapura"),
}


@cache
def _hash(password: str) -> str:
    return make_password(password)


def region(code: str = "53.07") -> Region:
    """One of the REGIONS above, with its province, made when missing."""
    name, province, zone = REGIONS[code]
    if province:
        region(province)
    kind = "provinsi" if province is None else name.split()[0].lower()
    values = {"name": name, "province_id": province, "kind": kind, "time_zone": zone, "search_key": search_key(name)}
    return Region.objects.get_or_create(code=code, defaults=values)[0]


def agency(name: str = "", *, region_code: str | None = "53.07", kind: str = AgencyKind.COMMUNICATIONS, **fields: Any) -> Agency:
    """An approved agency; ``region_code`` None for a central one."""
    name = name or f"Dinas Kominfo {next(_number)}"
    return Agency.objects.create(
        name=name, kind=kind, region=region(region_code) if region_code else None, search_key=search_key(name), **fields
    )


def person(**fields: Any) -> User:
    """Someone with a verified address and a complete profile; ``agency=None`` or ``name=""`` leaves it incomplete.

    Pass ``password=`` for another password than PASSWORD (the hash of each is made once a run).
    """
    number = next(_number)
    password = fields.pop("password", PASSWORD)
    verified = fields.pop("verified", True)
    values: dict[str, Any] = {
        "email": f"orang{number}@sikkakab.go.id",
        "name": f"Sutrisno {number}",
        "employment_status": EmploymentStatus.NON_ASN,
        "position": "Pengelola media sosial",
        "password": _hash(password),
    } | fields
    if "agency" not in values:
        values["agency"] = agency()
    made = User.objects.create(**values)
    EmailAddress.objects.create(user=made, email=made.email, verified=verified, primary=True)
    return made


def grant(who: User, role: str, scope_kind: str = ScopeKind.EVERYTHING, scope_id: object = "", *, by: User | None = None) -> RoleGrant:
    """A role in force for ``who``, in any scope at all; ``who`` is up to date afterwards."""
    made = RoleGrant.objects.create(person=who, role=role, scope_kind=scope_kind, scope_id=str(scope_id), granted_by=by)
    log.record("grant.given", by=by, on=made, person=who.pk, role=role, scope=f"{scope_kind}:{scope_id}")
    User.objects.filter(pk=who.pk).update(needs_second_factor=True)
    who.needs_second_factor = True
    who.__dict__.pop("_current_grants", None)
    return made


def staff(role: str, scope_kind: str = ScopeKind.EVERYTHING, scope_id: object = "", **fields: Any) -> User:
    """Someone who holds this role in this scope (an authenticator app is set up: see ``totp_code``)."""
    who = person(**fields)
    grant(who, role, scope_kind, scope_id)
    second_factor(who)
    return who


def admin(**fields: Any) -> User:
    return staff(Role.ADMIN, **fields)


def second_factor(who: User) -> str:
    """Set up an authenticator app and recovery codes as the portal would; returns the app's secret."""
    secret = generate_totp_secret()
    TOTP.activate(who, secret)
    RecoveryCodes.activate(who)
    return secret


def totp_code(secret: str) -> str:
    """What the authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, int(time()) // 30))


def client_of(who: User | None, *, second_factor_proven: bool = True, proof_age: float = 0.0) -> Client:
    """A client signed in as ``who`` (nobody for None): password given ``proof_age`` seconds ago, and the second factor too
    unless told otherwise."""
    client = Client()
    if who is None:
        return client
    client.force_login(who)
    at = time() - proof_age
    records: list[dict[str, Any]] = [{"method": "password", "at": at, "email": who.email}]
    if second_factor_proven and who.needs_second_factor:
        records.append({"method": "mfa", "at": at, "id": 0, "type": "totp"})
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = records
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(who.pk)
    session.save()
    UserSession.objects.create(user=who, ip="127.0.0.1", session_key=session.session_key, user_agent="tes")
    return client
