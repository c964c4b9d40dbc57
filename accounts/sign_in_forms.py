"""allauth's forms in our words, safe against endless and unreadable text, and equal for known and unknown addresses."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as second_factor
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as passkey
from django import forms
from django.http import HttpRequest

from linimasa.forms import SafeTextMixin

from .models import User

PASSWORD_HINT = "Paling sedikit 12 karakter. Tiga kata acak mudah diingat."  # noqa: S105 - a hint
ADDRESS_WRONG = "Tulis alamat surel lengkap, misalnya nama@contoh.go.id."
CODE_LENGTH = 64
CREDENTIAL_LENGTH = 20_000


class Ours(SafeTextMixin):
    """Labels, hints and refusals in Indonesian; no placeholders (they vanish while one types)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.help_text = ""  # the pages lead to a forgotten password themselves
            if isinstance(field, forms.EmailField):
                _address(field, signing_in=name == "login")
            elif name in WORDS:
                field.label, field.error_messages["required"] = WORDS[name]
            if name in {"password1"}:
                field.help_text = PASSWORD_HINT
            if name in {"code"}:
                _code(field)
            if name == "credential":
                field.max_length = CREDENTIAL_LENGTH  # type: ignore[attr-defined]


WORDS = {
    "password": ("Kata sandi", "Tulis kata sandi Anda."),
    "oldpassword": ("Kata sandi sekarang", "Tulis kata sandi Anda yang sekarang."),
    "password1": ("Kata sandi", "Tulis kata sandi."),
    "code": ("Kode", "Tulis kodenya."),
    "name": ("Nama kunci sandi", "Tulis nama untuk kunci sandi ini."),
}


def _address(field: forms.EmailField, *, signing_in: bool) -> None:
    field.label = "Surel"
    field.error_messages["required"] = field.error_messages["invalid"] = ADDRESS_WRONG
    for validator in field.validators:
        if getattr(validator, "code", "") == "invalid":
            validator.message = ADDRESS_WRONG  # type: ignore[attr-defined]
    field.widget.attrs.update(
        autocomplete="username" if signing_in else "email", inputmode="email", spellcheck="false", autocapitalize="none"
    )


def _code(field: forms.Field) -> None:
    field.max_length = CODE_LENGTH  # type: ignore[attr-defined]
    field.widget.attrs.update(autocomplete="one-time-code", spellcheck="false", autocapitalize="characters", autofocus=True)


class LoginForm(Ours, account.LoginForm):
    """Surel and kata sandi. «Ponsel ini dipakai bersama» ends the session with the browser."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        self.fields["remember"].label = "Ingat saya di gawai ini"
        self.fields["remember"].help_text = "Jangan dicentang pada gawai yang dipakai bersama."


class SignupForm(Ours, account.SignupForm):
    """Equal for known and unknown addresses: a known one costs the same hash, and is told by mail."""

    def try_save(self, request: HttpRequest) -> Any:
        if self.account_already_exists:
            User().set_password(self.cleaned_data["password1"])
        return super().try_save(request)


class ResetPasswordForm(Ours, account.ResetPasswordForm):
    pass


class NewPasswordMixin(Ours):
    """One field for the new password, with a button that shows it; no second field to type it again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        self.fields["password1"].label = "Kata sandi baru"
        self.fields["password1"].widget.attrs["autocomplete"] = "new-password"


class ResetPasswordKeyForm(NewPasswordMixin, account.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(NewPasswordMixin, account.ChangePasswordForm):
    pass


class SetPasswordForm(NewPasswordMixin, account.SetPasswordForm):
    pass


class ReauthenticateForm(Ours, account.ReauthenticateForm):
    pass


class RequestLoginCodeForm(Ours, account.RequestLoginCodeForm):
    pass


class ConfirmLoginCodeForm(Ours, account.ConfirmLoginCodeForm):
    pass


class ConfirmEmailVerificationCodeForm(Ours, account.ConfirmEmailVerificationCodeForm):
    pass


class ConfirmPasswordResetCodeForm(Ours, account.ConfirmPasswordResetCodeForm):
    pass


class AddEmailForm(Ours, account.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "Surel baru"


class AuthenticateForm(Ours, second_factor.AuthenticateForm):
    pass


class ReauthenticateCodeForm(Ours, second_factor.ReauthenticateForm):
    pass


class ActivateTOTPForm(Ours, totp.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Kode 6 angka dari aplikasi"
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class DeactivateTOTPForm(Ours, totp.DeactivateTOTPForm):
    pass


class GenerateCodesForm(Ours, GenerateRecoveryCodesForm):
    pass


class AddWebAuthnForm(Ours, passkey.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "passwordless" in self.fields:
            self.fields["passwordless"].label = "Bisa dipakai masuk tanpa kata sandi"
            self.fields["passwordless"].help_text = "Nyalakan bila kunci sandi ini tersimpan di ponsel atau laptop milik Anda sendiri."


class EditWebAuthnForm(Ours, passkey.EditWebAuthnForm):
    pass


class AuthenticateWebAuthnForm(Ours, passkey.AuthenticateWebAuthnForm):
    pass


class ReauthenticateWebAuthnForm(Ours, passkey.ReauthenticateWebAuthnForm):
    pass


class LoginWebAuthnForm(Ours, passkey.LoginWebAuthnForm):
    pass
