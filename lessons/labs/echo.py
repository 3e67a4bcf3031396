"""What came in with this one request, and nothing else."""

from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt  # stores nothing, so a forged POST does no harm
def echo(request):
    """Answer with the query, the form and the cookies that came."""
    arrived = {
        "GET": request.GET.dict(),
        "POST": request.POST.dict(),
        "COOKIES": request.COOKIES,
    }
    return JsonResponse(arrived, json_dumps_params={"indent": 2})
