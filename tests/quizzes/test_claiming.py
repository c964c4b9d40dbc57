"""A piece of work is held by one trainer at a time, for half an hour, and comes back by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from quizzes import claiming, grading
from quizzes.models import Attempt, AttemptStatus, Claim, GradeEvent, GradingDraft
from tests.factories.accounts import client_of
from tests.quizzes.test_grading import handed_in, trainer_of


@pytest.fixture
def work(db: None) -> Attempt:
    return handed_in()


def test_the_second_trainer_is_told_who_and_until_when_and_judges_nothing(work: Attempt) -> None:
    first, second = trainer_of(work), trainer_of(work)
    assert claiming.claim(work, by=first).is_ours
    held = claiming.claim(work, by=second)
    assert (held.is_ours, held.by) == (False, first.name)
    with pytest.raises(grading.GradingError, match="sedang menilai pekerjaan ini sampai pukul"):
        grading.accept(work, by=second, levels=[0, 0])
    assert GradeEvent.objects.filter(response__attempt=work).count() == 0
    grading.accept(work, by=first, levels=[0, 0])
    assert not Claim.objects.filter(attempt=work).exists()


def test_a_claim_ends_by_itself_and_is_renewed_by_its_holder(work: Attempt) -> None:
    first, second = trainer_of(work), trainer_of(work)
    claiming.claim(work, by=first)
    with time_machine.travel(timezone.now() + timedelta(minutes=29), tick=False):
        assert claiming.claim(work, by=first).until == timezone.now() + claiming.LEASE
    with time_machine.travel(timezone.now() + timedelta(minutes=58), tick=False):
        assert not claiming.claim(work, by=second).is_ours
    with time_machine.travel(timezone.now() + timedelta(minutes=60), tick=False):
        assert claiming.claim(work, by=second).is_ours
        with pytest.raises(grading.GradingError):
            grading.accept(work, by=first, levels=[0, 0])


def test_nobody_gives_back_what_another_holds(work: Attempt) -> None:
    first, second = trainer_of(work), trainer_of(work)
    claiming.claim(work, by=first)
    assert not claiming.give_back(work, by=second)
    assert claiming.give_back(work, by=first)
    assert claiming.claim(work, by=second).is_ours


@pytest.mark.django_db(transaction=True)
def test_of_many_trainers_who_ask_at_once_one_holds_the_work(in_parallel) -> None:
    work = handed_in()
    people = [trainer_of(work) for _ in range(8)]
    results = in_parallel(8, lambda number: claiming.claim(work, by=people[number]))
    assert [one for one in results if isinstance(one, Exception)] == []
    assert sum(one.is_ours for one in results) == 1
    Claim.objects.update(until=timezone.now() - timedelta(seconds=1))
    again = in_parallel(8, lambda number: claiming.claim(work, by=people[number]))
    assert sum(one.is_ours for one in again) == 1


def test_opening_held_work_shows_who_has_it_and_what_is_free(work: Attempt) -> None:
    first, second = trainer_of(work), trainer_of(work)
    mine, theirs = client_of(first), client_of(second)
    assert mine.post(f"/nilai/{work.pk}/ambil/").status_code == 302
    page = theirs.get(f"/nilai/{work.pk}/").content.decode()
    assert f"{first.name} sedang menilai pekerjaan ini sampai pukul" in page
    assert "Umpan balik" not in page
    told = theirs.post(f"/nilai/{work.pk}/", {"c0": "0", "c1": "0", "comment": "Bagus.", "urutan": "1"})
    assert told.status_code == 409
    assert GradingDraft.objects.get(attempt=work, by=second).data["comment"] == "Bagus."
    mine.post(f"/nilai/{work.pk}/langkah/", {"aksi": "lepas", "urutan": "1"})
    assert "Bagus." in theirs.get(f"/nilai/{work.pk}/").content.decode()


def test_the_queue_says_what_is_held_and_the_next_work_is_free(work: Attempt) -> None:
    first, second = trainer_of(work), trainer_of(work)
    claiming.claim(work, by=first)
    page = client_of(second).get("/nilai/").content.decode()
    assert f"Dinilai {first.name} sampai" in page and "Pengajar lain memegang 1." in page
    assert client_of(second).post("/nilai/ambil/")["Location"] == "/nilai/"
    assert client_of(first).post("/nilai/ambil/")["Location"] == f"/nilai/{work.pk}/"
    assert f"/nilai/{work.pk}/" in client_of(first).get("/nilai/?milik=saya").content.decode()
    assert f'href="/nilai/{work.pk}/"' not in client_of(second).get("/nilai/?milik=saya").content.decode()
    work.refresh_from_db()
    assert work.status == AttemptStatus.SUBMITTED
