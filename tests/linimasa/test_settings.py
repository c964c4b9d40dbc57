import secrets

import pytest

from tests.portal import manage

PRODUCTION = {
    "LINIMASA_ENV": "production",
    "SECRET_KEY": (key := secrets.token_urlsafe(48)),
    "SECOND_FACTOR_KEY": secrets.token_urlsafe(48),
    "ALLOWED_HOSTS": "belajar.example.go.id",
    "PUBLIC_URL": "https://belajar.example.go.id",
    "EMAIL_URL": "smtp://surel.example.go.id:587?tls=1",
}


def test_production_with_everything_said_is_clean(tmp_path):
    assert manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION).returncode == 0


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY belum diisi"),
        ({"SECRET_KEY": "pendek"}, "SECRET_KEY terlalu pendek"),
        ({"SECOND_FACTOR_KEY": ""}, "SECOND_FACTOR_KEY belum diisi"),
        ({"DEBUG": "1"}, "DEBUG tidak boleh menyala"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS belum diisi"),
        ({"EMAIL_URL": ""}, "EMAIL_URL belum diisi"),
        ({"SECOND_FACTOR_KEY": key}, "linimasa.E002"),
    ],
)
def test_production_refuses(tmp_path, change, told):
    refused = manage(tmp_path, "check", "--deploy", check=False, **(PRODUCTION | change))
    assert refused.returncode == 1
    assert told in refused.stderr and "Traceback" not in refused.stderr


def test_the_cookies_are_host_bound_in_production(tmp_path):
    told = manage(tmp_path, "diffsettings", **PRODUCTION).stdout
    assert "SESSION_COOKIE_NAME = '__Host-session'" in told and "CSRF_COOKIE_NAME = '__Host-csrf'" in told
    assert "SESSION_COOKIE_SECURE = True" in told and "SECURE_HSTS_SECONDS = 31536000" in told
