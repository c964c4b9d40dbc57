import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from audit import sentences

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("audit", "accounts", "notifications", "courses", "cohorts", "quizzes", "certificates", "linimasa")
ACTION = re.compile(r"[a-z_]+\.[a-z_]+")
THINGS = {action.split(".")[0] for action in sentences.SENTENCES}
FILES = {"yaml", "csv", "json", "txt", "html", "pdf"}


@cache
def recorded() -> frozenset[tuple[str, str]]:
    return frozenset(_recorded())


def _recorded() -> Iterator[tuple[str, str]]:
    """(action, file) of every action that the code records.

    Taken are the first arguments of ``log.record``; where an action is passed on by a variable, every string of that module that
    looks like one.
    """
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            if "log.record" not in (text := file.read_text()):
                continue
            tree = ast.parse(text)
            calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and ast.unparse(n.func) in {"log.record", "record"} and n.args]
            if not any(ast.unparse(call.func) == "log.record" for call in calls):
                continue
            texts = [n.value for call in calls for n in ast.walk(call.args[0]) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
            if any(not isinstance(call.args[0], ast.Constant) for call in calls):
                texts += [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
            for one in texts:
                if ACTION.fullmatch(one) and one.split(".")[0] in THINGS and one.split(".")[1] not in FILES:
                    yield one, str(file.relative_to(ROOT))
            yield from ((t, str(file.relative_to(ROOT))) for c in calls if isinstance(c.args[0], ast.Constant) for t in [c.args[0].value])


def test_every_action_that_is_recorded_has_a_sentence():
    found = recorded()
    assert len(found) > 20
    assert sorted((action, file) for action, file in found if action not in sentences.SENTENCES) == []


def test_every_sentence_belongs_to_an_action_that_is_recorded():
    assert sorted(set(sentences.SENTENCES) - {action for action, _ in recorded()}) == []


@pytest.mark.parametrize("action", sentences.SENTENCES)
def test_a_sentence_without_its_details_is_still_readable(action):
    told = sentences.sentence_of(action, object_type="quizzes.attempt", name="percobaan 7", details={})
    assert told and "{" not in told


def test_a_sentence_carries_its_details():
    details = {"person": 5, "role": "trainer", "scope": "everything:"}
    told = sentences.sentence_of("grant.given", object_type="accounts.rolegrant", name="peran 3", details=details)
    assert told == "memberi peran pengajar kepada pengguna 5"


def test_an_unknown_action_is_named():
    assert sentences.sentence_of("thing.done", object_type="x.y", name="x.y 3", details={}) == "mencatat “thing.done” pada x.y 3"
    assert sentences.thing_of("x.y") == "x.y"


def test_details_cannot_reach_into_objects():
    told = sentences.sentence_of("domain.approved", object_type="x.y", name="n", details={"domain": "{object.__class__}"})
    assert told == "menyetujui domain surel {object.__class__}"
