"""Common Cartridge 1.3, read back by a reader that shares nothing with the writer: it knows only what the profile says."""

from __future__ import annotations

import io
import posixpath
import zipfile

import pytest
from defusedxml import ElementTree
from lxml import html

from courses.models import Module
from courses.packing import cartridge
from courses.packing.contents import NotPublishedError
from quizzes.models import Question
from tests.courses.whole import whole_course

pytestmark = pytest.mark.django_db
CP = "{http://www.imsglobal.org/xsd/imsccv1p3/imscp_v1p1}"
LOM = "{http://ltsc.ieee.org/xsd/imsccv1p3/LOM/manifest}"
QTI = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"
TOPIC = "{http://www.imsglobal.org/xsd/imsccv1p3/imsdt_v1p3}"
LINK = "{http://www.imsglobal.org/xsd/imsccv1p3/imswl_v1p3}"
ASSESSMENT, BANK = "imsqti_xmlv1p2/imscc_xmlv1p3/assessment", "imsqti_xmlv1p2/imscc_xmlv1p3/question-bank"
KNOWN = {"webcontent", ASSESSMENT, BANK, "imsdt_xmlv1p3", "imswl_xmlv1p3"}
EXAM = {"cc_profile", "qmd_assessmenttype", "qmd_scoretype", "qmd_feedbackpermitted", "qmd_hintspermitted", "qmd_solutionspermitted"}
# What the profile lets stand in an element, in this order (CC 1.3 core profile, ims_qtiasiv1p2p1).
INSIDE = {
    "questestinterop": ("assessment", "objectbank"),
    "assessment": ("qtimetadata", "rubric", "presentation_material", "section"),
    "objectbank": ("item",),
    "section": ("item",),
    "item": ("itemmetadata", "presentation", "resprocessing", "itemfeedback"),
    "itemmetadata": ("qtimetadata",),
    "qtimetadata": ("qtimetadatafield",),
    "qtimetadatafield": ("fieldlabel", "fieldentry"),
    "presentation": ("material", "response_lid", "response_str"),
    "response_lid": ("render_choice",),
    "response_str": ("render_fib",),
    "render_choice": ("response_label",),
    "response_label": ("material",),
    "resprocessing": ("outcomes", "respcondition"),
    "outcomes": ("decvar",),
    "respcondition": ("conditionvar", "setvar", "displayfeedback"),
    "itemfeedback": ("flow_mat", "material"),
    "material": ("mattext",),
}
PROFILES = {"cc.multiple_choice.v0p1", "cc.multiple_response.v0p1", "cc.true_false.v0p1", "cc.fib.v0p1"}


class Reader:
    """A cartridge as another system reads it. What the profile does not allow fails here."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            assert opened.testzip() is None
            self.files = {name: opened.read(name) for name in opened.namelist()}
        root = ElementTree.fromstring(self.files["imsmanifest.xml"])
        assert root.tag == f"{CP}manifest" and [one.tag for one in root] == [
            f"{CP}{name}" for name in ("metadata", "organizations", "resources")
        ]
        assert root.findtext(f"{CP}metadata/{CP}schema") == "IMS Common Cartridge"
        assert root.findtext(f"{CP}metadata/{CP}schemaversion") == "1.3.0"
        self.title = root.findtext(f"{CP}metadata/{LOM}lom/{LOM}general/{LOM}title/{LOM}string")
        self.resources = {one.get("identifier"): one for one in root.iter(f"{CP}resource")}
        names = [one.get("identifier") for one in root.iter() if one.get("identifier")]
        assert len(names) == len(set(names)) and all(name[0].isalpha() for name in names)
        (organization,) = root.findall(f"{CP}organizations/{CP}organization")
        assert organization.get("structure") == "rooted-hierarchy"
        (top,) = organization.findall(f"{CP}item")
        assert top.find(f"{CP}title") is None
        self.outline = [
            (part.findtext(f"{CP}title"), [self._line(row) for row in part.findall(f"{CP}item")]) for part in top.findall(f"{CP}item")
        ]
        named = set()
        for resource in self.resources.values():
            files = [one.get("href") for one in resource.findall(f"{CP}file")]
            assert resource.get("type") in KNOWN and set(files) <= set(self.files) and len(files) == len(set(files))
            if resource.get("type") == "webcontent":
                assert resource.get("href") in files
            else:
                assert resource.get("href") is None and len(files) == 1
            named |= set(files)
        assert named == set(self.files) - {"imsmanifest.xml"}
        assert sum(one.get("type") == BANK for one in self.resources.values()) <= 1

    def _line(self, row):
        resource = self.resources[row.get("identifierref")]
        assert resource.get("type") != BANK  # a bank is in no outline
        return row.findtext(f"{CP}title"), resource.get("type"), resource

    def of(self, kind: str) -> list[bytes]:
        return [self.files[one.find(f"{CP}file").get("href")] for one in self.resources.values() if one.get("type") == kind]

    def items(self, kind: str) -> list[dict]:
        (data,) = self.of(kind)
        root = ElementTree.fromstring(data)
        for one in root.iter():
            name = one.tag.removeprefix(QTI)
            inside = [child.tag.removeprefix(QTI) for child in one]
            if name in INSIDE:
                assert set(inside) <= set(INSIDE[name]), (name, inside)
                places = [INSIDE[name].index(child) for child in inside]
                assert places == sorted(places) or name == "presentation", (name, inside)
        if kind == ASSESSMENT:
            facts = {row[0].text: row[1].text for row in root.findall(f"{QTI}assessment/{QTI}qtimetadata/{QTI}qtimetadatafield")}
            assert facts["cc_profile"] == "cc.exam.v0p1" and set(facts) >= EXAM
        return [self._item(one) for one in root.iter(f"{QTI}item")]

    def _item(self, item) -> dict:
        facts = {row[0].text: row[1].text for row in item.iter(f"{QTI}qtimetadatafield")}
        assert facts["cc_profile"] in PROFILES
        text = item.findtext(f"{QTI}presentation/{QTI}material/{QTI}mattext")
        options = {one.get("ident"): one.findtext(f"{QTI}material/{QTI}mattext") for one in item.iter(f"{QTI}response_label")}
        feedback = {one.get("ident") for one in item.iter(f"{QTI}itemfeedback")}
        assert {one.get("linkrefid") for one in item.iter(f"{QTI}displayfeedback")} <= feedback
        (right,) = [one for one in item.iter(f"{QTI}respcondition") if one.find(f"{QTI}setvar") is not None]
        assert right.findtext(f"{QTI}setvar") == "100"
        denied = {one for negation in right.iter(f"{QTI}not") for one in negation.iter(f"{QTI}varequal")}
        wanted = [one.text for one in right.iter(f"{QTI}varequal") if one not in denied]
        assert not options or {*wanted, *(one.text for one in denied)} <= set(options)
        key = [options[one] for one in wanted] if options else wanted
        return {"code": item.get("title"), "profile": facts["cc_profile"], "text": text, "options": list(options.values()), "key": key}


@pytest.fixture
def course(tmp_path):
    return whole_course(tmp_path)


@pytest.fixture
def module(course):
    return course.modules.get(code="M1")


def test_another_reader_finds_the_outline_the_pages_and_what_they_show(course, module):
    data, _told = cartridge.make(course, module.current_version)
    assert data == cartridge.make(course, module.current_version)[0]
    reader = Reader(data)
    ((title, rows),) = reader.outline
    assert (title, reader.title) == ("Modul satu", "Modul satu")
    assert [(name, kind) for name, kind, _resource in rows] == [
        ("Tentang modul ini", "webcontent"),
        ("Pelajaran M1.1", "webcontent"),
        ("Kuis <Modul> 1", ASSESSMENT),
        ("Audit", "webcontent"),
        ("Diskusi 1", "imsdt_xmlv1p3"),
        ("aduan", "imswl_xmlv1p3"),
    ]
    for _name, kind, resource in rows:
        if kind != "webcontent":
            continue
        page, files = resource.get("href"), {one.get("href") for one in resource.findall(f"{CP}file")}
        tree = html.fromstring(reader.files[page].decode())
        for value in [*tree.xpath("//@src"), *tree.xpath("//link/@href"), *tree.xpath("//a/@href")]:
            if not value.startswith(("#", "https://")):
                assert posixpath.join(posixpath.dirname(page), value) in files, value
        assert {value[1:] for value in tree.xpath("//a/@href") if value.startswith("#")} <= set(tree.xpath("//@id"))
    (topic,), (link,) = reader.of("imsdt_xmlv1p3"), reader.of("imswl_xmlv1p3")
    talked = ElementTree.fromstring(topic)
    assert talked.tag == f"{TOPIC}topic" and talked.findtext(f"{TOPIC}text") == "Siapa yang memegang akun?"
    assert talked.find(f"{TOPIC}text").get("texttype") == "text/plain"
    away = ElementTree.fromstring(link)
    assert away.tag == f"{LINK}webLink" and away.find(f"{LINK}url").get("href") == "https://aduankonten.id/lapor"


def test_another_reader_finds_the_questions_with_their_keys(course, module):
    reader = Reader(cartridge.make(course, module.current_version)[0])
    bank, asked = reader.items(BANK), reader.items(ASSESSMENT)
    assert {one["code"] for one in asked} <= {one["code"] for one in bank}
    rows = {one.code: one for one in Question.objects.select_related("current_version")}
    seen = set()
    for found in bank:
        question = rows[found["code"]]
        content = question.current_version.content
        assert found["text"].endswith(content["text"].strip()) or found["text"].endswith(content["text"])
        seen.add(question.kind)
        if question.kind == "short_answer":
            assert found["key"] == content["accepted"]
        elif question.kind == "true_false":
            assert found["key"] == ["Benar" if content["key"] else "Salah"]
        else:
            letters = content["key"] if isinstance(content["key"], list) else [content["key"]]
            assert found["options"] == content["choices"] and found["key"] == [content["choices"]["ABCDEFGH".index(one)] for one in letters]
    assert seen == {"single", "multiple", "true_false", "scenario", "short_answer"}


def test_what_the_format_cannot_say_is_named(course, module):
    told = "\n".join(cartridge.make(course, module.current_version)[1])
    for code in Question.objects.filter(kind__in=["numeric", "gaps", "hotspot", "matching", "ordering"]).values_list("code", flat=True):
        assert code in told
    assert cartridge.KEY_TRAVELS in told and "pengajar menilainya di sistem tujuan" in told


def test_a_whole_course_is_one_cartridge_with_one_bank(course):
    reader = Reader(cartridge.make(course, None)[0])
    assert [title for title, _rows in reader.outline] == ["Kursus Kecil", "Modul satu", "Modul dua"]
    assert reader.title == "Kursus Kecil" and len(reader.of(BANK)) == 1
    Module.objects.update(current_version=None)
    with pytest.raises(NotPublishedError):
        cartridge.make(course, None)
