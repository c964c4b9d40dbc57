"""Opening, closing and changing a cohort: what it shows, when things are due, who is invited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit import log
from courses.models import ActivityKind, Module
from linimasa.problems import Problem
from notifications import outbox

from . import structure
from .models import Cohort, CohortKind, CohortModule, CohortStatus, Deadline, Invitation


class OpeningError(Exception):
    """A sentence for the person."""


@transaction.atomic
def save(cohort: Cohort, *, by: User) -> Cohort:
    """Write a cohort that a form checked: a new one is planned; a change raises its revision. One audit entry either way."""
    created = cohort.pk is None
    cohort.revision += 0 if created else 1
    cohort.save()
    action = "cohort.created" if created else "cohort.changed"
    details = {"name": cohort.name, "seats": cohort.seats, "starts_at": _iso(cohort.starts_at), "ends_at": _iso(cohort.ends_at)}
    log.record(action, by=by, on=cohort, **details)
    return cohort


def opening_problems(cohort: Cohort) -> list[Problem]:
    """What keeps a cohort from opening."""
    found = []
    if not cohort.course.current_version_id:
        found.append(Problem("course_unpublished", "Kursus ini belum diterbitkan. Terbitkan susunannya dulu."))
    if not Module.objects.filter(course=cohort.course_id, archived_at__isnull=True, current_version__isnull=False).exists():
        found.append(Problem("no_module", "Belum ada modul yang diterbitkan pada kursus ini."))
    if cohort.ends_at and cohort.ends_at <= timezone.now():
        found.append(Problem("ended", "Tanggal selesai angkatan ini sudah lewat. Ubah tanggalnya dulu."))
    return found


@transaction.atomic
def open_cohort(cohort: Cohort, *, by: User) -> Cohort:
    """Open a planned (or reopen a closed) cohort, once. A scheduled one pins the versions of this moment at its first opening.

    Raises ``OpeningError`` with a sentence.
    """
    found = opening_problems(cohort)
    if found:
        raise OpeningError(found[0].sentence)
    changed = (
        Cohort.objects.filter(pk=cohort.pk).exclude(status=CohortStatus.OPEN).update(status=CohortStatus.OPEN, revision=F("revision") + 1)
    )
    if not changed:
        raise OpeningError("Angkatan ini sudah terbuka.")
    cohort.refresh_from_db()
    modules = Module.objects.filter(course=cohort.course_id, archived_at__isnull=True, current_version__isnull=False)
    pins = cohort.kind == CohortKind.SCHEDULED
    for module in modules:
        CohortModule.objects.get_or_create(
            cohort=cohort,
            module=module,
            defaults={"follows_latest": not pins, "version_id": module.current_version_id if pins else None},
        )
    if pins and cohort.course_version_id is None:
        Cohort.objects.filter(pk=cohort.pk).update(course_version=cohort.course.current_version_id)
        cohort.refresh_from_db()
    log.record("cohort.opened", by=by, on=cohort)
    return cohort


@transaction.atomic
def close_cohort(cohort: Cohort, *, by: User) -> Cohort:
    """Close an open cohort, once: nobody joins, no new attempt starts; what was read stays readable. Raises ``OpeningError``."""
    changed = Cohort.objects.filter(pk=cohort.pk, status=CohortStatus.OPEN).update(status=CohortStatus.CLOSED, revision=F("revision") + 1)
    if not changed:
        raise OpeningError("Hanya angkatan yang sedang berjalan yang bisa ditutup.")
    cohort.refresh_from_db()
    log.record("cohort.closed", by=by, on=cohort)
    return cohort


@transaction.atomic
def set_deadlines(cohort: Cohort, moments: Mapping[int, tuple[datetime | None, datetime | None]], *, by: User) -> int:
    """Set when activities open and are due: ``{activity id: (opens_at, due_at)}``; two Nones remove. Returns how many changed.

    Activities that the cohort does not show are refused (``OpeningError``). One audit entry lists what changed.
    """
    plan = structure.of_cohort(cohort)
    if not set(moments) <= set(plan.by_activity):
        raise OpeningError("Salah satu kegiatan tidak ada dalam angkatan ini. Muat ulang halaman.")
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    now = {d.activity_id: d for d in Deadline.objects.filter(cohort=cohort)}
    changes = []
    for activity_id, (opens_at, due_at) in moments.items():
        if opens_at and due_at and due_at <= opens_at:
            raise OpeningError(f"{plan.by_activity[activity_id].title}: tenggat harus sesudah waktu dibuka.")
        old = now.get(activity_id)
        if (old.opens_at if old else None, old.due_at if old else None) == (opens_at, due_at):
            continue
        if opens_at is None and due_at is None and old is not None:
            old.delete()
        else:
            Deadline.objects.update_or_create(cohort=cohort, activity_id=activity_id, defaults={"opens_at": opens_at, "due_at": due_at})
        changes.append({"activity": activity_id, "opens_at": _iso(opens_at), "due_at": _iso(due_at)})
    if changes:
        Cohort.objects.filter(pk=cohort.pk).update(revision=F("revision") + 1)
        log.record("cohort.deadlines_changed", by=by, on=cohort, changes=changes)
    return len(changes)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


@transaction.atomic
def invite(cohort: Cohort, addresses: Iterable[str], *, by: User) -> tuple[int, int]:
    """Invite addresses (lower-cased, each once). Returns how many are new and how many were invited before.

    People who already have an account with that verified address are told; whoever verifies it later joins at once.
    """
    wanted = sorted({address.strip().lower() for address in addresses if address.strip()})
    known = set(Invitation.objects.filter(cohort=cohort, email__in=wanted).values_list("email", flat=True))
    fresh = [address for address in wanted if address not in known]
    Invitation.objects.bulk_create([Invitation(cohort=cohort, email=a, invited_by=by) for a in fresh], ignore_conflicts=True)
    if fresh:
        log.record("cohort.invited", by=by, on=cohort, count=len(fresh))
    for person in _verified_owners(fresh):
        context = {"course": cohort.course.title, "cohort": cohort.name, "path": reverse("cohorts:join", args=[cohort.pk])}
        outbox.enqueue("invited", to=person, dedupe_key=f"invited:{cohort.pk}:{person.pk}", context=context)
    return len(fresh), len(known)


def _verified_owners(addresses: list[str]) -> list[User]:
    found = User.objects.filter(emailaddress__email__in=addresses, emailaddress__verified=True, is_active=True)
    return list(found.distinct())


def deadline_steps(cohort: Cohort) -> list[structure.Step]:
    """The steps that may have a deadline: quizzes, assignments and tests, in order."""
    return [s for s in structure.of_cohort(cohort).steps() if s.kind in {ActivityKind.QUIZ, ActivityKind.ASSIGNMENT}]
