"""Finding in the library: by word, by kind, a page at a time."""

from __future__ import annotations

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from ..models import Course, Media, MediaKind, MediaQuerySet

PICKED_A_PAGE = 12
PICTURES = (MediaKind.IMAGE, MediaKind.FIGURE)
LONGEST = 100
MOST_WORDS = 8
WHOLE_NAME = 16  # signs: shorter ones are found in too many random names


def search(course: Course, q: str = "", kind: str = "", *, archived: bool = False) -> MediaQuerySet:
    """What a text of this course may name today: every word of ``q`` in its title, words or file name; ``kind`` one of MediaKind,
    «picture» for images and drawings, anything else for all. Newest first."""
    rows = Media.objects.filter(course=course, archived_at__isnull=not archived).defer("source")
    if kind == "picture":
        rows = rows.filter(kind__in=PICTURES)
    elif kind in MediaKind.values:
        rows = rows.filter(kind=kind)
    for word in q.replace("\x00", "")[:LONGEST].split()[:MOST_WORDS]:
        rows = rows.filter(
            Q(title__icontains=word)
            | Q(alternative_text__icontains=word)
            | Q(original_name__icontains=word)
            | Q(handle__icontains=word)
            | (Q(file__icontains=word) if len(word) >= WHOLE_NAME else Q())
        )
    return rows


def found(course: Course, q: str = "", jenis: str = "", keadaan: str = "") -> QuerySet[Media]:
    """What the library's page lists: as ``search``, or (``keadaan`` «arsip») what is archived; with its widths."""
    rows = search(course, q, jenis, archived=keadaan == "arsip")
    if keadaan == "lengkapi":
        played = Q(kind__in=(MediaKind.AUDIO, MediaKind.VIDEO), transcript="") | Q(kind=MediaKind.VIDEO, captions="")
        rows = rows.filter(played)
    return rows.prefetch_related("renditions")


def pick(course: Course, q: str = "", kind: str = "", page: int | str = 1) -> Page:
    """A page of what ``search`` finds, with thumbnails, for the editor's picker: a bad page number gives the nearest page."""
    return Paginator(search(course, q, kind).prefetch_related("renditions"), PICKED_A_PAGE).get_page(page)
