"""A view in a module of its own, with a helper that others call."""

from django.http import HttpResponse


def waiting(request):
    return None


def view(request):
    request.session["elsewhere"] = 1
    waiting(request)
    return HttpResponse(helper("mine"))


def helper(word):
    if word == "mine":
        word = "my own"
    return word
