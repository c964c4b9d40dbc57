"""How things are written: dates with their zone, numbers the Indonesian way, icons, pages of a list."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.paginator import Paginator
from django.template import TemplateSyntaxError, engines
from django.test import RequestFactory
from django.utils import timezone

from linimasa import clock, icons
from linimasa.templatetags import ui

LATE = datetime(2026, 11, 23, 15, 59, tzinfo=UTC)


def draw(text, **context):
    return engines["django"].from_string(text).render(context)


@pytest.mark.parametrize(("zone", "text"), [("Asia/Jakarta", "22.59 WIB"), ("Asia/Makassar", "23.59 WITA"), ("Asia/Jayapura", "00.59 WIT")])
def test_a_time_names_its_zone(zone, text):
    with timezone.override(clock.zone(zone)):
        assert ui.time_text(LATE) == text
        assert ui.moment_text(LATE).endswith(f"pukul {text}")
        assert ui.short_moment(LATE).endswith(text)


def test_dates():
    with timezone.override(clock.zone("Asia/Makassar")):
        assert ui.date_text(LATE) == "Senin, 23 November 2026"
        assert ui.short_date(LATE) == "23 Nov 2026"
        assert ui.iso(LATE) == "2026-11-23T23:59+08:00"
    assert ui.plain_date(date(2026, 8, 7)) == "7 Agustus 2026"


@pytest.mark.parametrize(
    "name",
    [
        "date_text",
        "plain_date",
        "short_date",
        "time_text",
        "moment_text",
        "short_moment",
        "iso",
        "day_word",
        "ago",
        "duration_words",
        "jp",
        "filesize_text",
        "decimal_text",
        "percent",
    ],
)
def test_nothing_is_written_for_nothing(name):
    assert getattr(ui, name)(None) == ""


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=20), "Baru saja"),
        (timedelta(minutes=5), "5 menit lalu"),
        (timedelta(hours=3), "3 jam lalu"),
        (timedelta(hours=25), "Kemarin"),
        (timedelta(days=12), "12 hari lalu"),
        (timedelta(days=60), "24 September 2026"),
    ],
)
def test_ago(time_machine, passed, words):
    time_machine.move_to(LATE, tick=False)
    with timezone.override(clock.zone("Asia/Jakarta")):
        assert ui.ago(LATE - passed) == words


@pytest.mark.parametrize(("away", "word"), [(-1, "Kemarin"), (0, "Hari ini"), (1, "Besok"), (2, "Lusa"), (3, "Kamis")])
def test_near_days(time_machine, away, word):
    time_machine.move_to(LATE, tick=False)
    assert ui.day_word(LATE + timedelta(days=away)) == word


@pytest.mark.parametrize(("minutes", "words"), [(0, "0 menit"), (25, "25 menit"), (60, "1 jam"), (85, "1 jam 25 menit")])
def test_durations(minutes, words):
    assert ui.duration_words(minutes) == words


@pytest.mark.parametrize(("minutes", "words"), [(30, "0,67"), (45, "1"), (225, "5"), (810, "18")])
def test_lesson_hours(minutes, words):
    assert ui.jp(minutes) == words


@pytest.mark.parametrize(("size", "words"), [(12, "12 B"), (84_000, "84 KB"), (999_400, "999 KB"), (1_240_000, "1,2 MB")])
def test_sizes(size, words):
    assert ui.filesize_text(size) == words


@pytest.mark.parametrize(
    ("value", "words"), [(1204, "1.204"), (Decimal("98.50"), "98,5"), (100, "100"), (0, "0"), (1234567.891, "1.234.567,89"), (10, "10")]
)
def test_numbers(value, words):
    assert ui.decimal_text(value) == words


def test_shares():
    assert ui.percent(0.635) == "64%"
    assert [ui.quarters(share) for share in (None, 0, 0.01, 0.25, 0.5, 0.99, 1)] == [0, 0, 1, 1, 2, 3, 4]
    assert ui.initials("br. Sitorus Maria") == "bM".upper()


def test_an_icon_is_hidden_from_screen_readers_and_an_unknown_one_fails_at_once():
    assert draw('{% icon "check" class="big" %}') == '<svg class="i big" aria-hidden="true"><use href="/static/icons.svg#check"/></svg>'
    assert "#clock" in draw("{% icon name %}", name="clock")
    with pytest.raises(TemplateSyntaxError, match="Tidak ada ikon"):
        draw('{% icon "tidak-ada" %}')


def test_petals():
    assert 'data-petals="2"' in draw("{% petals 2 %}")
    assert "data-petals" not in draw("{% petals 0 %}")
    assert "node--note" in draw('{% petals 4 "note" %}')
    assert {"kawung", "brand"} <= icons.names()


def test_the_pager_keeps_the_other_parameters_and_is_silent_for_one_page():
    page = Paginator(range(95), 10).page(3)
    request = RequestFactory().get("/", {"cari": "a&b", "hal": "3"})
    html = draw("{% pager page %}", page=page, request=request)
    assert 'href="?cari=a%26b&amp;hal=2"' in html and "Halaman 3 dari 10" in html
    assert draw("{% pager page %}", page=Paginator(range(3), 10).page(1), request=request).strip() == ""


def test_the_empty_state():
    html = draw('{% empty "Belum ada tugas" "Muncul begitu dikirim." "/x/" "Lihat" level=3 %}')
    assert "<h3>Belum ada tugas</h3>" in html and '<a class="button button--quiet" href="/x/">Lihat</a>' in html


def test_what_is_kept_is_drawn_once_for_each_combination_of_its_values():
    drawn = []
    kept = engines["django"].from_string("{% kept a b %}{{ draw }}{{ a }}{{ b }}{% endkept %}")

    def show(a, b):
        return kept.render({"a": a, "b": b, "draw": lambda: drawn.append((a, b)) or ""})

    assert [show(1, 2), show(2, 1), show(1, 2), show(2, 1)] == ["12", "21", "12", "21"]
    assert drawn == [(1, 2), (2, 1)]


def test_a_block_cannot_be_kept():
    with pytest.raises(TemplateSyntaxError):
        engines["django"].from_string("{% kept a %}{% block main %}{% endblock %}{% endkept %}")
