"""What a course asks of its learners: the shape of ``Course.rules``, and its conditions in the words of the checklist."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linimasa import writing

MARKS = ("post_test_at_least", "each_assignment_at_least", "assignments_mean_at_least")
WEIGHTS = ("post_test", "assignments", "participation")
KEYS = (*MARKS, "weights", "predicates", "jp_self_paced", "jp_scheduled", "certificate")
# What is printed, as content/README.md says it.
CERTIFICATE = ("institution", "unit", "unit_code", "place", "mode", "number", "outcomes", "signatory")
SIGNATORY = ("position", "name", "nip")
_ORDER = {"": KEYS, "weights": WEIGHTS, "certificate": CERTIFICATE, "signatory": SIGNATORY}


def in_order(rules: Any, name: str = "") -> Any:
    """The rules with their keys in the order of the files: the database need not keep one. What is unknown comes last, by name."""
    if not isinstance(rules, Mapping):
        return rules
    known = _ORDER.get(name, ())
    return {key: in_order(rules[key], key) for key in (*(key for key in known if key in rules), *sorted(set(rules) - set(known)))}


def rules_problems(rules: Any) -> list[str]:
    """Sentences about what is wrong with these rules; empty when they can be kept."""
    if not isinstance(rules, Mapping):
        return ["Bagian rules harus berisi pasangan kunci dan nilai."]
    found = [f"Aturan «{key}» tidak dikenal." for key in rules if key not in KEYS]
    if not isinstance(rules.get("certificate", {}), Mapping):
        found.append("Aturan «certificate» harus berisi pasangan kunci dan nilai (lihat content/README.md).")
    for key in MARKS:
        if not _number(rules.get(key)) or not 0 <= rules[key] <= 1:
            found.append(f"Aturan «{key}» harus angka 0 sampai 1.")
    for key in ("jp_self_paced", "jp_scheduled"):
        if type(rules.get(key)) is not int or not 0 < rules[key] <= 200:
            found.append(f"Aturan «{key}» harus bilangan JP, 1 sampai 200.")
    weights = rules.get("weights")
    if not isinstance(weights, Mapping) or set(weights) - set(WEIGHTS) or not all(_number(w) and 0 <= w <= 100 for w in weights.values()):
        found.append(f"Aturan «weights» harus memberi angka 0 sampai 100 untuk: {', '.join(WEIGHTS)}.")
    found += _predicate_problems(rules.get("predicates"))
    return found


def _predicate_problems(rows: Any) -> list[str]:
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) and len(row) == 2 for row in rows):
        return ["Aturan «predicates» harus berupa daftar [nilai terendah, predikat]."]
    lowest = [row[0] for row in rows]
    if not all(_number(least) for least in lowest) or not all(isinstance(row[1], str) for row in rows):
        return ["Aturan «predicates» harus berupa daftar [nilai terendah, predikat]."]
    return [] if lowest == sorted(lowest, reverse=True) else ["Urutkan «predicates» dari nilai tertinggi."]


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def module_conditions(rules: Mapping[str, Any], *, lessons: int, assignments: int, is_optional: bool) -> list[str]:
    """What the certificate asks of this module."""
    if is_optional:
        return ["Modul pilihan: menambah JP bila diselesaikan."]
    found = [f"{writing.number_word(lessons).capitalize()} pelajaran selesai"]
    if assignments:
        found.append(f"Tugas praktik, nilai paling rendah {writing.mark(rules.get('each_assignment_at_least', 0.6))}")
    return found


def programme_conditions(rules: Mapping[str, Any]) -> list[str]:
    """What the certificate asks of the whole course."""
    return [
        f"Rata-rata tugas praktik paling rendah {writing.mark(rules.get('assignments_mean_at_least', 0.7))}",
        f"Tes akhir, nilai paling rendah {writing.mark(rules.get('post_test_at_least', 0.7))}",
    ]
