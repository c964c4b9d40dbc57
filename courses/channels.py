"""Referral channels: where lessons send people (aduankonten.id and the like), as a person checked them last.

A machine can tell that an address answers; whether complaints are taken there only a person can. So each channel carries a state, a
day, and a day on which to check again. Which lessons name it is read from their text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from audit import log
from linimasa import clock, markdown, writing
from linimasa.problems import Problem

from . import keeping
from .files import Placed, write_yaml
from .models import Activity, Channel, ChannelState, Course, Lesson, RevisionOrigin
from .reporting import Report
from .taking import SLUG, Taker

EVERY = timedelta(days=90)  # how long what a person saw is relied on, unless they say otherwise
LONGEST = timedelta(days=2 * 366)
MOST = 200
FIELDS = ("key", "name", "address", "purpose", "state", "note", "checked_on", "check_again_on")
CHECKED = ("state", "note", "checked_on", "check_again_on")


class ChannelError(ValueError):
    """This cannot be done; the message says why and what to do."""


# --- one channel ------------------------------------------------------------------------------------------------------
@transaction.atomic
def add(course: Course, *, by: User, values: Mapping[str, Any]) -> Channel:
    """A new channel that nobody checked yet. Raises ChannelError for an address that the course has, and for the 201st."""
    Course.objects.select_for_update(of=("self",), no_key=True).get(pk=course.pk)
    _refuse_twice(course, values["address"])
    if Channel.objects.filter(course=course).count() >= MOST:
        raise ChannelError(f"Satu kursus memuat paling banyak {MOST} kanal. Arsipkan yang tidak dipakai lagi.")
    taken = set(Channel.objects.filter(course=course).values_list("key", flat=True))
    base = markdown.slug(values["name"])[:50].strip("-") or "kanal"
    key = next(key for key in (base, *(f"{base}-{number}" for number in range(2, MOST + 3))) if key not in taken)
    made = Channel.objects.create(course=course, key=key, **values)
    log.record("channel.added", by=by, on=made, address=made.address)
    return made


@transaction.atomic
def edit(channel: Channel, *, by: User, values: Mapping[str, Any]) -> bool:
    """Change name, address or purpose; whether anything differed. Another address has to be checked anew."""
    fresh = _locked(channel)
    differing = {key: value for key, value in values.items() if getattr(fresh, key) != value}
    if not differing:
        return False
    if "address" in differing:
        _refuse_twice(fresh.course, differing["address"], but=fresh)
        differing |= {"state": ChannelState.WORKS, "note": "", "checked_on": None, "checked_by": None, "check_again_on": None}
    before = keeping.channel_state(fresh)
    Channel.objects.filter(pk=fresh.pk).update(**differing)
    kept = keeping.keep_channel(fresh, by=by, before=before)
    log.record("channel.changed", by=by, on=fresh, address=values.get("address", fresh.address), revision=kept.pk)
    return True


@transaction.atomic
def check(channel: Channel, *, by: User, state: str, note: str = "", again_on: date | None = None) -> None:
    """«Sudah diperiksa hari ini»: what the person found. ``again_on``: when to check again (90 days by default).

    Raises ChannelError for a day that is not after today, and for trouble without a word about it.
    """
    now = clock.today()
    wanted = again_on or now + EVERY
    if not now < wanted <= now + LONGEST:
        raise ChannelError("Pilih hari sesudah hari ini, paling lama dua tahun lagi.")
    if state != ChannelState.WORKS and not note:
        raise ChannelError("Tulis apa yang berubah atau tidak berfungsi, supaya penulis tahu apa yang perlu diganti.")
    found = {"state": state, "note": note, "checked_on": now, "check_again_on": wanted, "checked_by": by}
    before = keeping.channel_state(_locked(channel))
    Channel.objects.filter(pk=channel.pk).update(**found)
    kept = keeping.keep_channel(channel, by=by, before=before)
    log.record("channel.checked", by=by, on=channel, state=ChannelState(state).label.lower(), revision=kept.pk)


@transaction.atomic
def archive(channel: Channel, *, by: User) -> None:
    """Leave the channel out of the list. Harmless when repeated."""
    before = keeping.channel_state(_locked(channel))
    if Channel.objects.filter(pk=channel.pk, archived_at__isnull=True).update(archived_at=clock.now()):
        kept = keeping.keep_channel(channel, by=by, before=before)
        log.record("channel.archived", by=by, on=channel, revision=kept.pk)


@transaction.atomic
def bring_back(channel: Channel, *, by: User) -> None:
    """An archived channel is listed again, as it was checked last. Harmless when repeated; raises ChannelError where its address was
    written down anew meanwhile."""
    fresh = _locked(channel)
    if fresh.archived_at is None:
        return
    _refuse_twice(fresh.course, fresh.address, but=fresh)
    before = keeping.channel_state(fresh)
    Channel.objects.filter(pk=fresh.pk).update(archived_at=None)
    kept = keeping.keep_channel(fresh, by=by, before=before)
    log.record("channel.brought_back", by=by, on=fresh, revision=kept.pk)


@transaction.atomic
def restore(channel: Channel, state: Mapping[str, Any], *, by: User) -> bool:
    """Make the channel what the history kept; whether anything differed. Raises ChannelError for an address that another has by now."""
    fresh = _locked(channel)
    before = keeping.channel_state(fresh)
    if before == state:
        return False
    if not state["archived"]:
        _refuse_twice(fresh.course, state["address"], but=fresh)
    values = {name: state[name] for name in keeping.CHANNEL_FIELDS}
    values |= {name: date.fromisoformat(values[name]) if values[name] else None for name in ("checked_on", "check_again_on")}
    values["checked_by"] = User.objects.filter(pk=state["checked_by"]).first() if state["checked_by"] else None
    values["archived_at"] = (fresh.archived_at or clock.now()) if state["archived"] else None
    Channel.objects.filter(pk=fresh.pk).update(**values)
    keeping.keep_channel(fresh, by=by, before=before, origin=RevisionOrigin.RESTORE)
    return True


def _locked(channel: Channel) -> Channel:
    return Channel.objects.select_for_update(of=("self",)).select_related("course").get(pk=channel.pk)


def _refuse_twice(course: Course, address: str, but: Channel | None = None) -> None:
    rows = Channel.objects.filter(course=course, archived_at__isnull=True)
    for one in rows.exclude(pk=but.pk) if but else rows:
        if _bare(one.address) == _bare(address):
            raise ChannelError(f"Alamat ini sudah tercatat sebagai «{one.name}». Ubah yang itu.")


# --- the list ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Listed:
    """A channel with the lessons that send people there."""

    channel: Channel
    lessons: tuple[Activity, ...]

    @property
    def is_due(self) -> bool:
        """Nobody checked it, or not for too long."""
        return is_due(self.channel)

    @property
    def is_checked(self) -> bool:
        return self.channel.checked_on is not None


def is_due(channel: Channel, on: date | None = None) -> bool:
    """Whether a person has to check it now."""
    on = on or clock.today()
    if channel.checked_on is None:
        return True
    return (channel.check_again_on or channel.checked_on + EVERY) <= on


def of_course(course: Course) -> list[Listed]:
    """The course's channels, those that need somebody first. Two statements."""
    rows = list(Channel.objects.filter(course=course, archived_at__isnull=True).select_related("checked_by"))
    named = naming(course, rows) if rows else {}
    found = [Listed(row, tuple(named.get(row.pk, ()))) for row in rows]
    order = {ChannelState.BROKEN: 0, ChannelState.CHANGED: 1, ChannelState.WORKS: 2}
    return sorted(found, key=lambda one: (order[ChannelState(one.channel.state)], not one.is_due, one.channel.name.casefold()))


def naming(course: Course, rows: Iterable[Channel]) -> dict[int, list[Activity]]:
    """The lessons whose draft names each channel's address, by the channel's id. One statement."""
    bodies = Lesson.objects.filter(activity__course=course, activity__archived_at__isnull=True).select_related("activity")
    lessons = list(bodies.only("body", "activity").order_by("activity__module__position", "activity__position"))
    return {row.pk: [one.activity for one in lessons if names(one.body, row.address)] for row in rows}


def names(text: str, address: str) -> bool:
    """Whether the text names exactly this address: «lapor.go.id» is neither «diy.lapor.go.id» nor «lapor.go.id.contoh.com»."""
    bare = _bare(address)
    return bool(bare) and re.search(rf"(?<![\w.-])(?:www\.)?{re.escape(bare)}(?![\w-]|\.\w)", text.casefold()) is not None


def site_of(address: str) -> str:
    """The address as a link, where it is one: «https://aduankonten.id»; empty for a telephone number or a mailbox."""
    if address.startswith(("http://", "https://")):
        return address
    return f"https://{address}" if re.fullmatch(r"[\w-]+(?:\.[\w-]*[a-z][\w-]*)+(?::\d+)?(?:/\S*)?", address, re.I) else ""


def _bare(address: str) -> str:
    """Without what people leave out: scheme, «www.», a slash at the end."""
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", address.strip().casefold()).rstrip("/")


def problems(course: Course, rows: Iterable[Activity]) -> tuple[list[Problem], list[Problem]]:
    """What stands in the way of publishing these parts (a lesson sends people to what does not work), and what is better checked first.

    ``rows`` with their lessons. One statement.
    """
    lessons = [row for row in rows if getattr(row, "lesson", None)]
    blocking: list[Problem] = []
    warnings: list[Problem] = []
    for channel in Channel.objects.filter(course=course, archived_at__isnull=True) if lessons else ():
        used = [row for row in lessons if names(row.lesson.body, channel.address)]
        if not used:
            continue
        where = f"Dipakai di {writing.listed([row.code for row in used])}."
        name = f"{channel.name} ({channel.address})" if channel.name.casefold() != channel.address.casefold() else channel.name
        note = f" {channel.note}" if channel.note else ""
        lesson, checked = (
            reverse("courses:studio_lesson", args=[used[0].pk]),
            clock.day_text(channel.checked_on) if channel.checked_on else "",
        )
        if channel.state == ChannelState.BROKEN:
            told = f"Kanal {name} tidak berfungsi menurut pemeriksaan {checked}. {where} Ganti rujukannya.{note}"
            blocking.append(Problem("channel_broken", told, lesson))
        elif channel.state == ChannelState.CHANGED:
            told = f"Kanal {name} berubah menurut pemeriksaan {checked}. {where} Sesuaikan tulisannya.{note}"
            warnings.append(Problem("channel_changed", told, lesson))
        elif is_due(channel):
            when = f"terakhir diperiksa {checked}" if checked else "belum pernah diperiksa orang"
            told = f"Kanal {name} {when}. {where}"
            warnings.append(Problem("channel_due", told, reverse("courses:channels", args=[course.pk])))
    return blocking, warnings


# --- as a file --------------------------------------------------------------------------------------------------------
def read_row(take: Taker) -> None:
    """Check one row of ``channels.yaml``; what is wrong becomes a line of the report."""
    take.only(FIELDS)
    take.text("key", 60, pattern=SLUG)
    take.text("name", 120)
    take.text("address", 300)
    take.text("purpose", 300, default="")
    if "state" in take.mapping:
        take.one_of("state", tuple(ChannelState.values))
    take.text("note", 300, default="")
    take.day("checked_on")
    take.day("check_again_on")


def load(course: Course, rows: Iterable[Placed], report: Report) -> None:
    """Bring the channels of the file in. Those of the studio that the file does not name stay, and what a person found later than the
    file stays too; so loading again changes nothing."""
    known = {one.key: one for one in Channel.objects.filter(course=course)}
    for row in rows:
        words = {"name": row["name"], "address": row["address"], "purpose": row.get("purpose", "")}
        found = {
            "state": row.get("state", ChannelState.WORKS),
            "note": row.get("note", ""),
            "checked_on": row.get("checked_on"),
            "check_again_on": row.get("check_again_on"),
        }
        one = known.get(row["key"])
        if one is None:
            Channel.objects.create(course=course, key=row["key"], **words, **found)
            report.created(f"kanal {row['name']}")
            continue
        is_newer = found["checked_on"] is not None and (one.checked_on is None or found["checked_on"] > one.checked_on)
        wanted = {**words, **(found | {"checked_by": None} if is_newer else {})}
        if any(getattr(one, name) != value for name, value in wanted.items() if name != "checked_by"):
            Channel.objects.filter(pk=one.pk).update(**wanted)
            report.changed(f"kanal {row['name']}")
        else:
            report.unchanged()


@transaction.atomic
def complete(course: Course, rows: Iterable[Placed]) -> list[Channel]:
    """Add what the file names and the course does not have, by key and by address; what it has, also archived, is left as people made
    it. So it may run at every start. Returns the new ones."""
    Course.objects.select_for_update(of=("self",), no_key=True).get(pk=course.pk)
    known = list(Channel.objects.filter(course=course))
    keys, addresses = {one.key for one in known}, {_bare(one.address) for one in known}
    wanted = [row for row in rows if row["key"] not in keys and _bare(row["address"]) not in addresses]
    made = [Channel(course=course, **{name: row[name] for name in FIELDS if row.get(name) is not None}) for row in wanted]
    Channel.objects.bulk_create(made)
    log.record_many("channel.added", by=None, on=[(one, {"address": one.address}) for one in made])
    return made


def files(course: Course) -> dict[str, str]:
    """``channels.yaml`` by its name, without persons; nothing where there are no channels."""
    rows = Channel.objects.filter(course=course, archived_at__isnull=True).order_by("key")
    told = []
    for row in rows:
        left_out = {"purpose": "", "state": str(ChannelState.WORKS), "note": "", "checked_on": None, "check_again_on": None}
        values = {name: getattr(row, name) for name in FIELDS}
        told.append({name: value for name, value in values.items() if name not in left_out or value != left_out[name]})
    return {"channels.yaml": write_yaml(told)} if told else {}
