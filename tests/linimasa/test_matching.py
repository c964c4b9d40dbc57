"""What two sequences have in common: right, and found in a time that does not grow with the square."""

import random
import time

import pytest

from linimasa import matching

SAME = ["Lagi."] * 8_500
WORDS = [word for number in range(3_500) for word in ("a", f"u{number}")]
OTHER = [word for number in range(3_500) for word in ("a", f"v{number}")]
SPACED = [word for number in range(1_500) for word in (f"u{number}", " ")]
SPACED_TOO = [word for number in range(1_500) for word in (f"v{number}", " ")]


def applied(old, new):
    """The new one, made from the old by the opcodes; and each «equal» is."""
    made, at = [], 0
    for tag, a, b, c, d in matching.opcodes(old, new):
        assert a == at
        assert tag != "equal" or list(old[a:b]) == list(new[c:d])
        made += old[a:b] if tag == "equal" else new[c:d]
        at = b
    assert at == len(old)
    return made


def test_the_opcodes_make_the_new_one_of_the_old():
    dice = random.Random(5)
    for size in (0, 1, 5, 40, 300, 900):
        for signs in (2, 10, 100_000):
            old = [dice.randrange(signs) for _ in range(size)]
            new = old[:]
            for _ in range(size // 4):
                new[dice.randrange(size)] = dice.randrange(signs)
            dice.shuffle(cut := new[: size // 6])
            new = new[size // 6 :] + cut
            assert applied(old, new) == new


def test_what_stayed_between_two_changes_is_found():
    assert matching.opcodes("abcd", "axcd") == [("equal", 0, 1, 0, 1), ("replace", 1, 2, 1, 2), ("equal", 2, 4, 2, 4)]
    assert matching.common(WORDS, [*WORDS[:400], "baru", *WORDS[401:]]) == len(WORDS) - 1


@pytest.mark.parametrize(
    ("old", "new"),
    [(SAME, [*SAME[:8_400], *["x"] * 90]), (WORDS, OTHER), (SPACED, SPACED_TOO), (WORDS, WORDS[::-1]), (SAME, ["b", *SAME, "c"])],
    ids=["one paragraph again and again", "every other word", "nothing but the blanks", "backwards", "at both ends"],
)
def test_hostile_texts_are_compared_in_a_moment(old, new):
    began = time.process_time()
    assert applied(old, new) == list(new)
    assert time.process_time() - began < 2
