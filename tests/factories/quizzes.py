"""Quizzes for tests: a course with a bank of all seven kinds, published by the real verbs; attempts started by the real verb."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from cohorts.models import Enrolment
from courses import media, reporting
from courses.models import Activity, ActivityKind, Course, Module
from quizzes import attempts
from quizzes.bank.categories import find_or_make
from quizzes.demo import answer_all, right, save, wrong
from quizzes.models import Attempt, Question, QuestionVersion, Quiz
from quizzes.part import QuizzesPart

from . import cohorts, courses
from .accounts import person

__all__ = ["answer_all", "right", "save", "wrong"]

QUIZ: dict[str, Any] = {
    "purpose": "module",
    "intro": "",
    "draw": [{"module": "M1", "count": 14}],
    "attempts_allowed": 3,
    "remedial_attempts": 0,
    "time_limit": None,
    "pass_mark": 0.7,
    "feedback": "after_submit",
    "shuffle": True,
}
RUBRIC = [
    {
        "criterion": name,
        "weight": weight,
        "levels": [
            {"title": title, "points": points, "text": f"{title} untuk {name}."}
            for title, points in (("Sangat Baik", 1), ("Baik", 0.75), ("Cukup", 0.5), ("Kurang", 0.25))
        ],
    }
    for name, weight in (("Kelengkapan", 60), ("Ketepatan", 40))
]
ASSIGNMENT: dict[str, Any] = {
    "intro": "Audit satu kanal.",
    "pass_mark": 0.6,
    "attempts_allowed": 1,
    "question": "M1-TUGAS-1",
    "instructions": ["Pilih satu kanal milik instansi.", "Audit dua belas butir."],
    "deliverables": ["Lembar audit"],
    "prohibitions": ["Jangan mencantumkan kata sandi."],
    "files": {"types": ["pdf", "xlsx"], "max_bytes": 2_000_000, "max_count": 3},
    "rubric": RUBRIC,
}


SAMPLES: list[dict[str, Any]] = [
    {
        "kind": kind,
        "title": f"Audit kanal dinas, {word}",
        "body": f"## Temuan {word}\n\nDua belas butir **diperiksa** {word}.\n",
        "scores": [
            {"criterion": name, "level": level, "why": f"Alasan {word} untuk {name}."}
            for name, level in zip(("Kelengkapan", "Ketepatan"), levels, strict=True)
        ],
    }
    for kind, word, levels in (("exemplary", "teladan", ("Sangat Baik", "Baik")), ("weak", "lemah", ("Cukup", "Kurang")))
]
PAPERS: dict[str, Any] = {"template": {"file": "lembar-audit.xlsx", "title": "Lembar audit dua belas butir"}, "samples": SAMPLES}
_TYPES = "application/vnd.openxmlformats-officedocument"
_OFFICE = {
    "xlsx": ("xl/workbook.xml", f"{_TYPES}.spreadsheetml.sheet.main+xml"),
    "docx": ("word/document.xml", f"{_TYPES}.wordprocessingml.document.main+xml"),
}


def assignment_with_papers() -> dict[str, Any]:
    """The assignment with a worksheet and samples, keys in the files' order."""
    merged = ASSIGNMENT | PAPERS
    order = (*[key for key in ASSIGNMENT if key != "rubric"], "template", "rubric", "samples")
    return {key: merged[key] for key in order}


def office(kind: str = "xlsx", **members: str) -> bytes:
    """The smallest file of this kind, with more members by name; ``types`` replaces its list of content types."""
    main, content_type = _OFFICE[kind]
    types = members.pop("types", f'<Types><Override PartName="/{main}" ContentType="{content_type}"/></Types>')
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in {"[Content_Types].xml": types, main: "<x/>", **members}.items():
            made.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def folder_with(place: Path, data: bytes | None = None, name: str = "lembar-audit.xlsx") -> Path:
    """A module's folder that holds the worksheet."""
    (place / "files").mkdir(parents=True, exist_ok=True)
    (place / "files" / name).write_bytes(office() if data is None else data)
    return place


class Report:
    """What the loader tells; problems fail the test at once."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []

    def created(self, text: str) -> None:
        self.lines.append(("created", text))

    def changed(self, text: str) -> None:
        self.lines.append(("changed", text))

    def unchanged(self, text: str) -> None:
        self.lines.append(("unchanged", text))

    def archived(self, text: str) -> None:
        self.lines.append(("archived", text))

    def problem(self, where: Any, sentence: str) -> None:
        self.lines.append(("problem", sentence))

    def told(self, word: str) -> list[str]:
        return [text for said, text in self.lines if said == word]


def make_questions(module: str = "M1", *, lesson: str | None = None, copies: int = 2) -> list[dict[str, Any]]:
    """A bank with every one of the seven kinds, ``copies`` times; texts are different in each."""
    made = []
    levels = ("easy", "medium", "hard")
    for copy in range(1, copies + 1):
        for number, (kind, content) in enumerate(_contents(f"{module}/{copy}"), 1):
            made.append(
                {
                    "code": f"{module}-{copy:02d}-{number}",
                    "kind": kind,
                    "level": levels[(copy + number) % 3],
                    **({"lesson": lesson, "objective": 1 + (copy + number) % 3} if lesson else {}),
                    **content,
                }
            )
    return made


def _contents(tag: str) -> list[tuple[str, dict[str, Any]]]:
    why = f"Penjelasan rahasia {tag}."
    return [
        (
            "single",
            {
                "text": f"Pilih satu {tag}?",
                "choices": [f"{one} {tag}" for one in ("Satu", "Dua", "Tiga", "Empat")],
                "key": "C",
                "misconceptions": {"A": "mengira-satu", "B": "mengira-dua", "D": "mengira-empat"},
                "feedback": why,
            },
        ),
        (
            "multiple",
            {
                "text": f"Pilih beberapa {tag}?",
                "choices": [f"{one} {tag}" for one in ("Merah", "Kuning", "Hijau", "Biru", "Ungu")],
                "key": ["A", "B", "D"],
                "misconceptions": {"C": "mengira-hijau", "E": "mengira-ungu"},
                "feedback": why,
            },
        ),
        ("true_false", {"text": f"Pernyataan {tag}.", "key": False, "misconceptions": {"true": "mengira-benar"}, "feedback": why}),
        (
            "scenario",
            {
                "scenario": f"Pukul 21.10 WIB datang surel {tag}.",
                "text": f"Apa tindakan pertama {tag}?",
                "choices": [f"{one} {tag}" for one in ("Menekan", "Membalas", "Meneruskan", "Memeriksa")],
                "key": "D",
                "misconceptions": {"A": "mengira-aman", "B": "mengira-resmi", "C": "mengira-berguna"},
                "feedback": why,
            },
        ),
        ("short_answer", {"text": f"Berapa {tag}?", "accepted": ["4,5", "4,50", "empat setengah"], "feedback": why}),
        (
            "matching",
            {
                "text": f"Jodohkan {tag}.",
                "pairs": [
                    {"left": f"Kiri {n} {tag}", "right": f"Kanan {word} {tag}"} for n, word in enumerate(("api", "air", "angin", "tanah"))
                ],
                "feedback": why,
            },
        ),
        (
            "ordering",
            {
                "text": f"Urutkan {tag}.",
                "order": [f"Langkah {one} {tag}" for one in ("putih", "jingga", "nila", "hitam", "abu")],
                "feedback": why,
            },
        ),
    ]


def load(holder: Module | Course, activities: dict[str, Any], questions: list[dict[str, Any]], folder: Path | None = None) -> Report:
    """Bring the holder's draft to this data by the real part; problems fail the test."""
    report = Report()
    QuizzesPart().load(holder, {"activities": activities, "questions": questions, "folder": folder}, report)
    assert report.told("problem") == []
    return report


def make_course(
    *, copies: int = 2, rules: dict[str, Any] | None = None, assignment: bool = False, lessons: int = 1, papers: Path | None = None
) -> Course:
    """A published course with a module M1 of lessons, the quiz ``M1-KUIS`` and, the assignment
    ``M1-TUGAS`` if asked; and M2 of one lesson. ``papers``: a folder to write the assignment's worksheet to; samples come with it."""
    course = courses.make_course()
    module = courses.make_module(course, lessons=lessons)
    courses.make_activity(module, kind=ActivityKind.QUIZ, code="M1-KUIS", slug="kuis", title="Kuis Modul 1")
    activities: dict[str, Any] = {"M1-KUIS": QUIZ | (rules or {})}
    if assignment or papers:
        courses.make_activity(module, kind=ActivityKind.ASSIGNMENT, code="M1-TUGAS", slug="tugas", title="Audit Keamanan Akun", minutes=45)
        activities["M1-TUGAS"] = assignment_with_papers() if papers else ASSIGNMENT
    lesson = Activity.objects.filter(module=module, kind=ActivityKind.LESSON).first()
    load(module, activities, make_questions(copies=copies, lesson=lesson.code if lesson else None), papers and folder_with(papers))
    courses.publish(module)
    courses.publish(courses.make_module(course, lessons=1))  # one that keeps the enrolment running after the quiz
    courses.publish(course)
    return course


def quiz_of(course: Course, code: str = "M1-KUIS") -> Quiz:
    return Quiz.objects.select_related("activity__module").get(activity__course=course, activity__code=code)


def make_enrolment(course: Course | None = None, *, ready: bool = True, learner: Any = None, **cohort: Any) -> Enrolment:
    """A learner of the course in a self-paced cohort (others by ``kind``), with the lessons of M1 done so that the quiz is open."""
    course = course or make_course()
    enrolment = cohorts.make_enrolment(cohorts.make_cohort(course, **cohort), learner or person())
    if ready:
        for lesson in Activity.objects.filter(module__code="M1", course=course, kind=ActivityKind.LESSON):
            cohorts.make_progress(enrolment, lesson)
    return enrolment


def start(enrolment: Enrolment | None = None, code: str = "M1-KUIS", **course: Any) -> Attempt:
    """A running attempt by the real verb. Without an enrolment a course is made (``rules``, ``copies`` … as in make_course)."""
    enrolment = enrolment or make_enrolment(make_course(**course))
    return attempts.start(enrolment, quiz_of(enrolment.course, code))


PICTURE = {"file": "layar-masuk.svg", "alt": "Layar masuk dengan bilah alamat.", "address": "/m/0.svg", "width": 360, "height": 240}


def more_questions(module: str = "M1", *, lesson: str | None = None, picture: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """A number, gaps in a text and a hot spot, once each. ``picture``: as the files name it; else one that is pinned already."""
    why = f"Penjelasan rahasia {module}/lain."
    gaps = [
        {"ask": "text", "accepted": ["pengelola kata sandi", "password manager"], "feedback": "Rahasia isian satu."},
        {"ask": "number", "value": 12.5, "percent": 2, "feedback": "Rahasia isian dua."},
        {"ask": "choice", "choices": ["surel", "pesan singkat", "aplikasi"], "key": "C", "feedback": "Rahasia isian tiga."},
    ]
    values = [
        {"value": 4.25, "tolerance": 0.05},
        {"value": 4, "percent": 5, "points": 0.5, "feedback": "Rahasia hampir."},
        {"value": 425, "points": 0, "feedback": "Rahasia satuan."},
    ]
    regions = [
        {"name": "Logo instansi", "shape": "rectangle", "at": [0, 0, 20.5, 10]},
        {"name": "Bilah alamat", "shape": "polygon", "at": [20, 0, 100, 0, 100, 10, 20, 10]},
        {"name": "Tombol masuk", "shape": "circle", "at": [50, 80, 10]},
    ]
    contents: list[tuple[str, dict[str, Any]]] = [
        (
            "numeric",
            {
                "text": f"Berapa panjang kabel {module}?",
                "values": values,
                "units": [{"unit": "m", "factor": 1}, {"unit": "cm", "factor": 0.01}],
                "unit_needed": True,
                "feedback": why,
            },
        ),
        (
            "gaps",
            {
                "text": f"Lengkapi kalimat {module}.",
                "passage": "Simpan di {{1}},\nsekurang-kurangnya {{2}} huruf, dengan kode dari {{3}}.",
                "gaps": gaps,
                "feedback": why,
            },
        ),
        (
            "hotspot",
            {
                "text": f"Bagian mana yang menunjukkan situs tiruan {module}?",
                "picture": picture or PICTURE,
                "regions": regions,
                "key": "B",
                "misconceptions": {"A": "mengira-logo", "C": "mengira-tombol"},
                "feedback_options": {"A": "Rahasia logo.", "B": "Rahasia alamat."},
                "feedback": why,
            },
        ),
    ]
    at = {"lesson": lesson, "objective": 1} if lesson else {}
    return [
        {"code": f"{module}-9{number}", "kind": kind, "level": "easy", **at, **content} for number, (kind, content) in enumerate(contents)
    ]


def bank_of(count: int, course: Course | None = None) -> Course:
    """A course whose M1 holds a bank of so many questions of the seven kinds, in categories with tags, written in bulk.

    Drafts only, nothing is published; the rows are those that the real verbs would write, without their audit entries.
    """
    course = course or courses.make_course()
    module = course.modules.filter(code="M1").first() or courses.make_module(course, lessons=3)
    lessons = list(Activity.objects.filter(module=module, kind=ActivityKind.LESSON))
    folders = [find_or_make(course, f"Topik {1 + number // 5}/Bagian {number}") for number in range(20)]
    kinds = _contents("M1/bank")
    levels = ("easy", "medium", "hard")
    questions = [
        Question(
            course=course,
            module=module,
            lesson=lessons[number % len(lessons)] if lessons else None,
            category=folders[number % len(folders)],
            tags=[f"tag-{number % 7}"],
            code=f"{module.code}-B{number:05d}",
            kind=kinds[number % len(kinds)][0],
            level=levels[number % 3],
        )
        for number in range(count)
    ]
    Question.objects.bulk_create(questions, batch_size=500)
    versions = [
        QuestionVersion(question=one, number=1, kind=one.kind, content=_contents(f"M1/{number}")[number % len(kinds)][1])
        for number, one in enumerate(questions)
    ]
    QuestionVersion.objects.bulk_create(versions, batch_size=500)
    for one, version in zip(questions, versions, strict=True):
        one.current_version = version
    Question.objects.bulk_update(questions, ["current_version"], batch_size=500)
    return course


SCREEN = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 240">\n<title>Layar masuk dengan bilah alamat.</title>\n'
    '<rect class="f-soft" x="0" y="0" width="360" height="240"/>\n<rect class="f-surface s-line" x="72" y="4" width="280" height="16"/>\n'
    '<text class="t-s" x="80" y="16">linimasa-go.id.example</text>\n<circle class="f-primary" cx="180" cy="192" r="36"/>\n</svg>\n'
)
SHOWN = {"file": PICTURE["file"], "alt": PICTURE["alt"]}


def make_figure(course: Course, source: str = SCREEN) -> None:
    """The figure that the hot spot stands on, by the library's own verb."""
    report = reporting.Report()
    media.load_figures(course, {SHOWN["file"]: source}, report)
    assert report.problems == []


def make_course_of_more(**rules: Any) -> Course:
    """A published course whose quiz ``M1-KUIS`` asks a number, gaps and a hot spot."""
    course = courses.make_course()
    module = courses.make_module(course, lessons=1)
    courses.make_activity(module, kind=ActivityKind.QUIZ, code="M1-KUIS", slug="kuis", title="Kuis Modul 1")
    make_figure(course)
    quiz = QUIZ | {"draw": [{"module": "M1", "count": 3}]} | rules
    load(module, {"M1-KUIS": quiz}, more_questions(lesson=module.activities.get(kind="lesson").code, picture=SHOWN))
    courses.publish(module)
    courses.publish(courses.make_module(course, lessons=1))
    courses.publish(course)
    return course
