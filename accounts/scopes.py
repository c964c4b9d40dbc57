"""What a role can be scoped to. Apps to the right add their kinds (course, cohort) in their ``ready()``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .models import Agency, AgencyStatus, Region, ScopeKind
from .searching import search_key

MOST_FOUND = 20


@dataclass(frozen=True)
class Found:
    """One thing that a role can be scoped to."""

    id: str
    name: str


@dataclass(frozen=True)
class Kind:
    """``search`` finds by words (at most MOST_FOUND); ``names`` maps ids to names and leaves out what does not exist."""

    search: Callable[[str], list[Found]]
    names: Callable[[set[str]], dict[str, str]]


_kinds: dict[str, Kind] = {}


def register(scope_kind: str, kind: Kind) -> None:
    """Make roles grantable within this kind of thing. Registering again replaces."""
    _kinds[ScopeKind(scope_kind)] = kind


def search(scope_kind: str, words: str) -> list[Found]:
    """What of this kind is named like the words; nothing for an unknown kind."""
    return _kinds[scope_kind].search(words) if scope_kind in _kinds else []


def names(scope_kind: str, ids: set[str]) -> dict[str, str]:
    """The names of these ids of this kind (one query); absent ids are left out."""
    return _kinds[scope_kind].names(ids) if ids and scope_kind in _kinds else {}


def name_of(scope_kind: str, scope_id: str) -> str | None:
    """The name of one thing, or None when there is no such thing."""
    return names(scope_kind, {scope_id}).get(scope_id) if scope_id else None


def numbers(ids: set[str]) -> list[int]:
    """The ids that can be a key at all; the rest is unknown and no error."""
    return [int(one) for one in ids if one.isascii() and one.isdigit() and len(one) < 18]


def _agencies(words: str) -> list[Found]:
    found = Agency.objects.filter(status=AgencyStatus.APPROVED, search_key__contains=search_key(words)).select_related("region")
    return [Found(str(one.pk), agency_label(one)) for one in found[:MOST_FOUND]]


def agency_label(agency: Agency) -> str:
    """The agency with its region, where its name does not say it."""
    region = agency.region.name if agency.region_id and agency.region else ""
    return agency.name if not region or search_key(region) in search_key(agency.name) else f"{agency.name}, {region}"


def _agency_names(ids: set[str]) -> dict[str, str]:
    return {str(one.pk): agency_label(one) for one in Agency.objects.filter(pk__in=numbers(ids)).select_related("region")}


def _regions(words: str) -> list[Found]:
    return [Found(one.code, one.name) for one in Region.objects.filter(search_key__contains=search_key(words))[:MOST_FOUND]]


def _region_names(ids: set[str]) -> dict[str, str]:
    return dict(Region.objects.filter(code__in=ids).values_list("code", "name"))


register(ScopeKind.AGENCY, Kind(_agencies, _agency_names))
register(ScopeKind.REGION, Kind(_regions, _region_names))
