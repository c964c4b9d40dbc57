"""Captions: WebVTT, read strictly enough that every browser shows what was checked, with the line of each fault."""

from __future__ import annotations

import hashlib
import re

from .naming import MediaError, put

MOST_SIGNS = 200_000
MOST_CUES = 2_000
_TIME = r"(?:(\d{2,4}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_CUE = re.compile(rf"{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t]+(?P<settings>.*))?")
_SRT = re.compile(r"\d\d:\d\d:\d\d,\d{3}\s*-->")
_SETTINGS = re.compile(r"(?:(?:vertical|line|position|size|align|region):[\w%.,-]+[ \t]*)*")
_TAG = re.compile(r"</?(?:[cibuv]|ruby|rt|lang)(?:[ .][^<>]*)?>|<\d[\d:.]*>")
_LEFT = re.compile(r"[<>]")


def faults(text: str, seconds: int = 0) -> list[tuple[int, str]]:
    """Line and sentence of each thing that is wrong, at most 20; ``seconds``: how long the film lasts (0: not known)."""
    if len(text) > MOST_SIGNS:
        return [(1, f"Takarir ini lebih panjang dari {MOST_SIGNS // 1000}.000 karakter. Pakai hanya teks yang diucapkan.")]
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]):
        if _SRT.search(text):
            return [(1, "Ini takarir SRT. Simpan sebagai WebVTT: baris pertama WEBVTT, dan titik (bukan koma) sebelum milidetik.")]
        return [(1, "Baris pertama harus WEBVTT. Simpan takarir sebagai WebVTT (.vtt).")]
    found: list[tuple[int, str]] = []
    started, cues = -1.0, 0
    for number, block in _blocks(lines):
        if block[0].startswith("NOTE"):
            continue
        if re.match(r"(?:STYLE|REGION)\b", block[0]):
            found.append((number, "Blok STYLE dan REGION tidak dipakai di sini. Hapus bloknya."))
            continue
        at = 0 if "-->" in block[0] else 1
        if len(block) <= at or "-->" not in block[at]:
            found.append((number, "Di sini diharapkan waktu seperti 00:01.000 --> 00:04.000. Pisahkan takarir dengan baris kosong."))
            continue
        cues += 1
        sentence, begins = _cue(block[at], block[at + 1 :], started, seconds)
        started = max(started, begins)
        if sentence:
            found.append((number + at, sentence))
        for after, line in enumerate(block[at + 1 :], number + at + 1):
            if told := _text(line):
                found.append((after, told))
    if not cues and not found:
        found.append((len(lines), "Takarir ini belum berisi satu teks pun."))
    if cues > MOST_CUES:
        found.append((1, f"Takarir ini berisi lebih dari {MOST_CUES} bagian. Gabungkan yang pendek."))
    return found[:20]


def check(text: str, seconds: int = 0) -> str:
    """The captions as they are kept (``\\n``, one at the end). Raises MediaError that names each line."""
    found = faults(text, seconds)
    if found:
        raise MediaError(" ".join(f"Baris {line}: {sentence}" for line, sentence in found[:5]), "captions")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").strip() + "\n"


def address(text: str) -> str:
    """Where these captions are served: under their hash, so that older versions keep theirs."""
    return f"/m/{hashlib.sha256(text.encode()).hexdigest()[:32]}.vtt"


def store(text: str) -> None:
    """Write them where they are served, unless they are there."""
    if text:
        put(address(text).removeprefix("/m/"), text.encode())


def _blocks(lines: list[str]) -> list[tuple[int, list[str]]]:
    """What stands between empty lines after the first line, each with the number of its first line."""
    made: list[tuple[int, list[str]]] = []
    is_apart = True
    for number, line in enumerate(lines[1:], start=2):
        if line.strip() and is_apart:
            made.append((number, [line]))
        elif line.strip():
            made[-1][1].append(line)
        is_apart = not line.strip()
    return made


def _cue(line: str, text: list[str], after: float, seconds: int) -> tuple[str, float]:
    found = _CUE.fullmatch(line.strip())
    if not found:
        return "Waktu ini tidak terbaca. Tulis seperti 00:01.000 --> 00:04.000.", after
    begins, ends = (int(h or 0) * 3600 + int(m) * 60 + int(s) + int(t) / 1000 for h, m, s, t in (found.groups()[:4], found.groups()[4:8]))
    if ends <= begins:
        return "Waktu akhir harus sesudah waktu awal.", begins
    if begins < after:
        return "Takarir ini mulai sebelum takarir di atasnya. Urutkan menurut waktu.", begins
    if seconds and ends > seconds + 1:
        return f"Takarir ini berakhir sesudah rekamannya habis ({seconds} detik).", begins
    if not _SETTINGS.fullmatch(found["settings"] or ""):
        return "Pengaturan sesudah waktu tidak dikenal. Hapus bagian itu.", begins
    return ("" if any(one.strip() for one in text) else "Takarir ini belum berisi teks."), begins


def _text(line: str) -> str:
    if "-->" in line:
        return "Tanda --> hanya untuk waktu. Beri baris kosong sebelum takarir berikutnya."
    return "Tanda < dan > di sini tidak dikenal. Hapus, atau tulis &lt; dan &gt;." if _LEFT.search(_TAG.sub("", line)) else ""
