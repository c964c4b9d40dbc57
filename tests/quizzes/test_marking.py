"""Undo within the minute, held marks, drafts, notes, words to use again, second marks."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from audit.models import Entry
from cohorts.models import Progress, ProgressState
from notifications.models import Message
from quizzes import attempts, grading, invariants
from quizzes.marking import announcing, commenting, drafting, effects, passages, release, second, undoing
from quizzes.models import Attempt, AttemptStatus, GradeEvent, PassageNote, QuizWindow, SavedComment, SecondMark
from quizzes.models.grade import fold
from tests.factories import quizzes as make
from tests.factories.accounts import client_of
from tests.quizzes.test_grading import handed_in, progress_of, trainer_of

pytestmark = pytest.mark.django_db
LATER = timedelta(seconds=61)


def fresh(attempt: Attempt) -> Attempt:
    return Attempt.objects.select_related("enrolment__learner", "enrolment__cohort", "quiz__activity__course").get(pk=attempt.pk)


def with_rules(attempt: Attempt, **rules: object) -> Attempt:
    Attempt.objects.filter(pk=attempt.pk).update(rules=attempt.rules | rules)
    return fresh(attempt)


# --- the fold and the minute ------------------------------------------------------------------------------------------
def test_the_fold_leaves_out_what_was_taken_back() -> None:
    one, half, none = Decimal(1), Decimal("0.5"), Decimal(0)
    assert fold([(1, one, None), (2, half, None)]) == half
    assert fold([(1, one, None), (2, half, None), (3, half, 2)]) == one
    assert fold([(1, one, None), (2, one, 1)]) is None
    assert fold([(1, one, None), (2, one, 1), (3, none, None)]) == none


def test_a_judgement_is_taken_back_within_its_minute_and_nobody_heard_of_it() -> None:
    work = handed_in()
    trainer = trainer_of(work)
    grading.accept(work, by=trainer, levels=[0, 0], comment="Bagus.", undo_for=effects.UNDO_FOR)
    assert (fresh(work).status, progress_of(work).state, Message.objects.filter(recipient=work.enrolment.learner).count()) == (
        AttemptStatus.GRADED,
        ProgressState.SUBMITTED,
        0,
    )
    assert "menunggu pengajar" in client_of(work.enrolment.learner).get(f"/tugas/{work.quiz.activity_id}/").content.decode().casefold()
    undoing.undo(fresh(work), by=trainer)
    back = fresh(work)
    assert (back.status, back.score, back.remarks, back.takes_effect_at) == (AttemptStatus.SUBMITTED, None, "", None)
    event, undone = GradeEvent.objects.filter(response__attempt=work).order_by("pk")
    assert (undone.undoes, undone.by, back.responses.get().points) == (event, trainer, None)
    assert Entry.objects.filter(action="attempt.judgement_undone", object_id=str(work.pk)).count() == 1
    assert invariants.points_are_the_fold_of_their_events() == []
    with time_machine.travel(timezone.now() + LATER, tick=False):
        assert effects.take_due() == 0
    assert Message.objects.filter(recipient=work.enrolment.learner).count() == 0


def test_after_the_minute_it_takes_effect_once_and_stands() -> None:
    work = handed_in()
    trainer = trainer_of(work)
    grading.accept(work, by=trainer, levels=[1, 1], undo_for=effects.UNDO_FOR)
    undoing.undo(fresh(work), by=trainer)
    grading.accept(fresh(work), by=trainer, levels=[0, 0], comment="Rapi.", undo_for=effects.UNDO_FOR)
    assert effects.take_due() == 0
    with time_machine.travel(timezone.now() + LATER, tick=False):
        with pytest.raises(undoing.UndoError, match="sudah berlaku"):
            undoing.undo(fresh(work), by=trainer)
        assert (effects.take_due(), effects.take_due()) == (1, 0)
        with pytest.raises(undoing.UndoError):
            undoing.undo(fresh(work), by=trainer)
    assert (progress_of(work).state, progress_of(work).points) == (ProgressState.COMPLETED, Decimal(1))
    assert Message.objects.filter(kind="work_accepted", recipient=work.enrolment.learner).count() == 1


def test_another_trainer_takes_nothing_back() -> None:
    work = handed_in()
    grading.accept(work, by=trainer_of(work), levels=[0, 0], undo_for=effects.UNDO_FOR)
    with pytest.raises(undoing.UndoError):
        undoing.undo(fresh(work), by=trainer_of(work))
    assert fresh(work).status == AttemptStatus.GRADED


def test_returned_work_opens_after_the_minute_with_its_own_deadline() -> None:
    work = handed_in()
    trainer, due = trainer_of(work), timezone.now() + timedelta(days=5)
    grading.return_for_revision(work, by=trainer, levels=[3, 3], comment="Lengkapi.", due_at=due, undo_for=effects.UNDO_FOR)
    page = client_of(work.enrolment.learner).get(f"/tugas/{work.quiz.activity_id}/").content.decode()
    assert "Lengkapi." not in page and "Menunggu pengajar" in page
    assert "Lengkapi." not in client_of(work.enrolment.learner).get("/beranda/").content.decode()
    with time_machine.travel(timezone.now() + LATER, tick=False):
        effects.take_due()
    assert Attempt.objects.get(revision_of=work).status == AttemptStatus.OPEN
    assert (progress_of(work).state, progress_of(work).due_at) == (ProgressState.RETURNED, due)
    assert "Lengkapi." in client_of(work.enrolment.learner).get(f"/tugas/{work.quiz.activity_id}/").content.decode()


def test_a_deadline_that_was_taken_back_with_its_return_is_not_the_next_ones() -> None:
    work = handed_in()
    trainer, before = trainer_of(work), progress_of(work).due_at
    due = timezone.now() + timedelta(days=5)
    grading.return_for_revision(work, by=trainer, levels=[3, 3], comment="Lengkapi.", due_at=due, undo_for=effects.UNDO_FOR)
    undoing.undo(fresh(work), by=trainer)
    grading.return_for_revision(fresh(work), by=trainer, levels=[3, 3], comment="Lengkapi.")
    assert (progress_of(work).state, progress_of(work).due_at) == (ProgressState.RETURNED, before)


def test_taking_back_a_return_of_accepted_work_leaves_it_accepted() -> None:
    work = handed_in()
    trainer = trainer_of(work)
    grading.accept(work, by=trainer, levels=[0, 0], comment="Baik.")
    GradeEvent.objects.update(at=timezone.now() - timedelta(hours=1))
    grading.return_for_revision(fresh(work), by=trainer, levels=[2, 2], comment="Periksa lagi.", undo_for=effects.UNDO_FOR)
    undoing.undo(fresh(work), by=trainer)
    back = fresh(work)
    assert (back.status, back.score, back.remarks) == (AttemptStatus.GRADED, Decimal(1), "Baik.")
    assert not Attempt.objects.filter(revision_of=work).exists()


def test_the_bench_offers_to_take_back_and_does() -> None:
    work = handed_in()
    client = client_of(trainer_of(work))
    client.post(f"/nilai/{work.pk}/", {"c0": "0", "c1": "0", "comment": "Bagus sekali.", "urutan": "1"})
    assert f"/nilai/{work.pk}/urungkan/" in client.get("/nilai/").content.decode()
    assert client.post(f"/nilai/{work.pk}/urungkan/")["Location"] == f"/nilai/{work.pk}/"
    page = client.get(f"/nilai/{work.pk}/").content.decode()
    assert "Bagus sekali." in page and "Anda memegang pekerjaan ini" in page


# --- held marks -------------------------------------------------------------------------------------------------------
def test_held_marks_are_nowhere_until_they_are_announced(hinted) -> None:
    attempt = make.start()
    attempt = with_rules(attempt, release="held")
    make.answer_all(attempt, but=("short_answer",))
    attempts.submit(attempt, by=attempt.enrolment.learner)
    attempt = fresh(attempt)
    assert (attempt.status, attempt.score is not None) == (AttemptStatus.GRADED, True)
    progress = Progress.objects.get(enrolment=attempt.enrolment, activity=attempt.quiz.activity)
    assert (progress.state, progress.points) == (ProgressState.STARTED, None)
    client = client_of(attempt.enrolment.learner)
    page = client.get(f"/kuis/{attempt.pk}/hasil/").content.decode()
    assert "menunggu pengumuman" in page and "Penjelasan rahasia" not in page and "Anda lulus" not in page
    assert "Nilai 8" not in client.get(f"/kuis/mulai/{attempt.quiz.activity_id}/").content.decode()
    assert not release.is_released(attempt)
    trainer = trainer_of(attempt)
    assert announcing.announce(attempt.quiz, attempt.enrolment.cohort, by=trainer) == 1
    with pytest.raises(announcing.AnnouncingError):
        announcing.announce(attempt.quiz, attempt.enrolment.cohort, by=trainer)
    assert effects.take_due() == 1
    progress.refresh_from_db()
    assert (progress.state, progress.points) == (ProgressState.COMPLETED, attempt.score)
    assert "Anda lulus" in client.get(f"/kuis/{attempt.pk}/hasil/").content.decode()
    assert Message.objects.filter(kind="marks_announced", recipient=attempt.enrolment.learner).count() == 1
    assert Entry.objects.filter(action="quiz.marks_announced").count() == 1


def test_only_those_who_teach_or_run_the_cohort_announce() -> None:
    work = with_rules(handed_in(), release="held")
    grading.accept(work, by=trainer_of(work), levels=[0, 0], comment="Baik sekali.")
    learner, trainer = client_of(work.enrolment.learner), client_of(trainer_of(work))
    page = learner.get(f"/tugas/{work.quiz.activity_id}/").content.decode()
    assert "Baik sekali." not in page and "Menunggu pengajar" in page
    address = f"/nilai/umumkan/{work.quiz.activity_id}/{work.enrolment.cohort_id}/"
    assert learner.post(address).status_code == 404
    assert not QuizWindow.objects.filter(released_at__isnull=False).exists()
    assert work.quiz.activity.title in trainer.get("/nilai/umumkan/").content.decode()
    asks = trainer.get(address).content.decode()
    assert "1 percobaan terlihat nilai" in asks and "tidak dapat ditarik kembali" in asks
    assert "Ya, umumkan" in trainer.post(address).content.decode()  # a bare POST only asks
    assert not QuizWindow.objects.filter(released_at__isnull=False).exists()
    trainer.post(address, {"yakin": "1"})
    assert trainer.get(address)["Location"] == "/nilai/umumkan/"  # nothing to ask twice
    effects.take_due()
    assert "Baik sekali." in learner.get(f"/tugas/{work.quiz.activity_id}/").content.decode()


# --- drafts -----------------------------------------------------------------------------------------------------------
def test_a_draft_survives_reloads_and_an_old_tab_overwrites_nothing() -> None:
    work = handed_in()
    trainer = trainer_of(work)
    client, other_device = client_of(trainer), client_of(trainer)
    json = {"HTTP_ACCEPT": "application/json"}
    told = client.post(f"/nilai/{work.pk}/langkah/", {"c0": "1", "comment": "Sementara.", "urutan": "1"}, **json).json()
    assert (told["saved"], told["sequence"], told["held"]) == (True, 1, True)
    page = other_device.get(f"/nilai/{work.pk}/").content.decode()
    assert "Sementara." in page and 'name="urutan" value="2"' in page
    assert other_device.post(f"/nilai/{work.pk}/langkah/", {"comment": "Lebih baru.", "urutan": "2"}, **json).status_code == 200
    late = client.post(f"/nilai/{work.pk}/langkah/", {"comment": "Usang.", "urutan": "2"}, **json)
    assert (late.status_code, late.json()["saved"]) == (409, False)
    assert drafting.of(work, trainer).data["comment"] == "Lebih baru."


@pytest.mark.parametrize("posted", [{"urutan": "x"}, {"urutan": "9" * 9}, {"urutan": "1", "comment": "a\x00b" + "x" * 1_000_000}])
def test_a_broken_draft_is_no_server_error(posted: dict[str, str]) -> None:
    work = handed_in()
    answer = client_of(trainer_of(work)).post(f"/nilai/{work.pk}/langkah/", posted, HTTP_ACCEPT="application/json")
    assert answer.status_code in {200, 422}


# --- notes ------------------------------------------------------------------------------------------------------------
def test_a_note_finds_its_passage_and_is_shown_escaped_to_the_learner_in_the_end() -> None:
    work = handed_in(text="Temuan <b>satu</b>.\n\nCapaian naik 12 persen\ndari tahun lalu. Capaian naik lagi.")
    trainer = trainer_of(work)
    client = client_of(trainer)
    client.post(f"/nilai/{work.pk}/ambil/")
    step = f"/nilai/{work.pk}/langkah/"
    posted = {"aksi": "catat", "urutan": "1", "c0": "1", "kutipan": "naik 12 persen dari tahun", "catatan": "Sumbernya <i>apa</i>?"}
    assert client.post(step, posted).status_code == 302
    note = PassageNote.objects.get()
    assert (note.start, note.by) == (work.responses.get().answer["text"].index("naik 12"), trainer)
    page = client.get(f"/nilai/{work.pk}/").content.decode()
    assert "Sumbernya &lt;i&gt;apa&lt;/i&gt;?" in page and "Temuan &lt;b&gt;satu&lt;/b&gt;." in page and "Lihat catatan 1" in page
    assert drafting.of(work, trainer).data["c0"] == "1"
    learner = client_of(work.enrolment.learner)
    assert "Sumbernya" not in learner.get(f"/tugas/{work.quiz.activity_id}/").content.decode()
    grading.accept(fresh(work), by=trainer, levels=[0, 0])
    assert "Sumbernya &lt;i&gt;apa&lt;/i&gt;?" in learner.get(f"/tugas/{work.quiz.activity_id}/").content.decode()


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        ({"kutipan": "", "catatan": "Apa?"}, "Kutip dulu"),
        ({"kutipan": "Audit", "catatan": " "}, "Tulis catatan"),
        ({"kutipan": "tidak ada di sana", "catatan": "Apa?"}, "tidak ada dalam jawaban"),
        ({"kutipan": "A" * 400, "catatan": "Apa?"}, "paling banyak 300"),
    ],
)
def test_a_note_that_cannot_be_kept_says_why_and_keeps_the_page(posted: dict[str, str], sentence: str) -> None:
    work = handed_in()
    client = client_of(trainer_of(work))
    client.post(f"/nilai/{work.pk}/ambil/")
    answer = client.post(f"/nilai/{work.pk}/langkah/", {"aksi": "catat", "urutan": "1", "comment": "Tetap ada.", **posted})
    assert answer.status_code == 422
    assert sentence in answer.content.decode() and "Tetap ada." in answer.content.decode()
    assert PassageNote.objects.count() == 0


def test_the_marked_text_is_the_text_whatever_overlaps() -> None:
    text = "Satu dua tiga.\nEmpat lima.\n\nEnam tujuh."
    notes = [
        {"number": number, "note": PassageNote(start=start, end=end)}
        for number, start, end in ((1, 5, 20), (2, 9, 13), (3, 27, 31), (4, 28, 400))
    ]
    found = passages.marked(text, notes)
    assert [" / ".join("".join(piece.text for piece in line) for line in one.lines) for one in found] == [
        "Satu dua tiga. / Empat lima.",
        "Enam tujuh.",
    ]
    pieces = [piece for one in found for line in one.lines for piece in line]
    assert all(text[piece.at : piece.at + len(piece.text)] == piece.text for piece in pieces)
    assert sorted(number for piece in pieces for number in piece.ends) == [1, 2, 3, 4]
    assert passages.marked("", []) == []


def test_a_quote_that_stands_twice_is_taken_where_it_was_selected() -> None:
    text = "naik lalu naik lagi"
    assert (passages.find(text, "naik"), passages.find(text, "naik", 9), passages.find(text, "turun")) == ((0, 4), (10, 14), None)


# --- words to use again -----------------------------------------------------------------------------------------------
def test_words_are_kept_per_course_counted_and_forgotten() -> None:
    work = handed_in()
    trainer, course = trainer_of(work), work.quiz.activity.course
    client = client_of(trainer)
    client.post(f"/nilai/{work.pk}/langkah/", {"aksi": "simpan-kalimat", "comment": "Sebutkan sumber data", "urutan": "1"})
    kept = SavedComment.objects.get(owner=trainer)
    commenting.save(trainer, course, "Persingkat kalimat")
    client.post(f"/nilai/{work.pk}/", {"c0": "0", "c1": "0", "comment": "Sebutkan sumber data.", "urutan": "2"})
    assert [(one.text, one.used) for one in commenting.of(trainer, course)] == [("Sebutkan sumber data", 1), ("Persingkat kalimat", 0)]
    assert not commenting.remove(trainer_of(work), kept.pk)
    assert commenting.remove(trainer, kept.pk)
    other = make.make_course()
    assert commenting.of(trainer, other) == []
    commenting.save(trainer, other, "Persingkat kalimat")
    assert [one.text for one in commenting.of(trainer, other)] == ["Persingkat kalimat"]


# --- the second marker ------------------------------------------------------------------------------------------------
def graded_in_sample() -> Attempt:
    work = with_rules(handed_in(), second_marking=1)
    grading.accept(work, by=trainer_of(work), levels=[0, 1], comment="Nilai pertama rahasia.")
    return fresh(work)


def test_the_second_marker_sees_no_first_mark_and_changes_no_grade() -> None:
    work = graded_in_sample()
    other = trainer_of(work)
    client = client_of(other)
    page = client.get(f"/nilai/kedua/{work.pk}/").content.decode() + client.get(f"/nilai/{work.pk}/").content.decode()
    assert "Nilai pertama rahasia." not in page and "<strong>90</strong>" not in page
    assert "checked" not in page.replace("data-shortcuts checked", "")
    assert client.post(f"/nilai/kedua/{work.pk}/", {"c0": "2", "c1": "2"}).status_code == 302
    mark = SecondMark.objects.get()
    assert (mark.by, mark.criteria, mark.points) == (other, {"0": 2, "1": 2}, Decimal("0.50000"))
    assert (fresh(work).score, progress_of(work).points) == (Decimal("0.90000"), Decimal("0.90000"))
    assert client.get(f"/nilai/kedua/{work.pk}/").status_code == 404


def test_the_first_marker_and_work_outside_the_sample_are_not_offered() -> None:
    work = graded_in_sample()
    first = GradeEvent.objects.get(response__attempt=work).by
    assert list(second.offered(first)) == []
    assert list(second.offered(trainer_of(work))) == [work]
    with_rules(work, second_marking=0)
    assert list(second.offered(trainer_of(work))) == []


def test_the_share_of_the_sample_is_kept() -> None:
    made = [Attempt(seed=f"{number * 2**32 // 1000:08x}" + "0" * 24, rules={"second_marking": 0.2}) for number in range(1000)]
    assert sum(second.is_sampled(one) for one in made) == 200
    assert second.is_sampled(Attempt(seed="f" * 32, rules={"second_marking": 1}))


def test_agreement_appears_from_five_pairs_on() -> None:
    work = graded_in_sample()
    second.mark(work, by=trainer_of(work), levels=[0, 1])
    client = client_of(trainer_of(work))
    page = client.get(f"/nilai/kesepakatan/{work.quiz.activity_id}/").content.decode()
    assert "Baru 1 tugas" in page and "Kappa" not in page.replace("<title>Kesepakatan", "")
    for _ in range(4):
        SecondMark.objects.create(attempt=work, by=trainer_of(work), points=Decimal("0.9"), criteria={"0": 0, "1": 1})
    page = client.get(f"/nilai/kesepakatan/{work.quiz.activity_id}/").content.decode()
    assert "5 tugas dinilai dua pengajar" in page and "100%" in page and "<svg" in page
