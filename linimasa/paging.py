"""Lists are paged: a bad or huge page number gives the nearest page, never an error."""

from __future__ import annotations

from typing import Any

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.http import HttpRequest

PER_PAGE = 25


def page_of(request: HttpRequest, rows: Any, per_page: int = PER_PAGE, *, parameter: str = "hal") -> Page:
    """The page that the address asks for (``?hal=2``); costs one COUNT and one page of rows however long the list is."""
    paginator: Paginator = Paginator(rows, per_page)
    asked = request.GET.get(parameter, "1")
    try:
        page = paginator.page(asked)
    except PageNotAnInteger:
        page = paginator.page(paginator.num_pages if asked.isdecimal() and asked.strip("0") else 1)
    except EmptyPage:
        page = paginator.page(1 if asked.lstrip().startswith("-") or not asked.strip("0") else paginator.num_pages)
    page.parameter = parameter  # type: ignore[attr-defined]  # the pager links with it
    return page
