"""Any page number gives a page."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from linimasa.paging import page_of


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("1", 1),
        ("2", 2),
        ("3", 3),
        ("4", 3),
        ("99999999", 3),
        ("9" * 6000, 3),
        ("0", 1),
        ("-5", 1),
        ("", 1),
        ("abc", 1),
        ("1.5", 1),
        ("٢", 2),
        ("\x00", 1),
    ],
)
def test_bad_and_huge_numbers_give_the_nearest_page(asked, number):
    request = RequestFactory().get("/")
    request.GET = {"hal": asked}
    assert page_of(request, list(range(55)), per_page=25).number == number


def test_an_empty_list_has_one_empty_page():
    page = page_of(RequestFactory().get("/?hal=7"), [])
    assert (page.number, list(page)) == (1, [])
