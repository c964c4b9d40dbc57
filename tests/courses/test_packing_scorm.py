"""A module as a SCORM package: what is in it, and that it plays in another system's run-time (scorm-again, in Chromium)."""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
from pathlib import Path

import pytest
from lxml import etree, html

from courses.models import Media, PackageKind
from courses.packing import scorm
from courses.packing.contents import Contents, gather
from quizzes.kinds import registry
from quizzes.packing.playing import played
from tests.courses.whole import whole_course
from tests.factories import quizzes

pytestmark = pytest.mark.django_db
VENDOR = Path(__file__).resolve().parents[1] / "vendor"
LMS = "http://lms.localhost"
KINDS = (PackageKind.SCORM12, PackageKind.SCORM2004)
# The published schemas of IMS and ADL by their namespace (tests/vendor/README.md).
SCHEMAS = {
    PackageKind.SCORM12: {
        "http://www.imsproject.org/xsd/imscp_rootv1p1p2": "scorm12/imscp_rootv1p1p2.xsd",
        "http://www.adlnet.org/xsd/adlcp_rootv1p2": "scorm12/adlcp_rootv1p2.xsd",
    },
    PackageKind.SCORM2004: {
        "http://www.imsglobal.org/xsd/imscp_v1p1": "scorm2004/imscp_v1p1.xsd",
        "http://www.adlnet.org/xsd/adlcp_v1p3": "scorm2004/adlcp_v1p3.xsd",
        "http://www.imsglobal.org/xsd/imsss": "scorm2004/imsss_v1p0.xsd",
    },
}
FRAME = """<!DOCTYPE html><title>LMS</title><script src="/run-time.js"></script><script>
var kept = JSON.parse(sessionStorage.getItem("cmi") || "null");
var api = WORD === "API" ? new Scorm12API({autocommit: false, logLevel: 5}) : new Scorm2004API({autocommit: false, logLevel: 5});
if (kept) api.loadFromJSON(kept, "");
var SET = WORD === "API" ? "LMSSetValue" : "SetValue", ERROR = WORD === "API" ? "LMSGetLastError" : "GetLastError";
var setting = api[SET].bind(api);
window.refused = [];
api[SET] = function (name, value) {
  var answer = setting(name, value);
  if (String(answer) !== "true") window.refused.push([name, value, String(api[ERROR]())]);
  return answer;
};
window[WORD] = api;
</script><iframe id="sco" src="/paket/index.html" width="100%" height="800"></iframe>"""


@pytest.fixture
def version(tmp_path):
    return whole_course(tmp_path).modules.get(code="M1").current_version


def files_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def schema_of(kind: str) -> etree.XMLSchema:
    asked = "".join(f'<import namespace="{space}" schemaLocation="{VENDOR / name}"/>' for space, name in SCHEMAS[kind].items())
    return etree.XMLSchema(etree.fromstring(f'<schema xmlns="http://www.w3.org/2001/XMLSchema">{asked}</schema>'))


@pytest.mark.parametrize("kind", KINDS)
def test_the_manifest_names_every_file_and_launches_the_page(version, kind):
    data, _told = scorm.make(version, kind)
    assert data == scorm.make(version, kind)[0]
    files = files_of(data)
    root = etree.fromstring(files["imsmanifest.xml"])
    space, schema = {"c": root.nsmap[None]}, schema_of(kind)
    assert schema.validate(root), schema.error_log
    assert {one.get("href") for one in root.iterfind(".//c:file", space)} == set(files) - {"imsmanifest.xml"}
    resource, item = root.find(".//c:resource", space), root.find(".//c:item", space)
    organizations = root.find("c:organizations", space)
    assert organizations.get("default") == organizations.find("c:organization", space).get("identifier")
    assert (resource.get("identifier"), resource.get("href"), resource.get("type")) == (
        item.get("identifierref"),
        "index.html",
        "webcontent",
    )
    told = {etree.QName(name).localname: value for name, value in resource.attrib.items() if name.startswith("{")}
    assert told == ({"scormtype": "sco"} if kind == PackageKind.SCORM12 else {"scormType": "sco"})
    said = [root.findtext(f"c:metadata/c:{name}", namespaces=space) for name in ("schema", "schemaversion")]
    assert said == ["ADL SCORM", "1.2" if kind == PackageKind.SCORM12 else "2004 4th Edition"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_schemas_refuse_what_is_no_manifest(kind):
    """So that «valid» says something: a wrong status of a resource, an item before its title, and a default nobody has."""
    good = scorm._MANIFESTS[kind](Contents(ident="m1", title="Satu", summary="", number=1), "kecil-m1", ["index.html"]).decode()
    schema, name = schema_of(kind), "scormtype" if kind == PackageKind.SCORM12 else "scormType"
    wrong = (f'adlcp:{name}="sco"', f'adlcp:{name}="pelajaran"'), ("<title>Satu</title>", "<judul/>"), (' identifier="RES-1"', "")
    assert schema.validate(etree.fromstring(good.encode()))
    for old, new in wrong:
        assert old in good and not schema.validate(etree.fromstring(good.replace(old, new).encode())), old


def test_nothing_in_it_is_asked_of_another_place_and_every_file_it_names_is_there(version):
    files = files_of(scorm.make(version, PackageKind.SCORM12)[0])
    tree = html.fromstring(files["index.html"].decode())
    for name in ("src", "href", "poster", "srcset"):
        for value in tree.xpath(f"//@{name}"):
            if name == "href" and value.getparent().tag == "a" and re.match(r"https?:|mailto:|tel:", value):
                continue  # a link that a person follows
            assert value.startswith("#") or value in files, (name, value)
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {value[1:] for value in tree.xpath("//a/@href") if value.startswith("#")} <= set(ids)
    kept = {f"media/{one.name}" for one in Media.objects.exclude(kind="image")}
    assert kept <= set(files) and any(name.endswith(".webp") for name in files) and any(name.endswith(".vtt") for name in files)
    assert (
        sum(len(files[name]) for name in files if name.endswith(".js")) < 30_000
        and b"http" not in files["linimasa.css"] + files["linimasa.js"]
    )


def test_what_could_not_be_taken_and_that_the_key_travels_is_said(version):
    _data, told = scorm.make(version, PackageKind.SCORM12)
    words = "\n".join(told)
    assert scorm.KEY_TRAVELS in told and "isian singkat" in words and "M1-TUGAS Audit: tugas praktik hanya dapat dibaca" in words


def test_hostile_words_are_words_in_the_page(version):
    version.facts["title"] = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    tree = html.fromstring(scorm.page(gather(version)))
    assert len(tree.xpath("//script")) == 1 + 3 and not tree.xpath("//img[@onerror]")
    json.loads(tree.get_element_by_id("data").text)


# --- played -----------------------------------------------------------------------------------------------------------
class Lms:
    """Another system, as far as scorm-again is one: keeps what a package committed between two visits."""

    def __init__(self, page, files: dict[str, bytes], kind: str) -> None:
        self.page, self.word = page, "API" if kind == PackageKind.SCORM12 else "API_1484_11"
        run_time = (VENDOR / f"scorm-again-{'12' if self.word == 'API' else '2004'}.min.js").read_bytes()
        self.asked: list[str] = []
        types = {"html": "text/html", "js": "text/javascript", "css": "text/css", "svg": "image/svg+xml", "webp": "image/webp"}

        def answer(route):
            path = route.request.url.removeprefix(LMS).partition("#")[0]
            self.asked.append(route.request.url)
            if path == "/":
                return route.fulfill(body=FRAME.replace("WORD", json.dumps(self.word)), content_type="text/html")
            body = run_time if path == "/run-time.js" else files.get(path.removeprefix("/paket/"))
            kind_of = types.get(path.rpartition(".")[2], "application/octet-stream")
            return route.fulfill(body=body, content_type=kind_of) if body is not None else route.fulfill(status=404)

        page.route("**/*", answer)
        page.goto(f"{LMS}/")
        self.sco = page.frame_locator("#sco")

    def value(self, name: str) -> str:
        word = "LMSGetValue" if self.word == "API" else "GetValue"
        return str(self.page.evaluate(f"name => window[{json.dumps(self.word)}].{word}(name)", name))

    def cmi(self) -> dict:
        return json.loads(self.page.evaluate(f"() => JSON.stringify(window[{json.dumps(self.word)}].cmi)"))

    def close_and_open_again(self) -> None:
        """The frame goes, what was committed stays, and the package is started anew with it."""
        self.page.evaluate("() => document.getElementById('sco').remove()")
        kept = self.page.evaluate(f"() => JSON.stringify(window[{json.dumps(self.word)}].cmi)")
        self.page.evaluate("kept => sessionStorage.setItem('cmi', kept)", kept)
        self.page.goto(f"{LMS}/")
        self.sco = self.page.frame_locator("#sco")


def told_answers(lms: Lms, old: bool) -> list[dict]:
    """The interactions that the other system has got, in the words of both editions."""
    found = lms.cmi()["interactions"]
    rows = [found[key] for key in sorted(found, key=int)]
    for row in rows:
        patterns = row["correct_responses"]
        row["patterns"] = [patterns[key]["pattern"] for key in sorted(patterns, key=int)]
        row["response"] = row["student_response" if old else "learner_response"]
    return rows


def right_response(question: dict, old: bool) -> tuple[str, str] | None:
    """Type and response of the right answer, written from SCORM's own rules for each type; None where the words are free."""
    comma, dot, letters = ("," if old else "[,]"), ("." if old else "[.]"), "abcdefghijkl"
    if question["play"] == "choices" and question["fixed"]:
        return "true-false", {True: "t", False: "f"}[question["key"] == [0]] if old else str(question["key"] == [0]).lower()
    if question["play"] == "choices":
        return "choice", comma.join(letters[one] for one in question["key"])
    if question["play"] == "matching":
        return "matching", comma.join(f"{row + 1}{dot}{letters[row]}" for row in range(len(question["pairs"])))
    if question["play"] == "ordering":
        return "sequencing", comma.join(letters[: len(question["order"])])
    return ("numeric", "4.25") if question["play"] == "numeric" else None


def answer_all(lms: Lms, data: dict, *, right: bool) -> None:
    """Fill the running quiz in by what the package itself knows to be right."""
    quiz = next(iter(data["quizzes"].values()))
    by_text = {re.sub(r"\s+", " ", one["text"]).strip(): one for one in quiz["questions"].values()}
    fields = lms.sco.locator("form fieldset")
    for place in range(fields.count()):
        box = fields.nth(place)
        words = re.sub(r"\s+", " ", box.inner_text())
        question = next(one for text, one in by_text.items() if text in words)
        if question["play"] == "choices":
            wanted = question["key"] if right else [one for one in range(len(question["choices"])) if one not in question["key"]][:1]
            for one in wanted:
                box.locator(f"input[value='{one}']").check()
        elif question["play"] in {"text", "numeric"}:
            good = question["accepted"][0] if question["play"] == "text" else "4,25 m"
            box.locator("input").fill(good if right else "999 jam")
        elif question["play"] == "matching":
            for row in range(len(question["pairs"])):
                box.locator("select").nth(row).select_option(str(row if right else (row + 1) % len(question["pairs"])))
        elif question["play"] == "gaps":
            for number, gap in enumerate(question["gaps"]):
                field = box.locator(f"[name$='-{number}']")
                if gap["ask"] == "choice":
                    field.select_option(str(gap["key"] if right else (gap["key"] + 1) % len(gap["choices"])))
                else:
                    good = gap["accepted"][0] if gap["ask"] == "text" else str(gap["value"]).replace(".", ",")
                    field.fill(good if right else "9999")
        else:
            order = question["order"] if right else question["order"][::-1]
            for at, text in enumerate(order):
                for _step in range(len(order)):
                    rows = box.locator(".steps li > span").all_inner_texts()
                    if rows.index(text) == at:
                        break
                    box.locator(f"li:nth-child({rows.index(text) + 1}) button[data-step='-1']").click()
            box.locator("li:nth-child(1) button[data-step='1']").click()  # touched, though it may have stood right by chance
            box.locator("li:nth-child(2) button[data-step='-1']").click()


@pytest.mark.browser
@pytest.mark.parametrize("kind", KINDS)
def test_it_plays_in_another_system_that_reads_completion_and_score_and_goes_on_where_one_left(open_page, version, kind):
    files = files_of(scorm.make(version, kind)[0])
    data = json.loads(html.fromstring(files["index.html"].decode()).get_element_by_id("data").text)
    old = kind == PackageKind.SCORM12
    lms = Lms(open_page(390, 844), files, kind)
    state, status = ("cmi.core.lesson_status", None) if old else ("cmi.completion_status", "cmi.success_status")
    location, raw = ("cmi.core.lesson_location", "cmi.core.score.raw") if old else ("cmi.location", "cmi.score.raw")
    lms.sco.locator("section.is-now h1").wait_for()
    assert lms.value(state) == "incomplete" and lms.value(raw) == ""
    lms.sco.locator("section.is-now .next").click()
    assert lms.value(location) == "1"
    assert lms.sco.locator("form fieldset").count() == 10
    lms.sco.locator("form fieldset input[type=text]").first.fill("setengah jalan")
    lms.sco.locator("form fieldset input[type=text]").first.blur()
    drawn = lms.sco.locator("form fieldset").all_inner_texts()
    left = json.loads(lms.value("cmi.suspend_data"))
    assert left["r"] == [0] and len(left["q"]) == 1 and "setengah jalan" in json.dumps(left["q"])
    lms.close_and_open_again()
    lms.sco.locator("form fieldset").first.wait_for()
    assert lms.sco.locator("section.is-now").get_attribute("data-unit") == "1"
    assert lms.sco.locator("form fieldset").count() == len(drawn)
    assert lms.sco.locator("form fieldset input[type=text]").first.input_value() == "setengah jalan"
    answer_all(lms, data, right=False)
    lms.sco.locator("form .send").click()
    lms.sco.locator("[data-result]").wait_for()
    assert not lms.page.evaluate("window.refused")
    if not old:
        assert abs(float(lms.value("cmi.score.scaled")) * 100 - float(lms.value(raw))) < 0.01
    asked = next(iter(data["quizzes"].values()))["questions"]
    first = told_answers(lms, old)
    assert len(first) == 10 and {one["id"] for one in first} <= set(asked)
    assert {one["result"] for one in first} >= {"wrong" if old else "incorrect"}
    assert all(one["response"] and one["patterns"] for one in first)
    assert float(lms.value(raw)) < 40 and lms.value(state) == ("failed" if old else "completed")
    if status:
        assert lms.value(status) == "failed"
    lms.sco.get_by_role("button", name="Coba lagi").click()
    answer_all(lms, data, right=True)
    lms.sco.locator("form .send").click()
    lms.sco.locator("[data-result]").wait_for()
    assert lms.value(raw) == "100"
    again = told_answers(lms, old)[10:]
    assert len(again) == 10 and {one["result"] for one in again} == {"correct"} and not lms.page.evaluate("window.refused")
    for one in again:
        if (expected := right_response(asked[one["id"]], old)) is not None:
            assert (one["type"], one["response"]) == expected
            assert one["type"] == "numeric" or one["patterns"] == [expected[1]]
        else:
            assert one["type"] == "fill-in"
            wanted = [pattern.removeprefix("{case_matters=false}").lower().replace("12.5", "12,5") for pattern in one["patterns"]]
            assert one["response"].lower() in wanted
    assert {one["type"] for one in again} >= {"choice", "fill-in"}
    names = ("cmi.core.score.min", "cmi.core.score.max") if old else ("cmi.score.min", "cmi.score.max", "cmi.score.scaled")
    assert [lms.value(name) for name in names] == ["0", "100", "1"][: len(names)]
    assert lms.value(state) == ("passed" if old else "completed")
    if status:
        assert lms.value(status) == "passed"
    lms.sco.locator("#keluar").click()
    lms.sco.get_by_text("Tersimpan. Anda boleh menutup").wait_for()
    kept = lms.cmi()
    assert (kept["core"]["exit"] if old else kept["exit"]) in {"", "normal"}
    assert all(address.startswith(LMS) for address in lms.asked)


@pytest.mark.browser
def test_outside_any_system_it_can_be_read_and_says_that_nothing_is_sent(open_page, version):
    files = files_of(scorm.make(version, PackageKind.SCORM2004)[0])
    page = open_page(360, 740, dark=True)
    page.route("**/*", lambda route: route.fulfill(body=files.get(route.request.url.rpartition("/")[2], b""), content_type=_type(route)))
    page.goto(f"{LMS}/index.html")
    page.get_by_text("Kemajuan tidak dikirim").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert not page.locator("#keluar").is_visible()


def _type(route) -> str:
    return {"html": "text/html", "js": "text/javascript", "css": "text/css"}.get(route.request.url.rpartition(".")[2], "image/webp")


# --- judged as the portal judges --------------------------------------------------------------------------------------
NUMBERS = (
    "4,25",
    "4.25 m",
    "425 cm",
    "4,3 m",
    "4,2 m",
    "4,31 m",
    "0,00425 km",
    "4 m",
    "4,1 m",
    "425 m",
    "Rp4,25",
    "4,25 M",
    "1.500 m",
    "1.234,5",
    "abc",
    "4,2 m2",
)
TYPED = ("12,5", "12,75", "12.25", "12,76", "Pengelola  Kata Sandi", "password MANAGER", "surel", "12,5%", "１２,５")


def cases() -> list[tuple[dict, object, float]]:
    chance, made = random.Random(5), []
    questions = [*quizzes.make_questions(copies=1), *quizzes.more_questions()]
    for question in questions:
        kind = registry[question["kind"]](question)
        shown = played(question["kind"], question)
        for number in range(40):
            given = _random(kind, shown, chance, number)
            points = kind.points(given)
            made.append((shown, [given] if shown["play"] == "choices" and isinstance(given, int) else given, float(points or 0)))
    return made


def _random(kind, shown, chance, number):
    if number == 0:
        return kind.correct()
    if shown["play"] == "choices":
        every = range(len(shown["choices"]))
        if kind.code == "hotspot" or kind.several:
            return sorted(chance.sample(every, chance.randint(1, len(shown["choices"]) if kind.several else 1)))
        return chance.choice(every)
    if shown["play"] == "text":
        return chance.choice([*shown["accepted"], shown["accepted"][0].upper() + "  ", "lain", f" {shown['accepted'][0]} %"])
    if shown["play"] == "numeric":
        return NUMBERS[number % len(NUMBERS)]
    if shown["play"] == "matching":
        return [chance.choice([None, *range(len(shown["pairs"]))]) for _pair in shown["pairs"]]
    if shown["play"] == "ordering":
        return chance.sample(range(len(shown["order"])), len(shown["order"]))
    return [chance.choice([None, *range(3)]) if gap["ask"] == "choice" else chance.choice([None, *TYPED]) for gap in shown["gaps"]]


@pytest.mark.browser
def test_the_player_gives_the_points_that_the_portal_gives(open_page):
    page = open_page()
    page.add_script_tag(content=(scorm.PLAYER / "nilai.js").read_text())
    made = cases()
    found = page.evaluate(
        "cases => cases.map(one => window.Linimasa.points(one[0], one[1]))", [[question, given] for question, given, _points in made]
    )
    wrong = [
        (question["text"], given, points, told)
        for (question, given, points), told in zip(made, found, strict=True)
        if abs(points - told) > 2e-5
    ]
    assert not wrong and {question["play"] for question, _given, _points in made} == {
        "choices",
        "text",
        "numeric",
        "matching",
        "ordering",
        "gaps",
    }
