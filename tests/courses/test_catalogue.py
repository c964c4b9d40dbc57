"""The public pages: only what is published, in few queries, honest when there is nothing."""

from __future__ import annotations

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.models import Course, Module
from tests.factories import accounts
from tests.factories import courses as make

pytestmark = pytest.mark.django_db


def get(path: str, **query: str):
    return Client().get(path, query)


def test_the_landing_page_offers_sign_in_sign_up_modules_and_the_certificate_check():
    make.make_published_course(modules=2, lessons=1, optional=1)
    page = get("/").content.decode()
    assert reverse("account_login") in page and reverse("account_signup") in page
    assert "Tiga modul, 4 jam pelajaran" in page and "Program inti 3 JP: dua modul" in page
    assert f'action="{reverse("certificates:verify")}"' in page and 'name="kode"' in page
    assert page.count('<li class="course">') == 3 and "style=" not in page


def test_public_pages_stand_without_any_course():
    assert "Belum ada modul yang terbit" in get("/").content.decode()
    assert "Belum ada modul yang terbit" in get("/modul/").content.decode()
    assert get("/modul/tidak/ada/").status_code == 404


@pytest.mark.parametrize("hide", ["module_unpublished", "module_archived", "course_unpublished"])
def test_drafts_and_archived_modules_are_nowhere(hide):
    course = make.make_published_course(modules=1)
    module = course.modules.get()
    address = reverse("courses:module_page", args=[course.slug, module.slug])
    assert get(address).status_code == 200 and module.title in get("/modul/").content.decode()
    if hide == "module_unpublished":
        Module.objects.update(current_version=None)
    elif hide == "module_archived":
        Module.objects.update(archived_at=timezone.now())
    else:
        Course.objects.update(current_version=None)
    assert get(address).status_code == 404
    assert module.title not in get("/modul/").content.decode()


def test_public_pages_show_what_was_published_not_the_draft():
    course = make.make_published_course(modules=1)
    module = course.modules.get()
    Module.objects.update(title="Judul rahasia draf")
    address = reverse("courses:module_page", args=[course.slug, module.slug])
    for path in ("/", "/modul/", address):
        assert "rahasia" not in get(path).content.decode()
    assert "rahasia" not in get("/modul/", q="rahasia").content.decode().replace('value="rahasia"', "").replace("“rahasia”", "")


def test_search_finds_words_in_title_and_summary_and_filters_by_kind():
    course = make.make_published_course(modules=1, optional=1)
    first, second = course.modules.all()
    Module.objects.filter(pk=first.pk).update(title="Keamanan akun", summary="Kunci sandi.")
    first.refresh_from_db()
    make.publish(first)
    assert get("/modul/", q="keamanan SANDI").content.decode().count('class="course"') == 1
    assert get("/modul/", jenis="pilihan").content.decode().count('class="course"') == 1
    assert second.title in get("/modul/", jenis="pilihan").content.decode()
    empty = get("/modul/", q="tidak-ada").content.decode()
    assert "Tidak ada modul yang cocok" in empty and "Lihat semua modul" in empty


@pytest.mark.parametrize(
    "query", [{"q": "x" * 1_000_000}, {"q": "a\x07b"}, {"jenis": "semuanya"}, {"hal": "0"}, {"hal": "9" * 400}, {"hal": "x"}]
)
def test_a_bad_search_gets_a_sentence_never_an_error(query):
    make.make_published_course()
    answer = get("/modul/", **query)
    assert answer.status_code == (200 if "hal" in query else 422)
    if "hal" not in query:
        assert "<title>Galat: Modul" in answer.content.decode()


def test_a_module_page_names_outcomes_lessons_conditions_and_hours():
    course = make.make_published_course(modules=1, lessons=2)
    module = course.modules.get()
    page = get(reverse("courses:module_page", args=[course.slug, module.slug])).content.decode()
    assert "Mengamankan akun instansi." in page and "Dua pelajaran selesai" in page
    assert "Tes akhir, nilai paling rendah 70" in page and "Rata-rata tugas praktik paling rendah 70" in page
    assert "Masuk untuk mulai" in page and 'aria-label="Susunan program menurut jam pelajaran"' in page


def test_a_signed_in_person_goes_on_to_the_own_module_page():
    course = make.make_published_course(modules=1)
    module = course.modules.get()
    client = accounts.client_of(accounts.person())
    page = client.get(reverse("courses:module_page", args=[course.slug, module.slug])).content.decode()
    assert reverse("cohorts:module", args=[course.slug, module.slug]) in page and "Lanjutkan" in page
    assert "Lanjutkan belajar" in client.get("/").content.decode()


def test_a_module_page_costs_one_statement_and_lists_cost_the_same_for_any_length(django_assert_num_queries):
    course = make.make_published_course(modules=1)
    address = reverse("courses:module_page", args=[course.slug, course.modules.get().slug])
    bigger = make.make_published_course(modules=3, lessons=3)
    caches["local"].clear()
    for path in (address, "/", "/modul/"):
        get(path)
    with django_assert_num_queries(1):
        get(address)
    with django_assert_num_queries(2):
        get("/")
    with django_assert_num_queries(2):
        get("/modul/")
    Course.objects.filter(pk=course.pk).update(current_version=None)
    get("/")
    with django_assert_num_queries(2):
        get("/")
    assert bigger.modules.count() == 3
