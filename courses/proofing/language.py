"""How it is written: no informal or foreign words, no shouting, no real numbers of people, times with their zone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from . import sentences
from .fault import Fault

RULES = {
    "word-banned": "informal, foreign and misspelt words (the list says what to write)",
    "shouting": "three or more words in capitals, but in an example as post, chat or e-mail",
    "emoji": "emoji, but in an example as post or chat",
    "phone": "a telephone number other than 0812-0000-0000",
    "personal-number": "16 or 18 figures in a row (an identity number, a civil servant's number)",
    "time-zone": "«pukul 09.20» without WIB, WITA or WIT in its sentence",
    "double-space": "two spaces in a row inside a line",
    "straight-quote": 'a straight " where “ and ” belong',
}
BANNED = {
    "nggak": "tidak", "gak": "tidak", "kalian": "Anda", "kamu": "Anda", "banget": "sangat", "aja": "saja", "kayak": "seperti",
    "dong": "(hapus)", "sih": "(hapus)", "bikin": "membuat", "gimana": "bagaimana", "email": "surel", "e-mail": "surel",
    "password": "kata sandi", "username": "nama pengguna", "link": "tautan", "upload": "unggah", "download": "unduh",
    "online": "daring", "offline": "luring", "posting": "mengunggah", "postingan": "unggahan", "caption": "takarir",
    "subtitle": "takarir", "hashtag": "tagar", "followers": "pengikut", "deadline": "tenggat", "login": "masuk", "logout": "keluar",
    "sign in": "masuk", "smartphone": "gawai", "gadget": "gawai", "analisa": "analisis", "resiko": "risiko",
    "aktifitas": "aktivitas", "praktek": "praktik", "jadual": "jadwal", "standarisasi": "standardisasi", "ijin": "izin",
    "silahkan": "silakan", "sekedar": "sekadar", "merubah": "mengubah", "obyek": "objek", "subyek": "subjek", "methode": "metode",
    "sistim": "sistem", "photo": "foto", "diatas": "di atas", "dibawah": "di bawah", "dimana": "di mana", "disini": "di sini",
    "disana": "di sana", "dimasa": "di masa",
}  # fmt: skip
# Names that hold a banned word, and one expression of a question that the ministry gave.
PRODUCTS = ("Facebook Login", "Online Single Submission", "Click to WhatsApp", "kuki login")
PHONE = "081200000000"
EXAMPLES = frozenset({"unggahan", "obrolan", "surel"})

_BANNED = re.compile(rf"(?<![\w./@-])(?:{'|'.join(sorted(map(re.escape, BANNED), key=len, reverse=True))})(?![\w@/-]|\.\w)", re.I)
_PRODUCTS = re.compile("|".join(map(re.escape, PRODUCTS)))
_SHOUT = re.compile(r"(?<![\w-])[A-Z]{2,}(?:[-!]?[ ][A-Z]{2,}){2,}(?![\w-])")
_LEAST_SHOUTED = 12  # letters: «UU ITE MK» is no shout
_EMOJI = re.compile(
    "[\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff\ufe0f\u2614\u2615\u26a0\u26a1\u26bd\u26d4\u2705\u270a-\u270d\u2728\u274c\u274e\u2753-\u2757\u2764"
    "\u2795-\u2797\u2b50\u2b55]"
)
_PHONE = re.compile(r"(?<![\d.,/-])(?:\+?62[ -]?|0)8\d{1,2}(?:[ .-]?\d{3,5}){2}(?!\d)|\(0\d{2,3}\)[ -]?\d{3,4}[ -]?\d{3,4}(?!\d)")
_PERSONAL = re.compile(r"(?<![\d.,/=-])(?:\d{18}|\d{16}|\d{8} \d{6} \d \d{3}|\d{4} \d{4} \d{4} \d{4})(?![\d/-])")
_TIME = re.compile(r"\bpukul \d{1,2}(?:[.:]\d\d)?", re.I)
_ZONE = re.compile(r"\b(?:WIB|WITA|WIT)\b|\bwaktu (?:setempat|daerah)\b")
_DOUBLE = re.compile(r"\S {2,}\S")


@dataclass(frozen=True)
class Passage:
    """A text that people read: ``first_line`` is its line in ``file``; ``setting`` the name of the block that it stands in."""

    file: str
    first_line: int
    text: str
    setting: str = ""


def placed(where: str, *texts: str) -> Iterator[Passage]:
    """A passage for each of these values of the mapping that begins at ``where`` («file:line»)."""
    file, _, line = where.partition(":")
    for text in texts:
        yield Passage(file, int(line) if line.isdigit() else 1, text)


def language_faults(passages: Iterable[Passage]) -> Iterator[Fault]:
    """The faults of wording in these texts."""
    for passage in passages:
        shown = sentences.plain(passage.text)
        yield from _word_faults(passage, shown)
        yield from _sign_faults(passage, shown)
        yield from _number_faults(passage)
        yield from _time_faults(passage, shown)


def _at(passage: Passage, text: str, offset: int) -> str:
    return f"{passage.file}:{passage.first_line + text.count(chr(10), 0, offset)}"


def _word_faults(passage: Passage, shown: str) -> Iterator[Fault]:
    for found in _BANNED.finditer(_PRODUCTS.sub(lambda name: "x" * len(name[0]), shown)):
        better = BANNED[found[0].lower()]
        yield Fault("word-banned", _at(passage, shown, found.start()), f"Kata “{found[0]}” tidak dipakai. Tulis: {better}.")
    for found in _SHOUT.finditer(shown):
        if passage.setting not in EXAMPLES and sum(map(str.isalpha, found[0])) >= _LEAST_SHOUTED:
            where = _at(passage, shown, found.start())
            yield Fault("shouting", where, f"“{found[0]}” ditulis dengan huruf besar semua. Pakai huruf kecil dan tebalkan bila perlu.")


def _sign_faults(passage: Passage, shown: str) -> Iterator[Fault]:
    emoji = _EMOJI.search(shown)
    if emoji and passage.setting not in {"unggahan", "obrolan"}:
        yield Fault(
            "emoji", _at(passage, shown, emoji.start()), f"Emoji {emoji[0]} hanya dipakai dalam contoh unggahan atau obrolan. Hapus."
        )
    for number, line in enumerate(shown.split("\n"), passage.first_line):
        where = f"{passage.file}:{number}"
        if (double := _DOUBLE.search(line.strip())) and not line.lstrip().startswith("|"):
            yield Fault("double-space", where, f"Ada dua spasi berturut-turut di “{double[0]}”. Sisakan satu.")
        if '"' in line:
            yield Fault("straight-quote", where, 'Tanda kutip lurus (") dipakai dalam teks. Tulis “ dan ”.')


def _number_faults(passage: Passage) -> Iterator[Fault]:
    """Also in code: a number that could be somebody's must stand nowhere."""
    for found in _PHONE.finditer(passage.text):
        digits = re.sub(r"\D", "", found[0])
        if f"0{digits[2:]}" != PHONE and digits != PHONE:
            where = _at(passage, passage.text, found.start())
            yield Fault("phone", where, f"Nomor {found[0]} dapat saja milik seseorang. Pakai nomor contoh 0812-0000-0000.")
    for found in _PERSONAL.finditer(passage.text):
        count = len(re.sub(r"\D", "", found[0]))
        where = _at(passage, passage.text, found.start())
        yield Fault("personal-number", where, f"Deretan {count} angka menyerupai NIK atau NIP. Hapus, atau samarkan dengan tanda bintang.")


def _time_faults(passage: Passage, shown: str) -> Iterator[Fault]:
    for line, unit in sentences.units(shown, passage.first_line):
        for sentence in sentences.split(unit):
            found = _TIME.search(sentence)
            if found and not _ZONE.search(sentence, found.end()):
                yield Fault("time-zone", f"{passage.file}:{line}", f"“{found[0]}” tanpa zona. Tulis WIB, WITA, atau WIT dalam kalimat itu.")
