"""The help of the studio quotes what stands on today's pages, is found by words, and is linked from the pages that it explains."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.urls import reverse

from accounts.models import Role
from courses import helping
from linimasa.environment import ROOT
from tests.factories import accounts


def standing_text() -> str:
    """The words of all templates and forms, without marks."""
    folders = [ROOT / "templates", *(ROOT / name for name in ("courses", "quizzes", "cohorts", "linimasa"))]
    files = [one for folder in folders for one in Path(folder).rglob("*") if one.suffix in (".html", ".py") and one.name != "helping.py"]
    text = "\n".join(one.read_text() for one in files if "/help/" not in str(one))
    return " ".join(re.sub(r"\{%.*?%\}|<[^>]*>", " ", text).split())


def test_every_quoted_label_stands_on_a_page_of_today():
    text = standing_text()
    missing = {f"{task.slug}: {label}" for task in helping.TASKS for label in task.labels() if label not in text}
    assert not missing


def test_each_task_is_short_and_quotes_something():
    assert len(helping.TASKS) == len(helping.BY_SLUG) == 13
    for task in helping.TASKS:
        assert 3 <= len(task.steps) <= 7 and task.labels(), task.slug
        assert sum(len(step.split()) for step in task.steps) < 140, task.slug


@pytest.mark.parametrize(
    ("query", "first"),
    [("kuis", "membuat-kuis"), ("crop", "gambar-dan-rekaman"), ("UNDO", "memulihkan-riwayat"), ("scorm", "mengekspor-dan-mengimpor")],
)
def test_a_task_is_found_by_its_words(query, first):
    assert helping.find(query)[0].slug == first


@pytest.mark.django_db
def test_the_pages_answer_and_the_studio_leads_to_them():
    client = accounts.client_of(accounts.staff(Role.AUTHOR))
    listed = client.get(reverse("courses:help")).content.decode()
    for task in helping.TASKS:
        address = reverse("courses:help_task", args=[task.slug])
        assert address in listed and task.title in client.get(address).content.decode()
    assert "Belum ada halaman dengan kata itu" in client.get(reverse("courses:help"), {"q": "qqq <script>"}).content.decode()
    assert client.get(reverse("courses:help"), {"q": "x" * 101}).status_code == 422
    assert client.get(reverse("courses:help_task", args=["entah"])).status_code == 404
    assert reverse("courses:help") in client.get(reverse("courses:studio")).content.decode()


@pytest.mark.django_db
def test_an_organiser_reads_how_a_cohort_moves_without_ways_into_the_studio():
    client = accounts.client_of(accounts.staff(Role.ORGANISER))
    page = client.get(reverse("courses:help_task", args=["memindahkan-angkatan"])).content.decode()
    assert "Lihat akibatnya dan pindahkan" in page and reverse("courses:studio") not in page
