"""A small course as files in which nothing is wrong: two modules, three lessons, ninety questions, one practical work.

What the proofing finds in it after a change is what the change spoiled.
"""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path
from typing import Any

from courses.files import write_lesson, write_yaml

TODAY = date(2026, 11, 24)
REVIEWED, AGAIN = date(2026, 11, 22), date(2027, 2, 20)
PEOPLE = ("admin", "petugas", "pengajar", "sekretaris", "bendahara", "operator", "penyelia", "verifikator", "arsiparis", "kurir")
ACTS = ("menyimpan", "memeriksa", "mencatat", "mengirim", "menandai", "menyusun", "meninjau", "melaporkan", "memulihkan")
THINGS = ("laporan", "catatan", "dokumen", "lembaran", "kuitansi", "risalah", "naskah", "daftar", "berkas", "arsip", "memo", "peta")
PLACES = ("ruang", "gudang", "lemari", "kantor", "balai", "meja")
CODES = {"M1": ("M1.1", "M1.2"), "M2": ("M2.1",)}
FOLDERS = {"M1": "m1-satu", "M2": "m2-dua"}
FIGURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 80">\n<title>Admin mengirim laporan ke kantor.</title>\n'
    '<rect class="f-soft" x="8" y="8" width="120" height="48" rx="8"/>\n<text class="t" x="20" y="38">Laporan</text>\n</svg>\n'
)


def write_course(root: Path) -> Path:
    """The whole folder; returns ``root``."""
    _yaml(root / "course.yaml", _course())
    _write(root / "orientasi.md", write_lesson(_front("ORIENTASI", 45), "## Cara belajar di sini\n\nBaca satu pelajaran setiap hari.\n"))
    _yaml(root / "glossary.yaml", [_term(number) for number in range(1, 61)])
    _yaml(root / "facts.yaml", [_fact("menu-akun", "tinggi", "M1.1"), _fact("menu-baru", "belum pasti", "M1.2")])
    _yaml(root / "misconceptions.yaml", {f"keliru-{number}": f"Mengira hal {number} boleh dilewati." for number in range(1, 4)})
    guide = {"slug": "sesi-satu", "title": "Sesi satu", "minutes": 90, "summary": "Membahas akun instansi."}
    _write(root / "guides" / "sesi-satu.md", write_lesson(guide, "## Menit pertama\n\nSapa peserta, lalu baca [[istilah-02]].\n"))
    _write(root / "media" / "figures" / "alur.svg", FIGURE)
    number = 0
    for code, lessons in CODES.items():
        home = root / FOLDERS[code]
        for index, lesson in enumerate(lessons, 1):
            _write(home / f"{index:02d}.md", write_lesson(_front(lesson, 45), _body(lesson)))
        count = 60 if code == "M1" else 30
        _yaml(home / "questions.yaml", [_question(code, one) for one in range(number, number + count)])
        number += count
        _yaml(home / "quiz.yaml", _quiz(code))
        _yaml(home / "module.yaml", _module(code))
    _yaml(root / "m1-satu" / "assignment.yaml", _assignment())
    write_workbook(root / "m1-satu" / "files" / "lembar.xlsx")
    return root


def write_workbook(path: Path, **more: str) -> None:
    """A tiny .xlsx; ``more``: further parts by name («xl__vbaProject_bin» for xl/vbaProject.bin)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as packed:
        for name in ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/worksheets/sheet1.xml"):
            packed.writestr(name, '<x type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>')
        for name, text in more.items():
            packed.writestr(name.replace("__", "/").replace("_", "."), text)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _yaml(path: Path, value: Any) -> None:
    _write(path, write_yaml(value))


def _course() -> dict[str, Any]:
    return {
        "slug": "kecil",
        "title": "Kursus Kecil",
        "programme": [
            {"title": "Orientasi", "minutes": 45, "items": ["orientasi.md"]},
            {"module": "m1-satu", "title": "Modul 1", "minutes": 135},
            {"module": "m2-dua", "title": "Modul 2", "minutes": 45},
        ],
        "rules": {
            "post_test_at_least": 0.7,
            "each_assignment_at_least": 0.6,
            "assignments_mean_at_least": 0.7,
            "weights": {"post_test": 40, "assignments": 45},
            "predicates": [[70, "Baik"]],
            "jp_self_paced": 3,
            "jp_scheduled": 4,
        },
    }


def _module(code: str) -> dict[str, Any]:
    files = [f"{index:02d}.md" for index in range(1, len(CODES[code]) + 1)]
    files += ["quiz.yaml", *(["assignment.yaml"] if code == "M1" else [])]
    return {"code": code, "slug": FOLDERS[code][3:], "title": f"Modul {code}", "outline": files}


def _front(code: str, minutes: int) -> dict[str, Any]:
    return {
        "code": code,
        "slug": code.lower().replace(".", "-"),
        "title": f"Pelajaran {code}",
        "minutes": minutes,
        "objectives": ["Menyusun daftar akun.", "Memeriksa akses akun."],
        "reviewed_on": REVIEWED,
        "review_again_on": AGAIN,
    }


def _term(number: int) -> dict[str, str]:
    return {"slug": f"istilah-{number:02d}", "term": f"istilah {number:02d}", "definition": f"Arti dari istilah nomor {number}."}


def _fact(key: str, confidence: str, lesson: str) -> dict[str, Any]:
    return {
        "key": key,
        "fact": "Letak menu dapat berpindah.",
        "confidence": confidence,
        "origin": "Pusat Bantuan Facebook",
        "lessons": [lesson],
        "review_again_on": AGAIN,
    }


def _sentences(begin: int, count: int) -> str:
    made = [
        f"Setiap {PEOPLE[one % 10]} {ACTS[one % 9]} {THINGS[one % 12]} instansi di {PLACES[one % 6]} pada hari yang sama."
        for one in range(begin, begin + count)
    ]
    return "\n\n".join(" ".join(made[place : place + 4]) for place in range(0, count, 4))


def _body(lesson: str) -> str:
    place = ("M1.1", "M1.2", "M2.1").index(lesson)
    terms = ". ".join(f"Baca [[istilah-{number:02d}]] lebih dahulu" for number in range(place * 17 + 1, place * 17 + 18))
    facts = {
        "M1.1": f"/// fakta | menu-akun | {AGAIN} | tinggi\nMenu itu berada di Pusat Akun.\n///\n\n",
        "M1.2": f"/// fakta | menu-baru | {AGAIN} | belum pasti\nMenu baru itu belum pasti tersedia. Lihat dahulu.\n///\n\n",
    }
    return (
        f"/// situasi | Pagi di kantor dinas\nPukul 09.20 WITA, telepon kantor berdering. {_sentences(place, 6)}\n///\n\n"
        f"## Siapa memegang akun {{tujuan 1}}\n\n{terms}.\n\n{_sentences(10 + place, 20)}\n\n"
        "/// gambar | alur.svg\nSebuah kotak bertuliskan laporan dikirim oleh admin ke kantor.\n\n"
        "Laporan sampai pada hari yang sama.\n///\n\n"
        f"{_check(1, 1 + place % 2)}"
        f"## Bila akses tertinggal {{tujuan 2}}\n\n{_sentences(30 + place, 20)}\n\n{facts.get(lesson, '')}"
        "/// unggahan | Dinas Kesehatan | contoh\nKANTOR BUKA HARI SENIN! Datanglah pukul 08.00 WIB. 🎉\n///\n\n"
        f"{_check(2, 2 - place % 2)}"
        f"## Kapan daftar ditinjau\n\nTanyakan kepada [pusat bantuan](https://www.facebook.com/help).\n\n{_sentences(50 + place, 8)}\n\n"
        f"/// daftar-periksa | Sebelum pulang\n{_items(5)}\n///\n\n"
        "/// kegiatan | Isi daftar hari ini\nIsi satu lembar selama 20 menit.\n///\n\n"
        f"/// ringkasan\n{_items(3)}\n///\n\n"
        f"/// sumber | {REVIEWED}\n- [Pusat Bantuan Facebook](https://www.facebook.com/help)\n"
        "- Pedoman instansi (diperiksa 2026-10-01)\n///\n"
    )


def _items(count: int) -> str:
    return "\n".join(f"- {PEOPLE[one].capitalize()} {ACTS[one]} {THINGS[one]} hari ini." for one in range(count))


def _check(number: int, answer: int) -> str:
    return (
        f"/// cek | cek-{number}\npertanyaan: Siapa yang meninjau daftar nomor {number}?\npilihan:\n"
        f"- teks: Seorang {'admin' if number == 1 else 'sekretaris'}\n  umpan: Admin memegang daftar itu setiap hari.\n"
        "- teks: Seorang kurir\n  umpan: Kurir tidak memegang daftar akun.\n"
        f"jawaban: {answer}\n///\n\n"
    )


def _question(module: str, number: int) -> dict[str, Any]:
    """Of ten in a row: six single, one scenario, one statement, one multiple, one of the other kinds."""
    lessons = CODES[module]
    made: dict[str, Any] = {
        "code": f"{module}-{number:03d}",
        "kind": ("single",) * 6 + ("scenario", "true_false", "multiple", ("short_answer", "matching", "ordering")[number // 10 % 3]),
        "level": ("easy", "medium", "hard")[number // 2 % 3],
        "lesson": lessons[number % len(lessons)],
        "objective": number // 2 % 2 + 1,
    }
    made["kind"] = made["kind"][number % 10]
    who, act, place = PEOPLE[number // 9], ACTS[number % 9], PLACES[number % 6]
    made["text"] = f"Apa yang {act} {who} di {place} menurut pedoman?"
    made |= _asked(made["kind"], number, who, act)
    made["feedback"] = f"Pedoman meminta {who} {act} {THINGS[number % 12]} pada hari yang sama."
    return made


def _asked(kind: str, number: int, who: str, act: str) -> dict[str, Any]:
    tag = f"keliru-{number % 3 + 1}"
    things = [f"{THINGS[(number + step * 3) % 12]} dari {who}" for step in range(4)]
    key = "ABCD"[(number + number // 10) % 4]
    if kind in {"single", "scenario"}:
        wrong = [letter for letter in "ABCD" if letter != key]
        things["ABCD".index(wrong[0])] += " lama sekali"
        scenario = {"scenario": f"Kantor {who} baru pindah ke gedung lain."} if kind == "scenario" else {}
        return scenario | {"choices": things, "key": key, "misconceptions": dict.fromkeys(wrong, tag)}
    if kind == "multiple":
        return {"choices": things, "key": ["A", "C"], "misconceptions": {"B": tag, "D": tag}}
    if kind == "true_false":
        is_true = bool(number // 10 % 2)
        return {
            "text": f"Tugas {who} ialah {act} {THINGS[number % 12]} instansi.",
            "key": is_true,
            "misconceptions": {"false" if is_true else "true": tag},
        }
    if kind == "matching":
        return {"pairs": [{"left": f"tugas {ACTS[number % 9 - step]}", "right": things[step]} for step in range(3)]}
    return {"accepted": things[:2]} if kind == "short_answer" else {"order": things[:3]}


def _quiz(code: str) -> dict[str, Any]:
    return {
        "kind": "quiz",
        "code": f"{code}-KUIS",
        "slug": "kuis",
        "title": "Kuis",
        "minutes": 0,
        "purpose": "module",
        "intro": "Delapan soal diambil acak.",
        "draw": [{"module": code, "count": 8}],
        "attempts_allowed": 3,
        "remedial_attempts": 0,
        "time_limit": None,
        "pass_mark": 0.7,
        "feedback": "after_submit",
        "shuffle": True,
    }


def _assignment() -> dict[str, Any]:
    levels = [{"title": title, "points": points, "text": f"Isinya {title.lower()}."} for title, points in (("Baik", 1), ("Kurang", 0.25))]
    why = "Karena semua akun tercatat beserta pemegang keduanya."
    samples = [
        {
            "kind": kind,
            "title": f"Contoh {level.lower()}",
            "body": "Semua akun dinas sudah tercatat.\nTinjauan berikutnya bulan depan.\n",
            "scores": [{"criterion": name, "level": level, "why": why} for name in ("Kelengkapan", "Ketepatan")],
        }
        for kind, level in (("exemplary", "Baik"), ("weak", "Kurang"))
    ]
    return {
        "kind": "assignment",
        "code": "M1-TUGAS",
        "slug": "tugas",
        "title": "Audit akun",
        "minutes": 45,
        "intro": "Dikerjakan di instansi Anda.",
        "pass_mark": 0.6,
        "attempts_allowed": 1,
        "question": "M1-TUGAS-1",
        "instructions": ["Pilih satu kanal."],
        "deliverables": ["Lembar audit"],
        "prohibitions": ["Jangan menulis kata sandi."],
        "files": {"types": ["xlsx"], "max_bytes": 2_000_000, "max_count": 3},
        "rubric": [{"criterion": name, "weight": 50, "levels": levels} for name in ("Kelengkapan", "Ketepatan")],
        "template": {"file": "lembar.xlsx", "title": "Lembar audit"},
        "samples": samples,
    }
