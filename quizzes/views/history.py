"""The trainer's replay of one attempt."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from linimasa.paging import page_of

from .. import access, history
from ..marking import naming


@require_safe
def replay(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """One line of time; ``?soal=3`` leaves only what belongs to that question. Names are hidden where the quiz hides them."""
    attempt = access.attempt_to_grade(request.user, attempt_id)
    total = int(attempt.rules.get("questions", 1))
    asked = request.GET.get("soal", "")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 5 and 1 <= int(asked) <= total else 0
    page = page_of(request, history.lines(attempt, number), history.ROWS_A_PAGE)
    context = {
        "attempt": attempt,
        "activity": attempt.quiz.activity,
        "who": naming.who(attempt),
        "page": page,
        "rows": history.rows(attempt, page),
        "number": number,
        "numbers": range(1, total + 1),
        "is_thinned": history.is_thinned(attempt),
    }
    return render(request, "quizzes/history.html", context)
