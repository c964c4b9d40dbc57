"""Two texts beside each other: what was added, removed, changed and moved."""

from __future__ import annotations

import time

from courses.aligning import passages, word_pieces

OLD = (
    "## Pola\n\nAlamat pengirim adalah bukti utama yang dapat dipercaya.\n\n"
    "## Kebiasaan\n\nKode OTP tidak dibagikan kepada siapa pun.\n\nTutup.\n"
)


def told(old: str, new: str) -> list[tuple[str, str]]:
    return [(one.kind, one.heading) for one in passages(old, new)]


def test_the_same_text_is_one_run_of_the_same():
    (one,) = passages(OLD, OLD)
    assert (one.kind, one.count, one.count_words) == ("same", 5, "Lima paragraf")


def test_a_changed_paragraph_is_told_word_by_word_under_its_heading():
    found = passages(OLD, OLD.replace("adalah bukti utama", "bukan bukti utama"))
    assert [one.kind for one in found] == ["same", "changed", "same"]
    changed = found[1]
    assert changed.heading == "Pola"
    assert [(piece.kind, piece.text) for piece in changed.pieces if piece.kind != "same"] == [("removed", "adalah"), ("added", "bukan")]


def test_a_paragraph_that_stands_elsewhere_was_moved_not_removed_and_added():
    first, rest = "Kode OTP tidak dibagikan kepada siapa pun.", OLD
    new = f"{first}\n\n" + rest.replace(f"{first}\n\n", "")
    kinds = [kind for kind, _ in told(OLD, new)]
    assert kinds.count("moved") == 1 and "removed" not in kinds and "added" not in kinds


def test_a_moved_paragraph_whose_words_changed_too_shows_both():
    old = "Satu dua tiga empat lima enam tujuh delapan.\n\nTetap di sini saja selalu.\n\nBegitu pula yang ini dan itu.\n"
    new = "Tetap di sini saja selalu.\n\nBegitu pula yang ini dan itu.\n\nSatu dua tiga empat lima enam tujuh sembilan.\n"
    found = [one for one in passages(old, new) if one.kind != "same"]
    assert [one.kind for one in found] == ["moved"]
    assert [(piece.kind, piece.text) for piece in found[0].pieces if piece.kind != "same"] == [
        ("removed", "delapan."),
        ("added", "sembilan."),
    ]


def test_paragraphs_that_come_and_go_are_told_as_such():
    assert [kind for kind, _ in told(OLD, OLD + "\nSama sekali baru di akhir naskah.\n")] == ["same", "added"]
    assert [kind for kind, _ in told(OLD, OLD.replace("\n\nTutup.\n", "\n"))] == ["same", "removed"]
    assert told("", "Baru.\n") == [("added", "")] and told("Lama.\n", "") == [("removed", "")]


def test_nothing_is_lost_or_made_up():
    new = OLD.replace("OTP", "enam digit dan PIN") + "\nParagraf baru.\n"
    pieces = [piece for one in passages(OLD, new) for piece in (one.pieces or [type("P", (), {"kind": "same", "text": one.text})])]
    assert " ".join("".join(one.text + " " for one in pieces if one.kind != "added").split()) == " ".join(OLD.split())
    assert " ".join("".join(one.text + " " for one in pieces if one.kind != "removed").split()) == " ".join(new.split())


def test_long_and_hostile_texts_take_no_long_time():
    start = time.perf_counter()
    passages("\n\n".join(f"Paragraf {n} lama sekali." for n in range(800)), "\n\n".join(f"Baris {n} yang lain." for n in range(800)))
    passages("a " * 30_000, "b " * 30_000)
    word_pieces("x\n" * 5_000, "y\n" * 5_000)
    assert time.perf_counter() - start < 5


def test_a_phrase_that_changed_is_told_as_one():
    pieces = [(one.kind, one.text) for one in word_pieces("Dalam 24 jam sejak surel.\n", "Dalam satu hari sejak surel.\n")]
    assert pieces == [("same", "Dalam "), ("removed", "24 jam"), ("added", "satu hari"), ("same", " sejak surel.\n")]
