"""Markdown as the words a reader meets, line for line; and Indonesian text cut into sentences."""

from __future__ import annotations

import re

_CODE_BLOCK = re.compile(r"^(?P<fence>`{3,}|~{3,})[^\n]*\n.*?^(?P=fence)[ \t]*$", re.M | re.S)
_CODE = re.compile(r"(?P<ticks>`+)(?P<code>.+?)(?P=ticks)")
_ADDRESS = re.compile(r"<?\b(?:https?://|www\.)[^\s)>\]]+>?", re.I)
_LINK = re.compile(r"!?\[(?P<text>[^\]\[]*)\]\([^)\n]*\)")
_TERM = re.compile(r"\[\[(?:[^\]\n|]+\|)?(?P<text>[^\]\n|]+)\]\]")
_MARK = re.compile(r" ?\{(?:#\d+|tujuan [^}\n]*)\}")
_BAR = re.compile(r"^/{3,}.*$", re.M)
_EMPHASIS = re.compile(r"\*{1,3}|(?<!\w)_{1,2}(?=\S)|(?<=\S)_{1,2}(?!\w)|(?<!\\)\\(?=[^\w\s])")
_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\]\s+)?")
_ROW = re.compile(r"\s*\|")
_HEADING = re.compile(r"\s*#{1,6}\s")
_WORD = re.compile(r"\S*\w\S*")
# Never the end of a sentence, whatever follows. «dll.», «dsb.» and «dst.» may end one: then a capital follows, as after any other word.
_TITLES = (
    "a.n d.a u.p s.d no hlm dr ir drs dra prof h hj sdr bpk yth st jl jln kab kec prov kel tgl ps psl bdk tn ny rp tel telp "
    "s.kom s.sos s.ip s.ikom s.t s.h s.e m.si m.kom m.t m.h m.ap i.e vs ed"
)
_SHORT = re.compile(rf"(?:^|[\s(“\"])(?:{'|'.join(re.escape(one) for one in _TITLES.split())}|[A-Z])\.$", re.I)
_END = re.compile(r"[.!?…]+[”’\"')\]]*(?=\s+[“‘\"'(\[]*[A-Z0-9À-Þ])")


def words(text: str) -> list[str]:
    """What stands between spaces and holds a letter or a figure."""
    return _WORD.findall(text)


def plain(text: str) -> str:
    """The Markdown text without its signs, with as many lines: code and addresses as rows of x, links and terms as what they show."""
    text = _CODE_BLOCK.sub(lambda found: _hidden(found[0]), text)
    text = _CODE.sub(lambda found: _hidden(found["code"]), text)
    text = _LINK.sub(lambda found: found["text"], text)
    text = _ADDRESS.sub(lambda found: "x" * len(found[0]), text)
    text = _TERM.sub(lambda found: found["text"], text)
    return _EMPHASIS.sub("", _BAR.sub("", _MARK.sub("", text)))


def without_code(text: str) -> str:
    """The text as written, its code as rows of x: what stands in code is shown, not meant."""
    return _CODE.sub(lambda found: _hidden(found[0]), _CODE_BLOCK.sub(lambda found: _hidden(found[0]), text))


def units(text: str, first_line: int = 1) -> list[tuple[int, str]]:
    """Paragraphs, list items, headings and rows of tables of a plain text, each with the line where it begins."""
    found: list[tuple[int, str]] = []
    is_open = False
    for number, line in enumerate(text.split("\n"), first_line):
        item = _ITEM.match(line)
        alone = _ROW.match(line) or _HEADING.match(line)
        if item or alone or not is_open:
            if line.strip():
                found.append((number, (line[item.end() :] if item else line).strip()))
        elif line.strip():
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
        is_open = bool(line.strip()) and not alone
    return found


def sentences(text: str) -> list[str]:
    """The sentences of a plain text; an item of a list is at least one, headings and rows of tables are none."""
    return [
        sentence
        for _line, unit in units(text)
        if not _ROW.match(unit) and not _HEADING.match(f"{unit} ")
        for sentence in split(unit)
        if words(sentence)
    ]


def split(unit: str) -> list[str]:
    """One paragraph cut into sentences: not after «No.», «Dr.», an initial, nor inside «09.20», «12.345» or «S.Sos.»."""
    made, begin = [], 0
    for end in _END.finditer(unit):
        if not _SHORT.search(unit[begin : end.start() + 1]) or end[0][0] != ".":
            made.append(unit[begin : end.end()].strip())
            begin = end.end()
    return [*made, unit[begin:].strip()]


def average_length(found: list[str]) -> float:
    """Words a sentence; 0 without sentences."""
    return sum(len(words(one)) for one in found) / len(found) if found else 0.0


def _hidden(text: str) -> str:
    return re.sub(r"\S", "x", text)
