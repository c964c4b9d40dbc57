"""The participants of a cohort as a file: only what its reader may see on the page, with the NIP masked."""

from __future__ import annotations

import csv
from io import StringIO

from django.http import HttpResponse

from accounts.models import User
from audit import log
from linimasa import clock, spreadsheets

from . import attending
from .models import Cohort
from .models.enrolment import EnrolmentQuerySet

BATCH = 500
HEAD = [
    "Nama",
    "NIP",
    "Instansi",
    "Jabatan",
    "Keadaan",
    "Pelajaran inti selesai",
    "Pelajaran inti",
    "Bergabung (WIB)",
    "Terakhir aktif (WIB)",
    "Selesai (WIB)",
]


def participants_csv(cohort: Cohort, people: EnrolmentQuerySet, *, by: User) -> HttpResponse:
    """The file, UTF-8 with a mark that spreadsheets understand; one audit entry says who took it and how many rows."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    count = 0
    ids = list(people.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        batch = list(people.filter(pk__in=ids[start : start + BATCH]).select_related("learner", "agency").order_by("pk"))
        for row in attending.rows(cohort, batch):
            person = row.enrolment.learner
            moments = (row.enrolment.joined_at, row.enrolment.last_seen_at, row.enrolment.completed_at)
            times = [clock.local(one, clock.DEFAULT_ZONE).strftime("%Y-%m-%d %H.%M") if one else "" for one in moments]
            facts = [person.full_name, person.masked_nip, row.enrolment.agency, person.position, row.state, row.done, row.asked]
            writer.writerow([spreadsheets.cell(value) for value in [*facts, *times]])
            count += 1
    log.record("cohort.exported", by=by, on=cohort, rows=count)
    response = HttpResponse(spreadsheets.BYTE_ORDER_MARK + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="peserta-{cohort.pk}.csv"'
    return response
