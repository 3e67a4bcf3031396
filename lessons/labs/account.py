"""Where login and logout lead to. The two themselves are Django's own views: see urls.py."""

from django.shortcuts import render


def account(request):
    """Greet whoever is logged in."""
    return render(request, "labs/account.html")
