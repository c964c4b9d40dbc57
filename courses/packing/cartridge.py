"""Published modules as a Common Cartridge 1.3 (IMS Global, «Common Cartridge Profile Version 1.3»).

Lessons are web content, quizzes are assessments of the QTI 1.2.1 profile, a module's questions are one question bank, what a module asks to
be talked about is a discussion topic, and where its lessons lead outside is a web link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from django.template.loader import render_to_string

from ..models import Course, Module, Version
from . import zips
from .contents import Contents, NotPublishedError, Page, Question, Quiz, Task, gather, provider
from .scorm import PLAYER
from .xml import Element, element, written

CP = "http://www.imsglobal.org/xsd/imsccv1p3/imscp_v1p1"
LOM_MANIFEST = "http://ltsc.ieee.org/xsd/imsccv1p3/LOM/manifest"
TOPIC = "http://www.imsglobal.org/xsd/imsccv1p3/imsdt_v1p3"
LINK = "http://www.imsglobal.org/xsd/imsccv1p3/imswl_v1p3"
ASSESSMENT_TYPE = "imsqti_xmlv1p2/imscc_xmlv1p3/assessment"
BANK_TYPE = "imsqti_xmlv1p2/imscc_xmlv1p3/question-bank"
MOST_LINKS = 60
MANY_BANKS = "Cartridge memuat paling banyak satu bank soal, jadi soal semua modul berada dalam satu bank."
KEY_TRAVELS = "Kunci jawaban ikut di dalam paket, karena sistem tujuan yang menilai. Bagikan hanya ke sistem yang Anda percaya."


def make(course: Course, version: Version | None) -> tuple[bytes, list[str]]:
    """The cartridge of one module's version, or (without) of the whole course as it is published; what it could not take, in sentences.

    Raises NotPublishedError.
    """
    parts = [gather(version)] if version is not None else _of_course(course)
    built = _Cartridge(parts)
    title = parts[0].title if version is not None else course.title
    summary = parts[0].summary if version is not None else course.summary
    name = f"{course.slug}-{parts[0].ident}" if version is not None else course.slug
    built.files["imsmanifest.xml"] = built.manifest(f"M-{name}", title, summary)
    return zips.pack(built.files), built.told


def _of_course(course: Course) -> list[Contents]:
    rows = Module.objects.filter(course=course, archived_at__isnull=True, current_version__isnull=False)
    modules = list(rows.select_related("current_version__course", "current_version__module").order_by("position", "pk"))
    if not modules:
        raise NotPublishedError("Belum ada modul kursus ini yang terbit. Terbitkan dulu satu modul.")
    banks = {module.code: module.current_version for module in modules if module.current_version}
    own = [course.current_version] if course.current_version else []
    return [found for version in [*own, *banks.values()] if (found := gather(version, banks)).items]


class _Cartridge:
    """Files, resources and outline while they are made. One folder a module, so that pages and media keep their addresses."""

    def __init__(self, parts: list[Contents]) -> None:
        self.files: dict[str, bytes] = {}
        self.told: list[str] = []
        self.resources: list[Element] = []
        self.items: list[Element] = []
        self.questions: dict[str, Question] = {}
        self.media: Mapping[str, bytes] = {}  # of the module that is being added
        for contents in parts:
            self._part(contents)
        self._bank()

    def _part(self, contents: Contents) -> None:
        folder = contents.ident
        self.told += contents.told
        self.files[f"{folder}/linimasa.css"] = (PLAYER / "linimasa.css").read_bytes()
        self.media = contents.media
        rows: list[Element] = []
        if contents.summary or contents.objectives:
            words = {"title": contents.title, "eyebrow": "Tentang modul", "objectives": contents.objectives, "what": "modul"}
            rows.append(self._page(folder, f"{folder}-tentang", "Tentang modul ini", {**words, "summary": contents.summary}))
        for item in contents.items:
            row = self._quiz(item) if isinstance(item, Quiz) else self._read(folder, contents, item)
            rows += [row] if row is not None else []
        rows += [self._topic(folder, number, text) for number, text in enumerate(contents.discussion, 1)]
        links = dict(reversed([(address, words) for page in contents.pages for words, address in page.links]))
        outside = sorted(links.items())[:MOST_LINKS]
        rows += [self._link(folder, number, words, address) for number, (address, words) in enumerate(outside, 1)]
        self.items.append(element("item", element("title", contents.title), *rows, identifier=f"I-{folder}"))

    def _read(self, folder: str, contents: Contents, item: Page | Task) -> Element:
        if isinstance(item, Task):
            self.told.append(f"{item.code} {item.title}: tugas praktik dibawa sebagai halaman; pengajar menilainya di sistem tujuan.")
            shown = {"title": item.title, "eyebrow": f"Tugas praktik · {item.minutes} menit", "task": item}
            return self._page(folder, item.ident, item.title, shown)
        html = str(item.html)
        terms = [(slug, *words) for slug, words in sorted(contents.terms.items()) if f'"#istilah-{slug}"' in html]
        words = {"title": item.title, "eyebrow": f"Pelajaran · {item.minutes} menit", "objectives": item.objectives, "html": item.html}
        return self._page(folder, item.ident, item.title, {**words, "what": "pelajaran", "terms": terms})

    def _page(self, folder: str, ident: str, title: str, words: dict[str, object]) -> Element:
        name = f"{folder}/{ident}.html"
        text: str = render_to_string("courses/packages/page.html", words)
        for other in set(re.findall(rf'href="#({re.escape(folder)}-\d\d)"', text)):  # another lesson is another page here
            text = text.replace(f'href="#{other}"', f'href="{other}.html"')
        self.files[name] = text.encode()
        used = sorted(set(re.findall(r'(?:src|href|poster)="(media/[^"]+)"', text)) & set(self.media))
        self.files |= {f"{folder}/{one}": self.media[one] for one in used}
        return self._resource(ident, title, "webcontent", name, [name, f"{folder}/linimasa.css", *(f"{folder}/{one}" for one in used)])

    def _quiz(self, quiz: Quiz) -> Element | None:
        of = provider()
        if of is None:
            return None
        data, told = of.assessment(quiz)
        self.told += told
        self.questions |= {one.code: one for one in quiz.questions}
        if data is None:
            return None
        name = f"{quiz.ident}/assessment.xml"
        self.files[name] = data
        return self._resource(quiz.ident, quiz.title, ASSESSMENT_TYPE, "", [name])

    def _bank(self) -> None:
        of = provider()
        rows = [self.questions[code] for code in sorted(self.questions)]
        data = of.bank("bank-soal", "Bank soal", rows) if of and rows else None
        if data is None:
            return
        self.files["bank-soal/bank.xml"] = data
        self.told += [MANY_BANKS, KEY_TRAVELS] if len(self.items) > 1 else [KEY_TRAVELS]
        self._resource("bank-soal", "", BANK_TYPE, "", ["bank-soal/bank.xml"])

    def _topic(self, folder: str, number: int, text: str) -> Element:
        ident, title = f"{folder}-diskusi-{number}", f"Diskusi {number}"
        words = element("text", text, texttype="text/plain")
        self.files[f"{folder}/{ident}.xml"] = written(element("topic", element("title", title), words, xmlns=TOPIC))
        return self._resource(ident, title, "imsdt_xmlv1p3", "", [f"{folder}/{ident}.xml"])

    def _link(self, folder: str, number: int, words: str, address: str) -> Element:
        ident = f"{folder}-tautan-{number}"
        root = element("webLink", element("title", words), element("url", href=address, target="_blank"), xmlns=LINK)
        self.files[f"{folder}/{ident}.xml"] = written(root)
        return self._resource(ident, words, "imswl_xmlv1p3", "", [f"{folder}/{ident}.xml"])

    def _resource(self, ident: str, title: str, kind: str, href: str, names: Iterable[str]) -> Element:
        """The resource, kept; and the line of the outline that leads to it."""
        facts = {"identifier": f"R-{ident}", "type": kind} | ({"href": href} if href else {})
        self.resources.append(element("resource", *(element("file", href=name) for name in names), **facts))
        return element("item", element("title", title), identifier=f"I-{ident}", identifierref=f"R-{ident}")

    def manifest(self, ident: str, title: str, summary: str) -> bytes:
        """Metadata, one organization of the form that the profile asks for, and every resource."""
        general = [element("lomimscc:title", element("lomimscc:string", title, language="id"))]
        general += [element("lomimscc:description", element("lomimscc:string", summary, language="id"))] if summary else []
        lom = element("lomimscc:lom", element("lomimscc:general", *general))
        metadata = element("metadata", element("schema", "IMS Common Cartridge"), element("schemaversion", "1.3.0"), lom)
        root_item = element("item", *self.items, identifier="LearningModules")
        organization = element("organization", root_item, identifier="O-1", structure="rooted-hierarchy")
        facts = {"identifier": ident, "xmlns": CP, "xmlns:lomimscc": LOM_MANIFEST}
        resources = element("resources", *self.resources)
        return written(element("manifest", metadata, element("organizations", organization), resources, **facts))
