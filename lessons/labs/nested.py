"""A list inside the session, filled by two views that differ in one line."""

from django.http import HttpResponse


def nested(request):
    """Put one more apple into the cart."""
    if "cart" not in request.session:
        request.session["cart"] = []
    request.session["cart"].append("apple")
    apples = len(request.session["cart"])
    return HttpResponse(f"apples in the cart: {apples}")


def modified(request):
    """Put one more apple into the cart, and say so."""
    if "cart" not in request.session:
        request.session["cart"] = []
    request.session["cart"].append("apple")
    request.session.modified = True
    apples = len(request.session["cart"])
    return HttpResponse(f"apples in the cart: {apples}")
