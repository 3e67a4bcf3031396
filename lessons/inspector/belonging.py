"""Who a session belongs to: the user that `login()` wrote into it (C02)."""

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY

from ..logged_in import holds_hash_of, user_named
from ..session_data.display import printable

NOBODY = "Nobody in particular: there is no _auth_user_id in it, so nobody had logged in."
UNREAD = "Nobody can tell: there is no dict to look into."


def of_this_project(data) -> str:
    """Say who of this project's users it is, and whether Django would still know them."""
    if (user_id := _user_id(data)) is None:
        return _without_a_user(data)
    user = user_named(user_id)
    if user is None:
        return f"User id {user_id}, and this project has no such user: Django takes the visitor for nobody."
    name = printable(user.get_username(), 60)
    if not holds_hash_of(user, data.get(HASH_SESSION_KEY)):
        return (
            f"{name} (user id {user_id}), but the password was changed since, or the secret key: at the next look "
            "Django flushes this session."
        )
    if not user.is_active:
        return f"{name} (user id {user_id}), whose account is not active: Django takes the visitor for nobody."
    return f"{name} (user id {user_id}), logged in."


def of_another(data, *, here: bool = False) -> str:
    """Say what a value says of its user, and no name. `here`: it is this server that signed it."""
    if (user_id := _user_id(data)) is None:
        return _without_a_user(data)
    return f"User id {user_id} of {'this server' if here else 'the project that signed it'}."


def _without_a_user(data) -> str:
    return NOBODY if isinstance(data, dict) else UNREAD


def _user_id(data) -> str | None:
    found = data.get(SESSION_KEY) if isinstance(data, dict) else None
    return None if found is None else printable(str(found)[:60], 40)
