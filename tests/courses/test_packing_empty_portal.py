"""Out of one portal and into another that has just been set up: its own process, its own data folder, a database that only migrations made."""

from __future__ import annotations

import json
import shutil
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
