"""A draft on its way to being published: what changes, what stands in the way, whom it reaches, and who says yes."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from linimasa.forms import Form, answer

from .. import access, proposing, reviewing, weighing
from ..holders import Holder, course_of
from ..models import Module, Proposal
from ..review_forms import DecisionForm, RemarkForm, SendForm

Act = Callable[[Holder, Proposal | None, Form, HttpRequest], str]


@require_http_methods(["GET", "POST"])
def review_module(request: HttpRequest, module_id: int) -> HttpResponse:
    """A module's draft: send it, look at it, approve it or give it back."""
    return _review(request, access.module_to_see(request.user, module_id))


@require_http_methods(["GET", "POST"])
def review_course(request: HttpRequest, course_id: int) -> HttpResponse:
    """The draft of a course's own outline, words and rules."""
    return _review(request, access.course_to_see(request.user, course_id))


def _review(request: HttpRequest, holder: Holder) -> HttpResponse:
    act = request.POST.get("act", "")
    form = _form(request, holder, act)
    if form is not None:
        _may(request, holder, act)
        if act not in ACTS:
            form.add_error(None, "Tindakan ini tidak dikenal. Pakai tombol di halaman ini.")
        elif form.is_valid():
            try:
                told = ACTS[act](holder, proposing.open_proposal(holder), form, request)
            except (proposing.ProposingError, proposing.PublishingError) as error:
                form.add_error("decision" if act == "return" else None, str(error))
            else:
                messages.success(request, told)
                return redirect(_next(request, holder))
    return answer(request, "courses/review/page.html", _context(request, holder, form), form)


def _form(request: HttpRequest, holder: Holder, act: str) -> Form | None:
    if request.method != "POST":
        return None
    if act in {"approve", "return"}:
        return DecisionForm(request.POST)
    return SendForm(request.POST, hindering=weighing.hindering(holder) if act == "send" else 0)


def _context(request: HttpRequest, holder: Holder, form: Form | None) -> dict[str, object]:
    course = course_of(holder)
    seen = weighing.weigh(holder)
    return {
        "weighed": seen,
        "holder": holder,
        "is_module": isinstance(holder, Module),
        "proposal": seen.proposal,
        "may_write": access.may_write(request.user, course),
        "may_publish": access.may_publish(request.user, course),
        "is_author": request.user.pk in seen.authors,
        "send_form": form if isinstance(form, SendForm) else SendForm(hindering=len(seen.found.blocking)),
        "decision_form": form if isinstance(form, DecisionForm) else DecisionForm(initial={"seen": seen.digest}),
        "remark_form": RemarkForm(auto_id="catatan_%s"),
        "here": reviewing.address_of(holder),
    }


def _may(request: HttpRequest, holder: Holder, act: str) -> None:
    """Writers send and withdraw, publishers approve and return; 404 for everybody else."""
    course = course_of(holder)
    allowed = {"send": access.may_write, "withdraw": access.may_write, "approve": access.may_publish, "return": access.may_publish}
    if act in allowed and not allowed[act](request.user, course):
        raise Http404


def _next(request: HttpRequest, holder: Holder) -> str:
    if request.POST.get("act") == "approve" and request.POST.get("lalu") == "terbit":
        return reviewing.address_of_publication(holder)
    return reviewing.address_of(holder)


def _send(holder: Holder, proposal: Proposal | None, form: Form, request: HttpRequest) -> str:
    proposing.propose(holder, by=request.user, note=form.cleaned_data["note"])
    if form.cleaned_data.get("anyway"):
        return "Draf terkirim. Peninjau sudah dapat memberi catatan; persetujuan menunggu sampai penghalangnya selesai."
    return "Draf terkirim. Peninjau diberi tahu; Anda diberi tahu begitu ada keputusan."


def _withdraw(holder: Holder, proposal: Proposal | None, form: Form, request: HttpRequest) -> str:
    if proposal is not None:
        proposing.withdraw(proposal, by=request.user)
    return "Draf ditarik dari peninjauan. Lanjutkan menulis, lalu kirim lagi."


def _approve(holder: Holder, proposal: Proposal | None, form: Form, request: HttpRequest) -> str:
    words = form.cleaned_data
    proposing.approve(_there(proposal), by=request.user, seen=words["seen"], decision=words["decision"])
    return "Draf disetujui. Penulisnya diberi tahu."


def _return(holder: Holder, proposal: Proposal | None, form: Form, request: HttpRequest) -> str:
    proposing.return_to_author(_there(proposal), by=request.user, decision=form.cleaned_data["decision"])
    return "Draf dikembalikan dengan catatan. Penulisnya diberi tahu."


def _there(proposal: Proposal | None) -> Proposal:
    if proposal is None:
        raise proposing.ProposingError("Draf ini tidak sedang ditinjau. Muat ulang halaman untuk melihat keadaannya.")
    return proposal


ACTS: dict[str, Act] = {"send": _send, "withdraw": _withdraw, "approve": _approve, "return": _return}
