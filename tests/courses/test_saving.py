"""Two people in one lesson: what does not touch is merged, what does is shown to choose, and nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Role, ScopeKind
from courses import arranging, editing, proposing, saving
from courses.models import Activity, Lesson
from tests.factories import accounts
from tests.factories import courses as make

BASE = "Satu.\n\n## Dua\n\nTiga.\n\nEmpat.\n"


def merged(stored: str, mine: str, base: str | None = BASE) -> str:
    return saving.Merge(saving.passages(base, stored, mine)).text()


@pytest.mark.parametrize(
    ("stored", "mine", "expected"),
    [
        ("Satu A.\n\n## Dua\n\nTiga.\n\nEmpat.\n", "Satu.\n\n## Dua\n\nTiga.\n\nEmpat B.\n", "Satu A.\n\n## Dua\n\nTiga.\n\nEmpat B.\n"),
        ("Satu.\n\n## Dua\n\nTiga A.\n\nEmpat.\n", "Satu.\n\n## Dua\n\nTiga.\n\nEmpat B.\n", "Satu.\n\n## Dua\n\nTiga A.\n\nEmpat B.\n"),
        ("Satu.\n\n## Dua\n\nTiga.\n", BASE + "\nLima B.\n", "Satu.\n\n## Dua\n\nTiga.\n\nLima B.\n"),
        (BASE + "\nLima A.\n", BASE + "\nLima B.\n", BASE + "\nLima A.\n\nLima B.\n"),
        (BASE + "\nSama.\n", BASE + "\nSama.\n", BASE + "\nSama.\n"),
        (BASE, "Baru.\n\n" + BASE, "Baru.\n\n" + BASE),
        ("Satu A.\n\nBaru A.\n\n## Dua\n\nTiga.\n", "Satu.\n\n## Dua B\n\nTiga.\n", "Satu A.\n\nBaru A.\n\n## Dua B\n\nTiga.\n"),
    ],
)  # fmt: skip
def test_what_does_not_touch_the_same_paragraph_is_merged(stored, mine, expected):
    assert merged(stored, mine) == expected


@pytest.mark.parametrize(
    ("stored", "mine"),
    [
        ("Satu A.\n\n## Dua\n\nTiga.\n\nEmpat.\n", "Satu B.\n\n## Dua\n\nTiga.\n\nEmpat.\n"),
        ("## Dua\n\nTiga.\n\nEmpat.\n", "Satu B.\n\n## Dua\n\nTiga.\n\nEmpat.\n"),
    ],
)
def test_the_same_paragraph_changed_twice_is_to_be_chosen(stored, mine):
    merge = saving.Merge(saving.passages(BASE, stored, mine))
    assert len(merge.conflicts) == 1 and merge.conflicts[0].mine == "Satu B."
    with pytest.raises(KeyError):
        merge.text()
    assert merge.text({1: "mine"}) == mine and merge.text({1: "stored"}) == stored


def test_both_texts_can_be_kept_of_one_passage():
    merge = saving.Merge(saving.passages("A\n\nB\n", "A satu\n\nB\n", "A dua\n\nB\n"))
    assert merge.text({1: "both"}) == "A satu\n\nA dua\n\nB\n"


def test_without_a_base_every_difference_is_to_be_chosen():
    merge = saving.Merge(saving.passages(None, "A\n\nB\n\nC\n", "A\n\nX\n\nC\n\nD\n"))
    assert [(one.mine, one.stored) for one in merge.conflicts] == [("X", "B"), ("D", "")]


words = st.lists(st.sampled_from(["a", "b", "c", "## d", "- e\n- f"]), max_size=7)


@settings(max_examples=150, deadline=None)
@given(words, words, words)
def test_no_paragraph_of_either_text_vanishes_unasked(base, stored, mine):
    """Whatever one side wrote and the base did not hold stands in the result, unless a choice left it out."""
    text = ["\n\n".join(one) for one in (base, stored, mine)]
    merge = saving.Merge(saving.passages(*text))
    both = merge.text({one.number: "both" for one in merge.conflicts}).split("\n\n")
    for side in (stored, mine):
        assert {one for one in side if one not in base} <= set("\n\n".join(both).strip().split("\n\n"))
    assert saving.Merge(saving.passages(text[0], text[0], text[2])).text().split() == text[2].split()
    assert saving.Merge(saving.passages(text[0], text[1], text[0])).text().split() == text[1].split()


@pytest.fixture
def lesson(db):
    module = make.make_published_course(modules=1, lessons=1).modules.get()
    activity = module.activities.filter(kind="lesson").get()
    Lesson.objects.filter(activity=activity).update(body=BASE)
    activity.refresh_from_db()
    return activity


def save(activity: Activity, who, body: str, *, number: int = 0, title: str = "", **more):
    stored = Lesson.objects.get(activity=activity)
    values = {"objectives": stored.objectives, "reviewed_on": stored.reviewed_on}
    facts = {"title": title or Activity.objects.get(pk=activity.pk).title, "minutes": activity.minutes}
    return saving.save(activity, by=who, number=number, body=body, values=values, facts=facts, **more)


def two(activity: Activity):
    return (accounts.staff(Role.AUTHOR, ScopeKind.COURSE, activity.course_id) for _ in range(2))


def test_an_older_page_saves_what_it_changed_beside_what_others_saved(lesson):
    first, second = two(lesson)
    assert save(lesson, first, BASE.replace("Satu", "Satu A")).number == 1
    saved = save(lesson, second, BASE.replace("Empat", "Empat B"), base=BASE)
    assert (saved.number, saved.merged, saved.by) == (2, True, first.name)
    assert Lesson.objects.get(activity=lesson).body == "Satu A.\n\n## Dua\n\nTiga.\n\nEmpat B.\n"


def test_a_collision_changes_nothing_and_a_choice_settles_it(lesson):
    first, second = two(lesson)
    save(lesson, first, BASE.replace("Satu", "Satu A"))
    mine = BASE.replace("Satu", "Satu B")
    with pytest.raises(saving.Collision) as told:
        save(lesson, second, mine, base=BASE)
    assert told.value.stored.updated_by == first and "Satu A." in Lesson.objects.get(activity=lesson).body
    assert save(lesson, second, mine, base=BASE, choices={1: "both"}, seen=1).number == 2
    assert Lesson.objects.get(activity=lesson).body.startswith("Satu A.\n\nSatu B.\n\n## Dua")


def test_a_choice_made_on_an_older_text_is_asked_again(lesson):
    first, second = two(lesson)
    save(lesson, first, BASE.replace("Satu", "Satu A"))
    save(lesson, first, BASE.replace("Satu", "Satu C"), number=1)
    with pytest.raises(saving.Collision):
        save(lesson, second, BASE.replace("Satu", "Satu B"), base=BASE, choices={1: "mine"}, seen=1)
    assert "Satu C." in Lesson.objects.get(activity=lesson).body


def test_fields_beside_the_text_are_merged_one_by_one(lesson):
    first, second = two(lesson)
    before = {"title": lesson.title, "minutes": lesson.minutes, "objectives": [], "reviewed_on": None}
    save(lesson, first, BASE, title="Judul pertama")
    saved = save(lesson, second, BASE + "\nLima.\n", title=lesson.title, base=BASE, base_values=before)
    lesson.refresh_from_db()
    assert saved.changed and lesson.title == "Judul pertama"
    with pytest.raises(saving.Collision) as told:
        save(lesson, second, BASE, title="Judul kedua", base=BASE, base_values=before)
    assert [one.label for one in told.value.merge.conflicts] == ["Judul"]


def test_saving_what_is_stored_already_is_harmless(lesson):
    first, second = two(lesson)
    save(lesson, first, BASE.replace("Satu", "Satu A"))
    saved = save(lesson, second, BASE.replace("Satu", "Satu A"), number=0)
    assert not saved.changed and saved.number == 1
    assert isinstance(saving.Collision(saving.Merge([]), Lesson(updated_by=first)), editing.EditingError)


def test_saves_moves_titles_and_sending_at_once_wait_for_each_other_and_lose_nothing(in_parallel):
    module = make.make_published_course(modules=1, lessons=3).modules.get()
    part = module.activities.order_by("position").first()
    people = [accounts.staff(Role.AUTHOR, ScopeKind.COURSE, module.course_id) for _ in range(5)]
    start = part.lesson.body

    def act(number: int) -> None:
        for turn in range(4):
            row = Activity.objects.select_related("lesson", "module", "course").get(pk=part.pk)
            if number < 2:
                body = f"{row.lesson.body.rstrip()}\n\nDari {number}, ke-{turn}.\n"
                fields = {"title": row.title, "minutes": row.minutes, "objectives": row.lesson.objectives, "reviewed_on": None}
                save(row, people[number], body, number=row.lesson.edit_number, base=row.lesson.body, base_values=fields)
            elif number == 2:
                arranging.place(row, by=people[number], target=module, position=1 + turn % 3)
            elif number == 3:
                editing.edit_activity(row, by=people[number], values={"minutes": 20 + turn})
            else:
                proposing.propose(module, by=people[number])

    results = in_parallel(5, act)
    assert [one for one in results if one is not None and not isinstance(one, proposing.ProposingError)] == []
    stored = Lesson.objects.get(activity=part).body
    assert stored.startswith(start.split("\n")[0])
    assert all(f"Dari {number}, ke-{turn}." in stored for number in range(2) for turn in range(4))
    assert Activity.objects.get(pk=part.pk).minutes == 23
