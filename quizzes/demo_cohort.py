"""The demo's cohort that is nearly through: 36 learners with honest answers, so that statistics, queue and corrections show something.

Everything happens by the real verbs; afterwards the times are put back to the weeks in which it would have happened. Who answers what is
decided by chance with a fixed seed, by the learner's ability and the question's difficulty, so that every demo tells the same story.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from math import exp
from typing import Any

from django.db.models import F
from django.utils import timezone

from accounts import demo, granting
from accounts.models import EmploymentStatus, Role, ScopeKind, User
from cohorts import joining, learning, opening
from cohorts.models import Cohort, CohortKind, Enrolment, Progress
from cohorts.structure import Step
from courses import publishing
from courses.models import ActivityKind, Course, Module
from linimasa import clock
from notifications.models import Message, MessageStatus

from . import attempts, claiming, grading, ruling
from .bank import editing
from .correcting import applying, deciding
from .demo import LETTERS, Posted, right, save, wrong
from .demo_words import CLASS, DOUBTFUL, HELD, NEAR, NOTES, SHORT, WORKS, WRONG_KEY
from .kinds import letter
from .marking import drafting, second
from .measuring import reports
from .models import AnswerEvent, Attempt, AttemptStatus, CorrectionChoice, GradeEvent, GradeKind, Question, Quiz, Response, SecondMark

SEED = "angkatan-ii"
LEARNED = 1.5  # how much the course adds to an ability; the spread of abilities is 1
AGAIN = 0.6  # how much another attempt adds
BLANK = 0.04
DAYS = {"TES-AWAL": 54, "M1-KUIS": 46, "M1-TUGAS": 44, "M2-KUIS": 36, "M2-TUGAS": 34, "M3-KUIS": 25, "M3-TUGAS": 16,
        "M4-KUIS": 20, "M4-TUGAS": 18, "TES-AKHIR": 9}  # fmt: skip


def chance(*words: Any) -> random.Random:
    """Dice that always fall the same for the same words."""
    return random.Random(":".join(map(str, (SEED, *words))))  # noqa: S311 - a story, not a secret


@dataclass
class Member:
    """One learner of the cohort. ``ability``: about −2 to 2."""

    number: int
    enrolment: Enrolment
    ability: float
    steps: dict[str, Step] = field(default_factory=dict)
    attempts: dict[str, list[int]] = field(default_factory=dict)

    def work(self, code: str) -> int:
        """The attempt at this practical work."""
        return self.attempts[code][0]


class FinishedCohort:
    """Angkatan II: taught by two trainers, with the optional module on hoaxes, whose quiz asks two questions of everybody."""

    def __init__(self, course: Course, hashed: str) -> None:
        self.course, self.hashed = course, hashed
        self.author, self.organiser, self.admin = (demo.person(one) for one in ("penulis", "penyelenggara", "admin"))
        self.trainer, self.other_trainer = demo.person("pengajar2"), demo.person("pengajar")
        self.quizzes = {quiz.activity_id: quiz for quiz in Quiz.objects.filter(activity__course=course).select_related("activity__module")}
        self.members: list[Member] = []
        self.now = timezone.now()

    def tell(self) -> None:
        asked = self._revise_module_four()
        self._open()
        for member in self.members:
            self._go_through(member)
        self._accept_works()
        self._judge_twice()
        self._put_back()
        self._correct(asked)
        self._leave_at_work()
        self._letters_were_sent()
        reports.ask_stale()
        reports.compute_asked()

    # --- before it begins -----------------------------------------------------------------------------------------------
    def _revise_module_four(self) -> Question:
        """The author adds two questions, one with a wrong key that nobody has noticed yet; both are asked of everybody."""
        module = Module.objects.get(course=self.course, code="M4")
        lesson = {name: module.activities.get(code=name) for name in ("M4.2", "M4.3")}
        made = [
            editing.create(
                self.course, module, "single", content, by=self.author, facts={"lesson": lesson[name], "level": "medium", **facts}
            )
            for content, name, facts in ((WRONG_KEY, "M4.3", {"objective": 1}), (DOUBTFUL, "M4.2", {"objective": 2}))
        ]
        drawn = [{"module": "M4", "count": 2, "level": level} for level in ("easy", "medium", "hard")]
        quiz = self._quiz("M4-KUIS")
        self._rule(quiz, draw=[*({"question": one.code} for one in made), *drawn])
        self._rule(self._quiz("M4-TUGAS"), second_marking=Decimal(1))
        publishing.publish_module(module, by=self.admin, note="Dua soal tetap pada kuis; tugas dinilai dua pengajar.")
        return made[1]

    def _rule(self, quiz: Quiz, **values: Any) -> None:
        ruling.save(quiz, values, shown=ruling.stamp(quiz), by=self.author)

    def _quiz(self, code: str) -> Quiz:
        return next(quiz for quiz in self.quizzes.values() if quiz.activity.code == code)

    def _open(self) -> None:
        """The cohort, its two trainers and its learners."""
        cohort = opening.save(
            Cohort(course=self.course, name="Angkatan II", code="LINIMASA-II", kind=CohortKind.SCHEDULED, jp=18, seats=60,
                   starts_at=self.now - timedelta(days=60), ends_at=self.now + timedelta(days=12)),
            by=self.organiser,
        )  # fmt: skip
        cohort = opening.open_cohort(cohort, by=self.organiser)
        for trainer in (self.trainer, self.other_trainer):
            granting.grant(
                trainer, Role.TRAINER, scope_kind=ScopeKind.COHORT, scope_id=str(cohort.pk), by=self.organiser,
                reason="Mengajar angkatan ini.",
            )  # fmt: skip
        people = [self._person(*one) for one in CLASS]
        opening.invite(cohort, [one.email for one in people], by=self.organiser)
        for number, person in enumerate(people):
            enrolment = joining.join(cohort, by=person)
            steps = {step.code: step for unit in learning.place_of(enrolment).plan.units for step in unit.steps}
            self.members.append(Member(number, enrolment, chance("ability", number).gauss(0, 1), steps))

    def _person(self, short: str, name: str, suffix: str, region: str) -> User:
        seat = demo.DemoPerson(short, name, "Peserta", region, "Pengelola Media Sosial", suffix=suffix, status=EmploymentStatus.NON_ASN)
        return demo.make_one(seat, self.hashed)

    # --- what the learners do -------------------------------------------------------------------------------------------
    def _go_through(self, member: Member) -> None:
        """Every step in order; the last few learners have not reached the final test."""
        for code, step in member.steps.items():
            if step.kind == ActivityKind.LESSON and code != "PENUTUP":
                learning.complete_lesson(member.enrolment, step)
            elif step.kind == ActivityKind.QUIZ and not (code == "TES-AKHIR" and member.number >= 32):
                self._take(member, code)
            elif step.kind == ActivityKind.ASSIGNMENT and not (code == "M4-TUGAS" and member.number >= 20):
                self._hand_in(member, code)

    def _take(self, member: Member, code: str) -> None:
        """Until it is passed or no attempt is left; with every attempt one knows a little more."""
        quiz, learned = self.quizzes[member.steps[code].activity_id], 0.0 if code == "TES-AWAL" else LEARNED
        while True:
            attempt = attempts.start(member.enrolment, quiz)
            number = len(member.attempts.setdefault(code, []))
            member.attempts[code].append(attempt.pk)
            for response in attempt.responses.select_related("question_version__question"):
                dice = chance(member.number, code, number, response.question_version.question.code)
                if dice.random() >= BLANK:
                    given = self._answer(response, member.ability + learned + number * AGAIN, dice)
                    key = f"{SEED}-{response.pk}"
                    attempts.save_answer(member.enrolment.learner, attempt.pk, response.position, given, sequence=1, key=key)
            attempts.submit(attempt, by=member.enrolment.learner)
            if not (code == "M4-KUIS" and member.number >= 20):
                self._judge_answers(attempt.pk)
            done = self._attempt(attempt.pk)
            is_enough = done.score is None or done.pass_mark is None or done.score >= done.pass_mark
            if is_enough or number + 1 >= quiz.attempts_allowed + quiz.remedial_attempts:
                return

    def _answer(self, response: Response, ability: float, dice: random.Random) -> Posted:
        """Right with the chance of a logistic curve; else the wrong option that draws most people most often."""
        content, question = response.question_version.content, response.question_version.question
        if (meant := HELD.get(content["text"])) is not None:
            knows = dice.random() < _logistic(1.6 * (ability - 0.8))
            return _option(response, meant if knows else dice.choice([one for one in "ABCD"[: len(content["choices"])] if one != meant]))
        if question.code in NEAR and dice.random() < 0.45:
            return {"j": [dice.choice(NEAR[question.code])]}
        difficulty = chance("difficulty", question.code).gauss({"easy": -0.6, "hard": 0.7}.get(question.level, 0), 0.4)
        if dice.random() < _logistic(1.5 * (ability - difficulty)):
            return right(response)
        match response.question_version.kind:
            case "single" | "scenario":
                lures = [one for one in LETTERS[: len(content["choices"])] if one != content["key"]]
                chance("lures", question.code).shuffle(lures)
                return _option(response, dice.choices(lures, weights=[6, 3, 1][: len(lures)])[0])
            case "short_answer":
                return {"j": [dice.choice(SHORT)]}
            case _:
                return wrong(response)

    def _hand_in(self, member: Member, code: str) -> None:
        attempt = attempts.start(member.enrolment, self.quizzes[member.steps[code].activity_id])
        text = chance("work", member.number, code).choice(WORKS[code]).format(agency=member.enrolment.agency)
        save(attempt.responses.get(), {"text": [text]})
        attempts.submit(attempt, by=member.enrolment.learner)
        member.attempts[code] = [attempt.pk]

    # --- what the trainers do -------------------------------------------------------------------------------------------
    def _attempt(self, key: int) -> Attempt:
        joined = ("enrolment__learner", "enrolment__cohort", "enrolment__course", "quiz__activity")
        return Attempt.objects.select_related(*joined).get(pk=key)

    def _judge_answers(self, key: int) -> None:
        """The short answers that no key knew: right where they come near. Those of the newest quiz wait."""
        attempt = self._attempt(key)
        if attempt.status == AttemptStatus.SUBMITTED:
            waiting = attempt.responses.filter(points__isnull=True).values_list("pk", "question_version__question__code")
            verdicts = {pk: code in NEAR for pk, code in waiting}
            grading.judge_answers(attempt, by=self.trainer, verdicts=verdicts)

    def _accept_works(self) -> None:
        """Older works were judged; of the third module's the last twelve wait, two came back."""
        for member in self.members:
            for code in ("M1-TUGAS", "M2-TUGAS", "M3-TUGAS", "M4-TUGAS"):
                if code not in member.attempts or (code == "M3-TUGAS" and member.number >= 22):
                    continue
                by = self.other_trainer if code == "M4-TUGAS" and member.number % 5 == 0 else self.trainer
                levels = self._levels(member, code)
                grading.accept(self._attempt(member.work(code)), by=by, levels=levels, comment=NOTES[member.number % len(NOTES)])
        for member, words in zip(self.members[22:24], NOTES[-2:], strict=True):
            work, levels = self._attempt(member.work("M3-TUGAS")), [2, 3, 2, 2]
            grading.return_for_revision(work, by=self.trainer, levels=levels, comment=words)

    def _levels(self, member: Member, code: str) -> list[int]:
        """0 the best; never so low that the work would have to come back."""
        dice, count = chance("levels", member.number, code), self._criteria(code)
        levels = [min(1, max(0, round(dice.gauss(0.6 - 0.3 * member.ability, 0.5)))) for _ in range(count)]
        if dice.random() < 0.5:
            levels[dice.randrange(count)] = 2
        return levels

    def _criteria(self, code: str) -> int:
        content = Question.objects.select_related("current_version").get(course=self.course, code=f"{code}-1").current_version.content  # type: ignore[union-attr]
        return len(content["rubric"])

    def _judge_twice(self) -> None:
        """The second marker agrees mostly, and is a level apart now and then; a few works still wait for one."""
        for member in self.members[:15]:
            attempt = self._attempt(member.work("M4-TUGAS"))
            if member.number % 5 == 0:
                continue
            dice = chance("second", member.number)
            levels = [min(3, max(0, one + dice.choice((0, 0, 0, 0, 1, -1)))) for one in self._levels(member, "M4-TUGAS")]
            second.mark(attempt, by=self.other_trainer, levels=levels)

    def _correct(self, question: Question) -> None:
        """The author puts right what a learner complained about: two options can be defended."""
        version = question.current_version
        assert version is not None  # noqa: S101 - it was written above
        content = dict(version.content) | {"key": "C"}
        content["misconceptions"] = {"A": "semua-kabar-disamakan", "B": "semua-kabar-disamakan", "D": "menunggu-lengkap"}
        made = deciding.correct(
            question, CorrectionChoice.BOTH, content, by=self.author,
            reason="Rumusan lama membuat dua pilihan dapat dibela. Pilihan B dan C sama-sama dihitung tepat.",
        )  # fmt: skip
        applying.apply(made.pk)

    def _leave_at_work(self) -> None:
        """Two works lie on a trainer's desk, one with a draft; one on the other's."""
        first, next_one, third = (self._attempt(one.work("M3-TUGAS")) for one in self.members[26:29])
        claiming.claim(first, by=self.trainer)
        drafting.save(first, by=self.trainer, data={"c0": "1", "c1": "0", "comment": "Alurnya sudah runtut."}, sequence=1)
        claiming.claim(next_one, by=self.trainer)
        claiming.claim(third, by=self.other_trainer)

    # --- when it happened -----------------------------------------------------------------------------------------------
    def _put_back(self) -> None:
        """Let what was done just now have happened in the past weeks, each answer after the one before."""
        for member in self.members:
            for code, found in member.attempts.items():
                for number, key in enumerate(found):
                    self._put_back_attempt(member, code, key, hours=26 * number)
            self._put_back_member(member)
        for mark in SecondMark.objects.filter(attempt__enrolment__cohort=self.members[0].enrolment.cohort_id):
            SecondMark.objects.filter(pk=mark.pk).update(at=self.now - timedelta(days=9, hours=mark.pk % 7))

    def _put_back_attempt(self, member: Member, code: str, key: int, *, hours: int) -> None:
        dice = chance("when", member.number, code)
        begun = self._begun(member, code, dice.uniform(0, 2.5), hours)
        at, answers, events = begun, [], []
        for response in Response.objects.filter(attempt=key).order_by("position"):
            at += timedelta(seconds=dice.lognormvariate(3.6, 0.45) if not code.endswith("TUGAS") else dice.uniform(1500, 5400))
            if response.saved_at:
                response.saved_at = at
                answers.append(response)
        Response.objects.bulk_update(answers, ["saved_at"])
        moments = {one.pk: one.saved_at for one in answers}
        for event in AnswerEvent.objects.filter(response__in=moments):
            event.received_at = moments[event.response_id] or at
            events.append(event)
        AnswerEvent.objects.bulk_update(events, ["received_at"])
        done = at + timedelta(seconds=dice.uniform(15, 90))
        judged = min(done + timedelta(days=dice.uniform(1, 3)), self.now - timedelta(hours=1))
        deadline = F("deadline_at") - (self.now - begun)
        Attempt.objects.filter(pk=key).update(started_at=begun, submitted_at=done, deadline_at=deadline)
        grades = GradeEvent.objects.filter(response__attempt=key)
        by_hand = grades.filter(kind=GradeKind.TRAINER).update(at=judged)
        grades.filter(kind=GradeKind.AUTOMATIC).update(at=done)
        Attempt.objects.filter(pk=key, graded_at__isnull=False).update(graded_at=judged if by_hand else done)
        Attempt.objects.filter(revision_of=key).update(started_at=judged)
        activity = member.steps[code].activity_id
        own = Progress.objects.filter(enrolment=member.enrolment, activity=activity)
        own.update(started_at=begun, updated_at=judged if by_hand else done)
        own.filter(completed_at__isnull=False).update(completed_at=judged if by_hand else done)

    def _begun(self, member: Member, code: str, later: float, hours: int) -> datetime:
        """When an attempt began, in the hours of an office; what waits for a trainer was handed in during the last nine days."""
        days = DAYS[code] - later
        if code == "M3-TUGAS" and member.number >= 22:
            days = 9 - (member.number - 22) * 0.6
        elif code == "M4-KUIS" and member.number >= 20:
            days = 6.5 - later * 2
        elif code == "TES-AKHIR" and member.number >= 22:
            days = 3 - later
        day = clock.local(self.now - timedelta(days=days) + timedelta(hours=hours), clock.DEFAULT_ZONE)
        hour = 8 + chance("hour", member.number, code).randrange(8)
        at = day.replace(hour=hour, minute=chance("minute", member.number, code).randrange(60))
        return min(at, self.now - timedelta(hours=3))

    def _put_back_member(self, member: Member) -> None:
        """The lessons, a week after the other; the enrolment itself."""
        weeks = {"O": 55, "M1": 48, "M2": 38, "M3": 28, "M4": 22}
        for code, step in member.steps.items():
            if step.kind == ActivityKind.LESSON:
                ago = timedelta(days=weeks.get(code[:2], 55) - chance("lesson", member.number, code).uniform(0, 1.5))
                rows = Progress.objects.filter(enrolment=member.enrolment, activity=step.activity_id, completed_at__isnull=False)
                rows.update(started_at=self.now - ago - timedelta(minutes=18), completed_at=self.now - ago, updated_at=self.now - ago)
        seen = self.now - timedelta(days=chance("seen", member.number).uniform(1, 8))
        joined = self.now - timedelta(days=58)
        Enrolment.objects.filter(pk=member.enrolment.pk).update(requested_at=joined, joined_at=joined, last_seen_at=seen)

    def _letters_were_sent(self) -> None:
        """What was told in those weeks was told then: a fresh demo does not begin with hundreds of letters."""
        people = [one.enrolment.learner_id for one in self.members]
        old = Message.objects.filter(recipient__in=people, status=MessageStatus.QUEUED)
        old.update(status=MessageStatus.SENT, sent_at=self.now - timedelta(days=3))


def _logistic(value: float) -> float:
    return 1 / (1 + exp(-value))


def _option(response: Response, stored: str) -> Posted:
    """Chooses the option that is stored under this letter, wherever the page shows it."""
    return {"j": [letter(list(response.order).index(LETTERS.index(stored)))]}
