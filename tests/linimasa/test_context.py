"""Navigation by role: at most five, every place exists, and learner pages ask the database for nothing."""

from __future__ import annotations

import re

import pytest
from django.test import RequestFactory
from django.urls import reverse

from linimasa import context
from linimasa.environment import ROOT


class Person:
    is_authenticated = True

    def __init__(self, *roles, name="Yohana Bano"):
        self.needs_second_factor = bool(roles)
        self.name = name
        self.held = roles
        self.asked = 0

    def roles(self):
        self.asked += 1
        return set(self.held)


def shell_of(person, path="/beranda/"):
    request = RequestFactory().get(path)
    request.user = person
    return context.Shell(request)


def names_in_templates():
    found = set()
    for file in (ROOT / "templates").rglob("*.html"):
        found |= set(re.findall(r"""{% place ["']([^"']+)["'] %}""", file.read_text()))
    return found


@pytest.mark.parametrize("item", [*context.LEARNER, *context.PUBLIC, *context.STAFF], ids=lambda item: item.url_name)
def test_every_item_leads_to_a_page_under_its_own_prefix(item):
    assert reverse(item.url_name).startswith(item.under)


def test_every_place_in_the_templates_exists():
    assert len(names_in_templates()) > 5
    assert [reverse(name) for name in names_in_templates()]


@pytest.mark.parametrize(
    ("roles", "labels"),
    [
        (("trainer",), ["Penilaian", "Angkatan", "Statistik", "Panduan"]),
        (("coordinator",), ["Angkatan", "Persetujuan", "Orang"]),
        (("author",), ["Studio", "Statistik"]),
        (("organiser",), ["Angkatan", "Statistik", "Persetujuan"]),
        (("admin",), ["Studio", "Angkatan", "Persetujuan", "Pengguna", "Jejak"]),
    ],
)
def test_staff_see_the_places_of_their_roles(roles, labels):
    assert [item.label for item in shell_of(Person(*roles)).staff_items] == labels


def test_the_bar_never_holds_more_than_five_and_the_rest_is_in_the_menu():
    shell = shell_of(Person("admin", "trainer", "author", "coordinator"))
    assert len(shell.staff_items) == context.MOST_ITEMS
    assert len(shell.items) <= context.MOST_ITEMS
    more = ["Pengguna", "Jejak", "Orang", "Panduan", "Bank soal"]
    more += ["Sertifikat", "Instansi", "Domain surel", "Permintaan data", "Pengingat"]
    assert [item.label for item in shell.more_items] == more


def test_an_author_finds_the_bank_of_questions_in_the_menu():
    assert [item.label for item in shell_of(Person("author")).more_items] == ["Panduan", "Bank soal"]


def test_an_admin_reaches_every_place_of_administration_from_the_menu():
    shell = shell_of(Person("admin"))
    reached = {item.url_name for item in (*shell.staff_items, *shell.more_items)}
    assert {"notifications:ledger", "accounts:data_requests", "cohorts:cohorts", "accounts:people", "audit:history"} <= reached


def test_a_learners_roles_are_never_asked_for():
    person = Person()
    shell = shell_of(person)
    assert (shell.is_staff, shell.staff_items, shell.items, shell.initials) == (False, (), context.LEARNER, "YB")
    assert person.asked == 0


def test_a_staff_persons_roles_are_asked_for_once():
    person = Person("admin")
    shell = shell_of(person)
    assert shell.staff_items and shell.more_items and person.asked == 1


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/beranda/", "Beranda"),
        ("/belajar/lini-masa/m1/", "Modul"),
        ("/akun/keamanan/", "Akun"),
        ("/kelola/jejak/", "Jejak"),
        ("/lain/", None),
    ],
)
def test_the_current_place_is_marked(path, label):
    current = shell_of(Person("admin"), path).current
    assert (current.label if current else None) == label


@pytest.mark.parametrize("name", ["", "  ", "Siti", "br. Sitorus Maria", "Nur’aini Śri Ḥasan"])
def test_initials_never_break_a_page(name):
    person = Person(name=name)
    person.email = "siti@sikka.go.id"
    assert 0 < len(shell_of(person).initials) <= 2
