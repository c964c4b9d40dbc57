"""A lesson's sanitised HTML for a page that stands alone: own media as files beside it, no address of this portal left in it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from html.parser import HTMLParser

_VOID = frozenset({"br", "hr", "img", "source", "track", "input"})
_SOURCES = frozenset({"src", "poster"})
_IDS = frozenset({"for", "headers", "aria-labelledby", "aria-describedby", "aria-controls"})
_DROPPED = frozenset({"srcset", "sizes", "target", "rel"})
_OUTSIDE = ("https://", "http://", "mailto:", "tel:")


def alone(html: str, *, prefix: str, media: Callable[[str], str], link: Callable[[str], str]) -> str:
    """The HTML with ``prefix`` before every id (several lessons may share one page), sources as ``media(address)`` gives them and own
    links as ``link(address)``; what they answer with nothing loses its address, its words stay."""
    writer = _Writer(prefix, media, link)
    writer.feed(html)
    writer.close()
    return "".join(writer.made)


class _Writer(HTMLParser):
    def __init__(self, prefix: str, media: Callable[[str], str], link: Callable[[str], str]) -> None:
        super().__init__(convert_charrefs=False)
        self.prefix, self.media, self.link = prefix, media, link
        self.made: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = [fact for name, value in attrs if (fact := self._fact(tag, name, value)) is not None]
        if tag in {"img", "source", "track"} and not any(name == "src" for name, _value in facts):
            return  # its file is not there
        outside = any(name == "href" and str(value).startswith(("https://", "http://")) for name, value in facts)
        facts += [("target", "_blank"), ("rel", "noopener noreferrer")] if outside else []
        told = "".join(f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in facts)
        self.made.append(f"<{tag}{told}>")

    handle_startendtag = handle_starttag  # HTML knows no closing slash

    def _fact(self, tag: str, name: str, value: str | None) -> tuple[str, str | None] | None:
        if name in _DROPPED or name.startswith(("data-", "on")):
            return None
        if value is None:
            return name, None
        if name == "id":
            return name, self.prefix + value
        if name in _IDS:
            return name, " ".join(self.prefix + one for one in value.split())
        if name in _SOURCES:
            place = self.media(value)
            return (name, place) if place else None
        if name == "href":
            place = self._href(value)
            return (name, place) if place else None
        return name, value

    def _href(self, value: str) -> str:
        if value.startswith("#"):
            return f"#{self.prefix}{value[1:]}"
        if value.startswith(_OUTSIDE):
            return value
        return self.media(value) if value.startswith("/m/") else self.link(value)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self.made.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.made.append(data)

    def handle_entityref(self, name: str) -> None:
        self.made.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.made.append(f"&#{name};")
