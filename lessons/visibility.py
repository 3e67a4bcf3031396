"""Who may see what. One function decides, on the server, and every page asks it.

Alone on their own machine, learners see the whole table: that is the lesson. As soon as anybody else could be
looking, a visitor sees only what is theirs. A session key is a password.
"""

from importlib import import_module
from ipaddress import ip_address

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest

PROXY_HEADERS = (
    "Via",
    "X-Forwarded-Proto",
    "X-Forwarded-Server",
    "CF-Connecting-IP",
    "True-Client-IP",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "Forwarded",
    "X-Real-Ip",
)


def sees_everything(request) -> bool:
    """Return whether the visitor is alone with this server: local mode, from this machine, with no proxy between."""
    return settings.DEBUG and _is_loopback(request) and not any(name in request.headers for name in PROXY_HEADERS)


def may_change(request) -> bool:
    """Return whether the visitor may edit rows, sign with the server's key and write SQL: alone, or of the staff.

    To sign is to decide who is logged in. On a server that others reach, only those may who could do it in the admin.
    """
    return sees_everything(request) or _is_staff(request)


def _is_staff(request) -> bool:
    """Ask Django who is logged in, with a session object of our own: `request.session` stays untouched."""
    session_key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if not session_key:  # then nobody is, and there is nothing to look into
        return False
    asked = HttpRequest()
    asked.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = auth.get_user(asked)
    return user.is_active and user.is_staff


def show_toolbar(request) -> bool:
    """Return whether django-debug-toolbar may show: to the local learner, on lab pages opened by themselves.

    In the lab frame, or in a simulated browser, it would cover the little page there is.
    """
    if not request.path_info.startswith(("/lab/", "/__debug__/")):
        return False
    return sees_everything(request) and request.headers.get("Sec-Fetch-Dest") != "iframe"


def _is_loopback(request) -> bool:
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:  # a Unix socket has no address: some proxy is in front
        return False
    mapped = getattr(address, "ipv4_mapped", None)  # ::ffff:127.0.0.1; Python itself sees through it from 3.13 on
    return (mapped or address).is_loopback


def masked(session_key: str) -> str:
    """Shorten a session key so that it can be told apart and not be used."""
    return f"{session_key[:4]}…{session_key[-4:]}" if len(session_key) > 12 else "…"
