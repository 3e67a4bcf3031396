"""Two cookies without any session: one until the browser closes, one for 1000 seconds."""

from django.http import HttpResponse


def cookie(request):
    """Say what `zap` was, and send it back one higher."""
    zap = request.COOKIES.get("zap")
    try:
        following = str(int(zap) + 1)
    except (TypeError, ValueError):  # none, or no number
        following = "42"
    text = f"zap came in as {zap!r}"
    response = HttpResponse(text, "text/plain; charset=utf-8")
    response.set_cookie("zap", following)
    response.set_cookie("sakaicar", 42, max_age=1000)
    return response
