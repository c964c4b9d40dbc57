"""A small course as files, for tests that load it."""

from __future__ import annotations

from pathlib import Path

FIGURE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 120">
<title>Dua langkah: periksa, lalu laporkan.</title>
<defs><marker id="panah" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>
<rect class="f-surface s-line" x="12" y="20" width="120" height="60" rx="8"/>
<path class="f-none s-ink" stroke-width="2" d="M140 50H210" marker-end="url(#panah)"/>
<text class="t" x="72" y="54" text-anchor="middle">Periksa &amp; simpan</text>
</svg>
"""
GLOSSARY = """- slug: akses-mitra
  term: akses mitra
  definition: Izin bagi instansi lain untuk bekerja pada aset Anda.
- slug: kunci-sandi
  term: kunci sandi
  definition: Cara masuk tanpa kata sandi.
  also:
  - passkey
"""
FACTS = """- key: lima-tagar
  fact: Paling banyak lima tagar.
  confidence: belum pasti
  origin: Banyak media.
  lessons:
  - M1.1
  - M2.2
  review_again_on: 2027-02-20
"""
MISCONCEPTIONS = """centang-pasti-resmi: Mengira tanda centang selalu berarti akun resmi.
satu-admin-cukup: Mengira satu admin sudah cukup.
"""
GUIDE = """---
slug: sesi-a
title: Akun aman, warga tenang
minutes: 45
summary: Bedah dua insiden.
---

## Pembuka {tujuan 1}

Sapa peserta. <script>alert(1)</script>
"""


def small_course(root: Path) -> Path:
    """Two modules of one and two lessons, and an orientation."""
    write(
        root / "course.yaml",
        "slug: kecil\ntitle: Kursus Kecil\nprogramme:\n- title: Orientasi\n  minutes: 45\n  items: [orientasi.md]\n"
        "- module: m1-satu\n  title: Modul 1\n  minutes: 45\n- module: m2-dua\n  title: Modul 2\n  minutes: 90\n"
        "rules:\n  post_test_at_least: 0.7\n  each_assignment_at_least: 0.6\n  assignments_mean_at_least: 0.7\n"
        "  weights: {post_test: 40, assignments: 45}\n  predicates: [[70, Baik]]\n  jp_self_paced: 3\n  jp_scheduled: 4\n",
    )
    write(root / "orientasi.md", lesson("ORIENTASI", "orientasi", 45))
    for number, name, minutes in ((1, "satu", [45]), (2, "dua", [45, 45])):
        files = [f"{index:02d}.md" for index in range(1, len(minutes) + 1)]
        write(
            root / f"m{number}-{name}" / "module.yaml",
            f"code: M{number}\nslug: {name}\ntitle: Modul {name}\noutline: [{', '.join(files)}]\n",
        )
        for index, minute in enumerate(minutes, start=1):
            write(root / f"m{number}-{name}" / f"{index:02d}.md", lesson(f"M{number}.{index}", f"pelajaran-{index}", minute))
    return root


def lesson(code: str, slug: str, minutes: int, body: str = "## Isi\n\nTeks.") -> str:
    return f"---\ncode: {code}\nslug: {slug}\ntitle: Pelajaran {code}\nminutes: {minutes}\n---\n\n{body}\n"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def add_companions(root: Path) -> None:
    """One of everything that goes with a course; lesson M1.1 shows the figure."""
    write(root / "glossary.yaml", GLOSSARY)
    write(root / "facts.yaml", FACTS)
    write(root / "misconceptions.yaml", MISCONCEPTIONS)
    write(root / "guides" / "sesi-a.md", GUIDE)
    write(root / "media" / "figures" / "dua-langkah.svg", FIGURE)
    change(root / "m1-satu" / "01.md", "Teks.", "/// gambar | dua-langkah.svg\nDua kotak dan panah.\n\nDua langkah.\n///")


def bytes_of(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}
