"""
Settings of the session tutorial, in the order in which `django-admin startproject` writes them.

Nothing here begins with SESSION_ in local mode: what you see is what a new project does (C22, F22).
Every value that differs from a new project says why.
"""

import os
from pathlib import Path

from . import secret_key

BASE_DIR = Path(__file__).resolve().parent.parent

# Two modes. Local: on the learner's own machine, everything may be seen. Hosted: SESSIONDEMO_HOST names the public
# host, for example `ada.pythonanywhere.com`; then DEBUG is off and visitors see only what is theirs.
HOST = os.environ.get("SESSIONDEMO_HOST", "")

SECRET_KEY = secret_key.read_or_make(BASE_DIR / ".secret_key")

DEBUG = not HOST

ALLOWED_HOSTS = [HOST] if HOST else []  # empty with DEBUG: localhost, 127.0.0.1 and [::1]

# GitHub Codespaces forwards each port under an address of its own; the browser sends that as Origin with a POST.
CSRF_TRUSTED_ORIGINS = [f"https://{HOST}"] if HOST else []
if codespace := os.environ.get("CODESPACE_NAME"):
    domain = os.environ.get("GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN", "app.github.dev")
    CSRF_TRUSTED_ORIGINS += [f"https://{codespace}-{port}.{domain}" for port in range(8000, 8020)]
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", *(f"{codespace}-{port}.{domain}" for port in range(8000, 8020))]


# Application definition

INSTALLED_APPS = [
    "lessons",  # before staticfiles: its runserver answers without Nagle's delay
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "debug_toolbar",
    "django_htmx",
]

MIDDLEWARE = [
    # Ours stand outside the seven of a new project, so that those see a request exactly as they would without us.
    "lessons.middleware.record_your_browser",  # outermost: what it writes is seen by no other middleware
    "sessiondemo.middleware.content_security_policy",
    "debug_toolbar.middleware.DebugToolbarMiddleware",
    # The seven of `startproject`, in its order (C03).
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Puts request.htmx there, for our own partials under /_ui/.
    "django_htmx.middleware.HtmxMiddleware",
    "lessons.middleware.read_as_utf8",
    "lessons.middleware.say_what_is_missing",
]

ROOT_URLCONF = "sessiondemo.urls"

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
            ],
        },
    },
]

WSGI_APPLICATION = "sessiondemo.wsgi.application"


# Database
#
# db.sqlite3 at the root, where every Django learner looks for it. IMMEDIATE takes the write lock when a transaction
# begins, and a timeout waits for it: a class of browsers at once gets answers instead of "database is locked".
# WAL lets readers go on while one writes; it needs a real local disk, which hosted home folders often are not.

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": BASE_DIR / "db.sqlite3",
        "CONN_MAX_AGE": 60,  # WAL pays only while connections stay open: each last close writes a checkpoint
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "" if HOST else "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
}

# Where this is set, PostgreSQL; see the module. Connections are kept there too: to open one takes longer than a visit.
if url := os.environ.get("DATABASE_URL"):
    from . import database_url

    DATABASES["default"] = database_url.read(url)


# Password validation

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]


# Internationalization

LANGUAGE_CODE = "en-us"

TIME_ZONE = "UTC"  # as the dates in django_session are (C56)

USE_I18N = True

USE_TZ = True


# Static files

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles"

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


# What is stricter, or wider, than in a new project

X_FRAME_OPTIONS = "SAMEORIGIN"  # the lab frame shows lab pages in an iframe of this site
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # which warns of just that
DEFAULT_EXCEPTION_REPORTER_FILTER = "sessiondemo.error_pages.KeysHidden"  # a class sees the error page too
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024  # the inspector takes a pasted 5 MB value and says what it is

# Ours, and then the toolbar's own in their order. Ours is first: it stands around the others, and so sees the request
# before any of them. What the Request panel reads from the session later is not counted: the story has ended by then.
DEBUG_TOOLBAR_PANELS = [
    "lessons.panels.SessionStoryPanel",
    "debug_toolbar.panels.history.HistoryPanel",
    "debug_toolbar.panels.versions.VersionsPanel",
    "debug_toolbar.panels.timer.TimerPanel",
    "debug_toolbar.panels.settings.SettingsPanel",
    "debug_toolbar.panels.headers.HeadersPanel",
    "debug_toolbar.panels.request.RequestPanel",
    "debug_toolbar.panels.sql.SQLPanel",
    "debug_toolbar.panels.staticfiles.StaticFilesPanel",
    "debug_toolbar.panels.templates.TemplatesPanel",
    "debug_toolbar.panels.alerts.AlertsPanel",
    "debug_toolbar.panels.cache.CachePanel",
    "debug_toolbar.panels.signals.SignalsPanel",
    "debug_toolbar.panels.tasks.TasksPanel",
    "debug_toolbar.panels.community.CommunityPanel",
    "debug_toolbar.panels.redirects.RedirectsPanel",
    "debug_toolbar.panels.profiling.ProfilingPanel",
]

DEBUG_TOOLBAR_CONFIG = {
    "SHOW_TOOLBAR_CALLBACK": "lessons.visibility.show_toolbar",
    "SHOW_COLLAPSED": True,
    "IS_RUNNING_TESTS": False,  # the tests look at the toolbar too
}

if HOST:
    # A proxy of the host ends TLS and says so in this header; without it Django would redirect for ever.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 3600  # short on purpose: a learner may take the site down again
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
