"""The SQL console: what is typed is run, and printed as the database's own shell would print it."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from .. import console as sql
from ..inspector import Visitor
from ..models import Flight
from ..notebook import with_notebook


@require_http_methods(["GET", "HEAD", "POST"])
@with_notebook
@vary_on_headers("HX-Request")
def console(request):
    """Show the console; on POST, run what was typed or what a button stands for. Only for those who may."""
    if not Visitor(request).may_change:
        return render(request, "console/refused.html", status=403)
    settings, entries = sql.settings_in(request.POST), sql.unpacked(request.POST.get("transcript", ""))
    database, problem = _database()
    if "clear" in request.POST:
        entries = []
    elif database and (typed := _typed(request, database)):
        said = sql.say(typed, database, settings)
        settings, entries = said.settings, [*entries, sql.Entry.of(said)]
    context = {
        "database": database,
        "problem": problem,
        "settings": settings,
        "entries": entries,
        "transcript": sql.packed(entries),
    }
    if request.htmx:
        return render(request, "console/_transcript.html", context)
    return render(request, "console/console.html", context | _around(request, database))


def _database():
    """Return the database to ask and "", or None and a sentence that says why there is none."""
    try:
        return sql.database(), ""
    except sql.Refused as refused:
        return None, str(refused)


def _typed(request, database) -> str:
    """Return what the pressed button stands for: a query of the lecture, one that Django ran, or what was typed."""
    if query := sql.query(request.POST.get("query", ""), database.vendor):
        return query.typed
    if again := request.POST.get("again", ""):
        return _ran(request, *again.partition(":")[::2])
    return request.POST.get("typed", "") if request.method == "POST" else ""


def _ran(request, flight_id: str, number: str) -> str:
    """Return one statement of a flight of your own. Its address is its place: a key has no business in a form."""
    if not (flight_id.isdecimal() and number.isdecimal() and len(flight_id + number) < 18):
        return ""
    flight = get_object_or_404(Flight, pk=flight_id, notebook_id=request.notebook_key)
    statements = dict(enumerate(sql.statements_of(flight)))
    found = statements.get(int(number))
    return found.text if found and found.ready else ""


def _around(request, database) -> dict:
    """Return what stands around the transcript: buttons, words to complete, the SQL of the last flight."""
    flight = sql.last_flight(request.notebook_key)
    pressed = request.POST.keys() & {"query", "again", "clear"}
    return {
        "queries": sql.queries(database.vendor) if database else [],
        "words": sql.words(database) if database else {},
        "rows_most": sql.ROWS_MOST,
        "flight": flight,
        "ran": sql.statements_of(flight) if flight else [],
        "typed": request.POST.get("typed", "") if pressed else "",
    }
