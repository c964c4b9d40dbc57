"""Putting right: a corrected key reaches every answer once, lowers nothing that was earned, and stops anywhere without harm."""

from __future__ import annotations

import copy
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from audit.models import Entry
from cohorts.models import EnrolmentStatus, Progress, ProgressState
from linimasa import invariants
from notifications.models import Message
from quizzes import attempts, grading, scoring, tasks
from quizzes.correcting import applying, deciding, judging, regrading, telling
from quizzes.correcting import impact as looking
from quizzes.kinds import kind_of
from quizzes.marking import naming
from quizzes.models import (
    Attempt,
    AttemptStatus,
    Correction,
    CorrectionChoice,
    CorrectionStatus,
    GradeEvent,
    GradeKind,
    Question,
    QuizWindow,
    Response,
)
from tests.factories import accounts, certificates, courses
from tests.factories import quizzes as factory
from tests.factories.accounts import person

FULL, BOTH, NEW, LEAVE = CorrectionChoice.FULL_CREDIT, CorrectionChoice.BOTH, CorrectionChoice.NEW_KEY, CorrectionChoice.LEAVE
ALL = {"draw": [{"module": "M1", "count": 7}], "attempts_allowed": 3, "shuffle": True}
REASON = "Kunci lama bertentangan dengan pedoman."


def course_of_all(**rules):
    return factory.make_course(copies=1, rules=ALL | rules)


def finish(enrolment, how=factory.right, **words):
    attempt = factory.start(enrolment)
    factory.answer_all(attempt, how, **words)
    return attempts.submit(attempt, by=enrolment.learner)


def author():
    return accounts.staff("author")


def question(kind, course):
    return Question.objects.select_related("current_version", "course", "module").get(kind=kind, course=course)


def response_to(attempt, kind):
    return Response.objects.select_related("question_version").get(attempt=attempt, question_version__kind=kind)


def mended(asked):
    """The question with another key: as an author would write it."""
    content = copy.deepcopy(asked.current_version.content)
    match asked.kind:
        case "single" | "scenario":
            content["key"] = "A"
            content.pop("misconceptions", None)
        case "multiple":
            content["key"] = ["A", "C"]
            content.pop("misconceptions", None)
        case "true_false":
            content["key"] = not content["key"]
            content.pop("misconceptions", None)
        case "short_answer":
            content["accepted"] = ["lima"]
        case "matching":
            rights = [one["right"] for one in content["pairs"]]
            for pair, right in zip(content["pairs"], [rights[1], rights[0], *rights[2:]], strict=True):
                pair["right"] = right
        case "ordering":
            content["order"] = [*content["order"][1:], content["order"][0]]
    return content


def correct(asked, choice, content=None, **words):
    made = deciding.correct(asked, choice, content, by=words.pop("by", None) or author(), reason=REASON, **words)
    assert applying.apply(made.pk)
    made.refresh_from_db()
    return made


# What the old right answer scores by the new key; worked out by hand.
BY_NEW_KEY = {
    "single": "0",
    "scenario": "0",
    "true_false": "0",
    "multiple": "0",  # one of two right, one wrong
    "short_answer": "0",
    "matching": "0.5",
    "ordering": "0.75",
}


@pytest.mark.django_db
@pytest.mark.parametrize("choice", [FULL, BOTH, NEW, LEAVE])
def test_each_choice_for_each_kind(choice):
    course = course_of_all()
    attempt = finish(factory.make_enrolment(course))
    for kind, by_new in BY_NEW_KEY.items():
        asked = question(kind, course)
        made = correct(asked, choice, mended(asked))
        response = response_to(attempt, kind)
        assert response.points == (Decimal(by_new) if choice == NEW else 1), kind
        events = list(GradeEvent.objects.filter(correction=made))
        assert len(events) == made.changed == (1 if choice == NEW else 0), kind
        if events:
            assert (events[0].kind, events[0].reason, events[0].question_version) == (GradeKind.REGRADE, REASON, made.new_version)
        assert (made.status, response.question_version) == (CorrectionStatus.DONE, made.old_version)
    attempt.refresh_from_db()
    assert attempt.score == scoring.mean(attempt.responses.values_list("points", flat=True))
    assert invariants.broken() == []


@pytest.mark.django_db
@pytest.mark.parametrize(("choice", "points"), [(FULL, 1), (BOTH, 1), (NEW, 1), (LEAVE, 0)])
def test_an_answer_that_was_called_wrong_is_right_now(choice, points):
    course = course_of_all()
    kinds = ("single", "scenario", "true_false")
    attempt = factory.start(factory.make_enrolment(course))
    factory.answer_all(attempt, but=kinds)
    for kind in kinds:
        asked = question(kind, course)
        Response.objects.filter(pk=response_to(attempt, kind).pk).update(answer=kind_of(_as_version(asked, mended(asked))).right())
    attempt = attempts.submit(attempt, by=attempt.enrolment.learner)
    for kind in kinds:
        before = Attempt.objects.get(pk=attempt.pk).score
        correct(question(kind, course), choice, mended(question(kind, course)))
        attempt.refresh_from_db()
        assert response_to(attempt, kind).points == points
        assert (attempt.score > before) is (points == 1)


def _as_version(asked, content):
    version = copy.copy(asked.current_version)
    version.content = content
    return version


@pytest.mark.django_db
def test_full_credit_reaches_a_blank_answer_and_needs_no_new_key():
    course = course_of_all()
    attempt = finish(factory.make_enrolment(course), but=("single",))
    made = correct(question("single", course), FULL)
    assert made.new_version is None
    assert response_to(attempt, "single").points == 1
    assert invariants.broken() == []


@pytest.mark.django_db
@pytest.mark.parametrize("choice", [BOTH, NEW, LEAVE])
def test_a_key_that_did_not_change_is_no_correction(choice):
    asked = question("single", course_of_all())
    for content in (None, dict(asked.current_version.content), asked.current_version.content | {"feedback": "Kalimat lain."}):
        with pytest.raises(deciding.CorrectingError, match="sama dengan yang lama"):
            deciding.correct(asked, choice, content, by=author(), reason=REASON)
    assert not Correction.objects.exists()


@pytest.mark.django_db
def test_a_correction_needs_a_reason_and_the_same_parts():
    asked = question("single", course_of_all())
    with pytest.raises(deciding.CorrectingError, match="alasan"):
        deciding.correct(asked, NEW, mended(asked), by=author(), reason="  ")
    fewer = mended(asked) | {"choices": asked.current_version.content["choices"][:3]}
    with pytest.raises(deciding.CorrectingError, match="tidak dapat dicocokkan"):
        deciding.correct(asked, NEW, fewer, by=author(), reason=REASON)
    assert asked.versions.count() == 1


@pytest.mark.django_db
def test_one_correction_at_a_time():
    asked = question("single", course_of_all())
    deciding.correct(asked, NEW, mended(asked), by=author(), reason=REASON)
    with pytest.raises(deciding.CorrectingError, match="masih dikoreksi"):
        deciding.correct(asked, FULL, None, by=author(), reason=REASON)


# --- answers given while and after -------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(("choice", "points"), [(FULL, 1), (BOTH, 1), (NEW, 0), (LEAVE, 0)])
def test_whoever_hands_in_after_the_correction_is_judged_by_it_on_the_version_that_was_shown(choice, points):
    course = course_of_all()
    running = factory.start(factory.make_enrolment(course))
    factory.answer_all(running)
    asked = question("single", course)
    made = correct(asked, choice, mended(asked))
    later = finish(factory.make_enrolment(course))  # the module was not published again: the old version is drawn
    closed = attempts.submit(running, by=running.enrolment.learner)
    for attempt in (closed, later):
        response = response_to(attempt, "single")
        assert (response.question_version, response.points) == (made.old_version, points)
        event = response.grade_events.get()
        assert (event.kind, event.question_version, event.reason) == (GradeKind.AUTOMATIC, made.new_version, REASON)
    assert applying.left_behind(made) == []
    assert invariants.broken() == []


@pytest.mark.django_db
def test_what_an_old_process_still_judged_by_the_old_key_is_caught_up():
    course = course_of_all()
    asked = question("single", course)
    made = correct(asked, NEW, mended(asked))
    attempt = finish(factory.make_enrolment(course))
    response = response_to(attempt, "single")
    response.grade_events.update(question_version=made.old_version, points=1)  # as a process of the release before would have
    Response.objects.filter(pk=response.pk).update(points=1)
    Attempt.objects.filter(pk=attempt.pk).update(score=1)
    assert applying.left_behind(made) == [attempt.pk]
    assert [one.name.rpartition(".")[2] for one, _rows in invariants.broken()] == ["nobody_is_judged_by_a_corrected_key"]
    assert tasks.apply_corrections() == 0
    assert response_to(attempt, "single").points == 0
    assert applying.left_behind(made) == []
    tasks.apply_corrections()
    assert response.grade_events.filter(correction=made).count() == 1
    assert invariants.broken() == []


@pytest.mark.django_db
def test_a_second_correction_follows_the_first_over_all_versions():
    course = course_of_all()
    attempt = finish(factory.make_enrolment(course))
    asked = question("single", course)
    correct(asked, NEW, mended(asked))
    courses.publish(asked.module)
    other = finish(factory.make_enrolment(course))
    assert response_to(other, "single").question_version == asked.current_version
    back = mended(asked) | {"key": "C"}
    second = correct(asked, NEW, back)
    assert second.covered.count() == 2
    assert (response_to(attempt, "single").points, response_to(other, "single").points) == (1, 0)  # one answered C, the other A
    assert judging.judge_of(attempt).version(response_to(attempt, "single").question_version) == second.new_version
    assert invariants.broken() == []


@pytest.mark.django_db
def test_a_version_that_says_something_else_is_told_and_reached_only_when_asked():
    from quizzes.bank import editing

    course = course_of_all()
    attempt = finish(factory.make_enrolment(course))
    asked = question("single", course)
    first = asked.current_version
    editing.save_version(asked, first.content | {"text": "Pertanyaan yang ditulis ulang?"}, by=author())
    told = looking.impact(asked, deciding.rule_of(NEW, asked, mended(asked)), deciding.covered(asked))
    assert (told.answers, [(one.pk, count) for one, count in told.others]) == (0, [(first.pk, 1)])
    correct(asked, NEW, mended(asked), also=[first.pk])
    assert response_to(attempt, "single").points == 0


@pytest.mark.django_db
def test_an_answer_is_carried_through_what_corrections_made_of_its_version():
    """The second correction moves a choice whose words the first had mended: straight from the first version nothing would fit."""
    course = course_of_all()
    attempt, running = finish(factory.make_enrolment(course)), factory.start(factory.make_enrolment(course))
    factory.answer_all(running)  # both answered C, "Tiga"
    asked = question("single", course)
    words = asked.current_version.content["choices"]
    correct(asked, NEW, mended(asked) | {"choices": [*words[:2], "Tiga, ditulis rapi", words[3]]})
    correct(asked, NEW, mended(asked) | {"choices": ["Tiga, ditulis rapi", words[0], words[1], words[3]], "key": "A"})
    closed = attempts.submit(running, by=running.enrolment.learner)
    for one in (attempt, closed):
        response = response_to(one, "single")
        assert (response.answer, response.points) == (2, 1)
        assert judging.judge_of(one).shown(response.question_version, response.answer)[1] == 0
    assert invariants.broken() == []


# --- nothing earned is lowered -----------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_lower_mark_takes_neither_progress_nor_pass_nor_certificate():
    course = course_of_all(pass_mark=1.0)
    enrolment = factory.make_enrolment(course)
    attempt = finish(enrolment)
    issued = certificates.issued()
    type(issued).objects.filter(pk=issued.pk).update(enrolment=enrolment)
    type(enrolment).objects.filter(pk=enrolment.pk).update(status=EnrolmentStatus.COMPLETED, completed_at=timezone.now())
    kept = type(issued).objects.values().get(pk=issued.pk)
    asked = question("single", course)
    told = looking.impact(asked, deciding.rule_of(NEW, asked, mended(asked)), deciding.covered(asked), viewer=accounts.admin())
    assert (told.changed, told.down, told.keeps_pass, told.certified, told.passes) == (1, 1, 1, 1, 0)
    correct(asked, NEW, mended(asked))
    attempt.refresh_from_db()
    row = Progress.objects.get(enrolment=enrolment, activity=attempt.quiz.activity)
    assert attempt.score < 1 and attempt.is_passed and attempt.stays_passed
    assert (row.state, row.points) == (ProgressState.COMPLETED, 1)
    assert type(issued).objects.values().get(pk=issued.pk) == kept
    assert not [one for one, _rows in invariants.broken() if one.number in (7, 8, 11)]


@pytest.mark.django_db
def test_a_higher_mark_passes_and_opens_what_follows():
    course = course_of_all(pass_mark=1.0)
    enrolment = factory.make_enrolment(course)
    attempt = finish(enrolment, but=("single",))
    assert not attempt.is_passed
    asked = question("single", course)
    assert looking.impact(asked, deciding.rule_of(FULL, asked, None), deciding.covered(asked)).passes == 1
    correct(asked, FULL)
    row = Progress.objects.get(enrolment=enrolment, activity=attempt.quiz.activity)
    assert (row.state, row.points) == (ProgressState.COMPLETED, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(("over", "points"), [(False, 0), (True, 1)])
def test_what_a_trainer_judged_is_left_unless_chosen(over, points):
    course = course_of_all()
    enrolment = factory.make_enrolment(course)
    attempt = finish(enrolment, factory.wrong)
    response = response_to(attempt, "short_answer")
    grading.judge_answers(attempt, by=accounts.staff("trainer"), verdicts={response.pk: False})
    asked = question("short_answer", course)
    content = asked.current_version.content | {"accepted": [response.answer]}
    told = looking.impact(asked, deciding.rule_of(NEW, asked, content), deciding.covered(asked), over_trainers=over)
    assert (told.left, told.changed) == ((1, 0), (0, 1))[over]
    made = correct(asked, NEW, content, over_trainers=over)
    assert (response_to(attempt, "short_answer").points, made.changed) == (points, int(over))
    assert invariants.broken() == []


@pytest.mark.django_db
def test_a_waiting_answer_that_the_new_key_knows_is_settled():
    course = course_of_all()
    attempt = finish(factory.make_enrolment(course), factory.wrong)
    assert attempt.status == AttemptStatus.SUBMITTED
    asked = question("short_answer", course)
    content = asked.current_version.content | {"accepted": ["4,5", response_to(attempt, "short_answer").answer]}
    correct(asked, NEW, content)
    attempt.refresh_from_db()
    assert (attempt.status, response_to(attempt, "short_answer").points) == (AttemptStatus.GRADED, 1)
    assert invariants.broken() == []


# --- the rubric --------------------------------------------------------------------------------------------------------
def work(levels=(1, 2)):
    course = factory.make_course(assignment=True)
    enrolment = factory.make_enrolment(course)
    finish(enrolment)  # the quiz before it, passed
    attempt = factory.start(enrolment, "M1-TUGAS")
    factory.save(attempt.responses.get(), {"text": ["Hasil audit."]})
    attempt = attempts.submit(attempt, by=attempt.enrolment.learner)
    return grading.accept(attempt, by=accounts.staff("trainer"), levels=list(levels)), question("practical", course)


def rubric(asked, change):
    content = copy.deepcopy(asked.current_version.content)
    change(content["rubric"])
    return content


def reweigh(criteria):
    criteria.reverse()
    criteria[0]["weight"], criteria[1]["weight"] = 50, 50


@pytest.mark.django_db
@pytest.mark.parametrize(("choice", "points"), [(NEW, "0.625"), (BOTH, "0.65"), (FULL, "1"), (LEAVE, "0.65")])
def test_a_corrected_rubric_counts_the_levels_that_the_trainer_chose(choice, points):
    attempt, asked = work()
    made = correct(asked, choice, rubric(asked, reweigh))
    attempt.refresh_from_db()
    assert attempt.score == attempt.responses.get().points == Decimal(points)
    if choice == NEW:
        event = GradeEvent.objects.get(correction=made)
        assert event.criteria == {"0": 2, "1": 1}  # the criteria changed places, the levels went with them
    assert attempt.is_passed
    assert invariants.broken() == []


@pytest.mark.django_db
def test_work_whose_level_is_gone_waits_for_a_trainer_again_and_keeps_its_pass():
    attempt, asked = work()
    content = rubric(asked, lambda criteria: criteria[0]["levels"].pop(1))
    told = looking.impact(asked, deciding.rule_of(NEW, asked, content), deciding.covered(asked))
    assert told.reopened == 1
    correct(asked, NEW, content)
    attempt.refresh_from_db()
    assert (attempt.status, attempt.score, attempt.stays_passed) == (AttemptStatus.SUBMITTED, None, True)
    assert attempt.responses.get().points is None
    assert Progress.objects.get(enrolment=attempt.enrolment, activity=attempt.quiz.activity).state == ProgressState.COMPLETED
    assert invariants.broken() == []
    with pytest.raises(grading.GradingError):  # the rubric that is judged by is the new one
        grading.accept(attempt, by=accounts.staff("trainer"), levels=[3, 0])
    graded = grading.accept(attempt, by=accounts.staff("trainer"), levels=[2, 3])
    assert graded.score == Decimal("0.25")
    assert invariants.broken() == []


# --- once, whatever happens --------------------------------------------------------------------------------------------
def class_of(count, course):
    return [finish(factory.make_enrolment(course)) for _ in range(count)]


@pytest.mark.django_db
def test_applying_twice_changes_and_tells_once():
    course = course_of_all()
    (attempt,) = class_of(1, course)
    made = correct(question("single", course), NEW, mended(question("single", course)))
    before = (GradeEvent.objects.count(), Entry.objects.count(), Message.objects.count())
    Correction.objects.filter(pk=made.pk).update(status=CorrectionStatus.RUNNING, reached=0, finished_at=None)
    assert applying.apply(made.pk) and applying.apply(made.pk)
    assert (GradeEvent.objects.count(), Entry.objects.count(), Message.objects.count()) == before
    assert Entry.objects.filter(action="attempt.regraded", object_id=str(attempt.pk)).count() == 1
    letter = Message.objects.get(kind="mark_corrected")
    assert letter.recipient == attempt.enrolment.learner
    assert telling.facts(letter)["marks"] == ["Percobaan 1: 85,7"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("line", ["_add_events", "_fold_again", "_raise_progress", "log.record", "telling.tell"])
def test_a_worker_that_dies_anywhere_is_gone_on_from(line, monkeypatch):
    course = course_of_all()
    class_of(3, course)
    asked = question("single", course)
    made = deciding.correct(asked, NEW, mended(asked), by=author(), reason=REASON)
    owner, name = (getattr(applying, line.split(".")[0]), line.split(".")[1]) if "." in line else (applying, line)
    real, calls = getattr(owner, name), []

    def dies(*args, **words):
        calls.append(1)
        if len(calls) == (1 if line == "telling.tell" else 2):
            raise KeyboardInterrupt
        return real(*args, **words)

    monkeypatch.setattr(owner, name, dies)
    with pytest.raises(KeyboardInterrupt):
        applying.apply(made.pk, batch=1)
    monkeypatch.undo()
    assert invariants.broken() == []
    assert tasks.apply_corrections() == 1
    made.refresh_from_db()
    assert (made.status, made.total, made.done, made.changed) == (CorrectionStatus.DONE, 3, 3, 3)
    assert GradeEvent.objects.filter(correction=made).count() == Message.objects.filter(kind="mark_corrected").count() == 3
    assert invariants.broken() == []


@pytest.mark.postgres
@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_two_workers_and_learners_who_hand_in_meanwhile(in_parallel):
    course = course_of_all()
    class_of(6, course)
    running = [factory.start(factory.make_enrolment(course)) for _ in range(6)]
    for attempt in running:
        factory.answer_all(attempt)
    asked = question("single", course)
    by = author()
    made = []

    def act(number):
        if number < 6:
            return attempts.submit(running[number], by=running[number].enrolment.learner).pk
        if number == 6:
            made.append(deciding.correct(asked, NEW, mended(asked), by=by, reason=REASON).pk)
        else:
            while not made:
                pass
        return applying.apply(made[0], batch=2)

    results = in_parallel(9, act)
    assert not [one for one in results if isinstance(one, Exception)], results
    applying.sweep()
    points = Response.objects.filter(question_version__kind="single", attempt__quiz__activity__course=course)
    assert set(points.values_list("points", flat=True)) == {0}
    assert points.count() == 12
    assert Correction.objects.get().status == CorrectionStatus.DONE
    assert applying.left_behind(Correction.objects.get()) == []
    assert invariants.broken() == []


@pytest.mark.django_db
def test_marks_that_are_held_are_not_told():
    course = course_of_all(release="held")
    (attempt,) = class_of(1, course)
    correct(question("single", course), NEW, mended(question("single", course)))
    assert not Message.objects.filter(kind="mark_corrected").exists()
    QuizWindow.objects.create(quiz=attempt.quiz, cohort=attempt.enrolment.cohort, released_at=timezone.now())
    correct(question("true_false", course), NEW, mended(question("true_false", course)))
    assert Message.objects.filter(kind="mark_corrected").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("hides", ["held", "minute"])
def test_the_letter_about_one_attempt_tells_no_mark_of_another_that_waits(hides):
    course = course_of_all()
    enrolment = factory.make_enrolment(course)
    finish(enrolment)
    second = finish(enrolment)
    later = timezone.now() + timedelta(seconds=50)
    changes = {"rules": second.rules | {"release": "held"}} if hides == "held" else {"takes_effect_at": later}
    Attempt.objects.filter(pk=second.pk).update(**changes)
    for kind in ("single", "true_false"):
        correct(question(kind, course), NEW, mended(question(kind, course)))
    assert GradeEvent.objects.filter(correction__isnull=False, response__attempt=second).exists()
    letters = Message.objects.filter(kind="mark_corrected")
    assert letters.exists()
    assert [mark for one in letters for mark in telling.facts(one)["marks"] if "Percobaan 2" in mark] == []


@pytest.mark.django_db
def test_the_preview_hides_names_where_they_are_graded_without():
    course = course_of_all(names_hidden=True)
    (attempt,) = class_of(1, course)
    asked = question("single", course)
    versions = deciding.covered(asked, mended(asked), [])
    told = looking.impact(asked, deciding.rule_of(NEW, asked, mended(asked), reason=REASON), versions, viewer=accounts.admin())
    names = [one.name for group in told.groups for one in group.people]
    assert names == [naming.pseudonym(attempt)]


# --- the preview -------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_preview_asks_as_often_for_three_as_for_one_and_is_what_happens():
    course = course_of_all()
    asked, counts = question("single", course), []
    for more in (1, 2):
        class_of(more, course)
        rule, versions = deciding.rule_of(NEW, asked, mended(asked)), deciding.covered(asked)
        with CaptureQueriesContext(
            connection,
        ) as found:
            told = looking.impact(asked, rule, versions)
        counts.append(len(found))
    assert counts[0] == counts[1] <= 12
    made = correct(asked, NEW, mended(asked))
    assert (told.answers, told.changed, told.down) == (made.total, made.changed, 3)


@pytest.mark.django_db
def test_the_preview_names_people_only_to_those_who_may_see_them():
    course = course_of_all()
    class_of(2, course)
    asked = question("single", course)
    rule, versions = deciding.rule_of(NEW, asked, mended(asked)), deciding.covered(asked)
    hidden = looking.impact(asked, rule, versions, viewer=author())
    assert all(one.is_hidden and not one.people for one in hidden.groups) and hidden.is_hidden
    assert looking.sentences(hidden) == ["Kurang dari 5 peserta menjawab soal ini, jadi angkanya tidak ditampilkan."]
    shown = looking.impact(asked, rule, versions, viewer=accounts.admin())
    assert sum(len(one.people) for one in shown.groups) == 2 and not shown.is_hidden


@pytest.mark.django_db
def test_a_doubt_reaches_the_authors_once_for_each_trainer():
    asked = question("single", course_of_all())
    writer, trainer = author(), person()
    assert telling.doubt_key(asked, by=trainer, text="Pilihan A juga benar.") == 1
    assert telling.doubt_key(asked, by=trainer, text="Sekali lagi.") == 0
    letter = Message.objects.get(kind="key_doubted")
    assert (letter.recipient, letter.context["text"]) == (writer, "Pilihan A juga benar.")


# --- the definition ----------------------------------------------------------------------------------------------------
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("hand in"), st.sampled_from([None, 0, 1, 2, 3])),
        st.tuples(st.sampled_from([FULL, BOTH, NEW, LEAVE]), st.sampled_from("ABCD")),
        st.tuples(st.just("publish"), st.none()),
    ),
    min_size=2,
    max_size=7,
)


class AnySequence(TestCase):
    """After any sequence of hand-ins, corrections and publications a mark is what the definition says: worked out here on its own."""

    @settings(max_examples=12, suppress_health_check=list(HealthCheck))
    @given(STEPS)
    def test_marks_equal_the_definition(self, steps):
        caches["local"].clear()  # keys repeat when an example is rolled back
        course = course_of_all()
        asked = question("single", course)
        key, rules, published = asked.current_version.content["key"], [], 0
        expected: dict[int, Decimal] = {}

        def judged(answer, since, points):
            for choice, letter in rules[since:]:
                right = answer is not None and "ABCD"[answer] == letter
                points = 1 if choice == FULL else max(points, right) if choice == BOTH else int(right)
            return points

        first_key = key
        keys = [key]
        for step, value in steps:
            if step == "hand in":
                attempt = factory.start(factory.make_enrolment(course))
                response = response_to(attempt, "single")
                factory.answer_all(attempt, but=("single",))
                Response.objects.filter(pk=response.pk).update(answer=value)
                attempts.submit(attempt, by=attempt.enrolment.learner)
                own = keys[published]
                expected[response.pk] = (value, judged(value, published, int(value is not None and "ABCD"[value] == own)))
            elif step == "publish":
                courses.publish(asked.module)
                published = len(rules)
            else:
                content = asked.current_version.content | {"key": value}
                content.pop("misconceptions", None)
                if value == keys[-1]:
                    continue
                correct(asked, step, content)
                asked.refresh_from_db()
                rules.append((step, value))
                keys.append(value)
                for pk, (answer, points) in expected.items():
                    if step != LEAVE:
                        right = answer is not None and "ABCD"[answer] == value
                        expected[pk] = (answer, 1 if step == FULL else max(points, int(right)) if step == BOTH else int(right))
        assert first_key == keys[0]
        found = dict(Response.objects.filter(pk__in=expected).values_list("pk", "points"))
        assert {pk: int(points) for pk, points in found.items()} == {pk: points for pk, (_answer, points) in expected.items()}
        assert not [one for one in invariants.broken() if one[0].number == 7]


def test_the_verdict_is_the_same_again_once_it_was_applied():
    """Pure: what was regraded stays as it is when the same correction looks at it again."""
    asked = type("V", (), {"kind": "single", "pk": 1, "content": {"choices": ["a", "b"], "key": "A"}})()
    new = type("V", (), {"kind": "single", "pk": 2, "content": {"choices": ["b", "a"], "key": "A"}})()
    for choice in (FULL, BOTH, NEW):
        rule = judging.Rule(1, choice, new)
        for answer in (None, 0, 1):
            before = regrading.Held(1, 1, asked, answer, Decimal(answer == 0), GradeKind.AUTOMATIC)
            said = regrading.verdict(rule, before, over_trainers=False)
            after = regrading.Held(1, 1, asked, answer, said.points, GradeKind.REGRADE)
            assert regrading.verdict(rule, after, over_trainers=False).fate == regrading.Fate.SAME


@pytest.mark.django_db
def test_nobody_corrects_a_key_by_which_the_own_answer_is_judged():
    course = course_of_all()
    attempt = finish(factory.make_enrolment(course))
    asked, learner = question("single", course), attempt.enrolment.learner
    with pytest.raises(deciding.CorrectingError, match="penulis lain"):
        deciding.correct(asked, FULL, None, by=learner, reason=REASON)
    assert not Correction.objects.exists()
    assert correct(asked, FULL).status == CorrectionStatus.DONE
