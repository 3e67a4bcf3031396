"""Carrying a name from a form to the next page: POST, redirect, GET, with the session in between."""

from django.shortcuts import redirect, render


def carry(request):
    """Ask for a name; store a POSTed one, and send on."""
    if request.method == "POST":
        name = request.POST.get("name", "")
        request.session["name"] = name[:50]
        return redirect("lab:hello")
    return render(request, "labs/carry.html")


def hello(request):
    """Greet by a name that this request does not bring."""
    context = {"name": request.session.get("name")}
    return render(request, "labs/hello.html", context)
