"""Agencies that people miss, and domains whose addresses join at once: requested, approved, declined, added."""

from __future__ import annotations

import re

from django.db import IntegrityError, transaction

from audit import log

from . import editing
from .models import Agency, AgencyKind, AgencyStatus, ApprovedDomain, Region, User
from .searching import search_key

_DOMAIN = re.compile(r"(?=.{4,120}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}\Z")
TOO_WIDE = frozenset(
    {"co.id", "or.id", "web.id", "my.id", "sch.id", "ac.id", "gmail.com", "yahoo.com", "yahoo.co.id", "outlook.com", "hotmail.com"}
)


class ApprovingError(Exception):
    """The act cannot be done; the message is a sentence."""


@transaction.atomic
def request_agency(person: User, *, name: str, kind: str, region: Region | None) -> Agency:
    """Ask for an agency that the list lacks; the person works for it meanwhile. Raises ApprovingError for one that is on the list.

    Asking for one that waits, whoever asked first, joins that request; one that was declined is asked anew. A person has one request
    at a time: a new one replaces it.
    """
    found = _same(name, region)
    if found is not None and found.status == AgencyStatus.APPROVED:
        raise ApprovingError("Instansi ini sudah ada di daftar. Cari dengan sebagian namanya.")
    if found is None:
        found = _create(name=name, kind=kind, region=region, status=AgencyStatus.REQUESTED, requested_by=person)
        log.record("agency.requested", by=person, on=found, name=name)
    elif found.status == AgencyStatus.DECLINED:
        declined = Agency.objects.filter(pk=found.pk, status=AgencyStatus.DECLINED)
        if declined.update(status=AgencyStatus.REQUESTED, requested_by=person):
            log.record("agency.requested", by=person, on=found, name=name)
        found.refresh_from_db()
    earlier = Agency.objects.filter(requested_by=person, status=AgencyStatus.REQUESTED).exclude(pk=found.pk)
    editing.choose_agency(person, found, by=person)
    for old in earlier.exclude(people__isnull=False):
        decline(old, by=person, reason="Diganti permintaan baru.")
    return found


@transaction.atomic
def add_agency(*, name: str, kind: str, region: Region | None, parent: Agency | None, by: User) -> Agency:
    """Put an agency on the list. Raises ApprovingError for one that exists."""
    if _same(name, region) is not None:
        raise ApprovingError("Instansi ini sudah ada di daftar.")
    made = _create(name=name, kind=kind, region=region, parent=parent)
    log.record("agency.added", by=by, on=made, name=name)
    return made


@transaction.atomic
def approve(agency: Agency, *, by: User) -> Agency:
    """The requested agency joins the list, under its region's government. Raises ApprovingError when it no longer waits."""
    government = None
    if agency.region_id:
        government = (
            Agency.objects.filter(region_id=agency.region_id, kind=AgencyKind.REGIONAL_GOVERNMENT, parent=None)
            .exclude(pk=agency.pk)
            .first()
        )
    _decide(agency, AgencyStatus.APPROVED, parent=agency.parent or government)
    log.record("agency.approved", by=by, on=agency)
    return agency


@transaction.atomic
def decline(agency: Agency, *, by: User, reason: str) -> Agency:
    """The requested agency does not join the list; whoever chose it chooses again. Raises ApprovingError when it no longer waits."""
    _decide(agency, AgencyStatus.DECLINED)
    User.objects.filter(agency=agency).update(agency=None)
    log.record("agency.declined", by=by, on=agency, reason=reason[:300])
    return agency


def _decide(agency: Agency, status: AgencyStatus, **values: object) -> None:
    if not Agency.objects.filter(pk=agency.pk, status=AgencyStatus.REQUESTED).update(status=status, **values):
        raise ApprovingError("Permintaan ini sudah diputuskan. Muat ulang halaman untuk melihat hasilnya.")
    agency.refresh_from_db()


def _same(name: str, region: Region | None) -> Agency | None:
    """An agency of this name in this region, whatever blanks, hyphens and case; also one that waits or was declined."""
    return Agency.objects.filter(search_key=search_key(name), region=region).first()


def _create(**values: object) -> Agency:
    try:
        with transaction.atomic():
            return Agency.objects.create(search_key=search_key(str(values["name"])), **values)
    except IntegrityError as error:
        raise ApprovingError("Instansi ini sudah ada di wilayah itu.") from error


def tidy_domain(text: str) -> str:
    """«@Sikkakab.GO.ID» as «sikkakab.go.id». Raises ApprovingError for what is no domain, or one that anyone can have."""
    domain = text.strip().lower().rpartition("@")[2].strip(".")
    if not _DOMAIN.fullmatch(domain):
        raise ApprovingError("Tulis domain saja, misalnya sikkakab.go.id.")
    if domain in TOO_WIDE:
        raise ApprovingError("Domain ini dipakai umum. Pilih domain milik instansi.")
    return domain


@transaction.atomic
def approve_domain(text: str, *, by: User | None) -> ApprovedDomain:
    """Addresses under this domain join a self-paced cohort at once. Raises ApprovingError."""
    made, new = ApprovedDomain.objects.get_or_create(domain=tidy_domain(text), defaults={"added_by": by})
    if not new:
        raise ApprovingError("Domain ini sudah ada di daftar.")
    log.record("domain.approved", by=by, on=made, domain=made.domain)
    return made


@transaction.atomic
def remove_domain(domain: ApprovedDomain, *, by: User) -> None:
    """Addresses under this domain no longer join at once; who joined stays. Harmless when it is gone already."""
    log_as = ApprovedDomain.objects.select_for_update().filter(pk=domain.pk).first()
    if log_as is not None:
        log.record("domain.removed", by=by, on=log_as, domain=log_as.domain)
        log_as.delete()
