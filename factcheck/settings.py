"""Django's settings: the environment decides, the state folder fills the gaps.

Promises the same engine and the same broker everywhere: PostgreSQL and
Redis/Valkey, by ``DATABASE_URL`` and ``REDIS_URL`` or from the state folder.
Refuses to start in production without a key, without named hosts, on the
embedded servers, or with addresses opened by mistake. Every variable is
described in ``docs/CONFIGURATION.md``.
"""

from __future__ import annotations

from typing import Any

from factcheck import env
from factcheck.logs import logging_config
from factcheck.stack.state import PROJECT_ROOT, StateRefused, find_state
from factcheck.unfold import UNFOLD as UNFOLD

BASE_DIR = PROJECT_ROOT
STATE = find_state()
PRODUCTION = env.read_flag("FACTCHECK_PRODUCTION")
DEBUG = env.read_flag("FACTCHECK_DEBUG")

SECRET_KEY = env.read_text("FACTCHECK_SECRET_KEY")
if not SECRET_KEY:
    if PRODUCTION:
        raise env.SettingRefused(
            "FACTCHECK_SECRET_KEY is not set; with FACTCHECK_PRODUCTION=1 it must be: "
            "give it 50 random characters."
        )
    try:
        SECRET_KEY = STATE.secret_key()
    except StateRefused as problem:
        raise env.SettingRefused(str(problem)) from problem
if PRODUCTION and DEBUG:
    raise env.SettingRefused("FACTCHECK_DEBUG=1 shows internals; unset it in production.")

ALLOWED_HOSTS = env.read_list("FACTCHECK_ALLOWED_HOSTS")
if not ALLOWED_HOSTS:
    if PRODUCTION:
        raise env.SettingRefused(
            "FACTCHECK_ALLOWED_HOSTS is not set; name the hosts people use, comma-separated."
        )
    ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = env.read_list("FACTCHECK_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "factcheck.apps.FactcheckConfig",
    "claims.apps.ClaimsConfig",
]
MIDDLEWARE = [
    "factcheck.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "claims.admin.zoned.ZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "factcheck.urls"
WSGI_APPLICATION = "factcheck.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# Database and broker -------------------------------------------------------
DATABASE_URL = env.read_text("DATABASE_URL")
REDIS_URL = env.read_text("REDIS_URL")
if PRODUCTION and not (DATABASE_URL and REDIS_URL):
    raise env.SettingRefused("Set DATABASE_URL and REDIS_URL; production uses no embedded server.")
REDIS_URL = env.redis_client_url(REDIS_URL or STATE.redis_url)
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **env.parse_database_url(DATABASE_URL or STATE.database_url),
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 60,
        # A restarted server leaves a dead connection behind; look before use.
        "CONN_HEALTH_CHECKS": True,
    }
}
# A machine that is gone answers nothing at all; libpq would wait for two minutes.
DATABASES["default"]["OPTIONS"].setdefault("connect_timeout", "3")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "factcheck",
        "OPTIONS": {"socket_timeout": 2},
    }
}

# People and their sessions -------------------------------------------------
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
_VALIDATORS = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": _VALIDATORS + "UserAttributeSimilarityValidator"},
    {"NAME": _VALIDATORS + "MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": _VALIDATORS + "CommonPasswordValidator"},
    {"NAME": _VALIDATORS + "NumericPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_AGE = 7 * 24 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = PRODUCTION
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = PRODUCTION
# The health question is asked inside the machine, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
if env.read_flag("FACTCHECK_BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Uploads: a text of 10 MB is answered at its field, so it must get that far.
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# Language, time, files -----------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
STATIC_URL = "static/"
# Served from the packages and found once at start: nothing to collect or to go stale.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False
MEDIA_ROOT = STATE.snapshots
_FOLDER = "django.core.files.storage.FileSystemStorage"
# Stored copies: the state folder, or any storage of Django's by its path and options.
_STORAGE = env.read_text("FACTCHECK_STORAGE", _FOLDER)
_STORAGE_OPTIONS = env.read_options("FACTCHECK_STORAGE_OPTIONS")
if _STORAGE == _FOLDER:
    _STORAGE_OPTIONS = {
        "location": STATE.snapshots,
        "base_url": None,
        "file_permissions_mode": 0o600,
        "directory_permissions_mode": 0o700,
        **_STORAGE_OPTIONS,
    }
STORAGES = {
    "default": {"BACKEND": _STORAGE, "OPTIONS": _STORAGE_OPTIONS},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
LOGGING = logging_config(
    as_json=PRODUCTION or env.read_text("FACTCHECK_LOG_FORMAT") == "json",
    level=env.read_text("FACTCHECK_LOG_LEVEL", "INFO").upper(),
)

# Telling people: by mail where one is set up, with links that work outside ------
_HOST = next((host.lstrip(".") for host in ALLOWED_HOSTS if host != "*"), "localhost")
PUBLIC_URL = env.check_public_url(
    env.read_text("FACTCHECK_PUBLIC_URL")
    or (f"https://{_HOST}" if PRODUCTION else f"http://127.0.0.1:{env.read_text('PORT', '8000')}")
)
# Without a server mails are written to the state folder; production sends none until told how.
_MAILING = env.parse_email_url(
    env.read_text("FACTCHECK_EMAIL_URL", "off" if PRODUCTION else f"file://{STATE.mails}")
)
MAIL_ON = bool(_MAILING)
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
globals().update(_MAILING)  # Django's own names: EMAIL_BACKEND, EMAIL_HOST and so on
# Each answer of the server; a mail takes about eight, and its job's lease must outlast them.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.read_text("FACTCHECK_EMAIL_FROM", "factcheck@localhost")

# Looking -------------------------------------------------------------------
# A demo's state folder knows its sample web, searches it, and opens its port and no other.
_sample_port = None if PRODUCTION else STATE.sample_port()
SAMPLE_WEB_URL = env.read_text("FACTCHECK_SAMPLE_WEB_URL") or (
    f"http://127.0.0.1:{_sample_port}" if _sample_port else ""
)
FETCH_ALLOW = env.parse_host_ports(env.read_text("FACTCHECK_FETCH_ALLOW"), "FACTCHECK_FETCH_ALLOW")
if _sample_port and ("127.0.0.1", _sample_port) not in FETCH_ALLOW:
    FETCH_ALLOW = (*FETCH_ALLOW, ("127.0.0.1", _sample_port))
if PRODUCTION and FETCH_ALLOW and not env.read_flag("FACTCHECK_FETCH_ALLOW_CONFIRMED"):
    raise env.SettingRefused(
        "FACTCHECK_FETCH_ALLOW opens addresses that are otherwise refused; in production "
        "confirm it with FACTCHECK_FETCH_ALLOW_CONFIRMED=1 or unset it."
    )
# "off" leaves Wikipedia unasked.
WIKIPEDIA_API_URL = env.read_text(
    "FACTCHECK_WIKIPEDIA_API_URL", "https://en.wikipedia.org/w/api.php"
)
if WIKIPEDIA_API_URL.lower() in {"off", "0", "no"}:
    WIKIPEDIA_API_URL = ""
# Places that stay unasked until they are named here or switched on in the admin.
SEARXNG_URL = env.read_text("FACTCHECK_SEARXNG_URL")
FACT_CHECK_KEY = env.read_text("FACTCHECK_FACT_CHECK_KEY")
BRAVE_KEY = env.read_text("FACTCHECK_BRAVE_KEY")
GDELT_ON = env.read_flag("FACTCHECK_GDELT")
WAYBACK_ON = env.read_flag("FACTCHECK_WAYBACK")
SEARCH_SITES = tuple(env.read_list("FACTCHECK_SEARCH_SITES"))
SEARCH_FEEDS = tuple(env.read_list("FACTCHECK_SEARCH_FEEDS"))
# The machine searches so many rounds, with so many queries in all, before it stops by itself.
SEARCH_ROUNDS = int(env.read_number("FACTCHECK_SEARCH_ROUNDS", 3, least=1))
SEARCH_QUERIES = int(env.read_number("FACTCHECK_SEARCH_QUERIES", 60, least=1))
FETCH_CONTACT = env.read_text("FACTCHECK_FETCH_CONTACT", "https://example.org/factcheck-workbench")
FETCH_MAX_BYTES = int(env.read_number("FACTCHECK_FETCH_MAX_BYTES", 10 * 1024 * 1024, least=1024))
FETCH_MAX_REDIRECTS = int(env.read_number("FACTCHECK_FETCH_MAX_REDIRECTS", 5, least=0))
FETCH_HOST_GAP_SECONDS = env.read_number("FACTCHECK_FETCH_HOST_GAP_SECONDS", 1.0, least=0)

# The optional sentence encoder: True demands it, False leaves it, None takes it where installed.
ENCODER = env.read_switch("FACTCHECK_ENCODER")

# Machine work: request < soft < hard < lease, or a job could run twice at once.
FETCH_DEADLINE_SECONDS = env.read_number("FACTCHECK_FETCH_DEADLINE_SECONDS", 15, least=1)
TASK_SOFT_LIMIT_SECONDS = env.read_number("FACTCHECK_TASK_SOFT_LIMIT_SECONDS", 60, least=1)
TASK_HARD_LIMIT_SECONDS = env.read_number("FACTCHECK_TASK_HARD_LIMIT_SECONDS", 90, least=1)
JOB_LEASE_SECONDS = env.read_number("FACTCHECK_JOB_LEASE_SECONDS", 120, least=1)
WORKER_MEMORY_MIB = int(env.read_number("FACTCHECK_WORKER_MEMORY_MIB", 1024, least=512))
env.refuse_disorder(
    FACTCHECK_FETCH_DEADLINE_SECONDS=FETCH_DEADLINE_SECONDS,
    FACTCHECK_TASK_SOFT_LIMIT_SECONDS=TASK_SOFT_LIMIT_SECONDS,
    FACTCHECK_TASK_HARD_LIMIT_SECONDS=TASK_HARD_LIMIT_SECONDS,
    FACTCHECK_JOB_LEASE_SECONDS=JOB_LEASE_SECONDS,
)

CELERY_BROKER_URL = env.celery_broker_url(REDIS_URL)
CELERY_TASK_DEFAULT_QUEUE = "analyse"
CELERY_TASK_ROUTES = {
    "claims.tasks.*fetch*": {"queue": "fetch"},
    # It waits for others' servers too, in a thread.
    "claims.tasks.work_sends": {"queue": "fetch"},
    "claims.tasks.*": {"queue": "analyse"},
}
HEALTH_QUEUES = ("fetch", "analyse")
CELERY_BEAT_SCHEDULE = {
    # Both queues sweep, so that neither waits for the other's stuck work; two at once are safe.
    **{
        f"sweep-{queue}": {
            "task": "claims.tasks.sweep_jobs",
            "schedule": 3.0,
            "options": {"queue": queue, "expires": 3.0},
        }
        for queue in HEALTH_QUEUES
    },
    **{
        task: {"task": task, "schedule": every, "options": {"queue": "analyse", "expires": every}}
        for task, every in (
            ("claims.tasks.sweep_copies", 600.0),
            ("claims.tasks.sweep_digests", 60.0),
        )
    },
    "feeds": {
        "task": "claims.tasks.fetch_feeds",
        "schedule": 600.0,
        "options": {"queue": "fetch", "expires": 300.0},
    },
    **{
        f"heart-{queue}": {
            "task": "factcheck.beat_heart",
            "args": (queue,),
            "schedule": 10.0,
            "options": {"queue": queue, "expires": 10.0},
        }
        for queue in HEALTH_QUEUES
    },
}
# More facts for /healthz: name → dotted path of a function without arguments.
HEALTH_FACTS: dict[str, str] = {"oldest_job_seconds": "claims.tasks.oldest_job_seconds"}
