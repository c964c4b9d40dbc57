"""Setting papers: the one place that compiles Typst.

Typst deadlocks when a process that has compiled forks, and its compiler is not thread-safe. So compilers are made lazily, on first
use, inside the worker's child; one for each template, one compilation at a time. Pages never compile.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

FONTS = Path(__file__).resolve().parent / "fonts"
ARCHIVABLE_AND_ACCESSIBLE = ("a-3a", "ua-1")  # PDF/A-3a and PDF/UA-1 at once

_NO_GLYPH = re.compile(r'(?:the text|the codepoint) `"((?:[^"\\]|\\.)+)"`')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_lock = threading.Lock()
_compilers: dict[Path, typst.Compiler] = {}
_first_in = 0  # the process that compiled first: one forked from it inherits locks that nobody opens


class UnprintableError(RuntimeError):
    """No font here has these ``signs``, or they mean nothing: printed, they would be empty boxes that nobody can read aloud."""

    def __init__(self, signs: set[str]) -> None:
        super().__init__(f"No font has {', '.join(f'U+{ord(sign):04X}' for sign in sorted(signs))}.")
        self.signs = signs


def to_pdf(template: Path, inputs: Mapping[str, str], *, moment: datetime, standards: Sequence[str] = ARCHIVABLE_AND_ACCESSIBLE) -> bytes:
    """The PDF that ``template`` draws of ``inputs`` (its ``sys.inputs``), dated ``moment``: byte-identical for the same arguments.

    The template reads files of its own folder only, and the shared fonts. Text of people belongs into ``inputs``, never into the
    template. Takes the process's lock. Raises UnprintableError for signs that no font has, RuntimeError where the template does not
    compile, and in a process that was forked after a compilation (instead of hanging for ever).
    """
    asked: Any = list(standards)
    stamp = int(moment.timestamp())
    with _lock:
        try:
            drawn = _compiler_of(template).compile(format="pdf", sys_inputs=dict(inputs), pdf_standards=asked, timestamp=stamp)
        except typst.TypstError as error:
            if signs := _signs_without_glyph(error):
                raise UnprintableError(signs) from None
            raise
    if not isinstance(drawn, bytes):
        raise TypeError("Typst did not give one PDF.")
    return drawn


def _compiler_of(template: Path) -> typst.Compiler:
    global _first_in
    _first_in = _first_in or os.getpid()
    if _first_in != os.getpid():
        raise RuntimeError("This process was forked after a paper was set; set papers in a fresh process.")
    if template not in _compilers:
        _compilers[template] = typst.Compiler(str(template), root=str(template.parent), font_paths=[str(FONTS)], ignore_system_fonts=True)
    return _compilers[template]


def _signs_without_glyph(error: Exception) -> set[str]:
    """The signs that Typst names when it cannot draw them or may not keep them (private use), as Rust writes them."""
    complaint = str(getattr(error, "diagnostic", error))
    named = "".join(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) for text in _NO_GLYPH.findall(complaint))
    return {sign for sign in named if not sign.isascii()}
