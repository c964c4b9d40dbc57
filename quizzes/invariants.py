"""Promises 1, 3, 5 and 7, re-checked on rows."""

from __future__ import annotations

from django.db.models import Count, F, Q

from linimasa import retention
from linimasa.invariants import invariant

from .correcting import applying
from .models import AnswerEvent, Attempt, AttemptStatus, Correction, CorrectionStatus, GradeEvent, Response
from .models.grade import fold, mean

BATCH = 2_000


@invariant(1, "Paling banyak satu percobaan terbuka per peserta dan kuis.")
def one_open_attempt() -> list[str]:
    several = Attempt.objects.running().order_by().values("enrolment", "quiz").annotate(count=Count("pk")).filter(count__gt=1)
    return [f"enrolment {one['enrolment']}, quiz {one['quiz']}: {one['count']} open attempts" for one in several]


@invariant(1, "Tidak pernah lebih banyak percobaan daripada yang diperbolehkan.")
def never_more_attempts_than_allowed() -> list[str]:
    broken = []
    newest: dict[tuple[int, int], int] = {}
    for one in Attempt.objects.counted().order_by("pk").only("enrolment_id", "quiz_id", "rules").iterator(BATCH):
        place = (one.enrolment_id, one.quiz_id)
        newest[place] = newest.get(place, 0) + 1
        if newest[place] > sum(one.rules.get(name, 0) for name in ("attempts_allowed", "remedial_attempts", "extra_attempts")):
            broken.append(f"attempt {one.pk}: number {newest[place]} is more than its rules allow")
    return broken


@invariant(3, "Jawaban yang tersimpan adalah peristiwa terakhir yang diterima.")
def answers_are_the_newest_accepted_event() -> list[str]:
    ahead = AnswerEvent.objects.filter(was_accepted=True, sequence__gt=F("response__sequence"))
    broken = [f"response {one.response_id}: event {one.pk} is newer than its answer" for one in ahead]
    # A sequence of 0 has no event: nothing was saved, or the answer was copied from the attempt that was returned.
    kept = Response.objects.filter(sequence__gt=0, saved_at__gte=retention.kept_since("quizzes.AnswerEvent"))
    without = kept.exclude(events__was_accepted=True, events__sequence=F("sequence"))
    return broken + [f"response {pk}: no event for its answer" for pk in without.values_list("pk", flat=True)]


@invariant(3, "Tidak ada jawaban yang diterima setelah percobaan ditutup.")
def nothing_accepted_after_the_end() -> list[str]:
    late = AnswerEvent.objects.filter(was_accepted=True).filter(
        Q(received_at__gt=F("response__attempt__submitted_at")) & ~Q(response__attempt__closed_by="learner")
        | Q(response__saved_at__gt=F("response__attempt__submitted_at"))
    )
    return [f"answer event {pk}: accepted after the end" for pk in late.values_list("pk", flat=True)]


@invariant(6, "Tidak ada jawaban yang diterima setelah kunci soalnya ditampilkan.")
def nothing_accepted_after_its_key_was_shown() -> list[str]:
    late = AnswerEvent.objects.filter(was_accepted=True, received_at__gt=F("response__checked_at"))
    return [f"answer event {pk}: accepted after its question was checked" for pk in late.values_list("pk", flat=True)]


@invariant(5, "Setiap percobaan menyimpan semua soal yang ditampilkannya.")
def attempts_keep_their_questions() -> list[str]:
    counted = Attempt.objects.annotate(count=Count("responses")).only("pk", "rules")
    return [
        f"attempt {one.pk}: {one.count} questions, started with {one.rules.get('questions')}"
        for one in counted.iterator(BATCH)
        if one.count != one.rules.get("questions", one.count)
    ]


@invariant(7, "Nilai setiap jawaban sama dengan lipatan peristiwanya.")
def points_are_the_fold_of_their_events() -> list[str]:
    events: dict[int, list] = {}
    rows = GradeEvent.objects.order_by("response", "pk").values_list("response", "pk", "points", "undoes_id")
    for response, *event in rows.iterator(BATCH):
        events.setdefault(response, []).append(tuple(event))
    judged = Response.objects.filter(Q(points__isnull=False) | Q(pk__in=GradeEvent.objects.values("response")))
    return [
        f"response {pk}: {points} is not the fold of its events"
        for pk, points in judged.values_list("pk", "points").iterator(BATCH)
        if points != fold(events.get(pk, []))
    ]


@invariant(7, "Nilai percobaan sama dengan rata-rata nilai jawabannya.")
def scores_are_the_mean_of_their_points() -> list[str]:
    broken = []
    graded = Attempt.objects.filter(status=AttemptStatus.GRADED).prefetch_related("responses")
    for one in graded.iterator(BATCH):
        points = [response.points for response in one.responses.all()]
        if None in points or one.score != mean(value for value in points if value is not None):
            broken.append(f"attempt {one.pk}: {one.score} is not the mean of its responses")
    return broken


@invariant(7, "Tidak ada jawaban yang dinilai dengan kunci lama sesudah kuncinya dikoreksi.")
def nobody_is_judged_by_a_corrected_key() -> list[str]:
    done = Correction.objects.filter(status=CorrectionStatus.DONE).select_related("new_version").order_by("pk")
    return [f"attempt {pk}: judged by the old key of correction {one.pk}" for one in done for pk in applying.left_behind(one)]
