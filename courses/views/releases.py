"""Publishing: what changes, what blocks, whom it reaches; the versions, and going back to one of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linimasa import clock
from linimasa.forms import answer, posted
from linimasa.paging import page_of

from .. import access, comparing, editing, proposing, publishing, reviewing, scheduling, weighing
from ..checks import CheckError
from ..holders import Holder
from ..models import Module, Proposal, Version
from ..review_forms import CompareForm, PublishForm

MOST_CHOICES = 200


@require_http_methods(["GET", "POST"])
def publish_module(request: HttpRequest, module_id: int) -> HttpResponse:
    """Look at the next version of a module and publish it."""
    return _publish(request, access.module_to_publish(request.user, module_id))


@require_http_methods(["GET", "POST"])
def publish_course(request: HttpRequest, course_id: int) -> HttpResponse:
    """Look at the next version of the course's own outline and rules and publish it."""
    return _publish(request, access.course_to_publish(request.user, course_id))


def _publish(request: HttpRequest, holder: Holder) -> HttpResponse:
    proposal = proposing.open_proposal(holder)
    form = PublishForm(posted(request), initial=_first_choice(request, proposal))
    if form.is_valid():
        try:
            if request.POST.get("act") == "batal":
                told, following = _unplan(holder, proposal, request)
            elif form.cleaned_data["when"] == "later":
                told, following = _plan(holder, proposal, form, request)
            else:
                told, following = _publish_now(holder, proposal, form, request)
        except (publishing.PublishingError, proposing.ProposingError) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, told)
            return redirect(following)
    context = {"holder": holder, "is_module": isinstance(holder, Module), "weighed": weighing.weigh(holder), "proposal": proposal}
    return answer(request, "courses/publish.html", context, form)


def _first_choice(request: HttpRequest, proposal: Proposal | None) -> dict[str, object]:
    """What the form offers: the author's own note, and the moment that is planned already."""
    zone = request.user.time_zone
    words: dict[str, object] = {"time_zone": zone, "note": proposal.note if proposal else ""}
    if proposal is not None and proposal.publish_at is not None:
        at = clock.local(proposal.publish_at, zone)
        words |= {"when": "later", "day": at.date(), "hour": at.time()}
    return words


def _publish_now(holder: Holder, proposal: Proposal | None, form: PublishForm, request: HttpRequest) -> tuple[str, str]:
    if proposal is None:
        last = proposing.last_proposal(holder)
        if last is None or last.version is None or publishing.has_changes(holder):
            raise proposing.ProposingError("Draf ini belum dikirim untuk ditinjau. Kirim dahulu, lalu mintalah persetujuan orang kedua.")
        return f"Versi {last.version.number} sudah terbit.", reviewing.address_of_version(last.version)  # the button was pressed twice
    told = _after_publishing(publishing.reaches(holder, set()))
    version = proposing.publish(proposal, by=request.user, note=form.cleaned_data["note"])
    return f"Versi {version.number} terbit. {told}".strip(), reviewing.address_of_version(version)


def _after_publishing(reaches: list[publishing.Reach]) -> str:
    """What the new version did to those who learn now, in a sentence or two."""
    running = [one for one in reaches if one.is_running and one.people]
    reached, staying = (sum(one.people for one in running if one.stays is stays) for stays in (False, True))
    told = [f"{reached} peserta langsung memakainya."] if reached else []
    if staying:
        told.append(f"{staying} peserta tetap di versi mereka sampai angkatannya dipindahkan.")
    return " ".join(told)


def _plan(holder: Holder, proposal: Proposal | None, form: PublishForm, request: HttpRequest) -> tuple[str, str]:
    planned = scheduling.plan(_there(proposal), by=request.user, at=form.moment(), note=form.cleaned_data["note"])
    zone = form.cleaned_data["time_zone"]
    when = clock.moment_text(planned.publish_at or form.moment(), zone)
    told = f"Penerbitan dijadwalkan {when}. Bila saat itu ada yang menghalangi, Anda dan penulisnya diberi tahu."
    return told, reviewing.address_of_publication(holder)


def _unplan(holder: Holder, proposal: Proposal | None, request: HttpRequest) -> tuple[str, str]:
    scheduling.cancel(_there(proposal), by=request.user)
    return "Jadwal penerbitan dibatalkan. Draf tetap disetujui.", reviewing.address_of_publication(holder)


def _there(proposal: Proposal | None) -> Proposal:
    if proposal is None:
        raise proposing.ProposingError("Draf ini belum dikirim untuk ditinjau. Kirim dahulu, lalu mintalah persetujuan orang kedua.")
    return proposal


@require_safe
def versions(request: HttpRequest, module_id: int) -> HttpResponse:
    """Every published version of a module, the newest first."""
    module = access.module_to_see(request.user, module_id)
    rows = Version.objects.filter(module=module).defer("parts", "outline", "facts").select_related("published_by")
    context = {"module": module, "page": page_of(request, rows), "may_write": access.may_write(request.user, module.course)}
    return render(request, "courses/versions.html", context)


@require_safe
def version(request: HttpRequest, version_id: int) -> HttpResponse:
    """What one version changed against the one before it."""
    shown = access.version_to_see(request.user, version_id)
    before = Version.objects.filter(course=shown.course, module=shown.module, number__lt=shown.number).order_by("-number").first()
    context: dict[str, object] = {
        "version": shown,
        "before": before,
        "before_name": _name(before) if before else "",
        "version_name": _name(shown),
        "comparison": comparing.diff(before, shown),
        "may_write": shown.module_id is not None and access.may_write(request.user, shown.course),
    }
    holder = shown.module or shown.course
    if holder.current_version_id == shown.pk:
        context |= {"is_current": True, "reaches": publishing.reaches(holder, set()), "may_move": access.may_create_courses(request.user)}
    return render(request, "courses/version.html", context)


@require_safe
def compare(request: HttpRequest, module_id: int) -> HttpResponse:
    """Any two versions of a module, or a version and the draft, beside each other."""
    module = access.module_to_see(request.user, module_id)
    numbers = list(weighing.versions_of(module).values_list("number", flat=True)[:MOST_CHOICES])
    choices = [("draf", "Draf"), *((str(number), f"Versi {number}") for number in numbers)]
    form = CompareForm(request.GET or _usual(numbers), choices=choices)
    context: dict[str, object] = {"module": module, "form": form, "numbers": numbers}
    if form.is_valid():
        old, new = (_side(module, form.cleaned_data[name]) for name in ("dari", "ke"))
        if old is not None and new is not None:
            context |= {"comparison": comparing.diff(old, new), "old": _name(old), "new": _name(new)}
        else:
            context["unreadable"] = True
    return answer(request, "courses/compare.html", context, form)


def _usual(numbers: list[int]) -> dict[str, str]:
    return {"dari": str(numbers[0]) if numbers else "draf", "ke": "draf"}


def _side(module: Module, choice: str) -> Version | publishing.Draft | None:
    """A version of the module, or its draft; None for a draft that cannot be read."""
    if choice != "draf":
        return Version.objects.get(module=module, number=int(choice))
    try:
        return publishing.freeze(module)
    except CheckError:
        return None


def _name(side: Version | publishing.Draft) -> str:
    return f"Versi {side.number}" if isinstance(side, Version) else "Draf"


@require_POST
def restore(request: HttpRequest, version_id: int) -> HttpResponse:
    """Make an older version the draft; publishing it goes the same way as everything (``act=kirim`` sends it to be reviewed at once)."""
    old = access.version_to_restore(request.user, version_id)
    sends = request.POST.get("act") == "kirim"
    module, left = editing.restore_version(old, by=request.user)
    for sentence in left:
        messages.warning(request, sentence)
    if not sends:
        messages.success(request, f"Isi versi {old.number} kini menjadi draf. Periksa, lalu kirim untuk ditinjau.")
        return redirect("courses:studio_module", module.pk)
    try:
        proposing.propose(module, by=request.user, note=f"Kembali ke isi versi {old.number}.")
    except proposing.ProposingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Isi versi {old.number} dikirim untuk ditinjau. Sesudah disetujui, isinya terbit sebagai versi baru.")
        if weighing.hindering(module):
            messages.warning(request, "Ada yang menghalangi persetujuannya; daftarnya di halaman ini.")
    return redirect(reviewing.address_of(module))
