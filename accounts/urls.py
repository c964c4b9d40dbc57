"""The site map of accounts. (allauth's pages are in ``sign_in_urls.py``: they keep allauth's names.)"""

from __future__ import annotations

from linimasa.doors import Who, page

from .views import manage, own

app_name = "accounts"
OWN, ADMIN, COORDINATOR = Who.SIGNED_IN, Who.ADMIN, Who.COORDINATOR

urlpatterns = [
    page("akun/", own.overview, name="overview", who=OWN),
    page("akun/profil/", own.profile, name="profile", who=OWN),
    page("akun/instansi/", own.agency, name="agency", who=OWN),
    page("akun/instansi/minta/", own.request_agency, name="request_agency", who=OWN),
    page("akun/keamanan/", own.security, name="security", who=OWN),
    page("akun/data/", own.own_data, name="own_data", who=OWN),
    page("akun/data/unduh/", own.download, name="download", who=OWN, fresh_proof=True),
    page("instansi/orang/", manage.agency_people, name="agency_people", who={COORDINATOR, ADMIN}),
    page("kelola/pengguna/", manage.people, name="people", who=ADMIN),
    page("kelola/pengguna/<int:person_id>/", manage.person, name="person", who=ADMIN),
    page("kelola/pengguna/<int:person_id>/peran/", manage.give_role, name="give_role", who=ADMIN, fresh_proof=True),
    page("kelola/pengguna/<int:person_id>/tangguhkan/", manage.suspend, name="suspend", who=ADMIN, fresh_proof=True),
    page("kelola/pengguna/<int:person_id>/pulihkan/", manage.restore, name="restore", who=ADMIN, fresh_proof=True),
    page("kelola/pengguna/<int:person_id>/faktor-kedua/", manage.reset_factor, name="reset_factor", who=ADMIN, fresh_proof=True),
    page("kelola/pengguna/<int:person_id>/surel/", manage.clear_refused, name="clear_refused", who=ADMIN),
    page("kelola/pengguna/<int:person_id>/hapus-data/", manage.erase, name="erase", who=ADMIN, fresh_proof=True),
    page("kelola/permintaan-data/", manage.data_requests, name="data_requests", who=ADMIN),
    page("kelola/permintaan-data/<int:request_id>/", manage.data_request, name="data_request", who=ADMIN),
    page("kelola/peran/<int:grant_id>/akhiri/", manage.end_role, name="end_role", who=ADMIN, fresh_proof=True),
    page("kelola/instansi/", manage.agencies, name="agencies", who=ADMIN),
    page("kelola/instansi/tambah/", manage.add_agency, name="add_agency", who=ADMIN),
    page("kelola/instansi/<int:agency_id>/setujui/", manage.approve_agency, name="approve_agency", who=ADMIN),
    page("kelola/instansi/<int:agency_id>/tolak/", manage.decline_agency, name="decline_agency", who=ADMIN),
    page("kelola/domain/", manage.domains, name="domains", who=ADMIN),
    page("kelola/domain/<int:domain_id>/hapus/", manage.remove_domain, name="remove_domain", who=ADMIN),
]
