"""The library in a lesson: pictures in their widths, players and attachments in their places, and what stands in the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from linimasa import blocks, markdown
from linimasa.problems import Problem

from ..models import Media, MediaKind, Rendition
from . import captions

PHONE = 960  # pixels: the width that a phone of today takes
KINDS = {"audio": MediaKind.AUDIO, "video": MediaKind.VIDEO, "berkas": MediaKind.DOCUMENT}

Library = Mapping[str, Media]  # by the address that a text gives


def shown(html: str, library: Library) -> SafeString:
    """The rendered HTML with what the library holds: never more than its own addresses, the words through a template."""
    placed = markdown.with_pictures(html, {written: drawn(one) for written, one in library.items() if one.is_picture})
    for block in blocks.KEPT:
        if f'data-block="{block}"' in placed:
            found = {blocks.slug(written.removeprefix("/m/")): one for written, one in library.items() if one.kind == KINDS[block]}
            placed = markdown.replace_blocks(placed, _drawer(found), name=block)
    return placed


def drawn(media: Media) -> markdown.Drawn:
    """A picture as a lesson shows it: cut, at the width of a phone, with its other widths."""
    widths = media.widths
    if not widths:
        return markdown.Drawn(media.url, media.width, media.height)
    middle = _middle(media)
    return markdown.Drawn(f"/m/{middle.name}", widths[-1].width, widths[-1].height, tuple((f"/m/{one.name}", one.width) for one in widths))


def weight(media: Media) -> int:
    """Bytes that a phone loads with the page: of sound, film and documents nothing, until a person asks for them."""
    if not media.is_picture:
        return 0
    return _middle(media).size if media.widths else media.size


def _middle(media: Media) -> Rendition:
    return next((one for one in reversed(media.widths) if one.width <= PHONE), media.widths[0])


def _drawer(found: Mapping[str, Media]) -> Callable[[str], str]:
    return lambda key: _kept(found.get(key))


def _kept(media: Media | None) -> str:
    if media is None:
        return ""
    is_sample = media.pk is None  # of the writing guide: in no library, so there is nothing to play or to take
    track = captions.address(media.captions) if media.captions and not is_sample else ""
    return render_to_string("courses/media/_kept.html", {"media": media, "track": track, "is_sample": is_sample}).strip()


def problems(name: str, body: str, library: Library) -> list[Problem]:
    """What sound, film and documents of this text still need: to be there, and their words for those who cannot hear or see them."""
    found = []
    for block in blocks.KEPT:
        for one in markdown.blocks(body, block):
            media = library.get(f"/m/{one.argument}")
            if media is None or media.kind != KINDS[block]:
                sentence = f"{name}: {block} {one.argument} tidak ada di pustaka kursus ini. Unggah dahulu, lalu sisipkan dari pustaka."
                found.append(Problem("foreign_media", sentence))
                continue
            if media.is_played and not media.transcript.strip():
                sentence = f"{name}: {block} “{media.shown_name}” belum memiliki transkrip. Tulis di halamannya dalam pustaka."
                found.append(Problem("missing_transcript", sentence))
            if media.kind == MediaKind.VIDEO and not media.captions:
                sentence = f"{name}: video “{media.shown_name}” belum memiliki takarir. Unggah berkas WebVTT di halamannya dalam pustaka."
                found.append(Problem("missing_captions", sentence))
    return found


def used(body: str) -> set[str]:
    """The addresses of the sound, film and documents that this text names."""
    return {f"/m/{one.argument}" for block in blocks.KEPT for one in markdown.blocks(body, block)}
