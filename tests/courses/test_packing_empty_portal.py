"""Out of one portal and into another that has just been set up: own process, own data folder, a database that only migrations made."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from courses.loading import load_course
from courses.models import Course
from courses.packing import archives
from tests import portal
from tests.courses import folders
from tests.courses.whole import whole_course

CURRICULUM = Path(__file__).resolve().parents[2] / "content" / "lini-masa"
# As the studio's page does it: brought, looked at, agreed to, entered; then out again.
BY_THE_PAGE = """
import json, pathlib
from accounts.models import RoleGrant, User
from courses.models import Activity, Course, Media, Version
from courses.packing import archives, arriving
before = [Course.objects.count(), Activity.objects.count(), Media.objects.count(), User.objects.count()]
admin = User.objects.create(email="admin@baru.go.id", name="Admin")
arrival = arriving.bring(pathlib.Path({archive!r}).read_bytes(), "arsip.zip", by=admin, slug={slug!r})
arriving.examine(arrival.pk)
arrival.refresh_from_db()
assert arrival.state == "ready", arrival.report
assert not Course.objects.exists() and not Media.objects.exists()
arriving.agree(arrival, by=admin)
arriving.apply(arrival.pk)
arrival.refresh_from_db()
assert arrival.state == "applied", arrival.report
course = Course.objects.get()
pathlib.Path({out!r}).write_bytes(archives.make(course)[0])
print(json.dumps([before, Version.objects.count(), Media.objects.count()]))
"""
# How much memory the command had at most, with the whole portal loaded.
IN_PARTS = """
from django.core.management import call_command
call_command("load_course", {archive!r}, verbosity=0)
from courses.models import Course
print(Course.objects.count(), open("/proc/self/status").read().partition("VmHWM:")[2].split()[0])
"""


@pytest.fixture(scope="module")
def empty(tmp_path_factory) -> Path:
    """The data folder of a portal whose database holds what ``migrate`` makes, and nothing else."""
    data = tmp_path_factory.mktemp("baru")
    portal.manage(data, "migrate", "-v0")
    return data


def another(empty: Path, name: Path) -> Path:
    shutil.copytree(empty, name)
    return name


@pytest.mark.django_db
@pytest.mark.parametrize("which", ["every kind", "the curriculum"])
def test_an_empty_portal_takes_it_and_gives_it_back_byte_for_byte(tmp_path, empty, which):
    if which == "every kind":
        whole_course(tmp_path)
    else:
        load_course(CURRICULUM)
    course = Course.objects.get()
    files = course.media.count()
    sent = tmp_path / "arsip.zip"
    archives.as_file(course, sent)

    by_command = another(empty, tmp_path / "perintah")
    portal.manage(by_command, "load_course", str(sent))
    portal.manage(by_command, "dump_course", course.slug, str(tmp_path / "perintah.zip"))
    assert (tmp_path / "perintah.zip").read_bytes() == sent.read_bytes()

    by_page, out = another(empty, tmp_path / "halaman"), tmp_path / "halaman.zip"
    words = BY_THE_PAGE.format(archive=str(sent), slug=course.slug, out=str(out))
    told = portal.manage(by_page, "shell", "-v0", "-c", words).stdout
    assert json.loads(told.strip().splitlines()[-1]) == [[0, 0, 0, 0], 0, files]
    assert out.read_bytes() == sent.read_bytes()

    if which == "the curriculum":
        with archives.opened(out.read_bytes()) as folder:
            assert folders.bytes_of(folder) == folders.bytes_of(CURRICULUM)


def test_an_archive_of_200_mb_is_taken_by_the_command_within_300_mb_of_memory(tmp_path, empty):
    folder, archive = folders.small_course(tmp_path / "kursus"), tmp_path / "besar.zip"
    with zipfile.ZipFile(archive, "w") as made:
        for name, data in folders.bytes_of(folder).items():
            made.writestr(name, data)
        with made.open("media/lain.bin", "w") as big:
            for _ in range(200):
                big.write(bytes(1_000_000))
    told = portal.manage(another(empty, tmp_path / "baru"), "shell", "-v0", "-c", IN_PARTS.format(archive=str(archive))).stdout
    courses, most = told.split()[-2:]
    assert archive.stat().st_size > 200_000_000 and courses == "1" and int(most) < 300_000  # KB
