"""The page of review and publication: what changes, what stands in the way, whom it reaches, and who may press what."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from courses import companions, hindrances, proposing, publishing, remarking, weighing
from courses.models import Lesson, LinkCheck, LinkState, Module, Proposal, ProposalStatus, Version
from tests.factories import accounts
from tests.factories import courses as make
from tests.factories.cohorts import make_cohort, make_enrolment, pin
from tests.factories.reviews import make_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk()


def review(desk) -> str:
    return reverse("courses:review_module", args=[desk.module.pk])


def publication(desk) -> str:
    return reverse("courses:publish_module", args=[desk.module.pk])


def text(answer) -> str:
    return answer.content.decode()


def test_from_the_draft_to_the_version_by_two_people_on_the_pages(desk):
    desk.write()
    author, reviewer = accounts.client_of(desk.author), accounts.client_of(desk.reviewer)
    page = text(author.get(review(desk)))
    assert "<ins>" in page and "warga." in page and "instansi." in page and "Kirim untuk ditinjau" in page
    assert author.post(review(desk), {"act": "send", "note": "Kata diperbaiki"}).status_code == 302
    page = text(reviewer.get(review(desk)))
    assert "Menunggu Anda" in page and "Kata diperbaiki" in page and "Setujui" in page
    answer = reviewer.post(review(desk), {"act": "approve", "seen": proposing.digest(desk.module), "lalu": "terbit"})
    assert answer["Location"] == publication(desk)
    page = text(reviewer.get(publication(desk)))
    assert "Terbitkan versi 2" in page and "Disetujui Dian Puspita" in page
    for _ in range(2):
        assert reviewer.post(publication(desk), {"when": "now", "note": ""}).status_code == 302
    version = Version.objects.get(module=desk.module, number=2)
    assert (version.published_by, version.note) == (desk.reviewer, "Kata diperbaiki")
    assert Version.objects.filter(module=desk.module).count() == 2


def test_the_studio_names_the_drafts_that_wait_for_a_review(desk):
    desk.write()
    author, reviewer, studio = accounts.client_of(desk.author), accounts.client_of(desk.reviewer), reverse("courses:studio")
    assert "Menunggu peninjauan" not in text(reviewer.get(studio))
    author.post(review(desk), {"act": "send", "note": ""})
    page = text(reviewer.get(studio))
    assert "Menunggu peninjauan" in page and review(desk) in page
    assert review(desk) not in text(accounts.client_of(make_desk().reviewer).get(studio))


def test_each_act_is_for_those_who_may(desk):
    desk.write()
    author, reviewer = accounts.client_of(desk.author), accounts.client_of(desk.reviewer)
    assert reviewer.post(review(desk), {"act": "send"}).status_code == 404
    author.post(review(desk), {"act": "send"})
    seen = {"seen": proposing.digest(desk.module)}
    assert author.post(review(desk), {"act": "approve", **seen}).status_code == 404
    assert author.get(publication(desk)).status_code == 404
    assert accounts.client_of(make_desk().reviewer).post(review(desk), {"act": "approve", **seen}).status_code == 404
    assert accounts.client_of(accounts.person()).get(review(desk)).status_code == 404
    for act in ("", "hapus"):
        assert reviewer.post(review(desk), {"act": act}).status_code == 422
    assert Proposal.objects.get().status == ProposalStatus.IN_REVIEW


def test_whoever_wrote_is_told_why_there_is_no_button(desk):
    accounts.grant(desk.author, Role.REVIEWER)
    desk.write()
    client = accounts.client_of(desk.author)
    client.post(review(desk), {"act": "send"})
    page = text(client.get(review(desk)))
    assert "Anda ikut menulis draf ini" in page and 'value="approve"' not in page
    answer = client.post(review(desk), {"act": "approve", "seen": proposing.digest(desk.module)})
    assert answer.status_code == 422 and "<title>Galat: " in text(answer)


@pytest.mark.parametrize("seen", ["", "x" * 64, "0" * 64, "a\x00", "z" * 10**6])
def test_an_approval_needs_the_digest_of_the_page(desk, seen):
    desk.write()
    desk.propose()
    answer = accounts.client_of(desk.reviewer).post(review(desk), {"act": "approve", "seen": seen})
    assert answer.status_code == 422 and Proposal.objects.get().status == ProposalStatus.IN_REVIEW


def test_an_edit_after_the_approval_is_said_and_nothing_can_be_published(desk):
    desk.approved()
    desk.write("Sisipan.\n")
    client = accounts.client_of(desk.reviewer)
    assert "Draf berubah sesudah disetujui." in text(client.get(review(desk)))
    assert "perlu dilihat sekali lagi" in text(client.get(publication(desk)))
    assert client.post(publication(desk), {"when": "now"}).status_code == 422
    assert Version.objects.filter(module=desk.module).count() == 1


def test_without_a_proposal_nothing_is_published(desk):
    desk.write()
    answer = accounts.client_of(desk.admin).post(publication(desk), {"when": "now"})
    assert answer.status_code == 422 and "belum dikirim untuk ditinjau" in text(answer)
    assert Version.objects.filter(module=desk.module).count() == 1


def test_a_moment_is_planned_in_the_zone_that_was_chosen_and_taken_back(desk):
    proposal = desk.approved()
    client, day = accounts.client_of(desk.reviewer), (timezone.now() + timedelta(days=3)).date()
    later = {"when": "later", "day": day.isoformat(), "hour": "08:00", "time_zone": "Asia/Jayapura"}
    assert client.post(publication(desk), {**later, "day": "2020-01-01"}).status_code == 422
    assert client.post(publication(desk), {**later, "hour": ""}).status_code == 422
    assert client.post(publication(desk), later).status_code == 302
    proposal.refresh_from_db()
    assert proposal.publish_at.isoformat().startswith(f"{(day - timedelta(days=1)).isoformat()}T23:00:00")  # 08.00 WIT
    page = text(client.get(publication(desk)))
    assert "Versi 2 terbit" in page and "WIT" in page and "Batalkan jadwal" in page
    assert client.post(publication(desk), {"when": "now", "act": "batal"}).status_code == 302
    proposal.refresh_from_db()
    assert (proposal.publish_at, proposal.status) == (None, ProposalStatus.APPROVED)


def test_blocking_things_are_counted_in_words_and_led_to(desk):
    desk.write("Lihat [peraturan](https://jdih.go.id/a) dan [bagian](#tidak-ada) serta [halaman](/tidak/ada/).\n\n![](/m/x.webp)\n")
    LinkCheck.objects.create(url="https://jdih.go.id/a", state=LinkState.BROKEN, broken_since=timezone.now())
    found = hindrances.of(desk.module, publishing.freeze(desk.module))
    assert [one.code for one in found.blocking] == ["missing_alt", "foreign_image", "broken_link", "broken_link", "broken_link"]
    assert found.title == "Lima hal yang menghalangi"
    page = text(accounts.client_of(desk.reviewer).get(review(desk)))
    assert "Lima hal yang menghalangi" in page and reverse("courses:studio_lesson", args=[desk.lesson.pk]) in page
    assert "WIB" in found.blocking[2].sentence


def test_dates_that_passed_block_what_changed_and_warn_of_the_rest(desk):
    old = date(2026, 1, 1)
    Lesson.objects.filter(activity__module=desk.module).update(review_again_on=old)
    desk.write()
    kept = companions.of_course(desk.module.course)
    fact = {"key": "a", "fact": "Meta mengganti namanya.", "confidence": "high", "origin": "x", "review_again_on": "2026-01-01"}
    kept.facts = [fact | {"lessons": [desk.lesson.code]}, fact | {"key": "b", "lessons": ["M9.9"]}]
    kept.save()
    found = hindrances.of(desk.module, publishing.freeze(desk.module))
    assert [one.code for one in found.blocking] == ["lesson_due", "fact_due"]
    assert [one.code for one in found.warnings] == ["lesson_due"]


def test_hours_that_do_not_add_up_are_said(desk):
    assert not [one for one in hindrances.of(desk.module).warnings if one.code == "hours"]
    desk.module.activities.filter(code="M1.1").update(minutes=60)
    (found,) = [one for one in hindrances.of(desk.module).warnings if one.code == "hours"]
    assert "105 menit" in found.sentence and "90 menit" in found.sentence


def test_hostile_words_are_shown_as_words(desk):
    attack = "<script>alert(1)</script> <img src=x onerror=alert(1)>"
    desk.write(f"{attack}\n\n[klik](javascript:alert(1))\n")
    remarking.remark(desk.lesson, by=desk.reviewer, body=attack, quote=attack)
    desk.propose(attack)
    page = text(accounts.client_of(desk.reviewer).get(review(desk)))
    assert "<script>alert" not in page and "<img src=x" not in page and 'href="javascript' not in page


def test_a_draft_with_a_check_that_cannot_be_read_still_has_its_page(desk):
    Lesson.objects.filter(activity=desk.lesson).update(body="/// cek | a\nsalah\n///")
    Module.objects.filter(pk=desk.module.pk).update(draft_changed_by=desk.author)
    client = accounts.client_of(desk.author)
    assert client.get(review(desk)).status_code == 200
    assert client.post(review(desk), {"act": "send"}).status_code == 422
    assert client.get(reverse("courses:compare", args=[desk.module.pk])).status_code == 200


def test_any_two_versions_or_the_draft_are_compared(desk):
    proposing.publish(desk.approved(), by=desk.reviewer)
    desk.write("Draf ketiga.\n")
    client, address = accounts.client_of(desk.author), reverse("courses:compare", args=[desk.module.pk])
    for query, words in (("?dari=1&ke=2", "warga."), ("?dari=2&ke=draf", "ketiga."), ("?dari=draf&ke=1", "instansi."), ("", "ketiga.")):
        assert words in text(client.get(address + query)), query
    for query in ("?dari=9&ke=1", "?dari=x&ke=draf", "?dari=" + "9" * 600):
        assert client.get(address + query).status_code in {200, 422}


def test_going_back_is_a_new_version_with_the_old_words(desk):
    first = desk.module.current_version
    proposing.publish(desk.approved(), by=desk.reviewer)
    client = accounts.client_of(desk.author)
    answer = client.post(reverse("courses:restore", args=[first.pk]), {"act": "kirim"})
    assert answer["Location"] == review(desk)
    proposal = proposing.open_proposal(desk.module)
    assert proposal.note == "Kembali ke isi versi 1." and desk.module.versions.count() == 2
    third = proposing.publish(desk.approve(proposal), by=desk.reviewer)
    assert third.number == 3 and [one.body for one in third.lessons.all()] == [one.body for one in first.lessons.all()]


@pytest.mark.parametrize("n", [1, 3])
def test_the_page_costs_the_same_for_any_number_of_lessons_remarks_and_cohorts(n, django_assert_max_num_queries):
    course = make.make_published_course(modules=1, lessons=n)
    desk = make_desk(course.modules.get())
    for activity in desk.module.activities.all():
        Lesson.objects.filter(activity=activity).update(body="Diubah.\n", updated_by=desk.author, updated_at=timezone.now())
        remarking.remark(activity, by=desk.reviewer, body="Sumbernya?", quote="Diubah.")
        make_enrolment(make_cohort(course))
    client = accounts.client_of(desk.reviewer)
    client.get(review(desk))
    with django_assert_max_num_queries(60) as found:
        assert client.get(review(desk)).status_code == 200
    counts.setdefault("review", len(found))
    assert len(found) == counts["review"]


counts: dict[str, int] = {}


def test_a_blocked_draft_is_sent_only_when_its_author_says_so(desk):
    desk.write("![](/m/x.webp)\n")
    author, reviewer = accounts.client_of(desk.author), accounts.client_of(desk.reviewer)
    refused = author.post(review(desk), {"act": "send", "note": ""})
    assert refused.status_code == 422 and "Masih ada dua hal yang menghalangi penerbitan." in text(refused)
    assert not Proposal.objects.exists()
    assert author.post(review(desk), {"act": "send", "note": "", "anyway": "on"}).status_code == 302
    page = text(reviewer.get(review(desk)))
    assert 'aria-disabled="true"' in page and 'value="approve"' not in page
    desk.write("Rapi.\n")
    assert 'name="anyway"' not in text(author.get(review(desk)))


def test_a_publication_lands_on_its_version_and_says_whom_it_reached(desk):
    staying = make_enrolment(pin(make_cohort(desk.module.course, kind="scheduled"))).cohort
    desk.approved()
    client = accounts.client_of(desk.reviewer)
    answer = client.post(publication(desk), {"when": "now", "note": ""}, follow=True)
    version = Version.objects.get(module=desk.module, number=2)
    assert answer.redirect_chain == [(reverse("courses:version", args=[version.pk]), 302)]
    page = text(answer)
    assert "Versi 2 terbit. 1 peserta tetap di versi mereka" in page and staying.name in page
    move = reverse("cohorts:versions", args=[staying.pk])
    assert move not in page and move in text(accounts.client_of(desk.admin).get(reverse("courses:version", args=[version.pk])))
    assert "Tidak ada yang perlu ditinjau" in text(client.get(review(desk)))


def test_a_planned_publication_is_shown_and_its_moment_is_offered_again(desk):
    desk.approved()
    client, day = accounts.client_of(desk.reviewer), (timezone.now() + timedelta(days=3)).date().isoformat()
    client.post(publication(desk), {"when": "later", "day": day, "hour": "08:00", "time_zone": desk.reviewer.time_zone})
    page = text(client.get(publication(desk)))
    assert f'value="{day}"' in page and 'value="08:00"' in page and "Ubah waktu, atau terbitkan sekarang" in page
    assert "Terjadwal." in text(accounts.client_of(desk.author).get(review(desk)))


def test_a_remark_stands_under_the_changed_words_that_it_quotes(desk):
    desk.write("## Isi\n\nAkun resmi milik warga.\n\nKalimat kedua yang baru.\n")
    remarking.remark(desk.lesson, by=desk.reviewer, body="Warga mana?", quote="milik warga")
    remarking.remark(desk.lesson, by=desk.reviewer, body="Menyeluruh.")
    (change,) = weighing.weigh(desk.module).comparison.lessons
    beside = {passage.text: [one.remark.body for one in passage.threads] for passage in change.passages if passage.threads}
    assert beside == {"Akun resmi milik warga.": ["Warga mana?"]}
    assert [one.remark.body for one in change.threads] == ["Menyeluruh."]
    assert text(accounts.client_of(desk.author).get(review(desk))).count("Warga mana?</p>") == 1


def test_what_comes_back_from_a_review_is_said_at_the_top(desk):
    desk.write()
    proposing.return_to_author(desk.propose(), by=desk.reviewer, decision="Tambahkan sumbernya.")
    page = text(accounts.client_of(desk.author).get(review(desk)))
    assert "Dikembalikan Dian Puspita." in page and "Tambahkan sumbernya." in page
