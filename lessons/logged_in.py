"""Who is logged in, read off a session without touching it.

Django's own `get_user()` may write: it flushes a session whose password was changed, and gives a new key to one that
was made with an older secret. A page of ours only looks, so it reads as Django reads and draws the same conclusion.
"""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.core.exceptions import ValidationError
from django.utils.crypto import constant_time_compare


def user_with(session_key: str):
    """Return the user whom a request with this session key would have, or None."""
    store = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    try:
        data = store.load()  # it reads, and writes nothing
    except ValueError:  # a date that is none: somebody wrote the row with SQL
        return None
    if not isinstance(data, dict) or data.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    user = user_named(data.get(SESSION_KEY))
    return user if user and user.is_active and holds_hash_of(user, data.get(HASH_SESSION_KEY)) else None


def user_named(user_id):
    """Return the user with this id, or None. Whoever can write a row can write any id into it."""
    model = get_user_model()
    try:
        return model._default_manager.filter(pk=model._meta.pk.to_python(user_id)).first()
    except (ValidationError, ValueError, TypeError, OverflowError):
        return None


def holds_hash_of(user, written) -> bool:
    """Return whether the password is still the one that the session was made with (F19)."""
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return isinstance(written, str) and any(constant_time_compare(written, one) for one in hashes)
