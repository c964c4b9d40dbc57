"""Whom a person may see, and where a role reaches. Foreign equals absent equals 404."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from .models import Agency, DataRequest, Role, RoleGrant, ScopeKind, User


@dataclass(frozen=True)
class Scope:
    """Where one role of one person reaches. ``agencies`` holds the agencies with all below them in the tree.

    Ids are text. ``regions`` holds the regions granted; a province covers its regencies and cities.
    """

    everything: bool = False
    courses: set[str] = field(default_factory=set)
    cohorts: set[str] = field(default_factory=set)
    agencies: set[str] = field(default_factory=set)
    regions: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.everything or self.courses or self.cohorts or self.agencies or self.regions)

    def agency_filter(self, prefix: str = "") -> Q:
        """The agencies in this scope as a condition; ``prefix`` leads to the agency, for instance ``"agency__"``.

        An empty scope gives a condition that nothing meets.
        """
        if self.everything:
            return Q()
        condition = Q(pk__in=[])
        if self.agencies:
            condition |= Q(**{f"{prefix}id__in": sorted(int(pk) for pk in self.agencies)})
        if self.regions:
            codes = sorted(self.regions)
            condition |= Q(**{f"{prefix}region_id__in": codes}) | Q(**{f"{prefix}region__province_id__in": codes})
        return condition


def scope(user: User, role: Role | str) -> Scope:
    """Where this role of this person reaches now. An admin reaches everything in every role.

    Costs the grants' one query (kept on the person), and one a level of the tree where an agency is granted.
    """
    if not user.is_authenticated:
        return Scope()
    grants = [grant for grant in user.current_grants() if grant.role in {role, Role.ADMIN}]
    if any(grant.role == Role.ADMIN or grant.scope_kind == ScopeKind.EVERYTHING for grant in grants):
        return Scope(everything=True)
    return Scope(
        courses=_ids(grants, ScopeKind.COURSE),
        cohorts=_ids(grants, ScopeKind.COHORT),
        agencies=with_all_below(_ids(grants, ScopeKind.AGENCY)),
        regions=_ids(grants, ScopeKind.REGION),
    )


def _ids(grants: list[RoleGrant], kind: ScopeKind) -> set[str]:
    return {grant.scope_id for grant in grants if grant.scope_kind == kind}


def with_all_below(agencies: set[str]) -> set[str]:
    """The agencies and all below them in the tree (one query a level; a loop in the data ends)."""
    found, level = set(agencies), set(agencies)
    while level:
        below = Agency.objects.filter(parent_id__in=[int(pk) for pk in level]).values_list("pk", flat=True)
        level = {str(pk) for pk in below} - found
        found |= level
    return found


def grants_reaching(agency: Agency | None) -> Q:
    """Grants whose scope covers this agency: itself, one above it in the tree, its region or province, or everything."""
    found = Q(scope_kind=ScopeKind.EVERYTHING)
    regions: set[str] = set()
    if agency is not None and agency.region_id:
        regions = {agency.region_id, agency.region_id.partition(".")[0]}
    seen: set[int] = set()
    while agency is not None and agency.pk not in seen:
        seen.add(agency.pk)
        agency = agency.parent
    if seen:
        found |= Q(scope_kind=ScopeKind.AGENCY, scope_id__in=[str(pk) for pk in seen])
    if regions:
        found |= Q(scope_kind=ScopeKind.REGION, scope_id__in=regions)
    return found


def people_visible_to(user: User) -> QuerySet[User]:
    """The people whose data this person may see: oneself, a coordinator's agencies, everyone for an admin.

    Trainers see their cohorts' people through ``cohorts.access``.
    """
    if not user.is_authenticated:
        return User.objects.none()
    reach = scope(user, Role.COORDINATOR)
    if reach.everything:
        return User.objects.all()
    return User.objects.filter(Q(pk=user.pk) | reach.agency_filter("agency__"))


def person_visible_to(user: User, person_id: int) -> User:
    """That person, if ``user`` may see them; otherwise 404."""
    return get_object_or_404(people_visible_to(user).select_related("agency__region"), pk=person_id)


def data_request_to_decide(request_id: int) -> DataRequest:
    """That request, for an admin (the page asks for the role); otherwise 404."""
    return get_object_or_404(DataRequest.objects.select_related("person__agency", "decided_by"), pk=request_id)


def people_of_coordinator(user: User) -> QuerySet[User]:
    """The people of the agencies that this person coordinates (nobody without such a role)."""
    return User.objects.filter(scope(user, Role.COORDINATOR).agency_filter("agency__"), agency__isnull=False)
