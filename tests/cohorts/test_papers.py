"""A module on paper, as its learners get it: in the version that their cohort meets, once its first lesson is open."""

from __future__ import annotations

import io

import pikepdf
import pytest
from django.core.cache import caches

from cohorts.models import CohortKind, Enrolment
from courses import booklets
from courses.models import Booklet, Version
from linimasa.writing import size
from tests.factories.accounts import client_of, person
from tests.factories.cohorts import activity_of, make_cohort, make_enrolment, make_progress, make_published_course, pin, publish

pytestmark = pytest.mark.django_db
PAGE = "/belajar/lini-masa/modul-1/"
PAPER = f"{PAGE}modul.pdf"
BEFORE = ("ORIENTASI", "TES-AWAL")


@pytest.fixture
def enrolment():
    """A learner who has done orientation and pre-test."""
    return begun(make_enrolment(make_cohort(make_published_course(slug="lini-masa"))))


def begun(made: Enrolment) -> Enrolment:
    for code in BEFORE:
        make_progress(made, code, points=0.5 if code == "TES-AWAL" else None)
    return made


def version_of(enrolment: Enrolment) -> Version:
    return Version.objects.select_related("course", "module").get(pk=enrolment.course.modules.get(code="M1").current_version_id)


def title_of(data: bytes) -> str:
    with pikepdf.open(io.BytesIO(data)) as paper, paper.open_metadata() as meta:
        return str(meta["dc:title"])


def test_the_module_page_offers_the_booklet_as_soon_as_it_is_drawn(enrolment):
    client = client_of(enrolment.learner)
    assert "PDF modul ini sedang disiapkan." in client.get(PAGE).content.decode()
    early = client.get(PAPER)
    assert early.status_code == 404 and "PDF modul ini sedang disiapkan" in early.content.decode()
    kept = booklets.make(version_of(enrolment))
    html = client.get(PAGE).content.decode()
    assert f'<a href="{PAPER}">Unduh modul ini sebagai PDF</a> ({size(kept.size)}, {kept.pages} halaman)' in html
    sent = client.get(PAPER)
    assert sent.content == bytes(kept.data) and sent["Content-Disposition"] == 'attachment; filename="linimasa-m1-modul-1-v1.pdf"'


def test_a_page_without_its_booklet_asks_the_workers_for_it(enrolment, monkeypatch, django_capture_on_commit_callbacks):
    asked = []
    monkeypatch.setattr("linimasa.work.publisher.put", lambda task, args: asked.append((task.name, args)))
    wanted = ("courses.tasks.make_booklet", (version_of(enrolment).pk,))
    for address in (PAGE, PAPER):
        with django_capture_on_commit_callbacks(execute=True):
            client_of(enrolment.learner).get(address)
        assert asked.pop() == wanted


def test_a_cohort_gets_the_version_that_it_meets():
    cohort = make_cohort(make_published_course(slug="lini-masa"), kind=CohortKind.SCHEDULED)
    enrolment = begun(make_enrolment(pin(cohort)))
    older = version_of(enrolment)
    module = older.module
    publish(module, sorted(module.activities.all(), key=lambda activity: activity.position))
    for version in Version.objects.filter(module=module).select_related("course", "module"):
        booklets.make(version)
    sent = client_of(enrolment.learner).get(PAPER)
    assert sent["ETag"] == f'"{Booklet.objects.get(version=older).sha256}"' and "-v1.pdf" in sent["Content-Disposition"]
    assert title_of(sent.content) == "Modul 1: Judul modul 1"


def test_what_is_not_open_yet_is_not_handed_out(enrolment):
    booklets.make(version_of(enrolment))
    later = enrolment.course.modules.get(code="M2")
    booklets.make(Version.objects.get(pk=later.current_version_id))
    client = client_of(enrolment.learner)
    closed = client.get("/belajar/lini-masa/modul-2/modul.pdf")
    assert closed.status_code == 403 and "belum terbuka" in closed.content.decode()
    assert "modul.pdf" not in client.get("/belajar/lini-masa/modul-2/").content.decode()
    make_progress(enrolment, activity_of(enrolment.course, "M2.1"))  # what a person has begun stays open
    assert client.get("/belajar/lini-masa/modul-2/modul.pdf").status_code == 200


def test_whoever_does_not_take_the_course_gets_nothing(enrolment):
    booklets.make(version_of(enrolment))
    assert client_of(person()).get(PAPER).status_code == 404
    own = client_of(enrolment.learner)
    assert own.get("/belajar/lini-masa/umum/modul.pdf").status_code == 404
    assert own.get("/belajar/lini-masa/tidak-ada/modul.pdf").status_code == 404


def test_the_offer_costs_the_module_page_one_statement_at_most(enrolment, django_assert_max_num_queries):
    client = client_of(enrolment.learner)

    def cost() -> int:
        client.get(PAGE)
        with django_assert_max_num_queries(9) as found:
            client.get(PAGE)
        return len(found)

    without = cost()
    booklets.make(version_of(enrolment))
    caches["local"].clear()
    assert cost() == without - 1
