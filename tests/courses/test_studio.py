"""The studio: who may do what, drafts that are never lost, publishing with its preview."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Role, ScopeKind
from audit.models import Entry
from courses import arranging, editing, media
from courses.models import Activity, FrozenLesson, Lesson, Media, Version
from tests.courses.pictures import png
from tests.factories import accounts
from tests.factories import courses as make

pytestmark = pytest.mark.django_db
PEOPLE = ("author", "other_author", "reviewer", "admin", "trainer", "learner", "nobody")


@pytest.fixture
def module():
    course = make.make_published_course(modules=1, lessons=2)
    return course.modules.get()


def who(name: str, module):
    if name in {"author", "reviewer"}:
        return accounts.staff(name, ScopeKind.COURSE, module.course_id)
    if name == "other_author":
        return accounts.staff(Role.AUTHOR, ScopeKind.COURSE, make.make_course().pk)
    if name == "trainer":
        return accounts.staff(Role.TRAINER)
    return {"admin": accounts.admin, "learner": accounts.person}.get(name, lambda: None)()


def lesson_form(activity: Activity, **fields: object) -> dict[str, object]:
    lesson = Lesson.objects.get(activity=activity)
    return {
        "edit_number": lesson.edit_number,
        "title": activity.title,
        "minutes": activity.minutes,
        "body": lesson.body,
        "objectives": "\n".join(lesson.objectives),
        "reviewed_on": "",
        "act": "save",
    } | fields


SEES = {"author", "reviewer", "admin"}
WRITES = {"author", "admin"}
PUBLISHES = {"reviewer", "admin"}


@pytest.mark.parametrize("name", PEOPLE)
def test_only_those_whose_course_it_is_see_and_change_it(module, name):
    client = accounts.client_of(who(name, module))
    activity = module.activities.first()
    pages = {
        reverse("courses:studio_module", args=[module.pk]): SEES,
        reverse("courses:studio_lesson", args=[activity.pk]): SEES,
        reverse("courses:studio_course", args=[module.course_id]): SEES,
        reverse("courses:library", args=[module.course_id]): SEES,
        reverse("courses:versions", args=[module.pk]): SEES,
        reverse("courses:version", args=[module.current_version_id]): SEES,
        reverse("courses:publish_module", args=[module.pk]): PUBLISHES,
        reverse("courses:publish_course", args=[module.course_id]): PUBLISHES,
    }
    for address, allowed in pages.items():
        expected = 200 if name in allowed else 302 if name == "nobody" else 404
        assert client.get(address).status_code == expected, address
    posts = {
        reverse("courses:studio_module", args=[module.pk]): WRITES,
        reverse("courses:studio_lesson", args=[activity.pk]): WRITES,
        reverse("courses:add_to_module", args=[module.pk]): WRITES,
        reverse("courses:library", args=[module.course_id]): WRITES,
        reverse("courses:move", args=[activity.pk]): WRITES,
    }
    for address, allowed in posts.items():
        expected = 422 if name in allowed else 302 if name == "nobody" else 404
        assert client.post(address, {}).status_code == expected, address


def test_the_list_shows_only_ones_own_courses_and_costs_the_same(module, django_assert_max_num_queries):
    author = who("author", module)
    other = make.make_published_course(modules=1, title="Kursus lain")
    client = accounts.client_of(author)
    page = client.get("/kelola/modul/").content.decode()
    assert module.course.title in page and "Kursus lain" not in page
    with django_assert_max_num_queries(9) as first:
        client.get("/kelola/modul/")
    for _ in range(2):
        accounts.grant(author, Role.AUTHOR, ScopeKind.COURSE, make.make_course().pk)
    with django_assert_max_num_queries(9) as second:
        assert client.get("/kelola/modul/").content.decode().count("<tr ") == 4
    assert len(first) == len(second) and other.modules.count() == 1


def test_a_saved_draft_reaches_nobody_before_it_is_published(module):
    author = who("author", module)
    client, activity = accounts.client_of(author), module.activities.first()
    address = reverse("courses:studio_lesson", args=[activity.pk])
    assert client.post(address, lesson_form(activity, body="Teks baru.\r\nBaris dua.", minutes=60)).status_code == 302
    activity.refresh_from_db()
    assert (activity.lesson.body, activity.lesson.edit_number, activity.minutes) == ("Teks baru.\nBaris dua.\n", 1, 60)
    assert activity.lesson.updated_by == author
    module.refresh_from_db()
    assert module.draft_changed_by == author and Version.objects.filter(module=module).count() == 1


def test_saving_the_same_text_does_nothing(module):
    client, activity = accounts.client_of(who("author", module)), module.activities.first()
    Lesson.objects.update(body="Sama.\n")
    client.post(reverse("courses:studio_lesson", args=[activity.pk]), lesson_form(activity))
    module.refresh_from_db()
    assert Lesson.objects.get(activity=activity).edit_number == 0 and module.draft_changed_at is None


def test_two_people_who_save_both_see_both_texts_and_nothing_is_lost(module):
    first, second = who("author", module), who("admin", module)
    activity = module.activities.first()
    address = reverse("courses:studio_lesson", args=[activity.pk])
    old = lesson_form(activity)
    assert accounts.client_of(first).post(address, old | {"body": "Tulisan pertama."}).status_code == 302
    answer = accounts.client_of(second).post(address, old | {"body": "Tulisan kedua."})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Tulisan pertama." in page and "Tulisan kedua." in page
    assert "<title>Galat:" in page and 'name="edit_number" value="1"' in page
    assert Lesson.objects.get(activity=activity).body == "Tulisan pertama.\n"
    assert accounts.client_of(second).post(address, old | {"body": "Gabungan.", "edit_number": 1}).status_code == 302
    assert Lesson.objects.get(activity=activity).body == "Gabungan.\n"


def test_the_preview_shows_the_form_and_saves_nothing(module):
    client, activity = accounts.client_of(who("author", module)), module.activities.first()
    before = Lesson.objects.get(activity=activity).body
    body = "## Judul uji\n\n<script>alert(1)</script>\n\n**tebal**"
    answer = client.post(reverse("courses:lesson_preview", args=[activity.pk]), lesson_form(activity, body=body))
    page = answer.content.decode()
    assert answer.status_code == 200 and '<h2 id="judul-uji">' in page and "<strong>tebal</strong>" in page
    assert "<script>alert" not in page and "belum disimpan" in page
    assert Lesson.objects.get(activity=activity).body == before


@pytest.mark.parametrize(
    "fields",
    [
        {"title": ""},
        {"title": "x" * 1_000_000},
        {"title": "a\x00b"},
        {"minutes": "banyak"},
        {"minutes": "9" * 400},
        {"minutes": 0},
        {"body": "x" * 200_000},
        {"body": "a\x07"},
        {"edit_number": "x"},
        {"edit_number": -1},
        {"reviewed_on": "11/22/2026"},
        {"objectives": "\n".join(["baris"] * 31)},
    ],
)
def test_bad_values_get_a_sentence_and_change_nothing(module, fields):
    client, activity = accounts.client_of(who("author", module)), module.activities.first()
    before = Lesson.objects.get(activity=activity).body
    answer = client.post(reverse("courses:studio_lesson", args=[activity.pk]), lesson_form(activity, body="Baru.") | fields)
    assert answer.status_code == 422 and "<title>Galat:" in answer.content.decode()
    assert Lesson.objects.get(activity=activity).body == before


@pytest.mark.parametrize("page", ["studio_lesson", "lesson_preview"])
def test_a_text_that_the_parser_never_ends_gets_a_sentence(module, page):
    activity = module.activities.filter(kind="lesson").first()
    client = accounts.client_of(accounts.staff(Role.AUTHOR))
    sent = lesson_form(activity, body=">/// contoh\n#!///\n/// contoh")
    response = client.post(reverse(f"courses:{page}", args=[activity.pk]), sent)
    assert response.status_code == 422 and "Terlalu banyak blok ///" in response.content.decode()
    assert "#!///" not in Lesson.objects.get(activity=activity).body


def test_parts_move_by_buttons_and_stop_at_the_edge(module):
    client = accounts.client_of(who("author", module))
    first, second = module.activities.order_by("position")
    move = reverse("courses:move", args=[second.pk])
    for _ in range(2):
        assert client.post(move, {"step": "-1"}).status_code == 302
    assert list(module.activities.order_by("position")) == [second, first]
    assert client.post(move, {"step": "7"}).status_code == 422
    assert client.get(move).status_code == 405


def test_a_new_lesson_gets_the_next_code_and_stands_before_the_quiz(module):
    quiz = make.make_activity(module, kind="quiz", code="M1-KUIS")
    client = accounts.client_of(who("author", module))
    for _ in range(2):
        client.post(reverse("courses:add_to_module", args=[module.pk]), {"title": "Kode & sandi", "kind": "lesson", "minutes": 45})
    rows = module.activities.order_by("position", "pk")
    assert [row.code for row in rows] == ["M1.1", "M1.2", "M1.3", "M1.4", "M1-KUIS"] and rows.last() == quiz
    assert [row.slug for row in rows][2:4] == ["kode-sandi", "kode-sandi-2"]


def test_an_archived_part_leaves_the_next_version_and_its_history_stays(module):
    client, activity = accounts.client_of(who("author", module)), module.activities.last()
    for _ in range(2):
        assert client.post(reverse("courses:archive", args=[activity.pk])).status_code == 302
    assert Entry.objects.filter(action="activity.archived").count() == 1
    version = make.publish(module)
    assert [item["activity"] for item in version.outline] == [module.activities.first().pk]
    assert Activity.objects.filter(pk=activity.pk).exists()


def test_a_blocked_draft_is_not_published(module):
    Lesson.objects.filter(activity=module.activities.first()).update(body="/// cek | a\nsalah\n///")
    address = reverse("courses:publish_module", args=[module.pk])
    client = accounts.client_of(who("admin", module))
    assert "Cek pemahaman" in client.get(address).content.decode()
    assert client.post(address, {"when": "now"}).status_code == 422
    assert Version.objects.filter(module=module).count() == 1


def test_publishing_asks_for_a_fresh_proof(module):
    admin = who("admin", module)
    address = reverse("courses:publish_module", args=[module.pk])
    stale = accounts.client_of(admin, proof_age=600)
    answer = stale.post(address, {})
    assert answer.status_code == 302 and "/akun/" in answer["Location"]
    assert accounts.client_of(admin).get(address).status_code == 200


def test_an_old_version_becomes_the_draft_and_then_the_next_version(module):
    admin = who("admin", module)
    first = module.current_version
    activity = module.activities.first()
    editing.save_lesson(activity, by=admin, edit_number=0, body="Versi dua.\n", values={}, facts={"title": "Judul dua"})
    added = arranging.add(module, kind="lesson", by=admin, title="Tambahan", minutes=45)
    Lesson.objects.filter(activity=added).update(body="Isi.")
    make.publish(module)
    answer = accounts.client_of(admin).post(reverse("courses:restore", args=[first.pk]))
    assert answer.status_code == 302 and Entry.objects.filter(action="module.draft_restored").count() == 1
    module.refresh_from_db()
    third = make.publish(module)
    assert third.number == 3 and third.outline == first.outline and third.facts == first.facts
    assert [lesson.body for lesson in third.lessons.all()] == [lesson.body for lesson in first.lessons.all()]
    assert Activity.objects.get(pk=added.pk).archived_at


def test_images_come_in_through_the_form_and_attacks_get_a_sentence(module):
    client = accounts.client_of(who("author", module))
    address = reverse("courses:library", args=[module.course_id])
    bad = {"file": SimpleUploadedFile("a.png", b"<svg onload='x'/>"), "alternative_text": "Layar"}
    answer = client.post(address, bad)
    assert answer.status_code == 422 and "SVG" in answer.content.decode() and not Media.objects.exists()
    assert client.post(address, {"file": SimpleUploadedFile("a.png", png()), "alternative_text": ""}).status_code == 422
    assert client.post(address, {"file": SimpleUploadedFile("a.png", png()), "alternative_text": "Layar"}).status_code == 302
    image = Media.objects.get()
    assert f"![Layar]({image.url})" in client.get(reverse("courses:media_item", args=[image.pk])).content.decode()


def test_module_words_are_saved_as_a_draft(module):
    client = accounts.client_of(who("author", module))
    address = reverse("courses:studio_module", args=[module.pk])
    values = {"title": "Judul baru", "summary": "", "objectives": "Satu.\n\n Dua. ", "discussion": ""}
    assert client.post(address, values).status_code == 302
    module.refresh_from_db()
    assert (module.title, module.objectives) == ("Judul baru", ["Satu.", "Dua."])
    assert module.current_version.facts["title"] != "Judul baru"


def test_pictures_have_their_size_in_the_lesson_and_in_the_preview(module):
    writer = accounts.staff(Role.AUTHOR, ScopeKind.COURSE, module.course_id)
    image = media.add_image(module.course, SimpleUploadedFile("a.png", png(640, 360)), alternative_text="Diagram > peta", by=writer)
    lesson = module.activities.filter(kind="lesson").first()
    Lesson.objects.filter(activity=lesson).update(body=f'## Isi\n\n![Diagram > "peta"]({image.url})\n\n![](/media/lain.webp)')
    preview = accounts.client_of(writer).get(reverse("courses:lesson_preview", args=[lesson.pk])).content.decode()
    assert re.search(rf'<img [^<]*src="{image.url}"[^<]* width="640" height="360">', preview)
    Lesson.objects.filter(activity=lesson).update(body=f"## Isi\n\n![Diagram]({image.url})")
    frozen = FrozenLesson.objects.get(version=make.publish(module), activity=lesson)
    assert 'loading="lazy"' in frozen.html and 'width="640" height="360"' in frozen.html
