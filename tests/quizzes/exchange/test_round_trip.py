"""Export → import gives the same questions back, for every kind that a format can express; all else is named before."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from quizzes.exchange import examples, reading, writing
from quizzes.kinds import registry
from quizzes.models import QuestionKind
from quizzes.picturing import as_written

from .questions import CONTENTS, questions

PICTURES = {"layar.webp": b"bytes", "nama-gambar-di-pustaka.webp": b"bytes"}
EXPRESSED = {
    "xlsx": set(CONTENTS),
    "csv": set(CONTENTS),
    "gift": {"single", "multiple", "scenario", "true_false", "short_answer", "matching", "numeric"},
    "moodlexml": set(CONTENTS) - {"hotspot"},
    "aiken": {"single"},
    "qti": set(CONTENTS),
    "qti3": set(CONTENTS),
}


def back(format: str, question: dict[str, Any]) -> tuple[writing.Plan, list[Any]]:
    plan = writing.planned(format, [question])
    if not plan.taken:
        return plan, []
    return plan, reading.read({"qti3": "qti"}.get(format, format), writing.write(plan, PICTURES))


def test_every_format_says_which_kinds_it_expresses() -> None:
    assert set(EXPRESSED) == set(writing.FORMATS)


@pytest.mark.parametrize("format", sorted(writing.FORMATS))
@settings(max_examples=60, suppress_health_check=list(HealthCheck), derandomize=True)
@given(question=questions())
def test_what_a_format_takes_comes_back_the_same(format: str, question: dict[str, Any]) -> None:
    plan, rows = back(format, question)
    if question["kind"] not in EXPRESSED[format]:
        assert plan.left and not plan.taken
        return
    if plan.left:
        assert plan.left[0][1]
        return
    (row,) = rows
    assert row.problems == []
    if not plan.lost:
        assert row.question == as_written(question)
        assert row.notes == []


@pytest.mark.parametrize("format", sorted(set(writing.FORMATS) - {"aiken"}))
def test_plain_questions_lose_nothing(format: str) -> None:
    """So that the property above is not empty: each kind with plain words is taken whole."""
    for one in examples.EXAMPLES:
        if one["kind"] not in EXPRESSED[format]:
            continue
        question = one if format in reading.TABLES or one["kind"] != "numeric" else {k: v for k, v in one.items() if k[:4] != "unit"}
        if one["kind"] == "hotspot":
            question = one | {"picture": one["picture"] | {"address": "/m/0.webp", "width": 200, "height": 200}}
        plan, rows = back(format, question)
        assert (plan.left, plan.lost, [row.problems for row in rows]) == ([], [], [[]]), one["kind"]
        assert rows[0].question == as_written(question)


def test_aiken_names_what_stays_behind() -> None:
    question = examples.EXAMPLES[0]
    plan, (row,) = back("aiken", question)
    assert plan.lost == [(f"tanpa kode, {QuestionKind.SINGLE.label.lower()}", "umpan balik, tingkat, salah paham, tag")]
    assert (row.question["choices"], row.question["key"]) == (question["choices"], question["key"])


def test_many_questions_come_back_in_their_order_with_their_categories() -> None:
    named = [one | {"code": f"M1-{number:02d}", "category": f"Bagian {number % 3}"} for number, one in enumerate(examples.EXAMPLES, 1)]
    for format in writing.FORMATS:
        plan = writing.planned(format, named)
        assert len(plan.taken) + len(plan.left) == len(named)
        if format != "aiken" and not format.startswith("qti"):
            rows = reading.read(format, writing.write(plan, PICTURES))
            assert [(row.question["code"], row.question["category"]) for row in rows] == [(q["code"], q["category"]) for q in plan.taken]


def test_every_example_of_the_template_is_a_question() -> None:
    assert [one["kind"] for one in examples.EXAMPLES] == ["single", "multiple", "true_false", "scenario", *list(registry)[4:10]]
    for one in examples.EXAMPLES:
        assert registry[one["kind"]].problems(one) == []
