"""The trainer's desk: names that are hidden stay hidden everywhere, files on the page, answers to one question, what it costs."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from cohorts.models import Enrolment
from quizzes import attempts, grading, uploads
from quizzes.marking import effects, naming
from quizzes.models import AnswerEvent, Attempt, AttemptStatus, Claim, GradeEvent, QuestionKind, Response, Upload
from tests.factories import quizzes as make
from tests.factories.accounts import agency, client_of, person, staff
from tests.quizzes.test_grading import handed_in, trainer_of

pytestmark = pytest.mark.django_db
NAME, AGENCY, ADDRESS = "Marta Lestari Nggonde", "Humas Setda Kabupaten Rahasia", "marta.nggonde@rahasia.go.id"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "navy").save(out, "PNG")
    return out.getvalue()


def work_of_marta(*, hidden: bool = True) -> Attempt:
    """Practical work with files whose names tell who sent them, started under rules that hide names."""
    course = make.make_course(assignment=True)
    enrolment = make.make_enrolment(course, learner=person(name=NAME, email=ADDRESS, agency=agency(AGENCY)))
    Enrolment.objects.filter(pk=enrolment.pk).update(agency=enrolment.learner.agency)
    quiz = make.start(enrolment)
    make.answer_all(quiz)
    attempts.submit(quiz, by=enrolment.learner)
    work = make.start(enrolment, "M1-TUGAS")
    response = work.responses.select_related("question_version").get()
    uploads.receive(response, SimpleUploadedFile("laporan-marta-lestari.pdf", PDF))
    make.save(work.responses.select_related("question_version", "attempt__enrolment__learner").get(), {"text": ["Rencana pekan 47."]})
    attempts.submit(work, by=enrolment.learner)
    Attempt.objects.filter(pk=work.pk).update(rules=work.rules | {"names_hidden": hidden, "second_marking": 1.0})
    return Attempt.objects.select_related("enrolment__learner", "enrolment__agency", "quiz__activity").get(pk=work.pk)


def test_a_hidden_name_is_in_no_byte_that_a_trainer_gets() -> None:
    work = work_of_marta()
    first, second = trainer_of(work), trainer_of(work)
    mine, theirs = client_of(first), client_of(second)
    upload = Upload.objects.get()
    shown = naming.pseudonym(work)
    answers = [mine.get(address) for address in ("/nilai/", f"/nilai/{work.pk}/", "/nilai/?cara=soal")]
    answers += [mine.post(f"/nilai/{work.pk}/ambil/"), mine.get(f"/nilai/{work.pk}/"), theirs.get(f"/nilai/{work.pk}/")]
    answers += [mine.get(f"/nilai/berkas/{upload.pk}/"), mine.get(f"/tugas/berkas/{upload.pk}/")]
    answers += [mine.post(f"/nilai/{work.pk}/", {"c0": "0", "urutan": "1"})]
    answers += [mine.post(f"/nilai/{work.pk}/", {"c0": "0", "c1": "0", "urutan": "2", "comment": "Baik."}), mine.get("/nilai/")]
    answers += [mine.post(f"/nilai/{work.pk}/urungkan/"), mine.get(f"/nilai/{work.pk}/")]
    grading.accept(Attempt.objects.get(pk=work.pk), by=first, levels=[0, 0])
    answers += [mine.get(f"/nilai/{work.pk}/"), theirs.get("/nilai/kedua/"), theirs.get(f"/nilai/kedua/{work.pk}/")]
    for answer in answers:
        assert answer.status_code < 500
        said = (answer.getvalue() + str(dict(answer.headers)).encode() + str(answer.cookies).encode()).decode("utf-8", "replace").casefold()
        for secret in ("marta", "nggonde", "setda", "rahasia", ADDRESS):
            assert secret not in said, (answer.request["PATH_INFO"], secret)
    assert shown in answers[0].content.decode() and f"<title>Menilai: {shown}" in answers[1].content.decode()
    assert f"{shown.replace(' ', '-').lower()}-berkas-1.pdf" in answers[6]["Content-Disposition"]
    held = answers[5].content.decode()
    assert "Pengajar lain sedang menilai" in held and first.name not in held.split("</header>")[-1]
    own = client_of(work.enrolment.learner).get(f"/tugas/berkas/{upload.pk}/")
    assert own.getvalue() == PDF and "laporan-marta-lestari.pdf" in own["Content-Disposition"]


def test_late_answers_of_a_hidden_learner_are_listed_by_pseudonym() -> None:
    attempt = make.start(make.make_enrolment(make.make_course(), learner=person(name=NAME)))
    Attempt.objects.filter(pk=attempt.pk).update(rules=attempt.rules | {"names_hidden": True})
    response = attempt.responses.select_related("question_version", "attempt__enrolment__learner").exclude(
        question_version__kind="short_answer"
    )[0]
    attempts.submit(attempt, by=attempt.enrolment.learner)
    make.save(response, make.right(response))
    assert AnswerEvent.objects.filter(was_accepted=False).exists()
    page = client_of(trainer_of(attempt)).get("/nilai/terlambat/").content.decode()
    assert NAME not in page and naming.pseudonym(attempt) in page


def test_a_pseudonym_stays_and_differs_between_attempts() -> None:
    one, other = Attempt(pk=1), Attempt(pk=2)
    assert naming.pseudonym(one) == naming.pseudonym(Attempt(pk=1)) != naming.pseudonym(other)
    assert naming.pseudonym(one).startswith("Peserta ")


# --- files on the page ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("name", "data", "type_"), [("a.pdf", PDF, "application/pdf"), ("a.png", None, "image/png")])
def test_a_file_is_shown_on_the_page_by_its_own_strict_policy(name: str, data: bytes | None, type_: str) -> None:
    work = work_of_marta(hidden=False)
    response = work.responses.select_related("question_version").get()
    response.question_version.content["files"]["types"] = ["pdf", "png"]
    Attempt.objects.filter(pk=work.pk).update(status=AttemptStatus.OPEN, submitted_at=None)
    upload = uploads.receive(response, SimpleUploadedFile(name, data or picture()))
    Attempt.objects.filter(pk=work.pk).update(status=AttemptStatus.SUBMITTED, submitted_at=timezone.now())
    client = client_of(trainer_of(work))
    answer = client.get(f"/nilai/berkas/{upload.pk}/")
    assert answer.getvalue()[:4] in {b"%PDF", b"\x89PNG"}
    assert (answer.status_code, answer["Content-Type"], answer["X-Content-Type-Options"]) == (200, type_, "nosniff")
    assert answer["Content-Disposition"].startswith("inline") and "default-src 'none'" in answer["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    page = client.get(f"/nilai/{work.pk}/").content.decode()
    assert f'src="/nilai/berkas/{upload.pk}/"' in page and f'href="/tugas/berkas/{upload.pk}/"' in page
    assert client_of(work.enrolment.learner).get(f"/nilai/berkas/{upload.pk}/").status_code == 404
    assert client_of(staff("trainer", "cohort", 999_999)).get(f"/nilai/berkas/{upload.pk}/").status_code == 404


def test_a_workbook_is_only_downloaded() -> None:
    work = work_of_marta(hidden=False)
    Upload.objects.update(content_type=uploads.TYPES["xlsx"])
    client = client_of(trainer_of(work))
    assert client.get(f"/nilai/berkas/{Upload.objects.get().pk}/").status_code == 404
    answer = client.get(f"/tugas/berkas/{Upload.objects.get().pk}/")
    assert answer.getvalue() == PDF and answer["Content-Disposition"].startswith("attachment")


# --- by question ------------------------------------------------------------------------------------------------------
def waiting_answers(count: int) -> tuple[int, list[Response]]:
    """``count`` learners whose answer to one and the same question waits for a person."""
    course, first, found = make.make_course(copies=1, rules={"draw": [{"module": "M1", "count": 7}]}), None, []
    for _ in range(count):
        enrolment = make.make_enrolment(course, learner=person())
        if first:
            Enrolment.objects.filter(pk=enrolment.pk).update(cohort=first.cohort)
            enrolment.refresh_from_db()
        first = first or enrolment
        attempt = make.start(enrolment)
        make.answer_all(attempt, make.wrong)
        attempts.submit(attempt, by=enrolment.learner)
        found.append(attempt.responses.select_related("question_version", "attempt").get(question_version__kind=QuestionKind.SHORT_ANSWER))
    return found[0].question_version.question_id, found


def test_answers_to_one_question_are_judged_across_learners() -> None:
    question, (one, other, third) = waiting_answers(3)
    trainer = trainer_of(one.attempt)
    client = client_of(trainer)
    assert f"/nilai/soal/{question}/" in client.get("/nilai/?cara=soal").content.decode()
    page = client.get(f"/nilai/soal/{question}/").content.decode()
    assert page.count("sama sekali lain") == 3 and "3 jawaban menunggu" in page
    Claim.objects.create(attempt=third.attempt, by=trainer_of(one.attempt), until=timezone.now() + timedelta(minutes=5))
    assert client.post(f"/nilai/soal/{question}/", {}).status_code == 422
    posted = {f"r{one.pk}": "1", f"r{other.pk}": "0", f"r{third.pk}": "1"}
    assert client.post(f"/nilai/soal/{question}/", posted).status_code == 302
    judged = dict(Response.objects.filter(pk__in=[one.pk, other.pk, third.pk]).values_list("pk", "points"))
    assert (judged[one.pk], judged[other.pk], judged[third.pk]) == (1, 0, None)
    assert GradeEvent.objects.filter(kind="trainer").count() == 2
    one.attempt.refresh_from_db()
    assert (one.attempt.status, one.attempt.takes_effect_at is not None) == (AttemptStatus.GRADED, True)
    foreign = client_of(staff("trainer", "cohort", 999_999))
    assert foreign.get(f"/nilai/soal/{question}/").status_code == 404
    assert effects.take_due() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_by_question_cost_the_same_for_any_length(count: int, django_assert_num_queries) -> None:
    question, found = waiting_answers(count)
    client = client_of(trainer_of(found[0].attempt))
    client.get("/nilai/?cara=soal")
    with django_assert_num_queries(9):
        client.get("/nilai/?cara=soal")
    with django_assert_num_queries(6):
        client.get(f"/nilai/soal/{question}/")


@pytest.mark.parametrize(
    "query", ["?tugas=abc", "?angkatan=999999999999999999999", "?kursus=-1", "?cara=x&milik=y&hal=9999", "?tugas=1&angkatan=2"]
)
def test_a_strange_filter_is_no_error(query: str) -> None:
    assert client_of(trainer_of(handed_in())).get(f"/nilai/{query}").status_code == 200


def test_the_queue_is_filtered_by_cohort_and_task() -> None:
    work, other = handed_in(), handed_in()
    trainer = staff("trainer")
    client = client_of(trainer)
    page = client.get(f"/nilai/?angkatan={work.enrolment.cohort_id}").content.decode()
    assert f'href="/nilai/{work.pk}/"' in page and f'href="/nilai/{other.pk}/"' not in page
    page = client.get(f"/nilai/?tugas={other.quiz.activity_id}").content.decode()
    assert f'href="/nilai/{other.pk}/"' in page and f'href="/nilai/{work.pk}/"' not in page
