"""Treating `request.session` like a dict, where it is one and where it is not (C35)."""

from django.http import HttpResponse

PLAIN = "text/plain; charset=utf-8"  # a visitor wrote what is in the session: never show it as HTML


def get(request):
    """Ask for a key that may be missing."""
    color = request.session.get("color", "none")
    text = f"get('color', 'none') gives {color!r}"
    return HttpResponse(text, PLAIN)


def add(request):
    """Add a key, or put a new value in its place."""
    request.session["color"] = "green"
    text = f"Now it holds {dict(request.session)}"
    return HttpResponse(text, PLAIN)


def delete(request):
    """Delete the key, if it is there."""
    if "color" in request.session:
        del request.session["color"]
    text = f"Now it holds {dict(request.session)}"
    return HttpResponse(text, PLAIN)


def length(request):
    """Ask how many keys there are."""
    try:
        answer = len(request.session)
    except TypeError as error:
        answer = f"TypeError: {error}"
    return HttpResponse(f"len gives {answer}", PLAIN)


def loop(request):
    """Loop over it as one loops over a dict."""
    try:
        answer = [key for key in request.session]  # noqa: C416
    except KeyError as error:
        answer = f"KeyError: {error}"
    return HttpResponse(f"The loop gives {answer}", PLAIN)
