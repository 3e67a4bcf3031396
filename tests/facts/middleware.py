"""Places from which to look at SessionMiddleware. What is seen beside it is written on the request."""

counted: list[str] = []


def count(get_response):
    """Write down the path of each request that gets here."""

    def middleware(request):
        counted.append(request.path)
        return get_response(request)

    return middleware


def outside(get_response):
    """Stands just before SessionMiddleware in the list: the first to see a request, the last to see a response."""

    def middleware(request):
        request.outside = {"session on the way in": hasattr(request, "session")}
        response = get_response(request)
        request.outside["cookies on the way out"] = list(response.cookies)
        request.outside["Vary on the way out"] = response.headers.get("Vary")
        return response

    return middleware


def inside(get_response):
    """Stands just after SessionMiddleware in the list."""

    def middleware(request):
        request.inside = {"session on the way in": hasattr(request, "session"), "urls.py": request.resolver_match}
        response = get_response(request)
        request.inside["cookies on the way out"] = list(response.cookies)
        request.inside["Vary on the way out"] = response.headers.get("Vary")
        return response

    return middleware
