"""The paper: two tagged pages (PDF/A-3a and PDF/UA-1), a pure function of the snapshot and the renderer's version.

Only for worker processes: see ``linimasa.typesetting``.
"""

from __future__ import annotations

import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import segno

from linimasa import typesetting

RENDERER = "1"  # raise it with every change of what is drawn
PAGES = 2
TEMPLATE = Path(__file__).resolve().parent / "certificate.typ"


def render(snapshot: dict[str, Any]) -> bytes:
    """The certificate as PDF: byte-identical for the same snapshot and ``RENDERER``. Takes milliseconds and the process's lock.

    Raises RuntimeError in a process that was forked after a compilation (instead of hanging for ever).
    """
    inputs = {"data": json.dumps(snapshot, ensure_ascii=False, sort_keys=True), "qr": qr_svg(snapshot["url"])}
    return typesetting.to_pdf(TEMPLATE, inputs, moment=datetime.fromisoformat(snapshot["issued"]["moment"]))


def qr_svg(url: str) -> str:
    """The address as a QR code (level Q: a quarter may be damaged), without its quiet zone: the paper around it is that."""
    drawn = io.BytesIO()
    qr(url).save(drawn, kind="svg", border=0, scale=4, dark="#10173d", light="#fff", xmldecl=False)
    return drawn.getvalue().decode()


def qr(url: str) -> segno.QRCode:
    return segno.make(url, error="q", boost_error=False, micro=False)
