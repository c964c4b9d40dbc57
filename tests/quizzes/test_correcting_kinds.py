"""Putting right the kinds with a key of their own: numbers, gaps, hot spots and rubrics, for each choice from its effect to the letters."""

from __future__ import annotations

import copy
from decimal import Decimal

import pytest
from django.utils import timezone

from cohorts.models import EnrolmentStatus, Progress, ProgressState
from linimasa import invariants
from notifications.models import Message
from quizzes import attempts, grading, scoring, tasks
from quizzes.bank import editing
from quizzes.correcting import applying, deciding, telling
from quizzes.correcting import impact as looking
from quizzes.models import Attempt, CorrectionStatus, GradeEvent, Question
from tests.factories import accounts, certificates
from tests.factories import quizzes as factory

from .test_correcting import BOTH, FULL, LEAVE, NEW, REASON, author, correct, question, response_to

pytestmark = pytest.mark.django_db
OLD_RIGHT, NEW_RIGHT, BLANK = "old", "new", "blank"
CLASS = (OLD_RIGHT, OLD_RIGHT, OLD_RIGHT, NEW_RIGHT, NEW_RIGHT, BLANK)


def new_key(asked):
    """Another key, its parts in another order: as an author would write it."""
    content = copy.deepcopy(asked.current_version.content)
    match asked.kind:
        case "numeric":
            content["values"] = [{"value": 500, "tolerance": 5}]
            content["units"] = [{"unit": "cm", "factor": 1}, {"unit": "m", "factor": 100}]
        case "gaps":
            content["gaps"][2] |= {"choices": ["aplikasi", "surel", "pesan singkat"], "key": "B"}
        case "hotspot":
            content["regions"] = [content["regions"][one] for one in (2, 0, 1)]
            content["key"] = "B"  # the logo, that was A
            content["misconceptions"] = {"A": "mengira-tombol"}
    return content


# What is answered as the form sends it (by stored places), and what it scores by the old and by the new key; worked out by hand.
ANSWERS = {
    "numeric": ("5 m", 0, 1),
    "gaps": (["pengelola kata sandi", "12,5", 0], "0.66667", 1),
    "hotspot": ([0], 0, 1),
}
RIGHT_BY_NEW = {"numeric": 0, "gaps": "0.66667", "hotspot": 0}


def hand_in(course, kind, what):
    """One learner's attempt: everything right by the old key but this question, which says ``what``."""
    attempt = factory.start(factory.make_enrolment(course))
    factory.answer_all(attempt, but=() if what == OLD_RIGHT else (kind,))
    if what == NEW_RIGHT:
        response = response_to(attempt, kind)
        type(response).objects.filter(pk=response.pk).update(answer=ANSWERS[kind][0], saved_at=timezone.now(), sequence=1)
    return attempts.submit(attempt, by=attempt.enrolment.learner)


def certified(enrolment):
    """A certificate of this enrolment, as it was issued."""
    issued = certificates.issued()
    type(issued).objects.filter(pk=issued.pk).update(enrolment=enrolment)
    type(enrolment).objects.filter(pk=enrolment.pk).update(status=EnrolmentStatus.COMPLETED, completed_at=timezone.now())
    return type(issued).objects.values().get(pk=issued.pk)


def still(kept):
    return certificates.Certificate.objects.values().get(pk=kept["id"]) == kept


# choice: (changed, up, down, passes, keeps_pass, certified)
EFFECT = {NEW: (5, 2, 3, 2, 3, 1), BOTH: (2, 2, 0, 2, 0, 0), FULL: (3, 3, 0, 3, 0, 0), LEAVE: (0, 0, 0, 0, 0, 0)}


@pytest.mark.parametrize("choice", [FULL, BOTH, NEW, LEAVE])
@pytest.mark.parametrize("kind", ["numeric", "gaps", "hotspot"])
def test_each_choice_from_its_effect_to_the_letters(kind, choice):
    course = factory.make_course_of_more(pass_mark=0.9)
    class_ = [(what, hand_in(course, kind, what)) for what in CLASS]
    for what, attempt in class_:
        expected = {OLD_RIGHT: 1, NEW_RIGHT: ANSWERS[kind][1], BLANK: 0}[what]
        assert response_to(attempt, kind).points == Decimal(expected)
    kept = certified(class_[0][1].enrolment)
    asked = question(kind, course)
    content = new_key(asked)
    told = looking.impact(asked, deciding.rule_of(choice, asked, content), deciding.covered(asked, content), viewer=accounts.admin())
    assert told.answers == len(CLASS)
    assert (told.changed, told.up, told.down, told.passes, told.keeps_pass, told.certified) == EFFECT[choice]
    made = correct(asked, choice, content)
    assert (made.status, made.changed) == (CorrectionStatus.DONE, told.changed)
    for what, attempt in class_:
        _is_judged(attempt, kind, what, choice, made)
    assert Message.objects.filter(kind="mark_corrected").count() == told.changed
    assert still(kept)
    assert [one for one, _rows in invariants.broken() if one.number in (7, 8, 11)] == []
    before = (GradeEvent.objects.count(), Message.objects.count())
    assert applying.apply(made.pk) and tasks.apply_corrections() == 0
    assert (GradeEvent.objects.count(), Message.objects.count()) == before


def _is_judged(attempt, kind, what, choice, made):
    """The answer scores what the choice says; a pass is kept, progress never falls, a change has its event and its letter."""
    old = {OLD_RIGHT: Decimal(1), NEW_RIGHT: Decimal(ANSWERS[kind][1]), BLANK: Decimal(0)}[what]
    new = {OLD_RIGHT: Decimal(RIGHT_BY_NEW[kind]), NEW_RIGHT: Decimal(1), BLANK: Decimal(0)}[what]
    expected = {FULL: Decimal(1), BOTH: max(old, new), NEW: new, LEAVE: old}[choice]
    response, before = response_to(attempt, kind), attempt.score
    assert response.points == expected, (kind, what, choice)
    attempt = Attempt.objects.get(pk=attempt.pk)
    assert attempt.score == scoring.mean(attempt.responses.values_list("points", flat=True))
    assert attempt.is_passed is (what == OLD_RIGHT or attempt.score >= Decimal("0.9"))
    row = Progress.objects.get(enrolment=attempt.enrolment, activity=attempt.quiz.activity)
    assert row.points == max(before, attempt.score)
    assert (row.state == ProgressState.COMPLETED) is attempt.is_passed
    events = response.grade_events.filter(correction=made)
    assert events.count() == (expected != old)
    if expected != old:
        assert (events[0].reason, events[0].points, events[0].by) == (REASON, expected, made.by)
        letter = Message.objects.get(kind="mark_corrected", recipient=attempt.enrolment.learner)
        assert telling.facts(letter)["stays_passed"] is (what == OLD_RIGHT)


@pytest.mark.parametrize("choice", [FULL, BOTH, NEW, LEAVE])
@pytest.mark.parametrize("kind", ["numeric", "gaps", "hotspot"])
def test_whoever_hands_in_afterwards_is_judged_by_it(kind, choice):
    course = factory.make_course_of_more()
    asked = question(kind, course)
    made = correct(asked, choice, new_key(asked))
    for what in (OLD_RIGHT, NEW_RIGHT):
        response = response_to(hand_in(course, kind, what), kind)
        by_new = {OLD_RIGHT: Decimal(RIGHT_BY_NEW[kind]), NEW_RIGHT: Decimal(1)}[what]
        assert response.points == (1 if choice in (FULL, BOTH) else by_new)
        assert response.question_version == made.old_version
    assert applying.left_behind(made) == []


def test_a_pass_that_an_earlier_correction_kept_is_not_told_as_lost_once_more():
    course = factory.make_course_of_more(pass_mark=0.9)
    for _ in range(3):
        hand_in(course, "numeric", OLD_RIGHT)
    correct(question("numeric", course), NEW, new_key(question("numeric", course)))  # all keep their pass below the mark
    asked = question("gaps", course)
    versions = deciding.covered(asked, new_key(asked))
    effects = [looking.impact(asked, deciding.rule_of(choice, asked, new_key(asked)), versions) for choice in (NEW, BOTH)]
    assert [(one.down, one.keeps_pass, one.passes) for one in effects] == [(3, 0, 0), (0, 0, 0)]


def test_several_spots_and_half_points_of_a_number_count_their_share():
    course = factory.make_course_of_more()
    attempt = hand_in(course, "hotspot", OLD_RIGHT)
    spot, number = question("hotspot", course), question("numeric", course)
    content = spot.current_version.content | {"key": ["B", "C"], "misconceptions": {"A": "mengira-logo"}}
    correct(spot, NEW, content)
    correct(number, NEW, number.current_version.content | {"values": [{"value": 5}, {"value": 4.25, "tolerance": 0.1, "points": 0.25}]})
    assert response_to(attempt, "hotspot").points == Decimal("0.5")
    assert response_to(attempt, "numeric").points == Decimal("0.25")
    assert invariants.broken() == []


@pytest.mark.parametrize(("kind", "part"), [("numeric", "values"), ("gaps", "gaps")])
def test_what_is_only_told_afterwards_is_no_other_key(kind, part):
    course = factory.make_course_of_more()
    attempt = hand_in(course, kind, OLD_RIGHT)
    asked = question(kind, course)
    content = copy.deepcopy(asked.current_version.content)
    content[part][0]["feedback"] = "Kalimat yang lebih jelas."
    with pytest.raises(deciding.CorrectingError, match="sama dengan yang lama"):
        deciding.correct(asked, NEW, content, by=author(), reason=REASON)
    editing.save_version(asked, content, by=author())  # so a version with other words is reached by itself
    asked = question(kind, course)
    made = correct(asked, NEW, new_key(asked))
    assert made.changed == 1 and response_to(attempt, kind).points == Decimal(RIGHT_BY_NEW[kind])


@pytest.mark.parametrize(
    ("kind", "change", "sentence"),
    [
        ("gaps", lambda content: content["gaps"][0].update(ask="number", value=1) or content["gaps"][0].pop("accepted"), "Isian"),
        ("gaps", lambda content: content["gaps"][2].update(choices=["surel", "aplikasi"], key="B"), "Pilihan"),
        ("hotspot", lambda content: content["regions"].pop() and content.update(misconceptions={"A": "mengira-logo"}), "Bagian gambar"),
    ],
)
def test_other_parts_are_another_question(kind, change, sentence):
    asked = question(kind, factory.make_course_of_more())
    content = copy.deepcopy(asked.current_version.content)
    change(content)
    with pytest.raises(deciding.CorrectingError, match=f"{sentence} ditambah, dihapus"):
        deciding.correct(asked, NEW, content, by=author(), reason=REASON)


# --- the rubric --------------------------------------------------------------------------------------------------------
def graded(course, levels):
    enrolment = factory.make_enrolment(course)
    quiz = factory.start(enrolment)
    factory.answer_all(quiz)
    attempts.submit(quiz, by=enrolment.learner)
    work = factory.start(enrolment, "M1-TUGAS")
    factory.save(work.responses.get(), {"text": ["Hasil audit."]})
    work = attempts.submit(work, by=enrolment.learner)
    trainer = accounts.staff("trainer")
    if list(levels) == [1, 2]:
        return grading.accept(work, by=trainer, levels=list(levels))
    grading.return_for_revision(work, by=trainer, levels=list(levels), comment="Perbaiki bagian satu.")
    return Attempt.objects.get(pk=work.pk)


# choice: (changed, up, down, passes, keeps_pass, certified), then the marks of both
BY_RUBRIC = {
    NEW: ((2, 1, 1, 1, 1, 1), ("0.55", "0.85")),
    BOTH: ((1, 1, 0, 1, 0, 0), ("0.65", "0.85")),
    FULL: ((2, 2, 0, 1, 0, 1), ("1", "1")),
    LEAVE: ((0, 0, 0, 0, 0, 0), ("0.65", "0.55")),
}


@pytest.mark.parametrize("choice", [FULL, BOTH, NEW, LEAVE])
def test_a_corrected_rubric_from_its_effect_to_the_letters(choice):
    course = factory.make_course(copies=1, rules={"draw": [{"module": "M1", "count": 7}]}, assignment=True)
    works = [graded(course, (1, 2)), graded(course, (3, 0))]  # 65 and 55 of 100; 60 passes
    assert [(one.score, one.is_passed) for one in works] == [(Decimal("0.65"), True), (Decimal("0.55"), False)]
    kept = certified(works[0].enrolment)
    asked = Question.objects.select_related("current_version", "course", "module").get(kind="practical", course=course)
    content = copy.deepcopy(asked.current_version.content)
    content["rubric"].reverse()
    content["rubric"][0]["weight"], content["rubric"][1]["weight"] = 80, 20  # Ketepatan, Kelengkapan
    effect, marks = BY_RUBRIC[choice]
    told = looking.impact(asked, deciding.rule_of(choice, asked, content), deciding.covered(asked, content), viewer=accounts.admin())
    assert (told.changed, told.up, told.down, told.passes, told.keeps_pass, told.certified) == effect
    made = correct(asked, choice, content)
    after = [Attempt.objects.get(pk=one.pk) for one in works]
    assert [one.score for one in after] == [Decimal(one) for one in marks]
    assert [one.is_passed for one in after] == [True, choice != LEAVE]
    assert made.changed == effect[0] == Message.objects.filter(kind="mark_corrected").count()
    assert still(kept)
    assert [one for one, _rows in invariants.broken() if one.number in (7, 8, 11)] == []
    events = GradeEvent.objects.filter(correction=made).count()
    assert applying.apply(made.pk) and GradeEvent.objects.filter(correction=made).count() == events
