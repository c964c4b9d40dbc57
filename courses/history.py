"""The history of a draft: who changed what, when, in words; what was kept by ``revising`` and told by the audit trail, on one line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from audit import reading
from audit.models import Entry
from linimasa import clock, writing

from . import companions
from .comparing import Piece, word_pieces
from .keeping import THINGS
from .models import Activity, Aspect, Channel, ChannelState, Course, Media, Module, Revision, RevisionOrigin
from .publishing import registered_parts

REVISION, ENTRY = "r", "e"
# What a kept revision tells already, with its words, or what says nothing about what is taught.
TOLD_BY_REVISIONS = Q(action__in=("quiz.rules_changed", "draft.restored")) | Q(
    Q(action__startswith="channel.") | Q(action__startswith="media.") | Q(action__startswith="companion."), details__has_key="revision"
)
ACTS = (
    ("", "Semua"),
    ("tulisan", "Tulisan"),
    ("susunan", "Susunan"),
    ("aturan", "Aturan dan keterangan"),
    ("soal", "Soal"),
    ("terbit", "Peninjauan dan penerbitan"),
)
ASPECTS = {
    "tulisan": (Aspect.LESSON, Aspect.MEDIA),
    "susunan": (Aspect.OUTLINE,),
    "aturan": (Aspect.FACTS, Aspect.QUIZ, Aspect.COMPANIONS, Aspect.CHANNEL),
    "soal": (),
    "terbit": (),
}
MODULES_MOVED = ("module.added", "module.archived", "module.brought_back", "module.copied")
ACTIONS = {
    "tulisan": Q(action__startswith="lesson.") | Q(action__startswith="media."),
    "susunan": Q(action__startswith="activity.") | Q(action__in=MODULES_MOVED),
    "aturan": Q(action__startswith="quiz.")
    | Q(action__startswith="channel.")
    | Q(action="fact.looked_at")
    | Q(action__startswith="course.") & ~Q(action="course.published"),
    "soal": Q(action__startswith="question") | Q(action__startswith="category."),
    "terbit": Q(action__endswith=".published") | Q(action__startswith="proposal.") | Q(action__startswith="remark."),
}
LABELS = {
    "title": "Judul",
    "full_title": "Judul lengkap",
    "summary": "Ringkasan",
    "minutes": "Menit belajar",
    "is_required": "Wajib",
    "is_optional": "Modul pilihan",
    "objectives": "Tujuan",
    "discussion": "Pertanyaan diskusi",
    "body": "Isi",
    "reviewed_on": "Diperiksa pada",
    "review_again_on": "Tinjau lagi pada",
    "owner": "Penanggung jawab",
    "rules": "Aturan kelulusan",
    "programme": "Susunan program",
    "glossary": "Glosarium",
    "facts": "Daftar fakta",
    "misconceptions": "Salah paham",
    "guides": "Panduan pengajar",
    "name": "Nama",
    "address": "Alamat",
    "purpose": "Untuk apa",
    "state": "Keadaan",
    "note": "Catatan",
    "checked_on": "Diperiksa pada",
    "checked_by": "Diperiksa oleh",
    "check_again_on": "Periksa lagi pada",
    "alternative_text": "Teks alternatif",
    "captions": "Takarir",
    "transcript": "Transkrip",
    "original_name": "Berkas",
    "size": "Ukuran",
    "crop": "Potongan",
    "focus_x": "Titik fokus dari kiri",
    "focus_y": "Titik fokus dari atas",
    "archived": "Diarsipkan",
}
DAYS = ("reviewed_on", "review_again_on", "checked_on", "check_again_on")
PERSONS = ("owner", "checked_by")
LONG = (
    *("body", "summary", "objectives", "discussion", "rules", "programme"),
    *("glossary", "facts", "misconceptions", "guides", "captions", "transcript"),
)
IN_ALL = "Glosarium dan catatan"
MOST_WORDS = 80
IN_SIGNS: dict[str, Callable[[Any], str]] = {
    "size": writing.size,
    "state": lambda value: str(ChannelState(value).label).lower(),
    "crop": lambda value: f"{round(value['width'] * 100)}% × {round(value['height'] * 100)}% gambar" if value else "gambar utuh",
    "focus_x": lambda value: f"{round(value * 100)}%",
    "focus_y": lambda value: f"{round(value * 100)}%",
}
Line = tuple[datetime, str, int]


@dataclass(frozen=True)
class Change:
    """One thing that differs: a sentence, or the words added and removed."""

    label: str
    sentence: str = ""
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class Row:
    """One act in words. ``revision`` where what was then can be seen and restored."""

    at: datetime
    who: str
    title: str
    texts: tuple[str, ...] = ()
    revision: Revision | None = None
    tag: str = ""
    day: str = ""


@dataclass(frozen=True)
class Asked:
    """What the page filters by: whose acts (a person's id), which kind of act (a word of ACTS)."""

    who: int | None = None
    act: str = ""


@dataclass(frozen=True)
class Scope:
    """Whose history: a course's, or that of one module or part of it, or of one channel or thing of the library (``thing``)."""

    course: Course
    module: Module | None = None
    activity: Activity | None = None
    thing: Channel | Media | None = None
    revisions: QuerySet[Revision] = field(init=False)
    entries: QuerySet[Entry] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "revisions", self._revisions())
        object.__setattr__(self, "entries", Entry.objects.filter(self._about()).exclude(TOLD_BY_REVISIONS))

    def _revisions(self) -> QuerySet[Revision]:
        rows = Revision.objects.filter(course=self.course).exclude(by__isnull=True, origin=RevisionOrigin.EDIT)  # see ``previous``
        if self.thing is not None:
            return rows.filter(**{self.thing._meta.model_name or "": self.thing})
        if self.activity is not None:
            return rows.filter(activity=self.activity)
        return rows.filter(Q(module=self.module) | Q(activity__module=self.module)) if self.module is not None else rows

    def _about(self) -> Q:
        activities = Activity.objects.filter(course=self.course)
        if self.thing is not None:
            return _named(self.thing._meta.label_lower, [self.thing.pk])
        if self.activity is not None:
            return _named("courses.activity", [self.activity.pk])
        if self.module is not None:
            activities = activities.filter(module=self.module)
            about = _named("courses.module", [self.module.pk])
        else:
            about = _named("courses.course", [self.course.pk])
            about |= _named("courses.module", Module.objects.filter(course=self.course).values_list("pk", flat=True))
            about |= _named("courses.media", self.course.media.values_list("pk", flat=True))
            about |= _named("courses.channel", self.course.channels.values_list("pk", flat=True))
        about |= _named("courses.activity", activities.values_list("pk", flat=True))
        for part in registered_parts().values():
            for name, ids in part.things(self.course, self.module).items():
                about |= _named(name, ids)
        return about


def _named(object_type: str, ids: Iterable[Any]) -> Q:
    return Q(object_type=object_type, object_id__in=[str(pk) for pk in ids])


def lines(scope: Scope, asked: Asked) -> QuerySet[Any]:
    """Everything of this scope as (when, kind, key), the newest first."""
    revisions, entries = scope.revisions, scope.entries
    if asked.who:
        revisions, entries = revisions.filter(by=asked.who), entries.filter(actor=asked.who)
    if asked.act:
        revisions, entries = revisions.filter(aspect__in=ASPECTS[asked.act]), entries.filter(ACTIONS[asked.act])
    return _lines(revisions, REVISION).union(_lines(entries, ENTRY), all=True).order_by("-when", "-what", "-row")


def _lines(rows: QuerySet[Any], what: str) -> QuerySet[Any]:
    return rows.order_by().annotate(when=F("at"), what=Value(what, CharField()), row=F("pk")).values_list("when", "what", "row")


def people(scope: Scope) -> list[User]:
    """Who appears in this history, by name; two statements."""
    ids = set(scope.revisions.order_by().values_list("by", flat=True).distinct())
    ids |= set(scope.entries.order_by().values_list("actor", flat=True).distinct())
    return sorted(User.objects.filter(pk__in=[pk for pk in ids if pk]), key=lambda one: one.name.casefold())


def rows(page: Iterable[Line]) -> list[Row]:
    """These lines in words. The same number of statements for any number of lines."""
    page = list(page)
    kept = _with_previous([key for _at, what, key in page if what == REVISION])
    told = {line.entry.pk: line for line in reading.lines(Entry.objects.filter(pk__in=_keys(page, ENTRY)).select_related("actor"))}
    owners = _owners([state for one, before in kept.values() for state in (one.content, before or {})])
    found: list[Row] = []
    for at, what, key in page:
        if what == REVISION and key in kept:
            found.append(_revised(*kept[key], owners))
        elif what == ENTRY and key in told:
            line = told[key]
            texts = (f"Catatan: {line.reason}",) if line.reason else ()
            who = (line.entry.actor and line.entry.actor.name) or line.actor
            found.append(Row(at, who, f"{line.sentence[:1].upper()}{line.sentence[1:]}", texts))
    return list(_with_days(found))


def _keys(page: Iterable[Line], wanted: str) -> list[int]:
    return [key for _at, what, key in page if what == wanted]


def _with_days(found: Iterable[Row]) -> Iterator[Row]:
    last = ""
    for one in found:
        day = clock.date_text(one.at)
        yield one if day == last else Row(**{**one.__dict__, "day": day})
        last = day


def _with_previous(keys: list[int]) -> dict[int, tuple[Revision, dict[str, Any] | None]]:
    """Each revision with what the same part was before it; two statements."""
    older = Revision.objects.filter(aspect=OuterRef("aspect"), at__lt=OuterRef("at")).order_by("-at", "-pk")
    of_holder = older.filter(**{f"{name}__isnull": True for name in THINGS}, course=OuterRef("course")).annotate(
        holder=Coalesce("module_id", 0)
    )
    of_holder = of_holder.filter(holder=Coalesce(OuterRef("module_id"), 0))
    found = {
        one.pk: one
        for one in Revision.objects.filter(pk__in=keys)
        .select_related("by", *THINGS, "module", "course")
        .annotate(**{f"before_in_{name}": Subquery(older.filter(**{name: OuterRef(name)}).values("pk")[:1]) for name in THINGS})
        .annotate(before_in_holder=Subquery(of_holder.values("pk")[:1]))
    }
    about = {pk: next((name for name in THINGS if getattr(one, f"{name}_id")), "holder") for pk, one in found.items()}
    previous = {pk: getattr(one, f"before_in_{about[pk]}") for pk, one in found.items()}
    contents = dict(Revision.objects.filter(pk__in=[pk for pk in previous.values() if pk]).values_list("pk", "content"))
    return {pk: (one, contents.get(previous[pk])) for pk, one in found.items()}


def _owners(states: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    ids = {state[name] for state in states for name in PERSONS if isinstance(state.get(name), int)}
    return {one.pk: one.name for one in User.objects.filter(pk__in=ids)}


# --- in words ---------------------------------------------------------------------------------------------------------
def _revised(one: Revision, before: dict[str, Any] | None, owners: Mapping[int, str]) -> Row:
    what = _thing(one)
    if before is None:
        return Row(one.at, _who(one), f"Keadaan awal {what}", ("Tersimpan sejak perubahan pertama di studio.",), one)
    if one.origin == RevisionOrigin.FILE:
        return Row(one.at, _who(one), f"Mengubah {what} di luar studio", _summary(one, before, owners), one, "Dari berkas")
    verb = "Memulihkan" if one.origin == RevisionOrigin.RESTORE else "Mengubah"
    tag = "Dipulihkan" if one.origin == RevisionOrigin.RESTORE else ""
    return Row(one.at, _who(one), f"{verb} {what}", _summary(one, before, owners), one, tag)


def _who(one: Revision) -> str:
    return (one.by.name or one.by.email) if one.by else "Sistem"


def _thing(one: Revision) -> str:
    name = f"{one.activity.code} {one.activity.title}" if one.activity else f"modul {one.module.code}" if one.module else "kursus"
    if one.channel:
        return f"kanal {one.channel.name}"
    if one.media:
        return f"{one.media.get_kind_display().lower()} {one.media.shown_name}"
    words = {
        Aspect.LESSON: name,
        Aspect.FACTS: f"keterangan {name}" if one.module or one.activity else "pengaturan kursus",
        Aspect.OUTLINE: f"susunan {name}",
        Aspect.QUIZ: f"aturan {name}",
        Aspect.COMPANIONS: "glosarium dan catatan kursus",
    }
    return words[Aspect(one.aspect)]


def _summary(one: Revision, before: dict[str, Any], owners: Mapping[int, str]) -> tuple[str, ...]:
    texts = []
    for change in changes(one, before, owners):
        added = sum(len(piece.text.split()) for piece in change.pieces if piece.kind == "added")
        removed = sum(len(piece.text.split()) for piece in change.pieces if piece.kind == "removed")
        if change.pieces:
            texts.append(f"{change.label}: {writing.decimal(added)} kata ditambah, {writing.decimal(removed)} dihapus.")
        else:
            texts.append(change.sentence)
    return tuple(texts[:4]) + ((f"dan {len(texts) - 4} perubahan lain.",) if len(texts) > 4 else ())


def changes(one: Revision, before: Mapping[str, Any], owners: Mapping[int, str] | None = None) -> list[Change]:
    """What this revision changed against ``before``: in sentences, and word by word in what is long."""
    after = one.content
    if one.aspect == Aspect.OUTLINE:
        return [Change("Susunan", sentence) for sentence in _outline_sentences(before, after)]
    if one.aspect == Aspect.QUIZ:
        key = str(one.activity_id)
        sides = ({"rules": {key: dict(before)}}, {"rules": {key: dict(after)}})
        parts = registered_parts().values()
        told = [Change("Aturan", sentence) for part in parts for sentence in part.diff(*sides)]
        lines = [line for part in parts for detail in part.details(*sides) for line in detail.lines]
        return told + [Change(word.capitalize(), f"{word.capitalize()} berubah.", tuple(pieces)) for word, pieces in lines]
    owners = _owners([before, after]) if owners is None else owners
    rows = companions.differences(before, after) if one.aspect == Aspect.COMPANIONS else []
    differing = [name for name in LABELS if name in after and before.get(name) != after.get(name)]
    return [Change(IN_ALL, sentence) for sentence in rows] + [
        _change(name, before.get(name), after.get(name), owners) for name in differing
    ]


def _change(name: str, old: Any, new: Any, owners: Mapping[int, str]) -> Change:
    label = LABELS[name]
    if name in LONG:
        return Change(label, f"{label} berubah.", tuple(word_pieces(as_text(name, old), as_text(name, new))))
    return Change(label, f"{label}: {_told(name, old, owners)} menjadi {_told(name, new, owners)}.")


def as_text(name: str, value: Any) -> str:
    """What is compared word by word: a text, a list a line each, rules as lines of a name and a value."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return "".join(f"{one}\n" for one in value)
    return json.dumps(value, ensure_ascii=False, indent=1).replace('"', "")


def _told(name: str, value: Any, owners: Mapping[int, str]) -> str:
    if name in PERSONS:
        return owners.get(value, "tidak ada") if value else "tidak ada"
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if name in DAYS:
        return clock.day_text(date.fromisoformat(value)) if value else "kosong"
    if name in IN_SIGNS:
        return IN_SIGNS[name](value)
    return f"«{str(value)[:MOST_WORDS]}»" if value not in (None, "") else "kosong"


def _outline_sentences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for kind, key, word in (("items", "activity", ""), ("modules", "module", "Modul ")):
        old, new = ({one[key]: one for one in side.get(kind, [])} for side in (before, after))
        for pk, one in new.items():
            if pk not in old:
                yield f"{word}{one['code']} {one['title']} masuk."
        for pk, one in old.items():
            if pk not in new:
                yield f"{word}{one['code']} {one['title']} keluar."
        kept = [pk for pk in new if pk in old]
        if kept != [pk for pk in old if pk in new]:
            moved = [new[pk]["code"] for pk, was in zip(kept, [pk for pk in old if pk in new], strict=True) if pk != was]
            order = ", ".join(one["code"] for one in new.values())
            yield f"{word or 'Bagian '}{writing.listed(moved[:6])} pindah tempat. Urutan sekarang: {order}."
