"""Our questions from what other systems know: answers with fractions of 100, pairs, numbers. What is not ours is said, never guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from linimasa import writing

from ..kinds.choice import LETTERS
from ..models import Level, QuestionKind
from .rows import Row, title_of

FULL, CLOSE = 100.0, 0.01
RULE = "Nilai di sini: (pilihan tepat − pilihan keliru) ÷ banyaknya kunci, paling sedikit 0. Bobot di berkas asal berbeda."


@dataclass
class Answer:
    """One answer or option: ``fraction`` of 100, negative for a deduction."""

    text: str
    fraction: float = 0.0
    feedback: str = ""


def start(row: Row, kind: QuestionKind, text: str) -> None:
    """The beginning of every question. The level is medium until a tag says otherwise."""
    row.kind = kind.value
    row.question |= {"kind": kind.value, "level": Level.MEDIUM.value, "text": text}
    row.title = row.title or title_of(text)


def choices(row: Row, text: str, answers: Sequence[Answer], *, one_only: bool, feedback: str) -> Row:
    """Single or multiple choice. Options without a text and weights that we cannot keep are refused by name."""
    start(row, QuestionKind.SINGLE if one_only else QuestionKind.MULTIPLE, text)
    if len(answers) > len(LETTERS):
        return row.refuse(f"Ada {len(answers)} pilihan; paling banyak {len(LETTERS)}. Kurangi pilihannya.")
    right = [place for place, one in enumerate(answers) if one.fraction > CLOSE]
    row.question["choices"] = [one.text for one in answers]
    if not right:
        return row.refuse("Tidak ada pilihan yang tepat. Tandai sekurang-kurangnya satu.")
    if one_only:
        _one_key(row, answers, right)
    else:
        _several_keys(row, answers, right)
    _options_feedback(row, {LETTERS[place]: one.feedback for place, one in enumerate(answers)})
    return explain(row, feedback, [answers[place].text for place in right])


def _one_key(row: Row, answers: Sequence[Answer], right: list[int]) -> None:
    full = [place for place in right if answers[place].fraction >= FULL - CLOSE]
    partial = [f"“{title_of(answers[place].text)}” ({writing.decimal(answers[place].fraction)}%)" for place in right if place not in full]
    if partial:
        row.refuse(f"Nilai sebagian tidak dikenal pada satu jawaban: {', '.join(partial)}. Jadikan 0 atau 100.")
    elif len(full) > 1:
        row.refuse(f"Ada {len(full)} pilihan bernilai penuh pada soal satu jawaban. Sisakan satu, atau jadikan soal beberapa jawaban.")
    else:
        row.question["key"] = LETTERS[full[0]]
    if any(one.fraction < -CLOSE for one in answers):
        row.note("Pengurangan nilai untuk pilihan keliru tidak ikut: di sini pilihan keliru bernilai 0.")


def _several_keys(row: Row, answers: Sequence[Answer], right: list[int]) -> None:
    share = FULL / len(right)
    if any(abs(answers[place].fraction - share) > 1 for place in right):
        parts = ", ".join(f"{writing.decimal(answers[place].fraction)}%" for place in right)
        row.refuse(
            f"Pilihan yang tepat berbobot berbeda ({parts}). Di sini bobotnya sama: jadikan {writing.decimal(share)}% masing-masing."
        )
        return
    row.question["key"] = [LETTERS[place] for place in right]
    if any(abs(one.fraction + share) > 1 for place, one in enumerate(answers) if place not in right):
        row.note(RULE)


def true_false(row: Row, text: str, *, is_true: bool, feedback: str, said: tuple[str, str] = ("", "")) -> Row:
    """``said``: feedback to the choices true and false."""
    start(row, QuestionKind.TRUE_FALSE, text)
    row.question["key"] = is_true
    _options_feedback(row, {"true": said[0], "false": said[1]})
    return explain(row, feedback, ["Benar" if is_true else "Salah"])


def short_answer(row: Row, text: str, answers: Sequence[Answer], *, feedback: str, by_case: bool = False, wildcards: bool = True) -> Row:
    """One line of text. Answers of 0 are only other systems' feedback; answers of a part are refused by name.

    ``wildcards``: ``*`` stands for anything, unless ``\\*`` is written.
    """
    start(row, QuestionKind.SHORT_ANSWER, text)
    full = [one for one in answers if one.fraction >= FULL - CLOSE]
    if partial := [title_of(one.text) for one in answers if CLOSE < one.fraction < FULL - CLOSE]:
        row.refuse(f"Nilai sebagian tidak dikenal pada isian singkat: “{'”, “'.join(partial)}”. Jadikan 0 atau 100.")
    if wildcards and (wild := [title_of(one.text) for one in full if "*" in one.text.replace("\\*", "")]):
        row.refuse(f"Tanda * sebagai pengganti huruf tidak dikenal: “{'”, “'.join(wild)}”. Tulis setiap jawaban yang diterima.")
    row.question["accepted"] = _once(one.text.replace("\\*", "*") if wildcards else one.text for one in full)
    if by_case:
        row.note("Huruf besar dan kecil dianggap sama di sini.")
    return _single_feedback(row, answers, feedback, row.question["accepted"][:1])


def matching(row: Row, text: str, pairs: Sequence[tuple[str, str]], *, feedback: str) -> Row:
    start(row, QuestionKind.MATCHING, text)
    if stray := [title_of(right) for left, right in pairs if not left.strip()]:
        row.refuse(f"Jawaban tanpa pasangan (pengecoh) tidak dikenal pada menjodohkan: “{'”, “'.join(stray)}”. Hapus.")
    row.question["pairs"] = [{"left": left, "right": right} for left, right in pairs if left.strip()]
    return explain(row, feedback, [])


def ordering(row: Row, text: str, parts: Sequence[str], *, feedback: str) -> Row:
    """``parts`` in the right order."""
    start(row, QuestionKind.ORDERING, text)
    row.question["order"] = list(parts)
    return explain(row, feedback, [])


def explain(row: Row, feedback: str, right: Sequence[str]) -> Row:
    """Every question of ours explains itself; what came without an explanation says what is right."""
    row.question["feedback"] = feedback or filled(right)
    if not feedback:
        row.note("Umpan balik belum ada, jadi diisi kunci jawabannya. Lengkapi dengan alasannya.")
    return row


def filled(right: Sequence[str]) -> str:
    """The feedback that stands in for a missing one."""
    return f"Yang tepat: {'; '.join(right)}." if right else "Bandingkan jawaban Anda dengan kunci di atas."


def _single_feedback(row: Row, answers: Sequence[Answer], feedback: str, right: Sequence[str]) -> Row:
    """Questions without options know one feedback: the general one, else that of the right answer."""
    said = [one.feedback for one in answers if one.feedback]
    mine = feedback or next((one.feedback for one in answers if one.feedback and one.fraction >= FULL - CLOSE), "")
    if left := [one for one in said if one != mine]:
        row.note(f"Umpan balik per jawaban tidak ikut: “{title_of(left[0])}”.")
    return explain(row, mine, right)


def _options_feedback(row: Row, said: dict[str, str]) -> None:
    kept = {place: text for place, text in said.items() if text}
    if kept:
        row.question["feedback_options"] = kept


def _once(texts: object) -> list[str]:
    return list(dict.fromkeys(texts))  # type: ignore[call-overload]
