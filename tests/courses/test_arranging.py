"""The outline: parts added, moved, copied, archived and brought back; repeated acts are harmless, nothing of a learner is lost."""

from __future__ import annotations

import pytest

from accounts.models import Role
from audit.models import Entry
from courses import archiving, arranging, copying, editing, publishing, restoring
from courses.holders import activities_of
from courses.models import Activity, Aspect, Lesson, Media, Module, Revision, RevisionOrigin
from courses.stages import Stage, of_course
from quizzes.models import Question, Quiz, Worksheet
from tests.factories import accounts, quizzes
from tests.factories import courses as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return accounts.staff(Role.AUTHOR)


@pytest.fixture
def course():
    return make.make_published_course(modules=2, lessons=3)


def codes(holder) -> list[str]:
    return [one.code for one in activities_of(holder)]


def test_each_kind_gets_a_code_an_address_and_a_draft(course, author):
    module = course.modules.first()
    made = [arranging.add(module, kind=kind, title="Amankan akun", minutes=30, by=author) for kind in arranging.KINDS]
    assert [one.code for one in made] == ["M1.4", "M1-KUIS", "M1-TUGAS", "M1-KELAS"]
    assert [one.slug for one in made] == ["amankan-akun", "amankan-akun-2", "amankan-akun-3", "amankan-akun-4"]
    assert codes(module) == ["M1.1", "M1.2", "M1.3", "M1.4", "M1-KUIS", "M1-TUGAS", "M1-KELAS"]
    assert Lesson.objects.get(activity=made[0]).body == "" and Quiz.objects.get(activity=made[1]).draw == []
    task = Question.objects.get(code=Quiz.objects.get(activity=made[2]).draw[0]["question"])
    assert (task.kind, task.module, task.current_version.number) == ("practical", module, 1)
    problems = " ".join(one.sentence for one in publishing.holder_problems(module))
    assert "masih kosong" in problems and "belum ditentukan soal" in problems and "petunjuk dan rubrik" in problems
    assert accounts.client_of(author).get(f"/kelola/soal/{task.pk}/").status_code == 200
    with pytest.raises(editing.EditingError):
        arranging.add(module, kind="evaluation", title="x", minutes=5, by=author)


def test_a_new_module_stands_last_and_is_a_draft(course, author):
    made = arranging.add_module(course, title="Krisis", by=author)
    assert (made.code, made.slug, made.position) == ("M3", "krisis", 3)
    found = of_course(course).of_module(made)
    assert found.is_new and found.stage is Stage.DRAFT


def test_a_part_moves_to_a_place_and_between_modules(course, author):
    first, second = course.modules.order_by("position")
    part = first.activities.first()
    assert arranging.place(part, by=author, target=first, position=3) == 3
    assert codes(first) == ["M1.2", "M1.3", "M1.1"]
    assert arranging.place(part, by=author, target=second, position=2) == 2
    assert (codes(first), codes(second)) == (["M1.2", "M1.3"], ["M2.1", "M1.1", "M2.2", "M2.3"])
    assert sorted(Activity.objects.filter(module=second).values_list("position", flat=True)) == [1, 2, 3, 4]
    assert len(set(Activity.objects.filter(module=second).values_list("slug", flat=True))) == 4
    assert Entry.objects.filter(action="activity.moved").count() == 1
    before = Revision.objects.count()
    assert arranging.place(part, by=author, target=second, position=2) == 2
    assert Revision.objects.count() == before and Entry.objects.filter(action="activity.moved").count() == 1
    assert arranging.place(part, by=author, target=course) == 2  # after the orientation
    foreign = make.make_module()
    with pytest.raises(editing.EditingError):
        arranging.place(part, by=author, target=foreign)


def test_modules_move_and_stop_at_the_edge(course, author):
    first, second = course.modules.order_by("position")
    for _ in range(2):
        assert arranging.step_module(second, by=author, step=-1) == 1
    assert list(course.modules.order_by("position")) == [second, first]


def test_archived_things_come_back_at_the_end_once(course, author):
    module = course.modules.first()
    part, slug = module.activities.first(), module.activities.first().slug
    editing.archive_activity(part, by=author)
    with pytest.raises(editing.EditingError):
        arranging.place(part, by=author, target=module)
    assert [archiving.bring_back(part, by=author) for _ in range(2)] == [True, False]
    assert codes(module) == ["M1.2", "M1.3", "M1.1"] and Entry.objects.filter(action="activity.brought_back").count() == 1
    part.refresh_from_db()
    assert not part.slug.endswith(f"arsip-{part.pk}") and slug
    assert [archiving.archive_module(module, by=author) for _ in range(2)] == [True, False]
    module.refresh_from_db()
    with pytest.raises(editing.EditingError):
        arranging.add(module, kind="lesson", title="x", minutes=5, by=author)
    assert [archiving.bring_module_back(module, by=author) for _ in range(2)] == [True, False]
    assert [one.code for one in course.modules.order_by("position")] == ["M2", "M1"]


def test_a_copied_part_has_its_own_code_and_text(author, tmp_path):
    course = quizzes.make_course(assignment=True, papers=tmp_path)
    module = course.modules.get(code="M1")
    lesson = copying.copy_part(module.activities.get(code="M1.1"), by=author)
    assert (lesson.code, lesson.title) == ("M1.2", f"{module.activities.get(code='M1.1').title} (salinan)")
    assert lesson.lesson.body == module.activities.get(code="M1.1").lesson.body
    bank = Question.objects.filter(course=course).exclude(kind="practical").count()
    quiz = copying.copy_part(module.activities.get(code="M1-KUIS"), by=author)
    assert quiz.code == "M1-KUIS-2" and quiz.quiz.draw == [{"module": "M1", "count": 14}]
    work = copying.copy_part(module.activities.get(code="M1-TUGAS"), by=author)
    assert work.quiz.draw == [{"question": "M1-TUGAS-2"}]
    assert Question.objects.filter(course=course).exclude(kind="practical").count() == bank
    assert Worksheet.objects.filter(question__code="M1-TUGAS-2").count() == 1
    assert codes(module) == ["M1.1", "M1.2", "M1-KUIS", "M1-KUIS-2", "M1-TUGAS", "M1-TUGAS-2"]
    assert publishing.holder_problems(module) == []
    assert arranging.place(work, by=author, target=course.modules.get(code="M2")) == 2
    assert publishing.holder_problems(module) == [] == publishing.holder_problems(course.modules.get(code="M2"))


def test_a_copied_module_has_new_codes_and_draws_from_the_same_bank(author):
    course = quizzes.make_course(assignment=True)
    module = course.modules.get(code="M1")
    made = copying.copy_module(module, by=author)
    assert codes(made) == ["M3.1", "M3-KUIS", "M3-TUGAS"] and made.current_version is None
    assert Quiz.objects.get(activity__code="M3-KUIS").draw == [{"module": "M1", "count": 14}]
    assert publishing.holder_problems(made) == [] and make.publish(made).number == 1


def test_a_course_is_copied_for_the_next_year_without_learners(author, tmp_path):
    course = quizzes.make_course(assignment=True, papers=tmp_path)
    enrolment = quizzes.make_enrolment(course)
    Media.objects.create(course=course, kind="image", file="course-media/a.webp", sha256="a", alternative_text="A", original_name="a.png")
    made = copying.copy_course(course, title="Bimtek 2027", by=author)
    assert (made.slug, made.copied_from, made.rules, made.current_version) == ("bimtek-2027", course, course.rules, None)
    for holder in made.modules.order_by("position"):
        original = course.modules.get(code=holder.code)
        assert codes(holder) == codes(original) and publishing.holder_problems(holder) == []
        first, second = publishing.freeze(original), publishing.freeze(holder)
        assert (first.facts, [one.body for one in first.lessons]) == (second.facts, [one.body for one in second.lessons])
        assert [one["code"] for one in first.parts["quizzes"]["bank"]] == [one["code"] for one in second.parts["quizzes"]["bank"]]
        assert list(first.parts["quizzes"]["rules"].values()) == list(second.parts["quizzes"]["rules"].values())
        make.publish(holder)
    assert Media.objects.filter(course=made).count() == 1 and Worksheet.objects.filter(question__course=made).count() == 1
    assert made.cohorts.count() == 0 and enrolment.course == course
    assert Question.objects.filter(course=made).count() == Question.objects.filter(course=course).count()


def test_any_revision_comes_back_and_that_can_be_undone(course, author):
    module = course.modules.first()
    part, old = module.activities.first(), Lesson.objects.get(activity=module.activities.first()).body
    editing.save_lesson(part, by=author, edit_number=0, body="Baru.\n", values={}, facts={"title": "Judul baru"})
    first = Revision.objects.filter(activity=part, aspect=Aspect.LESSON).last()
    assert [restoring.restore(first, by=author) for _ in range(2)] == [True, False]
    lesson = Lesson.objects.get(activity=part)
    assert (lesson.body, lesson.edit_number) == (old, 2) and Activity.objects.get(pk=part.pk).title != "Judul baru"
    written = Revision.objects.filter(activity=part, origin=RevisionOrigin.EDIT, by=author).get()
    assert restoring.restore(written, by=author) and Lesson.objects.get(activity=part).body == "Baru.\n"
    editing.edit_course(course, by=author, values={"title": "Kursus lain"})
    assert restoring.restore(Revision.objects.filter(module=None, aspect=Aspect.FACTS).last(), by=author)
    course.refresh_from_db()
    assert course.title != "Kursus lain"
    assert Entry.objects.filter(action="draft.restored").count() == 3


def test_an_older_order_comes_back_with_what_left_and_without_what_came(course, author):
    first, second = course.modules.order_by("position")
    before = codes(first)
    moved, gone = first.activities.order_by("position")[:2]
    arranging.place(moved, by=author, target=second)
    editing.archive_activity(gone, by=author)
    arranging.add(first, kind="lesson", title="Baru", minutes=30, by=author)
    assert restoring.restore(Revision.objects.filter(module=first, aspect=Aspect.OUTLINE).last(), by=author)
    assert codes(first) == before and codes(second) == ["M2.1", "M2.2", "M2.3"]
    assert Activity.objects.get(code="M1.4").archived_at


def test_rules_of_a_quiz_are_kept_restored_and_show_as_a_draft(author):
    course = quizzes.make_course()
    quiz = quizzes.quiz_of(course)
    from quizzes import ruling

    ruling.save(quiz, {"attempts_allowed": 5}, shown=ruling.stamp(quiz), by=author)
    found = of_course(course).of(quiz.activity)
    assert (found.stage, found.by) == (Stage.DRAFT, author)
    first = Revision.objects.filter(activity=quiz.activity, aspect=Aspect.QUIZ).last()
    assert first.content["attempts_allowed"] == 3 and restoring.restore(first, by=author)
    assert quizzes.quiz_of(course).attempts_allowed == 3 and of_course(course).of(quiz.activity).stage is Stage.PUBLISHED
    question = Question.objects.filter(course=course, module__code="M1").first()
    from quizzes.bank import editing as bank

    bank.save_version(question, {**question.current_version.content, "feedback": "Lain."}, by=author)
    assert of_course(course).of(quiz.activity).stage is Stage.DRAFT


def test_a_new_course_can_be_published_once_it_has_something(author):
    made = copying.create_course(title="Bimtek Baru", by=author)
    assert (made.slug, publishing.holder_problems(made)) == ("bimtek-baru", [])
    from courses.rules import rules_problems

    assert rules_problems(made.rules) == []
    assert Module.objects.filter(course=made).count() == 0


def test_a_step_ends_at_the_edges_writes_nothing_there_and_an_archived_part_stays(course, author):
    module = course.modules.get(code="M1")
    first, second, third = activities_of(module)
    arranging.place(third, by=author, target=course.modules.get(code="M2"))
    assert arranging.step_part(second, by=author, step=-1) == 1 and codes(module) == [second.code, first.code]
    written = Revision.objects.count()
    assert (arranging.step_part(second, by=author, step=-1), arranging.step_part(first, by=author, step=1)) == (1, 2)
    assert Revision.objects.count() == written and codes(module) == [second.code, first.code]
    editing.archive_activity(first, by=author)
    with pytest.raises(editing.EditingError, match="diarsipkan"):
        arranging.step_part(first, by=author, step=-1)
    assert codes(module) == [second.code]
