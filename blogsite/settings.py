"""The one place that reads the environment.

Every default is the production one. `DEMO=true` opts out, for `make run`; `DEBUG=true` is for development alone.
docs/operators.md lists each variable.
"""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from django.utils.csp import CSP

BASE_DIR = Path(__file__).resolve().parent.parent

if (BASE_DIR / ".env").exists():
    environ.Env.read_env(BASE_DIR / ".env")
env = environ.FileAwareEnv()


def listed(name: str, default: str = "") -> list[str]:
    """A comma-separated variable; environ's own list keeps the blanks around each item."""
    return [item.strip() for item in env.str(name, default).split(",") if item.strip()]


# --- Modes -----------------------------------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("DEMO", False)
RELAXED = DEBUG or DEMO

DATA_DIR = BASE_DIR / env.str("DATA_DIR", "var")
try:
    DATA_DIR.mkdir(parents=True, exist_ok=True)
except OSError as error:
    raise ImproperlyConfigured(f"Set DATA_DIR to a folder that can be written: {error}.") from error

# --- Identity and hosts ----------------------------------------------------------------------------------------------


def demo_secret_key() -> str:
    """A random key, kept beside the demo's data so that a second run keeps its sessions."""
    path = DATA_DIR / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(get_random_secret_key())
    return path.read_text()


# Read raw: environ would take a key that begins with "$" for the name of another variable.
SECRET_KEY = env.ENVIRON.get("SECRET_KEY", "").strip() or (demo_secret_key() if RELAXED else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY to a long random string, or DEMO=true to try the site on this machine.")

ALLOWED_HOSTS = listed("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if RELAXED else "")
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "Set ALLOWED_HOSTS to the host names that this site answers to, such as blog.example.org."
    )

# The canonical origin, such as https://blog.example.org. Empty: each request's own origin.
SITE_URL = env.str("SITE_URL", "").rstrip("/")
if SITE_URL and (urlsplit(SITE_URL).scheme not in {"http", "https"} or urlsplit(SITE_URL).path):
    raise ImproperlyConfigured("Set SITE_URL to a scheme and a host alone, such as https://blog.example.org.")
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL else []

# Who mints the tag: URIs (RFC 4151) that identify posts in feeds.
GUID_AUTHORITY = urlsplit(SITE_URL).hostname or ALLOWED_HOSTS[0].strip(".[]*") or "localhost"

# --- Applications ----------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "blogsite",
    "comments",
    "posts",
    "taggit",
    "markdownx",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sites",
    "django.contrib.redirects",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    # Its templates are found only as those of an application, see FORM_RENDERER.
    "django.forms",
]

MIDDLEWARE = [
    "blogsite.caching.CachingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "blogsite.nonsense.NonsenseMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "blogsite.same_file.SameFileMiddleware",
    "blogsite.outages.OutageMiddleware",
    "blogsite.routers.ReplicaMiddleware",
    "blogsite.media.CompressionMiddleware",
    "blogsite.caching.ConditionalMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "posts.middleware.SiteSettingsMiddleware",
    "comments.middleware.OwnCommentsMiddleware",
    "posts.redirects.ForwardingMiddleware",
]

ROOT_URLCONF = "blogsite.urls"
WSGI_APPLICATION = "blogsite.wsgi.application"
SITE_ID = 1

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
                "posts.context_processors.site",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database --------------------------------------------------------------------------------------------------------


def database() -> dict:
    """The database of DATABASE_URL, with the options that each engine needs to serve a site."""
    config = env.db_url("DATABASE_URL", f"sqlite:///{DATA_DIR / 'db.sqlite3'}")
    options = config.setdefault("OPTIONS", {})
    if config["ENGINE"].endswith("sqlite3"):
        if config["NAME"] != ":memory:":
            config["NAME"] = BASE_DIR / config["NAME"]
        # Readers never wait for the writer (WAL); a writer takes its lock when it begins, so that two never deadlock.
        # FULL: an acknowledged save survives a power cut, which NORMAL does not promise in WAL mode.
        options.setdefault("transaction_mode", "IMMEDIATE")
        options.setdefault("timeout", 20)
        # A new connection has the schema yet to read: each thread of a server keeps its own (see handler.py).
        if env.bool("DATABASE_POOL", False):
            config["CONN_MAX_AGE"] = None
        # Without recursive triggers, none would see a row go for which REPLACE puts another one. Each connection keeps
        # up to 8 MB of pages: with SQLite's 2, the page of all tags read its own again each time on a large site.
        pragmas = "journal_mode=WAL", "synchronous=FULL", "recursive_triggers=ON", "cache_size=-8000"
        options.setdefault("init_command", " ".join(f"PRAGMA {pragma};" for pragma in pragmas))
    else:
        if env.bool("DATABASE_POOL", False):
            keep_open(config)
        options.setdefault("connect_timeout", 2)
    return config


def keep_open(config: dict) -> None:
    """Each thread of a server keeps its connection to PostgreSQL (see connections.py), and what is prepared there."""
    config["CONN_MAX_AGE"] = None
    config["CONN_HEALTH_CHECKS"] = True
    # Of compiled queries alone (see posts/compiled.py). Whatever stands between must not mix up connections.
    config["OPTIONS"].setdefault("prepare_threshold", 0)
    # To compile a statement of many branches, or to plan it anew for each run, takes longer than to run it. And what is
    # asked for all the time is in memory, where to look 60 tags up is cheaper than to read thousands in a row.
    planner = ("jit=off", "plan_cache_mode=force_generic_plan", "random_page_cost=1.1")
    config["OPTIONS"].setdefault("options", " ".join(f"-c {setting}" for setting in planner))


def replica(url: str) -> dict:
    """A copy of the database that PostgreSQL keeps up to date. Nobody waits for one: the primary can answer as well."""
    config = env.db_url_config(url)
    options = config.setdefault("OPTIONS", {})
    if env.bool("DATABASE_POOL", False):
        keep_open(config)
    options.setdefault("connect_timeout", 2)
    # In milliseconds, until a connection that says nothing any more is given up.
    options.setdefault("tcp_user_timeout", 1000)
    # Tests see in it what they have written.
    return config | {"TEST": {"MIRROR": "default"}}


# Where pages are kept as files for the web server in front; empty: nowhere.
PAGE_FILES = BASE_DIR / folder if (folder := env.str("PAGE_FILES", "")) else None


def database_behind_page_files() -> dict:
    """The database of the site; where its pages are files, by way of backends that take them away."""
    config = database()
    if PAGE_FILES:
        if not SITE_URL:
            raise ImproperlyConfigured("Set SITE_URL, the one address whose pages PAGE_FILES keeps.")
        try:
            PAGE_FILES.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ImproperlyConfigured(f"Set PAGE_FILES to a folder that can be written: {error}.") from error
        engine = config["ENGINE"].rpartition(".")[2]
        config["ENGINE"] = f"blogsite.database.{engine}"
    return config


DATABASES = {"default": database_behind_page_files()}
REPLICAS = {f"replica{number}": replica(url) for number, url in enumerate(listed("REPLICA_URLS"), 1)}
if REPLICAS and not DATABASES["default"]["ENGINE"].endswith("postgresql"):
    raise ImproperlyConfigured("REPLICA_URLS are copies of a PostgreSQL database: set DATABASE_URL to that one, too.")
DATABASES |= REPLICAS
DATABASE_ROUTERS = ["blogsite.routers.ReplicaRouter"] if REPLICAS else []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Cache, mail, tasks ----------------------------------------------------------------------------------------------

CACHES = {"default": env.cache_url("CACHE_URL", "locmemcache://blogsite")}


def mailer() -> dict:
    """Django's MAILERS entry for EMAIL_URL (smtp://, smtp+tls://, smtp+ssl://, consolemail://)."""
    config = env.email_url("EMAIL_URL", "consolemail://" if RELAXED else "smtp://localhost:25")
    if not config["EMAIL_BACKEND"].endswith("smtp.EmailBackend"):
        return {"BACKEND": config["EMAIL_BACKEND"]}
    names = {
        "host": "EMAIL_HOST",
        "port": "EMAIL_PORT",
        "username": "EMAIL_HOST_USER",
        "password": "EMAIL_HOST_PASSWORD",
        "use_tls": "EMAIL_USE_TLS",
        "use_ssl": "EMAIL_USE_SSL",
    }
    options = {option: config[name] for option, name in names.items() if config.get(name)}
    return {"BACKEND": config["EMAIL_BACKEND"], "OPTIONS": {**options, "timeout": 10}}


MAILERS = {"default": mailer()}
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"blog@{GUID_AUTHORITY}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
ADMINS = listed("ADMINS")

# Mail is written outside of any request: without SITE_URL it can only guess where the site is.
MAIL_ORIGIN = SITE_URL or (f"http://{GUID_AUTHORITY}:8000" if RELAXED else f"https://{GUID_AUTHORITY}")

TASKS = {"default": {"BACKEND": env.str("TASKS_BACKEND", "blogsite.tasks.ThreadBackend")}}
# A backend that keeps tasks in tables of its own is an application too.
if (package := TASKS["default"]["BACKEND"].partition(".")[0]) not in {"blogsite", "django"}:
    INSTALLED_APPS.append(package)

# Whether the WebSub hub of the site's settings may be in a private network, or on this machine.
PRIVATE_HUB = env.bool("PRIVATE_HUB", RELAXED)

# --- Pages kept ready ------------------------------------------------------------------------------------------------

# What pages ready to send may take of the memory of each process, in megabytes; 0 for no page cache.
PAGE_CACHE_MB = env.int("PAGE_CACHE_MB", 32)
# For how many seconds a CDN may give a page without asking, and in which header it is told what to purge it by.
CDN_SECONDS = env.int("CDN_SECONDS", 0)
CDN_KEYS = env.str("CDN_KEYS", "")
if CDN_KEYS not in {"", "Cache-Tag", "Surrogate-Key"}:
    raise ImproperlyConfigured("Set CDN_KEYS to the header that your CDN reads: Cache-Tag or Surrogate-Key.")
# Whoever knows it may read /metrics; without one, nobody may.
METRICS_TOKEN = env.str("METRICS_TOKEN", "")

# --- Accounts and sessions -------------------------------------------------------------------------------------------

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
SESSION_COOKIE_SECURE = not RELAXED
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = not RELAXED
CSRF_COOKIE_HTTPONLY = True

# --- Transport and browser security ----------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = not RELAXED
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 0 if RELAXED else env.int("SECURE_HSTS_SECONDS", 31_536_000)
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# How many servers of ours a request passes before this one: where in X-Forwarded-For the client's address stands.
PROXY_HOPS = env.int("PROXY_HOPS", 1) if BEHIND_PROXY else 0
SILENCED_SYSTEM_CHECKS = [
    # One blog on one host cannot speak for its sister subdomains, nor enter the browsers' preload lists for them.
    "security.W005",
    "security.W021",
]

# Nothing inline, nothing from another host, on the public site and in the admin alike. Public pages carry no nonce,
# so that they can be cached; "self" covers the admin's own static files.
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "media-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "frame-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}

# --- Limits on what a request may carry ------------------------------------------------------------------------------

# A post body of a million characters, percent-encoded as UTF-8, still fits.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
IMAGE_MAX_BYTES = 20 * 1024 * 1024
IMAGE_MAX_PIXELS = 50_000_000
# Three hours of speech, well encoded. Longer than a moment in memory it never is: it goes to the disk as it comes.
AUDIO_MAX_BYTES = 300 * 1024 * 1024

# --- Files -----------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
# A web server in front may be another user, and gives these files out by itself.
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o755
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# --- Language and time: the defaults until SiteSettings says otherwise -----------------------------------------------

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = "blogsite.formats"
LOCALE_PATHS = [BASE_DIR / "locale"]

# --- Logging: one line an event, on standard error -------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"outages": {"()": "blogsite.outages.OneLine"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "mail_admins": {"class": "django.utils.log.AdminEmailHandler", "level": "ERROR"},
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO").upper()},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # Scanners ask for a thousand missing pages a day; a 404 is no event of ours.
        # Its errors alone are mailed: of the "suspicious" requests anyone can send a mailbox full.
        "django.request": {
            "handlers": [] if RELAXED else ["mail_admins"],
            "level": "ERROR",
            "filters": ["outages"],
        },
        # A line for each task that begins or ends is none; its failure is.
        "django.tasks": {"level": "WARNING"},
        "django.security.DisallowedHost": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}
