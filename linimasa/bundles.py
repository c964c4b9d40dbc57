"""Static files of a page kind, joined: one CSS and one JS file each, minified and hashed when static files are collected.

A page names its kind (``{% block bundle %}lesson{% endblock %}``) and never a file. Without a manifest (tests, development
without ``collectstatic``) the same page links the source files instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import rjsmin
from whitenoise.storage import CompressedManifestStaticFilesStorage

_FRAME = ("tokens", "base", "layout", "components", "forms")
_STAFF = (*_FRAME, "home", "account", "staff")
_SHELL = ("focus", "submit", "reveal", "dialog", "connection", "moment")
_LEARNER = (*_SHELL, "outbox", "waiting")
_HELD = (*_LEARNER, "hold")  # forms that lose nothing when the network is away
_ANSWERS = ("focus", "submit", "dialog", "outbox", "autosave")  # with its own chip, without passwords and moments

CSS: dict[str, tuple[str, ...]] = {
    "learner": (*_FRAME, "home", "module", "result", "verify", "account"),
    "lesson": (*_FRAME, "reader", "lesson", "blocks"),
    "glossary": (*_FRAME, "verify", "reader", "blocks"),
    "quiz": (*_FRAME, "reader", "quiz"),
    "sheet": (*_FRAME, "reader", "quiz"),
    "result": (*_FRAME, "module", "reader", "lesson", "result"),
    "work": (*_FRAME, "reader", "quiz", "work"),
    "samples": (*_FRAME, "reader", "lesson", "blocks", "samples"),
    "public": (*_FRAME, "home", "module", "public", "verify", "account"),
    "staff": _STAFF,
    "studio": (*_STAFF, "studio", "reader", "lesson", "blocks"),
    "editor": (*_FRAME, "staff", "media", "editor"),
    "preview": (*_FRAME, "reader", "lesson", "blocks", "preview"),
    "review": (*_STAFF, "studio", "review"),
    "library": (*_STAFF, "media"),
    "outline": (*_STAFF, "studio", "outline"),
    "bench": (*_STAFF, "bench"),
    "statistics": (*_STAFF, "statistics"),
    "bank": (*_STAFF, "studio", "quiz", "bank", "swap"),
    "board": (*_FRAME, "home", "module", "public", "verify", "reader", "lesson", "blocks", "quiz", "result", "staff", "board"),
}
JS: dict[str, tuple[str, ...]] = {
    "learner": _LEARNER,
    "lesson": (*_LEARNER, "check"),
    "glossary": _LEARNER,
    "quiz": (*_ANSWERS, "order", "clock"),
    "sheet": ("focus", "outbox", "page", "autosave", "order", "clock"),  # several questions: nothing is posted
    "result": _ANSWERS,
    "work": _ANSWERS,
    "samples": _LEARNER,
    "public": (*_LEARNER, "fingerprint"),
    "staff": (*_SHELL, "pick"),
    "studio": (*_HELD, "pick", "studio"),
    "editor": (*_SHELL, "editor-text", "editor-tools", "editor-paste", "editor-save"),
    "preview": (),
    "review": (*_SHELL, "review"),
    "library": (*_HELD, "media"),
    "outline": (*_HELD, "studio", "outline"),
    "bench": (*_SHELL, "bench"),
    "statistics": _SHELL,
    "bank": (*_HELD, "pick", "order", "studio"),
    "board": (*_SHELL, "order"),
}
KINDS = frozenset(CSS)
_STRING = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_CSS_COMMENT = re.compile(rf"({_STRING})|/\*.*?\*/", re.S)
_CSS_KEPT = re.compile(rf"({_STRING})", re.S)


def sources(kind: str, suffix: str) -> list[str]:
    """The source files of a kind's ``css`` or ``js`` in their order. Raises KeyError for an unknown kind."""
    table = {"css": CSS, "js": JS}[suffix]
    return [f"{suffix}/{name}.{suffix}" for name in table[kind]]


def joined_name(kind: str, suffix: str) -> str:
    return f"bundles/{kind}.{suffix}"


def minify(text: str, suffix: str) -> str:
    """Without comments and needless blanks; never renames or reorders anything."""
    return _minify_css(text) if suffix == "css" else rjsmin.jsmin(text)


def _minify_css(text: str) -> str:
    """Blanks go only where they mean nothing: the blank before a pseudo-class (``.entry :is(h3)``) is a combinator and stays,
    as do the blanks inside ``calc()``. (rcssmin 1.3 drops the first.)"""

    def plain(piece: str) -> str:
        piece = re.sub(r"\s+", " ", piece)
        piece = re.sub(r" ?([{};,]) ?", r"\1", piece)
        return re.sub(r"([{;][a-z-]+): ", r"\1:", piece)

    pieces = _CSS_KEPT.split(_CSS_COMMENT.sub(lambda found: found[1] or "", text))
    # An odd piece is a string or an address: kept letter for letter.
    joined = "".join(piece if index % 2 else plain(piece) for index, piece in enumerate(pieces))
    return joined.replace(";}", "}").strip()


class BundledStorage(CompressedManifestStaticFilesStorage):
    """Joins each kind's sources into ``bundles/<kind>.css|js`` before hashing and compressing.

    ``joined`` tells whether a manifest with bundles exists; without one every name keeps its plain address.
    """

    manifest_strict = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("file_permissions_mode", 0o644)  # uploads are private (0600); these are public
        super().__init__(*args, **kwargs)
        self._addresses: dict[str, str] = {}  # a manifest is read once a process, so an address too is looked up once

    @property
    def joined(self) -> bool:
        return "bundles/learner.css" in self.hashed_files

    def url(self, name: str, force: bool = False) -> str:
        if not self.joined:
            return self.base_url + name if self.base_url else name
        if force or name not in self._addresses:
            self._addresses[name] = super().url(name, force)
        return self._addresses[name]

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        self._addresses.clear()
        if not dry_run:
            for suffix in ("css", "js"):
                for kind in sorted(KINDS):
                    name = joined_name(kind, suffix)
                    self._write(name, "\n".join(minify(self._read(paths, source), suffix) for source in sources(kind, suffix)))
                    paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)
        self._addresses.clear()

    @staticmethod
    def _read(paths: dict[str, Any], name: str) -> str:
        storage, path = paths[name]
        with storage.open(path) as file:
            return file.read().decode()

    def _write(self, name: str, text: str) -> None:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
