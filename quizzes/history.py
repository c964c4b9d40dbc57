"""What happened in one attempt, on one line of time: for a trainer who replays it when a learner complains."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, F, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Value

from linimasa import clock, retention, writing

from . import replaying
from .marking import naming
from .models import AnswerEvent, Attempt, AttemptEvent, AttemptEventKind, ClosedBy, GradeEvent, GradeKind

ROWS_A_PAGE = 50
NOTICED = timedelta(seconds=10)  # a device's clock that is further off, or an answer that took longer, is told
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
START, EVENT, ANSWER, END, GRADE = "a", "b", "c", "d", "e"  # at the same instant in this order
Line = tuple[datetime, str, int]


@dataclass(frozen=True)
class Row:
    """One moment. ``number`` the question, 0 for none; ``device`` a letter, empty when none is known; ``tag`` ok, warn, info or empty."""

    at: datetime
    title: str
    number: int = 0
    texts: tuple[str, ...] = ()
    tag: str = ""
    told: str = ""
    device: str = ""
    day: str = ""

    @property
    def time(self) -> str:
        """«10.12.31 WIB», in the reader's own zone."""
        return to_the_second(self.at)


def to_the_second(moment: datetime) -> str:
    at = clock.local(moment)
    return f"{at:%H.%M.%S} {clock.zone_label(at)}"


# --- what there is --------------------------------------------------------------------------------------------------------
def lines(attempt: Attempt, number: int = 0) -> QuerySet[Any]:
    """Everything that is known of this attempt (of one of its questions where ``number`` is above 0) as (when, kind, key), in order."""
    own = Attempt.objects.filter(pk=attempt.pk).order_by()
    answers = AnswerEvent.objects.filter(response__attempt=attempt)
    events = AttemptEvent.objects.filter(attempt=attempt)
    grades = GradeEvent.objects.filter(response__attempt=attempt)
    if number:
        answers = answers.filter(Q(response__position=number) | Q(opened=number))
        events = events.filter(Q(kind=AttemptEventKind.OPENED, number=number) | Q(kind=AttemptEventKind.CHECKED, number=number))
        grades = grades.filter(response__position=number)
    return (
        _lines(own, "started_at", START)
        .union(
            _lines(answers, "received_at", ANSWER),
            _lines(events, "at", EVENT),
            _lines(own.filter(submitted_at__isnull=False), "submitted_at", END),
            _lines(grades, "at", GRADE),
            all=True,
        )
        .order_by("when", "what", "row")
    )


def _lines(rows: QuerySet[Any], moment: str, what: str) -> QuerySet[Any]:
    named = rows.order_by().annotate(when=F(moment), what=Value(what, CharField()), row=F("pk"))
    return named.values_list("when", "what", "row")


def devices(attempt: Attempt) -> dict[str, str]:
    """A letter for each device of this attempt, in the order in which they appear. Two statements."""
    first: dict[str, datetime] = {}
    found = [
        *AttemptEvent.objects.filter(attempt=attempt).exclude(device="").order_by().values_list("device").annotate(first=Min("at")),
        *AnswerEvent.objects.filter(response__attempt=attempt)
        .exclude(device="")
        .order_by()
        .values_list("device")
        .annotate(first=Min("received_at")),
    ]
    for device, moment in found:
        first[device] = min(moment, first.get(device, moment))
    return {device: _letter(place) for place, device in enumerate(sorted(first, key=lambda one: first[one]))}


def _letter(place: int) -> str:
    return LETTERS[place] if place < len(LETTERS) else f"{LETTERS[place % len(LETTERS)]}{place // len(LETTERS) + 1}"


def is_thinned(attempt: Attempt) -> bool:
    """Whether the policy may have removed answers and events of this attempt already."""
    return attempt.started_at < max(retention.kept_since("quizzes.AnswerEvent"), retention.kept_since("quizzes.AttemptEvent"))


# --- in words -------------------------------------------------------------------------------------------------------------
def rows(attempt: Attempt, page: Iterable[Line]) -> list[Row]:
    """These lines in words. The same number of statements for any number of lines."""
    page = list(page)
    letters = devices(attempt)
    kinds: dict[str, tuple[Mapping[int, Any], Callable[[Any], Row]]] = {
        START: ({attempt.pk: attempt}, _start),
        END: ({attempt.pk: attempt}, _end),
        ANSWER: (_answers(_keys(page, ANSWER)), lambda one: _answer(one, attempt, letters)),
        EVENT: (AttemptEvent.objects.in_bulk(_keys(page, EVENT)), lambda one: _event(one, letters)),
        GRADE: (_grades(_keys(page, GRADE)), lambda one: _grade(one, attempt)),
    }
    found: list[Row] = []
    for _when, what, key in page:
        known, told = kinds[what]
        if key in known:  # what was removed between the two statements is not told
            found.append(told(known[key]))
    return _with_days(found)


def _keys(page: Iterable[Line], what: str) -> list[int]:
    return [key for _when, kind, key in page if kind == what]


def _with_days(found: list[Row]) -> list[Row]:
    told, last = [], ""
    for one in found:
        day = clock.date_text(one.at)
        told.append(one if day == last else Row(**{**one.__dict__, "day": day}))
        last = day
    return told


def _start(attempt: Attempt) -> Row:
    texts = [f"Percobaan {attempt.number}, {attempt.rules.get('questions', '')} soal."]
    if attempt.deadline_at:
        texts.append(f"Tenggat menurut server: {to_the_second(attempt.deadline_at)}.")
    return Row(attempt.started_at, "Mulai", texts=tuple(texts))


def _end(attempt: Attempt) -> Row:
    assert attempt.submitted_at is not None  # noqa: S101  # a closed attempt has it, by constraint
    if attempt.closed_by == ClosedBy.CLOCK:
        told = "Server menutup percobaan ini dengan jawaban yang sudah tersimpan."
        return Row(attempt.submitted_at, "Waktu habis", texts=(told,), tag="warn", told="Ditutup oleh waktu")
    return Row(attempt.submitted_at, "Mengirim jawaban", tag="ok", told="Dikirim peserta")


def _answers(keys: list[int]) -> dict[int, Any]:
    """The answers with what was stored before each of them as ``before``; two statements."""
    earlier = AnswerEvent.objects.filter(response=OuterRef("response"), was_accepted=True, pk__lt=OuterRef("pk")).order_by("-pk")
    found: dict[int, Any] = {
        one.pk: one
        for one in AnswerEvent.objects.filter(pk__in=keys)
        .select_related("response__question_version")
        .annotate(earlier=Subquery(earlier.values("pk")[:1], output_field=IntegerField()))
    }
    before = AnswerEvent.objects.in_bulk([one.earlier for one in found.values() if one.earlier])
    for one in found.values():
        one.before = before[one.earlier].answer if one.earlier in before else None
    return found


def _answer(event: Any, attempt: Attempt, letters: Mapping[str, str]) -> Row:
    response = event.response
    version, number = response.question_version, response.position
    new = replaying.words(version, response.order, event.answer)
    old = replaying.words(version, response.order, event.before)
    texts = [f"Dikirim: {new}" if not event.was_accepted else f"{old} → {new}" if old != new else f"{new} (tidak berubah)"]
    if told := _device_time(event.given_at, event.received_at):
        texts.append(told)
    if event.opened:
        texts.append(f"Lalu membuka soal {event.opened}.")
    told = "Tersimpan" if event.was_accepted else _why_not(event, attempt)
    tag = "ok" if event.was_accepted else "warn"
    return Row(event.received_at, f"Jawaban soal {number}", number, tuple(texts), tag, told, letters.get(event.device, ""))


def _why_not(event: AnswerEvent, attempt: Attempt) -> str:
    """Why this answer was kept and does not count, by what the server knew when it came."""
    at = event.received_at
    if attempt.submitted_at and at >= attempt.submitted_at:
        over = attempt.closed_by == ClosedBy.CLOCK
        return "Tidak dihitung: tiba setelah waktu habis" if over else "Tidak dihitung: tiba setelah jawaban dikirim"
    if attempt.deadline_at and at >= attempt.deadline_at:
        return "Tidak dihitung: tiba setelah waktu habis"
    if event.response.checked_at and at >= event.response.checked_at:
        return "Tidak dihitung: soal sudah diperiksa peserta"
    return "Tidak dihitung: jawaban yang lebih baru sudah tersimpan"


def _device_time(given: datetime | None, received: datetime) -> str:
    """The device's own time where it is not the server's; only a hint, because anyone can set a device's clock."""
    if given is None or abs(received - given) < NOTICED:
        return ""
    minutes = round(abs((received - given).total_seconds()) / 60)
    far = f"{minutes} menit" if minutes else f"{round(abs((received - given).total_seconds()))} detik"
    day = "" if clock.local(given).date() == clock.local(received).date() else f"{clock.plain_date_text(given)} "
    return f"Menurut jam perangkat diisi {day}{to_the_second(given)}, {far} {'sebelum' if given < received else 'sesudah'} waktu server."


def _event(event: AttemptEvent, letters: Mapping[str, str]) -> Row:
    kind, number = AttemptEventKind(event.kind), event.number or 0
    titles = {
        AttemptEventKind.STARTED: "Mulai",
        AttemptEventKind.OPENED: f"Membuka soal {number}",
        AttemptEventKind.RESUMED: "Melanjutkan percobaan",
        AttemptEventKind.OFFLINE: "Sinyal putus",
        AttemptEventKind.ONLINE: "Tersambung lagi",
        AttemptEventKind.WARNED: f"Peringatan: tinggal {number} menit",
        AttemptEventKind.SENT: "Mengirim jawaban",
        AttemptEventKind.CLOSED: "Ditutup oleh waktu",
    }
    told = _device_time(_moment(event.detail.get("at")), event.at)
    is_question = kind in {AttemptEventKind.OPENED, AttemptEventKind.CHECKED}
    title = titles.get(kind, str(kind.label))
    return Row(event.at, title, number if is_question else 0, (told,) if told else (), device=letters.get(event.device, ""))


def _moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None


def _grades(keys: list[int]) -> dict[int, GradeEvent]:
    found = GradeEvent.objects.filter(pk__in=keys).select_related("response", "by", "undoes")
    return {one.pk: one for one in found}


def _grade(event: GradeEvent, attempt: Attempt) -> Row:
    number, mark = event.response.position, writing.mark(event.points)
    who = "server" if event.kind == GradeKind.AUTOMATIC else naming.trainer(event.by, attempt) if event.by_id else "server"
    if event.undoes_id:
        title, texts = f"Penilaian soal {number} diurungkan", [f"Oleh {who}."]
    else:
        title, texts = f"Nilai soal {number}: {mark}", [f"{event.get_kind_display()}, oleh {who}."]
    if event.reason:
        texts.append(f"Alasan: {event.reason}")
    if event.comment:
        texts.append(f"“{event.comment}”")
    return Row(event.at, title, number, tuple(texts), "info", "Penilaian")
