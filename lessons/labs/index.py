"""A list of all labs, for whoever comes without the tutorial."""

from django.shortcuts import render


def index(request):
    return render(request, "labs/index.html")
