"""The people and things that ``tests/test_doors.py`` sends through every door.

``SAMPLES`` tells for each address with parameters which object to ask for, and whose it is. A new address with parameters
needs a line here, or the build fails.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.models import Agency, AgencyKind, EmploymentStatus, Region, RegionKind, Role, RoleGrant, ScopeKind, User
from tests.factories.accounts import client_of, second_factor

ROLES: dict[str, Role] = {
    "trainer": Role.TRAINER,
    "other_trainer": Role.TRAINER,
    "coordinator": Role.COORDINATOR,
    "other_coordinator": Role.COORDINATOR,
    "author": Role.AUTHOR,
    "reviewer": Role.REVIEWER,
    "organiser": Role.ORGANISER,
    "admin": Role.ADMIN,
}
SIGNED_IN = ("fresh", "learner", "other_learner", *ROLES)
PERSONAS = ("anonymous", "suspended", *SIGNED_IN)


@dataclass
class World:
    """Everyone by name in ``people``; things by name in ``things`` (filled by ``furnish``)."""

    people: dict[str, User] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["people"].get(name) or self.__dict__["things"][name]
        except KeyError:
            raise AttributeError(name) from None


@dataclass(frozen=True)
class Sample:
    """``words`` makes the address' parameters; ``theirs`` names who may open this very object (None: all whom the door lets in)."""

    words: Callable[[World], dict[str, Any]]
    theirs: frozenset[str] | None = None


def sample(words: Callable[[World], dict[str, Any]], *theirs: str) -> Sample:
    """One object for one address: ``sample(lambda world: {"attempt_id": world.attempt.pk}, "learner")``."""
    return Sample(words, frozenset(theirs) if theirs else None)


SAMPLES: dict[str, Sample] = {
    "mfa_edit_webauthn": sample(lambda world: {"pk": world.passkey.pk}, "trainer"),
    "mfa_remove_webauthn": sample(lambda world: {"pk": world.passkey.pk}, "trainer"),
}


def build() -> World:
    """Two agencies in two regions, everyone in their place, signed in with a fresh proof of what their role asks for."""
    world = World()
    province = Region.objects.create(
        code="73", name="Sulawesi Selatan", kind=RegionKind.PROVINCE, time_zone="Asia/Makassar", search_key="sulawesiselatan"
    )
    for code, name in (("73.06", "Gowa"), ("73.71", "Makassar")):
        region = Region.objects.create(
            code=code, name=name, kind=RegionKind.REGENCY, province=province, time_zone="Asia/Makassar", search_key=name.lower()
        )
        world.things[f"agency_{name.lower()}"] = Agency.objects.create(
            name=f"Diskominfo {name}", kind=AgencyKind.COMMUNICATIONS, region=region, search_key=f"diskominfo{name.lower()}"
        )
    for name in ("suspended", *SIGNED_IN):
        elsewhere = name.startswith("other_")
        world.people[name] = User.objects.create_user(
            f"{name}@{'makassar' if elsewhere else 'gowa'}.go.id",
            is_active=name != "suspended",
            needs_second_factor=name in ROLES,
            **({} if name == "fresh" else complete(name, world.things["agency_makassar" if elsewhere else "agency_gowa"])),
        )
    for name in SIGNED_IN:
        second_factor(world.people[name])
    furnish(world)
    for name, role in ROLES.items():
        grant(world, name, role)
    for name, person in world.people.items():
        world.clients[name] = signed_in(person)
    return world


def complete(name: str, agency: Agency) -> dict[str, Any]:
    """A whole profile."""
    return {"name": f"Orang {name.title()}", "employment_status": EmploymentStatus.NON_ASN, "agency": agency, "position": "Staf"}


def grant(world: World, name: str, role: Role) -> None:
    """The persona's role, in the narrowest scope that the world has for it."""
    cohort = world.things.get("other_cohort" if name.startswith("other_") else "cohort")
    if role == Role.COORDINATOR:
        agency = world.people[name].agency
        kind, scope = ScopeKind.AGENCY, str(agency.pk if agency else "")
    elif role in {Role.TRAINER, Role.ORGANISER} and cohort is not None:
        kind, scope = ScopeKind.COHORT, str(cohort.pk)
    else:
        kind, scope = ScopeKind.EVERYTHING, ""
    RoleGrant.objects.create(person=world.people[name], role=role, scope_kind=kind, scope_id=scope)


def furnish(world: World) -> None:
    """The courses, cohorts, attempts and papers that ``SAMPLES`` ask for."""
    world.things["passkey"] = Authenticator.objects.create(
        user=world.people["trainer"], type=Authenticator.Type.WEBAUTHN, data={"name": "Laptop kantor", "credential": {}}
    )


def signed_in(person: User) -> Client:
    """A client with a session of this person: password, and a second factor shown a moment ago."""
    client = client_of(person)
    client.raise_request_exception = False
    return client
