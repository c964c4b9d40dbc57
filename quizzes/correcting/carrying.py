"""From one version of a question to the next: which part of the old one is which part of the new.

Stored answers name parts by their place in the content. A corrected key may put the parts into another order (in an ordering question the
order *is* the key), so before the new key judges an old answer, every place is carried over by the part's own words. Words that were
mended stay where they are: a part whose words are nowhere else takes the part at its own place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..kinds import registry
from ..kinds.choice import Choices
from ..kinds.gaps import CHOICE, Gaps
from ..kinds.hotspot import Hotspot
from ..kinds.matching import Matching
from ..kinds.ordering import Ordering
from ..kinds.registry import HasContent
from ..models import QuestionKind

Content = Mapping[str, Any]
Carry = Callable[[Any], Any]
OTHER_PARTS = (
    "{what} ditambah, dihapus, atau ditulis ulang di tempat lain, sehingga jawaban lama tidak dapat dicocokkan. "
    "Ubah kuncinya saja di sini, atau buat soal baru."
)


class NotCarried(ValueError):
    """These two contents are not the same question; a sentence for the author."""


def pairing(old: Sequence[str], new: Sequence[str], what: str = "Pilihan") -> list[int]:
    """For each old place the new one, by words. Raises NotCarried when the parts are not the same ones."""
    if len(old) != len(new):
        raise NotCarried(OTHER_PARTS.format(what=what))
    place = {" ".join(words.split()).casefold(): at for at, words in enumerate(new)}
    found = [place.get(" ".join(words.split()).casefold()) for words in old]
    lost = {at for at, one in enumerate(found) if one is None}
    if lost != set(range(len(new))) - set(found):  # mended words must have kept their place
        raise NotCarried(OTHER_PARTS.format(what=what))
    return [at if one is None else one for at, one in enumerate(found)]


def carrier(kind: str, old: Content, new: Content) -> Carry:
    """What makes of an answer to ``old`` the same answer to ``new``. Raises NotCarried."""
    kind_class = registry[kind]
    if kind == QuestionKind.TRUE_FALSE:
        return _same
    if issubclass(kind_class, Ordering):
        return _listed(pairing(old["order"], new["order"], "Langkah"))
    if issubclass(kind_class, Matching):
        sides = [
            pairing([one[side] for one in old["pairs"]], [one[side] for one in new["pairs"]], "Pasangan") for side in ("left", "right")
        ]
        return _matched(*sides)
    if issubclass(kind_class, Gaps):
        return _gapped(old["gaps"], new["gaps"])
    if issubclass(kind_class, Hotspot):
        if old["picture"]["file"] != new["picture"]["file"]:
            raise NotCarried(OTHER_PARTS.format(what="Gambar"))
        return _listed(pairing([one["name"] for one in old["regions"]], [one["name"] for one in new["regions"]], "Bagian gambar"))
    if issubclass(kind_class, Choices):
        return _listed(pairing(old["choices"], new["choices"]))
    return _same  # words and numbers mean the same in every version


def _gapped(old: Sequence[Content], new: Sequence[Content]) -> Carry:
    """Gaps keep their place; the choices of one are carried over by their words."""
    if [one["ask"] for one in old] != [one["ask"] for one in new]:
        raise NotCarried(OTHER_PARTS.format(what="Isian"))
    places = [pairing(one["choices"], two["choices"]) if one["ask"] == CHOICE else None for one, two in zip(old, new, strict=True)]

    def carry(answer: Any) -> Any:
        if answer is None:
            return None
        return [
            one if among is None or one is None else among[one]  # what was typed stays as it is
            for one, among in zip(answer, places, strict=True)
        ]

    return carry


def _same(answer: Any) -> Any:
    return answer


def _listed(places: Sequence[int]) -> Carry:
    def carry(answer: Any) -> Any:
        if isinstance(answer, list):
            return [places[one] for one in answer]
        return None if answer is None else places[answer]

    return carry


def _matched(lefts: Sequence[int], rights: Sequence[int]) -> Carry:
    def carry(answer: Any) -> Any:
        if answer is None:
            return None
        carried: list[int | None] = [None] * len(lefts)
        for left, right in enumerate(answer):
            carried[lefts[left]] = None if right is None else rights[right]
        return carried

    return carry


def carried(kind: str, version: HasContent, answer: Any, new: HasContent, through: Sequence[HasContent] = ()) -> Any:
    """This answer to ``version`` as an answer to ``new``: straight, else by way of what earlier corrections made of the version
    (``through``, oldest first). Raises NotCarried."""
    for way in (None, *reversed(through)):
        try:
            if way is None:
                return carrier(kind, version.content, new.content)(answer)
            there = carried(kind, version, answer, way, through[: list(through).index(way)])
            return carrier(kind, way.content, new.content)(there)
        except NotCarried:
            continue
    raise NotCarried(OTHER_PARTS.format(what="Bagian soal"))


def levels(old: Content, new: Content, criteria: Mapping[str, int]) -> list[int] | None:
    """A trainer's levels under the new rubric, by the names of criterion and level; None when one is gone or a criterion is new.

    ``criteria`` maps a criterion's place (as text) to its level's place, as a grade event keeps it.
    """
    chosen = {}
    for at, criterion in enumerate(old["rubric"]):
        if str(at) in criteria and criteria[str(at)] < len(criterion["levels"]):
            chosen[criterion["criterion"]] = (criterion["levels"], criteria[str(at)])
    renamed = _renamed([one["criterion"] for one in old["rubric"]], [one["criterion"] for one in new["rubric"]])
    found = []
    for criterion in new["rubric"]:
        picked = chosen.get(renamed.get(criterion["criterion"], criterion["criterion"]))
        if picked is None:
            return None
        was, level = [one["title"] for one in picked[0]], picked[1]
        now = [one["title"] for one in criterion["levels"]]
        before = _renamed(was, now)
        place = next((at for at, title in enumerate(now) if before.get(title, title) == was[level]), None)
        if place is None:
            return None
        found.append(place)
    return found


def _renamed(old: Sequence[str], new: Sequence[str]) -> dict[str, str]:
    """New name → old name of what only changed its name: as many as before, and at the same place."""
    if len(old) != len(new):
        return {}
    return {after: before for before, after in zip(old, new, strict=True) if after not in old and before not in new}


def can_carry(kind: str, old: Content, new: Content) -> bool:
    """Whether answers to ``old`` can be judged by ``new``."""
    try:
        carrier(kind, old, new)
    except NotCarried:
        return False
    return True
