"""What came in with this one request, and nothing else."""

import json

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt  # stores nothing, so a forged POST does no harm
def echo(request):
    """Answer with the query and the form that came."""
    arrived = {
        "GET": request.GET.dict(),
        "POST": request.POST.dict(),
    }
    return HttpResponse(json.dumps(arrived), "text/plain")
