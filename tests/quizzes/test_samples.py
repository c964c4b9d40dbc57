"""Two sample answers: by the rubric's own sum, for learners only after their own work, for staff always."""

from __future__ import annotations

import copy
from decimal import Decimal

import pytest

from courses.models import Module
from linimasa import markdown
from quizzes import attempts, grading, samples
from quizzes.kinds import kind_of, registry
from quizzes.models import Attempt, QuestionVersion
from quizzes.part import QuizzesPart
from tests.factories import accounts, courses
from tests.factories import quizzes as make
from tests.factories.accounts import client_of, person, staff

pytestmark = pytest.mark.django_db
PRACTICAL = registry["practical"]
TEXTS = ("Temuan teladan", "Temuan lemah", "Alasan teladan untuk Kelengkapan", "Audit kanal dinas, lemah")


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def course(tmp_path):
    return make.make_course(papers=tmp_path / "m1")


def at_work(course, *, hand_in=False):
    """A learner with the assignment begun (or handed in), and the work."""
    enrolment = make.make_enrolment(course)
    quiz = make.start(enrolment)
    make.answer_all(quiz)
    attempts.submit(quiz, by=enrolment.learner)
    work = make.start(enrolment, "M1-TUGAS")
    make.save(work.responses.select_related("attempt__enrolment__learner").get(), {"text": ["Audit kanal dinas kami."]})
    return enrolment, attempts.submit(work, by=enrolment.learner) if hand_in else work


def activity_of(course):
    return make.quiz_of(course, "M1-TUGAS").activity_id


# --- what they are -------------------------------------------------------------------------------------------------------
def changed(**changes):
    """The content with a change of the weak sample."""
    content = copy.deepcopy(make.assignment_with_papers())
    content["samples"][1] |= changes
    return content


WEAK = make.SAMPLES[1]
BROKEN = [
    (make.assignment_with_papers() | {"samples": []}, "dua contoh"),
    (make.assignment_with_papers() | {"samples": make.SAMPLES[:1]}, "dua contoh"),
    (make.assignment_with_papers() | {"samples": make.SAMPLES[::-1]}, "dua contoh"),
    (make.assignment_with_papers() | {"samples": None}, "dua contoh"),
    (changed(note="x"), "tanpa kunci lain"),
    (changed(title=""), "title"),
    (changed(body=""), "body"),
    (changed(body="x" * 9_000), "paragraf"),
    (changed(body="x\n\n" * 9_000), "body"),
    (changed(scores="x"), "scores"),
    (changed(scores=[{"criterion": "Kelengkapan", "level": "Baik"}]), "scores"),
    (changed(scores=WEAK["scores"][:1]), "setiap kriteria"),
    (changed(scores=[WEAK["scores"][0], WEAK["scores"][0]]), "setiap kriteria"),
    (changed(scores=[WEAK["scores"][0], WEAK["scores"][1] | {"level": "Hebat"}]), "tidak memiliki tingkat “Hebat”"),
    (changed(scores=[WEAK["scores"][0], WEAK["scores"][1] | {"why": ""}]), "scores"),
]


def test_good_samples_have_no_problems():
    assert PRACTICAL.problems(make.assignment_with_papers()) == []


@pytest.mark.parametrize(("content", "sentence"), BROKEN)
def test_what_is_wrong_with_samples_is_a_sentence(content, sentence):
    found = PRACTICAL.problems(content)
    assert len(found) == 1
    assert sentence in found[0]


def test_a_samples_mark_is_the_sum_that_grades_learners():
    kind = PRACTICAL(make.assignment_with_papers())
    assert [kind.sample_points(one) for one in make.SAMPLES] == [Decimal("0.90000"), Decimal("0.40000")]
    assert [kind.sample_points(one) for one in make.SAMPLES] == [kind.by_rubric([0, 1]), kind.by_rubric([2, 3])]


def test_the_task_itself_never_carries_them():
    kind = PRACTICAL(make.assignment_with_papers())
    assert not {"samples", "template"} & set(kind.public([]))


def test_the_text_is_drawn_once_when_the_version_is_written(course, monkeypatch):
    version = QuestionVersion.objects.get(question__code="M1-TUGAS-1")
    assert "<strong>diperiksa</strong>" in version.drawn["samples"]["exemplary"]
    monkeypatch.setattr(markdown, "render", lambda *_args, **_words: pytest.fail("rendered for a request"))
    shown = samples.shown(version)
    assert [one["mark"] for one in shown] == ["90", "40"]
    enrolment, _work = at_work(course, hand_in=True)
    assert client_of(enrolment.learner).get(f"/tugas/{activity_of(course)}/contoh/").status_code == 200


def test_loading_again_under_another_sanitiser_draws_anew_and_makes_no_version(course, monkeypatch, tmp_path):
    monkeypatch.setattr(markdown, "SANITISER_VERSION", "lain")
    module = Module.objects.get(course=course, code="M1")
    activities = {"M1-KUIS": make.QUIZ, "M1-TUGAS": make.assignment_with_papers()}
    questions = make.make_questions(lesson=module.activities.get(kind="lesson").code)
    report = make.load(module, activities, questions, tmp_path / "m1")
    assert {word for word, _ in report.lines} == {"unchanged"}
    (version,) = QuestionVersion.objects.filter(question__code="M1-TUGAS-1")
    assert version.drawn["sanitiser"] == "lain"
    assert QuizzesPart().freeze(module) == module.current_version.parts["quizzes"]


# --- who sees them -------------------------------------------------------------------------------------------------------
def test_a_learner_sees_them_only_after_the_own_work_was_handed_in(course):
    enrolment, work = at_work(course)
    client, address = client_of(enrolment.learner), f"/tugas/{activity_of(course)}/"
    page = client.get(address).content.decode()
    assert "contoh jawaban" not in page
    assert [text for text in TEXTS if text in page] == []
    assert client.get(f"{address}contoh/").status_code == 404
    attempts.submit(work, by=enrolment.learner)
    assert f'href="{address}contoh/"' in client.get(address).content.decode()
    shown = client.get(f"{address}contoh/")
    assert (shown.status_code, [text for text in TEXTS if text not in shown.content.decode()]) == (200, [])


def test_they_stay_open_while_returned_work_is_improved(course):
    enrolment, work = at_work(course, hand_in=True)
    trainer = staff("trainer", "cohort", enrolment.cohort_id)
    grading.return_for_revision(Attempt.objects.get(pk=work.pk), by=trainer, levels=[2, 2], comment="Lengkapi.")
    client = client_of(enrolment.learner)
    assert "contoh/" in client.get(f"/tugas/{activity_of(course)}/").content.decode()
    assert client.get(f"/tugas/{activity_of(course)}/contoh/").status_code == 200


@pytest.mark.parametrize(
    ("role", "kind", "status"),
    [
        ("author", "everything", 200),
        ("reviewer", "course", 200),
        ("organiser", "cohort", 200),
        ("organiser", "course", 200),
        ("trainer", "cohort", 200),
        ("admin", "everything", 200),
        ("coordinator", "everything", 404),
        ("trainer", "elsewhere", 404),
        ("author", "elsewhere", 404),
    ],
)
def test_staff_of_the_course_see_them_always(course, role, kind, status):
    cohort = make.make_enrolment(course).cohort
    scopes = {"everything": ("everything", ""), "course": ("course", course.pk), "cohort": ("cohort", cohort.pk)}
    scope = scopes.get(kind) or ("course", 999_999)
    page = client_of(staff(role, *scope)).get(f"/tugas/{activity_of(course)}/contoh/")
    assert page.status_code == status


def test_a_stranger_and_a_course_without_samples_are_absent(course):
    assert client_of(person()).get(f"/tugas/{activity_of(course)}/contoh/").status_code == 404
    bare = make.make_course(assignment=True)
    enrolment, _work = at_work(bare, hand_in=True)
    assert client_of(enrolment.learner).get(f"/tugas/{activity_of(bare)}/contoh/").status_code == 404
    assert client_of(staff("author")).get(f"/tugas/{activity_of(bare)}/contoh/").status_code == 404


def test_the_bench_leads_to_the_samples_of_the_version_that_is_graded(course, tmp_path):
    """A trainer compares with samples measured by the rubric on the bench, also after the samples were mended."""
    enrolment, work = at_work(course, hand_in=True)
    module = Module.objects.get(course=course, code="M1")
    mended = copy.deepcopy(make.assignment_with_papers())
    mended["samples"][1]["title"] = "Judul baru"
    questions = make.make_questions(lesson=module.activities.get(kind="lesson").code)
    make.load(module, {"M1-KUIS": make.QUIZ, "M1-TUGAS": mended}, questions, tmp_path / "m1")
    courses.publish(module)
    trainer = client_of(staff("trainer", "cohort", enrolment.cohort_id))
    assert f'href="/nilai/{work.pk}/contoh/"' in trainer.get(f"/nilai/{work.pk}/").content.decode()
    pages = {
        address: trainer.get(address).content.decode() for address in (f"/nilai/{work.pk}/contoh/", f"/tugas/{activity_of(course)}/contoh/")
    }
    assert ["Judul baru" in page for page in pages.values()] == [False, True]
    assert "Judul baru" not in client_of(enrolment.learner).get(f"/tugas/{activity_of(course)}/contoh/").content.decode()


def test_a_quiz_has_no_samples_on_the_bench(course):
    enrolment, _work = at_work(course)
    quiz = Attempt.objects.get(enrolment=enrolment, quiz__activity__code="M1-KUIS")
    trainer = client_of(staff("trainer", "cohort", enrolment.cohort_id))
    assert [trainer.get(f"/nilai/{quiz.pk}/{page}/").status_code for page in ("contoh", "lembar-kerja")] == [404, 404]


def test_the_page_costs_the_same_however_many_learners_there_are(course, django_assert_max_num_queries):
    enrolment, _work = at_work(course, hand_in=True)
    client = client_of(enrolment.learner)
    client.get(f"/tugas/{activity_of(course)}/contoh/")
    with django_assert_max_num_queries(12):
        client.get(f"/tugas/{activity_of(course)}/contoh/")


def test_the_rows_are_in_the_rubrics_words(course):
    version = QuestionVersion.objects.get(question__code="M1-TUGAS-1")
    assert kind_of(version).content["samples"] == make.SAMPLES
    row = samples.shown(version)[0]["rows"][1]
    assert (row["criterion"], row["level"], row["earned"], row["weight"]) == ("Ketepatan", "Baik", "30", 40)


def test_staff_who_learn_too_see_them_after_their_own_work(course):
    """A trainer of one cohort who learns in another one of the same course: neither on the page nor on the bench."""
    other, handed_in = at_work(course, hand_in=True)
    enrolment, own = at_work(course)
    accounts.grant(enrolment.learner, "trainer", "cohort", other.cohort_id)
    accounts.second_factor(enrolment.learner)
    client, closed = client_of(enrolment.learner), "Anda juga peserta kursus ini"
    addresses = [f"/tugas/{activity_of(course)}/contoh/", f"/nilai/{handed_in.pk}/contoh/"]
    for address in addresses:
        answer = client.get(address, follow=True)
        assert closed in answer.content.decode() and not any(text in answer.content.decode() for text in TEXTS), address
    assert not any(text in client.get(f"/nilai/{handed_in.pk}/").content.decode() for text in TEXTS)
    attempts.submit(own, by=enrolment.learner)
    for address in addresses:
        assert "Temuan teladan" in client.get(address).content.decode()
