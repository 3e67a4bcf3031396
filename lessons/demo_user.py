"""The user who is ready for the login lab: `ada`, whose password the lab itself tells.

Anybody may be her, on a hosted server too. So she is nobody's account: no staff, no permission, no e-mail address to
which a new password could be sent.
"""

from functools import cache

from django.apps import apps as all_apps
from django.contrib.auth.hashers import make_password

USERNAME = "ada"
PASSWORD = "lovelace"


def make(using, apps=all_apps, **kwargs):
    """Make the user if there is none of that name; whoever is there already is left alone.

    A receiver of `post_migrate`, which also follows `manage.py flush` and the emptying of the tables between tests: a
    data migration runs once, and what it made would be gone. Half-way through the migrations there may be no table of
    users; then it is made by a later `migrate`.
    """
    try:
        user = apps.get_model("auth", "User")
    except LookupError:
        return
    user.objects.using(using).get_or_create(username=USERNAME, defaults={"password": _hashed})


@cache
def _hashed() -> str:
    """Return the password as Django stores it. Making this is slow on purpose: once in a process will do."""
    return make_password(PASSWORD)
