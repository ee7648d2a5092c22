"""Every setting of the application, read from the environment in this one module.

Safe defaults for a checkout on somebody's own machine; what production must set is listed in the
README under "Run it for real". A secret has no default: the secret key is generated into an
ignored file on first start unless KALLARI_SECRET_KEY is given.
"""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from kallari import embedded_postgres
from kallari.admin_theme import UNFOLD  # noqa: F401  # a setting

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
"""What the machine makes: secret key, embedded database, collected static files, media."""

env = environ.Env()


def _read_or_create_secret_key() -> str:
    """Return KALLARI_SECRET_KEY, or the key kept in var/secret_key, made at the first start."""
    if key := env.str("KALLARI_SECRET_KEY", default=""):
        return key
    path = VAR_DIR / "secret_key"
    try:
        return path.read_text()
    except FileNotFoundError:
        pass
    VAR_DIR.mkdir(mode=0o700, exist_ok=True)
    draft = path.with_name(f"secret_key.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(64))
    try:
        os.link(draft, path)  # atomic: two first starts at once agree on one key
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text()


# --- Where it runs ------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = _read_or_create_secret_key()
SECRET_KEY_FALLBACKS = env.list("KALLARI_SECRET_KEY_FALLBACKS", default=[])
"""Former secret keys, newest first: what they signed or encrypted stays good after a change."""
HTTPS = env.bool("KALLARI_HTTPS", default=False)
"""True when a proxy in front speaks TLS: secure cookies, HSTS, redirect from plain HTTP."""

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "kallari_session"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "kallari_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- Parts --------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "kallari.apps.KallariConfig",
    "kallari.accounts",
    "kallari.history",
    "kallari.files",
    "kallari.rules",
    "kallari.imports",
    "members",
    "harvests",
    "unfold.apps.BasicAppConfig",  # the site is ours: kallari.admin_site
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.import_export",
    "unfold.contrib.simple_history",
    "kallari.apps.KallariAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_filters",
    "django_countries",  # the names of countries in every language
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "pgtrigger",
    "rest_framework",
    "simple_history",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "kallari.body_limits.BodyLimitMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kallari.accounts.middleware.SessionActivityMiddleware",
    "kallari.history.middleware.ChangeContextMiddleware",
    "kallari.accounts.middleware.AccountDutiesMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "kallari.urls"
WSGI_APPLICATION = "kallari.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader", "kallari.admin_icons.Loader"],
                )
            ],
            "libraries": {"admin_icons": "kallari.admin_icons"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

FORM_RENDERER = "kallari.forms.FormRenderer"

# --- Database -----------------------------------------------------------------------------------

EMBEDDED_DATABASE = not env.str("DATABASE_URL", default="")
"""True when the application runs its own PostgreSQL (kallari/embedded_postgres.py)."""

DATABASES = {
    "default": environ.Env.db_url_config(
        embedded_postgres.url() if EMBEDDED_DATABASE else env.str("DATABASE_URL")
    )
}
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL server (postgresql://…).")
DATABASES["default"] |= {
    "CONN_MAX_AGE": 600,
    "CONN_HEALTH_CHECKS": True,
    "ATOMIC_REQUESTS": True,  # a row and its history are written together or not at all
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    # The application keeps no state beside the database, so that several servers can share it.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "kallari_cache",
        # The default of 300 would let anybody push out the counts of failed sign-ins.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# --- Accounts -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "kallari.accounts.backends.UsernameOrCedulaBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = "/"

PROXIES = env.int("KALLARI_PROXIES", default=0)
"""How many proxies stand in front and append to X-Forwarded-For. The header is believed for
exactly so many entries from the right; with 0 it is not read at all."""

ACCOUNT_ADAPTER = "kallari.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}  # our backend takes a cédula in the same field
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]  # nobody signs up: no address
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_SESSION_REMEMBER = None  # the form asks: many share a computer
ACCOUNT_FORMS = {
    "login": "kallari.accounts.forms.SignInForm",
    "change_password": "kallari.accounts.forms.ChangePasswordForm",
    "reauthenticate": "kallari.accounts.forms.ConfirmPasswordForm",
}
ACCOUNT_RATE_LIMITS = {
    # Wrong passwords are counted by axes (below) and by our adapter; these stand behind them.
    "login": "120/m/ip",  # a whole assembly may share one address
    "login_failed": "60/m/ip,5/15m/key",  # wrong second factors, keyed by account
    "wrong_password": "60/h/key",  # for one account, from all addresses together
}
MFA_ADAPTER = "kallari.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Kallari"
MFA_TOTP_TOLERANCE = 1  # phones' clocks are off; kallari.accounts.forms refuses replays
MFA_FORMS = {
    "authenticate": "kallari.accounts.forms.SecondFactorForm",
    "reauthenticate": "kallari.accounts.forms.SecondFactorAgainForm",
    "activate_totp": "kallari.accounts.forms.ActivateAppForm",
    "add_webauthn": "kallari.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "kallari.accounts.forms.NamePasskeyForm",
}
USERSESSIONS_TRACK_ACTIVITY = True  # by our own middleware, once a minute

AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # half an hour means half an hour
AXES_USERNAME_CALLABLE = "kallari.accounts.lockout.counted_name"
AXES_CLIENT_IP_CALLABLE = "kallari.accounts.lockout.counted_address"
AXES_CLIENT_STR_CALLABLE = "kallari.accounts.lockout.logged_client"
AXES_LOCKOUT_CALLABLE = "kallari.accounts.lockout.locked_out"
AXES_DISABLE_ACCESS_LOG = True  # who is signed in where is in the list of sessions, while it lasts
AXES_ENABLE_ADMIN = False

REQUIRE_SECOND_FACTOR = env.bool("KALLARI_REQUIRE_SECOND_FACTOR", default=True)
"""Whether the roles marked so in kallari/roles.py must have a second factor. Invented demo
accounts are exempt while DEMO_WITHOUT_SECOND_FACTOR holds; they are served on loopback only."""
DEMO_WITHOUT_SECOND_FACTOR = env.bool("KALLARI_DEMO_WITHOUT_SECOND_FACTOR", default=True)

# --- History ------------------------------------------------------------------------------------

SIMPLE_HISTORY_DATE_INDEX = False  # kallari.history.History declares the indexes it needs
SIMPLE_HISTORY_FILEFIELD_TO_CHARFIELD = False

# --- Words, time, numbers -----------------------------------------------------------------------

LANGUAGE_CODE = "es"
LANGUAGES = [("es", _("Español")), ("en", _("Inglés")), ("qu", _("Kichwa"))]
LOCALE_PATHS = [BASE_DIR / "kallari/locale", BASE_DIR / "kallari/locale_packages"]
LANGUAGE_COOKIE_NAME = "kallari_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "America/Guayaquil"
FORMAT_MODULE_PATH = ["kallari.formats"]
USE_THOUSAND_SEPARATOR = True

# --- Files --------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
"""Of JSON and of the fields of forms; files have limits of their own (kallari/body_limits.py)."""
MEDIA_ROOT = Path(env.str("KALLARI_MEDIA_ROOT", default=str(VAR_DIR / "media")))
MEDIA_URL = "/archivos/"

# --- Content security policy --------------------------------------------------------------------
# Nothing inline, nothing from another host; the same under /admin/.

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}

# --- API ----------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        # First, so that who is unknown is asked for a token and answered 401.
        "kallari.accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["kallari.api.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "kallari.api.schema.Description",
    "DEFAULT_FILTER_BACKENDS": ["kallari.api.filters.StrictFilterBackend"],
    "EXCEPTION_HANDLER": "kallari.api.problems.problem_handler",
    "COERCE_DECIMAL_TO_STRING": True,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Kallari",
    "DESCRIPTION": "Socios, cosechas, ventas y gobierno de la asociación Kallari.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1/",
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_SPLIT_PATCH": False,  # a correction says itself what it requires: the reason
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "kallari.api.schema.describe_problems",
    ],
    # Fields of one name with different choices.
    "ENUM_NAME_OVERRIDES": {
        "AllyKindEnum": "members.models.Ally.Kind",
        "BankAccountKindEnum": "members.models.BankAccount.Kind",
        "ContributionKindEnum": "members.models.Contribution.Kind",
        "GatheringKindEnum": "members.models.Gathering.Kind",
        "GeometryKindEnum": "members.models.ChakraGeometry.Kind",
        "ChakraConflictOutcomeEnum": "members.models.ChakraConflict.Outcome",
        "InspectionOutcomeEnum": "members.models.Inspection.Outcome",
        "StayKindEnum": "members.models.Stay.Kind",
        "CertificationSchemeKindEnum": "members.models.CertificationScheme.Kind",
        "InspectionKindEnum": "members.models.Inspection.Kind",
        "SanctionKindEnum": "members.models.Sanction.Kind",
        "ChakraStateEnum": "members.models.Chakra.State",
        "InputUnitEnum": "members.models.InputKind.Unit",
        "UnitEnum": "kallari.units.Unit",
        "DeviceStateEnum": "harvests.models.DeviceState",
        "TradedProductEnum": "members.products.TradedProduct",
        "FormFigureKindEnum": "harvests.models.FormFigure.Kind",
        "AdvanceKindEnum": "harvests.models.Advance.Kind",
        "BatchReadingKindEnum": "harvests.models.BatchReading.Kind",
        "BatchStatusEnum": "harvests.models.Batch.Status",
        "SettlementKindEnum": "harvests.models.Settlement.Kind",
        "SettlementStatusEnum": "harvests.models.Settlement.Status",
        "SettlementLineKindEnum": "harvests.models.SettlementLine.Kind",
        "GeometryMethodEnum": "members.models.ChakraGeometry.Method",
        "PaymentMethodEnum": "harvests.models.Payment.Method",
    },
}

# --- Log ----------------------------------------------------------------------------------------
# To standard error, for the service manager to keep. Nothing personal is ever logged.

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "kallari.logs.Formatter",
            "format": "{levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
