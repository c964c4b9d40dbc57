"""What a published version holds for elsewhere: pages that stand alone, their media, and quizzes as the app of quizzes tells them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString

from linimasa import markdown

from .. import glossary
from ..media.naming import FOLDER, STORED
from ..models import ActivityKind, FrozenLesson, Module, Version
from .rewriting import alone

MOST_MEDIA = 110_000_000  # bytes of media in one package
TERMS = "istilah"  # the place of the glossary in a package
_LESSON = re.compile(r"/(?:belajar|modul)/[\w-]+/[\w-]+/(?P<slug>[\w-]+)/(?:#.*)?")


class NotPublishedError(ValueError):
    """There is no published version to make this of; a sentence."""


@dataclass(frozen=True)
class Page:
    """A lesson as a page that stands alone; ``ident`` is its name in the package."""

    ident: str
    code: str
    title: str
    minutes: int
    required: bool
    objectives: tuple[str, ...]
    html: SafeString
    links: tuple[tuple[str, str], ...] = ()  # words and address of what it links to outside


@dataclass(frozen=True)
class Question:
    """A question: ``played`` is what the player judges (None: it cannot); ``content`` is the whole of it, its key too."""

    code: str
    kind: str
    content: Mapping[str, Any]
    played: dict[str, Any] | None


@dataclass(frozen=True)
class Quiz:
    """``layers`` are ``{"count", "from": [codes]}``; ``pass_mark`` is 0 to 1 or None."""

    ident: str
    code: str
    title: str
    minutes: int
    required: bool
    intro: str
    pass_mark: float | None
    shuffle: bool
    layers: tuple[dict[str, Any], ...]
    questions: tuple[Question, ...]
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Task:
    """Practical work, to be read: a person judges it, so no package can."""

    ident: str
    code: str
    title: str
    minutes: int
    instructions: tuple[str, ...]
    deliverables: tuple[str, ...]
    prohibitions: tuple[str, ...]


Item = Page | Quiz | Task


@dataclass
class Contents:
    """A module (or the course's own activities) as a package shows it. ``told``: in sentences, what could not be taken."""

    ident: str
    title: str
    summary: str
    number: int
    objectives: tuple[str, ...] = ()
    discussion: tuple[str, ...] = ()
    items: list[Item] = field(default_factory=list)
    terms: dict[str, tuple[str, str]] = field(default_factory=dict)  # slug → term, definition
    media: dict[str, bytes] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    @property
    def pages(self) -> list[Page]:
        return [one for one in self.items if isinstance(one, Page)]

    @property
    def quizzes(self) -> list[Quiz]:
        return [one for one in self.items if isinstance(one, Quiz)]

    @property
    def tasks(self) -> list[Task]:
        return [one for one in self.items if isinstance(one, Task)]


class Provider(Protocol):
    """How the app of quizzes takes part."""

    def gathered(
        self, version: Version, banks: Mapping[str, Version], idents: Mapping[int, str]
    ) -> tuple[dict[int, Quiz | Task], list[str]]: ...
    def assessment(self, quiz: Quiz) -> tuple[bytes | None, list[str]]: ...
    def bank(self, ident: str, title: str, questions: list[Question]) -> bytes | None: ...


_providers: list[Provider] = []
_Terms = dict[str, tuple[str, str]]


def register(provider: Provider) -> None:
    """Tell packages of quizzes. Called in ``ready()``; the last one wins."""
    _providers[:] = [provider]


def provider() -> Provider | None:
    return _providers[0] if _providers else None


def gather(version: Version, banks: Mapping[str, Version] | None = None) -> Contents:
    """All that a package of this version shows. ``banks``: the versions that its quizzes draw from, by module code."""
    module = version.module
    if banks is None:
        banks = {module.code: version} if module else {}
    facts = version.facts
    found = Contents(
        ident=(facts.get("code") or "kursus").lower(),
        title=facts["title"],
        summary=facts.get("summary", ""),
        number=version.number,
        objectives=tuple(facts.get("objectives", ())),
        discussion=tuple(facts.get("discussion", ())),
    )
    lessons = {one.activity_id: one for one in FrozenLesson.objects.filter(version=version).defer("body")}
    idents = {item["activity"]: f"{found.ident}-{number:02d}" for number, item in enumerate(version.outline, 1)}
    judged, told = one.gathered(version, banks, idents) if (one := provider()) else ({}, [])
    found.told += told
    gatherer = _Gatherer(found, version, {item["slug"]: idents[item["activity"]] for item in version.outline})
    for item in version.outline:
        ident = idents[item["activity"]]
        if item["activity"] in lessons:
            found.items.append(gatherer.page(ident, item, lessons[item["activity"]]))
        elif item["activity"] in judged:
            found.items.append(judged[item["activity"]])
        else:
            found.told.append(f"{item['code']} {item['title']}: {ActivityKind(item['kind']).label.lower()} tidak dapat dibawa.")
    for quiz in found.quizzes:
        for name in quiz.pictures:
            gatherer.media(f"/m/{name}")
    return found


def current(module: Module) -> Version:
    """The module's published version. Raises NotPublishedError."""
    if module.current_version is None:
        raise NotPublishedError(f"Modul {module.code} belum pernah terbit. Terbitkan dulu.")
    return module.current_version


class _Gatherer:
    def __init__(self, found: Contents, version: Version, lessons: Mapping[str, str]) -> None:
        self.found, self.lessons = found, lessons
        terms = glossary.of_version(version.course.current_version_id)
        self.known: _Terms = {slug: (term.term, term.definition) for slug, term in terms.items()}
        self.room = MOST_MEDIA

    def page(self, ident: str, item: Mapping[str, Any], lesson: FrozenLesson) -> Page:
        checks = {check["key"]: check for check in lesson.checks}
        keys = list(checks)

        def draw(key: str) -> str:
            if key not in checks:
                return ""
            words = {"check": checks[key], "number": keys.index(key) + 1, "of": len(keys), "ident": ident}
            return render_to_string("courses/packages/_check.html", words)

        html = alone(
            markdown.replace_blocks(lesson.html, draw),
            prefix=f"{ident}-",
            media=self.media,
            link=lambda address: self.link(address, item),
        )
        outside = re.findall(r'<a [^>]*href="(https?://[^"]+)"[^>]*>(.*?)</a>', html, re.S)
        links = {address: re.sub(r"<[^>]+>", "", words).strip() for address, words in outside}
        return Page(
            ident=ident,
            code=item["code"],
            title=item["title"],
            minutes=item["minutes"],
            required=item["required"],
            objectives=tuple(lesson.objectives),
            html=markdown.standing_alone(html),
            links=tuple((words or address, address) for address, words in links.items()),
        )

    def media(self, address: str) -> str:
        """Where the file lies in the package; empty when it is not there."""
        name = address.removeprefix("/m/")
        place = f"media/{name}"
        if place in self.found.media:
            return place
        if not STORED.fullmatch(name):
            return ""
        try:
            with default_storage.open(f"{FOLDER}/{name}") as stored:
                data = stored.read(self.room + 1)
        except OSError:
            self.found.told.append(f"Berkas {name} tidak ada di penyimpanan, jadi tidak ikut.")
            return ""
        if len(data) > self.room:
            self.found.told.append(f"Berkas {name} terlalu besar untuk paket ini, jadi tidak ikut.")
            return ""
        self.room -= len(data)
        self.found.media[place] = data
        return place

    def link(self, address: str, item: Mapping[str, Any]) -> str:
        """A place in the package for an address of this portal; empty, and told, when it has none."""
        if address.startswith("/glosarium/#"):
            slug = address.partition("#")[2]
            if slug in self.known:
                self.found.terms[slug] = self.known[slug]
                return f"#{TERMS}-{slug}"
            return ""
        if (known := _LESSON.fullmatch(address)) and known["slug"] in self.lessons:
            return f"#{self.lessons[known['slug']]}"
        self.found.told.append(f"{item['code']} {item['title']}: tautan ke {address} hanya ada di portal, jadi tinggal kata-katanya.")
        return ""


def paragraphs(text: str) -> str:
    """Plain text as HTML paragraphs."""
    parts = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    return "".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in parts)
