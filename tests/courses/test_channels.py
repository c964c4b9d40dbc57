"""Referral channels: checked by a person with a day, known to the lessons that name them, carried in files without persons."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from audit.models import Entry
from courses import channels, hindrances, publishing
from courses.dumping import course_files, dump_course
from courses.loading import LoadError, load_course
from courses.models import Channel, ChannelState, Course, Lesson
from tests.factories import accounts
from tests.factories import courses as make
from tests.factories.reviews import make_desk

from .folders import small_course as write_course

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
BODY = "## Lapor\n\nLaporkan lewat [Aduan Konten](https://www.aduankonten.id/).\n"


@pytest.fixture
def desk(time_machine):
    time_machine.move_to(NOON, tick=False)
    found = make_desk()
    Lesson.objects.filter(activity=found.lesson).update(body=BODY)
    return found


@pytest.fixture
def channel(desk):
    return channels.add(desk.module.course, by=desk.author, values={"name": "Aduan Konten", "address": "aduankonten.id", "purpose": ""})


def text(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize(
    ("said", "address", "is_named"),
    [
        ("Lihat aduankonten.id.", "aduankonten.id", True),
        ("Lihat https://www.aduankonten.id/lapor", "https://aduankonten.id", True),
        ("Lihat AduanKonten.ID!", "aduankonten.id", True),
        ("diy.lapor.go.id", "lapor.go.id", False),
        ("lapor.go.id.contoh.com", "lapor.go.id", False),
        ("lapor.go.idn", "lapor.go.id", False),
        ("bssn.go.id/lapor", "www.bssn.go.id/lapor/", True),
        ("bssn.go.id", "bssn.go.id/lapor", False),
        ("Hubungi 0811-1234-567.", "0811-1234-567", True),
        ("apa pun", "", False),
    ],
)
def test_a_lesson_names_exactly_the_address(said, address, is_named):
    assert channels.names(said, address) is is_named


def test_the_list_shows_state_day_person_and_lessons(desk, channel):
    author = accounts.client_of(desk.author)
    page = reverse("courses:channels", args=[desk.module.course_id])
    shown = text(author.get(page))
    assert "Belum diperiksa" in shown and f">{desk.lesson.code}</a>" in shown and "1 perlu diperiksa." in shown
    assert author.post(reverse("courses:check_channel", args=[channel.pk]), {"state": "works"}).status_code == 302
    shown = text(author.get(page))
    assert "Berfungsi" in shown and f"24 November 2026, {desk.author.name}" in shown
    channel.refresh_from_db()
    assert (channel.check_again_on, channel.checked_by) == (TODAY + channels.EVERY, desk.author)
    assert list(Entry.objects.filter(action__startswith="channel.").values_list("action", flat=True).order_by("pk")) == [
        "channel.added",
        "channel.checked",
    ]


def test_trouble_needs_a_word_and_stands_in_the_way_of_publishing(desk, channel):
    author, url = accounts.client_of(desk.author), reverse("courses:check_channel", args=[channel.pk])
    assert author.post(url, {"state": "broken"}).status_code == 422
    assert author.post(url, {"state": "broken", "note": "Situsnya tutup."}).status_code == 302
    found = hindrances.of(desk.module, publishing.freeze(desk.module))
    assert [one.code for one in found.blocking] == ["channel_broken"]
    assert "Situsnya tutup." in found.blocking[0].sentence and desk.lesson.code in found.blocking[0].sentence
    channels.check(channel, by=desk.author, state=ChannelState.CHANGED, note="Alamat berpindah.")
    found = hindrances.of(desk.module, publishing.freeze(desk.module))
    assert not found.blocking and "channel_changed" in [one.code for one in found.warnings]


def test_an_unchecked_channel_is_only_said_and_one_that_nobody_names_is_not(desk, channel, time_machine):
    def codes() -> list[str]:
        found = hindrances.of(desk.module, publishing.freeze(desk.module))
        assert not found.blocking
        return [one.code for one in found.warnings if one.code.startswith("channel")]

    assert codes() == ["channel_due"]
    channels.check(channel, by=desk.author, state=ChannelState.WORKS)
    assert codes() == []
    time_machine.move_to(NOON + timedelta(days=91), tick=False)
    assert codes() == ["channel_due"]
    Lesson.objects.filter(activity=desk.lesson).update(body="Tidak menyebut apa pun.\n")
    assert codes() == []


def test_another_address_has_to_be_checked_anew(desk, channel):
    channels.check(channel, by=desk.author, state=ChannelState.WORKS)
    author, url = accounts.client_of(desk.author), reverse("courses:channel", args=[channel.pk])
    assert author.post(url, {"name": "Aduan", "address": "aduankonten.id"}).status_code == 302
    assert Channel.objects.get(pk=channel.pk).checked_on == TODAY
    assert author.post(url, {"name": "Aduan", "address": "aduan.go.id/lapor"}).status_code == 302
    assert Channel.objects.get(pk=channel.pk).checked_on is None


@pytest.mark.parametrize(
    "address", ["", "javascript:alert(1)", "bukan alamat", "http://", "a" * 301, "x\x00y.id", "https://www.ADUANKONTEN.id/"]
)
def test_an_address_that_is_none_or_known_already_is_refused(desk, channel, address):
    answer = accounts.client_of(desk.author).post(
        reverse("courses:add_channel", args=[desk.module.course_id]), {"name": "Lain", "address": address}
    )
    assert answer.status_code == 422 and Channel.objects.count() == 1


def test_the_channels_of_others_are_not_there(desk, channel):
    stranger, reviewer = accounts.client_of(make_desk().author), accounts.client_of(desk.reviewer)
    url = reverse("courses:channel", args=[channel.pk])
    assert stranger.get(url).status_code == 404
    assert reviewer.get(url).status_code == 200
    for name in ("channel", "check_channel", "archive_channel"):
        assert reviewer.post(reverse(f"courses:{name}", args=[channel.pk]), {"state": "works"}).status_code == 404
    accounts.client_of(desk.author).post(reverse("courses:archive_channel", args=[channel.pk]))
    assert "Arsip" in text(reviewer.get(url)) and "Kembalikan" not in text(reviewer.get(url))
    for name in ("channel", "check_channel"):
        assert accounts.client_of(desk.author).post(reverse(f"courses:{name}", args=[channel.pk]), {}).status_code == 404


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_costs_the_same_for_any_length(desk, n, django_assert_num_queries):
    for number in range(n):
        channels.add(desk.module.course, by=desk.author, values={"name": f"Kanal {number}", "address": f"kanal{number}.id", "purpose": ""})
    client, page = accounts.client_of(desk.author), reverse("courses:channels", args=[desk.module.course_id])
    client.get(page)
    with django_assert_num_queries(8):
        client.get(page)


# --- files ------------------------------------------------------------------------------------------------------------
FILE = """- key: aduan-konten
  name: Aduan Konten
  address: aduankonten.id
  purpose: Konten yang melanggar.
- key: lapor
  name: SP4N-LAPOR!
  address: www.lapor.go.id
  state: changed
  note: Harus masuk dahulu.
  checked_on: 2026-10-01
  check_again_on: 2027-01-10
"""


def test_channels_come_from_a_file_and_go_back_byte_for_byte_without_persons(tmp_path):
    folder = write_course(tmp_path / "masuk")
    (folder / "channels.yaml").write_text(FILE)
    load_course(folder)
    course = Course.objects.get()
    assert course_files(course)["channels.yaml"] == FILE
    Channel.objects.update(checked_by=accounts.person(name="Pemeriksa Rahasia"))
    dump_course(course, tmp_path / "keluar")
    assert (tmp_path / "keluar" / "channels.yaml").read_text() == FILE
    assert not load_course(folder).changed_lines


def test_what_a_person_found_later_than_the_file_stays(tmp_path):
    folder = write_course(tmp_path / "masuk")
    (folder / "channels.yaml").write_text(FILE)
    load_course(folder)
    course, by = Course.objects.get(), accounts.admin()
    one = Channel.objects.get(key="lapor")
    channels.check(one, by=by, state=ChannelState.BROKEN, note="Tutup.")
    channels.add(course, by=by, values={"name": "Dari studio", "address": "studio.id", "purpose": ""})
    load_course(folder, overwrite_drafts=True)
    one.refresh_from_db()
    assert (one.state, one.checked_by) == (ChannelState.BROKEN, by)
    assert Channel.objects.filter(course=course, archived_at=None).count() == 3
    (folder / "channels.yaml").write_text(FILE.replace("2026-10-01", "2099-10-01").replace("2027-01-10", "2099-12-10"))
    load_course(folder, overwrite_drafts=True)
    one.refresh_from_db()
    assert (one.state, one.checked_on, one.checked_by) == (ChannelState.CHANGED, date(2099, 10, 1), None)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("key: lapor", "key: aduan-konten"),
        ("key: lapor", "key: aaa"),
        ("state: changed", "state: rusak"),
        ("2026-10-01", "kemarin"),
        ("note:", "oleh:"),
    ],
)
def test_what_is_wrong_in_the_file_is_named_with_its_line(tmp_path, old, new):
    folder = write_course(tmp_path / "masuk")
    (folder / "channels.yaml").write_text(FILE.replace(old, new))
    with pytest.raises(LoadError) as refused:
        load_course(folder)
    assert any("channels.yaml:5" in where for where, _sentence in refused.value.report.problems)
    assert not Channel.objects.exists()


def test_a_copy_of_a_course_is_another_course(desk, channel):
    assert make.make_course().channels.count() == 0
    assert list(desk.module.course.channels.all()) == [channel]


def test_a_portal_that_was_set_up_before_gets_the_channels_it_lacks_and_keeps_its_own(tmp_path):
    folder = write_course(tmp_path / "kecil")
    load_course(folder)
    course, admin = Course.objects.get(slug="kecil"), accounts.admin()
    mine = channels.add(course, by=admin, values={"name": "Aduan", "address": "https://aduankonten.id/", "purpose": "Milik kami."})
    rows = [("aduan-konten", "aduankonten.id"), ("csirt", "csirt.go.id"), ("lapor", "lapor.go.id")]
    text = "".join(f"- key: {key}\n  name: {key}\n  address: {address}\n" for key, address in rows)
    (folder / "channels.yaml").write_text(text)
    for _ in range(2):
        call_command("load_channels", str(folder), verbosity=0)
    assert [one.key for one in Channel.objects.filter(course=course).order_by("key")] == ["aduan", "csirt", "lapor"]
    channels.archive(Channel.objects.get(key="csirt"), by=admin)
    channels.edit(Channel.objects.get(key="lapor"), by=admin, values={"address": "baru.lapor.go.id"})
    call_command("load_channels", str(folder), verbosity=0)
    mine.refresh_from_db()
    assert mine.purpose == "Milik kami." and Channel.objects.filter(course=course).count() == 3
    assert Channel.objects.get(key="lapor").address == "baru.lapor.go.id" and Channel.objects.get(key="csirt").archived_at
    assert Entry.objects.filter(action="channel.added", actor=None).count() == 2


def test_channels_of_a_course_that_is_not_there_are_refused_with_a_sentence(tmp_path):
    with pytest.raises(CommandError, match="belum ada"):
        call_command("load_channels", str(write_course(tmp_path / "kecil")))
