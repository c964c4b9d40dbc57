"""What ages: dates, the list, one's own reminders, and the mark that learners see."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.models import Role, ScopeKind
from audit.models import Entry
from cohorts import progress
from courses import companions, editing, freshness, reminding, revising
from courses.models import Companions, Lesson, Revision
from linimasa import clock
from notifications import delivering
from notifications.models import Message, MessageStatus
from tests.factories import accounts
from tests.factories import courses as make
from tests.factories.cohorts import make_cohort, make_enrolment
from tests.factories.reviews import make_desk

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)  # 12.00 WIB on a Tuesday
TODAY = date(2026, 11, 24)


@pytest.fixture
def desk(time_machine):
    time_machine.move_to(NOON, tick=False)
    return make_desk()


def dated(activity, again: date | None, reviewed: date | None = None, owner=None) -> Lesson:
    Lesson.objects.filter(activity=activity).update(review_again_on=again, reviewed_on=reviewed, owner=owner)
    return Lesson.objects.get(activity=activity)


def fact(course, key="kanal", on="2026-11-01", lessons=("M1.1",)) -> Companions:
    row = {"key": key, "fact": "aduankonten.id menerima laporan.", "confidence": "sedang", "origin": "Situsnya.", "lessons": [*lessons]}
    return Companions.objects.create(course=course, facts=[{**row, "review_again_on": on}])


def text(answer) -> str:
    return answer.content.decode()


# --- the list ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("days", "state", "when"), [(-3, "lewat", "lewat 3 hari"), (0, "segera", "hari ini"), (30, "segera", "30 hari lagi"), (31, None, "")]
)
def test_what_is_near_or_past_is_listed_and_the_rest_is_not(desk, days, state, when):
    make_other = desk.module.activities.exclude(pk=desk.lesson.pk)
    Lesson.objects.filter(activity__in=make_other).update(review_again_on=TODAY + timedelta(days=300))
    lesson = dated(desk.lesson, TODAY + timedelta(days=days))
    found = freshness.due(desk.module.course)
    assert [(one.state, one.when) for one in found if one.activity_id == desk.lesson.pk] == ([(state, when)] if state else [])
    assert freshness.is_due(lesson) is (days <= 0)


def test_facts_of_the_register_are_in_the_same_list_with_the_owner_of_their_lesson(desk):
    dated(desk.lesson, TODAY + timedelta(days=200), owner=desk.author)
    fact(desk.module.course, lessons=[desk.lesson.code])
    found = [one for one in freshness.due(desk.module.course) if one.kind == "fact"]
    assert [(one.code, one.owner, one.days) for one in found] == [(desk.lesson.code, desk.author, -23)]


def test_the_page_filters_by_state_course_and_owner(desk):
    other = make_desk()
    dated(desk.lesson, TODAY - timedelta(days=2), owner=desk.author)
    dated(other.lesson, TODAY + timedelta(days=5))
    admin = accounts.client_of(desk.admin)
    page = reverse("courses:freshness")
    everything = text(admin.get(page))
    assert desk.module.course.title in everything and other.module.course.title in everything
    late = text(admin.get(page, {"saring": "lewat"}))
    assert "Lewat 2 hari" in late and "5 hari lagi" not in late
    one = text(admin.get(page, {"kursus": other.module.course_id, "saring": "segera"}))
    assert "5 hari lagi" in one and "Lewat 2 hari" not in one
    author = accounts.client_of(desk.author)
    mine = text(author.get(page, {"milik": "saya"}))
    assert "Lewat 2 hari" in mine and "Belum ada tanggal" not in mine
    assert text(author.get(page, {"kursus": other.module.course_id})).count("5 hari lagi") == 0
    assert author.get(page, {"kursus": "9" * 400, "saring": "apa", "milik": "x" * 5000}).status_code == 200


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_costs_the_same_for_any_length(desk, n, django_assert_num_queries):
    for _ in range(n):
        dated(make.make_lesson(desk.module), TODAY, owner=accounts.person())
    client = accounts.client_of(desk.author)
    client.get(reverse("courses:freshness"))
    with django_assert_num_queries(7):
        client.get(reverse("courses:freshness"))


def test_what_is_under_review_is_late_all_the_same(desk):
    dated(desk.lesson, TODAY - timedelta(days=2))
    freshness.mark(desk.lesson, by=desk.author, note="Sebentar.")
    found = next(one for one in freshness.due(desk.module.course) if one.activity_id == desk.lesson.pk)
    assert [word for word, _label in freshness.STATES if found.fits(word)] == ["", "lewat", "diperiksa"]
    dated(desk.lesson, TODAY + timedelta(days=200))
    assert desk.lesson.pk in [one.activity_id for one in freshness.due(desk.module.course)]  # until the mark is taken away


# --- looked at --------------------------------------------------------------------------------------------------------
def test_looked_at_writes_both_dates_once_with_history_and_one_entry(desk):
    dated(desk.lesson, date(2026, 11, 20), reviewed=date(2026, 8, 22))  # 90 days
    client = accounts.client_of(desk.author)
    url = reverse("courses:looked_at", args=[desk.lesson.pk])
    for _ in range(2):
        assert client.post(url).status_code == 302
    lesson = Lesson.objects.get(activity=desk.lesson)
    assert (lesson.reviewed_on, lesson.review_again_on) == (TODAY, TODAY + timedelta(days=90))
    assert Entry.objects.filter(action="lesson.looked_at").count() == 1
    last = Revision.objects.filter(activity=desk.lesson).first()
    assert (last.content["review_again_on"], last.by) == ((TODAY + timedelta(days=90)).isoformat(), desk.author)
    desk.module.refresh_from_db()
    assert desk.module.draft_changed_by == desk.author and desk.lesson.lesson.edit_number == lesson.edit_number


def test_looked_at_goes_back_to_the_list_and_nowhere_else(desk):
    client, url = accounts.client_of(desk.author), reverse("courses:looked_at", args=[desk.lesson.pk])
    here = f"{reverse('courses:freshness')}?saring=lewat"
    assert client.post(url, {"kembali": here})["Location"] == here
    for elsewhere in ("https://contoh.com/", "//contoh.com/kelola/", "/kelola\\..//contoh.com"):
        assert client.post(url, {"kembali": elsewhere})["Location"] == reverse("courses:lesson_freshness", args=[desk.lesson.pk])


@pytest.mark.parametrize("said", ["2026-11-24", "2020-01-01", "2040-01-01", "besok", "\x00", "9" * 10_000])
def test_a_day_that_is_no_later_day_is_refused_with_a_sentence(desk, said):
    before = Lesson.objects.get(activity=desk.lesson)
    answer = accounts.client_of(desk.author).post(reverse("courses:looked_at", args=[desk.lesson.pk]), {"again_on": said})
    assert answer.status_code == 422 and "Galat: " in text(answer)
    assert Lesson.objects.get(activity=desk.lesson).reviewed_on == before.reviewed_on
    assert not Entry.objects.filter(action="lesson.looked_at").exists()


def test_who_does_not_write_looks_but_does_not_say_it(desk):
    reviewer = accounts.client_of(desk.reviewer)
    assert reviewer.get(reverse("courses:lesson_freshness", args=[desk.lesson.pk])).status_code == 200
    assert reviewer.post(reverse("courses:looked_at", args=[desk.lesson.pk])).status_code == 404
    stranger = accounts.client_of(make_desk().author)
    assert stranger.get(reverse("courses:lesson_freshness", args=[desk.lesson.pk])).status_code == 404


def test_a_fact_that_holds_gets_a_new_day_and_can_be_restored(desk):
    course = desk.module.course
    fact(course)
    client, url = accounts.client_of(desk.author), reverse("courses:fact_holds", args=[course.pk])
    assert client.post(url, {"fakta": "kanal"}).status_code == 302
    wanted = (TODAY + freshness.USUAL).isoformat()
    assert companions.of_course(course).facts[0]["review_again_on"] == wanted
    client.post(url, {"fakta": "kanal"})
    client.post(url, {"fakta": "tidak-ada"})
    assert Entry.objects.filter(action="fact.looked_at").count() == 1
    assert Revision.objects.filter(course=course, aspect="companions").count() == 2  # before and after
    assert set(Revision.objects.filter(course=course, aspect="companions").first().content) == {
        "glossary",
        "facts",
        "misconceptions",
        "guides",
    }


# --- the editor -------------------------------------------------------------------------------------------------------
def test_the_editor_keeps_owner_and_dates_and_two_writers_of_them_are_merged(desk):
    client = accounts.client_of(desk.author)
    page = reverse("courses:studio_lesson", args=[desk.lesson.pk])
    shown = text(client.get(page))
    assert "Penanggung jawab" in shown and "Tinjau lagi pada" in shown and desk.reviewer.name in shown
    lesson = desk.lesson.lesson
    base = {"title": desk.lesson.title, "minutes": 45, "objectives": lesson.objectives, "owner": None, "reviewed_on": None}
    sent = {
        "edit_number": lesson.edit_number,
        "base": lesson.body,
        "body": lesson.body,
        "title": desk.lesson.title,
        "minutes": 45,
        "objectives": "\n".join(lesson.objectives),
        "base_values": '{"owner": null, "review_again_on": null, "reviewed_on": null}',
    }
    assert base["owner"] is None
    assert client.post(page, {**sent, "owner": desk.reviewer.pk, "review_again_on": "2027-03-01"}).status_code == 302
    kept = Lesson.objects.get(activity=desk.lesson)
    assert (kept.owner, kept.review_again_on) == (desk.reviewer, date(2027, 3, 1))
    # another page that was opened before sets the day of review only: the owner stays
    assert client.post(page, {**sent, "reviewed_on": "2026-11-20"}).status_code == 302
    kept.refresh_from_db()
    assert (kept.owner, kept.reviewed_on, kept.review_again_on) == (desk.reviewer, date(2026, 11, 20), date(2027, 3, 1))


@pytest.mark.parametrize("owner", ["0", "9" * 40, "x", "\x00"])
def test_only_people_of_the_course_can_answer_for_a_lesson(desk, owner):
    stranger = accounts.person(name="Orang Lain")
    client, lesson = accounts.client_of(desk.author), desk.lesson.lesson
    sent = {"edit_number": lesson.edit_number, "base": lesson.body, "body": "Baru.\n", "title": "Judul", "minutes": 45}
    for one in (owner, stranger.pk):
        assert client.post(reverse("courses:studio_lesson", args=[desk.lesson.pk]), {**sent, "owner": one}).status_code == 422
    answer = client.post(reverse("courses:save_lesson", args=[desk.lesson.pk]), {**sent, "owner": stranger.pk})
    assert answer.json()["saved"] and "owner" in answer.json()["fields"]  # the text is safe all the same
    assert Lesson.objects.get(activity=desk.lesson).owner is None


def test_an_owner_without_the_role_stays_until_somebody_chooses_another(desk):
    gone = accounts.staff(Role.AUTHOR, ScopeKind.COURSE, desk.module.course_id)
    gone.grants.update(ends_at=clock.now() - timedelta(seconds=1), starts_at=clock.now() - timedelta(days=2))
    assert gone not in freshness.owners(desk.module.course)
    assert gone in freshness.owners(desk.module.course, gone.pk)


# --- reminders --------------------------------------------------------------------------------------------------------
def letters() -> list[Message]:
    return list(Message.objects.filter(kind=reminding.KIND).order_by("pk"))


def test_the_owner_gets_one_letter_a_week_about_everything_due(desk, time_machine):
    dated(desk.lesson, TODAY + timedelta(days=10), owner=desk.author)
    dated(make.make_lesson(desk.module), TODAY - timedelta(days=1), owner=desk.author)
    dated(make.make_lesson(desk.module), TODAY + timedelta(days=60), owner=desk.reviewer)
    assert (reminding.plan(), reminding.plan()) == (1, 0)
    time_machine.move_to(NOON + timedelta(days=3), tick=False)
    assert reminding.plan() == 0
    time_machine.move_to(NOON + timedelta(days=7), tick=False)
    assert reminding.plan() == 1
    assert [one.recipient for one in letters()] == [desk.author, desk.author]


def test_the_letter_names_what_is_due_and_leads_to_the_list(desk, mailoutbox):
    dated(desk.lesson, TODAY - timedelta(days=4), owner=desk.author)
    fact(desk.module.course, lessons=[desk.lesson.code])
    reminding.plan()
    message = letters()[0]
    delivering.deliver(message.pk)
    message.refresh_from_db()
    assert message.status == MessageStatus.SENT
    assert message.subject == "Satu pelajaran Anda perlu ditinjau lagi"
    assert f"- {desk.lesson.code} {desk.lesson.title} (20 November 2026, lewat 4 hari)" in message.body
    assert "/kelola/modul/tinjau-ulang/?milik=saya" in message.body and "- Fakta dalam" in message.body


def test_a_letter_does_not_leave_when_it_was_looked_at_or_the_role_ended(desk):
    dated(desk.lesson, TODAY, owner=desk.author)
    reminding.plan()
    message = letters()[0]
    assert reminding.still_due(message)
    with_role = desk.author.grants.get()
    desk.author.grants.update(ends_at=clock.now() - timedelta(seconds=1), starts_at=clock.now() - timedelta(days=2))
    assert not reminding.still_due(Message.objects.get(pk=message.pk))
    desk.author.grants.update(ends_at=None, starts_at=with_role.starts_at)
    freshness.confirm(desk.lesson, by=desk.author)
    delivering.deliver(message.pk)
    message.refresh_from_db()
    assert message.status == MessageStatus.CANCELLED


@pytest.mark.parametrize("n", [1, 3])
def test_planning_costs_the_same_for_any_number_of_people(desk, n, django_assert_num_queries):
    for _ in range(n):
        dated(make.make_lesson(desk.module), TODAY, owner=accounts.staff(Role.AUTHOR, ScopeKind.COURSE, desk.module.course_id))
    with django_assert_num_queries(4):
        reminding.plan()


def test_a_fact_of_nobodys_lesson_is_the_business_of_the_courses_first_author_who_gets_a_letter(desk):
    course = desk.module.course
    accounts.staff(Role.AUTHOR, ScopeKind.COURSE, course.pk)  # later than the first
    fact(course, lessons=[])
    found = [one for one in freshness.due(course) if one.kind == "fact"]
    assert [(one.owner, one.state) for one in found] == [(desk.author, "lewat")]
    assert found[0].title in text(accounts.client_of(desk.author).get(reverse("courses:freshness"), {"milik": "saya"}))
    assert (reminding.plan(), reminding.plan()) == (1, 0)
    message = letters()[0]
    assert message.recipient == desk.author and reminding.facts(message)["what"] == "fakta"
    freshness.confirm_fact(course, "kanal", by=desk.author)
    assert not reminding.still_due(message)


# --- the mark for learners --------------------------------------------------------------------------------------------
def test_learners_see_the_mark_at_once_without_a_new_version_and_it_costs_no_statement(desk, django_assert_max_num_queries):
    enrolment = make_enrolment(make_cohort(desk.module.course))
    learner = accounts.client_of(enrolment.learner)
    module = desk.module
    for first in module.course.activities.filter(module__isnull=True, kind="lesson"):
        progress.record(enrolment, first.pk, state="completed")
    page = reverse("cohorts:lesson", args=[module.course.slug, module.slug, desk.lesson.slug])
    assert "sedang diperiksa" not in text(learner.get(page))
    author = accounts.client_of(desk.author)
    url = reverse("courses:mark_lesson", args=[desk.lesson.pk])
    version = module.current_version_id
    for note in ("Menu <b>Meta</b> berubah.", "Menu <b>Meta</b> berubah.", "Alamat aduan berubah."):
        assert author.post(url, {"note": note}).status_code == 302
        shown = text(learner.get(page))
        assert "Isi pelajaran ini sedang diperiksa sejak" in shown, shown[2000:6000]
        assert "<b>Meta" not in shown
    assert "Alamat aduan berubah." in shown and "Menu" not in shown
    with django_assert_max_num_queries(5):
        assert "sedang diperiksa" in text(learner.get(page))
    module.refresh_from_db()
    assert module.current_version_id == version and module.draft_changed_at is None
    assert Entry.objects.filter(action="lesson.marked").count() == 2
    assert "sedang diperiksa" in text(author.get(reverse("courses:freshness"))).lower()
    for _ in range(2):
        author.post(url, {"lepas": "1"})
    assert "sedang diperiksa" not in text(learner.get(page))
    assert Entry.objects.filter(action="lesson.mark_removed").count() == 1


def test_a_mark_needs_words(desk):
    answer = accounts.client_of(desk.author).post(reverse("courses:mark_lesson", args=[desk.lesson.pk]), {"note": " "})
    assert answer.status_code == 422 and Lesson.objects.filter(under_review_since__isnull=False).count() == 0


def test_a_mark_is_no_part_of_the_draft(desk):
    before = revising.lesson_state(desk.lesson)
    freshness.mark(desk.lesson, by=desk.author, note="Sebentar.")
    assert revising.lesson_state(desk.lesson) == before
    editing.save_lesson(desk.lesson, by=desk.author, edit_number=desk.lesson.lesson.edit_number, body="Lain.\n", values={}, facts={})
    assert freshness.mark_of(type(desk.module.course).objects.get(pk=desk.module.course_id), desk.lesson.pk).note == "Sebentar."
