"""Throwing a session away."""

from django.http import HttpResponse


def flush(request):
    """Flush the session, and say which key there is then."""
    request.session.flush()
    key = request.session.session_key
    return HttpResponse(f"Flushed. The session key is {key}.")
