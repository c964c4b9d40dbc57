"""An image in three widths. New ones replace the old, which are still served to those who read an older version."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.files.storage import default_storage
from django.db import transaction

from linimasa import clock
from linimasa.pictures import Pressed

from ..models import Media, MediaKind, Rendition
from .images import press
from .naming import put, random_name


def store(media: Media, made: Sequence[Pressed]) -> None:
    """Keep these as the image's renditions of today; ``made`` as ``images.press`` gives it (the whole first)."""
    whole, *cut = made
    Rendition.objects.filter(media=media, replaced_at=None).update(replaced_at=clock.now())
    rows = [Rendition(media=media, width=one.width, height=one.height, size=len(one.data)) for one in cut]
    for row, one in zip(rows, cut, strict=True):
        row.file = put(random_name("webp"), one.data)
    if not media.crop:
        rows.append(Rendition(media=media, width=whole.width, height=whole.height, size=media.size, file=media.file.name))
    Rendition.objects.bulk_create(rows)


def remake(media: Media) -> None:
    """Make the renditions of the kept image again, cut as it is to be cut now. Raises MediaError."""
    with default_storage.open(str(media.file.name)) as stored:
        made = press(stored.read(), crop=media.crop)
    with transaction.atomic():
        store(media, made)


def missing() -> list[int]:
    """The keys of the images that have no rendition of today (they came in before there were any)."""
    has = Rendition.objects.filter(replaced_at=None, width__gt=0).values("media")
    return list(Media.objects.filter(kind=MediaKind.IMAGE).in_use().exclude(pk__in=has).order_by("pk").values_list("pk", flat=True)[:50])


def keep_former(media: Media) -> None:
    """Remember the file that is about to be replaced, so that its address goes on answering."""
    former = str(media.file.name)
    if not Rendition.objects.filter(media=media, file=former).exists():
        Rendition.objects.create(media=media, width=media.width, height=media.height, size=media.size, file=former, replaced_at=clock.now())
