"""The pages of the outline: what they show, what the forms do, who may; repeated posts are harmless, costs do not grow with the parts."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections
from django.urls import reverse

from accounts.models import Role, ScopeKind
from courses import arranging, copying, editing, publishing
from courses.holders import activities_of
from courses.models import Activity, Course, Module
from tests.factories import accounts
from tests.factories import courses as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make.make_published_course(modules=2, lessons=2)


@pytest.fixture
def author(course):
    return accounts.staff(Role.AUTHOR, ScopeKind.COURSE, course.pk)


def at(name, holder):
    return reverse(f"courses:{name}", args=[holder.pk])


def codes(holder):
    return [one.code for one in activities_of(holder)]


def test_the_outline_says_what_is_left_and_who_does_it(course, author):
    client, module = accounts.client_of(author), course.modules.first()
    page = client.get(at("studio_course", course)).content.decode()
    assert "Semua bagian terbit." in page and "Tugas saya <b>0</b>" in page
    part = arranging.add(module, kind="lesson", title="Belum ditulis", minutes=30, by=author)
    page = client.get(at("studio_course", course)).content.decode()
    assert "Satu bagian belum terbit." in page and f"Lanjutkan {part.code}" in page
    assert f"{part.code}: Pelajaran ini masih kosong" in page and f"Menulis {part.code}" in page
    filtered = client.get(at("studio_course", course), {"saring": "saya"}).content.decode()
    assert "Belum ditulis" in filtered and course.modules.last().activities.first().title not in filtered
    assert client.get(at("studio_course", course), {"saring": "entah", "buka": "x" * 999}).status_code == 200
    empty = client.get(at("studio_course", course), {"saring": "tinjau-ulang"}).content.decode()
    assert "Tidak ada yang perlu ditinjau ulang" in empty and "Satu bagian belum terbit." in empty and f"Lanjutkan {part.code}" in empty


def test_the_studio_leads_on_to_what_one_wrote_last_and_a_new_author_to_the_practice_module(course, author):
    client, part = accounts.client_of(author), course.modules.first().activities.first()
    assert "modul latihan" in client.get("/kelola/modul/").content.decode()
    editing.save_lesson(part, by=author, edit_number=0, body="Kalimat baru.\n", values={}, facts={})
    page = client.get("/kelola/modul/").content.decode()
    assert f"Lanjutkan {part.code}" in page and "modul latihan" not in page
    client.post(at("archive", part))
    assert f"Lanjutkan {part.code}" not in client.get("/kelola/modul/").content.decode()


@pytest.mark.parametrize(("parts", "changed"), [(1, 1), (3, 1), (1, 3), (3, 3)])
def test_the_outline_costs_the_same_for_any_number_of_parts_and_of_changed_modules(parts, changed, django_assert_num_queries):
    course = make.make_published_course(slug="lain", modules=4, lessons=2)
    author = accounts.staff(Role.AUTHOR, ScopeKind.COURSE, course.pk)
    client = accounts.client_of(author)
    for module in course.modules.all()[:changed]:
        for number in range(parts):
            made = arranging.add(module, kind="lesson", title=f"Baru {number}", minutes=30, by=author)
            editing.save_lesson(made, by=author, edit_number=0, body="Isi.\n", values={}, facts={})
        arranging.add(module, kind="quiz", title="Kuis", minutes=10, by=author)
    client.get(at("studio_course", course))
    with django_assert_num_queries(35):
        page = client.get(at("studio_course", course)).content.decode()
    assert page.count("Belum ditentukan soal mana yang diambil") >= changed


@pytest.mark.parametrize("kind", ["lesson", "quiz", "assignment", "session"])
def test_a_part_is_added_by_the_form_and_opens_where_it_is_written(course, author, kind):
    client, module = accounts.client_of(author), course.modules.first()
    answer = client.post(at("add_to_module", module), {"title": "Baru", "kind": kind, "minutes": 15})
    made = Activity.objects.get(title="Baru")
    assert answer.status_code == 302 and made.kind == kind and client.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize(
    "fields",
    [{"title": ""}, {"title": "a\x00"}, {"title": "x" * 1_000_000}, {"kind": "evaluation"}, {"minutes": "9" * 400}, {"minutes": -1}],
)
def test_bad_parts_get_a_sentence_and_change_nothing(course, author, fields):
    client, count = accounts.client_of(author), Activity.objects.count()
    for address in (at("add_to_module", course.modules.first()), at("add_to_course", course)):
        answer = client.post(address, {"title": "Baru", "kind": "lesson", "minutes": 15} | fields)
        assert answer.status_code == 422 and "<title>Galat:" in answer.content.decode()
    assert Activity.objects.count() == count


def test_parts_move_without_a_script_and_a_script_gets_the_sentence(course, author):
    client = accounts.client_of(author)
    first, second = course.modules.order_by("position")
    part = first.activities.first()
    answer = client.post(at("move", part), {"step": "1"})
    assert answer.status_code == 302 and "urut=M1" in answer["Location"] and codes(first) == ["M1.2", "M1.1"]
    page = client.get(answer["Location"]).content.decode()
    assert page.count("data-order checked") == 1
    answer = client.post(at("move", part), {"target": "M2", "position": "1"}, headers={"Accept": "application/json"})
    assert answer.json() == {"told": "M1.1 sekarang nomor 1 di Modul M2."} and codes(second)[0] == "M1.1"
    for words in ({"target": "M9"}, {"target": "x" * 50}, {"target": "M2", "position": "0"}, {}, {"step": "7"}):
        assert client.post(at("move", part), words, headers={"Accept": "application/json"}).status_code == 422
        assert client.post(at("move", part), words).status_code == 422
    assert codes(second)[0] == "M1.1"


def test_copies_archives_and_returns_by_forms_twice_are_harmless(course, author):
    client, module = accounts.client_of(author), course.modules.first()
    part = module.activities.first()
    for name in ("archive", "archive", "bring_back", "bring_back"):
        assert client.post(at(name, part)).status_code == 302
    assert codes(module) == ["M1.2", "M1.1"]
    client.post(at("archive", part))
    assert part.title in client.get(at("archive_list", course)).content.decode()
    assert client.post(at("copy", part)).status_code == 422 and client.get(at("copy", part)).status_code == 405
    assert client.get(at("archive_module", module)).status_code == 200
    for name in ("archive_module", "archive_module", "bring_module_back", "bring_module_back"):
        assert client.post(at(name, module)).status_code == 302
    assert client.post(at("copy_module", module)).status_code == 302 and Module.objects.filter(code="M3").exists()
    assert client.post(at("add_module", course), {"title": "Krisis"}).status_code == 302
    assert client.post(at("add_module", course), {"title": ""}).status_code == 422
    assert client.post(at("move_module", module), {"step": "-1"}).status_code == 302


def test_every_part_has_a_page_for_its_title_and_minutes(course, author):
    client, module = accounts.client_of(author), course.modules.first()
    part = arranging.add(module, kind="session", title="Kelas", minutes=90, by=author)
    assert client.post(at("part", part), {"title": "Kelas langsung", "minutes": 45, "is_required": "on"}).status_code == 302
    part.refresh_from_db()
    assert (part.title, part.minutes) == ("Kelas langsung", 45)
    assert client.post(at("part", part), {"title": "", "minutes": 45}).status_code == 422


RULES = {
    "post_test_at_least": "72,5",
    "each_assignment_at_least": "60",
    "assignments_mean_at_least": "70",
    "weight_post_test": "40",
    "weight_assignments": "45",
    "weight_participation": "15",
    "predicates": "90 Sangat Memuaskan\n80 Memuaskan",
    "jp_self_paced": "18",
    "jp_scheduled": "20",
    "signatory_name": "Ratna",
}


def settings_of(course, **fields):
    stages = {
        f"tahap-{number}-{name}": value
        for number, stage in enumerate(course.programme, 1)
        for name, value in {"title": stage["title"], "minutes": stage["minutes"], "module": stage.get("module", "")}.items()
    }
    stages |= {"tahap-1-items": ", ".join(course.programme[0]["items"])} if course.programme else {}
    return {"title": course.title, "full_title": "", "summary": ""} | RULES | stages | fields


def test_rules_and_programme_are_kept_by_the_form_as_the_files_have_them(course, author):
    client, before = accounts.client_of(author), course.programme
    assert client.get(at("course_settings", course)).status_code == 200
    answer = client.post(at("course_settings", course), settings_of(course))
    course.refresh_from_db()
    assert answer.status_code == 302 and course.programme == before
    assert course.rules["post_test_at_least"] == 0.725 and course.rules["predicates"] == [[90, "Sangat Memuaskan"], [80, "Memuaskan"]]
    assert course.rules["weights"] == {"post_test": 40, "assignments": 45, "participation": 15}
    assert course.rules["certificate"] == {"signatory": {"name": "Ratna"}}
    assert publishing.holder_problems(course) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"title": ""},
        {"post_test_at_least": "101"},
        {"weight_post_test": "41"},
        {"predicates": "Baik"},
        {"predicates": "70 Baik\n90 Sangat"},
        {"jp_scheduled": "0"},
        {"number": "tanpa pola"},
        {"tahap-1-items": "ENTAH"},
        {"tahap-3-module": "M99"},
        {"tahap-4-minutes": "45"},
    ],
)
def test_wrong_settings_get_a_sentence_and_change_nothing(course, author, fields):
    before = (course.title, course.rules, course.programme)
    answer = accounts.client_of(author).post(at("course_settings", course), settings_of(course, **fields))
    course.refresh_from_db()
    assert answer.status_code == 422 and "<title>Galat:" in answer.content.decode()
    assert (course.title, course.rules, course.programme) == before


def test_only_an_admin_makes_copies_and_archives_whole_courses(course, author):
    admin = accounts.admin()
    for person, expected in ((author, 404), (admin, 302)):
        client = accounts.client_of(person)
        assert client.post(reverse("courses:new_course"), {"title": "Bimtek baru"}).status_code == expected
        assert client.post(at("copy_course", course), {"title": "Bimtek 2027"}).status_code == expected
        assert client.post(at("archive_course", course)).status_code == expected
    assert set(Course.objects.filter(title__startswith="Bimtek").values_list("slug", flat=True)) == {"bimtek-baru", "bimtek-2027"}
    course.refresh_from_db()
    assert course.archived_at and course.title not in accounts.client_of(admin).get("/kelola/modul/").content.decode()
    assert course.modules.first().title not in accounts.client_of(None).get("/modul/").content.decode()
    accounts.client_of(admin).post(at("bring_course_back", course))
    course.refresh_from_db()
    assert course.archived_at is None


def test_practice_and_foreign_courses_are_not_listed(course, author):
    Course.objects.filter(pk=course.pk).update(is_practice=True)
    assert course.title not in accounts.client_of(author).get("/kelola/modul/").content.decode()
    other = copying.create_course(title="Kursus orang lain", by=accounts.admin())
    assert accounts.client_of(author).get(at("studio_course", other)).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_moves_at_the_same_time_leave_each_part_once_with_its_own_place():
    course = make.make_published_course(modules=2, lessons=4)
    author = accounts.staff(Role.AUTHOR)
    first, second = course.modules.order_by("position")
    parts = list(first.activities.all())
    failures: list[BaseException] = []

    def act(part, target, position):
        try:
            arranging.place(part, by=author, target=target, position=position)
        except BaseException as error:  # told after the threads
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=(part, second, number)) for number, part in enumerate(parts[:3], 1)]
    threads += [threading.Thread(target=act, args=(parts[3], first, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == [] and connection.vendor
    assert codes(first) == ["M1.4"] and sorted(codes(second)) == ["M1.1", "M1.2", "M1.3", "M2.1", "M2.2", "M2.3", "M2.4"]
    assert sorted(second.activities.values_list("position", flat=True)) == [1, 2, 3, 4, 5, 6, 7]
