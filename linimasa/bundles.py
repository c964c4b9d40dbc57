"""Static files of a page kind, joined: one CSS and one JS file each, minified and hashed when static files are collected.

A page names its kind (``{% block bundle %}lesson{% endblock %}``) and never a file. Without a manifest (tests, development
without ``collectstatic``) the same page links the source files instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

_FRAME = ("tokens", "base", "layout", "components", "forms")
_STAFF = (*_FRAME, "home", "staff")
_SHELL = ("focus", "submit", "reveal", "dialog", "connection", "moment")

CSS: dict[str, tuple[str, ...]] = {
    "learner": (*_FRAME, "home", "module", "result", "verify"),
    "lesson": (*_FRAME, "reader", "lesson"),
    "quiz": (*_FRAME, "reader", "quiz"),
    "public": (*_FRAME, "home", "module", "public", "verify"),
    "staff": _STAFF,
    "studio": (*_STAFF, "studio", "reader", "lesson"),
    "bench": (*_STAFF, "bench"),
    "board": (*_FRAME, "home", "module", "public", "verify", "reader", "lesson", "quiz", "result", "staff", "board"),
}
JS: dict[str, tuple[str, ...]] = {
    "learner": _SHELL,
    "lesson": (*_SHELL, "check"),
    "quiz": (*_SHELL, "order", "autosave"),
    "public": (*_SHELL, "fingerprint"),
    "staff": (*_SHELL, "pick"),
    "studio": (*_SHELL, "pick", "studio"),
    "bench": (*_SHELL, "bench"),
    "board": (*_SHELL, "order"),
}
KINDS = frozenset(CSS)


def sources(kind: str, suffix: str) -> list[str]:
    """The source files of a kind's ``css`` or ``js`` in their order. Raises KeyError for an unknown kind."""
    table = {"css": CSS, "js": JS}[suffix]
    return [f"{suffix}/{name}.{suffix}" for name in table[kind]]


def joined_name(kind: str, suffix: str) -> str:
    return f"bundles/{kind}.{suffix}"


def minify(text: str, suffix: str) -> str:
    """Without comments and needless blanks; never renames or reorders anything."""
    import rcssmin  # noqa: PLC0415  # only collectstatic needs them
    import rjsmin  # noqa: PLC0415

    return rcssmin.cssmin(text) if suffix == "css" else rjsmin.jsmin(text)


class BundledStorage(CompressedManifestStaticFilesStorage):
    """Joins each kind's sources into ``bundles/<kind>.css|js`` before hashing and compressing.

    ``joined`` tells whether a manifest with bundles exists; without one every name keeps its plain address.
    """

    manifest_strict = False

    @property
    def joined(self) -> bool:
        return "bundles/learner.css" in self.hashed_files

    def url(self, name: str, force: bool = False) -> str:
        if not self.joined:
            return self.base_url + name if self.base_url else name
        return super().url(name, force)

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if not dry_run:
            for suffix in ("css", "js"):
                for kind in sorted(KINDS):
                    name = joined_name(kind, suffix)
                    self._write(name, "\n".join(minify(self._read(paths, source), suffix) for source in sources(kind, suffix)))
                    paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)

    @staticmethod
    def _read(paths: dict[str, Any], name: str) -> str:
        storage, path = paths[name]
        with storage.open(path) as file:
            return file.read().decode()

    def _write(self, name: str, text: str) -> None:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
