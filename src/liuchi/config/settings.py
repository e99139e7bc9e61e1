"""Settings, from the environment: LIUCHI_DATA (instance), DATABASE_URL, LIUCHI_DEMO, LIUCHI_HOSTS, LIUCHI_HTTPS, …"""

import json
import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from liuchi.embedded import Server, default_data

PACKAGE = Path(__file__).resolve().parent.parent
LIUCHI_DATA = Path(os.environ.get("LIUCHI_DATA") or default_data())
LIUCHI_KEYS = Path(os.environ.get("LIUCHI_KEYS") or LIUCHI_DATA / "keys")
LIUCHI_JOURNAL = Path(os.environ.get("LIUCHI_JOURNAL") or LIUCHI_DATA / "journal")
LIUCHI_FILES = Path(os.environ.get("LIUCHI_FILES") or LIUCHI_DATA / "files")
LIUCHI_SCANNER = os.environ.get("LIUCHI_SCANNER", "")
LIUCHI_DEMO = os.environ.get("LIUCHI_DEMO") == "1"
LIUCHI_HTTPS = os.environ.get("LIUCHI_HTTPS") == "1"
#: How the 16 digits of a component code are made up: county, major class, minor class, serial. The other way: 6+2+3+5.
LIUCHI_COMPONENT_CODES = os.environ.get("LIUCHI_COMPONENT_CODES") or "6+2+2+6"
#: Grids may still bear the 14 digits of the older CJ/T 213 beside the 15 of today.
LIUCHI_OLD_GRID_CODES = os.environ.get("LIUCHI_OLD_GRID_CODES") == "1"
#: How long a request about one's own data may take (PIPL art. 50 says "in time"; fifteen working days is practice).
LIUCHI_REQUEST_LIMIT = os.environ.get("LIUCHI_REQUEST_LIMIT") or "15 work_day"
#: How soon after it was found a breach is told to the authority (PIPL art. 57 says "at once"; four hours is practice).
LIUCHI_BREACH_LIMIT = os.environ.get("LIUCHI_BREACH_LIMIT") or "4 urgent_hour"
DEBUG = False


def _web_key() -> str:
    """Return the web key: from the environment, else from the instance's key file."""
    from_environment = os.environ.get("LIUCHI_SECRET_KEY")
    if from_environment:
        return from_environment
    try:
        return str(json.loads((LIUCHI_KEYS / "keyring.json").read_text(encoding="utf-8"))["web"])
    except (OSError, ValueError, KeyError, TypeError):
        # Not Path.exists(), which raises where the way is closed.
        is_there = os.path.exists(LIUCHI_KEYS)  # noqa: PTH110
        return "" if is_there else "no key file yet: the command line makes it before anything is served"


def _database(url: str | None) -> dict[str, object]:
    """Return Django's settings for DATABASE_URL, or for the embedded server of LIUCHI_DATA."""
    try:
        parts = urlsplit(url or Server(LIUCHI_DATA).url)
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read: {error}") from error
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must start with postgresql://; Liuchi runs on PostgreSQL only")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "liuchi.ground.kernel.database",
        "NAME": unquote(parts.path.lstrip("/")) or "liuchi",
        "USER": unquote(parts.username or query.pop("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or query.pop("host", "")),
        "PORT": str(port or query.pop("port", "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**query, "server_side_binding": True, "prepare_threshold": 5},
    }


def _https_origins(hosts: list[str]) -> list[str]:
    """Return the origins that browsers name when these hosts are reached over HTTPS."""
    names = [f"*{host}" if host.startswith(".") else host for host in hosts if host != "*"]
    return [urlunsplit(("https", name, "", "", "")) for name in names]


def file_store(name: str) -> dict[str, object]:
    """Return the storage of a kind of files: the bucket LIUCHI_S3_BUCKET, else a folder of the instance."""
    bucket = os.environ.get("LIUCHI_S3_BUCKET")
    if not bucket:
        options = {"location": LIUCHI_FILES / name, "file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    from botocore.config import Config  # the extra `s3`, which most installations do without

    given = {
        "endpoint_url": os.environ.get("LIUCHI_S3_ENDPOINT"),
        "region_name": os.environ.get("LIUCHI_S3_REGION"),
        "access_key": os.environ.get("LIUCHI_S3_ACCESS_KEY"),
        "secret_key": os.environ.get("LIUCHI_S3_SECRET_KEY"),
    }
    options = {key: value for key, value in given.items() if value}
    # Checksums of Amazon's newer kind only where it insists: other makers' buckets do not know them.
    modest = "when_required"
    options["client_config"] = Config(request_checksum_calculation=modest, response_checksum_validation=modest)
    options |= {"bucket_name": bucket, "location": name, "default_acl": None, "querystring_auth": True}
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


SECRET_KEY = _web_key()
ALLOWED_HOSTS = [host for host in os.environ.get("LIUCHI_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if host]
DATABASES = {"default": _database(os.environ.get("DATABASE_URL"))}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "liuchi.ground.calendars",
    "liuchi.ground.journal",
    "liuchi.ground.records",
    "liuchi.ground.exchange",
    "liuchi.ground.territory",
    "liuchi.ground.organisations",
    "liuchi.ground.people",
    "liuchi.ground.access",
    "liuchi.ground.notices",
    "liuchi.ground.attachments",
    "liuchi.ground.hooks",
    "liuchi.engines.cases",
    "liuchi.engines.forwarding",
    "liuchi.insight.figures",
    "liuchi.doors.ui",
]
MIDDLEWARE = [
    "liuchi.doors.ui.request_log.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "liuchi.doors.ui.middleware.HeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "liuchi.doors.ui.middleware.ReadableMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "liuchi.doors.ui.middleware.SignInMiddleware",
    "liuchi.doors.ui.middleware.RefusalMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "liuchi.config.urls"
WSGI_APPLICATION = "liuchi.config.wsgi.application"
LIUCHI_REACTIONS = "liuchi.config.wiring.REACTIONS"
LIUCHI_REGISTERS = "liuchi.config.wiring.REGISTERS"
LIUCHI_STANDING = "liuchi.config.wiring.STANDING"
LIUCHI_EVENTS = "liuchi.config.wiring.EVENTS"
LIUCHI_ACTORS = "liuchi.ground.access.acting.actor_for"
LIUCHI_JOBS = "liuchi.config.wiring.JOBS"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""  # jobs are found by LIUCHI_JOBS, not by the names of modules
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "doors" / door / "templates" for door in ("ui", "resident", "office", "api")],
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "liuchi.doors.ui.templatetags.liuchi"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "liuchi.doors.ui.context.house",
            ],
        },
    }
]

AUTH_USER_MODEL = "access.Account"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "doors" / "ui" / "assets"]
STATIC_ROOT = None  # files are served from the package, with WhiteNoise
STORAGES: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "attachments": file_store("attachments"),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True

# Under which name this house is reached (with its scheme), for links in messages; without it they carry none.
LIUCHI_ADDRESS = os.environ.get("LIUCHI_ADDRESS", "")
# smtp://user:password@host:587/?tls=1&from=name@host, or smtps://; without it nothing is sent by e-mail.
LIUCHI_MAIL = os.environ.get("LIUCHI_MAIL") or (f"file:{LIUCHI_DATA / 'mail'}" if LIUCHI_DEMO else "")
# The class that sends text messages (a dotted path); without it none are sent.
LIUCHI_SMS = os.environ.get("LIUCHI_SMS") or ("liuchi.ground.notices.sms.ConsoleGateway" if LIUCHI_DEMO else "")
# What this house may call beyond public addresses over HTTPS: networks (10.1.0.0/16) and origins (https://inner.example:8443).
LIUCHI_OUTGOING_ALLOWED = os.environ.get("LIUCHI_OUTGOING_ALLOWED", "")
_MAIL = urlsplit(LIUCHI_MAIL)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if _MAIL.scheme.startswith('smtp') else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = _MAIL.path if _MAIL.scheme == "file" else str(LIUCHI_DATA / "mail")
EMAIL_HOST, EMAIL_PORT = _MAIL.hostname or "localhost", _MAIL.port or (465 if _MAIL.scheme == "smtps" else 25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_MAIL.username or ""), unquote(_MAIL.password or "")
EMAIL_USE_SSL, EMAIL_TIMEOUT = _MAIL.scheme == "smtps", 10
EMAIL_USE_TLS = not EMAIL_USE_SSL and dict(parse_qsl(_MAIL.query)).get("tls") == "1"
DEFAULT_FROM_EMAIL = dict(parse_qsl(_MAIL.query)).get("from", "liuchi@localhost")

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
#: How long a sign-in lasts unused, and how long at all, by door; at the desk minutes come from LIUCHI_DESK_IDLE.
LIUCHI_SESSIONS = {
    "desk": (timedelta(minutes=int(os.environ.get("LIUCHI_DESK_IDLE") or 60)), timedelta(hours=12)),
    "other": (timedelta(hours=12), timedelta(hours=12)),
}
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LIUCHI_HTTPS
# Behind HTTPS browsers name an https origin though we are spoken to in plain HTTP: without these every form is refused,
# and receipts show http links. Who sends the header past the proxy fools only themselves.
CSRF_TRUSTED_ORIGINS = _https_origins(ALLOWED_HOSTS) if LIUCHI_HTTPS else []
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if LIUCHI_HTTPS else None
CSRF_FAILURE_VIEW = "liuchi.doors.ui.views.house.form_expired"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
#: What a form with files may weigh in all, in bytes.
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "liuchi.doors.ui.uploading.NamelessUploadHandler",
]
LIUCHI_MOST_UPLOADED = 64 * 1024 * 1024
#: How doors for machines tell what the house refuses before they are asked, by how an address begins.
LIUCHI_REFUSALS = {
    "/api/": "liuchi.doors.api.problems.refusal",
    "/open311/": "liuchi.doors.open311.errors.refusal",
}
#: The file that says what services of Open311 ask for; without it, the one that is shipped.
LIUCHI_OPEN311_SERVICES = os.environ.get("LIUCHI_OPEN311_SERVICES", "")
#: How many requests a key may make in a minute, in each web process.
LIUCHI_API_RATE = int(os.environ.get("LIUCHI_API_RATE") or 600)
SILENCED_SYSTEM_CHECKS: list[str] = []
