"""The learner's pages: all seven kinds without a script, one address a question, foreign things absent, the key never shown early."""

from __future__ import annotations

import html
import json
import re
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
import yaml
from django.urls import reverse
from django.utils import timezone

from quizzes import attempts
from quizzes.kinds import kind_of, letter, registry
from quizzes.models import AnswerEvent, Attempt, AttemptStatus, Response
from quizzes.part import QuizzesPart
from tests.factories import courses
from tests.factories import quizzes as factory
from tests.factories.accounts import client_of, person

pytestmark = pytest.mark.django_db
CONTENT = Path(__file__).resolve().parents[2] / "content" / "lini-masa"
JSON = {"HTTP_ACCEPT": "application/json"}
FRAGMENT = {"HTTP_X_REQUESTED_WITH": "fragment"}


@pytest.fixture
def attempt():
    return factory.start()


@pytest.fixture
def learner(attempt):
    return client_of(attempt.enrolment.learner)


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())[1]


def post(client, one, raw, **extra):
    """What the browser sends for a question, with the page's own hidden fields."""
    fields = {"urutan": one.sequence + 1, "kunci": uuid.uuid4().hex} | raw
    return client.post(address(one), {**fields, **extra.pop("more", {})}, **extra)


def address(one):
    return reverse("quizzes:question", args=[one.attempt_id, one.position])


def questions(attempt):
    return list(attempt.responses.select_related("question_version").order_by("position"))


def of_kind(attempt, kind):
    return next(one for one in questions(attempt) if one.question_version.kind == kind)


# --- the whole way without a script -------------------------------------------------------------------------------------
def test_a_whole_quiz_of_all_kinds_without_a_script():
    enrolment = factory.make_enrolment()
    client = client_of(enrolment.learner)
    activity = factory.quiz_of(enrolment.course).activity
    start = reverse("quizzes:start", args=[activity.pk])
    assert "Mulai kuis" in client.get(start).content.decode()
    page = client.post(start, follow=True)
    attempt = Attempt.objects.get()
    seen = set()
    for number, one in enumerate(questions(attempt), 1):
        assert page.redirect_chain[-1][0] == address(one)
        assert f"<title>Soal {number} dari 14 – Kuis Modul 1 – Linimasa</title>" in page.content.decode()
        seen.add(one.question_version.kind)
        fields = {"urutan": hidden(page, "urutan"), "kunci": hidden(page, "kunci")} | factory.right(one)
        page = client.post(address(one), fields, follow=True)
    assert len(seen) == 7
    assert "Semua 14 soal sudah dijawab." in page.content.decode()
    asked = client.post(reverse("quizzes:send", args=[attempt.pk]))
    assert "Setelah dikirim, jawaban tidak bisa diubah." in asked.content.decode()
    assert Attempt.objects.get().status == AttemptStatus.OPEN
    page = client.post(reverse("quizzes:send", args=[attempt.pk]), {"yakin": "1"}, follow=True)
    assert "Anda lulus dengan nilai 100" in page.content.decode()
    assert Attempt.objects.get().score == 1


def test_arrows_move_a_step_on_the_server(attempt, learner):
    one = of_kind(attempt, "ordering")
    shown = [str(number) for number in range(1, 6)]
    answer = post(learner, one, {"urut": shown, "turun": "1"})
    assert (answer.status_code, answer["Location"]) == (303, address(one))
    one.refresh_from_db()
    assert one.answer == [one.order[1], one.order[0], *one.order[2:]]
    values = re.findall(r'name="urut" value="(\d)"', learner.get(address(one)).content.decode())
    assert values == ["2", "1", "3", "4", "5"]


def test_nothing_chosen_is_an_error_that_can_be_skipped(attempt, learner):
    one = of_kind(attempt, "single")
    refused = post(learner, one, {})
    text = refused.content.decode()
    assert refused.status_code == 422
    assert "<title>Galat: Soal" in text
    assert 'href="#j-1"' in text
    assert "Lewati dulu" in text
    skipped = post(learner, one, {"lewati": "1", "tandai": "1"})
    assert skipped.status_code == 303
    one.refresh_from_db()
    assert (one.answer, one.is_flagged) == (None, True)


def test_going_back_shows_the_answer_and_the_flag(attempt, learner):
    one = of_kind(attempt, "matching")
    post(learner, one, factory.right(one), more={"tandai": "1"})
    text = learner.get(address(one)).content.decode()
    assert text.count(" selected") == 4
    assert 'name="tandai" value="1" checked' in text
    assert text.count("is-answered is-flagged") == 1


# --- saving with a script -----------------------------------------------------------------------------------------------
def test_a_save_says_what_the_database_holds(attempt, learner):
    one = of_kind(attempt, "single")
    answer = post(learner, one, factory.right(one), more={"saat": timezone.now().isoformat()}, **JSON)
    assert answer.json() == {"saved": True, "sentence": "", "sequence": 1, "open": True}
    assert AnswerEvent.objects.get().given_at is not None
    stale = post(learner, one, factory.wrong(one), **JSON)
    assert (stale.status_code, stale.json()["saved"]) == (409, False)
    attempts.submit(attempt, by=attempt.enrolment.learner)
    one.refresh_from_db()
    late = post(learner, one, factory.wrong(one), **JSON)
    assert (late.status_code, late.json()["saved"], late.json()["open"]) == (409, False, False)


def test_going_on_answers_with_the_next_question(attempt, learner):
    first, second = questions(attempt)[:2]
    answer = post(learner, first, factory.right(first), **FRAGMENT)
    assert answer.status_code == 200
    assert answer["X-Address"] == address(second)
    assert html.escape(second.question_version.content["text"]) in answer.content.decode()
    assert "<html" not in answer.content.decode()
    last = questions(attempt)[-1]
    assert post(learner, last, factory.right(last), **FRAGMENT)["X-Address"] == reverse("quizzes:review", args=[attempt.pk])


# --- the clock ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["question", "review", "send", "result"])
def test_a_page_after_the_deadline_closes_the_attempt(name):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        attempt = factory.start(rules={"time_limit": 15})
        client = client_of(attempt.enrolment.learner)
        args = [attempt.pk, 1] if name == "question" else [attempt.pk]
        assert "15 menit" in client.get(reverse("quizzes:question", args=[attempt.pk, 1])).content.decode()
        clock.shift(timedelta(minutes=15))
        page = client.get(reverse(f"quizzes:{name}", args=args), follow=True)
        assert "Waktu habis. 0 jawaban terkirim" in page.content.decode()
    attempt.refresh_from_db()
    assert attempt.closed_by == "clock"


# --- foreign is absent --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["learner", "other", "anonymous"])
@pytest.mark.parametrize("name", ["start", "question", "review", "send", "result"])
def test_only_the_learner_opens_the_pages(attempt, name, who):
    args = {"start": [attempt.quiz.activity_id], "question": [attempt.pk, 1]}.get(name, [attempt.pk])
    people = {"learner": attempt.enrolment.learner, "other": person() if who == "other" else None, "anonymous": None}
    client = client_of(people[who])
    for answer in (client.get(reverse(f"quizzes:{name}", args=args)), client.post(reverse(f"quizzes:{name}", args=args))):
        if who == "learner":
            assert answer.status_code in {200, 302, 303, 405, 422}
        else:
            assert answer.status_code in ({302, 405} if who == "anonymous" else {404, 405})
    if who != "learner":
        attempt.refresh_from_db()
        assert attempt.is_open


@pytest.mark.parametrize("path", ["999999999", "99999999999999999999999"])
def test_absent_things_are_not_found(attempt, learner, path):
    for address in (
        f"/kuis/{path}/1/",
        f"/kuis/{attempt.pk}/{path}/",
        f"/kuis/{path}/tinjau/",
        f"/kuis/{path}/hasil/",
        f"/kuis/mulai/{path}/",
    ):
        assert learner.get(address).status_code == 404
        assert learner.post(address, {"urutan": "1", "kunci": "abcdefgh", "j": "a"}).status_code in {404, 405}


# --- bad input ----------------------------------------------------------------------------------------------------------
BAD = ["", "\x00", "a\x00b", "\x1b[31m", "x" * 1_000_000, "-1", "0", "1e9", "٣", "{}", "[]", "null", "a,b", "😀" * 500]


@pytest.mark.parametrize("extra", [{}, JSON, FRAGMENT])
def test_bad_input_gets_a_sentence_and_never_a_500(attempt, learner, extra):
    fields = ["j", "p1", "urut", "naik", "urutan", "kunci", "saat", "tandai", "lewati"]
    for number, one in enumerate({one.question_version.kind: one for one in questions(attempt)}.values()):
        for field in fields:
            for value in BAD if extra is JSON and field in {"j", "p1", "urut"} else BAD[number % 3 :: 3]:
                one.refresh_from_db()
                answer = post(learner, one, factory.right(one) | {field: value}, **extra)
                assert answer.status_code in {200, 204, 303, 409, 422}, (one.question_version.kind, field, value[:20])
                if answer.status_code == 422 and extra is JSON:
                    assert answer.json()["sentence"]
    for one in questions(attempt):
        assert kind_of(one.question_version).points(one.answer) in {None, *(0, 1)} or one.question_version.kind in {"multiple", "matching"}


# --- promise 6 ----------------------------------------------------------------------------------------------------------
def secrets_of(content):
    """Texts that only the feedback may show."""
    found = [content["feedback"]]
    found += content.get("accepted", [])
    found += content.get("misconceptions", {}).values()
    return [one for one in found if len(one) > 3]


def everything_before_feedback(client, attempt):
    """Every byte and header that a learner gets from the start to the moment before sending."""
    addresses = [reverse("quizzes:start", args=[attempt.quiz.activity_id]), reverse("quizzes:review", args=[attempt.pk])]
    addresses += [reverse("quizzes:send", args=[attempt.pk])]
    for one in questions(attempt):
        yield client.get(address(one))
        yield post(client, one, {}, **FRAGMENT)
        yield post(client, one, {"j": "zz", "p1": "zz", "urut": "zz"}, **JSON)
        one.refresh_from_db()
        yield post(client, one, factory.right(one), **FRAGMENT)
        yield client.get(address(one))
    for one in addresses:
        yield client.get(one)


def curriculum_questions():
    return [one for file in sorted(CONTENT.glob("*/questions.yaml")) for one in yaml.safe_load(file.read_text())]


def tagged(one):
    """The question with a misconception for each wrong choice: its own, or one made up for this test."""
    kind = registry[one["kind"]]
    if "misconceptions" not in kind.keys or "misconceptions" in one:
        return one
    return one | {"misconceptions": {name: f"mengira-{one['code'].lower()}-{name.lower()}" for name in kind.wrong(one)}}


@pytest.mark.parametrize("half", [0, 1])  # a quiz draws at most 100
def test_the_key_of_no_question_leaves_the_server_early(half):
    """Every question of the curriculum: no explanation, no accepted answer, no misconception, no word about right or wrong before the
    rule allows; and no misconception afterwards either."""
    bank = [tagged(one) for one in curriculum_questions()][half::2]
    assert len(bank) >= 55
    course = courses.make_course()
    module = courses.make_module(course, lessons=1)
    courses.make_activity(module, kind="quiz", code="M1-KUIS", slug="kuis", title="Kuis Modul 1")
    lesson = module.activities.get(kind="lesson").code
    counts = [min(100, len(bank) - start) for start in range(0, len(bank), 100)]  # a layer holds a hundred at most
    rules = factory.QUIZ | {"draw": [{"module": "M1", "count": count} for count in counts]}
    factory.load(module, {"M1-KUIS": rules}, [one | {"lesson": lesson} for one in bank])
    courses.publish(module)
    courses.publish(courses.make_module(course, lessons=1))
    courses.publish(course)
    attempt = factory.start(factory.make_enrolment(course))
    client = client_of(attempt.enrolment.learner)
    hidden_texts = {}
    shown = " ".join(
        json.dumps(one.shown(), ensure_ascii=False) for one in questions(attempt)
    ).casefold()  # a key that another question's text says aloud proves nothing
    for one in questions(attempt):
        for text in secrets_of(one.question_version.content):
            if text.casefold() not in shown:
                hidden_texts[html.escape(text).casefold()] = one.question_version.question_id
    assert len(hidden_texts) >= 55
    for answer in everything_before_feedback(client, attempt):
        said = (answer.content.decode() + str(dict(answer.headers))).casefold()
        own = {html.escape(value).casefold() for one in questions(attempt) for value in [one.answer] if isinstance(value, str)}
        leaked = [text for text in hidden_texts if text in said and not any(text in mine for mine in own)]
        assert leaked == []
        assert not re.search(r"is-right|is-again|belum tepat|data-key|data-right|\"points\"", said)
        assert attempt.seed not in said
    attempts.submit(attempt, by=attempt.enrolment.learner)
    told = html.unescape(client.get(reverse("quizzes:result", args=[attempt.pk])).content.decode())
    assert all(one.question_version.content["feedback"] in told for one in questions(attempt))
    assert [tag for one in bank for tag in one.get("misconceptions", {}).values() if tag in told] == []


@pytest.mark.parametrize("kind", ["single", "multiple", "scenario", "matching", "ordering"])
def test_what_a_page_sends_names_places_on_the_page(attempt, learner, kind):
    """Values run a, b, c … (1, 2, 3 …) down the page whatever the order is, so they say nothing about the bank's own order."""
    one = of_kind(attempt, kind)
    text = learner.get(address(one)).content.decode()
    values = re.findall(r'name="urut" value="(\d+)"' if kind == "ordering" else r'(?:name="j"|<option) value="([a-z])"', text)
    count = len(one.order)
    expected = [str(place + 1) if kind == "ordering" else letter(place) for place in range(count)]
    assert values[:count] == expected


@pytest.mark.parametrize(
    ("rule", "cohort", "shown"),
    [
        ("after_submit", {}, True),
        ("never", {}, False),
        ("after_close", {}, True),  # self-paced and passed
        ("after_close", {"kind": "scheduled"}, False),
    ],
)
def test_feedback_is_shown_when_the_rule_allows(rule, cohort, shown):
    enrolment = factory.make_enrolment(factory.make_course(rules={"feedback": rule}), **cohort)
    attempt = factory.start(enrolment)
    factory.answer_all(attempt)
    attempts.submit(attempt, by=enrolment.learner)
    text = client_of(enrolment.learner).get(reverse("quizzes:result", args=[attempt.pk])).content.decode()
    assert ("Penjelasan rahasia" in text) is shown
    assert ('class="bloom"' in text) is shown


def test_feedback_after_close_waits_while_a_self_paced_learner_may_try_again():
    enrolment = factory.make_enrolment(
        factory.make_course(copies=4, rules={"feedback": "after_close", "attempts_allowed": 1, "remedial_attempts": 1})
    )
    client = client_of(enrolment.learner)
    texts = []
    for _ in range(2):
        attempt = factory.start(enrolment)
        factory.answer_all(attempt, factory.wrong, but=("short_answer",))
        attempts.submit(attempt, by=enrolment.learner)
        texts.append(client.get(reverse("quizzes:result", args=[attempt.pk])).content.decode())
    assert ["Penjelasan rahasia" in text for text in texts] == [False, True]
    assert "Tepat</span>" not in texts[0]


# --- what it costs ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("copies", [2, 6])
def test_pages_cost_the_same_in_a_long_quiz(copies, django_assert_num_queries):
    attempt = factory.start(copies=copies, rules={"draw": [{"module": "M1", "count": copies * 7}]})
    client = client_of(attempt.enrolment.learner)
    one = next(one for one in questions(attempt) if 1 < one.position < attempt.rules["questions"])
    with django_assert_num_queries(4):  # session, user, the question, the dots
        assert client.get(address(one)).status_code == 200
    with django_assert_num_queries(7):  # session, user, lock and read, update, insert (and a test's savepoint)
        assert post(client, one, factory.right(one), **FRAGMENT).status_code == 200
    with django_assert_num_queries(4):  # session, user, the attempt, its questions
        assert client.get(reverse("quizzes:review", args=[attempt.pk])).status_code == 200


def test_a_whole_quiz_of_ten_questions_costs_at_most_95_statements(django_assert_max_num_queries):
    enrolment = factory.make_enrolment(factory.make_course(rules={"draw": [{"module": "M1", "count": 10}]}))
    client = client_of(enrolment.learner)
    start = reverse("quizzes:start", args=[factory.quiz_of(enrolment.course).activity_id])
    client.get(start)  # the shared parts of the pages are at hand
    with django_assert_max_num_queries(1_000) as counted:
        client.get(start)
        where = client.post(start)["Location"]
        client.get(where)
    opened = len(relevant(counted))
    attempt = Attempt.objects.get()
    asked = questions(attempt)
    with django_assert_max_num_queries(1_000) as counted:
        for one in asked:
            post(client, one, factory.right(one), **FRAGMENT)
        client.post(reverse("quizzes:send", args=[attempt.pk]), {"yakin": "1"})
        client.get(reverse("quizzes:result", args=[attempt.pk]))
    assert opened + len(relevant(counted)) <= 95


def relevant(counted):
    return [one["sql"] for one in counted.captured_queries if not re.match(r"(RELEASE )?SAVEPOINT|BEGIN|COMMIT", one["sql"])]


# --- the part in files --------------------------------------------------------------------------------------------------
def test_the_start_page_lists_ended_attempts_and_what_is_left(attempt, learner):
    attempts.submit(attempt, by=attempt.enrolment.learner)
    text = learner.get(reverse("quizzes:start", args=[attempt.quiz.activity_id])).content.decode()
    assert "2 dari 3 tersisa" in text
    assert reverse("quizzes:result", args=[attempt.pk]) in text
    assert "Coba lagi" in text


def test_the_part_is_registered():
    from courses.publishing import registered_parts

    assert isinstance(registered_parts()["quizzes"], QuizzesPart)


def test_responses_are_drawn_once_for_each_question(attempt):
    assert Response.objects.filter(attempt=attempt).values("question_version__question").distinct().count() == 14


def test_every_page_of_a_course_has_a_title_of_its_own_and_says_galat_once():
    enrolment = factory.make_enrolment(factory.make_course(assignment=True, lessons=2))
    client, course = client_of(enrolment.learner), enrolment.course
    work = factory.start(enrolment, "M1-KUIS")
    module = course.modules.get(code="M1")
    lessons = module.activities.filter(kind="lesson")
    start = reverse("quizzes:start", args=[work.quiz.activity_id])
    urls = [reverse("cohorts:home"), reverse("cohorts:module", args=[course.slug, module.slug]), start]
    urls += [reverse("cohorts:lesson", args=[course.slug, module.slug, one.slug]) for one in lessons]
    urls += [reverse("quizzes:question", args=[work.pk, number]) for number in (1, 2)] + [reverse("quizzes:review", args=[work.pk])]
    pages = {url: client.get(url, follow=True).content.decode() for url in urls}
    factory.answer_all(work)
    attempts.submit(work, by=enrolment.learner)
    activity = course.activities.get(code="M1-TUGAS")
    address = reverse("quizzes:assignment", args=[activity.pk])
    for url in (reverse("quizzes:result", args=[work.pk]), address):
        pages[url] = client.get(url).content.decode()
    titles = [re.search(r"<title>(.*?)</title>", page)[1] for page in pages.values()]
    assert len(set(titles)) == len(titles), titles
    factory.start(enrolment, "M1-TUGAS")
    refused = client.post(address, {"text": "x" * 30_000}).content.decode()
    assert re.search(r"<title>(.*?)</title>", refused)[1] == "Galat: Tugas: Audit Keamanan Akun – Linimasa"
