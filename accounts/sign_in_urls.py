"""allauth's pages under Indonesian addresses, with allauth's own names; what is not listed here does not exist."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkey
from allauth.usersessions import views as sessions
from django.urls import URLPattern

from linimasa.doors import Who, page

from .views import own
from .views.answers import refusing

ANYONE, OWN = Who.PUBLIC, Who.SIGNED_IN

urlpatterns: list[URLPattern] = [
    page("akun/masuk/", refusing(account.login), name="account_login", who=ANYONE),
    page("akun/masuk/kode/", refusing(account.request_login_code), name="account_request_login_code", who=ANYONE),
    page("akun/masuk/kode/tulis/", refusing(account.confirm_login_code), name="account_confirm_login_code", who=ANYONE),
    page("akun/masuk/faktor-kedua/", refusing(second_factor.authenticate), name="mfa_authenticate", who=ANYONE),
    page("akun/masuk/kunci-sandi/", refusing(passkey.login_webauthn), name="mfa_login_webauthn", who=ANYONE),
    page("akun/daftar/", refusing(account.signup), name="account_signup", who=ANYONE),
    page("akun/daftar/kode/", refusing(account.email_verification_sent), name="account_email_verification_sent", who=ANYONE),
    page("akun/keluar/", refusing(account.logout), name="account_logout", who=OWN),
    page("akun/ditangguhkan/", account.account_inactive, name="account_inactive", who=ANYONE),
    page("akun/sandi/lupa/", refusing(account.password_reset), name="account_reset_password", who=ANYONE),
    page("akun/sandi/lupa/kode/", refusing(account.confirm_password_reset_code), name="account_confirm_password_reset_code", who=ANYONE),
    page("akun/sandi/lupa/baru/", refusing(account.complete_password_reset), name="account_complete_password_reset", who=ANYONE),
    page("akun/sandi/lupa/selesai/", account.password_reset_from_key_done, name="account_password_reset_completed", who=ANYONE),
    page("akun/sandi/ganti/", refusing(account.password_change), name="account_change_password", who=OWN),
    page("akun/sandi/buat/", refusing(account.password_set), name="account_set_password", who=OWN),
    page("akun/surel/", refusing(account.email), name="account_email", who=OWN),
    page("akun/bukti/", refusing(account.reauthenticate), name="account_reauthenticate", who=OWN),
    page("akun/bukti/kode/", refusing(second_factor.reauthenticate), name="mfa_reauthenticate", who=OWN),
    page("akun/bukti/kunci-sandi/", refusing(passkey.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn", who=OWN),
    page("akun/faktor-kedua/", second_factor.index, name="mfa_index", who=OWN),
    page("akun/faktor-kedua/aplikasi/", refusing(totp.activate_totp), name="mfa_activate_totp", who=OWN),
    page("akun/faktor-kedua/aplikasi/cabut/", refusing(totp.deactivate_totp), name="mfa_deactivate_totp", who=OWN),
    page("akun/faktor-kedua/kode-cadangan/", recovery.view_recovery_codes, name="mfa_view_recovery_codes", who=OWN),
    page("akun/faktor-kedua/kode-cadangan/buat/", refusing(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes", who=OWN),
    page("akun/faktor-kedua/kode-cadangan/unduh/", recovery.download_recovery_codes, name="mfa_download_recovery_codes", who=OWN),
    page("akun/kunci-sandi/", passkey.list_webauthn, name="mfa_list_webauthn", who=OWN),
    page("akun/kunci-sandi/tambah/", refusing(passkey.add_webauthn), name="mfa_add_webauthn", who=OWN),
    page("akun/kunci-sandi/<int:pk>/hapus/", own.remove_passkey, name="mfa_remove_webauthn", who=OWN),
    page("akun/kunci-sandi/<int:pk>/ubah/", refusing(passkey.edit_webauthn), name="mfa_edit_webauthn", who=OWN),
    page("akun/perangkat/", refusing(sessions.list_usersessions), name="usersessions_list", who=OWN),
]
