"""The learner's pages: what they say, what they cost, and that looking changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from cohorts import structure
from cohorts.models import Cohort, Deadline, Enrolment, EnrolmentStatus, Progress, ProgressState
from courses.models import FrozenLesson, Version
from tests.factories.accounts import client_of, person, staff
from tests.factories.cohorts import activity_of, do_everything, make_cohort, make_enrolment, make_progress, make_published_course

pytestmark = pytest.mark.django_db
HOME = "/beranda/"


@pytest.fixture
def enrolment():
    """A learner who has done orientation and pre-test."""
    made = make_enrolment(make_cohort(make_published_course(slug="lini-masa")))
    make_progress(made, "ORIENTASI")
    make_progress(made, "TES-AWAL", points=0.5)
    return made


def url_of(enrolment: Enrolment, code: str) -> str:
    return structure.of(enrolment).by_activity[activity_of(enrolment.course, code).pk].url


def text(response) -> str:
    return response.content.decode()


# --- home -------------------------------------------------------------------------------------------------------------
def test_home_leads_to_the_next_lesson(enrolment):
    page = text(client_of(enrolment.learner).get(HOME))
    assert "Pelajaran 1.1" in page and f'href="{url_of(enrolment, "M1.1")}"' in page
    assert "Tinggal 6 pelajaran, 4 kuis, dan 3 tugas lagi untuk sertifikat." not in page  # the closing lesson counts too
    assert "Tinggal 7 pelajaran, 4 kuis, dan 3 tugas lagi untuk sertifikat." in page


def test_home_says_when_work_came_back_and_leads_there(enrolment):
    for code in ("M1.1", "M1.2", "M1-KUIS"):
        make_progress(enrolment, code, points=None if "." in code else 0.9)
    make_progress(enrolment, "M1-TUGAS", state=ProgressState.RETURNED)
    page = text(client_of(enrolment.learner).get(HOME))
    assert "perlu perbaikan" in page and url_of(enrolment, "M1-TUGAS") in page


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (None, "Gabung"),
        (EnrolmentStatus.REQUESTED, "Menunggu persetujuan"),
        (EnrolmentStatus.DECLINED, "tidak disetujui"),
        (EnrolmentStatus.COMPLETED, "Bimtek Anda selesai"),
    ],
)
def test_home_has_a_state_for_everyone(status, words):
    cohort, who = make_cohort(), person()
    if status:
        made = make_enrolment(cohort, who, status=status, reason="Bukan satgas.")
        do_everything(made)
    assert words in text(client_of(who).get(HOME))


def test_home_waits_with_the_learner_when_everything_is_handed_in():
    enrolment = make_enrolment()
    do_everything(enrolment, but=("M3-TUGAS",))
    make_progress(enrolment, "M3-TUGAS", state=ProgressState.SUBMITTED)
    page = text(client_of(enrolment.learner).get(HOME))
    assert "Menunggu pengajar" in page


@pytest.mark.parametrize(("role", "words"), [(Role.TRAINER, "Ruang kerja Anda"), (None, "")])
def test_people_with_a_role_find_their_work(role, words):
    who = staff(role) if role else person()
    page = text(client_of(who).get(HOME))
    assert ("Ruang kerja Anda" in page) is bool(words)


@pytest.mark.parametrize(
    ("zone", "utc", "words"),
    [
        ("Asia/Jakarta", "2026-11-22 22:30", "Selamat pagi"),
        ("Asia/Makassar", "2026-11-22 20:30", "Selamat pagi"),
        ("Asia/Jayapura", "2026-11-22 09:30", "Selamat sore"),
        ("Asia/Jakarta", "2026-11-22 05:00", "Selamat siang"),
        ("Asia/Jayapura", "2026-11-22 10:30", "Selamat malam"),
    ],
)
def test_the_greeting_follows_the_persons_own_clock(zone, utc, words):
    who = person(time_zone=zone)
    with time_machine.travel(datetime.fromisoformat(utc).replace(tzinfo=UTC), tick=False):
        assert words in text(client_of(who).get(HOME))


@pytest.mark.parametrize(
    ("zone", "day", "clock"),
    [
        ("Asia/Jakarta", "Hari ini", "23.30 WIB"),
        ("Asia/Makassar", "Besok", "00.30 WITA"),
        ("Asia/Jayapura", "Besok", "01.30 WIT"),
    ],
)
def test_a_deadline_near_midnight_falls_on_the_persons_own_day(zone, day, clock):
    cohort = make_cohort()
    enrolment = make_enrolment(cohort, person(time_zone=zone))
    Deadline.objects.create(
        cohort=cohort, activity=activity_of(cohort.course, "TES-AWAL"), due_at=datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    )
    with time_machine.travel(datetime(2026, 11, 22, 5, 0, tzinfo=UTC), tick=False):
        page = text(client_of(enrolment.learner).get(HOME))
    assert f"Ditutup pukul {clock}" in page
    assert page.index(f"{day} <span>") < page.index("Ditutup pukul")
    assert f"Tenggat {day.lower()}" in page


def test_a_deadline_that_passed_says_that_one_may_still_send(enrolment):
    Deadline.objects.create(
        cohort=enrolment.cohort, activity=activity_of(enrolment.course, "M1-KUIS"), due_at=timezone.now() - timedelta(days=1)
    )
    Cohort.objects.filter(pk=enrolment.cohort_id).update(revision=1)
    assert "Lewat tenggat" in text(client_of(enrolment.learner).get(HOME))


# --- module -----------------------------------------------------------------------------------------------------------
def test_the_module_page_shows_what_is_open_and_what_is_not(enrolment):
    page = text(client_of(enrolment.learner).get(reverse("cohorts:module", args=["lini-masa", "modul-1"])))
    assert url_of(enrolment, "M1.1") in page and url_of(enrolment, "M1-KUIS") not in page
    assert "Selesaikan dulu pelajaran Pelajaran 1.1" in page


def test_the_courses_own_activities_have_a_page_too(enrolment):
    page = text(client_of(enrolment.learner).get(reverse("cohorts:module", args=["lini-masa", "umum"])))
    assert "Orientasi" in page and "Penutup" in page


@pytest.mark.parametrize("who", ["stranger", "requested", "withdrawn", "anonymous"])
def test_only_those_who_take_the_course_open_its_pages(enrolment, who):
    url = url_of(enrolment, "M1.1")
    client = Client() if who == "anonymous" else client_of(person())
    if who in {"requested", "withdrawn"}:
        other = make_enrolment(enrolment.cohort, status=who)
        client = client_of(other.learner)
    assert client.get(url).status_code == (302 if who == "anonymous" else 404)
    module = client.get(reverse("cohorts:module", args=["lini-masa", "modul-1"]))  # public pages lead here
    assert module.status_code == 302 and (who == "anonymous" or module["Location"] == reverse("cohorts:joinable"))
    assert client.get(reverse("cohorts:module", args=["lain", "modul-1"])).status_code == (302 if who == "anonymous" else 404)
    assert client.post(f"{url}selesai/").status_code in {302, 404}
    assert Progress.objects.filter(activity__code="M1.1").count() == 0


# --- lesson -----------------------------------------------------------------------------------------------------------
def test_looking_changes_nothing(enrolment):
    before = list(Enrolment.objects.values()), list(Progress.objects.values())
    client = client_of(enrolment.learner)
    for address in (HOME, url_of(enrolment, "M1.1"), reverse("cohorts:module", args=["lini-masa", "modul-1"]), f"/program/{enrolment.pk}/"):
        assert client.get(address).status_code == 200
    assert (list(Enrolment.objects.values()), list(Progress.objects.values())) == before


def test_completing_a_lesson_saves_it_and_goes_on(enrolment):
    client = client_of(enrolment.learner)
    response = client.post(url_of(enrolment, "M1.1") + "selesai/")
    assert (response.status_code, response.headers["Location"]) == (302, url_of(enrolment, "M1.2"))
    assert Progress.objects.get(activity__code="M1.1").state == ProgressState.COMPLETED
    page = text(client.get(url_of(enrolment, "M1.2")))
    assert "Pelajaran 1.1 selesai" in page
    assert "Sudah selesai" in text(client.get(url_of(enrolment, "M1.1")))


def test_a_completed_lesson_can_be_taken_back(enrolment):
    client, url = client_of(enrolment.learner), url_of(enrolment, "M1.1")
    client.post(f"{url}selesai/")
    assert "Urungkan" in text(client.get(url))
    assert client.post(f"{url}urungkan/").headers["Location"] == url
    assert Progress.objects.get(activity__code="M1.1").state == ProgressState.STARTED
    assert "Selesai, lanjutkan" in text(client.get(url))


def test_a_locked_lesson_says_what_comes_first_and_cannot_be_completed(enrolment):
    client, url = client_of(enrolment.learner), url_of(enrolment, "M1.2")
    response = client.get(url)
    assert response.status_code == 403 and "Selesaikan dulu pelajaran Pelajaran 1.1" in text(response)
    assert client.post(f"{url}selesai/").status_code == 302
    assert Progress.objects.filter(activity__code="M1.2").count() == 0


@pytest.mark.parametrize(
    "address", ["lini-masa/modul-1/tidak-ada/", "lini-masa/modul-9/m1-1/", "lain/modul-1/m1-1/", "lini-masa/modul-1/m1-kuis/"]
)
def test_what_is_not_a_lesson_of_mine_is_404(enrolment, address):
    client = client_of(enrolment.learner)
    assert client.get(f"/belajar/{address}").status_code == 404
    assert client.post(f"/belajar/{address}selesai/").status_code == 404


@pytest.mark.parametrize("verb", ["selesai", "urungkan"])
def test_acts_are_posts(enrolment, verb):
    assert client_of(enrolment.learner).get(url_of(enrolment, "M1.1") + f"{verb}/").status_code == 405


# --- checks -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ("0", ["Tepat.", "SMS rawan diambil alih", "Mengapa bukan yang lain?", "langsung membuka akun"]),
        ("1", ["Belum tepat, coba sekali lagi", "langsung membuka akun"]),
    ],
)
def test_a_check_is_answered_on_the_server_without_a_script(enrolment, choice, words):
    client, url = client_of(enrolment.learner), url_of(enrolment, "M1.1")
    before = text(client.get(url))
    assert "SMS sebagai faktor kedua" in before and "SMS rawan diambil alih" not in before
    response = client.post(f"{url}cek/sms/", {"pilihan": choice})
    assert response.status_code == 200 and all(word in text(response) for word in words) and "<h1>" in text(response)
    assert ("SMS rawan diambil alih" in text(response)) == (choice == "0"), "A wrong choice does not tell why the right one is."
    assert Progress.objects.get(activity__code="M1.1").state == ProgressState.STARTED
    assert "SMS rawan diambil alih" not in text(client.get(url)), "What one person saw is not kept for the next."


def test_the_script_gets_only_the_section(enrolment):
    client, url = client_of(enrolment.learner), url_of(enrolment, "M1.1")
    response = client.post(f"{url}cek/sms/", {"pilihan": "0"}, headers={"X-Requested-With": "fragment"})
    assert response.status_code == 200 and text(response).lstrip().startswith("<section") and "<h1>" not in text(response)


@pytest.mark.parametrize("choice", ["", "x", "7", "-1", "9" * 50, "٣", "00009", "0" * 5_000])
def test_a_check_without_a_usable_answer_gets_a_sentence(enrolment, choice):
    response = client_of(enrolment.learner).post(url_of(enrolment, "M1.1") + "cek/sms/", {"pilihan": choice})
    assert response.status_code == 422 and "Pilih satu jawaban" in text(response) and "<title>Galat:" in text(response)


def test_a_lesson_explains_its_terms_on_the_page_itself(enrolment):
    cohort = enrolment.cohort
    version = Version.objects.get(pk=cohort.course_version_id or cohort.course.current_version_id)
    rows = [{"slug": "kunci-sandi", "term": "Kunci sandi", "definition": "Pengganti <b>kata sandi</b>."}]
    Version.objects.filter(pk=version.pk).update(facts={**version.facts, "glossary": rows})
    html = '<p><a class="term" href="/glosarium/#kunci-sandi">kunci</a> <a class="term" href="/glosarium/#lain">lain</a></p>'
    FrozenLesson.objects.filter(activity__code="M1.1").update(html=html)
    page = text(client_of(enrolment.learner).get(url_of(enrolment, "M1.1")))
    assert '<a class="term" href="#istilah-kunci-sandi">kunci</a>' in page and 'href="/glosarium/#lain"' in page
    assert '<div id="istilah-kunci-sandi"><dt>Kunci sandi</dt><dd>Pengganti &lt;b&gt;kata sandi&lt;/b&gt;.</dd></div>' in page


def test_an_absent_check_is_404(enrolment):
    assert client_of(enrolment.learner).post(url_of(enrolment, "M1.1") + "cek/lain/", {"pilihan": "0"}).status_code == 404


def test_the_form_token_is_the_persons_own(enrolment):
    other = make_enrolment(enrolment.cohort)
    make_progress(other, "ORIENTASI")
    make_progress(other, "TES-AWAL", points=0.5)
    pages = [text(client_of(one.learner).get(url_of(enrolment, "M1.1"))) for one in (enrolment, other)]
    tokens = [{part.split('"')[0] for part in page.split('name="csrfmiddlewaretoken" value="')[1:]} for page in pages]
    assert all(len(found) == 1 for found in tokens) and tokens[0] != tokens[1]
    client = Client(enforce_csrf_checks=True)
    client.force_login(enrolment.learner)
    page = text(client.get(url_of(enrolment, "M1.1")))
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    url = url_of(enrolment, "M1.1") + "selesai/"
    assert client.post(url).status_code == 403
    assert client.post(url, {"csrfmiddlewaretoken": token}).status_code == 302


# --- program ----------------------------------------------------------------------------------------------------------
def test_the_program_page_explains_what_is_missing(enrolment):
    page = text(client_of(enrolment.learner).get(f"/program/{enrolment.pk}/"))
    assert "Mengapa belum terbit?" in page and "0 dari 6 pelajaran" in page and "Tes akhir, nilai paling rendah 70" in page


def test_another_persons_program_is_404(enrolment):
    assert client_of(person()).get(f"/program/{enrolment.pk}/").status_code == 404
    assert client_of(person()).post(f"/program/{enrolment.pk}/mundur/").status_code == 404


# --- cost -------------------------------------------------------------------------------------------------------------
def counted(client, url, django_assert_max_num_queries, most):
    client.get(url)  # what all learners share is made once a process
    with django_assert_max_num_queries(most) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_a_lesson_costs_at_most_five_statements_however_much_was_done(enrolment, django_assert_max_num_queries):
    client, url = client_of(enrolment.learner), url_of(enrolment, "M1.1")
    little = counted(client, url, django_assert_max_num_queries, 5)
    for code in ("M1.1", "M1.2"):
        make_progress(enrolment, code)
    assert counted(client, url, django_assert_max_num_queries, 5) == little


@pytest.mark.parametrize("address", [HOME, "/belajar/lini-masa/modul-1/", "program"])
def test_home_module_and_program_cost_at_most_eight_statements(enrolment, address, django_assert_max_num_queries):
    url = f"/program/{enrolment.pk}/" if address == "program" else address
    client = client_of(enrolment.learner)
    little = counted(client, url, django_assert_max_num_queries, 8)
    do_everything(enrolment, but=("ORIENTASI", "TES-AWAL", "TES-AKHIR"))
    assert counted(client, url, django_assert_max_num_queries, 8) == little


def test_two_people_at_the_same_place_share_what_is_kept(enrolment, django_assert_max_num_queries):
    """And what is shown to one who is further on differs."""
    client, url = client_of(enrolment.learner), url_of(enrolment, "M1.1")
    first = text(client.get(url))
    make_progress(enrolment, "M1.1")
    second = text(client.get(url))
    assert "Selesai, lanjutkan" in first and "Selesai, lanjutkan" not in second
    assert url_of(enrolment, "M1.2") in second
