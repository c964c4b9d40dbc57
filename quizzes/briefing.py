"""What a learner reads before the clock starts: every rule of the quiz in words, the person's own times and exceptions first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linimasa.templatetags.ui import duration_words

from . import checking, windows
from .marking import release
from .models import FeedbackRule, Release
from .standing import Standing


def sentences(rules: Mapping[str, Any], standing: Standing) -> list[str]:
    """The rules in the order in which they matter; nothing that is as everyone expects it."""
    is_timed = bool(rules.get("time_limit") or standing.closes_at)
    told = [*windows.sentences(standing), *_time(is_timed)]
    told.append(_saving(rules))
    late = "; yang tiba setelah waktu habis tidak dihitung" if is_timed else ""
    told.append(f"Sinyal putus? Tetap jawab. Jawaban menunggu di perangkat ini dan terkirim saat tersambung{late}.")
    return [*told, *_attempts(rules, standing), feedback_sentence(rules), *_marking(rules)]


def _time(is_timed: bool) -> list[str]:
    if is_timed:
        counted = "Waktu dihitung jam server sejak Anda menekan Mulai, juga saat halaman ditutup."
        return [f"{counted} Setelah habis, jawaban yang tersimpan terkirim sendiri."]
    return ["Boleh berhenti dan melanjutkan kapan saja. Jawaban yang tersimpan tidak hilang."]


def _saving(rules: Mapping[str, Any]) -> str:
    size = rules.get("page_size", 1)
    pages = f"Setiap halaman memuat {size} soal. " if size > 1 else ""
    back = "Boleh melewati soal dan kembali lagi sebelum mengirim"
    back += ", kecuali soal yang sudah diperiksa." if checking.explains(rules) else "."
    return f"{pages}Setiap jawaban tersimpan begitu diberikan. {back}"


def _attempts(rules: Mapping[str, Any], standing: Standing) -> list[str]:
    if rules["attempts_allowed"] == 1 and not rules.get("remedial_attempts") and not standing.allowance.extra_attempts:
        return []
    remedial = rules.get("remedial_attempts", 0)
    again = f"Belum lulus? Ada {remedial} kesempatan remedial, dengan soal yang belum Anda temui selama masih ada. " if remedial else ""
    kept = "" if windows.counting(rules) == "Nilai tertinggi" else " Kelulusan yang sudah diperoleh tidak hilang oleh percobaan berikutnya."
    told = [f"{again}{windows.counting(rules)} yang dipakai.{kept}"]
    if minutes := rules.get("waiting_minutes"):
        told.append(f"Jeda {duration_words(minutes)} di antara dua percobaan.")
    return told


def _marking(rules: Mapping[str, Any]) -> list[str]:
    told = ["Nilai diumumkan pengajar bersama-sama untuk semua peserta."] if rules.get("release") == Release.HELD else []
    return told + (["Penilai tidak melihat nama Anda."] if rules.get("names_hidden") else [])


def feedback_sentence(rules: Mapping[str, Any]) -> str:
    """When explanations are shown. Marks that are held hold them too."""
    if release.is_held(rules) and rules["feedback"] in {FeedbackRule.DURING, FeedbackRule.AFTER_SUBMIT}:
        return "Penjelasan tiap soal muncul setelah nilai diumumkan."
    return {
        FeedbackRule.DURING: "Tekan Periksa setelah menjawab: penjelasannya muncul, dan jawaban soal itu tidak dapat diubah lagi.",
        FeedbackRule.AFTER_SUBMIT: "Penjelasan tiap soal muncul setelah Anda mengirim jawaban.",
        FeedbackRule.AFTER_CLOSE: "Penjelasan tiap soal muncul setelah kuis ini ditutup bagi semua peserta. Pada kelas mandiri tanpa waktu "
        "tutup: setelah Anda lulus atau kesempatan habis.",
        FeedbackRule.NEVER: "Jawaban yang tepat tidak ditampilkan.",
    }[FeedbackRule(rules["feedback"])]
