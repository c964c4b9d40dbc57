"""XML of strangers: through defusedxml, no DTD, no entities, nothing fetched; bounded in depth and in elements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree import ElementTree as ET

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from .rows import ExchangeError

MOST_DEPTH = 60
MOST_ELEMENTS = 200_000


class Element(ET.Element):
    """An element that remembers the line where it starts."""

    line = 0


class _Builder(ET.TreeBuilder):
    """Counts what it builds."""

    parser: Any = None

    def __init__(self) -> None:
        super().__init__(element_factory=Element)
        self.depth = self.count = 0

    def start(self, tag: Any, attrs: Any, /) -> Any:
        self.depth += 1
        self.count += 1
        if self.depth > MOST_DEPTH:
            raise ExchangeError(f"XML ini bersarang lebih dari {MOST_DEPTH} tingkat. Ekspor ulang dari sistem asalnya.")
        if self.count > MOST_ELEMENTS:
            raise ExchangeError("XML ini berisi terlalu banyak butir. Pecah menjadi beberapa berkas.")
        made = super().start(tag, attrs)
        made.line = self.parser.CurrentLineNumber  # type: ignore[attr-defined]  # by our own element factory
        return made

    def end(self, tag: Any, /) -> Any:
        self.depth -= 1
        return super().end(tag)


def read(data: bytes) -> Any:
    """The root element. Raises ExchangeError with the line."""
    builder = _Builder()
    parser = DefusedXMLParser(target=builder, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    builder.parser = parser.parser
    try:
        parser.feed(data)
        root = parser.close()
    except ET.ParseError as error:
        line = (getattr(error, "position", None) or (1, 0))[0]
        raise ExchangeError(f"XML tidak terbaca di baris {line}. Ekspor ulang dari sistem asalnya, atau betulkan baris itu.") from None
    except DefusedXmlException:
        raise ExchangeError("XML dengan DTD atau entitas sendiri tidak diterima. Hapus baris <!DOCTYPE …>.") from None
    except (ValueError, LookupError, AssertionError) as error:  # an encoding that is not known, a document that never starts
        if isinstance(error, ExchangeError):
            raise
        raise ExchangeError("XML tidak terbaca. Simpan ulang sebagai UTF-8.") from None
    if root is None:
        raise ExchangeError("XML ini kosong. Pilih berkas lain.")
    return root


def name_of(element: Any) -> str:
    """The name without its namespace, and QTI 3's «qti-simple-choice» as QTI 2's «simpleChoice»."""
    tag = element.tag if isinstance(element.tag, str) else ""
    name = tag.rsplit("}", 1)[-1]
    if not name.startswith("qti-"):
        return name
    first, *others = name[4:].split("-")
    return first + "".join(one.capitalize() for one in others)


def attribute(element: Any, name: str, default: str = "") -> str:
    """An attribute by its QTI 2 name («maxChoices»), under its QTI 3 name («max-choices») too."""
    dashed = "".join(f"-{sign.lower()}" if sign.isupper() else sign for sign in name)
    return element.get(name, element.get(dashed, default))


def children(element: Any, *names: str) -> Iterator[Any]:
    """The direct children of these names; none of None."""
    return (one for one in (() if element is None else element) if name_of(one) in names)


def first(element: Any, *path: str) -> Any:
    """The first element along this path of names; None when there is none."""
    for name in path:
        element = next(children(element, name), None)
        if element is None:
            return None
    return element


def below(element: Any, *names: str) -> list[Any]:
    """Every element of these names under this one, in the document's order."""
    return [one for one in element.iter() if name_of(one) in names]


def text_of(element: Any) -> str:
    """All text in it, as it stands; empty for None."""
    return "".join(element.itertext()) if element is not None else ""


def inner(element: Any) -> str:
    """What is in it as HTML, without namespaces; empty for None."""
    if element is None:
        return ""
    return _escaped(element.text) + "".join(_html(one) + _escaped(one.tail) for one in element)


def _html(element: Any) -> str:
    name = name_of(element)
    if not name:
        return ""
    facts = "".join(f' {key}="{_escaped(value).replace(chr(34), "&quot;")}"' for key, value in element.attrib.items() if "}" not in key)
    return f"<{name}{facts}>{inner(element)}</{name}>"


def _escaped(text: str | None) -> str:
    return (text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def made(name: str, *inside: Any, **facts: object) -> Any:
    """A new element: texts and elements inside it, in order."""
    element = ET.Element(name, {key.rstrip("_"): str(value) for key, value in facts.items()})
    last = None
    for one in inside:
        if not isinstance(one, str):
            element.append(one)
            last = one
        elif last is None:
            element.text = (element.text or "") + one
        else:
            last.tail = (last.tail or "") + one
    return element


def written(root: Any, *, indent: bool = True) -> bytes:
    """The document, UTF-8."""
    if indent:
        _indent([root])
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode").encode() + b"\n"


def _indent(elements: Iterable[Any], depth: int = 1) -> None:
    """Line breaks where there is no text, so that people can read it."""
    for element in elements:
        if len(element) and not (element.text or "").strip() and not any((one.tail or "").strip() for one in element):
            element.text = "\n" + "  " * depth
            for one in element:
                one.tail = "\n" + "  " * depth
            element[-1].tail = "\n" + "  " * (depth - 1)
            _indent(element, depth + 1)
