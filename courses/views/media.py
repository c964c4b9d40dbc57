"""The library of a course: seen by its studio, filled by those who write."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linimasa import ranges, writing
from linimasa.forms import answer, posted
from linimasa.paging import page_of

from .. import access, figures
from .. import media as library
from ..media import captions, changing, showing, using
from ..media.forms import KINDS, AddForm, CutForm, DescribeForm, LibraryForm, PickForm, ReplaceForm
from ..media.sniffing import TYPES
from ..models import Course, Media, MediaKind

REFUSED = 422
PER_PAGE = 12
A_YEAR = 60 * 60 * 24 * 365
PLAYED = {"mp3", "m4a", "ogg", "mp4", "webm"}
SHOWN = {"webp", "svg", "vtt", *PLAYED}  # anything else is only ever saved, never opened


@require_safe
def file(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file of the library by its stored name: never changes, so it may be kept for a year. Sound and film answer for any part."""
    if not library.STORED.fullmatch(name):
        raise Http404
    path, suffix = f"{library.FOLDER}/{name}", name.rpartition(".")[2]
    if not default_storage.exists(path):
        raise Http404
    media = _allowed(request, name)
    stored, size = default_storage.open(path), default_storage.size(path)
    if suffix in PLAYED:
        response: HttpResponseBase = ranges.answer(request, stored, size, content_type=TYPES[suffix], tag=name)
    else:
        with stored:
            data = stored.read()
        response = HttpResponse(data, content_type=TYPES[suffix])
        if suffix == "svg":
            response["Content-Security-Policy"] = figures.policy(data.decode())
    said = name if suffix in SHOWN or media is None else media.download_name
    response["Cache-Control"] = f"private, max-age={A_YEAR}, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Content-Disposition"] = f'{"inline" if suffix in SHOWN else "attachment"}; filename="{said}"'
    return response


def _allowed(request: HttpRequest, name: str) -> Media | None:
    """The row of the file, if this person may have it (None: captions, which have none of their own); otherwise 404."""
    if name.endswith(".vtt"):
        access.captions_by_name(request.user, name)
        return None
    return access.media_by_name(request.user, name)


@require_http_methods(["GET", "POST"])
def shelf(request: HttpRequest, course_id: int) -> HttpResponse:
    """The course's library: searched, by kind and by use; and a way to add to it."""
    find = access.course_to_write if request.method == "POST" else access.course_to_see
    course = find(request.user, course_id)
    form = AddForm(posted(request), request.FILES if request.method == "POST" else None)
    if form.is_valid():
        values = dict(form.cleaned_data)
        try:
            made = library.add(course, values.pop("file"), by=request.user, **values)
        except library.MediaError as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, f"{made.get_kind_display()} tersimpan, {writing.size(made.size)}. Periksa dan lengkapi di sini.")
            return redirect("courses:media_item", made.pk)
    return answer(request, "courses/media/shelf.html", _shelf_context(request, course), form)


def _shelf_context(request: HttpRequest, course: Course) -> dict[str, Any]:
    asked = LibraryForm(request.GET)
    chosen = asked.cleaned_data if asked.is_valid() else {}
    page = page_of(request, library.found(course, **{key: chosen.get(key, "") for key in ("q", "jenis", "keadaan")}), PER_PAGE)
    is_used = using.used_words(course.pk)
    return {
        "course": course,
        "page": page,
        "rows": [(one, is_used(one)) for one in page],
        "asked": chosen,
        "search": asked,
        "most": settings.MEDIA_MOST_BYTES,
        "longest": settings.MEDIA_MOST_SECONDS,
        "may_write": access.may_write(request.user, course),
    }


@require_http_methods(["GET", "POST"])
def item(request: HttpRequest, media_id: int) -> HttpResponse:
    """One thing of the library: what it is, where it is used, its words; for pictures also how they are cut."""
    find = access.media_to_write if request.method == "POST" else access.media_to_see
    media = find(request.user, media_id)
    form = DescribeForm(media, posted(request), request.FILES if request.method == "POST" else None)
    if form.is_valid():
        try:
            changed = changing.describe(media, by=request.user, values=form.values())
        except library.MediaError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            return _saved(request, media, "Tersimpan. Berlaku pada versi berikutnya." if changed else "Tidak ada yang berubah.")
    return answer(request, "courses/media/item.html", _item_context(request, media), form)


def _item_context(request: HttpRequest, media: Media, **forms: Any) -> dict[str, Any]:
    may_write = access.may_write(request.user, media.course)
    return {
        "media": media,
        "uses": using.uses(media),
        "cut_form": CutForm(initial=CutForm.of(media)) if media.kind == MediaKind.IMAGE else None,
        "replace_form": ReplaceForm(),
        "may_write": may_write and media.kind != MediaKind.FIGURE,
        "widths": media.widths,
        "shown": showing.drawn(media).address if media.is_picture else "",
        "track": captions.address(media.captions) if media.captions else "",
        **forms,
    }


def _saved(request: HttpRequest, media: Media, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("courses:media_item", media.pk)


@require_POST
def cut(request: HttpRequest, media_id: int) -> HttpResponse:
    """How the picture is cut, and the point that small squares show."""
    media = access.media_to_write(request.user, media_id)
    form = CutForm(request.POST)
    if form.is_valid():
        try:
            changing.cut(media, by=request.user, crop=form.crop(), focus=form.focus())
        except library.MediaError as error:
            form.add_error(None, str(error))
        else:
            return _saved(request, media, "Potongan dan titik fokus tersimpan. Pelajaran memakainya pada versi berikutnya.")
    context = _item_context(request, media, cut_form=form, form=DescribeForm(media), has_errors=True)
    return render(request, "courses/media/item.html", context, status=REFUSED)


@require_POST
def replace(request: HttpRequest, media_id: int) -> HttpResponse:
    """Another file in its place; lessons go on naming it as before."""
    media = access.media_to_write(request.user, media_id)
    form = ReplaceForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            changing.replace(media, form.cleaned_data["replacement"], by=request.user)
        except library.MediaError as error:
            form.add_error("replacement", str(error))
        else:
            return _saved(request, media, "Berkas diganti. Versi yang sudah terbit tetap menampilkan yang lama.")
    context = _item_context(request, media, replace_form=form, form=DescribeForm(media), has_errors=True)
    return render(request, "courses/media/item.html", context, status=REFUSED)


@require_POST
def archive(request: HttpRequest, media_id: int) -> HttpResponse:
    """Out of the library, or back into it (``kembali``)."""
    media = access.media_to_write(request.user, media_id)
    try:
        (changing.bring_back if request.POST.get("kembali") else changing.archive)(media, by=request.user)
    except library.MediaError as error:
        messages.error(request, str(error))
        context = _item_context(request, media, form=DescribeForm(media))
        return render(request, "courses/media/item.html", context, status=REFUSED)
    return _saved(request, media, "Kembali ke pustaka." if request.POST.get("kembali") else "Diarsipkan. Versi lama tetap menampilkannya.")


@require_safe
def old_address(request: HttpRequest, course_id: int) -> HttpResponse:
    """Where the library of pictures was."""
    return redirect("courses:library", access.course_to_see(request.user, course_id).pk, permanent=True)


@require_safe
def pick(request: HttpRequest, course_id: int) -> HttpResponse:
    """A page of the library for the editor's menu: HTML to put into a dialog, or JSON when that is asked for."""
    course = access.course_to_see(request.user, course_id)
    form = PickForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {"q": "", "jenis": ""}
    page = library.pick(course, asked["q"], asked["jenis"], request.GET.get("hal", "1"))
    if _wants_json(request):
        found = [_told(one) for one in page]
        return JsonResponse({"found": found, "page": page.number, "pages": page.paginator.num_pages, "count": page.paginator.count})
    return render(request, "courses/media/_pick.html", {"course": course, "page": page, "asked": asked, "kinds": KINDS})


@require_POST
def add(request: HttpRequest, course_id: int) -> HttpResponse:
    """A file that was dropped or pasted into the editor: answers what to insert, or a sentence and the field that is missing (422)."""
    course = access.course_to_write(request.user, course_id)
    form = AddForm(request.POST, request.FILES)
    if not form.is_valid():
        field, errors = next(iter(form.errors.items()))
        return _refused(request, field, str(errors[0]))
    try:
        made = library.add(course, form.cleaned_data.pop("file"), by=request.user, **form.cleaned_data)
    except library.MediaError as error:
        return _refused(request, error.field, str(error))
    if _wants_json(request):
        return JsonResponse(_told(made), status=201)
    return render(request, "courses/media/_picked.html", {"media": made}, status=201)


def _wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def _refused(request: HttpRequest, field: str, sentence: str) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"field": field, "error": sentence}, status=REFUSED)
    return render(request, "courses/media/_refused.html", {"field": field, "sentence": sentence}, status=REFUSED)


def _told(media: Media) -> dict[str, Any]:
    return {
        "kind": media.kind,
        "name": media.shown_name,
        "alternative_text": media.alternative_text,
        "written": media.written,
        "line": media.line,
        "thumbnail": media.thumbnail,
        "size": writing.size(media.size),
        "width": media.width,
        "height": media.height,
        "seconds": media.seconds,
    }
