"""The replay: what happened, in order, in words; only for those who may grade; the same cost for any length."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, ScopeKind
from quizzes import attempts, grading, history, noting
from quizzes.models import AnswerEvent, AttemptEvent, GradeEvent
from tests.factories import quizzes as factory
from tests.factories.accounts import client_of, grant, person

pytestmark = pytest.mark.django_db
NOON = timezone.now().replace(hour=3, minute=0, second=0, microsecond=0)  # 10.00 WIB
FRAGMENT = {"HTTP_X_REQUESTED_WITH": "fragment"}


def trainer_of(attempt):
    trainer = person()
    grant(trainer, Role.TRAINER, ScopeKind.COHORT, attempt.enrolment.cohort_id)
    return trainer


def address(attempt, query=""):
    return reverse("quizzes:history", args=[attempt.pk]) + query


def told(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


@pytest.fixture
def story():
    """An attempt on two devices with a stale and a late answer, closed by the clock, and one late answer that was counted."""
    with time_machine.travel(NOON, tick=False) as clock:
        attempt = factory.start(copies=1, rules={"draw": [{"module": "M1", "count": 7}], "time_limit": 15})
        one = attempt.responses.select_related("question_version", "attempt__enrolment__learner").get(question_version__kind="single")
        clock.shift(timedelta(seconds=31))
        noting.tell(attempt, noting.read([f"opened.{int(timezone.now().timestamp() * 1000)}.{one.position}"]), "first")
        factory.save(one, factory.wrong(one), sequence=1, base=0, device="first", given_at=timezone.now())
        clock.shift(timedelta(minutes=2))
        noting.resumed(attempt, "second")
        factory.save(one, factory.right(one), sequence=2, base=1, device="second")
        factory.save(one, factory.wrong(one), sequence=900, base=1, device="first", given_at=timezone.now() - timedelta(minutes=1))
        clock.shift(timedelta(seconds=5))
        noting.tell(attempt, noting.read([f"offline.{int(timezone.now().timestamp() * 1000)}", "warned.1764000000000.5"]), "second")
        clock.shift(timedelta(minutes=20))
        attempts.close_overdue()
        other = attempt.responses.select_related("question_version").get(question_version__kind="true_false")
        factory.save(other, factory.right(other), device="second", given_at=NOON + timedelta(minutes=14))
        attempt.refresh_from_db()
        trainer = trainer_of(attempt)
        grading.count_late(AnswerEvent.objects.get(response=other), by=trainer, reason="Dijawab sebelum waktu habis.")
    return attempt, trainer, one


def test_the_whole_story_is_told_in_order_in_words_and_with_zones(story):
    attempt, trainer, one = story
    text = told(client_of(trainer).get(address(attempt)))
    content = one.question_version.content
    right = content["choices"]["ABCD".index(content["key"])]
    order = [
        "Mulai", "10.00.00 WIB", f"Membuka soal {one.position}", "Perangkat A", f"Jawaban soal {one.position}", "(kosong) →",
        "Melanjutkan percobaan", "Perangkat B", "Tersimpan", f"→ {right}", "jawaban yang lebih baru sudah tersimpan",
        "Sinyal putus", "tinggal 5 menit", "Waktu habis", "10.15.00 WIB", "Ditutup oleh waktu", "tiba setelah waktu habis",
        "Menurut jam perangkat diisi 10.14.00 WIB", "Penyesuaian, oleh", "Dijawab sebelum waktu habis.",
    ]  # fmt: skip
    at = -1
    for words in order:
        found = text.find(words, at + 1)
        assert found > at, (words, text[max(at, 0) :])
        at = found if words not in {"Waktu habis"} else found
    assert not re.search(r"\d\d\.\d\d\.\d\d(?! WI)", text)


def test_one_question_alone(story):
    attempt, trainer, one = story
    text = told(client_of(trainer).get(address(attempt, f"?soal={one.position}")))
    assert f"Jawaban soal {one.position}" in text
    assert len(set(re.findall(r"Jawaban soal (\d+)", text))) == 1
    for odd in ("0", "99", "-1", "x", "1" * 50):
        assert client_of(trainer).get(address(attempt), {"soal": odd, "hal": odd}).status_code == 200


def test_only_those_who_may_grade_it(story):
    attempt, trainer, _one = story
    for who, status in ((attempt.enrolment.learner, 404), (person(), 404), (trainer, 200)):
        assert client_of(who).get(address(attempt)).status_code == status
    assert client_of(trainer).post(address(attempt)).status_code == 405


def test_the_cost_is_the_same_for_any_length(story, django_assert_max_num_queries):
    attempt, trainer, one = story
    client = client_of(trainer)
    with django_assert_max_num_queries(40) as short:
        client.get(address(attempt))
    AnswerEvent.objects.bulk_create(
        AnswerEvent(response=one, key=f"key-{number:08d}", sequence=1, answer=number % 4, was_accepted=True) for number in range(200)
    )
    AttemptEvent.objects.bulk_create(AttemptEvent(attempt=attempt, kind="online", device=f"{number % 3}" * 16) for number in range(100))
    with django_assert_max_num_queries(40) as long:
        page = client.get(address(attempt))
    assert len(long.captured_queries) == len(short.captured_queries)
    assert page.content.decode().count('class="entry"') == history.ROWS_A_PAGE
    assert "Halaman" in told(page)


def test_what_the_policy_removed_is_said():
    with time_machine.travel(NOON - timedelta(days=900), tick=False):
        attempt = factory.start()
        factory.answer_all(attempt)
        attempts.submit(attempt, by=attempt.enrolment.learner)
    AnswerEvent.objects.all().delete()
    text = told(client_of(trainer_of(attempt)).get(address(attempt)))
    assert "lebih lama dari dua tahun" in text
    assert "Mengirim jawaban" in text
    assert GradeEvent.objects.filter(response__attempt=attempt).exists()
    assert "Otomatis, oleh server" in text


# --- noting ---------------------------------------------------------------------------------------------------------------
def test_an_opened_question_is_noted_once_a_device():
    attempt = factory.start()
    for device in ("first", "first", "second"):
        noting.tell(attempt, noting.read(["opened.1764000000000.2", "opened.1764000000000.99", "opened.1764000000000.0"]), device)
    assert [(one.kind, one.number) for one in attempt.events.all()] == [("opened", 2)] * 2
    assert len({one.device for one in attempt.events.all()}) == 2


def test_a_device_has_another_mark_in_another_attempt():
    assert noting.mark("first", 1) != noting.mark("first", 2)
    assert re.fullmatch(r"[0-9a-f]{16}", noting.mark("first", 1))
    assert noting.mark("", 1) == ""


def test_what_a_browser_tells_is_bounded():
    attempt = factory.start()
    client = client_of(attempt.enrolment.learner)
    lines = [
        "offline.1764000000000",
        "warned.1764000000000.5",
        "warned.1764000000000.9",
        "closed.1764000000000",
        "\x00",
        "x" * 9_999,
        "online.٣",
    ]
    for _ in range(3):
        assert client.post(reverse("quizzes:tell", args=[attempt.pk]), {"kabar": lines}).status_code == 204
    assert sorted(attempt.events.values_list("kind", flat=True)) == ["offline"] * 3 + ["online"] * 3 + ["warned"]
    AttemptEvent.objects.bulk_create(AttemptEvent(attempt=attempt, kind="online") for _ in range(noting.MOST_EVENTS))
    assert client.post(reverse("quizzes:tell", args=[attempt.pk]), {"kabar": lines}).status_code == 204
    assert attempt.events.count() == noting.MOST_EVENTS + 7
    assert client_of(person()).post(reverse("quizzes:tell", args=[attempt.pk]), {"kabar": lines}).status_code == 404


def test_a_page_near_the_end_carries_the_warning_without_a_script():
    with time_machine.travel(NOON, tick=False) as clock:
        attempt = factory.start(rules={"time_limit": 15})
        client = client_of(attempt.enrolment.learner)
        page = reverse("quizzes:question", args=[attempt.pk, 2])
        assert "Tinggal" not in client.get(page).content.decode()
        clock.shift(timedelta(minutes=10, seconds=30))
        for _ in range(2):
            assert ">Tinggal 5 menit.<" in client.get(page).content.decode()
        clock.shift(timedelta(minutes=3, seconds=45))
        assert ">Tinggal 1 menit.<" in client.get(page).content.decode()
    assert not attempt.events.exists()  # no GET changes anything
