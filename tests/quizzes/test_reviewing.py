"""Questions and rules under review: told word by word, who wrote them, what they lack, and back again."""

from __future__ import annotations

import pytest

from accounts.models import Role, ScopeKind
from courses import comparing, editing, proposing, publishing, reviewing
from linimasa import clock
from quizzes import advising
from quizzes.bank import editing as bank
from quizzes.models import Question
from tests.factories import accounts, quizzes
from tests.factories.courses import publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def question() -> Question:
    course = quizzes.make_course()
    found = course.questions.filter(kind="single", module__isnull=False).select_related("module", "current_version").first()
    publish(found.module)
    return found


def other_key(question: Question, by) -> None:
    content = {
        name: value for name, value in question.current_version.content.items() if name not in {"misconceptions", "feedback_options"}
    }
    key = next(letter for letter in "ABCD" if letter != content["key"])
    bank.save_version(question, content | {"key": key}, by=by)
    question.module.refresh_from_db()


def test_a_changed_key_is_told_word_by_word_as_a_change_of_meaning(question):
    before = publishing.freeze(question.module)
    other_key(question, accounts.admin())
    found = comparing.diff(before, publishing.freeze(question.module))
    (detail,) = found.details
    assert detail.title == f"Soal {question.code}" and detail.is_meaning and found.meanings == 1
    words = {word: [piece.kind for piece in pieces] for word, pieces in detail.lines}
    assert words["kunci"] == ["removed", "added"]


def test_whoever_wrote_a_question_does_not_approve_the_draft(question):
    writer = accounts.staff(Role.REVIEWER, ScopeKind.COURSE, question.course_id)
    other_key(question, writer)
    editing.touch(question.module, by=accounts.admin())
    question.module.refresh_from_db()
    assert writer.pk in reviewing.authors_of(question.module)
    proposal = proposing.propose(question.module, by=accounts.admin())
    with pytest.raises(proposing.Unsuitable):
        proposing.approve(proposal, by=writer, seen=proposing.digest(question.module))


def test_a_question_without_an_explanation_is_named(question):
    named = {code for one in advising.without_feedback(question.module) for code in one.sentence.split(": ")[1].split(".")[0].split(", ")}
    assert question.code not in named
    type(question.current_version).objects.filter(pk=question.current_version_id).update(
        content=dict(question.current_version.content) | {"feedback": " "}
    )
    assert question.code in advising.without_feedback(question.module)[0].sentence


def test_going_back_brings_questions_and_rules_back_as_new_versions(question):
    admin = accounts.admin()
    module, first = question.module, question.module.current_version
    kept = question.current_version
    other_key(question, admin)
    quiz = module.activities.get(kind="quiz").quiz
    type(quiz).objects.filter(pk=quiz.pk).update(attempts_allowed=9)
    second = publish(module)
    assert second.number == 2
    other = module.questions.exclude(pk=question.pk).filter(retired_at=None).exclude(kind="practical").first()
    type(other).objects.filter(pk=other.pk).update(retired_at=clock.now())
    _module, left = editing.restore_version(first, by=admin)
    assert left == []
    question.refresh_from_db()
    assert question.current_version.content == kept.content and question.current_version.number == kept.number + 2
    module.refresh_from_db()
    third = publish(module)
    assert third.number == 3 and third.parts["quizzes"]["rules"] == first.parts["quizzes"]["rules"]
    assert len(third.parts["quizzes"]["bank"]) == len(first.parts["quizzes"]["bank"])
