"""Settings: only what differs between machines, read from the environment and checked at start.

Without DATABASE_URL the store runs on the embedded PostgreSQL of shop/embedded.py, and without CELERY_BROKER_URL
on a broker in the file system, both under `.local/`: that is the demo. Everything else is production.
"""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from shop import embedded
from shop.admin_theme import admin_theme
from shop.built_files import add_headers
from shop.environment import (
    database_from_url,
    env_bool,
    env_broker_url,
    env_choice,
    env_int,
    env_list,
    env_matching,
    env_secret_key,
    env_str,
    env_time_zone,
)

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = Path(env_str("POCKETSHOP_LOCAL", str(BASE_DIR / ".local"))).resolve()

DATABASE_URL = env_str("DATABASE_URL", "")
DEMO = env_bool("POCKETSHOP_DEMO", not DATABASE_URL)
if not DATABASE_URL and not env_str("POCKETSHOP_DEMO", ""):
    for _name in ("SECRET_KEY", "CELERY_BROKER_URL"):
        if env_str(_name, ""):
            raise ImproperlyConfigured(f"{_name} is set but DATABASE_URL is not; production needs both (see README).")
if not DATABASE_URL and not DEMO:
    raise ImproperlyConfigured("DATABASE_URL is not set; production needs postgresql:// (with pgvector).")

DEBUG = env_bool("DEBUG", False)
SECRET_KEY = env_secret_key("SECRET_KEY", LOCAL_DIR / "secret_key", generate=DEMO)
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", ["*"] if DEMO else [])  # the demo: phones come by the machine's address
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is not set; name the store's hosts, like shop.example.com,example.com.")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS", [])

# HTTPS=0 only where browsers really come over http: the demo, or a machine behind nothing.
HTTPS = env_bool("HTTPS", not DEMO)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # load balancers ask over http
# An hour, so that a mistake heals in an hour; raise it when https works for good.
SECURE_HSTS_SECONDS = env_int("HSTS_SECONDS", 3600 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env_bool("HSTS_SUBDOMAINS", False)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # other hosts of the domain are not ours to decide
# Behind a proxy that ends TLS and sets (never passes on) this header; else it would redirect for ever.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env_bool("TRUST_PROXY_HEADERS", False) else None

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
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "shop",
    "shop.catalog",
    "shop.orders",
    "shop.metrics",
    "search",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "shop" / "templates"],  # before those of the admin, which it extends
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

EMBEDDED_POSTGRES = None if DATABASE_URL else LOCAL_DIR / "postgres"
DATABASES = {
    "default": database_from_url(DATABASE_URL or embedded.database_url(LOCAL_DIR / "postgres")),
}

# Tasks; how they run is in tasks/celery.py.
CELERY_BROKER_URL = env_broker_url("CELERY_BROKER_URL", "filesystem://localhost" if DEMO else "")
BROKER_DIR = LOCAL_DIR / "broker"  # for filesystem://

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LOGIN_REDIRECT_URL = "admin:index"  # shoppers sign in through the API

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]  # Django knows no plain "zh"
TIME_ZONE = env_time_zone("TIME_ZONE", "UTC")
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = LOCAL_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env_str("MEDIA_ROOT", str(LOCAL_DIR / "media")))
FRONTEND_DIST = BASE_DIR / "frontend" / "dist"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_ROOT = FRONTEND_DIST  # the build's own files, at the addresses it gives them
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/assets/|^/static/.+\.[0-9a-f]{12}\."  # names that change with the content
WHITENOISE_ADD_HEADERS_FUNCTION = add_headers
WHITENOISE_MIMETYPES = {".webmanifest": "application/manifest+json"}
WHITENOISE_MANIFEST_STRICT = False  # before `collectstatic` pages lack their styles instead of failing

# Store
STORE_NAME = env_str("STORE_NAME", "Pocketshop")
STORE_CURRENCY = env_matching("STORE_CURRENCY", "USD", "[A-Z]{3}", "EUR")
SHIPPING_CENTS = env_int("SHIPPING_CENTS", 495)
FREE_SHIPPING_FROM_CENTS = env_int("FREE_SHIPPING_FROM_CENTS", 5000)
UNFOLD = admin_theme(STORE_NAME)
PAYMENT_PROVIDERS = {"cash_on_delivery": "shop.orders.payments.CashOnDelivery"}

REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["shop.api.wire.JsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["shop.api.wire.JsonParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "shop.api.wire.OneRenderer",
    "DEFAULT_AUTHENTICATION_CLASSES": ["shop.api.authentication.ShopperAuthentication"],
    "EXCEPTION_HANDLER": "shop.api.errors.error_response",
    "URL_FORMAT_OVERRIDE": None,
    "NUM_PROXIES": 1 if SECURE_PROXY_SSL_HEADER else 0,  # whose X-Forwarded-For is believed, for rate limits
}
SPECTACULAR_SETTINGS = {
    "TITLE": f"{STORE_NAME} API",
    "DESCRIPTION": "Search, catalogue, cart, checkout, orders and events of the store. Money is integer cents.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": False,
    "AUTHENTICATION_WHITELIST": [],
}

# Of every hundred visits so many say how fast the store was (shop/metrics); 0 for none.
METRICS_SAMPLE_PERCENT = env_int("METRICS_SAMPLE_PERCENT", 100 if DEMO else 10)
if METRICS_SAMPLE_PERCENT > 100:
    raise ImproperlyConfigured(f"METRICS_SAMPLE_PERCENT={METRICS_SAMPLE_PERCENT} is too large; the most is 100.")

# Search
SEARCH_ENCODER = env_str("SEARCH_ENCODER", "sentence-transformers/all-MiniLM-L6-v2")
SEARCH_QUERY_CACHE = env_int("SEARCH_QUERY_CACHE", 4096)  # query vectors that a process remembers
ENCODER_DIR = Path(env_str("ENCODER_DIR", str(LOCAL_DIR / "encoders")))

LOG_LEVEL = env_choice("LOG_LEVEL", "INFO", {"DEBUG", "INFO", "WARNING", "ERROR"})
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},  # no mails, no second line
        "django.request": {"level": "ERROR"},  # a 404 is the asker's mistake
        "celery.worker.strategy": {"level": "WARNING"},  # tasks log what they did
        "celery.app.trace": {"level": "WARNING"},
        "kombu.connection": {"level": "ERROR"},  # the broker in the file system has no host, and that is meant
    },
}
