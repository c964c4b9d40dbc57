"""Coming into a cohort and leaving it: by an approved address, an invitation, or a coordinator's approval."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.access import grants_reaching
from accounts.models import Role, RoleGrant, ScopeKind, User
from accounts.registration import under_approved_domain, verified_addresses
from audit import log
from linimasa import clock
from linimasa.problems import Problem
from notifications import outbox

from .models import Cohort, CohortKind, CohortStatus, Enrolment, EnrolmentStatus, Invitation, JoinedBy


class JoiningError(Exception):
    """A sentence for the person; ``url`` leads to the place where it can be mended."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.sentence)
        self.problem = problem
        self.url = problem.url


def join_problems(cohort: Cohort, person: User) -> list[Problem]:
    """What stands in the way of joining this cohort (seats are decided under the lock). One function decides and explains."""
    found = []
    now = timezone.now()
    if not person.is_active:
        found.append(Problem("suspended", "Akun ini ditangguhkan. Hubungi admin."))
    if not person.profile_complete:
        found.append(
            Problem(
                "profile",
                "Lengkapi profil Anda dulu: nama, status kepegawaian, instansi, dan jabatan. Data itu tertulis pada sertifikat.",
                reverse("accounts:profile"),
            )
        )
    if cohort.status == CohortStatus.CLOSED:
        found.append(Problem("closed", "Angkatan ini sudah ditutup. Pilih angkatan lain."))
    elif cohort.status == CohortStatus.PLANNED and cohort.kind == CohortKind.SELF_PACED:
        found.append(Problem("not_open", "Angkatan ini belum dibuka. Coba lagi nanti."))
    elif cohort.ends_at and cohort.ends_at <= now:
        found.append(Problem("ended", f"Angkatan ini selesai {clock.moment_text(cohort.ends_at)}. Pilih angkatan lain."))
    other = (
        Enrolment.objects.running().filter(learner=person, course=cohort.course_id).exclude(cohort=cohort).select_related("cohort").first()
    )
    if other is not None:
        found.append(
            Problem(
                "elsewhere", f"Anda sudah terdaftar pada kursus ini di {other.cohort.name}. Undurkan diri dari sana dulu bila ingin pindah."
            )
        )
    return found


def invitation_for(cohort: Cohort, person: User) -> Invitation | None:
    """The invitation to one of the person's verified addresses, if there is one."""
    return Invitation.objects.filter(cohort=cohort, email__in=verified_addresses(person)).first()


def way_in(cohort: Cohort, person: User) -> str:
    """How this person would come in: INVITATION or DOMAIN at once, COORDINATOR after approval."""
    if invitation_for(cohort, person) is not None:
        return JoinedBy.INVITATION
    if cohort.kind == CohortKind.SELF_PACED and under_approved_domain(person):
        return JoinedBy.DOMAIN
    return JoinedBy.COORDINATOR


@transaction.atomic
def join(cohort: Cohort, *, by: User) -> Enrolment:
    """The person joins, or asks to. Joining twice gives the same enrolment; after declining or withdrawing it is taken up again.

    Raises ``JoiningError`` with what stands in the way. The cohort's row is locked, so seats hold under parallel joins.
    """
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    existing = Enrolment.objects.filter(cohort=cohort, learner=by).first()
    if existing is not None and existing.status not in {EnrolmentStatus.DECLINED, EnrolmentStatus.WITHDRAWN}:
        return existing
    found = join_problems(cohort, by)
    if found:
        raise JoiningError(found[0])
    way = way_in(cohort, by)
    at_once = way != JoinedBy.COORDINATOR
    if at_once:
        _require_seat(cohort)
    now = timezone.now()
    enrolment = existing or Enrolment(cohort=cohort, course_id=cohort.course_id, learner=by)
    enrolment.agency_id = by.agency_id
    enrolment.status = EnrolmentStatus.ACTIVE if at_once else EnrolmentStatus.REQUESTED
    enrolment.joined_by, enrolment.joined_at = way, now if at_once else None
    enrolment.requested_at, enrolment.decided_by, enrolment.reason = now, None, ""
    enrolment.save()
    if way == JoinedBy.INVITATION:
        Invitation.objects.filter(cohort=cohort, email__in=verified_addresses(by), used_at__isnull=True).update(used_at=now)
    record = log.record("enrolment.joined" if at_once else "enrolment.requested", by=by, on=enrolment, cohort=cohort.pk, way=str(way))
    if at_once:
        outbox.enqueue("joined", to=by, dedupe_key=f"joined:{enrolment.pk}:{record.pk}", context=_context(enrolment))
    else:
        for person in deciders(enrolment):
            key = f"join-requested:{enrolment.pk}:{record.pk}:{person.pk}"
            outbox.enqueue(
                "join_requested",
                to=person,
                dedupe_key=key,
                context={**_context(enrolment), "path": reverse("cohorts:decide", args=[enrolment.pk])},
            )
    return enrolment


def join_invited(person: User) -> list[Enrolment]:
    """Whoever verifies an invited address joins at once; invitations that cannot be used yet stay. Safe to repeat."""
    joined = []
    waiting = Invitation.objects.filter(email__in=verified_addresses(person), used_at__isnull=True).select_related("cohort__course")
    for invitation in waiting:
        try:
            joined.append(join(invitation.cohort, by=person))
        except JoiningError:
            continue  # an incomplete profile, no seat: the dashboard shows the invitation with the sentence
    return joined


@transaction.atomic
def approve(enrolment: Enrolment, *, by: User) -> Enrolment:
    """Let a waiting person in. Of two who press together one does it; raises ``JoiningError`` for the other, and when no seat is left."""
    cohort = Cohort.objects.select_for_update().get(pk=enrolment.cohort_id)
    if cohort.status == CohortStatus.CLOSED:
        raise JoiningError(Problem("closed", "Angkatan ini sudah ditutup, jadi permintaan tidak bisa disetujui lagi."))
    _require_seat(cohort)
    _move(enrolment, EnrolmentStatus.REQUESTED, EnrolmentStatus.ACTIVE, by=by, joined_at=timezone.now(), joined_by=JoinedBy.COORDINATOR)
    record = log.record("enrolment.approved", by=by, on=enrolment, cohort=cohort.pk)
    outbox.enqueue(
        "join_approved", to=enrolment.learner, dedupe_key=f"join-approved:{enrolment.pk}:{record.pk}", context=_context(enrolment)
    )
    return enrolment


@transaction.atomic
def decline(enrolment: Enrolment, *, by: User, reason: str) -> Enrolment:
    """Say no to a waiting person, with a reason that they read. Raises ``JoiningError`` when not waiting or without a reason."""
    if not reason.strip():
        raise JoiningError(Problem("reason", "Tulis alasannya. Orang yang meminta akan membacanya."))
    _move(enrolment, EnrolmentStatus.REQUESTED, EnrolmentStatus.DECLINED, by=by, reason=reason.strip()[:300])
    record = log.record("enrolment.declined", by=by, on=enrolment, reason=enrolment.reason)
    path = reverse("cohorts:join", args=[enrolment.cohort_id])
    context = {**_context(enrolment), "reason": enrolment.reason, "path": path}
    outbox.enqueue("join_declined", to=enrolment.learner, dedupe_key=f"join-declined:{enrolment.pk}:{record.pk}", context=context)
    return enrolment


@transaction.atomic
def withdraw(enrolment: Enrolment, *, by: User, reason: str = "") -> Enrolment:
    """Leave a running enrolment; what was earned is kept and is there again after rejoining. Raises ``JoiningError`` when not running."""
    changed = (
        Enrolment.objects.running()
        .filter(pk=enrolment.pk)
        .update(status=EnrolmentStatus.WITHDRAWN, decided_by=by, reason=reason.strip()[:300])
    )
    if not changed:
        raise JoiningError(Problem("not_running", "Keikutsertaan ini tidak sedang berjalan. Muat ulang halaman."))
    enrolment.refresh_from_db()
    log.record("enrolment.withdrawn", by=by, on=enrolment, reason=enrolment.reason)
    return enrolment


def _move(enrolment: Enrolment, old: str, new: str, *, by: User, **fields: object) -> None:
    changed = Enrolment.objects.filter(pk=enrolment.pk, status=old).update(status=new, decided_by=by, **fields)
    if not changed:
        raise JoiningError(Problem("not_waiting", "Permintaan ini tidak lagi menunggu keputusan. Muat ulang halaman."))
    enrolment.refresh_from_db()


def _require_seat(cohort: Cohort) -> None:
    """The caller holds the lock on the cohort's row."""
    if cohort.seats is not None and Enrolment.objects.seated().filter(cohort=cohort).count() >= cohort.seats:
        raise JoiningError(
            Problem("full", f"Semua {cohort.seats} kursi angkatan ini sudah terisi. Pilih angkatan lain atau hubungi penyelenggara.")
        )


def _context(enrolment: Enrolment) -> dict[str, object]:
    """What the letters about joining say; ids and names only, nothing secret."""
    return {
        "enrolment": enrolment.pk,
        "course": enrolment.course.title,
        "cohort": enrolment.cohort.name,
        "learner_name": enrolment.learner.name,
        "path": reverse("cohorts:home"),
        "agency": enrolment.agency.name if enrolment.agency else "",
    }


def deciders(enrolment: Enrolment) -> list[User]:
    """Who is told of a request: the coordinators of the agency; without any, the cohort's organisers; without these, the admins."""
    in_force = RoleGrant.objects.in_force()
    for grants in (
        in_force.filter(grants_reaching(enrolment.agency), role=Role.COORDINATOR),
        in_force.filter(
            Q(scope_kind=ScopeKind.EVERYTHING)
            | Q(scope_kind=ScopeKind.COURSE, scope_id=str(enrolment.course_id))
            | Q(scope_kind=ScopeKind.COHORT, scope_id=str(enrolment.cohort_id)),
            role=Role.ORGANISER,
        ),
        in_force.filter(role=Role.ADMIN),
    ):
        people = list(User.objects.filter(grants__in=grants).distinct())
        if people:
            return people
    return []
