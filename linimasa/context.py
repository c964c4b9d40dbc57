"""What every template knows: ``shell`` (navigation by role, theme, environment). Nothing is computed until it is used.

Learner pages cost no SQL here: roles are looked at only for people who were ever given one (``needs_second_factor``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

from .icons import SPRITE

THEME_COOKIE = "theme"
THEMES = ("light", "dark")
MOST_ITEMS = 5


@dataclass(frozen=True)
class Item:
    """One place in the navigation. ``under`` are the address prefixes that belong to it."""

    label: str
    url_name: str
    icon: str
    under: tuple[str, ...]
    roles: frozenset[str] = frozenset()
    menu_roles: frozenset[str] = frozenset()  # for these roles it is in the menu, not in the bar
    in_bar: bool = True

    @property
    def url(self) -> str:
        return address(self.url_name)


LEARNER = (
    Item("Beranda", "cohorts:home", "house", ("/beranda/",)),
    Item("Modul", "courses:catalogue", "book-open", ("/modul/", "/belajar/", "/kuis/", "/tugas/", "/gabung/")),
    Item("Sertifikat", "certificates:mine", "award", ("/sertifikat/",)),
    Item("Kabar", "notifications:inbox", "bell", ("/pemberitahuan/",), in_bar=False),
    Item("Akun", "accounts:profile", "user", ("/akun/",), in_bar=False),
)
PUBLIC = (
    Item("Modul", "courses:catalogue", "book-open", ("/modul/",)),
    Item("Periksa sertifikat", "certificates:verify", "shield-check", ("/periksa/",)),
    Item("Bantuan", "linimasa:help", "circle-question-mark", ("/bantuan/",)),
)
_ADMIN = frozenset({"admin"})
STAFF = (
    Item("Penilaian", "quizzes:grading_queue", "clipboard-check", ("/nilai/",), frozenset({"trainer"}), menu_roles=_ADMIN),
    Item(
        "Studio",
        "courses:studio",
        "book-open",
        ("/kelola/modul/", "/kelola/soal/", "/kelola/kuis/"),
        frozenset({"author", "reviewer", "admin"}),
    ),
    Item("Angkatan", "cohorts:cohorts", "users", ("/angkatan/",), frozenset({"trainer", "organiser", "coordinator", "admin"})),
    Item(
        "Statistik",
        "quizzes:statistics",
        "list",
        ("/nilai/statistik/",),
        frozenset({"trainer", "organiser", "author", "reviewer"}),
        menu_roles=_ADMIN,
    ),
    Item("Persetujuan", "cohorts:approvals", "user-check", ("/persetujuan/",), frozenset({"coordinator", "organiser", "admin"})),
    Item("Pengguna", "accounts:people", "user", ("/kelola/pengguna/",), _ADMIN),
    Item("Jejak", "audit:history", "history", ("/kelola/jejak/",), _ADMIN),
    Item("Orang", "accounts:agency_people", "user", ("/instansi/orang/",), frozenset({"coordinator"})),
    Item(
        "Panduan",
        "courses:guides",
        "list",
        ("/panduan-pengajar/",),
        frozenset({"trainer"}),
        menu_roles=frozenset({"organiser", "author", "reviewer", "admin"}),
    ),
    Item("Bank soal", "quizzes:bank", "list", ("/kelola/soal/",), menu_roles=frozenset({"author", "reviewer", "admin"})),
    Item("Sertifikat", "certificates:certificates", "award", ("/kelola/sertifikat/",), menu_roles=_ADMIN),
    Item("Instansi", "accounts:agencies", "building-2", ("/kelola/instansi/",), menu_roles=_ADMIN),
    Item("Domain surel", "accounts:domains", "mail", ("/kelola/domain/",), menu_roles=_ADMIN),
    Item("Permintaan data", "accounts:data_requests", "inbox", ("/kelola/permintaan-data/",), menu_roles=_ADMIN),
    Item("Pengingat", "notifications:ledger", "bell", ("/kelola/pengingat/",), menu_roles=_ADMIN),
)


@cache
def address(url_name: str) -> str:
    """The address of a page that has no arguments, looked up once a process. Raises NoReverseMatch for a page that is not there."""
    return reverse(url_name)


class Shell:
    """The frame of one request's page."""

    public_url = settings.PUBLIC_URL
    demo = not settings.PRODUCTION
    sprite = SPRITE

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def theme(self) -> str:
        """``light``, ``dark`` or empty (the system's)."""
        chosen = self._request.COOKIES.get(THEME_COOKIE, "")
        return chosen if chosen in THEMES else ""

    @cached_property
    def signed_in(self) -> bool:
        user = getattr(self._request, "user", None)
        return bool(user is not None and user.is_authenticated)

    @cached_property
    def owner(self) -> str:
        """Whose answers wait on a device: a mark that only this portal makes, so that nobody's answers are sent or shown as another's."""
        return salted_hmac("linimasa.outbox", str(self._request.user.pk)).hexdigest()[:16]

    @cached_property
    def is_staff(self) -> bool:
        """Was this person ever given a role? Costs no SQL."""
        return self.signed_in and self._request.user.needs_second_factor

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Navigation of learner and public pages: at most five, the same at every depth."""
        return LEARNER if self.signed_in else PUBLIC

    @cached_property
    def staff_items(self) -> tuple[Item, ...]:
        """Navigation of staff pages, by the roles held: at most five. One query, and only for people with a role."""
        return self._main[:MOST_ITEMS]

    @cached_property
    def more_items(self) -> tuple[Item, ...]:
        """What stands only in the menu: rarer places, and what a person of many roles has beyond five."""
        return self._main[MOST_ITEMS:] + tuple(item for item in STAFF if item.menu_roles & self._held and item not in self._main)

    @cached_property
    def _main(self) -> tuple[Item, ...]:
        return tuple(item for item in STAFF if item.roles & self._held)

    @cached_property
    def _held(self) -> frozenset[str]:
        return frozenset(str(role) for role in self._request.user.roles()) if self.is_staff else frozenset()

    @cached_property
    def current(self) -> Item | None:
        path = self._request.path
        every = (
            STAFF
            if path.startswith(("/kelola/", "/angkatan/", "/persetujuan/", "/nilai/", "/instansi/", "/panduan-pengajar/"))
            else self.items
        )
        inside = [item for item in every if path.startswith(item.under)]
        return max(inside, key=lambda item: max(len(prefix) for prefix in item.under if path.startswith(prefix)), default=None)

    @cached_property
    def initials(self) -> str:
        """Two letters for the account's mark."""
        user = self._request.user
        words = getattr(user, "name", "").split() or getattr(user, "email", "").split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

    @property
    def path(self) -> str:
        return self._request.path


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"shell": Shell(request)}
