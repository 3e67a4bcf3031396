"""Carrying a name from a form to the next page: POST, redirect, GET, with the session in between."""

from django.shortcuts import redirect, render


def carry(request):
    """Ask for a name; on POST put it into the session and send the browser on."""
    if request.method == "POST":
        request.session["name"] = request.POST.get("name", "")[:50]
        return redirect("lab:hello")
    return render(request, "labs/carry.html")


def hello(request):
    """Greet by a name that is in neither the address nor the form of this request."""
    return render(request, "labs/hello.html", {"name": request.session.get("name")})
