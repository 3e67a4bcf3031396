"""The list of flights, two of them side by side, and flights as files."""

from dataclasses import dataclass

from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from .. import logbook
from ..comparison import Pair, compare
from ..flight.hops import Hop
from ..flight_file import BYTES_MOST, NotAFlight, as_file, read
from ..gist import CHANGED, NOT_SAVED, gist
from ..models import Flight
from ..notebook import with_notebook
from ..player import Player, Step

ZOOMS = {"story": "Story", "calls": "Calls"}  # lines are for one flight: there are thousands
FORM_MOST = BYTES_MOST + 16 * 1024  # bytes of a form with a file in it
NOT_TWO = "Choose two flights to compare."
NO_FILE = "Choose a file first."
TOO_LARGE = f"The file is too large: a flight has at most {BYTES_MOST // 1024 // 1024} MB."


@dataclass(frozen=True)
class Side:
    """One hop of one flight, as the player knows it, with the address at which it shows it."""

    letter: str
    step: Step
    address: str


@dataclass(frozen=True)
class Line:
    """A pair of hops, and the sides that there are."""

    pair: Pair
    a: Side | None
    b: Side | None


@require_safe
@with_notebook
def flights(request):
    """List the flights of your notebook, newest first. Two that are chosen lead to where they are compared."""
    chosen = {int(each) for each in request.GET.getlist("flight") if each.isdecimal() and len(each) < 18}
    if len(chosen) == 2:
        return redirect("flights_compared", *sorted(chosen))
    return _list(request, chosen=chosen, not_two=NOT_TWO if request.GET else "")


@require_safe
@with_notebook
def compared(request, flight_id, other_id):
    """Show two flights of your own side by side: A, the one named first, and B."""
    left, right = (_own(request, each) for each in (flight_id, other_id))
    zoom = request.GET.get("zoom")
    zoom = zoom if zoom in ZOOMS else "story"
    comparison = compare(left.hops(zoom), right.hops(zoom))
    players = Player(left, zoom=zoom), Player(right, zoom=zoom)
    context = {
        "sides": {"A": left, "B": right},
        "comparison": comparison,
        "lines": [_line(pair, *players) for pair in comparison.pairs],
        "zoom": zoom,
        "zooms": ZOOMS,
    }
    return render(request, "flights/compared.html", context)


@require_safe
@with_notebook
def download(request, flight_id):
    """Give one flight of your own as a file."""
    flight = _own(request, flight_id)
    content = as_file(flight.recording, flight.whole_trace)
    name = f'attachment; filename="flight-{flight.pk}.json"'
    return JsonResponse(content, json_dumps_params={"indent": 1}, headers={"Content-Disposition": name})


@csrf_exempt  # the check reads the whole form, so it comes after the look at its size
@require_POST
def open_file(request):
    """Open a flight that was downloaded here, or anywhere else, and lead to its page."""
    if _length(request) > FORM_MOST:
        return _list_of(request, TOO_LARGE)
    return _open_file(request)


@csrf_protect
@with_notebook
def _open_file(request):
    file = request.FILES.get("file")
    if file is None:
        return _list(request, problem=NO_FILE, status=400)
    try:
        recording, trace = read(file.read(BYTES_MOST + 1))
    except NotAFlight as problem:
        return _list(request, problem=f"{problem} Nothing was stored.", status=400)
    return redirect("flight", logbook.enter_opened(request.notebook_key, recording, trace).pk)


@with_notebook
def _list_of(request, problem):
    return _list(request, problem=problem, status=413)


def _list(request, *, chosen=(), not_two="", problem="", status=200):
    """Render the list. What a flight did is told without its trace: 200 of them would be many megabytes."""
    own = Flight.objects.filter(notebook_id=request.notebook_key).order_by("-id").defer("trace", "row")
    told = [{"flight": flight, "day": flight.at.date(), "gist": gist(flight)} for flight in own[: logbook.FLIGHTS_MOST]]
    context = {
        "told": told,
        "changed": CHANGED,
        "not_saved": NOT_SAVED,
        "chosen": chosen,
        "not_two": not_two,
        "problem": problem,
        "most": logbook.FLIGHTS_MOST,
    }
    return render(request, "flights/list.html", context, status=status)


def _length(request) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdecimal() and len(length) < 18 else 0


def _own(request, flight_id) -> Flight:
    return get_object_or_404(Flight, pk=flight_id, notebook_id=request.notebook_key)


def _line(pair: Pair, left: Player, right: Player) -> Line:
    return Line(pair, _side("A", left, pair.left), _side("B", right, pair.right))


def _side(letter: str, player: Player, hop: Hop | None) -> Side | None:
    if hop is None:
        return None
    step = player.steps[hop.number - 1]
    return Side(letter, step, player.address_of(step))
