"""Two texts beside each other: words added and removed, paragraphs that came, went, changed or moved."""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from linimasa import matching, writing

CONTEXT_WORDS = 12
ALIKE = 0.5  # from here on two paragraphs are one that was changed
SAME_MOVED = 0.8  # from here on one elsewhere is one that moved
_NUMBERED = re.compile(r"\s*\{[^}]*\}\s*$")
MOST_PAIRS = 900  # paragraphs compared with each other within one changed run
MOST_PARAGRAPHS = 2_000  # of both texts; beyond, none are compared with each other


@dataclass(frozen=True)
class Piece:
    """A run of words: ``kind`` is "same", "added", "removed" or "gap" (unchanged words left out)."""

    kind: str
    text: str


@dataclass
class Passage:
    """A paragraph that differs, or (``kind`` "same") a run of ``count`` that do not. ``kind``: "same", "changed", "added", "removed" or
    "moved" (with ``pieces`` where its words changed too). ``heading``: the section that it stands in."""

    kind: str
    pieces: list[Piece] = field(default_factory=list)
    heading: str = ""
    text: str = ""
    count: int = 1
    opens: bool = False  # the first one told under its heading
    threads: list[Any] = field(default_factory=list)  # the open remarks on its words

    @property
    def count_words(self) -> str:
        """«Dua paragraf»."""
        return f"{writing.number_word(self.count).capitalize()} paragraf"


def passages(old: str, new: str) -> list[Passage]:
    """The paragraphs of both texts in the order of the new one. A paragraph whose words stand elsewhere now was moved, not removed and
    added; one that was partly rewritten is told word by word."""
    before, after = _paragraphs(old), _paragraphs(new)
    flat_before, flat_after = [_flat(one) for one in before], [_flat(one) for one in after]
    rows: list[tuple[str, int | None, int | None]] = []
    for tag, a, b, c, d in matching.opcodes(flat_before, flat_after):
        if tag == "equal":
            rows += [("same", a + step, c + step) for step in range(b - a)]
        else:
            rows += _paired(flat_before, flat_after, range(a, b), range(c, d))
    moved = _moved(flat_before, flat_after, rows)
    gone = set(moved.values())
    found: list[Passage] = []
    heading = ""
    for kind, was, now in rows:
        text = after[now] if now is not None else before[was or 0]
        if now is not None and (title := re.match(r"#{1,6}\s+(.+)", text)):
            heading = _NUMBERED.sub("", title[1]).strip()
        if kind == "removed" and was in gone:
            continue
        if kind == "added" and now in moved:
            pieces = _word_level(before[moved[now]], text) if flat_before[moved[now]] != flat_after[now] else [Piece("same", text)]
            found.append(Passage("moved", pieces, heading, text))
        elif kind == "same":
            if found and found[-1].kind == "same":
                found[-1].count += 1
                found[-1].text += f"\n\n{text}"
            else:
                found.append(Passage("same", [], heading, text))
        elif kind == "changed":
            found.append(Passage("changed", _word_level(before[was or 0], text), heading, text))
        else:
            found.append(Passage(kind, [Piece(kind, text)], heading, text))
    told = ""
    for one in found:
        if one.kind != "same" and one.heading:
            one.opens, told = one.heading != told, one.heading
    return found


def _paragraphs(text: str) -> list[str]:
    return [one.strip("\n") for one in re.split(r"\n[ \t]*\n+", text) if one.strip()]


def _flat(text: str) -> str:
    return " ".join(text.split())


def _alike(one: str, other: str) -> float:
    """The share of words that both have in the same order, 0 to 1."""
    left, right = one.split(), other.split()
    if not left or not right or min(len(left), len(right)) / max(len(left), len(right)) < ALIKE / 2:
        return 0.0
    whole = len(left) + len(right)
    if 2 * (Counter(left) & Counter(right)).total() < ALIKE * whole:
        return 0.0
    return 2 * matching.common(left, right) / whole


def _paired(before: list[str], after: list[str], old: range, new: range) -> list[tuple[str, int | None, int | None]]:
    """Within a run that differs: which paragraph became which, in order; the rest came or went."""
    rows: list[tuple[str, int | None, int | None]] = []
    start = old.start
    compared = len(old) * len(new) <= MOST_PAIRS and len(before) + len(after) <= MOST_PARAGRAPHS
    for now in new:
        scores = [(_alike(before[was], after[now]), -was) for was in range(start, old.stop)] if compared else []
        best, at = max(scores, default=(0.0, 0))
        if best >= ALIKE:
            rows += [("removed", was, None) for was in range(start, -at)]
            rows.append(("changed", -at, now))
            start = -at + 1
        else:
            rows.append(("added", None, now))
    return rows + [("removed", was, None) for was in range(start, old.stop)]


def _moved(before: list[str], after: list[str], rows: list[tuple[str, int | None, int | None]]) -> dict[int, int]:
    """New place → old place of the paragraphs that stand elsewhere now."""
    gone = [was for kind, was, _ in rows if kind == "removed" and was is not None]
    come = [now for kind, _, now in rows if kind == "added" and now is not None]
    found: dict[int, int] = {}
    compared = len(gone) * len(come) <= MOST_PAIRS and len(before) + len(after) <= MOST_PARAGRAPHS
    same: defaultdict[str, deque[int]] = defaultdict(deque)
    for was in gone:
        same[before[was]].append(was)
    left = dict.fromkeys(gone)
    for now in come:
        places = same[after[now]]
        while places and places[0] not in left:
            places.popleft()
        match = places[0] if places else None
        if match is None and compared:
            best, at = max(((_alike(before[was], after[now]), -was) for was in left), default=(0.0, 0))
            match = -at if best >= SAME_MOVED else None
        if match is not None:
            found[now] = match
            del left[match]
    return found


def word_pieces(old: str, new: str) -> list[Piece]:
    """The words added and removed between two texts, with a little of what surrounds them."""
    if old == new:
        return []
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    pieces: list[Piece] = []
    for tag, a, b, c, d in matching.opcodes(before, after):
        left, right = "".join(before[a:b]), "".join(after[c:d])
        if tag == "equal":
            pieces.append(Piece("same", left))
        else:
            pieces += _word_level(left, right)
    return list(_trimmed(pieces))


def _word_level(left: str, right: str) -> list[Piece]:
    if not left or not right:
        return [Piece("added", right) if right else Piece("removed", left)]
    before, after = re.findall(r"\S+|\s+", left), re.findall(r"\S+|\s+", right)
    pieces = []
    for same, gone, come in _runs(before, after):
        pieces += [Piece(kind, words) for kind, words in (("same", same), ("removed", gone), ("added", come)) if words]
    return pieces


def _runs(before: list[str], after: list[str]) -> list[tuple[str, str, str]]:
    """Runs of equal words, and of words that became others. A blank alone between two changes joins them, so that a phrase is told
    as one: «24 jam» became «satu hari»."""
    runs: list[tuple[str, str, str]] = []
    for tag, a, b, c, d in matching.opcodes(before, after):
        gone, come = "".join(before[a:b]), "".join(after[c:d])
        if tag == "equal" and not (runs and not runs[-1][0] and gone.isspace() and b < len(before) and d < len(after)):
            runs.append((gone, "", ""))
        elif runs and not runs[-1][0]:
            runs[-1] = ("", runs[-1][1] + gone, runs[-1][2] + come)
        else:
            runs.append(("", gone, come))
    return runs


def _trimmed(pieces: list[Piece]) -> Iterator[Piece]:
    """Long unchanged runs lose their middle."""
    for index, piece in enumerate(pieces):
        words = re.findall(r"\s*\S+\s*", piece.text)
        if piece.kind != "same" or len(words) <= 2 * CONTEXT_WORDS:
            yield piece
            continue
        if index > 0:
            yield Piece("same", "".join(words[:CONTEXT_WORDS]))
        yield Piece("gap", "…")
        if index < len(pieces) - 1:
            yield Piece("same", "".join(words[-CONTEXT_WORDS:]))
