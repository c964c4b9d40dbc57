"""A learner's own line of time: what was done, what came back, what is due. Pure: given a place and an instant, no SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from courses.models import ActivityKind
from linimasa import clock

from .learning import Place
from .models import CohortStatus, ProgressState
from .structure import Step
from .unlocking import Standing
from .words import Words

MOST_DONE = 3
MOST_DUE = 5
DAYS_BACK = 7


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on a day. ``tag`` is a state in words, ``tone`` its colour (ok, warn, bad, note, info); ``due`` a moment, if any.

    ``words`` quotes what was written about work that came back.
    """

    title: str
    url: str
    note: str = ""
    tag: str = ""
    tone: str = ""
    icon: str = ""
    due: datetime | None = None
    past: bool = False
    words: Words | None = None


@dataclass(slots=True)
class Day:
    """One day in the person's zone. ``stage``: "done", "now" or "" (still to come)."""

    at: datetime
    stage: str
    petals: int
    entries: list[Entry] = field(default_factory=list)

    @property
    def word(self) -> str:
        """«Kemarin», «Hari ini», «Besok», «Lusa»; empty for days farther away."""
        away = (clock.local(self.at).date() - clock.local(clock.now()).date()).days
        return {-1: "Kemarin", 0: "Hari ini", 1: "Besok", 2: "Lusa"}.get(away, "")

    @property
    def date(self) -> str:
        """«Senin, 23 November»"""
        return clock.date_text(self.at).rpartition(" ")[0]


def returned_activities(place: Place) -> list[int]:
    """The activities whose work came back and waits for the learner."""
    return [s.step.activity_id for s in place.steps if s.state == ProgressState.RETURNED]


def agenda(place: Place, now: datetime, said: Mapping[int, Words] | None = None) -> list[Day]:
    """The days to show, in order: some that are behind, today always, those with something due. Days are the active zone's.

    ``said``: what was written about work that came back, by activity.
    """
    today = clock.local(now).date()
    days: dict[object, Day] = {today: Day(now, "now", 2)}

    def add(moment: datetime, entry: Entry, *, petals: int, first: bool = False) -> None:
        date = clock.local(moment).date()
        stage = "done" if date < today else "now" if date == today else ""
        day = days.setdefault(date, Day(moment, stage, petals))
        day.entries.insert(0, entry) if first else day.entries.append(entry)

    for moment, standing in _done_lately(place, now):
        add(moment, Entry(title_of(standing.step), standing.step.url, note=f"Selesai pukul {clock.time_text(moment)}", past=True), petals=4)
    for standing in place.steps:
        if standing.state == ProgressState.RETURNED:
            add(now, _returned(standing, (said or {}).get(standing.step.activity_id)), petals=2, first=True)
        elif standing.state == ProgressState.SUBMITTED:
            note = "Menunggu pengajar, biasanya 3 hari."
            add(now, Entry(title_of(standing.step), standing.step.url, note=note, tag="Terkirim", tone="info", icon="send"), petals=2)
    for standing in _due(place):
        due = standing.due_at
        if due is not None:
            late = due <= now
            add(now if late else due, _due_entry(standing, due, now), petals=0)
    return [days[date] for date in sorted(days)]  # type: ignore[type-var]


def title_of(step: Step) -> str:
    """«Pelajaran 3: Membaca alamat situs»; tests and quizzes by their title."""
    if step.kind == ActivityKind.LESSON and step.of > 1:
        return f"Pelajaran {step.number}: {step.title}"
    if step.kind == ActivityKind.ASSIGNMENT and not step.title.lower().startswith("tugas"):
        return f"Tugas: {step.title}"
    return step.title


def _done_lately(place: Place, now: datetime) -> list[tuple[datetime, Standing]]:
    since = now - timedelta(days=DAYS_BACK)
    rows = ((s.progress.completed_at, s) for s in place.steps if s.done and s.progress)
    done = [(moment, standing) for moment, standing in rows if moment is not None and moment > since]
    done.sort(key=lambda pair: pair[0])
    return done[-MOST_DONE:]


def _due(place: Place) -> list[Standing]:
    if place.enrolment.cohort.status == CohortStatus.CLOSED:
        return []
    waiting = [s for s in place.steps if s.due_at and not s.behind and s.state != ProgressState.RETURNED]
    return sorted(waiting, key=lambda s: s.due_at)[:MOST_DUE]  # type: ignore[arg-type,return-value]


def _returned(standing: Standing, words: Words | None) -> Entry:
    note = "" if words else "Pengajar menulis umpan balik. Baca, perbaiki, lalu kirim ulang."
    title = f"{title_of(standing.step)} perlu perbaikan"
    tag, icon = "Umpan balik baru", "message-square"
    return Entry(title, standing.step.url, note=note, tag=tag, tone="note", icon=icon, due=standing.due_at, words=words)


def _due_entry(standing: Standing, due: datetime, now: datetime) -> Entry:
    locked = standing.locked.sentence if standing.locked else ""
    if due <= now:
        note = f"Tenggat lewat {clock.moment_text(due)}. Anda masih bisa mengirim, pengajar akan melihat tanda terlambat."
        return Entry(title_of(standing.step), standing.step.url, note=note, tag="Lewat tenggat", tone="bad", icon="triangle-alert")
    away = (clock.local(due).date() - clock.local(now).date()).days
    tag = {0: "Tenggat hari ini", 1: "Tenggat besok"}.get(away, "")
    return Entry(
        title_of(standing.step),
        standing.step.url,
        note=f"Ditutup pukul {clock.time_text(due)}. {locked}".strip(),
        tag=tag,
        tone="warn" if tag else "",
        icon="clock",
        due=due,
    )
