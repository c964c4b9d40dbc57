"""What somebody with an account of another course, or with none of the studio's roles, tries at the studio's doors."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Role, ScopeKind
from courses import arranging, editing, media, proposing, publishing, remarking
from courses.models import Activity, Aspect, Media, Proposal, ProposalStatus, Remark, Revision, Version
from tests.courses.pictures import png
from tests.factories import accounts, reviews
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
