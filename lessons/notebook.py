"""Which notebook a request belongs to: named by a signed cookie of the tutorial's own, never by the session."""

import uuid
from datetime import timedelta
from functools import wraps

from django.conf import settings
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers

from .models import Notebook

COOKIE = "notebook"
SALT = "lessons.notebook"
COOKIE_AGE = 365 * 24 * 3600
STALE_AFTER = timedelta(days=60)


def key_of(request) -> uuid.UUID | None:
    """Return the key that the cookie names, or None when there is no cookie or somebody wrote it themselves."""
    value = request.get_signed_cookie(COOKIE, default="", salt=SALT)
    try:
        return uuid.UUID(value)
    except ValueError:
        return None


def with_notebook(view):
    """Give a view `request.notebook_key`, and a browser that has no notebook yet the cookie that names one.

    The notebook itself is made when there is something to write into it: reading a page stores nothing.
    """

    @wraps(view)
    def named(request, *args, **kwargs):
        known = key_of(request)
        request.notebook_key = known or uuid.uuid4()
        response = view(request, *args, **kwargs)
        patch_vary_headers(response, ["Cookie"])  # what one visitor sees, no cache may show to another
        patch_cache_control(response, private=True)
        if known is None:
            response.set_signed_cookie(
                COOKIE,
                str(request.notebook_key),
                salt=SALT,
                max_age=COOKIE_AGE,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response

    return named


def opened(key: uuid.UUID) -> Notebook:
    """Return the notebook named `key`, made if need be. Making one clears away those that nobody has opened lately."""
    notebook, made = Notebook.objects.get_or_create(pk=key)
    if made:
        stale = Notebook.objects.filter(used__lt=timezone.now() - STALE_AFTER)
        Notebook.objects.filter(pk__in=stale.values("pk")[:100]).delete()
    return notebook
