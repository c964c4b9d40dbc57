"""What two sequences have in common, in a time that grows with their length and not with its square.

``difflib`` alone takes minutes for some texts that an author may send (the same short paragraph eight thousand times). Here the two ends
that agree are taken off, then what both have exactly once holds them together, and only the small rest between is given to ``difflib``.
"""

from __future__ import annotations

import difflib
from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence

Opcode = tuple[str, int, int, int, int]  # as difflib: "equal", "replace", "delete" or "insert", and the places in both
Span = tuple[int, int, int, int]
SMALL = 10_000  # pairs that difflib compares as it likes
LARGE = 250_000  # pairs that it compares without what occurs often
OFTEN = 4


def opcodes(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Opcode]:
    """How ``old`` becomes ``new``, as ``difflib.SequenceMatcher.get_opcodes``. Of what is too large and too much alike, more is said to
    be replaced than need be; never is anything called equal that is not."""
    found: list[Opcode] = []
    was = now = 0
    for left, right, size in [*_joined(sorted(_blocks(old, new))), (len(old), len(new), 0)]:
        if was < left and now < right:
            found.append(("replace", was, left, now, right))
        elif was < left:
            found.append(("delete", was, left, now, right))
        elif now < right:
            found.append(("insert", was, left, now, right))
        was, now = left + size, right + size
        if size:
            found.append(("equal", left, was, right, now))
    return found


def common(old: Sequence[Hashable], new: Sequence[Hashable]) -> int:
    """How many elements both have in the same order."""
    return sum(size for _left, _right, size in _blocks(old, new))


def _blocks(old: Sequence[Hashable], new: Sequence[Hashable]) -> Iterator[tuple[int, int, int]]:
    """Where both agree: place in the old, place in the new, how many."""
    waiting: list[Span] = [(0, len(old), 0, len(new))]
    while waiting:
        left, left_end, right, right_end = waiting.pop()
        start = left
        while left < left_end and right < right_end and old[left] == new[right]:
            left, right = left + 1, right + 1
        if left > start:
            yield start, right - (left - start), left - start
        end = left_end
        while left < left_end and right < right_end and old[left_end - 1] == new[right_end - 1]:
            left_end, right_end = left_end - 1, right_end - 1
        if end > left_end:
            yield left_end, right_end, end - left_end
        pairs = (left_end - left) * (right_end - right)
        if not pairs:
            continue
        anchors = _anchors(old, new, (left, left_end, right, right_end)) if pairs > SMALL else []
        if anchors:
            for was, now in anchors:
                waiting.append((left, was, right, now))
                left, right = was, now
            waiting.append((left, left_end, right, right_end))  # from the last anchor on: it begins with what agrees
        elif pairs <= LARGE:
            yield from _compared(old, new, (left, left_end, right, right_end), pairs)


def _compared(old: Sequence[Hashable], new: Sequence[Hashable], span: Span, pairs: int) -> Iterator[tuple[int, int, int]]:
    left, left_end, right, right_end = span
    counts = Counter(new[right:right_end]) if pairs > SMALL else Counter()
    matcher = difflib.SequenceMatcher(lambda one: counts[one] > OFTEN, old[left:left_end], new[right:right_end], autojunk=False)
    for block in matcher.get_matching_blocks()[:-1]:
        yield left + block.a, right + block.b, block.size


def _anchors(old: Sequence[Hashable], new: Sequence[Hashable], span: Span) -> list[tuple[int, int]]:
    """The places of what both have exactly once, the longest run of them in the same order."""
    left, left_end, right, right_end = span
    before, after = Counter(old[left:left_end]), Counter(new[right:right_end])
    place = {new[at]: at for at in range(right, right_end) if after[new[at]] == 1}
    pairs = [(at, place[old[at]]) for at in range(left, left_end) if before[old[at]] == 1 and old[at] in place]
    ends: list[int] = []  # the smallest last place of a run of each length
    chosen: list[int] = []  # the pair that ends it
    previous: list[int] = []
    for index, (_was, now) in enumerate(pairs):
        length = bisect_left(ends, now)
        ends[length : length + 1] = [now]
        chosen[length : length + 1] = [index]
        previous.append(chosen[length - 1] if length else -1)
    found: list[tuple[int, int]] = []
    index = chosen[-1] if chosen else -1
    while index >= 0:
        found.append(pairs[index])
        index = previous[index]
    return found[::-1]


def _joined(blocks: Sequence[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    """Neighbouring blocks as one."""
    last: tuple[int, int, int] | None = None
    for left, right, size in blocks:
        if last and (last[0] + last[2], last[1] + last[2]) == (left, right):
            last = (last[0], last[1], last[2] + size)
            continue
        if last:
            yield last
        last = (left, right, size)
    if last:
        yield last
