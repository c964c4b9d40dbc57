"""XML that packages are described with: built as a tree, written as UTF-8 with line breaks."""

from __future__ import annotations

import re
from xml.etree import ElementTree as etree  # builds trees, parses nothing

Element = etree.Element
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def element(name: str, *inside: Element | str, **facts: str) -> Element:
    """A new element: a text, or elements in order. Names may carry a prefix that the root declares."""
    made = etree.Element(name, {key: _legal(value) for key, value in facts.items()})
    for one in inside:
        if isinstance(one, str):
            made.text = _legal(one)
        else:
            made.append(one)
    return made


def written(root: Element) -> bytes:
    etree.indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + etree.tostring(root, encoding="unicode").encode() + b"\n"


def _legal(text: str) -> str:
    """Without the signs that XML 1.0 does not know."""
    return _ILLEGAL.sub("", text)
