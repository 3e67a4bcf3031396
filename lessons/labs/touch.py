"""Three views that differ in one thing: whether they ignore, read or write the session."""

from django.http import HttpResponse


def ignore(request):
    """Never look at the session."""
    return HttpResponse("I did not look at the session.")


def read(request):
    """Look something up in the session."""
    met = request.session.get("met", False)
    return HttpResponse(f"I looked: met is {met}.", "text/plain")


def write(request):
    """Store something, and say which key there is then."""
    request.session["met"] = True
    key = request.session.session_key
    return HttpResponse(f"I stored met. The session key is {key}.")
