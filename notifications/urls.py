"""The site map of notifications."""

from linimasa.doors import Who, page

from .views import demo, ledger, own

app_name = "notifications"
urlpatterns = [
    page("pemberitahuan/", own.inbox, name="inbox", who=Who.SIGNED_IN),
    page("pemberitahuan/pengaturan/", own.preferences, name="preferences", who=Who.SIGNED_IN),
    page("pemberitahuan/pengaturan/<str:token>/", own.preferences_by_link, name="preferences_by_link", who=Who.PUBLIC),
    page("pemberitahuan/berhenti/<str:token>/", own.unsubscribe, name="unsubscribe", who=Who.PUBLIC),
    page("kotak-surat-demo/", demo.mails, name="demo_mail", who=Who.PUBLIC),
    page("kotak-surat-demo/<int:mail_id>/", demo.mail, name="demo_mail_item", who=Who.PUBLIC),
    page("kelola/pengingat/", ledger.ledger, name="ledger", who=Who.ADMIN),
]
