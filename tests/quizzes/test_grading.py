"""The trainer's judgements: once, by the rubric, only ever added; and the desk that they are made at."""

from __future__ import annotations

import copy
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from audit.models import Entry
from cohorts import words
from cohorts.models import Enrolment, Progress, ProgressState
from notifications.models import Message
from quizzes import attempts, desk, grading
from quizzes.correcting import applying, deciding
from quizzes.marking import effects, undoing
from quizzes.models import AnswerEvent, Attempt, AttemptStatus, GradeEvent, Question
from tests.factories import quizzes as make
from tests.factories.accounts import client_of, person, staff

pytestmark = pytest.mark.django_db


def handed_in(enrolment: Enrolment | None = None, text: str = "Audit satu kanal.") -> Attempt:
    """Practical work that waits for its trainer."""
    enrolment = enrolment or make.make_enrolment(make.make_course(assignment=True))
    quiz = make.start(enrolment)
    make.answer_all(quiz)
    attempts.submit(quiz, by=enrolment.learner)
    work = make.start(enrolment, "M1-TUGAS")
    make.save(work.responses.get(), {"text": [text]})
    attempts.submit(work, by=enrolment.learner)
    return Attempt.objects.select_related("enrolment__learner", "quiz__activity").get(pk=work.pk)


def trainer_of(attempt: Attempt):
    return staff("trainer", "cohort", attempt.enrolment.cohort_id)


def progress_of(attempt: Attempt) -> Progress:
    return Progress.objects.get(enrolment=attempt.enrolment, activity=attempt.quiz.activity)


def test_accepted_work_has_the_mark_of_its_rubric_one_event_one_entry_and_one_letter() -> None:
    work = handed_in()
    trainer = trainer_of(work)
    grading.accept(work, by=trainer, levels=[0, 1], comment="Jelas.")
    work.refresh_from_db()
    event = GradeEvent.objects.get(response__attempt=work)
    assert (work.status, work.score, event.points) == (AttemptStatus.GRADED, Decimal("0.90000"), Decimal("0.90000"))
    assert (event.by, event.criteria, event.comment, event.question_version_id) == (
        trainer,
        {"0": 0, "1": 1},
        "Jelas.",
        work.responses.get().question_version_id,
    )
    assert (progress_of(work).state, progress_of(work).points) == (ProgressState.COMPLETED, Decimal("0.90000"))
    assert Entry.objects.filter(action="attempt.graded", object_id=str(work.pk), actor=trainer).count() == 1
    assert Message.objects.filter(kind="work_accepted", recipient=work.enrolment.learner).count() == 1


def test_a_second_judgement_is_refused_and_changes_nothing() -> None:
    work = handed_in()
    trainer, other = trainer_of(work), trainer_of(work)
    grading.accept(work, by=trainer, levels=[0, 0])
    with pytest.raises(grading.GradingError, match="tidak lagi menunggu"):
        grading.accept(work, by=other, levels=[1, 1])
    assert list(GradeEvent.objects.filter(response__attempt=work).values_list("by", flat=True)) == [trainer.pk]
    work.refresh_from_db()
    assert work.score == Decimal(1)


def test_work_below_the_pass_mark_is_not_accepted_but_can_be_returned() -> None:
    work = handed_in()
    trainer = trainer_of(work)
    with pytest.raises(grading.GradingError, match="Minta perbaikan"):
        grading.accept(work, by=trainer, levels=[3, 3])
    revision = grading.return_for_revision(work, by=trainer, levels=[3, 3], comment="Lengkapi.")
    work.refresh_from_db()
    assert (work.status, work.score, revision.status, revision.revision_of) == (AttemptStatus.RETURNED, Decimal("0.25"), "open", work)
    assert revision.responses.get().answer == {"text": "Audit satu kanal."}
    assert progress_of(work).state == ProgressState.RETURNED
    assert Message.objects.filter(kind="work_returned").count() == 1
    make.save(revision.responses.get(), {"text": ["Sudah lengkap."]})
    attempts.submit(revision, by=work.enrolment.learner)
    grading.accept(Attempt.objects.get(pk=revision.pk), by=trainer, levels=[0, 0])
    assert (progress_of(work).state, progress_of(work).points) == (ProgressState.COMPLETED, Decimal(1))


def test_returning_needs_words_and_happens_once() -> None:
    work = handed_in()
    trainer = trainer_of(work)
    with pytest.raises(grading.GradingError, match="Tulis apa"):
        grading.return_for_revision(work, by=trainer, levels=[1, 1], comment="  ")
    grading.return_for_revision(work, by=trainer, levels=[1, 1], comment="Lengkapi.")
    with pytest.raises(grading.GradingError, match="tidak lagi"):
        grading.return_for_revision(work, by=trainer, levels=[1, 1], comment="Lagi.")
    assert Attempt.objects.filter(revision_of=work).count() == 1


def test_accepted_work_may_be_improved_and_its_mark_never_falls() -> None:
    work = handed_in()
    trainer = trainer_of(work)
    grading.accept(work, by=trainer, levels=[1, 1])
    again = grading.improve(Attempt.objects.get(pk=work.pk), by=work.enrolment.learner)
    assert grading.improve(Attempt.objects.get(pk=work.pk), by=work.enrolment.learner) == again
    attempts.submit(again, by=work.enrolment.learner)
    grading.accept(Attempt.objects.get(pk=again.pk), by=trainer, levels=[2, 1])
    assert progress_of(work).points == Decimal("0.75")


def test_short_answers_that_no_key_matched_wait_and_are_judged_once() -> None:
    attempt = make.start()
    make.answer_all(attempt, make.wrong, but=())
    attempts.submit(attempt, by=attempt.enrolment.learner)
    attempt = Attempt.objects.select_related("enrolment__learner", "quiz__activity").get(pk=attempt.pk)
    waiting = list(attempt.responses.filter(points__isnull=True))
    if not waiting:
        pytest.skip("the draw had no short answer")
    trainer = trainer_of(attempt)
    with pytest.raises(grading.GradingError, match="setiap jawaban"):
        grading.judge_answers(attempt, by=trainer, verdicts={})
    grading.judge_answers(attempt, by=trainer, verdicts={one.pk: True for one in waiting})
    attempt.refresh_from_db()
    assert attempt.status == AttemptStatus.GRADED
    assert attempt.score == (Decimal(len(waiting)) / attempt.responses.count()).quantize(Decimal("0.00001"))
    with pytest.raises(grading.GradingError):
        grading.judge_answers(attempt, by=trainer, verdicts={one.pk: False for one in waiting})


def test_a_late_answer_counts_only_by_an_event_with_a_reason() -> None:
    attempt = make.start()
    response = (
        attempt.responses.exclude(question_version__kind="short_answer")
        .select_related("question_version", "attempt__enrolment__learner")
        .first()
    )
    attempts.submit(attempt, by=attempt.enrolment.learner)
    response.refresh_from_db()
    late = make.save(response, make.right(response))
    assert not late.accepted
    event = AnswerEvent.objects.get(response=response)
    trainer = trainer_of(attempt)
    with pytest.raises(grading.GradingError, match="alasan"):
        grading.count_late(event, by=trainer, reason="")
    grading.count_late(event, by=trainer, reason="Sinyal putus di Wamena.")
    attempt.refresh_from_db()
    added = GradeEvent.objects.get(response=response, kind="override")
    assert (added.reason, added.by) == ("Sinyal putus di Wamena.", trainer)
    assert attempt.score == (Decimal(1) / attempt.responses.count()).quantize(Decimal("0.00001"))
    assert Entry.objects.filter(action="attempt.late_counted").count() == 1


# --- the desk ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("who", "status"), [("trainer", 200), ("other", 404), ("learner", 404), ("anonymous", 302)])
def test_only_the_cohorts_trainer_reaches_the_bench(who: str, status: int) -> None:
    work = handed_in()
    people = {
        "trainer": trainer_of(work),
        "other": staff("trainer", "cohort", 999_999),
        "learner": work.enrolment.learner,
        "anonymous": None,
    }
    client = client_of(people[who]) if people[who] else Client()
    assert client.get(f"/nilai/{work.pk}/").status_code == status


def test_the_bench_accepts_and_opens_the_next_work() -> None:
    first = handed_in()
    second = handed_in(make.make_enrolment(first.enrolment.course, learner=person()))
    Enrolment.objects.filter(pk=second.enrolment_id).update(cohort=first.enrolment.cohort)
    client = client_of(trainer_of(first))
    page = client.get(f"/nilai/{first.pk}/").content.decode()
    assert "Audit satu kanal." in page and second.enrolment.learner.name in page
    told = client.post(f"/nilai/{first.pk}/", {"c0": "0", "c1": "1", "comment": "Baik."})
    assert (told.status_code, told["Location"]) == (302, f"/nilai/{second.pk}/")
    first.refresh_from_db()
    assert first.status == AttemptStatus.GRADED


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        ({"c0": "0"}, "Pilih tingkat untuk kriteria"),
        ({"c0": "0", "c1": "9"}, "tidak dikenal"),
        ({"c0": "3", "c1": "3"}, "Minta perbaikan"),
        ({"c0": "0", "c1": "0", "kembalikan": "1"}, "Tulis apa yang perlu diperbaiki"),
        ({"c0": "0", "c1": "0", "comment": "x" * 1_000_000}, "Paling banyak"),
        ({"c0": "0", "c1": "0", "comment": "a\x00b"}, "tidak dapat dibaca"),
    ],
)
def test_a_judgement_that_cannot_be_taken_gets_a_sentence_and_changes_nothing(posted: dict[str, str], sentence: str) -> None:
    work = handed_in()
    answer = client_of(trainer_of(work)).post(f"/nilai/{work.pk}/", posted)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    work.refresh_from_db()
    assert (work.status, GradeEvent.objects.filter(response__attempt=work).count()) == (AttemptStatus.SUBMITTED, 0)


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_costs_the_same_for_any_length(count: int, django_assert_num_queries) -> None:
    first = handed_in()
    for _ in range(count - 1):
        more = handed_in(make.make_enrolment(first.enrolment.course, learner=person()))
        Enrolment.objects.filter(pk=more.enrolment_id).update(cohort=first.enrolment.cohort)
    client = client_of(trainer_of(first))
    client.get("/nilai/")
    with django_assert_num_queries(10):
        page = client.get("/nilai/").content.decode()
    assert f"{count} menunggu penilaian" in page


def test_the_queue_without_work_says_so() -> None:
    page = client_of(staff("trainer", "cohort", 1)).get("/nilai/").content.decode()
    assert "Belum ada tugas untuk dinilai" in page


def test_late_answers_are_listed_for_the_trainer_and_counted_from_the_bench() -> None:
    attempt = make.start()
    response = (
        attempt.responses.exclude(question_version__kind="short_answer")
        .select_related("question_version", "attempt__enrolment__learner")
        .first()
    )
    attempts.submit(attempt, by=attempt.enrolment.learner)
    make.save(response, make.right(response))
    trainer = trainer_of(attempt)
    client = client_of(trainer)
    assert attempt.enrolment.learner.name in client.get("/nilai/terlambat/").content.decode()
    assert desk.late_events(staff("trainer", "cohort", 999_999)).count() == 0
    event = AnswerEvent.objects.get(response=response)
    assert client.post(f"/nilai/{attempt.pk}/hitung/{event.pk}/", {"reason": "Sinyal putus."}).status_code == 302
    assert GradeEvent.objects.filter(response=response, kind="override").count() == 1
    assert (
        client_of(staff("trainer", "cohort", 999_999)).post(f"/nilai/{attempt.pk}/hitung/{event.pk}/", {"reason": "x"}).status_code == 404
    )


@pytest.mark.parametrize("comment", ["Tambahkan <b>sumber</b> data.", "kata " * 400])
def test_the_dashboard_quotes_the_trainer_on_returned_work(comment, django_assert_max_num_queries) -> None:
    work = handed_in()
    client, trainer = client_of(work.enrolment.learner), trainer_of(work)
    trainer.name = "Ratna Wulandari"
    trainer.save()
    grading.return_for_revision(work, by=trainer, levels=[3, 3], comment=comment)
    client.get("/beranda/")
    with django_assert_max_num_queries(8):
        page = client.get("/beranda/").content.decode()
    assert "Ratna Wulandari, pengajar" in page and "Pengajar menulis umpan balik" not in page
    assert ("Tambahkan &lt;b&gt;sumber&lt;/b&gt; data." in page) if "sumber" in comment else (" …”" in page and len(page) < 60_000)


def test_the_dashboard_asks_for_no_words_when_nothing_came_back(django_assert_num_queries) -> None:
    work = handed_in()
    with django_assert_num_queries(0):
        assert words.about(work.enrolment, []) == {}
    assert "<blockquote" not in client_of(work.enrolment.learner).get("/beranda/").content.decode()


def test_work_is_not_sent_back_while_its_learner_is_at_it_again() -> None:
    """Two tries at once could not both be open; the second would have been refused by the database, in the worker for ever."""
    work = handed_in()
    trainer = trainer_of(work)
    grading.accept(work, by=trainer, levels=[0, 0])
    other = Attempt.objects.create(enrolment=work.enrolment, quiz=work.quiz, number=9, rules=work.rules, seed="9")
    work.refresh_from_db()
    with pytest.raises(grading.GradingError, match="sedang mengerjakan"):
        grading.return_for_revision(work, by=trainer, levels=[1, 1], comment="Lengkapi.")
    with pytest.raises(grading.GradingError, match="pekerjaan Anda yang lain"):
        grading.improve(work, by=work.enrolment.learner)
    other.delete()
    assert grading.improve(work, by=work.enrolment.learner).is_open


def test_accepted_work_is_taken_up_again_only_when_its_mark_is_seen() -> None:
    work = handed_in()
    grading.accept(work, by=trainer_of(work), levels=[0, 0], undo_for=effects.UNDO_FOR)
    with pytest.raises(grading.GradingError, match="belum dinilai"):
        grading.improve(work, by=work.enrolment.learner)


def test_a_mark_that_an_undo_goes_back_to_takes_effect() -> None:
    """Accepted, returned within its minute, and the return taken back after it: the first mark has waited for nobody."""
    work = handed_in()
    trainer, start = trainer_of(work), timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        grading.accept(work, by=trainer, levels=[0, 0], undo_for=effects.UNDO_FOR)
        clock.shift(50)
        grading.return_for_revision(work, by=trainer, levels=[1, 1], comment="Lengkapi.", undo_for=effects.UNDO_FOR)
        clock.shift(20)
        undoing.undo(work, by=trainer)
        work.refresh_from_db()
        assert (work.status, work.score) == ("graded", 1)
        assert Progress.objects.get(enrolment=work.enrolment, activity=work.quiz.activity_id).state == ProgressState.COMPLETED
        assert Message.objects.filter(kind="work_accepted", recipient=work.enrolment.learner).count() == 1


def test_work_handed_in_after_a_mended_rubric_waits_for_its_trainer_also_where_full_credit_was_given_before() -> None:
    course = make.make_course(assignment=True)
    question = Question.objects.select_related("course", "module", "current_version").get(course=course, kind="practical")
    deciding.correct(question, "full_credit", None, by=staff("author"), reason="Rubrik keliru.")
    applying.sweep()
    content = copy.deepcopy(question.current_version.content)
    for criterion, weight in zip(content["rubric"], (20, 80), strict=True):
        criterion["weight"] = weight
    deciding.correct(question, "new_key", content, by=staff("author"), reason="Bobot diperbaiki.")
    applying.sweep()
    work = handed_in(make.make_enrolment(course))
    assert (work.status, work.score) == (AttemptStatus.SUBMITTED, None)
