"""Setting papers: the one place that compiles Typst.

Typst deadlocks when a process that has compiled forks, and its compiler is not thread-safe. So compilers are made lazily, on first
use, inside the worker's child; one for each template, one compilation at a time. Pages never compile.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

FONTS = Path(__file__).resolve().parent / "fonts"
ARCHIVABLE_AND_ACCESSIBLE = ("a-3a", "ua-1")  # PDF/A-3a and PDF/UA-1 at once

_lock = threading.Lock()
_compilers: dict[Path, typst.Compiler] = {}
_first_in = 0  # the process that compiled first: one forked from it inherits locks that nobody opens


def to_pdf(template: Path, inputs: Mapping[str, str], *, moment: datetime, standards: Sequence[str] = ARCHIVABLE_AND_ACCESSIBLE) -> bytes:
    """The PDF that ``template`` draws of ``inputs`` (its ``sys.inputs``), dated ``moment``: byte-identical for the same arguments.

    The template reads files of its own folder only, and the shared fonts. Text of people belongs into ``inputs``, never into the
    template. Takes the process's lock. Raises RuntimeError where the template does not compile, and in a process that was forked
    after a compilation (instead of hanging for ever).
    """
    asked: Any = list(standards)
    with _lock:
        drawn = _compiler_of(template).compile(
            format="pdf", sys_inputs=dict(inputs), pdf_standards=asked, timestamp=int(moment.timestamp())
        )
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
