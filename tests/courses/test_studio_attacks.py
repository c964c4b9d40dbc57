"""What somebody with an account of another course, or with none of the studio's roles, tries at the studio's doors."""

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role, ScopeKind
from courses import arranging, copying, dumping, editing, media, proposing, publishing, remarking, restoring, reviewing
from courses.media import captions, changing
from courses.models import (
    Activity,
    ActivityKind,
    ArrivalState,
    Aspect,
    Companions,
    FrozenLesson,
    Media,
    Proposal,
    ProposalStatus,
    Remark,
    Revision,
    Version,
)
from courses.packing import archives, arriving, zips
from tests.courses import recordings
from tests.courses.pictures import png
from tests.courses.recordings import VTT
from tests.factories import accounts, quizzes, reviews
from tests.factories import courses as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return reviews.make_desk()


@pytest.fixture
def stranger():
    """Writes and reviews another course."""
    other = make.make_published_course(slug="kursus-lain", title="Kursus lain")
    who = accounts.staff(Role.AUTHOR, ScopeKind.COURSE, other.pk)
    accounts.grant(who, Role.REVIEWER, ScopeKind.COURSE, other.pk)
    return who, other


def things(desk):
    """One of everything that an address of the studio names."""
    desk.write()
    proposal = desk.propose()
    remark = remarking.remark(desk.lesson, by=desk.reviewer, body="Perlu contoh.")
    picture = media.add_image(desk.module.course, SimpleUploadedFile("a.png", png()), alternative_text="Peta", by=desk.author)
    return {
        "course_id": desk.module.course_id,
        "module_id": desk.module.pk,
        "activity_id": desk.lesson.pk,
        "version_id": Version.objects.filter(module=desk.module).get().pk,
        "revision_id": Revision.objects.filter(activity=desk.lesson).first().pk,
        "remark_id": remark.pk,
        "media_id": picture.pk,
    }, proposal


def state(desk):
    return (
        list(Activity.objects.filter(course=desk.module.course_id).order_by("pk").values_list("pk", "module", "slug", "archived_at")),
        list(Proposal.objects.values_list("status", "publish_at")),
        Revision.objects.count(),
        Remark.objects.values_list("body", "resolved_at").count(),
        list(Media.objects.values_list("alternative_text", "archived_at")),
        Version.objects.count(),
    )


def studio_doors(ids):
    from courses.urls import urlpatterns

    for pattern in urlpatterns:
        names = set(pattern.pattern.converters)
        if names and names <= set(ids) and str(pattern.pattern).startswith("kelola/"):
            yield reverse(f"courses:{pattern.name}", kwargs={name: ids[name] for name in names})


def test_no_door_of_the_studio_opens_to_the_author_and_reviewer_of_another_course(desk, stranger):
    ids, _proposal = things(desk)
    before, client = state(desk), accounts.client_of(stranger[0])
    doors = list(studio_doors(ids))
    assert len(doors) > 45
    for url in doors:
        for answer in (client.get(url), client.post(url, {"act": "approve", "seen": "x", "body": "x", "title": "x", "step": "1"})):
            assert answer.status_code in {403, 404, 405}, url
    assert state(desk) == before


def test_a_part_does_not_go_into_a_module_of_another_course(desk, stranger):
    who, other = stranger
    accounts.grant(who, Role.AUTHOR, ScopeKind.COURSE, desk.module.course_id)  # writes both
    target = other.modules.get()
    target.code = "ASING"
    target.save(update_fields=["code"])
    before = state(desk)
    answer = accounts.client_of(who).post(reverse("courses:move", args=[desk.lesson.pk]), {"target": "ASING", "position": "1"})
    assert answer.status_code == 422 and state(desk) == before


def test_media_of_another_course_are_not_shown_and_stand_in_the_way(desk, stranger):
    picture = media.add_image(stranger[1], SimpleUploadedFile("a.png", png()), alternative_text="Peta", by=stranger[0])
    desk.write(f"## Isi\n\n![Peta]({picture.written})\n")
    assert "foreign_image" in {one.code for one in publishing.holder_problems(desk.module)}
    with pytest.raises(proposing.ProposingError, match="tidak ada di pustaka kursus ini"):
        desk.approve(desk.propose())


def test_an_author_does_not_approve_and_a_name_of_another_draft_does_not_count(desk):
    _ids, proposal = things(desk)
    url = reverse("courses:review_module", args=[desk.module.pk])
    right = {"act": "approve", "seen": proposing.digest(desk.module), "decision": ""}
    assert accounts.client_of(desk.author).post(url, right).status_code == 404
    accounts.grant(desk.author, Role.REVIEWER, ScopeKind.COURSE, desk.module.course_id)
    assert accounts.client_of(desk.author).post(url, right).status_code == 422
    assert accounts.client_of(desk.reviewer).post(url, right | {"seen": "0" * 64}).status_code == 422
    proposal.refresh_from_db()
    assert proposal.status == ProposalStatus.IN_REVIEW
    assert accounts.client_of(desk.reviewer).post(url, right).status_code == 302


def test_the_preview_is_framed_by_the_portal_alone_and_runs_nothing_of_the_author(desk):
    desk.write("## Isi\n\n<script>alert(1)</script><img src=x onerror=alert(1)>\n\n[x](javascript:alert(1))\n")
    answer = accounts.client_of(desk.author).get(reverse("courses:lesson_preview", args=[desk.lesson.pk]))
    policy = answer["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy and "unsafe-inline" not in policy
    html = answer.content.decode()
    assert "<script>alert" not in html and "<img src=x" not in html and 'href="javascript' not in html


def test_a_version_that_takes_a_part_back_from_another_module_is_told_there_too(desk):
    version = Version.objects.get(module=desk.module)
    other = make.make_module(desk.module.course, lessons=1, title="Lain", position=9)
    part = desk.lesson
    arranging.place(part, by=desk.author, target=other)
    other.refresh_from_db()
    type(other).objects.filter(pk=other.pk).update(draft_changed_at=None, draft_changed_by=None)
    editing.restore_version(version, by=desk.admin)
    other.refresh_from_db()
    last = Revision.objects.filter(module=other, aspect=Aspect.OUTLINE).order_by("-at", "-pk").first()
    assert desk.module.activities.filter(pk=part.pk).exists()
    assert other.draft_changed_by == desk.admin and last.by == desk.admin
    assert part.pk not in [item["activity"] for item in last.content["items"]]


CHECK = "## Isi\n\nTeks.\n\n/// cek | a\n{}\n///\n"
ASKED = "pertanyaan: Apa?\npilihan:\n  - {{teks: satu, umpan: ya}}\n  - {{teks: dua, umpan: bukan}}\njawaban: {}"
BOMB = "x0: &x0 {a: 1, b: 2}\n" + "".join(f"x{at}: &x{at} {{<<: [{','.join([f'*x{at - 1}'] * 9)}]}}\n" for at in range(1, 9))


@pytest.mark.parametrize("written", [*(ASKED.format(f"!!{kind} x") for kind in ("bool", "int", "timestamp", "float")), BOMB])
def test_a_check_that_breaks_its_reader_locks_nobody_out_of_the_lesson(desk, written):
    client, address = accounts.client_of(desk.author), [desk.lesson.pk]
    sent = {"title": "Judul", "minutes": "10", "objectives": "Tujuan", "edit_number": "0", "base": desk.lesson.lesson.body}
    saved = client.post(reverse("courses:save_lesson", args=address), sent | {"body": CHECK.format(written)})
    assert saved.status_code == 200
    for name, of in (("studio_lesson", address), ("lesson_preview", address), ("review_module", [desk.module.pk])):
        assert client.get(reverse(f"courses:{name}", args=of)).status_code == 200
    assert "bad_check" in {one.code for one in publishing.holder_problems(desk.module)}


def test_a_file_of_the_library_is_for_the_studio_until_a_version_shows_it(desk, stranger):
    def seen(name):
        answers = [accounts.client_of(who).get(name) for who in (desk.author, desk.reviewer, learner, stranger[0])]
        for one in answers:
            list(one)  # a film is closed when it was read
        return [one.status_code for one in answers]

    learner, course = accounts.person(), desk.module.course
    picture = media.add_image(course, SimpleUploadedFile("a.png", png()), alternative_text="Peta", by=desk.author)
    film = media.add(course, SimpleUploadedFile("a.mp4", recordings.mp4()), title="Masuk", by=desk.author)
    changing.describe(film, by=desk.author, values={"captions": VTT, "transcript": "Selamat datang."})
    names = [picture.url, film.url, captions.address(film.captions)]
    assert [seen(name) for name in names] == [[200, 200, 404, 404]] * 3
    desk.write(f"## Isi\n\n{picture.line}\n\n{film.line}\n")
    proposing.publish(desk.approve(desk.propose()), by=desk.admin)
    assert [seen(name) for name in names] == [[200] * 4] * 3
    client = accounts.client_of(learner)
    with CaptureQueriesContext(connection) as asked:  # what was published once is not looked up in the texts again
        client.get(picture.url)
    assert not [one for one in asked.captured_queries if "courses_frozenlesson" in one["sql"]]


def test_a_drawing_that_two_courses_hold_is_shown_by_the_one_that_published_it(desk, stranger):
    first, second = (
        media.add_image(course, SimpleUploadedFile("a.png", png()), alternative_text="Peta", by=None)
        for course in (desk.module.course, stranger[1])
    )
    Media.objects.filter(pk=second.pk).update(file=first.file.name)
    learner = accounts.client_of(accounts.person())
    assert learner.get(first.url).status_code == 404
    FrozenLesson.objects.filter(version__course=stranger[1]).update(html=f'<img src="{first.url}" alt="Peta">')
    assert learner.get(first.url).status_code == 200


def test_the_picture_of_a_question_is_for_learners_once_the_question_is_published():
    course = make.make_course()
    module = make.make_module(course, lessons=1)
    make.make_activity(module, kind=ActivityKind.QUIZ, code="M1-KUIS", slug="kuis", title="Kuis Modul 1")
    picture = media.add_image(course, SimpleUploadedFile("a.png", png()), alternative_text="Layar", by=None)
    shown = {"file": picture.name, "alt": "Layar masuk"}
    questions = quizzes.more_questions(lesson=module.activities.get(kind="lesson").code, picture=shown)
    quizzes.load(module, {"M1-KUIS": quizzes.QUIZ | {"draw": [{"module": "M1", "count": 3}]}}, questions)
    learner = accounts.client_of(accounts.person())
    assert learner.get(picture.url).status_code == 404
    make.publish(module)
    assert learner.get(picture.url).status_code == 200


def test_who_changes_what_a_draft_shows_does_not_approve_it_by_whatever_way(desk):
    """In the library, by bringing a former state back, and in the guides of the course's own draft."""
    course, both = desk.module.course, accounts.staff(Role.AUTHOR, ScopeKind.COURSE, desk.module.course_id)
    accounts.grant(both, Role.REVIEWER, ScopeKind.COURSE, course.pk)
    picture, other = (
        media.add_image(course, SimpleUploadedFile("a.png", png(width)), alternative_text="Peta", by=desk.author) for width in (300, 320)
    )
    changing.cut(picture, by=desk.author, crop={"x": 0, "y": 0, "width": 0.5, "height": 1}, focus={})
    first = Revision.objects.filter(media=picture).order_by("pk").first()
    desk.write(f"## Isi\n\n{picture.line}\n")
    assert proposing.publish(desk.approve(desk.propose(), by=both), by=desk.admin)
    assert restoring.restore(first, by=both)
    with pytest.raises(proposing.Unsuitable):
        desk.approve(desk.propose(), by=both)
    guide = {"slug": "sesi", "title": "Sesi", "body": f"Sapa peserta.\n\n{other.line}\n"}
    Companions.objects.update_or_create(course=course, defaults={"guides": [guide]})
    assert not reviewing.review_problems(course, by=both)
    changing.describe(other, by=both, values={"alternative_text": "Ruang"})
    assert reviewing.review_problems(course, by=both)


def content(one):
    with default_storage.open(one.file.name) as stored:
        return stored.read()


def test_an_archive_takes_no_file_of_another_course_and_reaches_no_other_course(desk, stranger, tmp_path):
    """Under the name of somebody's file lies that file and no other; the course of the archive is the one that it was brought to."""
    who, other = stranger
    victim = media.add_image(desk.module.course, SimpleUploadedFile("a.png", png(300)), alternative_text="Peta", by=desk.author)
    mine = media.add_image(other, SimpleUploadedFile("b.png", png(320)), alternative_text="Peta", by=who)
    other.rules = copying.DEFAULT_RULES
    other.save(update_fields=["rules"])
    dumping.dump_course(other, tmp_path)
    row = tmp_path / "media" / "media.yaml"
    row.write_text(row.read_text().replace(mine.name, victim.name))
    (tmp_path / "media" / mine.name).rename(tmp_path / "media" / victim.name)
    course = tmp_path / "course.yaml"
    course.write_text(course.read_text().replace(f"slug: {other.slug}", f"slug: {desk.module.course.slug}"))
    mine.delete()
    before, stored = state(desk), content(victim)
    client = accounts.client_of(who)
    sent = {"file": SimpleUploadedFile("arsip.zip", zips.pack(archives.files_of(tmp_path)))}
    assert client.post(reverse("courses:bring_in", args=[desk.module.course_id]), sent).status_code == 404
    arrival = arriving.bring(zips.pack(archives.files_of(tmp_path)), "arsip.zip", by=who, course=other)
    assert arriving.examine(arrival.pk)
    arrival.refresh_from_db()
    assert arrival.state == ArrivalState.REFUSED and "sudah dipakai berkas lain" in str(arrival.report["problems"])
    assert state(desk) == before and content(victim) == stored
    assert not Media.objects.filter(course=other).exists()
