"""Two things done to this browser's own row of `django_session`."""

import base64
from datetime import timedelta

from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.utils import timezone


def recipe(request):
    """Decode the whole of `session_data` with Base64, as was right before Django 3.1 (C63)."""
    row = Session.objects.filter(session_key=request.session.session_key).first()
    if row is None:
        return HttpResponse("This browser has no row yet.", status=404)
    try:
        answer = base64.b64decode(row.session_data)
    except ValueError as error:
        answer = f"{type(error).__name__}: {error}"
    return HttpResponse(f"base64.b64decode(session_data) gives {answer}", content_type="text/plain; charset=utf-8")


def expire(request):
    """Put the row's `expire_date` one day into the past."""
    yesterday = timezone.now() - timedelta(days=1)
    changed = Session.objects.filter(session_key=request.session.session_key).update(expire_date=yesterday)
    return HttpResponse(f"rows changed: {changed}")
