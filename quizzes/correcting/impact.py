"""What a correction would do, told before it is done: who changes by how much, who would pass, whose certificate is concerned.

To those who may not see the persons a cohort of fewer than five learners has no numbers of its own (promise 13).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.db.models import Count

from accounts.models import User
from cohorts import access as cohort_access
from cohorts.models import Progress, ProgressState
from linimasa import writing

from ..marking import naming
from ..models import Attempt, AttemptStatus, CorrectionChoice, Question, QuestionVersion, Response
from ..models.grade import mean
from . import regrading
from .judging import Rule
from .regrading import Fate, Held, Total

CHUNK = 5_000
FEWEST = 5
MOST_NAMES = 30

_certified: list[Callable[[Sequence[int]], set[int]]] = []


def register_certified(found: Callable[[Sequence[int]], set[int]]) -> None:
    """How the room that issues certificates says which of these enrolments hold a valid one. Called once, from its ``ready()``."""
    _certified.append(found)


@dataclass(frozen=True)
class Person:
    """One learner's attempt, for those who may see it. Marks 0 to 1; ``after`` None: it waits for a person."""

    name: str
    enrolment: int
    attempt: int
    number: int
    before: Decimal | None
    after: Decimal | None
    passes: bool
    keeps_pass: bool
    has_certificate: bool

    @property
    def before_text(self) -> str:
        return "–" if self.before is None else writing.mark(self.before)

    @property
    def after_text(self) -> str:
        return "–" if self.after is None else writing.mark(self.after)


@dataclass
class Group:
    """One quiz in one cohort. Counts are of learners; ``is_hidden``: too few of them to be told to this person."""

    quiz: str
    cohort: str
    cohort_id: int
    learners: set[int] = field(default_factory=set)
    up: set[int] = field(default_factory=set)
    down: set[int] = field(default_factory=set)
    passes: set[int] = field(default_factory=set)
    keeps_pass: set[int] = field(default_factory=set)
    certified: set[int] = field(default_factory=set)
    reopened: set[int] = field(default_factory=set)
    left: int = 0
    changes: list[Decimal] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    is_hidden: bool = False
    shows_people: bool = False

    @property
    def by_how_much(self) -> str:
        """The smallest and the largest change of an attempt's mark, in marks of 100: «+2,5 sampai +12,5»."""
        if not self.changes:
            return "–"
        least, most = min(self.changes), max(self.changes)
        return _signed(least) if least == most else f"{_signed(least)} sampai {_signed(most)}"

    @property
    def more_people(self) -> int:
        return max(len(self.changes) + len(self.reopened) - len(self.people), 0)


@dataclass
class Impact:
    """The whole effect. ``answers`` were handed in to the versions that are covered; ``groups`` by quiz and cohort."""

    choice: str
    answers: int = 0
    changed: int = 0
    left: int = 0
    running: int = 0
    waiting: int = 0
    groups: list[Group] = field(default_factory=list)
    others: list[tuple[QuestionVersion, int]] = field(default_factory=list)

    def _all(self, name: str) -> int:
        return len(set().union(*(getattr(one, name) for one in self.groups))) if self.groups else 0

    @property
    def learners(self) -> int:
        return self._all("learners")

    @property
    def up(self) -> int:
        return self._all("up")

    @property
    def down(self) -> int:
        return self._all("down")

    @property
    def passes(self) -> int:
        return self._all("passes")

    @property
    def keeps_pass(self) -> int:
        return self._all("keeps_pass")

    @property
    def certified(self) -> int:
        return self._all("certified")

    @property
    def reopened(self) -> int:
        return self._all("reopened")

    @property
    def is_hidden(self) -> bool:
        """Whether even the sums say too much about too few."""
        return any(one.is_hidden for one in self.groups) and self.learners < FEWEST


def _signed(change: Decimal) -> str:
    """In marks of 100, with the sign of the house."""
    text = writing.decimal(abs((change * 100).quantize(Decimal("0.1"))).normalize())
    return f"{'+' if change > 0 else '−' if change < 0 else ''}{text}"


def impact(
    question: Question,
    rule: Rule,
    versions: Mapping[int, QuestionVersion],
    *,
    viewer: User | None = None,
    over_trainers: bool = False,
) -> Impact:
    """What ``rule`` would do to the answers given to ``versions``; writes nothing. Eight statements for 5,000 attempts."""
    told = Impact(choice=rule.choice)
    groups: dict[tuple[int, int], Group] = {}
    for chunk in regrading.in_chunks(regrading.closed_answers(versions), CHUNK):
        _count_chunk(told, groups, rule, regrading.held(chunk, versions), over_trainers)
    told.groups = sorted(groups.values(), key=lambda one: (one.quiz, one.cohort, one.cohort_id))
    running = Response.objects.filter(attempt__status=AttemptStatus.OPEN, question_version__in=versions)
    told.running = running.count()
    told.others = _others(question, versions)
    _mark_certified(told.groups)
    _hide(told.groups, viewer)
    return told


def _count_chunk(told: Impact, groups: dict[tuple[int, int], Group], rule: Rule, rows: list[Held], over_trainers: bool) -> None:
    """Read the attempts that change, in three statements, and add them up."""
    if not rows:
        return
    judged = {one.attempt: (one, regrading.verdict(rule, one, over_trainers=over_trainers)) for one in rows}
    told.answers += len(rows)
    told.waiting += sum(one.points is None for one in rows)
    ids = list(judged)
    totals, attempts = regrading.sums(ids), _attempts(ids)
    progress = _progress(attempts.values())
    for key, (one, verdict) in judged.items():
        attempt = attempts[key]
        place = (attempt.quiz_id, attempt.enrolment.cohort_id)
        group = groups.get(place)
        if group is None:
            cohort = attempt.enrolment.cohort
            group = groups[place] = Group(attempt.quiz.activity.title, cohort.name, cohort.pk)
        group.learners.add(attempt.enrolment_id)
        if verdict.fate == Fate.LEFT or verdict.fate == Fate.REOPENED and attempt.status != AttemptStatus.GRADED:
            told.left += 1
            group.left += 1
        elif verdict.fate != Fate.SAME:
            told.changed += 1
            after = score_after(totals[key], one.points, verdict.points)
            _add(group, attempt, after, progress.get((attempt.enrolment_id, attempt.quiz.activity_id)))


def score_after(total: Total, before: Decimal | None, after: Decimal | None) -> Decimal | None:
    """An attempt's score once one of its marks is another; None while any of them waits for a person. 0 to 1, five decimals."""
    waiting = total.waiting - (before is None) + (after is None)
    if waiting:
        return None
    return mean([total.total - (before or Decimal(0)) + (after or Decimal(0)), *[Decimal(0)] * (total.count - 1)])


def _add(group: Group, attempt: Attempt, after: Decimal | None, state: str | None) -> None:
    """One attempt that changes."""
    who, before, least = attempt.enrolment_id, attempt.score, attempt.pass_mark
    had_passed = attempt.is_passed and attempt.status != AttemptStatus.SUBMITTED or state == ProgressState.COMPLETED
    reaches = after is not None and (least is None or after >= least)
    if after is None and before is not None:
        group.reopened.add(who)
    elif after is not None and before is not None:
        group.changes.append(after - before)
        (group.up if after > before else group.down).add(who)
    reached = before is not None and (least is None or before >= least)  # one that an earlier correction kept passed is below already
    passes, keeps = reaches and not had_passed, had_passed and reached and not reaches
    if passes:
        group.passes.add(who)
    if keeps:
        group.keeps_pass.add(who)
    if len(group.people) < MOST_NAMES:
        name = naming.pseudonym(attempt) if naming.is_hidden(attempt) else attempt.enrolment.learner.name
        group.people.append(Person(name, who, attempt.pk, attempt.number, before, after, passes, keeps, False))


def _attempts(ids: Sequence[int]) -> dict[int, Attempt]:
    joined = ("enrolment__learner", "enrolment__cohort", "quiz__activity")
    fields = ("status", "score", "rules", "number", "stays_passed", "quiz__activity__title", "quiz__activity__code")
    names = ("enrolment__learner__name", "enrolment__cohort__name")
    return {one.pk: one for one in Attempt.objects.filter(pk__in=ids).select_related(*joined).only(*fields, *names).order_by()}


def _progress(attempts: Iterable[Attempt]) -> dict[tuple[int, int], str]:
    enrolments, activities = {one.enrolment_id for one in attempts}, {one.quiz.activity_id for one in attempts}
    rows = Progress.objects.filter(enrolment__in=enrolments, activity__in=activities).order_by()
    return {(enrolment, activity): state for enrolment, activity, state in rows.values_list("enrolment_id", "activity_id", "state")}


def _mark_certified(groups: list[Group]) -> None:
    """Whose certificate rests on a mark that changes. One statement for every 5,000 of them."""
    changing = sorted(set().union(*(one.up | one.down | one.reopened for one in groups))) if groups else []
    held: set[int] = set()
    for start in range(0, len(changing), CHUNK):
        for found in _certified:
            held |= found(changing[start : start + CHUNK])
    for group in groups:
        group.certified = held & (group.up | group.down | group.reopened)
        group.people = [replace(one, has_certificate=one.enrolment in held) for one in group.people]


def _hide(groups: list[Group], viewer: User | None) -> None:
    """Names only to those who may see the persons; of a small group not even its numbers. A single hidden group could be worked out from
    the sums, so the next smallest is hidden with it."""
    seen = cohort_access.sees_all(viewer, [one.cohort_id for one in groups]) if viewer is not None and groups else set()
    closed = []
    for group in groups:
        group.shows_people = group.cohort_id in seen
        if not group.shows_people:
            group.people = []
            closed.append(group)
    closed.sort(key=lambda one: len(one.learners))
    small = [one for one in closed if len(one.learners) < FEWEST]
    for group in closed[: max(len(small), 2)] if small else []:
        group.is_hidden = True


def _others(question: Question, versions: Mapping[int, QuestionVersion]) -> list[tuple[QuestionVersion, int]]:
    """Versions of this question with answers that the correction does not reach, with how many. Two statements."""
    rows = QuestionVersion.objects.filter(question=question).exclude(pk__in=versions).order_by("number")
    found = {one.pk: one for one in rows}
    counted = Response.objects.filter(question_version__in=found).order_by().values("question_version").annotate(count=Count("pk"))
    return [(found[one["question_version"]], one["count"]) for one in counted.order_by("question_version__number")]


def sentences(told: Impact) -> list[str]:
    """The effect in words, for the page and for the person who decides."""
    if told.choice == CorrectionChoice.LEAVE:
        return [f"{_people(told.learners, told)} yang sudah mengirim jawaban tetap memegang nilainya.", *_running(told)]
    if told.is_hidden:
        return [f"Kurang dari {FEWEST} peserta menjawab soal ini, jadi angkanya tidak ditampilkan.", *_running(told)]
    found = [f"Nilai {told.changed} dari {told.answers} jawaban berubah: {told.up} peserta naik, {told.down} peserta turun."]
    if told.passes:
        found.append(f"{told.passes} peserta kini mencapai batas lulus.")
    if told.keeps_pass:
        found.append(f"{told.keeps_pass} peserta tidak lagi mencapai batas menurut angka, tetapi tetap lulus.")
    if told.certified:
        found.append(f"Sertifikat {told.certified} peserta tersangkut: semuanya tetap berlaku dan tidak berubah.")
    if told.reopened:
        found.append(f"Tugas {told.reopened} peserta kembali ke antrean penilaian, karena tingkat yang dipilih pengajar tidak ada lagi.")
    if told.left:
        found.append(f"{told.left} jawaban sudah dinilai pengajar, jadi dibiarkan.")
    return found + _running(told)


def _people(count: int, told: Impact) -> str:
    return f"Kurang dari {FEWEST} peserta" if any(one.is_hidden for one in told.groups) and count < FEWEST else f"{count} peserta"


def _running(told: Impact) -> list[str]:
    return [f"{told.running} percobaan sedang berjalan. Jawabannya dinilai dengan koreksi ini saat dikirim."] if told.running else []
