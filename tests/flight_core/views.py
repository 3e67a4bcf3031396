"""Views in a module of their own: of what runs in the tests' modules, a flight hears nothing."""

from django.http import HttpResponse


def inside(request):
    """What happens in the middle of the view. A test puts something else here."""


def view(request):
    name = request.GET.get("name", "")
    request.session["name"] = name
    inside(request)
    again = request.session["name"]
    return HttpResponse(f"{name} {again}")


def other(request):
    mine = "other"
    request.session["other"] = mine
    request.session.get("more")
    return HttpResponse(mine)
