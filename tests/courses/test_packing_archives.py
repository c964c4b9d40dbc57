"""A whole course as one archive, out and in: byte for byte, within bounds, and nothing enters while a line is wrong."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Role
from audit.models import Entry
from courses import dumping, editing, tasks
from courses.loading import load_course
from courses.models import (
    Activity,
    Arrival,
    ArrivalState,
    Course,
    Lesson,
    Media,
    Module,
    Package,
    PackageKind,
    Revision,
    Version,
    WorkState,
)
from courses.packing import archives, arriving, making, zips
from tests.courses import folders
from tests.courses.whole import whole_course
from tests.factories import accounts

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return accounts.staff(Role.ADMIN)


@pytest.fixture
def small(tmp_path):
    load_course(folders.small_course(tmp_path / "kursus"))
    return Course.objects.get(slug="kecil")


def archive_of(course: Course) -> bytes:
    return archives.make(course)[0]


def packed(files: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return out.getvalue()


def changed(data: bytes, **changes: tuple[str, str]) -> bytes:
    """The archive with a text replaced in each of these files."""
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    for name, (old, new) in changes.items():
        assert old.encode() in files[name], name
        files[name] = files[name].replace(old.encode(), new.encode())
    return packed(files)


def enter(data: bytes, admin, *, slug: str = "", course: Course | None = None, over_drafts: bool = False) -> Arrival:
    arrival = arriving.bring(data, "arsip.zip", by=admin, course=course, slug=slug)
    tasks.examine_arrival(arrival.pk)
    arrival.refresh_from_db()
    assert arrival.state == ArrivalState.READY, arrival.report
    arriving.agree(arrival, by=admin, over_drafts=over_drafts)
    tasks.apply_arrival(arrival.pk)
    arrival.refresh_from_db()
    return arrival


def everything_gone() -> None:
    """As a portal that has just been set up: no course, and no file in the storage."""
    for media in Media.objects.all():
        default_storage.delete(str(media.file.name))
    Course.objects.all().update(slug="dulu", current_version=None)


def test_out_and_onto_a_new_address_and_out_again_is_byte_identical(tmp_path, admin):
    """Into a portal that has just been set up: ``test_packing_empty_portal``."""
    course = whole_course(tmp_path)
    names = set(Activity.objects.filter(course=course).values_list("code", flat=True))
    data = archive_of(course)
    assert data == archive_of(course)
    everything_gone()
    arrival = enter(data, admin, slug="kecil")
    assert arrival.state == ArrivalState.APPLIED, arrival.report
    again = Course.objects.get(slug="kecil")
    assert archive_of(again) == data
    assert set(Activity.objects.filter(course=again).values_list("code", flat=True)) == names
    assert not Version.objects.filter(course=again).exists()  # drafts only


def test_the_archive_is_exactly_the_files_of_the_dump(tmp_path):
    course = whole_course(tmp_path)
    dumping.dump_course(course, tmp_path / "folder")
    with archives.opened(archive_of(course)) as folder:
        assert folders.bytes_of(folder) == folders.bytes_of(tmp_path / "folder")


def test_the_commands_take_and_give_an_archive(small, tmp_path, capsys):
    call_command("dump_course", "kecil", str(tmp_path / "kecil.zip"))
    with pytest.raises(CommandError, match="sudah ada"):
        call_command("dump_course", "kecil", str(tmp_path / "kecil.zip"))
    Course.objects.update(slug="dulu")
    call_command("load_course", str(tmp_path / "kecil.zip"))
    assert Version.objects.filter(course__slug="kecil").count() == 3  # the command publishes, as it always did
    (tmp_path / "rusak.zip").write_bytes(b"PK\x03\x04rusak")
    with pytest.raises(CommandError, match="rusak"):
        call_command("load_course", str(tmp_path / "rusak.zip"))


def test_onto_an_existing_course_the_preview_says_what_changes_and_only_drafts_change(small, admin):
    data = changed(archive_of(small), **{"m2-dua/02-pelajaran-2.md": ("Teks.", "Teks baru.")})
    arrival = arriving.bring(data, "arsip.zip", by=admin, course=small)
    files = set(default_storage.listdir("course-media")[1]) if default_storage.exists("course-media") else set()
    tasks.examine_arrival(arrival.pk)
    arrival.refresh_from_db()
    assert (arrival.state, arrival.report["changed"]) == (ArrivalState.READY, ["M2.2 Pelajaran M2.2"])
    assert arrival.report["counts"]["unchanged"] > 3 and not arrival.report["created"] and not arrival.report["archived"]
    assert "Teks." in Lesson.objects.get(activity__code="M2.2").body  # a look changes nothing
    assert files == (set(default_storage.listdir("course-media")[1]) if default_storage.exists("course-media") else set())
    before = list(Version.objects.values_list("pk", flat=True))
    arriving.agree(arrival, by=admin)
    tasks.apply_arrival(arrival.pk)
    assert "Teks baru." in Lesson.objects.get(activity__code="M2.2").body
    assert list(Version.objects.values_list("pk", flat=True)) == before
    waiting = Module.objects.filter(draft_changed_at__isnull=False)
    assert [(one.code, one.draft_changed_by) for one in waiting] == [("M2", admin)]
    kept = Revision.objects.filter(activity__code="M2.2").order_by("-at", "-pk").first()
    assert (kept.origin, kept.by) == ("file", admin) and "Teks baru." in kept.content["body"]
    assert Entry.objects.filter(action="course.loaded", actor=admin).count() == 1


def test_entered_twice_or_looked_at_twice_is_once(small, admin):
    data = changed(archive_of(small), **{"m2-dua/02-pelajaran-2.md": ("Teks.", "Teks baru.")})
    arrival = enter(data, admin, course=small)
    entries, revisions = Entry.objects.count(), Revision.objects.count()
    assert not tasks.apply_arrival(arrival.pk) and not tasks.examine_arrival(arrival.pk)
    assert (Entry.objects.count(), Revision.objects.count()) == (entries, revisions)
    with pytest.raises(arriving.ArrivingError):
        arriving.agree(arrival, by=admin)


def test_unpublished_drafts_are_replaced_only_when_that_is_said(small, admin):
    editing.touch(Module.objects.get(code="M1"), by=admin)
    arrival = arriving.bring(archive_of(small), "a.zip", by=admin, course=small)
    tasks.examine_arrival(arrival.pk)
    arrival.refresh_from_db()
    assert arrival.report["drafts"] == ["modul M1 Modul satu"]
    with pytest.raises(arriving.ArrivingError, match="belum terbit"):
        arriving.agree(arrival, by=admin)
    arriving.agree(arrival, by=admin, over_drafts=True)


def test_a_draft_that_changed_after_the_preview_is_not_overwritten_but_looked_at_again(small, admin):
    data = changed(archive_of(small), **{"m2-dua/02-pelajaran-2.md": ("Teks.", "Teks baru.")})
    arrival = arriving.bring(data, "a.zip", by=admin, course=small)
    tasks.examine_arrival(arrival.pk)
    arrival.refresh_from_db()
    arriving.agree(arrival, by=admin)
    Lesson.objects.filter(activity__code="M1.1").update(body="## Baru saja ditulis\n")
    tasks.apply_arrival(arrival.pk)
    arrival.refresh_from_db()
    assert arrival.state == ArrivalState.WAITING and "diperiksa sekali lagi" in arrival.report["again"]
    assert Lesson.objects.get(activity__code="M1.1").body == "## Baru saja ditulis\n"
    tasks.carry_on_with_packages()
    arrival.refresh_from_db()
    assert arrival.state == ArrivalState.READY and "M1.1 Pelajaran M1.1" in arrival.report["changed"]


def test_each_problem_names_file_and_line_and_nothing_enters(small, admin):
    data = changed(
        archive_of(small),
        **{"m1-satu/module.yaml": ("title: Modul satu", "title: [1]"), "m2-dua/02-pelajaran-2.md": ("minutes: 45", "minutes: -1")},
    )
    arrival = arriving.bring(data, "a.zip", by=admin, slug="baru")
    tasks.examine_arrival(arrival.pk)
    arrival.refresh_from_db()
    assert arrival.state == ArrivalState.REFUSED
    places = [where for where, _sentence in arrival.report["problems"]]
    assert any(place.startswith("m1-satu/module.yaml:") for place in places)
    assert any(place.startswith("m2-dua/02-pelajaran-2.md:") for place in places)
    assert not Course.objects.filter(slug="baru").exists()
    with pytest.raises(arriving.ArrivingError):
        arriving.agree(arrival, by=admin)


def test_an_unfinished_draft_enters_and_is_told_what_publishing_still_needs(small, admin):
    Lesson.objects.filter(activity__code="M1.1").update(body="![](/m/abc.webp)\n")
    arrival = enter(archive_of(small), admin, slug="tahun-depan")
    assert arrival.state == ArrivalState.APPLIED and arrival.course.slug == "tahun-depan"
    assert any(where.startswith("m1-satu/") for where, _sentence in arrival.report["advice"])


def test_what_cannot_come_back_is_said_with_the_archive(small, admin):
    Module.objects.create(course=small, code="M9", slug="lepas", title="Lepas", position=9)
    data, told = archives.make(small)
    assert any("M9 Lepas" in one and "program" in one for one in told)


# --- files of strangers -----------------------------------------------------------------------------------------------
def link() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        entry = zipfile.ZipInfo("course.yaml")
        entry.create_system, entry.external_attr = 3, 0o120777 << 16
        made.writestr(entry, "/etc/passwd")
    return out.getvalue()


HOSTILE = {
    "out of the folder": (packed({"../jahat.txt": "x"}), "luar arsip"),
    "deep inside out": (packed({"a/../../jahat.txt": "x"}), "luar arsip"),
    "from the root": (packed({"/etc/jahat": "x"}), "luar arsip"),
    "a Windows path": (packed({"..\\jahat.txt": "x"}), "luar arsip"),
    "a drive": (packed({"c:jahat.txt": "x"}), "luar arsip"),
    "a link": (link(), "tautan ke berkas lain"),
    "too deep": (packed({"a/b/c/d/e/f.txt": "x"}), "folder ke dalam"),
    "strange signs": (packed({"a\u202eb.txt": "x"}), "tidak dapat dipakai"),
    "twice but for case": (packed({"Course.yaml": "x", "course.yaml": "y"}), "dua kali"),
    "a bomb": (packed({"course.yaml": b"\0" * 60_000_000}), "mengembang"),
    "too many": (packed({f"{number}.md": "" for number in range(4_001)}), "berkas"),
    "a list of a hundred thousand names": (packed({"a.md": "x"}) + b"PK\x01\x02" * 100_000, "berkas"),
    "gigabytes asked for before the first byte": (packed({"course.yaml": "x"}, zipfile.ZIP_LZMA), "dikempa"),
    "a file that is a folder too": (packed({"a": "x", "a/b.md": "y"}), "rusak"),
    "broken": (b"PK\x03\x04" + b"\0" * 50, "rusak"),
    "cut off": (packed({"course.yaml": "slug: a\n" * 500})[:-40], "rusak"),
    "empty": (packed({}), ""),
    "no course": (packed({"lain.txt": "x"}), "course.yaml"),
}


@pytest.mark.parametrize("which", HOSTILE)
def test_a_hostile_archive_is_refused_in_a_sentence_and_leaves_nothing(admin, tmp_path, which):
    data, words = HOSTILE[which]
    arrival = arriving.bring(data, "jahat.zip", by=admin, slug="baru")
    tasks.examine_arrival(arrival.pk)
    arrival.refresh_from_db()
    told = " ".join(f"{where} {sentence}" for where, sentence in arrival.report["problems"])
    assert arrival.state == ArrivalState.REFUSED and words in told and told.strip().endswith("."), told
    assert told.find(arriving.TROUBLE) < 0
    assert not Course.objects.exists()


def test_a_size_that_lies_is_refused(tmp_path):
    data = bytearray(packed({"course.yaml": "x" * 500_000}))
    at = data.rfind(b"PK\x01\x02") + 24
    data[at : at + 4] = (10).to_bytes(4, "little")
    with pytest.raises(zips.ZipError):
        zips.unpack(bytes(data), tmp_path)


def test_a_folder_around_it_and_what_desktops_add_do_no_harm(small, tmp_path):
    with archives.opened(archive_of(small)) as folder:
        files = {f"kursusku/{name}": data for name, data in folders.bytes_of(folder).items()}
    zips.unpack(packed(files | {"__MACOSX/kursusku/._course.yaml": "x", "kursusku/.DS_Store": "x"}), tmp_path)
    assert (tmp_path / "course.yaml").exists() and not list(tmp_path.rglob(".DS_Store"))


def test_no_zip_no_address_and_too_much_are_refused_at_the_door(small, admin):
    with pytest.raises(arriving.ArrivingError, match="bukan ZIP"):
        arriving.bring(b"GIF89a", "a.zip", by=admin, slug="baru")
    for slug in ("kecil", "Besar", "", "a" * 61):
        with pytest.raises(arriving.ArrivingError, match="[Aa]lamat"):
            arriving.bring(b"PK", "a.zip", by=admin, slug=slug)
    with pytest.raises(arriving.ArrivingError, match="paling besar"):
        arriving.bring(b"PK" + b"\0" * arriving.MOST_BYTES, "a.zip", by=admin, slug="baru")


# --- the workers ------------------------------------------------------------------------------------------------------
def test_a_package_is_made_once_and_asked_for_once_while_it_waits(small, admin):
    package = making.ask(small, kind=PackageKind.ARCHIVE, by=admin)
    assert making.ask(small, kind=PackageKind.ARCHIVE, by=admin) == package
    assert tasks.make_package(package.pk) and not tasks.make_package(package.pk)
    package.refresh_from_db()
    assert (package.state, package.size) == (WorkState.READY, len(package.data)) and bytes(package.data) == archive_of(small)
    assert Entry.objects.filter(action="package.asked").count() == 1


def test_the_sweeper_makes_what_a_dead_worker_left(small, admin):
    lost = making.ask(small, kind=PackageKind.ARCHIVE, by=admin)
    arrival = arriving.bring(archive_of(small), "a.zip", by=admin, slug="baru")
    long_ago = timezone.now() - making.GIVEN_UP * 2
    Package.objects.filter(pk=lost.pk).update(state=WorkState.WORKING, claimed_at=long_ago)
    Arrival.objects.filter(pk=arrival.pk).update(state=ArrivalState.WORKING, claimed_at=long_ago)
    assert tasks.carry_on_with_packages() == 2
    lost.refresh_from_db()
    arrival.refresh_from_db()
    assert (lost.state, arrival.state) == (WorkState.READY, ArrivalState.READY)
    assert tasks.carry_on_with_packages() == 0


def test_a_module_that_is_not_published_has_no_package(small, admin):
    module = Module.objects.create(course=small, code="M9", slug="lepas", title="Lepas", position=9)
    with pytest.raises(making.PackingError, match="belum pernah terbit"):
        making.ask(small, kind=PackageKind.SCORM12, by=admin, module=module)
    with pytest.raises(making.PackingError, match="tersedia"):
        making.ask(small, kind=PackageKind.SCORM12, by=admin)
