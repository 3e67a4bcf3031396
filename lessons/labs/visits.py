"""Counting visits in `request.session`, twice: as the lecture tells it, and as the lecture's slide has it."""

from django.http import HttpResponse


def visits(request):
    """Count visits, and begin again after the fourth."""
    num_visits = request.session.get("num_visits", 0) + 1
    if num_visits > 4:
        num_visits = 1
    request.session["num_visits"] = num_visits
    return HttpResponse(f"view count={num_visits}")


def slide(request):
    """Count visits, and delete the count past 4."""
    num_visits = request.session.get("num_visits", 0) + 1
    request.session["num_visits"] = num_visits
    if num_visits > 4:
        del request.session["num_visits"]
    return HttpResponse(f"view count={num_visits}")
