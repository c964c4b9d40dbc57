"""The paper: two tagged pages (PDF/A-3a and PDF/UA-1), a pure function of the snapshot and the renderer's version.

Typst deadlocks when a process that has compiled forks, and its compiler is not thread-safe. So the compiler is made lazily, on
first use, inside the worker's child; one for each process, one compilation at a time. Pages never compile.
"""

from __future__ import annotations

import io
import json
import os
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

import segno
import typst

RENDERER = "1"  # raise it with every change of what is drawn
STANDARDS: Any = ["a-3a", "ua-1"]
PAGES = 2
HERE = Path(__file__).resolve().parent

_lock = threading.Lock()
_compiler: typst.Compiler | None = None
_made_in = 0


def render(snapshot: dict[str, Any]) -> bytes:
    """The certificate as PDF: byte-identical for the same snapshot and ``RENDERER``. Takes milliseconds and the process's lock.

    Raises RuntimeError in a process that was forked after a compilation (instead of hanging for ever).
    """
    inputs = {"data": json.dumps(snapshot, ensure_ascii=False, sort_keys=True), "qr": qr_svg(snapshot["url"])}
    moment = datetime.fromisoformat(snapshot["issued"]["moment"])
    with _lock:
        drawn = _compiler_here().compile(format="pdf", sys_inputs=inputs, pdf_standards=STANDARDS, timestamp=int(moment.timestamp()))
    if not isinstance(drawn, bytes):
        raise TypeError("Typst did not give one PDF.")
    return drawn


def qr_svg(url: str) -> str:
    """The address as a QR code (level Q: a quarter may be damaged), without its quiet zone: the paper around it is that."""
    drawn = io.BytesIO()
    qr(url).save(drawn, kind="svg", border=0, scale=4, dark="#10173d", light="#fff", xmldecl=False)
    return drawn.getvalue().decode()


def qr(url: str) -> segno.QRCode:
    return segno.make(url, error="q", boost_error=False, micro=False)


def _compiler_here() -> typst.Compiler:
    global _compiler, _made_in
    if _compiler is None:
        _compiler = typst.Compiler(
            str(HERE / "certificate.typ"), root=str(HERE), font_paths=[str(HERE / "fonts")], ignore_system_fonts=True
        )
        _made_in = os.getpid()
    elif _made_in != os.getpid():
        raise RuntimeError("This process was forked after a certificate was drawn; draw certificates in a fresh process.")
    return _compiler
