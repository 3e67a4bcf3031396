"""Writing into the session, and then an honest bug."""

from django.http import HttpResponse


def boom(request):
    """Add to a score, then work out the average game."""
    score = request.session.get("score", 0) + 42
    request.session["score"] = score
    games = request.session.get("games", 0)
    return HttpResponse(f"average={score / games}")
