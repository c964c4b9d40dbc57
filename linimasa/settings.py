"""Settings of Linimasa: one module for the demo and for production, told apart by ``LINIMASA_ENV``.

Nothing here is read from anywhere but ``linimasa.environment``.
"""

from __future__ import annotations

from datetime import timedelta

from celery.schedules import crontab

from . import environment, logs
from .environment import ROOT, read

PRODUCTION = environment.is_production()
DATA = environment.data_folder()

DEBUG = read("DEBUG", "0") == "1"
if PRODUCTION and DEBUG:
    raise environment.MisconfiguredEnvironment("DEBUG tidak boleh menyala dalam produksi. Hapus DEBUG dari lingkungan.")
SECRET_KEY = environment.secret("SECRET_KEY")
SECOND_FACTOR_KEY = environment.secret("SECOND_FACTOR_KEY")

PORT = environment.whole_number("PORT")
PUBLIC_URL = read("PUBLIC_URL", f"http://localhost:{PORT}").rstrip("/")
ALLOWED_HOSTS = read("ALLOWED_HOSTS", "" if PRODUCTION else "localhost,127.0.0.1,testserver").split(",")
if PRODUCTION and not any(ALLOWED_HOSTS):
    raise environment.MisconfiguredEnvironment("ALLOWED_HOSTS belum diisi. Isi dengan nama host portal ini, dipisah koma.")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

# --- rooms ------------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "linimasa",
    "audit",
    "accounts",
    "notifications",
    "courses",
    "cohorts",
    "quizzes",
    "certificates",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "linimasa.middleware.CompressionMiddleware",
    "linimasa.middleware.SecurityHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "linimasa.middleware.PersonalZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "linimasa.middleware.SavedMiddleware",
]

ROOT_URLCONF = "linimasa.urls"
WSGI_APPLICATION = "linimasa.wsgi.application"
FORM_RENDERER = "linimasa.forms.Renderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "linimasa.context.shell",
            ],
            "builtins": ["linimasa.templatetags.ui"],
        },
    }
]

# --- data -------------------------------------------------------------------------------------------------------------
DATABASES = {"default": environment.database(read("DATABASE_URL", f"sqlite:///{DATA / 'linimasa.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
BROKER_URL = environment.broker_url()
CACHES = {
    # Sign-in limits and used TOTP codes live here, so it must be shared and survive the broker: the database.
    # It never culls by itself (limits must not be forgotten early); linimasa.tasks.clear_ended removes what has expired.
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache", "OPTIONS": {"MAX_ENTRIES": 10_000_000}},
    # On the broker: holds nothing; /healthz asks it whether the broker answers.
    "hints": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": BROKER_URL,
        "OPTIONS": {"socket_connect_timeout": 0.3, "socket_timeout": 0.3},
    },
    # Immutable, versioned things (rendered lessons, outlines): never needs invalidation.
    "local": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "versions", "OPTIONS": {"MAX_ENTRIES": 2000}},
}
SESSION_ENGINE = "linimasa.sessions"  # Django's own, with its one statement compiled once
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
MEDIA_ROOT = DATA / "media"
MEDIA_URL = "/media/"
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_TEMP_DIR = DATA / "tmp"
FILE_UPLOAD_TEMP_DIR.mkdir(exist_ok=True)
FILE_UPLOAD_PERMISSIONS = 0o600
# The library of a course. A request is at most middleware.LARGEST_REQUEST; a film of three minutes at 480 lines has about 12 MB.
MEDIA_MOST_BYTES = {"image": 8_000_000, "audio": 20_000_000, "video": 24_000_000, "document": 10_000_000}
MEDIA_MOST_SECONDS = {"audio": 1_800, "video": 600}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

# --- static -----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "static"]
STATIC_ROOT = DATA / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "linimasa.bundles.BundledStorage"},
}

# --- people -----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.recognising.Backend"]
PASSWORD_HASHERS = ["accounts.hashers.Argon2id"]  # 19 MiB, t=2, p=1 (OWASP's minimum)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("email", "name")}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.CommonIndonesianWords"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/beranda/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupFields"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 900  # a mail may come late where signals are weak
ACCOUNT_EMAIL_MAX_LENGTH = 254
# By account first, wide by address: a class of 200 sits behind one. Sign-in itself is counted by accounts.limits (one
# statement); "login_failed" is left for the second factor's codes, which allauth counts by account.
ACCOUNT_RATE_LIMITS = {
    "login": "",
    "login_failed": "5/10m/key",
    "signup": "600/10m/ip",
    "request_login_code": "600/10m/ip,3/10m/key",
    "reset_password": "600/10m/ip,3/10m/key",
    "reset_password_from_key": "600/10m/ip",
    "change_password": "10/10m/user",
    "manage_email": "20/10m/user",
    "reauthenticate": "10/10m/user",
}
_FORMS = "accounts.sign_in_forms."
ACCOUNT_FORMS = {
    "login": _FORMS + "LoginForm",
    "signup": _FORMS + "SignupForm",
    "add_email": _FORMS + "AddEmailForm",
    "change_password": _FORMS + "ChangePasswordForm",
    "set_password": _FORMS + "SetPasswordForm",
    "reset_password": _FORMS + "ResetPasswordForm",
    "reset_password_from_key": _FORMS + "ResetPasswordKeyForm",
    "reauthenticate": _FORMS + "ReauthenticateForm",
    "request_login_code": _FORMS + "RequestLoginCodeForm",
    "confirm_login_code": _FORMS + "ConfirmLoginCodeForm",
    "confirm_email_verification_code": _FORMS + "ConfirmEmailVerificationCodeForm",
    "confirm_password_reset_code": _FORMS + "ConfirmPasswordResetCodeForm",
}
MFA_FORMS = {
    "authenticate": _FORMS + "AuthenticateForm",
    "reauthenticate": _FORMS + "ReauthenticateCodeForm",
    "activate_totp": _FORMS + "ActivateTOTPForm",
    "deactivate_totp": _FORMS + "DeactivateTOTPForm",
    "generate_recovery_codes": _FORMS + "GenerateCodesForm",
    "add_webauthn": _FORMS + "AddWebAuthnForm",
    "edit_webauthn": _FORMS + "EditWebAuthnForm",
    "authenticate_webauthn": _FORMS + "AuthenticateWebAuthnForm",
    "reauthenticate_webauthn": _FORMS + "ReauthenticateWebAuthnForm",
    "login_webauthn": _FORMS + "LoginWebAuthnForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = environment.whole_number("TRUSTED_PROXIES", lowest=0, highest=16)
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 0  # with 1 a used code is accepted again
MFA_TOTP_ISSUER = "Linimasa"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION

# --- words and time ---------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["linimasa.formats"]

# --- mail -------------------------------------------------------------------------------------------------------------
# Django's mail goes into the outbox (committed with the act); the worker hands it to EMAIL_URL's server.
EMAIL_BACKEND = "notifications.channels.email.OutboxBackend"
EMAIL_URL = read("EMAIL_URL")
if PRODUCTION and not EMAIL_URL:
    raise environment.MisconfiguredEnvironment(
        "EMAIL_URL belum diisi. Isi dengan alamat server SMTP, misalnya smtp://user:sandi@host:587?tls=1."
    )
DEFAULT_FROM_EMAIL = read("EMAIL_FROM", "Linimasa <tidak-dibalas@linimasa.test>")
EMAIL_TIMEOUT = 10

# --- work behind the pages --------------------------------------------------------------------------------------------
CELERY_BROKER_URL = BROKER_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
    "max_retries": 1,
    "interval_start": 0,
    "interval_max": 0.2,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
UNDO_SECONDS = environment.whole_number("UNDO_SECONDS", highest=3_600)
CELERY_WORKER_CONCURRENCY = environment.whole_number("TASK_WORKERS", highest=64)
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "heartbeat": {"task": "linimasa.tasks.heartbeat", "schedule": timedelta(seconds=10)},
    "deliver-waiting-messages": {"task": "notifications.tasks.deliver_waiting", "schedule": timedelta(seconds=30)},
    "close-overdue-attempts": {"task": "quizzes.tasks.close_overdue", "schedule": timedelta(seconds=30)},
    "let-judgements-take-effect": {"task": "quizzes.tasks.take_effects", "schedule": timedelta(seconds=15)},
    "issue-missing-certificates": {"task": "certificates.tasks.issue_missing", "schedule": timedelta(seconds=60)},
    "make-missing-certificate-files": {"task": "certificates.tasks.make_missing_files", "schedule": timedelta(seconds=60)},
    "make-missing-booklets": {"task": "courses.tasks.make_missing_booklets", "schedule": timedelta(seconds=60)},
    "publish-what-is-due": {"task": "courses.tasks.publish_due", "schedule": timedelta(seconds=30)},
    "carry-on-with-packages": {"task": "courses.tasks.carry_on_with_packages", "schedule": timedelta(seconds=60)},
    "remind-owners": {"task": "courses.tasks.remind_owners", "schedule": crontab(hour=1, minute=15)},
    "check-links": {"task": "courses.tasks.check_links", "schedule": timedelta(minutes=30)},
    "make-missing-renditions": {"task": "courses.tasks.make_missing_renditions", "schedule": timedelta(hours=1)},
    "compute-asked-statistics": {"task": "quizzes.tasks.compute_asked_statistics", "schedule": timedelta(seconds=60)},
    "ask-stale-statistics": {"task": "quizzes.tasks.ask_stale_statistics", "schedule": timedelta(hours=1)},
    "apply-corrections": {"task": "quizzes.tasks.apply_corrections", "schedule": timedelta(seconds=60)},
    "plan-reminders": {"task": "cohorts.tasks.plan_reminders", "schedule": timedelta(minutes=15)},
    "check-invariants": {"task": "linimasa.tasks.check_invariants", "schedule": crontab(hour=18, minute=30)},
    "clear-ended-sessions": {"task": "linimasa.tasks.clear_ended", "schedule": crontab(hour=19, minute=0)},
    "keep-retention": {"task": "linimasa.tasks.keep_retention", "schedule": crontab(hour=19, minute=30)},
}

# Links to other sites are asked by a worker; LINK_CHECKS_ALLOW_LOOPBACK is for tests that ask a server of their own.
CHECK_LINKS = read("CHECK_LINKS", "1" if PRODUCTION else "0") == "1"
LINK_CHECKS_ALLOW_LOOPBACK = False

# --- logs -------------------------------------------------------------------------------------------------------------
LOGGING_CONFIG = "linimasa.logs.configure"
LOGGING = logs.LOGGING

# --- doors ------------------------------------------------------------------------------------------------------------
SILENCED_SYSTEM_CHECKS = ["security.W002"]  # the policy's frame-ancestors says it (linimasa/middleware.py)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "linimasa.views.csrf_failure"
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    if ALLAUTH_TRUSTED_PROXY_COUNT:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
