"""What a publication changes for those who start an attempt after it, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from courses.models import Activity

from .models import QuestionVersion

Data = Mapping[str, Any]
RULE_WORDS = {
    "purpose": "tujuan",
    "intro": "pengantar",
    "draw": "pengambilan soal",
    "attempts_allowed": "jumlah kesempatan",
    "remedial_attempts": "jumlah remedial",
    "time_limit": "batas waktu",
    "pass_mark": "batas lulus",
    "feedback": "aturan umpan balik",
    "shuffle": "pengacakan",
    "shuffle_groups": "pengacakan dalam kelompok",
    "page_size": "jumlah soal per halaman",
    "grade_method": "nilai yang dipakai",
    "waiting_minutes": "jeda antarpercobaan",
    "conditions": "syarat",
    "names_hidden": "penyembunyian nama",
    "release": "pengumuman nilai",
    "second_marking": "penilaian oleh dua pengajar",
    "questions": "jumlah soal",
}
FACT_WORDS = {
    "kind": "jenis",
    "level": "tingkat",
    "lesson": "pelajaran",
    "objective": "tujuan pelajaran",
    "tags": "tag",
    "category": "kategori",
    "code": "kode",
}
CONTENT_WORDS = {
    "scenario": "skenario",
    "text": "pertanyaan",
    "choices": "pilihan",
    "key": "kunci",
    "misconceptions": "label salah paham",
    "accepted": "jawaban yang diterima",
    "pairs": "pasangan",
    "order": "urutan",
    "values": "nilai yang diterima",
    "units": "satuan",
    "unit_needed": "keharusan satuan",
    "passage": "teks berisian",
    "gaps": "isian",
    "picture": "gambar",
    "regions": "bagian gambar",
    "feedback_options": "alasan pilihan",
    "feedback": "penjelasan",
    "instructions": "petunjuk",
    "deliverables": "yang dikirim",
    "prohibitions": "larangan",
    "files": "aturan berkas",
    "template": "lembar kerja",
    "rubric": "rubrik",
    "samples": "contoh jawaban",
}


def sentences(old: Data, new: Data) -> list[str]:
    """The differences of two frozen parts (see ``QuizzesPart.freeze``): questions, then rules. Two statements at most."""
    before = {one["question"]: one for one in old.get("bank", [])}
    after = {one["question"]: one for one in new.get("bank", [])}
    told = [f"Soal {after[one]['code']} ditambahkan." for one in after if one not in before]
    told += [f"Soal {before[one]['code']} dikeluarkan." for one in before if one not in after]
    changed = [(before[one], after[one]) for one in after if one in before and after[one] != before[one]]
    ids = [one["version"] for pair in changed for one in pair]
    contents = dict(QuestionVersion.objects.filter(pk__in=ids).values_list("pk", "content")) if ids else {}
    told += [f"Soal {now['code']}: {_question(was, now, contents)} berubah." for was, now in changed]
    return told + _rules(old.get("rules", {}), new.get("rules", {}))


def _question(was: Data, now: Data, contents: Mapping[int, Data]) -> str:
    """Which words of a question differ: «kunci, label salah paham»."""
    words = [word for key, word in FACT_WORDS.items() if was.get(key) != now.get(key)]
    old, new = contents.get(was["version"], {}), contents.get(now["version"], {})
    words += [word for key, word in CONTENT_WORDS.items() if old.get(key) != new.get(key)]
    return ", ".join(words) or "isinya"


def _rules(old: Data, new: Data) -> list[str]:
    titles = dict(Activity.objects.filter(pk__in=[*old, *new]).values_list("pk", "title")) if old or new else {}
    pairs = [(titles.get(int(one), "Kuis"), _changed(old.get(one), new.get(one))) for one in sorted({*old, *new}, key=int)]
    return [f"{title}: {changed}." for title, changed in pairs if changed]


def _changed(old: Data | None, new: Data | None) -> str:
    if old is None:
        return "aturan baru"
    if new is None:
        return "aturannya dikeluarkan"
    words = [RULE_WORDS[name] for name in RULE_WORDS if old.get(name) != new.get(name)]
    return f"{', '.join(words)} berubah" if words else ""
