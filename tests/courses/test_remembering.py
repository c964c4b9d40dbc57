"""What a load changes becomes history: the states before and after, from files, in few statements, restored like any other."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses import editing, remembering, restoring
from courses.loading import LoadError, load_course
from courses.models import Aspect, Companions, Course, Lesson, Revision, RevisionOrigin
from tests.factories import accounts

from . import folders

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    root = folders.small_course(tmp_path / "kecil")
    folders.write(root / "glossary.yaml", folders.GLOSSARY)
    load_course(root)
    return root


@pytest.fixture
def admin():
    return accounts.admin()


def kept(**words):
    return Revision.objects.filter(**words).order_by("at", "pk")


def test_a_first_load_and_the_same_load_again_keep_nothing(folder, admin):
    load_course(folder, by=admin)
    assert not Revision.objects.exists()


def test_a_load_keeps_what_lessons_companions_and_the_outline_were_and_are(folder, admin):
    folders.change(folder / "m2-dua" / "02.md", "Teks.", "Teks baru.")
    folders.change(folder / "glossary.yaml", "Cara masuk tanpa kata sandi.", "Cara masuk dengan perangkat.")
    folders.change(folder / "m2-dua" / "module.yaml", "[01.md, 02.md]", "[02.md, 01.md]")
    load_course(folder, by=admin)
    told = [(one.aspect, one.origin, one.by) for one in kept().exclude(by=None)]
    assert {(aspect, "file", admin) for aspect in (Aspect.LESSON, Aspect.COMPANIONS, Aspect.OUTLINE)} == set(told) and len(told) == 3
    assert kept(by=None).count() == 3
    page = accounts.client_of(admin).get(reverse("courses:course_history", args=[Course.objects.get().pk])).content.decode()
    assert "Dari berkas" in page and "Mengubah M2.2 Pelajaran M2.2 di luar studio" in page
    assert "Istilah «kunci sandi» berubah." in page and "pindah tempat" in page


def test_what_a_load_changed_is_restored(folder, admin):
    folders.change(folder / "m2-dua" / "02.md", "Teks.", "Teks baru.")
    folders.change(folder / "glossary.yaml", "Cara masuk tanpa kata sandi.", "Cara masuk dengan perangkat.")
    load_course(folder, by=admin)
    for aspect in (Aspect.LESSON, Aspect.COMPANIONS):
        assert restoring.restore(kept(aspect=aspect).first(), by=admin)
    assert Lesson.objects.get(activity__code="M2.2").body.strip().endswith("Teks.")
    assert Companions.objects.get().glossary[1]["definition"] == "Cara masuk tanpa kata sandi."


def test_what_the_studio_wrote_and_a_load_replaced_stays_in_the_history(folder, admin):
    lesson = Lesson.objects.select_related("activity__module", "activity__course").get(activity__code="M2.1")
    editing.save_lesson(lesson.activity, by=admin, edit_number=0, body="Dari studio.\n", values={}, facts={})
    folders.change(folder / "m2-dua" / "01.md", "Teks.", "Teks baru.")
    load_course(folder, by=admin, overwrite_drafts=True)
    bodies = [one.content["body"].strip().split("\n")[-1] for one in kept(activity=lesson.activity)]
    assert bodies == ["Teks.", "Dari studio.", "Teks baru."]
    assert kept(activity=lesson.activity).last().origin == RevisionOrigin.FILE


def test_a_load_that_is_refused_keeps_nothing(folder, admin):
    folders.change(folder / "m2-dua" / "02.md", "Teks.", "Teks baru.")
    folders.change(folder / "m2-dua" / "01.md", "## Isi\n\nTeks.", "")
    with pytest.raises(LoadError):
        load_course(folder, by=admin)
    assert not Revision.objects.exists()


def test_remembering_costs_the_same_for_one_changed_lesson_and_for_three(folder, admin):
    course = Course.objects.get()
    counts = []
    for codes in (["M1.1", "M2.1", "M2.2"], ["M2.2"], ["M1.1", "M2.1", "M2.2"]):
        before = remembering.everything(course)
        Lesson.objects.filter(activity__code__in=codes).update(body=f"Lain {len(counts)}.\n")
        with CaptureQueriesContext(connection) as asked:
            assert remembering.keep_changes(course, before, by=admin) == len(codes)
        counts.append(len(asked))
    assert counts[1] == counts[2] <= 15
