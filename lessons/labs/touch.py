"""Three views that differ in one thing: whether they ignore, read or write the session."""

from django.http import HttpResponse


def ignore(request):
    """Never look at the session."""
    return HttpResponse("I did not look at the session.")


def read(request):
    """Look something up in the session."""
    met = request.session.get("met", False)
    return HttpResponse(f"I looked: met is {met}.")


def write(request):
    """Store something in the session, and say what its key is at that moment."""
    request.session["met"] = True
    return HttpResponse(f"I stored: met is True. The session key is {request.session.session_key}.")
