"""What must hold for people and their roles, re-checked on live data. (That each grant is recorded: ``audit.invariants``.)"""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Count, Exists, OuterRef, Q

from audit.models import Entry
from linimasa.invariants import invariant

from .models import RoleGrant, User


@invariant(14, "Setiap pengakhiran peran tercatat paling banyak sekali.")
def each_grant_ended_once() -> list[str]:
    entries = Entry.objects.filter(action="grant.ended", object_type=RoleGrant._meta.label_lower)
    return [f"RoleGrant {pk}: {count} catatan" for pk, count in entries.values_list("object_id").annotate(count=Count("pk")) if count > 1]


@invariant(13, "Siapa pun yang memegang peran wajib memakai faktor kedua.")
def role_holders_need_a_second_factor() -> list[str]:
    holders = RoleGrant.objects.in_force().filter(person__needs_second_factor=False)
    return [f"User {pk}" for pk in holders.values_list("person_id", flat=True).distinct()]


@invariant(10, "Akun yang ditangguhkan tidak punya sesi.")
def suspended_people_have_no_session() -> list[str]:
    live = Exists(Session.objects.filter(session_key=OuterRef("session_key")))
    return [f"User {pk}" for pk in UserSession.objects.filter(live, user__is_active=False).values_list("user_id", flat=True).distinct()]


@invariant(14, "Tanggal penangguhan ada persis pada akun yang ditangguhkan.")
def suspension_has_its_date() -> list[str]:
    wrong = User.objects.filter(Q(is_active=True, suspended_at__isnull=False) | Q(is_active=False, suspended_at__isnull=True))
    return [f"User {pk}" for pk in wrong.values_list("pk", flat=True)]
