"""Practical work in the bank: tried as a learner and as a trainer, its worksheet and sample answers changed by hand."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Role, ScopeKind
from quizzes import worksheets
from quizzes.models import Question, Worksheet
from quizzes.part import QuizzesPart
from tests.factories import accounts, courses
from tests.factories import quizzes as make

from .test_bank_pages import filled, page

pytestmark = pytest.mark.django_db
LEVELS = {"coba-k0": "0", "coba-k1": "1"}  # 60 × 1 + 40 × 0,75 = 90


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def course(tmp_path):
    return make.make_course(copies=1, rules={"draw": [{"module": "M1", "count": 7}]}, papers=tmp_path / "m1")


@pytest.fixture
def client(course):
    return accounts.client_of(accounts.staff(Role.AUTHOR, ScopeKind.COURSE, course.pk))


@pytest.fixture
def work(course):
    return Question.objects.select_related("current_version", "module").get(course=course, kind="practical")


def send(client, work, **changes):
    address = reverse("quizzes:bank_question", args=[work.pk])
    sent = filled(page(client, "bank_question", work.pk)) | {"act": "simpan"} | changes
    return client.post(address, {name: value for name, value in sent.items() if value is not None}), address


def sheet(data=None, name="Lembar Baru (2).xlsx"):
    return SimpleUploadedFile(name, make.office(**{"xl/more.xml": "<y/>"}) if data is None else data)


# --- tried ---------------------------------------------------------------------------------------------------------------
def test_work_is_shown_as_a_learner_reads_it_and_as_a_trainer_grades_it(client, work):
    html = page(client, "bank_question", work.pk)
    for words in ("Yang dibaca peserta", "Audit dua belas butir.", "Lembar audit", "kata sandi", "PDF, XLSX", "Unduh lembar kerja (xlsx"):
        assert words in html
    for words in (
        "Yang dinilai pengajar",
        "Sangat Baik untuk Kelengkapan.",
        "bobot 60",
        "Contoh teladan: nilai 90",
        "masih lemah: nilai 40",
    ):
        assert words in html
    assert "Penilaian menurut rubrik" not in html
    file = client.get(reverse("quizzes:bank_worksheet", args=[work.pk]))
    assert b"".join(file.streaming_content) == make.office() and "attachment" in file["Content-Disposition"]


def test_the_chosen_levels_are_counted_and_nothing_is_stored(client, work):
    answer, _ = send(client, work, act="coba", **LEVELS, **{"coba-text": "Hasil audit <b>saya</b>"})
    html = answer.content.decode()
    assert answer.status_code == 200 and "Nilai: 90 dari 100" in html and "Baik: 30 dari 40" in html
    assert "Hasil audit &lt;b&gt;saya&lt;/b&gt;" in html and work.versions.count() == 1


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"coba-k0": "0"},
        LEVELS | {"coba-k1": "4"},
        LEVELS | {"coba-k1": "٣"},
        LEVELS | {"coba-k0": "-1"},
        LEVELS | {"coba-k0": "9" * 50},
    ],
)
def test_a_level_that_is_missing_is_said(client, work, sent):
    answer, _ = send(client, work, act="coba", **sent)
    assert answer.status_code == 200 and "Pilih satu tingkat untuk setiap kriteria." in answer.content.decode()


def test_the_preview_is_of_what_the_form_says(client, work):
    answer, _ = send(client, work, act="coba", instructions="Petunjuk yang baru.", weight_1="20", weight_2="80", **LEVELS)
    html = answer.content.decode()
    assert "<li>Petunjuk yang baru.</li>" in html and "Nilai: 80 dari 100" in html and "belum disimpan" in html
    assert work.versions.count() == 1


def test_a_reader_may_try_it_too(course, work):
    reader = accounts.client_of(accounts.staff(Role.REVIEWER, ScopeKind.COURSE, course.pk))
    answer = reader.get(reverse("quizzes:bank_question", args=[work.pk]), {"act": "coba"} | LEVELS)
    assert "Nilai: 90 dari 100" in answer.content.decode()


# --- the worksheet ------------------------------------------------------------------------------------------------------
def test_saving_what_is_there_changes_nothing(client, work):
    answer, address = send(client, work)
    assert answer.url == address and work.versions.count() == 1


def test_another_worksheet_is_taken_published_and_written_to_files(client, work, course):
    data = sheet().read()
    answer, address = send(client, work, worksheet=sheet(), worksheet_title="Lembar yang baru")
    assert answer.status_code == 302, answer.content.decode()[:2000]
    work.refresh_from_db()
    kept = work.current_version.content["template"]
    assert (kept["file"], kept["title"], kept["size"]) == ("lembar-baru-2.xlsx", "Lembar yang baru", len(data))
    assert worksheets.content_of(worksheets.of(work.current_version)) == data
    assert Worksheet.objects.filter(question=work).count() == 2  # whoever began with the old one keeps it
    assert "Sekarang: lembar-baru-2.xlsx" in page(client, "bank_question", work.pk)
    courses.publish(work.module)
    assert QuizzesPart().problems(work.course, [work.module]) == {work.module: []}
    assert QuizzesPart().dump(work.module)["files"] == {"files/lembar-baru-2.xlsx": data}


def test_only_the_title_or_none_at_all(client, work):
    send(client, work, worksheet_title="Judul lain")
    work.refresh_from_db()
    assert work.current_version.content["template"]["title"] == "Judul lain"
    assert worksheets.of(work.current_version) is not None
    send(client, work, without_worksheet="on")
    work.refresh_from_db()
    assert "template" not in work.current_version.content
    send(client, work, worksheet=sheet(), worksheet_title="Kembali ada")
    work.refresh_from_db()
    assert work.current_version.content["template"]["title"] == "Kembali ada"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"worksheet": lambda: sheet(b"%PDF-1.4")}, "Berkas harus XLSX atau DOCX"),
        ({"worksheet": lambda: sheet(b"")}, "Berkas ini kosong"),
        ({"worksheet": lambda: sheet(make.office() + b"0" * 300_000)}, "Paling besar 200 KB"),
        ({"worksheet": lambda: sheet(make.office(**{"xl/vbaProject.bin": "x"}))}, "memuat makro"),
        ({"worksheet": lambda: sheet(make.office(**{"xl/sharedStrings.xml": " " * 6_000_000}))}, "terlalu besar setelah dibuka"),
        ({"worksheet_title": ""}, "Tulis judul lembar kerjanya."),
        ({"weak_title": ""}, "Isi juga bagian ini, atau kosongkan kedua contohnya."),
        ({"weak_scores": "Kelengkapan: Cukup"}, "harus berbentuk: Kriteria | Tingkat | alasan."),
        ({"weak_scores": "Kelengkapan | Cukup | alasan"}, "menurut urutan rubrik: Kelengkapan, Ketepatan."),
        ({"exemplary_scores": "Kelengkapan | Luar biasa | x\nKetepatan | Baik | y"}, "tidak memiliki tingkat “Luar biasa”"),
        ({"exemplary_body": "x" * 20_001}, "20.000"),
        ({"exemplary_body": "\x00"}, "karakter yang tidak dapat dibaca"),
    ],
)
def test_what_cannot_be_taken_has_a_sentence(client, work, changes, sentence):
    answer, _ = send(client, work, **{name: value() if callable(value) else value for name, value in changes.items()})
    html = answer.content.decode()
    assert answer.status_code == 422 and sentence in html and "<title>Galat: " in html
    assert work.versions.count() == 1
    if "worksheet" in changes:
        assert "Pilih lagi berkasnya" in html


def test_two_works_of_a_course_never_share_a_files_name(client, work, course):
    other = Question.objects.create(course=course, module=work.module, kind="practical", code="M1-TUGAS-2", level="medium")
    from quizzes.bank import editing

    content = {key: value for key, value in work.current_version.content.items() if key != "template"}
    editing.save_version(other, content, by=None)
    send(client, other, worksheet=sheet(name="lembar-audit.xlsx"), worksheet_title="Lembar kedua")
    other.refresh_from_db()
    assert other.current_version.content["template"]["file"] == "m1-tugas-2-lembar-audit.xlsx"


# --- the samples ----------------------------------------------------------------------------------------------------------
def test_the_sample_answers_are_changed_with_their_marks(client, work):
    scores = "Kelengkapan | Baik | Dua butir kurang.\nKetepatan | Cukup | Dugaan."
    answer, _ = send(client, work, exemplary_title="Contoh baru", exemplary_body="## Isi\n\nTeks **baru**.", exemplary_scores=scores)
    assert answer.status_code == 302
    work.refresh_from_db()
    first, second = work.current_version.content["samples"]
    assert (first["title"], first["scores"][0]) == (
        "Contoh baru",
        {"criterion": "Kelengkapan", "level": "Baik", "why": "Dua butir kurang."},
    )
    assert second == make.SAMPLES[1]
    html = page(client, "bank_question", work.pk)
    assert "Contoh teladan: nilai 65" in html and "<strong>baru</strong>" in html


def test_both_samples_can_go(client, work):
    names = [f"{kind}_{part}" for kind in ("exemplary", "weak") for part in ("title", "body", "scores")]
    answer, _ = send(client, work, **dict.fromkeys(names, ""))
    work.refresh_from_db()
    assert answer.status_code == 302 and "samples" not in work.current_version.content
