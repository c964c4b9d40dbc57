"""How allauth behaves here: limits, redirects, words, mails, and how second-factor secrets are kept."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from . import limits, second_factor
from .limits import ACCOUNT_SIGN_IN, ADDRESS_SIGN_IN
from .models import User

PROOFS = {"password", "mfa"}
TOO_OFTEN = "Terlalu sering dicoba. Coba lagi dalam 10 menit atau minta kode masuk."
WRONG_CODE = "Kode tidak cocok. Periksa lagi, atau minta kode baru."


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in limits by account first; after sign-up to the profile; a sign-in of less than five minutes ago is a fresh proof."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "Akun ini ditangguhkan. Hubungi admin instansi Anda.",
        "cannot_remove_primary_email": "Surel utama tidak bisa dihapus.",
        "duplicate_email": "Surel ini sudah ada di akun Anda.",
        "email_password_mismatch": "Surel atau kata sandi tidak cocok. Periksa lagi atau minta kode masuk.",
        "email_taken": "Surel ini sudah dipakai. Tulis surel lain.",
        "enter_current_password": "Tulis kata sandi Anda yang sekarang.",
        "incorrect_code": WRONG_CODE,
        "incorrect_password": "Kata sandi tidak cocok. Periksa lagi.",
        "invalid_login": "Surel atau kata sandi tidak cocok. Periksa lagi atau minta kode masuk.",
        "invalid_or_expired_key": "Kode ini tidak berlaku lagi. Minta kode baru.",
        "invalid_password_reset": "Kode ini tidak berlaku lagi. Minta kode baru.",
        "same_as_current": "Ini sama dengan yang sekarang. Tulis yang baru.",
        "rate_limited": TOO_OFTEN,
        "too_many_login_attempts": TOO_OFTEN,
        "unknown_email": "Surel ini belum terdaftar.",
        "unverified_primary_email": "Periksa dulu surel utama Anda dengan kode yang kami kirim.",
    }

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count this try for the account and, widely, for the address it comes from. Raises a ValidationError over a limit."""
        self._tries = (
            (ACCOUNT_SIGN_IN, str(credentials.get("email", "")).strip().lower()),
            (ADDRESS_SIGN_IN, self.get_client_ip(request)),
        )
        if not limits.take(*self._tries):
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        limits.give_back(*self._tries)

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        limits.forget(ACCOUNT_SIGN_IN, str(credentials.get("email", "")).strip().lower())

    @transaction.atomic
    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Session, time of sign-in: written to the disk once."""
        super().login(request, user)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not when the password or second factor was given less than five minutes ago, at sign-in or since."""
        records = get_authentication_records(context.request, context.request.user)
        newest = max((record["at"] for record in records if record.get("method") in PROOFS), default=0.0)
        if time.time() - newest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        super().send_mail(template_prefix, email, {"shell_url": settings.PUBLIC_URL, **context})

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """To the profile until it is complete, then home."""
        user: User = request.user  # type: ignore[assignment]
        return settings.LOGIN_REDIRECT_URL if user.profile_complete else reverse("accounts:profile")

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:profile")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:security")


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are encrypted at rest with SECOND_FACTOR_KEY; staff keep at least one factor."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": "Surel tidak bisa ditambahkan selama autentikasi dua faktor menyala.",
        "cannot_delete_authenticator": "Peran Anda memerlukan faktor kedua. Pasang yang lain dulu sebelum mencabut ini.",
        "cannot_generate_recovery_codes": "Pasang aplikasi autentikator atau kunci sandi dulu.",
        "incorrect_code": "Kode tidak cocok. Tunggu kode berikutnya di aplikasi, lalu tulis lagi.",
        "unverified_email": "Periksa dulu surel Anda dengan kode yang kami kirim.",
    }

    def encrypt(self, text: str) -> str:
        return second_factor.cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return second_factor.cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        if not authenticator.user.needs_second_factor or authenticator.type not in second_factor.FACTORS:
            return True
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=second_factor.FACTORS).exclude(pk=authenticator.pk)
        return others.exists()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return "Kunci sandi utama" if count == 0 else f"Kunci sandi {count + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": context.request.get_host().partition(":")[0], "name": "Linimasa"}
