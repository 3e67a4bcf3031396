"""Treating `request.session` like a dict, where it is one and where it is not (C35)."""

from django.http import HttpResponse

PLAIN = "text/plain; charset=utf-8"  # a visitor wrote what is in the session: never show it as HTML


def get(request):
    """Ask for a key that may be missing."""
    color = request.session.get("color", "none")
    return HttpResponse(f"request.session.get('color', 'none') gives {color!r}", content_type=PLAIN)


def add(request):
    """Add a key, or put a new value in its place."""
    request.session["color"] = "green"
    return HttpResponse(f"dict(request.session) gives {dict(request.session)!r}", content_type=PLAIN)


def delete(request):
    """Delete the key, if it is there."""
    if "color" in request.session:
        del request.session["color"]
    return HttpResponse(f"dict(request.session) gives {dict(request.session)!r}", content_type=PLAIN)


def length(request):
    """Ask how many keys there are."""
    try:
        answer = len(request.session)
    except TypeError as error:
        answer = f"TypeError: {error}"
    return HttpResponse(f"len(request.session) gives {answer}", content_type=PLAIN)


def loop(request):
    """Loop over it as one loops over a dict."""
    try:
        answer = [key for key in request.session]
    except KeyError as error:
        answer = f"KeyError: {error}"
    return HttpResponse(f"[key for key in request.session] gives {answer}", content_type=PLAIN)
