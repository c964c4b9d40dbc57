"""The site map of certificates."""

from django.urls import URLPattern

from linimasa.doors import Who, page

from .views import manage, mine, verify

app_name = "certificates"
urlpatterns: list[URLPattern] = [
    page("sertifikat/", mine.mine, name="mine", who=Who.SIGNED_IN),
    page("sertifikat/<int:certificate_id>/unduh/", mine.download, name="download", who=Who.LEARNER),
    page("periksa/", verify.verify, name="verify", who=Who.PUBLIC),
    page("periksa/nomor/", verify.verify_number, name="verify_number", who=Who.PUBLIC),
    page("periksa/berkas/", verify.verify_file, name="verify_file", who=Who.PUBLIC),
    page("periksa/<slug:token>/", verify.verify_token, name="verify_token", who=Who.PUBLIC),
    page("periksa/<slug:token>/unduh/", verify.verify_download, name="verify_download", who=Who.PUBLIC),
    page("kelola/sertifikat/", manage.certificates, name="certificates", who=Who.ADMIN),
    page("kelola/sertifikat/<int:certificate_id>/", manage.certificate, name="certificate", who=Who.ADMIN),
    page("kelola/sertifikat/<int:certificate_id>/unduh/", manage.certificate_file, name="certificate_file", who=Who.ADMIN),
    page("kelola/sertifikat/<int:certificate_id>/perbaiki/", manage.correct, name="correct", who=Who.ADMIN, fresh_proof=True),
    page("kelola/sertifikat/<int:certificate_id>/cabut/", manage.revoke, name="revoke", who=Who.ADMIN, fresh_proof=True),
]
