"""From a recording to its flight: whoever watches a request knows the recording's id before the flight is stored."""

from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from ..models import Flight
from ..notebook import with_notebook


@require_safe
@with_notebook
def flight(request, recording):
    """Lead to the page of one flight of your own."""
    found = get_object_or_404(Flight, recorded=recording, notebook_id=request.notebook_key)
    return redirect("flight", found.pk)
