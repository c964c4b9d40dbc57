"""What a publication changes for those who start an attempt after it, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count

from courses.comparing import Detail, Piece, word_pieces
from courses.models import Activity
from linimasa import writing

from .models import QuestionVersion, Response

Data = Mapping[str, Any]
MOST_TOLD_ALONE = 3
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
KEYS_TO_AN_ANSWER = ("key", "accepted", "pairs", "order", "values", "gaps", "regions")
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
    told = _gathered([after[one]["code"] for one in after if one not in before], "ditambahkan")
    told += _gathered([before[one]["code"] for one in before if one not in after], "dikeluarkan")
    changed = [(before[one], after[one]) for one in after if one in before and after[one] != before[one]]
    ids = [one["version"] for pair in changed for one in pair]
    contents = dict(QuestionVersion.objects.filter(pk__in=ids).values_list("pk", "content")) if ids else {}
    told += [f"Soal {now['code']}: {_question(was, now, contents)} berubah." for was, now in changed]
    return told + _rules(old.get("rules", {}), new.get("rules", {}))


def _gathered(codes: list[str], word: str) -> list[str]:
    """A sentence a question; of many, one sentence."""
    if len(codes) <= MOST_TOLD_ALONE:
        return [f"Soal {code} {word}." for code in codes]
    return [f"{writing.number_word(len(codes)).capitalize()} soal {word}: {writing.listed(codes)}."]


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


def details(old: Data, new: Data) -> list[Detail]:
    """Every changed question word by word; where the key changed, how many answers stay judged by the old one. Three statements at most."""
    before = {one["question"]: one for one in old.get("bank", [])}
    after = {one["question"]: one for one in new.get("bank", [])}
    pairs = [(before.get(one), now) for one, now in after.items() if before and before.get(one) != now]
    ids = {one["version"] for pair in pairs for one in pair if one}
    contents = dict(QuestionVersion.objects.filter(pk__in=ids).values_list("pk", "content")) if ids else {}
    found = [*_works(old, new), *(_detail(was, now, contents) for was, now in pairs)]
    meant = [was["version"] for was, now in pairs if was and _means_otherwise(was, now, contents)]
    rows = Response.objects.filter(question_version__in=meant, attempt__submitted_at__isnull=False) if meant else Response.objects.none()
    judged = dict(rows.order_by().values_list("question_version").annotate(n=Count("pk"))) if meant else {}
    for (was, _), detail in zip(pairs, found[len(found) - len(pairs) :], strict=True):
        if was and (count := judged.get(was["version"])):
            detail.note = f"{count} jawaban lama tetap dinilai dengan kunci lama dan tidak ditampilkan sebagai kesalahan."
    return [detail for detail in found if detail.lines]


def _works(old: Data, new: Data) -> list[Detail]:
    """The tasks of practical work that two states of its rules hold (see ``ruling.state``; a version holds them as questions)."""
    before = {key: rules["work"] for key, rules in old.get("rules", {}).items() if "work" in rules}
    after = {key: rules["work"] for key, rules in new.get("rules", {}).items() if "work" in rules}
    return [Detail("Tugas", _lines(before[key], now)) for key, now in after.items() if key in before and before[key] != now]


def _lines(old: Data, new: Data) -> list[tuple[str, list[Piece]]]:
    """Part by part what differs between two contents of a question, word by word."""
    sides = [(word, in_words(old.get(key)), in_words(new.get(key))) for key, word in CONTENT_WORDS.items()]
    return [(word, word_pieces(left, right)) for word, left, right in sides if left != right]


def _means_otherwise(was: Data, now: Data, contents: Mapping[int, Data]) -> bool:
    old, new = contents.get(was["version"], {}), contents.get(now["version"], {})
    return any(old.get(key) != new.get(key) for key in KEYS_TO_AN_ANSWER)


def _detail(was: Data | None, now: Data, contents: Mapping[int, Data]) -> Detail:
    new = contents.get(now["version"], {})
    if was is None:
        lines = [(word, [Piece("added", text)]) for key, word in CONTENT_WORDS.items() if (text := in_words(new.get(key)))]
        return Detail(f"Soal {now['code']}, baru", lines)
    old = contents.get(was["version"], {})
    return Detail(f"Soal {now['code']}", _lines(old, new), _means_otherwise(was, now, contents))


def in_words(value: Any) -> str:
    """Content of a question as text that can be read and compared: a line for each member."""
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if isinstance(value, bool):
        return "benar" if value else "salah"
    if isinstance(value, Mapping):
        return "\n".join(f"{key}: {in_words(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return "\n".join(in_words(one) for one in value)
    return str(value)
