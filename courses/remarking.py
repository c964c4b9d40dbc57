"""What reviewers and authors say of a passage of a draft: found again after edits, answered, and settled.

A remark hangs on the words it is about (``quote``, with what stood before and after), not on a position: the draft goes on changing
while it is discussed. Whoever sees a draft in the studio may remark, answer and settle.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit import log
from linimasa import matching
from notifications import outbox

from . import holders, reviewing
from .holders import Holder, course_of
from .models import Activity, Course, Module, Remark

MOST_THREADS = 100  # of one draft, the open ones first
SURROUNDINGS = 80
QUOTE = 400
MOST_PLACES = 200  # of a passage that stands in a text more often, the first so many are weighed
TELLABLE = 0.6  # how alike a changed passage must be to be still the same one


class RemarkingError(Exception):
    """The remark cannot be kept; the message says why."""


@dataclass(frozen=True)
class Place:
    """Where a passage stands in a text, in characters. ``is_exact``: word for word; else the passage was changed in between."""

    start: int
    end: int
    is_exact: bool = True


@dataclass
class Thread:
    """A remark with its answers. ``place`` is None where the passage is gone, or where the remark is about the whole."""

    remark: Remark
    answers: list[Remark] = field(default_factory=list)
    place: Place | None = None

    @property
    def is_open(self) -> bool:
        return self.remark.resolved_at is None

    @property
    def is_lost(self) -> bool:
        """It was about a passage that is no longer in the text."""
        return bool(self.remark.quote) and self.place is None


def of(activity: Activity) -> list[Thread]:
    """The threads about one lesson (or other part), the open ones first, each with its place in today's draft. Two statements."""
    rows = Remark.objects.filter(activity=activity)
    lesson = getattr(activity, "lesson", None)
    return _threads(rows, {activity.pk: lesson.body if lesson else ""})


def of_holder(holder: Holder, texts: dict[int, str] | None = None) -> list[Thread]:
    """The threads of a module, or of the course's own parts. ``texts``: today's drafts by activity id. Two statements."""
    return _threads(holders.of_holder(Remark.objects.all(), holder), texts or {})


def _threads(rows: Any, texts: dict[int, str]) -> list[Thread]:
    people = ("by", "resolved_by", "activity")
    tops = sorted(rows.filter(parent=None).select_related(*people).order_by("-at", "-pk")[: MOST_THREADS * 2], key=_order)[:MOST_THREADS]
    threads = {one.pk: Thread(one) for one in tops}
    for answer_row in Remark.objects.filter(parent__in=threads).select_related("by").order_by("at", "pk"):
        threads[answer_row.parent_id].answers.append(answer_row)
    for thread in threads.values():
        one = thread.remark
        if one.quote:
            thread.place = locate(texts.get(one.activity_id or 0, ""), one.quote, one.before, one.after)
    return list(threads.values())


def _order(one: Remark) -> tuple[bool, float]:
    return (one.resolved_at is not None, one.at.timestamp())


@transaction.atomic
def remark(part: Activity | Holder, *, by: User, body: str, quote: str = "", before: str = "", after: str = "", about: str = "") -> Remark:
    """Say something of a passage (or, without ``quote``, of the whole part), and tell those who write it.

    The same remark sent again within the open thread is kept once. Raises RemarkingError for an empty one.
    """
    body = body.strip()
    if not body:
        raise RemarkingError("Tulis catatannya dahulu.")
    activity = part if isinstance(part, Activity) else None
    holder: Holder = (part.module or part.course) if isinstance(part, Activity) else part
    values: dict[str, Any] = {
        "course": course_of(holder),
        "module": holder if isinstance(holder, Module) else None,
        "activity": activity,
        "about": about[:40],
        "quote": quote.strip()[:QUOTE],
        "before": before[-SURROUNDINGS:],
        "after": after[:SURROUNDINGS],
        "body": body,
    }
    _lock(holder)
    same = Remark.objects.filter(by=by, parent=None, resolved_at=None, activity=activity, quote=values["quote"], body=body)
    made = same.filter(module=values["module"], course=values["course"]).first()
    if made is None:
        made = Remark.objects.create(**values, by=by, at=timezone.now())
        _tell("remarked", made, made, holder, by, _writers(holder, activity))
    return made


@transaction.atomic
def answer(to: Remark, *, by: User, body: str) -> Remark:
    """Answer in the thread of ``to`` and tell the others in it. The same answer sent again is kept once. Raises RemarkingError."""
    body = body.strip()
    if not body:
        raise RemarkingError("Tulis jawabannya dahulu.")
    top = to.parent or to
    holder = _holder(top)
    _lock(holder)
    made = Remark.objects.filter(parent=top, by=by, body=body).first()
    if made is None:
        made = Remark.objects.create(
            course_id=top.course_id, module_id=top.module_id, activity_id=top.activity_id, about=top.about, parent=top, body=body, by=by,
            at=timezone.now(),
        )  # fmt: skip
        in_it = {top.by_id, *Remark.objects.filter(parent=top).values_list("by", flat=True)}
        _tell("remark_answered", made, top, holder, by, in_it)
    return made


@transaction.atomic
def resolve(one: Remark, *, by: User) -> Remark:
    """Settle the thread, once; harmless when repeated."""
    top = one.parent or one
    if Remark.objects.filter(pk=top.pk, resolved_at=None).update(resolved_by=by, resolved_at=timezone.now()):
        log.record("remark.settled", by=by, on=_holder(top), remark=top.pk)
    top.refresh_from_db()
    return top


@transaction.atomic
def reopen(one: Remark, *, by: User) -> Remark:
    """Open a settled thread again; harmless when repeated."""
    top = one.parent or one
    if Remark.objects.filter(pk=top.pk, resolved_at__isnull=False).update(resolved_by=None, resolved_at=None):
        log.record("remark.reopened", by=by, on=_holder(top), remark=top.pk)
    top.refresh_from_db()
    return top


def locate(text: str, quote: str, before: str = "", after: str = "") -> Place | None:
    """Where the passage stands now; None when it is gone.

    Word for word first (of several, the one whose surroundings agree most; blanks and line breaks count as one blank), then what now
    stands between the same surroundings, then the most alike passage.
    """
    quote = quote.strip()
    if not quote or not text:
        return None
    found = _word_for_word(text, quote)
    if found:
        return max(found, key=lambda place: _agreement(text, place, before, after))
    return _between(text, quote, before, after) or _most_alike(text, quote)


def _word_for_word(text: str, quote: str) -> list[Place]:
    """The first places of the quote, whatever blanks are between its words; in a time that grows with the text alone."""
    flat, begins, at_text = _flat(text)
    wanted = " ".join(quote.split())
    found: list[Place] = []
    start = flat.find(wanted)
    while start >= 0 and len(found) < MOST_PLACES:
        end = start + len(wanted)
        first, last = bisect_right(begins, start) - 1, bisect_right(begins, end - 1) - 1
        found.append(Place(at_text[first] + start - begins[first], at_text[last] + end - begins[last]))
        start = flat.find(wanted, end)
    return found


@lru_cache(maxsize=16)
def _flat(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """The text with one blank between its words; where each word begins in that, and where in the text."""
    words = list(re.finditer(r"\S+", text))
    begins, at = array("L"), 0
    for word in words:
        begins.append(at)
        at += word.end() - word.start() + 1
    return " ".join(word[0] for word in words), begins, array("L", (word.start() for word in words))


def _agreement(text: str, place: Place, before: str, after: str) -> int:
    left, right = text[max(0, place.start - SURROUNDINGS) : place.start].rstrip(), text[place.end : place.end + SURROUNDINGS].lstrip()
    return _common(reversed(left), reversed(before.rstrip())) + _common(right, after.lstrip())


def _common(one: Iterable[str], other: Iterable[str]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _between(text: str, quote: str, before: str, after: str) -> Place | None:
    left, right = before.strip()[-30:], after.strip()[:30]
    if len(left) < 8 or len(right) < 8:
        return None
    start = text.find(left)
    while start >= 0:
        inner = start + len(left)
        end = text.find(right, inner, inner + 3 * len(quote) + 2 * SURROUNDINGS)
        if end >= 0 and text[inner:end].strip():
            return Place(
                inner + len(text[inner:end]) - len(text[inner:end].lstrip()), inner + len(text[inner:end].rstrip()), is_exact=False
            )
        start = text.find(left, inner)
    return None


def _most_alike(text: str, quote: str) -> Place | None:
    """The paragraph line of which most words of the quote are still there, in their order."""
    wanted, best, score = quote.split(), None, TELLABLE
    counts = Counter(wanted)
    for line in re.finditer(r"[^\n]+", text):
        words = line[0].split()
        if (counts & Counter(words)).total() / len(wanted) < score:
            continue
        share = matching.common(wanted, words) / len(wanted)
        if share >= score:
            best, score = Place(line.start(), line.end(), is_exact=False), share
    return best


def surroundings(text: str, quote: str) -> tuple[str, str]:
    """What stands before and after the first place of a quote: for a remark that was written without a selection."""
    place = locate(text, quote)
    if place is None or not place.is_exact:
        return "", ""
    return text[max(0, place.start - SURROUNDINGS) : place.start], text[place.end : place.end + SURROUNDINGS]


def _holder(one: Remark) -> Holder:
    return one.module if one.module is not None else one.course


def _lock(holder: Holder) -> None:
    """Two posts of one remark at the same moment wait for each other here."""
    model: type[Module] | type[Course] = type(holder)
    model.objects.select_for_update(of=("self",), no_key=True).get(pk=holder.pk)


def _writers(holder: Holder, activity: Activity | None) -> set[int | None]:
    """Who should read a remark: whoever changed the draft; for a lesson that nobody changed, its owner."""
    found: set[int | None] = set(reviewing.authors_of(holder))
    lesson = getattr(activity, "lesson", None) if activity else None
    return found | ({lesson.owner_id, lesson.updated_by_id} if lesson else set())


def _tell(kind: str, made: Remark, top: Remark, holder: Holder, by: User, people: set[int | None]) -> None:
    where = f"{top.activity.code} {top.activity.title}" if top.activity else holder.title
    context = {
        "who": by.name,
        "title": holder.title,
        "where": where,
        "quote": top.quote,
        "body": made.body,
        "path": f"{reviewing.address_of(holder)}#catatan-{top.pk}",
    }
    for person in User.objects.filter(pk__in=people - {None, by.pk}, is_active=True):
        outbox.enqueue(kind, to=person, dedupe_key=f"{kind}:{made.pk}:{person.pk}", context=context)
