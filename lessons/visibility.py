"""Who may see what. One function decides, on the server, and every page asks it.

Alone on their own machine, learners see the whole table: that is the lesson. As soon as anybody else could be
looking, a visitor sees only what is theirs. A session key is a password.
"""

from ipaddress import ip_address

from django.conf import settings

from .logged_in import user_with

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
    """Return whether the visitor may edit rows, sign with the server's key and ask with SQL: alone, or a superuser.

    To sign, or to read other people's keys, is to decide who is logged in. On a server that others reach, only those
    may who could become anybody in the admin as well.
    """
    return sees_everything(request) or _is_superuser(request)


def _is_superuser(request) -> bool:
    key = key_sent(request)
    user = user_with(key) if key else None
    return user is not None and user.is_superuser


def key_sent(request) -> str | None:
    """Return the session key that the browser sent, or None. NUL is in no key, and PostgreSQL takes no text with it."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    return key if key and "\0" not in key else None


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
