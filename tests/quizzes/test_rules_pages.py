"""The studio page of a quiz's rules, its trial as a learner, and the pages of a cohort's windows and exceptions."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.urls import reverse

from accounts.models import Role, ScopeKind
from audit.models import Entry
from courses import arranging
from linimasa import clock
from quizzes import previewing
from quizzes.kinds import kind_of
from quizzes.models import Accommodation, AnswerEvent, Attempt, Question, Quiz, QuizWindow, Response
from tests.factories import accounts
from tests.factories import quizzes as factory
from tests.factories.accounts import client_of, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return factory.make_course(rules={"time_limit": 30})


@pytest.fixture
def quiz(course):
    return factory.quiz_of(course)


@pytest.fixture
def author():
    return client_of(accounts.staff(Role.AUTHOR))


def fields_of(page):
    """What the browser would send back of this page's form, unchanged."""
    text = page.content.decode()
    text = text[text.index('<form class="split"') :]
    sent = {}
    for tag in re.findall(r"<input[^>]*>", text):
        name, kind = re.search(r'name="([^"]*)"', tag), re.search(r'type="([^"]*)"', tag)
        if name and name[1] != "csrfmiddlewaretoken" and not (kind and kind[1] == "checkbox" and " checked" not in tag):
            value = re.search(r'value="([^"]*)"', tag)
            sent[name[1]] = value[1] if value else "on" if kind and kind[1] == "checkbox" else ""
    for name, body in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', text, re.S):
        sent[name] = body.strip()
    for name, body in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', text, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        sent[name] = chosen[1] if chosen else ""
    return sent


# --- a new part -----------------------------------------------------------------------------------------------------------
def test_a_new_quiz_or_task_says_what_is_to_be_written_first_and_leads_there(course):
    writer = accounts.staff(Role.AUTHOR, ScopeKind.COURSE, course.pk)
    module = arranging.add_module(course, title="Baru", by=writer)
    made = {kind: arranging.add(module, kind=kind, title=f"Bagian {kind}", minutes=10, by=writer) for kind in ("quiz", "assignment")}
    client, task = client_of(writer), Question.objects.get(module=module)
    page = client.get(reverse("quizzes:rules", args=[made["quiz"].pk])).content.decode()
    assert "Bank soal modul ini masih kosong" in page and reverse("quizzes:bank_new", args=[course.pk]) in page
    page = client.get(reverse("quizzes:rules", args=[made["assignment"].pk])).content.decode()
    assert "Petunjuk dan rubrik tugasnya belum ditulis." in page and reverse("quizzes:bank_question", args=[task.pk]) in page
    page = client.get(reverse("courses:studio_course", args=[course.pk])).content.decode()
    assert f"Soal {task.code}: petunjuk dan rubrik tugasnya belum ditulis." in page and "rubric" not in page
    page = client.get(reverse("quizzes:bank_list", args=[course.pk]), {"modul": module.code, "jenis": "single"}).content.decode()
    assert "Tidak ada soal yang cocok" in page


# --- the rules ------------------------------------------------------------------------------------------------------------
def test_sending_the_page_back_changes_nothing(author, quiz):
    address = reverse("quizzes:rules", args=[quiz.activity_id])
    page = author.get(address)
    assert "Ada 14 soal" in page.content.decode()
    answer = author.post(address, fields_of(page) | {"act": "simpan"}, follow=True)
    assert "Tidak ada yang berubah." in answer.content.decode()
    assert not Entry.objects.filter(action="quiz.rules_changed").exists()


def test_rules_and_blueprint_are_saved_as_a_draft(author, quiz):
    address = reverse("quizzes:rules", args=[quiz.activity_id])
    published = quiz.activity.module.current_version.parts
    sent = fields_of(author.get(address)) | {"pass_mark": "82,5", "page_size": "2", "grade_method": "last", "waiting_minutes": "45"}
    sent |= {"baris-0-count": "3", "baris-0-level": "hard", "baris-1-question": "M1-01-1", "syarat-0-activity": "M2.1", "act": "simpan"}
    code = quiz.activity.course.activities.filter(kind="lesson", module__code="M2").first().code
    sent |= {"syarat-0-activity": code, "syarat-0-at_least": "70"}
    answer = author.post(address, sent)
    assert answer.status_code == 302
    quiz.refresh_from_db()
    assert quiz.draw == [{"module": "M1", "level": "hard", "count": 3}, {"question": "M1-01-1"}]
    assert quiz.conditions == [{"activity": code, "at_least": 0.7}]
    assert (float(quiz.pass_mark), quiz.page_size, quiz.grade_method, quiz.waiting_minutes) == (0.825, 2, "last", 45)
    entry = Entry.objects.get(action="quiz.rules_changed")
    assert (
        entry.details["words"] == "pengambilan soal, batas lulus, jumlah soal per halaman, nilai yang dipakai, jeda antarpercobaan, syarat"
    )
    module = quiz.activity.module
    module.refresh_from_db()
    assert module.draft_changed_by is not None
    assert module.current_version.parts == published
    again = author.post(address, fields_of(author.get(address)) | {"act": "simpan"}, follow=True)
    assert "Tidak ada yang berubah." in again.content.decode()


def test_checking_tells_what_is_missing_and_saves_nothing(author, quiz):
    address = reverse("quizzes:rules", args=[quiz.activity_id])
    hard = Question.objects.filter(module__code="M1", level="hard").count()
    page = author.post(address, fields_of(author.get(address)) | {"baris-0-level": "hard", "act": "periksa"})
    text = page.content.decode()
    assert page.status_code == 200
    assert f"Ada {hard}, kurang {14 - hard}" in text
    assert f"Memerlukan 14 soal dari bank M1, tingkat sulit, yang ada {hard}." in text
    quiz.refresh_from_db()
    assert quiz.draw == [{"module": "M1", "count": 14}]


def test_a_row_is_added_without_a_script(author, quiz):
    address = reverse("quizzes:rules", args=[quiz.activity_id])
    page = author.get(address)
    assert fields_of(page)["baris-jumlah"] == "3"
    assert fields_of(author.post(address, fields_of(page) | {"act": "tambah-baris"}))["baris-jumlah"] == "5"


@pytest.mark.parametrize(
    ("sent", "word"),
    [
        ({"baris-0-objective": "2"}, "Pilih pelajarannya"),
        ({"baris-1-level": "hard"}, "Isi jumlah soal"),
        ({"baris-1-question": "M1-01-1", "baris-1-count": "2"}, "Soal tetap tidak memerlukan"),
        ({"baris-1-count": "2"}, "Pilih bank modulnya"),
        ({"baris-0-count": "1" * 40}, ""),
        ({"baris-0-module": "M99"}, "tidak dikenal"),
        ({"feedback": "during", "page_size": "3"}, "satu soal per halaman"),
        ({"feedback": "during", "release": "held"}, "tidak dapat ditahan"),
        ({"syarat-0-at_least": "70"}, "Pilih kegiatannya"),
        ({"intro": "a\x00b"}, "tidak dapat dibaca"),
        ({"pass_mark": "101"}, ""),
        ({"shown": ""}, ""),
    ],
)
def test_bad_input_is_told_and_changes_nothing(author, quiz, sent, word):
    address = reverse("quizzes:rules", args=[quiz.activity_id])
    page = author.post(address, fields_of(author.get(address)) | {"act": "simpan"} | sent)
    assert page.status_code == 422
    assert word in page.content.decode()
    assert not Entry.objects.filter(action="quiz.rules_changed").exists()


@pytest.mark.parametrize("count", ["-1", "9999999", "x", ""])
def test_a_damaged_number_of_rows_is_no_error_page(author, quiz, count):
    address = reverse("quizzes:rules", args=[quiz.activity_id])
    assert author.post(address, fields_of(author.get(address)) | {"baris-jumlah": count, "act": "periksa"}).status_code in (200, 422)


def test_two_editors_do_not_overwrite_each_other(author, quiz):
    address = reverse("quizzes:rules", args=[quiz.activity_id])
    mine = fields_of(author.get(address))
    Quiz.objects.filter(pk=quiz.pk).update(attempts_allowed=7)
    page = author.post(address, mine | {"attempts_allowed": "2", "act": "simpan"})
    assert page.status_code == 422 and "disimpan orang lain" in page.content.decode()
    quiz.refresh_from_db()
    assert quiz.attempts_allowed == 7


def test_a_reviewer_reads_and_a_learner_does_not_even_know(quiz):
    address = reverse("quizzes:rules", args=[quiz.activity_id])
    reviewer = client_of(accounts.staff(Role.REVIEWER))
    assert "Simpan draf" not in reviewer.get(address).content.decode()
    assert reviewer.post(address, {}).status_code == 404
    assert client_of(person()).get(address).status_code == 404


@pytest.mark.parametrize("rows", [1, 6])
def test_the_page_costs_the_same_for_any_blueprint(author, quiz, rows, django_assert_max_num_queries):
    Quiz.objects.filter(pk=quiz.pk).update(draw=[{"module": "M1", "count": 1}] * rows)
    author.get(reverse("quizzes:rules", args=[quiz.activity_id]))
    with django_assert_max_num_queries(32):
        author.get(reverse("quizzes:rules", args=[quiz.activity_id]))


def test_practical_work_has_the_rules_that_make_sense():
    quiz = factory.quiz_of(factory.make_course(assignment=True), "M1-TUGAS")
    author = client_of(accounts.staff(Role.AUTHOR))
    address = reverse("quizzes:rules", args=[quiz.activity_id])
    page = author.get(address)
    assert "Rancangan soal" not in page.content.decode()
    sent = fields_of(page) | {"names_hidden": "on", "release": "held", "second_marking": "20", "act": "simpan"}
    assert author.post(address, sent).status_code == 302
    quiz.refresh_from_db()
    assert (quiz.names_hidden, quiz.release, float(quiz.second_marking), len(quiz.draw)) == (True, "held", 0.2, 1)
    assert author.get(reverse("quizzes:trial", args=[quiz.activity_id])).status_code == 404


# --- the trial ------------------------------------------------------------------------------------------------------------
def trial_of(client, quiz):
    return previewing.current(quiz, client.session)


def test_a_quiz_is_tried_whole_as_a_learner_and_nothing_is_stored(author, quiz):
    begin = reverse("quizzes:trial", args=[quiz.activity_id])
    assert "Waktu dihitung jam server" in author.get(begin).content.decode()
    page = author.post(begin, follow=True)
    kinds = set()
    for number in range(1, 15):
        assert f"Soal {number} dari 14" in page.content.decode()
        one = trial_of(author, quiz).at(number)
        kinds.add(one.question_version.kind)
        assert "Penjelasan rahasia" not in page.content.decode()
        page = author.post(reverse("quizzes:trial_question", args=[quiz.activity_id, number]), factory.right(one), follow=True)
    text = page.content.decode()
    assert len(kinds) == 7
    assert "Anda lulus dengan nilai 100" in text and text.count("Penjelasan rahasia") == 14
    assert not any(model.objects.exists() for model in (Attempt, Response, AnswerEvent))


def test_a_trial_follows_the_draft_not_what_is_published(author, quiz):
    Quiz.objects.filter(pk=quiz.pk).update(draw=[{"question": "M1-01-3"}], feedback="during")
    author.post(reverse("quizzes:trial", args=[quiz.activity_id]))
    address = reverse("quizzes:trial_question", args=[quiz.activity_id, 1])
    one = trial_of(author, quiz).at(1)
    assert "Penjelasan rahasia" not in author.get(address).content.decode()
    refused = author.post(address, {"periksa": "1"})
    assert refused.status_code == 422 and "Pilih satu jawaban" in refused.content.decode()
    assert "Penjelasan rahasia" not in refused.content.decode()
    page = author.post(address, factory.right(one) | {"periksa": "1"}, follow=True)
    assert "Penjelasan rahasia" in page.content.decode()
    author.post(address, factory.wrong(one))
    assert kind_of(one.question_version).points(trial_of(author, quiz).at(1).answer) == 1


def test_a_trial_that_is_gone_leads_back_to_its_start(author, quiz):
    start = reverse("quizzes:trial", args=[quiz.activity_id])
    for name, more in (("trial_question", [1]), ("trial_result", [])):
        assert author.get(reverse(f"quizzes:{name}", args=[quiz.activity_id, *more])).url == start
    author.post(start)
    assert author.get(reverse("quizzes:trial_question", args=[quiz.activity_id, 99])).url == start


def test_the_same_seed_draws_the_same_trial(quiz):
    drawn = [[one.question_version_id for one in previewing.begin(quiz, {}, seed=seed).responses] for seed in ("a", "a", "b")]
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_blueprint_that_cannot_be_drawn_is_told_at_the_trial(author, quiz):
    Quiz.objects.filter(pk=quiz.pk).update(draw=[{"module": "M1", "count": 99}])
    page = author.post(reverse("quizzes:trial", args=[quiz.activity_id]))
    assert page.status_code == 200 and "Bank soal belum cukup" in page.content.decode()


# --- windows and exceptions -----------------------------------------------------------------------------------------------
@pytest.fixture
def enrolment(course):
    return factory.make_enrolment(course, learner=person(name="Siti Rahma"), time_zone="Asia/Makassar")


@pytest.fixture
def trainer(enrolment):
    return client_of(accounts.staff(Role.TRAINER, ScopeKind.COHORT, enrolment.cohort_id))


def test_a_trainer_sets_the_window_in_the_cohorts_zone(trainer, enrolment, quiz):
    address = reverse("quizzes:cohort_quiz", args=[enrolment.cohort_id, quiz.activity_id])
    assert "WITA" in trainer.get(address).content.decode()
    assert trainer.post(address, {"opens_at": "2027-01-10T00:00", "closes_at": "2027-01-11T00:00"}).status_code == 302
    window = QuizWindow.objects.get()
    zone = clock.zone("Asia/Makassar")
    assert (window.opens_at, window.closes_at) == (datetime(2027, 1, 10, tzinfo=zone), datetime(2027, 1, 11, tzinfo=zone))
    text = trainer.get(address).content.decode()
    assert 'value="2027-01-10T00:00"' in text
    assert "Belum dibuka" in trainer.get(reverse("quizzes:cohort_quizzes", args=[enrolment.cohort_id])).content.decode()
    refused = trainer.post(address, {"opens_at": "2027-01-10T00:00", "closes_at": "2027-01-09T00:00"})
    assert refused.status_code == 422 and "sesudah waktu buka" in refused.content.decode()
    assert trainer.post(address, {"opens_at": "kapan", "closes_at": ""}).status_code == 422


def test_an_exception_is_asked_once_more_then_given_and_ended(trainer, enrolment, quiz):
    found = trainer.get(reverse("quizzes:cohort_quiz", args=[enrolment.cohort_id, quiz.activity_id]), {"q": "siti"}).content.decode()
    give = f"{reverse('quizzes:give_exception', args=[enrolment.cohort_id, quiz.activity_id])}?peserta={enrolment.pk}"
    assert give in found
    sent = {"extra_minutes": "15", "extra_attempts": "", "closes_at": "", "reason": "Pembaca layar"}
    asked = trainer.post(give, sent)
    assert asked.status_code == 200 and "15 menit tambahan" in asked.content.decode() and "Ya, berikan" in asked.content.decode()
    assert not Accommodation.objects.exists()
    assert trainer.post(give, sent | {"yakin": "1"}).status_code == 302
    given = Accommodation.objects.get()
    assert (given.extra_minutes, given.enrolment, given.reason) == (15, enrolment, "Pembaca layar")
    page = trainer.get(reverse("quizzes:cohort_quiz", args=[enrolment.cohort_id, quiz.activity_id])).content.decode()
    end = reverse("quizzes:end_exception", args=[given.pk])
    assert end in page
    assert "Akhiri pengecualian Siti Rahma?" in trainer.get(end).content.decode()
    given.refresh_from_db()
    assert given.ended_at is None
    trainer.post(end)
    given.refresh_from_db()
    assert given.ended_at is not None
    assert "sudah diakhiri" in trainer.post(end, follow=True).content.decode()


@pytest.mark.parametrize(
    ("sent", "word"),
    [
        ({"extra_minutes": "", "reason": "x"}, "paling sedikit satu"),
        ({"extra_minutes": "15", "reason": ""}, "Isi alasan"),
        ({"extra_minutes": "9999", "reason": "x"}, ""),
        ({"extra_minutes": "lima", "reason": "x"}, "angka"),
        ({"extra_minutes": "5", "reason": "x" * 301}, "300"),
    ],
)
def test_a_bad_exception_is_told(trainer, enrolment, quiz, sent, word):
    page = trainer.post(reverse("quizzes:give_exception", args=[enrolment.cohort_id, quiz.activity_id]), sent | {"yakin": "1"})
    assert page.status_code == 422 and word in page.content.decode()
    assert not Accommodation.objects.exists()


def test_who_may_and_who_may_not(trainer, enrolment, quiz):
    other = factory.make_enrolment(enrolment.course)
    given = Accommodation.objects.create(quiz=quiz, enrolment=other, extra_minutes=5, reason="x")
    addresses = [
        reverse("quizzes:cohort_quizzes", args=[other.cohort_id]),
        reverse("quizzes:cohort_quiz", args=[other.cohort_id, quiz.activity_id]),
        reverse("quizzes:give_exception", args=[other.cohort_id, quiz.activity_id]),
        f"{reverse('quizzes:give_exception', args=[enrolment.cohort_id, quiz.activity_id])}?peserta={other.pk}",
        f"{reverse('quizzes:give_exception', args=[enrolment.cohort_id, quiz.activity_id])}?peserta={'9' * 30}",
        reverse("quizzes:end_exception", args=[given.pk]),
        reverse("quizzes:cohort_quiz", args=[enrolment.cohort_id, 999_999]),
    ]
    assert [trainer.get(one).status_code for one in addresses] == [404] * len(addresses)
    learner = client_of(enrolment.learner)
    assert learner.get(reverse("quizzes:cohort_quizzes", args=[enrolment.cohort_id])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_cost_the_same_for_any_number_of_exceptions(trainer, enrolment, quiz, count, django_assert_max_num_queries):
    for _ in range(count):
        one = factory.cohorts.make_enrolment(enrolment.cohort, person())
        Accommodation.objects.create(quiz=quiz, enrolment=one, extra_minutes=5, reason="x", given_by=one.learner)
    for name, args, most in (("cohort_quizzes", [enrolment.cohort_id], 20), ("cohort_quiz", [enrolment.cohort_id, quiz.activity_id], 22)):
        trainer.get(reverse(f"quizzes:{name}", args=args))
        with django_assert_max_num_queries(most):
            trainer.get(reverse(f"quizzes:{name}", args=args))
