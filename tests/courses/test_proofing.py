"""The proofing of a course's folder: clean when nothing is wrong, and a fault of its own kind for each thing that is spoiled."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random

import pytest

from courses.proofing import RULES, proof, sentences
from courses.proofing.language import BANNED, Passage, language_faults
from courses.proofing.links import link_faults
from tests.factories.content import FIGURE, TODAY, write_course

README = Path(__file__).parents[2] / "content" / "README.md"
ONE, TWO, SVG = "m1-satu/01.md", "m1-satu/02.md", "media/figures/alur.svg"
LIBRARY = "media/media.yaml"
RECORDING = """- file: fedcba9876543210.mp4
  kind: video
  captions: fedcba9876543210.vtt
  transcript: fedcba9876543210.transcript.txt
"""
Spoil = Callable[[str], str]


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> Path:
    root = write_course(tmp_path_factory.mktemp("isi") / "kursus")
    (root / LIBRARY).write_text(RECORDING, encoding="utf-8")
    spoil(root, ONE, told("/// video | fedcba9876543210.mp4\nCara masuk ke akun instansi.\n///"))
    return root


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "kursus"))


def swap(old: str, new: str, count: int = 1) -> Spoil:
    """The first ``count`` of ``old`` become ``new``."""

    def change(text: str) -> str:
        assert old in text, old
        return text.replace(old, new, count)

    return change


def cut(name: str, count: int = 1) -> Spoil:
    """The first blocks of this name go."""
    return lambda text: re.sub(rf"/// {name}\b.*?\n///\n\n?", "", text, count=count, flags=re.S)


def after(heading: str, text: str) -> Spoil:
    return swap(f"## {heading}\n\n", f"## {heading}\n\n{text}\n\n")


def told(text: str) -> Spoil:
    """A paragraph more, in the last section."""
    return after("Kapan daftar ditinjau", text)


def moved_to_end(name: str) -> Spoil:
    def change(text: str) -> str:
        (block,) = re.findall(rf"/// {name}\b.*?\n///\n", text, flags=re.S)
        return f"{text.replace(block, '')}\n{block}"

    return change


def long_sentences(text: str) -> str:
    return text.replace("hari yang sama. Setiap", "hari yang sama dan setiap").replace("dahulu. Baca", "dahulu dan baca")


def many(text: str, count: int) -> str:
    return " ".join([text] * count)


def longest_right(text: str) -> str:
    """Both checks' right options become the longest."""

    def longer(found: re.Match[str]) -> str:
        options = found[0].split("- teks: ")
        place = int(found[1])
        options[place] = f"Dengan sabar s{options[place][1:]}"
        return "- teks: ".join(options)

    return re.sub(r"/// cek.*?jawaban: (\d)", longer, text, flags=re.S)


UNUSED = "".join(f"- slug: istilah-{n}\n  term: istilah {n}\n  definition: Arti.\n" for n in range(70, 76))
PLANTS: list[tuple[str, str, Spoil]] = [
    ("file", ONE, swap("minutes: 45", "minutes: banyak")),
    ("file", ONE, swap("title:", "sumber: [a]\ntitle:")),
    ("file", "facts.yaml", swap("confidence: tinggi", "confidence: [tinggi")),
    ("file", "glossary.yaml", swap("slug: istilah-02", "slug: istilah-01")),
    ("file", "glossary.yaml", swap("term: istilah 02", "term: zona")),
    ("file", "glossary.yaml", swap("Arti dari istilah nomor 2", many("panjang", 40))),
    ("block-open", ONE, swap("ditinjau\n", "ditinjau\n\n/// catatan | Ini\nTeks.\n///\n")),
    ("block-open", "orientasi.md", swap("Baca", "/// contoh | Ini\nBaca")),
    ("lesson-start", ONE, swap("/// situasi", "Selamat datang.\n\n/// situasi")),
    ("lesson-start", ONE, moved_to_end("situasi")),
    ("lesson-order", ONE, moved_to_end("kegiatan")),
    ("lesson-order", ONE, swap("(diperiksa 2026-10-01)\n///\n", "(diperiksa 2026-10-01)\n///\n\nSampai jumpa.\n")),
    ("lesson-counts", ONE, cut("kegiatan")),
    ("lesson-counts", ONE, cut("unggahan")),
    ("lesson-counts", ONE, cut("gambar")),
    ("lesson-counts", ONE, cut("cek")),
    ("lesson-counts", ONE, told("/// lapangan | A\nA.\n///\n\n/// lapangan | B\nB.\n///")),
    (
        "situation-length",
        ONE,
        lambda text: re.sub(r"Pagi di kantor dinas\n.*?\n///", "Pagi\nTelepon berdering.\n///", text, count=1, flags=re.S),
    ),
    ("words", ONE, lambda text: re.sub(r"Setiap (?:penyelia|kurir|admin)[^.]*\. ?", "", text)),
    ("words", ONE, told(many("Arsip dibaca sekali lagi.", 130))),
    ("sentence-length", ONE, long_sentences),
    ("heading-count", ONE, swap("## Kapan daftar ditinjau", "Kapan daftar ditinjau")),
    ("heading-vague", ONE, swap("## Kapan daftar ditinjau", "## Kesimpulan")),
    ("objective-untaught", ONE, swap(" {tujuan 2}", "")),
    ("objective-unknown", ONE, swap("{tujuan 2}", "{tujuan 2, 3}")),
    ("summary-length", ONE, swap("/// ringkasan\n", "/// ringkasan\n" + "- Satu hal.\n" * 3)),
    ("summary-length", ONE, swap("/// ringkasan\n", "/// ringkasan\nInilah intinya.\n\n")),
    ("checklist-length", ONE, swap("- Admin menyimpan laporan hari ini.\n", "")),
    ("sources-date", ONE, swap("/// sumber | 2026-11-22", "/// sumber | kemarin")),
    ("sources-date", ONE, swap("/// sumber | 2026-11-22", "/// sumber | 2026-11-25")),
    ("sources-date", ONE, swap("diperiksa 2026-10-01", "diperiksa 2026-05-01")),
    ("sources-empty", ONE, lambda text: re.sub(r"(/// sumber \| \S+\n).*?///", r"\1Buku.\n///", text, flags=re.S)),
    ("review-dates", ONE, swap("reviewed_on: 2026-11-22\n", "")),
    ("review-dates", "orientasi.md", swap("reviewed_on: 2026-11-22", "reviewed_on: 2026-11-25")),
    ("review-dates", ONE, swap("review_again_on: 2027-02-20", "review_again_on: 2026-11-22")),
    ("review-late", "m2-dua/01.md", swap("review_again_on: 2027-02-20", "review_again_on: 2027-03-23")),
    ("review-late", ONE, swap("review_again_on: 2027-02-20", "review_again_on: 2027-02-21")),
    ("check-broken", ONE, swap("  umpan: Kurir tidak memegang daftar akun.\n", "")),
    ("check-feedback", ONE, swap("Kurir tidak memegang daftar akun.", "Salah.")),
    ("check-feedback", ONE, swap("Kurir tidak memegang daftar akun.", "Admin memegang daftar itu setiap hari.")),
    ("check-keys", TWO, lambda text: text.replace("jawaban: 2", "jawaban: 1")),
    ("check-longest", ONE, longest_right),
    ("word-banned", ONE, told("Kirim lewat Email dinas.")),
    ("word-banned", TWO, swap("Seorang kurir", "Seorang username")),
    ("word-banned", "glossary.yaml", swap("Arti dari", "Dimana arti")),
    ("word-banned", "guides/sesi-satu.md", swap("Sapa peserta", "Upload daftar peserta")),
    ("shouting", ONE, told("SEGERA KIRIM LAPORAN hari ini.")),
    ("emoji", ONE, told("Selamat bekerja 🎉")),
    ("phone", ONE, told("Hubungi `0813-4567-8901`.")),
    ("personal-number", ONE, told("NIP petugas itu 198609262015051001.")),
    ("time-zone", ONE, told("Rapat dimulai pukul 09.20. Zonanya WITA.")),
    ("double-space", ONE, told("Baca  lagi.")),
    ("straight-quote", ONE, told('Tulis "baik" di sana.')),
    ("link-host", ONE, swap("https://www.facebook.com/help", "https://facebook.com.example.org/help")),
    ("link-host", "guides/sesi-satu.md", swap("Sapa peserta", "Buka www.contoh.id")),
    ("link-http", ONE, swap("https://www.facebook.com", "http://www.facebook.com")),
    ("alt-length", ONE, swap("Sebuah kotak bertuliskan laporan dikirim oleh admin ke kantor.", "Sebuah kotak.")),
    ("alt-length", ONE, swap("Sebuah kotak bertuliskan", many("Sebuah kotak lagi,", 20))),
    ("alt-length", ONE, told("![Kotak](/m/kotak.webp)")),
    ("alt-opening", ONE, swap("Sebuah kotak bertuliskan", "Gambar kotak bertuliskan")),
    ("caption-missing", ONE, swap("\n\nLaporan sampai pada hari yang sama.", "")),
    ("figure-missing", ONE, swap("alur.svg", "arus.svg")),
    ("figure-unclean", SVG, swap("<rect", "<script/><rect")),
    ("figure-unclean", SVG, swap('class="f-soft"', 'fill="#fff"')),
    ("figure-size", SVG, swap("Laporan</text>", f"{'Laporan ' * 2_000}</text>")),
    ("figure-sign", SVG, swap("Laporan</text>", "Laporan ✓</text>")),
    ("media-missing", ONE, told("/// video | 0123456789abcdef.mp4\nCara masuk.\n///")),
    ("media-words", ONE, told("/// audio | 0123456789abcdef.mp3\n///")),
    ("transcript-missing", LIBRARY, swap("  transcript: fedcba9876543210.transcript.txt\n", "")),
    ("captions-missing", LIBRARY, swap("  captions: fedcba9876543210.vtt\n", "")),
    ("media-unused", LIBRARY, lambda text: f"{text}- file: 0000000000000000.pdf\n  kind: document\n"),
    ("figure-unused", "media/figures/lain.svg", lambda _none: FIGURE),
    ("fact-unknown", ONE, swap("| menu-akun |", "| menu-lain |")),
    ("fact-unknown", "m2-dua/01.md", told("/// fakta | menu-akun | 2027-02-20 | tinggi\nMenu di Pusat Akun.\n///")),
    ("fact-differs", ONE, swap("| 2027-02-20 | tinggi", "| 2027-02-20 | sedang")),
    ("fact-differs", ONE, swap("| 2027-02-20 | tinggi", "| 2027-02-21 | tinggi")),
    ("fact-missing", ONE, cut("fakta")),
    ("fact-unhedged", TWO, swap("itu belum pasti tersedia", "itu sudah tersedia")),
    ("term-unknown", ONE, told("Baca [[istilah-99]].")),
    ("term-unknown", "guides/sesi-satu.md", swap("istilah-02", "istilah-99")),
    ("terms-unused", "glossary.yaml", lambda text: text + UNUSED + UNUSED.replace("istilah-7", "istilah-8").replace("h 7", "h 8")),
    ("glossary-size", "glossary.yaml", lambda text: "- slug".join(text.split("- slug")[:55])),
    ("guides-missing", "guides/sesi-satu.md", lambda _text: ""),
]


def spoil(root: Path, file: str, change: Spoil) -> None:
    path = root / file
    text = change(path.read_text(encoding="utf-8") if path.exists() else "")
    if text:
        path.write_text(text, encoding="utf-8")
    else:
        path.unlink()


def test_a_sound_course_has_no_fault(sound):
    found = proof(sound, TODAY)
    assert found.faults == []
    assert [one.code for one in found.measures] == ["M1.1", "M1.2", "M2.1"]


@pytest.mark.parametrize(("code", "file", "change"), PLANTS, ids=[f"{code}-{number}" for number, (code, _f, _c) in enumerate(PLANTS)])
def test_each_planted_fault_is_found_where_it_is(folder, code, file, change):
    spoil(folder, file, change)
    found = [one for one in proof(folder, TODAY).faults if one.code == code]
    assert found, f"{code} was not found"
    assert all(one.sentence.rstrip().endswith((".", "”", "]")) and len(one.sentence) > 20 for one in found)
    assert file.startswith(found[0].file.split("/")[0]) or code in {"fact-missing", "check-longest"}


def test_every_rule_has_a_planted_fault_and_is_written_for_authors():
    assert {code for code, _file, _change in PLANTS} | {"lesson-size"} == set(RULES)
    section = README.read_text(encoding="utf-8").partition("## What check_content enforces")[2].partition("\n## ")[0]
    assert [code for code in RULES if f"`{code}`" not in section] == []


def test_a_lesson_that_is_too_heavy_is_a_fault(folder):
    chance = Random(1)
    noise = " ".join(f"{chance.getrandbits(64):x}" for _word in range(9_000))
    spoil(folder, ONE, told("\n\n".join(noise[place : place + 5_000] for place in range(0, 110_000, 5_000))))
    found = proof(folder, TODAY)
    assert [one.file for one in found.faults if one.code == "lesson-size"] == [ONE]
    assert found.measures[0].total_bytes > 60_000


def test_a_fault_names_the_line_of_the_file(folder):
    spoil(folder, ONE, told("Kirim lewat email dinas."))
    (fault,) = proof(folder, TODAY).faults
    lines = (folder / ONE).read_text().split("\n")
    assert "email" in lines[fault.line - 1] and fault.file == ONE


def test_a_folder_that_is_no_course_is_a_fault_not_a_crash(tmp_path):
    assert [one.code for one in proof(tmp_path, TODAY).faults] == ["file"]
    (tmp_path / "course.yaml").write_text("- 1\n")
    assert [one.code for one in proof(tmp_path, TODAY).faults] == ["file"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Pukul 09.20 WIB rapat mulai. Pulang pukul 12.00 WIB.", 2),
        ("Biayanya Rp1.250.000 untuk 4,5 jam. Selesai!", 2),
        ("Menurut Dr. Ratna Dewi, S.Sos. M.Si. dan Ir. H. Ahmad, itu benar.", 1),
        ("UU No. 11 Tahun 2008 berlaku. Baca Ps. 27 dahulu.", 2),
        ("Bawa buku, pena, dsb. Lalu duduk.", 2),
        ("- Butir satu\n- Butir dua\n  masih dua\n1. Butir tiga", 3),
        ("## Judul tanpa hitungan\n\nSatu kalimat\nmasih satu.", 1),
        ("| a | b |\n|---|---|\n| c. D | e |", 0),
        ("“Siapa di sana?” Ia bertanya lagi. “Saya!”", 3),
        ("Buka berkas .apk itu. Jangan!", 2),
    ],
)
def test_sentences_are_cut_as_indonesian_is_written(text, count):
    assert len(sentences.sentences(sentences.plain(text))) == count


def codes_of(text: str, setting: str = "") -> list[str]:
    return [one.code for one in language_faults([Passage("a.md", 1, text, setting)])]


@pytest.mark.parametrize(
    "text",
    [
        "`email` dan `password` hanya contoh.",
        "Alamatnya https://www.facebook.com/online/login lama.",
        "Surel admin@online.go.id aktif.",
        "Nomor contoh 0812-0000-0000 atau +62 812-0000-0000.",
        "UU ITE MK itu singkatan.",
        "Rapat pukul 09.20 sampai 10.00 WITA di kantor.",
        "| rata  | kanan  |",
        "Resikonya tidak sama dengan kata lain.",
        "Di mana pun Anda bertugas, jumlahnya 1.234.567.890.123.456 rupiah.",
    ],
)
def test_what_may_be_written_is_no_fault(text):
    assert codes_of(text) == []


@pytest.mark.parametrize("word", sorted(BANNED))
def test_each_banned_word_is_found_whole_and_in_any_case(word):
    assert codes_of(f"Tolong {word.upper()}, ya.") == ["word-banned"]
    assert codes_of(f"Tolong x{word}x, ya.") == []


def test_examples_may_shout_and_smile():
    assert codes_of("KANTOR BUKA HARI INI 🎉", "unggahan") == []
    assert codes_of("KANTOR BUKA HARI INI 🎉", "surel") == ["emoji"]
    assert set(codes_of("KANTOR BUKA HARI INI 🎉", "contoh")) == {"shouting", "emoji"}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("[a](https://help.instagram.com/1) <https://cekfakta.com> [b](#atas) [c](/glosarium/)", []),
        ("`https://jahat.example` hanya contoh, https://wa.me/6281200000000 juga.", []),
        ("[a](https://wa.me/6281200000000)", ["link-host"]),
        ("[a](//facebook.com) [b](javascript:alert(1)) [c](mailto:a@go.id) [d](https://[::1)", ["link-host"] * 4),
        ("[a]: https://notfacebook.com", ["link-host"]),
        ("https://facebook.com@jahat.example/", ["link-host"]),
    ],
)
def test_links_lead_to_the_allow_list_only(text, codes):
    assert [one.code for one in link_faults([Passage("a.md", 1, text)])] == codes


def test_the_day_decides_what_is_in_the_future(sound):
    assert {one.code for one in proof(sound, date(2026, 11, 21)).faults} == {"sources-date", "review-dates"}
