"""Two things done to this browser's own row of `django_session`."""

import base64
from datetime import timedelta

from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.utils import timezone


def recipe(request):
    """Decode all of session_data, as before Django 3.1."""
    key = request.session.session_key
    row = Session.objects.filter(session_key=key).first()
    if row is None:
        return HttpResponse("There is no row yet.", status=404)
    try:
        answer = base64.b64decode(row.session_data)
    except ValueError as error:
        kind = type(error)
        answer = f"{kind.__module__}.{kind.__name__}: {error}"
    return HttpResponse(f"It gives {answer}", "text/plain")


def expire(request):
    """Put the row's `expire_date` one day into the past."""
    yesterday = timezone.now() - timedelta(days=1)
    key = request.session.session_key
    row = Session.objects.filter(session_key=key)
    changed = row.update(expire_date=yesterday)
    return HttpResponse(f"rows changed: {changed}")
