"""Flights: one recorded request, played step by step."""

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from ..models import Flight
from ..notebook import with_notebook
from ..player import Player


@require_safe
@with_notebook
@vary_on_headers("HX-Request")
def flight(request, flight_id):
    """Show one flight of your own. With `why`, lead to the hop that last changed what it names."""
    found = get_object_or_404(Flight, pk=flight_id, notebook_id=request.notebook_key)
    player = Player.asked(found, request.GET)
    if why := request.GET.get("why"):
        return redirect(player.address_of(player.why(why)))
    template = "flights/_player.html" if request.htmx else "flights/flight.html"
    return render(request, template, {"flight": found, "player": player})
