"""What must hold across the rows of this room, re-checked on live data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, F, OuterRef, Q, Subquery

from audit.models import Entry
from linimasa import retention
from linimasa.invariants import invariant
from notifications.models import Message

from .models import Cohort, Enrolment, EnrolmentStatus, Progress, ProgressState

BATCH = 500
REMINDERS = ("deadline_near", "revision_waiting", "module_unfinished")


@invariant(11, "Kegiatan yang pernah selesai tetap selesai, juga setelah modulnya diterbitkan ulang.")
def completed_stays_completed() -> Iterator[str]:
    """A completed row keeps its moment; a row without the state but with the moment was lowered by someone."""
    lowered = Progress.objects.filter(completed_at__isnull=False).exclude(state=ProgressState.COMPLETED)
    for pk in lowered.values_list("pk", flat=True).iterator():
        yield f"Progress {pk}: pernah selesai, sekarang tidak."


@invariant(11, "Peserta yang selesai masih punya semua kemajuan yang dihitung saat ia selesai.")
def completed_enrolments_have_progress() -> Iterator[str]:
    """A completed enrolment rests on rows of progress; none of them may be gone."""
    empty = Enrolment.objects.filter(status=EnrolmentStatus.COMPLETED).annotate(
        done=Count("progress", filter=Q(progress__state=ProgressState.COMPLETED))
    )
    for pk in empty.filter(done=0).values_list("pk", flat=True).iterator():
        yield f"Enrolment {pk}: selesai tanpa satu pun kegiatan yang selesai."


@invariant(14, "Setiap keikutsertaan yang selesai punya tepat satu catatan selesai.")
def completion_is_audited_once() -> Iterator[str]:
    """Rows that were completed by the verb carry one entry; two would mean two completions."""
    entries = Entry.objects.filter(action="enrolment.completed", object_type="cohorts.enrolment")
    twice = entries.values("object_id").annotate(n=Count("pk")).filter(n__gt=1)
    for object_id in twice.values_list("object_id", flat=True).iterator():
        yield f"Enrolment {object_id}: lebih dari satu catatan selesai."
    audited = {int(key) for key in entries.values_list("object_id", flat=True).iterator()}
    completed = Enrolment.objects.filter(status=EnrolmentStatus.COMPLETED, completed_at__gte=retention.kept_since("audit.Entry"))
    for pk in completed.values_list("pk", flat=True).iterator():
        if pk not in audited:
            yield f"Enrolment {pk}: selesai tanpa catatan."


@invariant(13, "Keikutsertaan dan angkatannya milik kursus yang sama.")
def same_course() -> Iterator[str]:
    for pk in Enrolment.objects.exclude(course=F("cohort__course")).values_list("pk", flat=True).iterator():
        yield f"Enrolment {pk}: kursusnya bukan kursus angkatannya."


@invariant(13, "Kursi angkatan tidak terisi lebih dari jumlahnya.")
def seats_hold() -> Iterator[str]:
    """Seats may be lowered by an organiser only down to what is taken; joining holds them under a lock."""
    seated = Enrolment.objects.seated().filter(cohort=OuterRef("pk")).order_by().values("cohort").annotate(n=Count("pk")).values("n")
    over = Cohort.objects.filter(seats__isnull=False).annotate(taken=Subquery(seated)).filter(taken__gt=F("seats"))
    for pk, taken, seats in over.values_list("pk", "taken", "seats"):
        yield f"Cohort {pk}: {taken} peserta untuk {seats} kursi."


@invariant(10, "Pengingat tidak pernah berangkat setelah pekerjaannya selesai.")
def reminders_before_done() -> list[str]:
    """A minute's grace: what was finished in the very moment of sending cannot be called back."""
    rows = Message.objects.filter(kind__in=REMINDERS, sent_at__isnull=False)
    broken = []
    for message in rows.only("pk", "context", "claimed_at").iterator(BATCH):
        done = Progress.objects.filter(
            enrolment=message.context.get("enrolment"),
            activity=message.context.get("activity"),
            completed_at__lt=message.claimed_at - timedelta(minutes=1),  # type: ignore[operator]
        )
        if done.exists():
            broken.append(f"Message {message.pk}: the activity was completed before it left.")
    return broken
