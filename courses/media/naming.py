"""How the files of the library are named, and the sentence with which one is refused."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

FOLDER = "course-media"
KEPT_AS = ("webp", "mp3", "m4a", "ogg", "mp4", "webm", "pdf", "docx", "xlsx", "pptx", "txt")
NAME = re.compile(r"[a-z0-9]{16,40}\.webp")
FILE = re.compile(rf"[a-z0-9]{{16,40}}\.(?:{'|'.join(KEPT_AS)})")
STORED = re.compile(rf"[a-z0-9]{{16,40}}\.(?:{'|'.join(KEPT_AS)})|[0-9a-f]{{32}}\.(?:svg|vtt)")


class MediaError(ValueError):
    """The file cannot be taken; the message says why and what to do, ``field`` which input is to be mended."""

    def __init__(self, sentence: str, field: str = "file") -> None:
        super().__init__(sentence)
        self.field = field


def random_name(suffix: str) -> str:
    """A name that says nothing of where the file came from."""
    return f"{secrets.token_hex(16)}.{suffix}"


def plain_name(name: str, otherwise: str = "berkas") -> str:
    """The name that a person gave the file, without folders and without signs that mean something elsewhere; at most 120 signs."""
    return re.sub(r"[^\w .()-]", "_", name.replace("\\", "/").rsplit("/", 1)[-1])[-120:].strip(" .") or otherwise


def is_stored(name: str, digest: str) -> bool:
    """Whether this very file already lies in the storage."""
    path = f"{FOLDER}/{name}"
    if not default_storage.exists(path):
        return False
    with default_storage.open(path) as stored:
        return hashlib.sha256(stored.read()).hexdigest() == digest


_dry: ContextVar[bool] = ContextVar("dry", default=False)


@contextmanager
def dry() -> Iterator[None]:
    """Inside, ``put`` writes nothing: for a load that is only tried and whose rows are rolled back."""
    token = _dry.set(True)
    try:
        yield
    finally:
        _dry.reset(token)


def is_dry() -> bool:
    return _dry.get()


def put(name: str, data: bytes) -> str:
    """The file's place in the storage; written unless it lies there already. Raises MediaError where another file has that name."""
    path = f"{FOLDER}/{name}"
    if default_storage.exists(path):
        if not is_stored(name, hashlib.sha256(data).hexdigest()):
            raise MediaError(f"Nama {name} sudah dipakai berkas lain di portal ini. Beri nama lain, juga di media.yaml.")
        return path
    return path if is_dry() else default_storage.save(path, ContentFile(data))
