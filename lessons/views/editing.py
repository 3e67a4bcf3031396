"""The edit page: one session value in all its stages, and what is done with it. Only for those who may change rows."""

from dataclasses import replace
from functools import wraps

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import logbook
from ..inspector import GUESSES, EditForm, Visitor, ask_django, editing
from ..inspector.versions import Version, date_shown, unsealed
from ..lab_frame import jar_of, keep_jar
from ..models import BROWSERS, YOURS, Flight
from ..notebook import with_notebook
from ..worlds import here

FORM_MOST = 8 * 1024 * 1024  # bytes of a form: each stage as long as it may be, and twice what the row held
SENT = {"slide": "lab:slide", "get": "lab:dict_get"}  # what a browser that holds the row can be sent to


def for_those_who_may_change(view):
    """Give a view the visitor. Those who may not change anything get a sentence, whether there is a row or not."""

    @csrf_protect
    @with_notebook
    def guarded(request, *args, **kwargs):
        visitor = Visitor(request)
        if not visitor.may_change:
            return _sorry(request, "forbidden", 403)
        return view(request, visitor, *args, **kwargs)

    @csrf_exempt  # the check reads the whole form, so it comes after the look at its size
    @wraps(view)
    def bounded(request, *args, **kwargs):
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length[:18]) > FORM_MOST:
            return _sorry(request, "too much", 413)
        return guarded(request, *args, **kwargs)

    return bounded


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who_may_change
def row(request, visitor, handle):
    """Edit the row that the handle names, and write it if asked to."""
    found = visitor.row(handle)
    if found is None and request.method != "POST":
        return _sorry(request, "gone", 404)
    if found is None:  # what was typed goes on as a value in no row
        result = replace(_posted(request, visitor), problem=editing.GONE)
    elif request.method == "POST":
        result = _posted(request, visitor, found)
    elif found.size > editing.MOST:
        return _sorry(request, "too large", 200, row=found)
    else:
        base = Version.of(found)
        result = editing.Result(editing.begun(found), date_shown(base.expire_date), base)
    return _render(request, visitor, result, found)


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who_may_change
def value(request, visitor):
    """Edit a value that is in no row: an empty dict, or what was pasted."""
    if request.method == "POST":
        result = _posted(request, visitor)
    else:
        result = editing.Result(editing.begun(None), "", None)
    return _render(request, visitor, result)


@require_POST
@for_those_who_may_change
def follow(request, visitor):
    """Render the stages of a posted form, all following the one that was changed. Nothing else is done."""
    form = EditForm.read(request.POST, request.POST.get("stage", ""))
    return render(request, "inspector/_edit_stages.html", {"form": form})


@require_POST
@for_those_who_may_change
def fly(request, visitor, handle):
    """Send a lab request as a simulated browser that holds this row, and lead to the flight."""
    found, browser = visitor.row(handle), request.POST.get("browser")
    if found is None or browser not in _holders(found) or request.POST.get("send") not in SENT:
        return _sorry(request, "gone", 404)
    key, jar = request.notebook_key, jar_of(request.notebook_key, browser)
    path = reverse(SENT[request.POST["send"]])
    flights = [logbook.enter(key, browser, recording) for recording in here.fly(jar, request, "GET", path, {})]
    keep_jar(key, browser, jar)
    return redirect("flight", flights[0].pk)


@require_safe
@for_those_who_may_change
def last_flight(request, visitor):
    """Lead to the last flight of your browser, or to the list while there is none."""
    own = Flight.objects.filter(notebook_id=request.notebook_key, browser=YOURS).order_by("-pk").values_list("pk")
    return redirect("flight", *own[0]) if own else redirect("flights")


def _sorry(request, why: str, status: int, **context):
    return render(request, "inspector/edit_sorry.html", {"why": why, "most": editing.MOST, **context}, status=status)


def _posted(request, visitor, found=None) -> editing.Result:
    """Do what the pressed button says."""
    posted = request.POST
    do, _, what = posted.get("do", "").partition(" ")
    form = EditForm.read(posted, what if do == "follow" else "")
    base, undo = (unsealed(found.handle, posted.get(name, "")) if found else None for name in ("base", "undo"))
    result = editing.Result(form, posted.get("expires", ""), base, undo=undo)
    if do == "tamper":
        return editing.tampered(result, what, visitor.row(posted.get("other", "")))
    if do == "write" and found:
        return editing.written(result, found)
    if do == "overwrite" and found:
        return editing.overwritten(result, found, posted.get("mine", ""), posted.get("theirs", ""), what == "undo")
    if do == "undo" and found:
        return editing.undone(result, found)
    return result


def _render(request, visitor, result, found=None):
    handle = found.handle if found else ""
    looking = request.POST.get("do") == "look" and not result.form.problem
    context = {
        "visitor": visitor,
        "row": found,
        "result": result,
        "form": result.form,
        "others": [each for each in visitor.rows() if each.handle != handle],
        "chosen": request.POST.get("other", ""),
        "guesses": GUESSES,
        "guess": request.POST.get("guess", ""),
        "asked": looking,
        "answer": ask_django(result.form.draft.stored) if looking else None,
        "fallbacks": [name for name in result.form.choices["signer"] if name.startswith("fallback")],
    }
    if found:
        context["holders"] = _holders(found)
        context["tokens"] = _tokens(result, handle)
    return render(request, "inspector/edit.html", context)


def _tokens(result, handle: str) -> dict[str, str]:
    """Return, signed, the versions that the form carries on: what it was made from, and what may be put back."""
    conflict = result.conflict
    versions = {
        "base": result.base,
        "undo": result.undo,
        "mine": conflict and conflict.yours,
        "theirs": conflict and conflict.theirs,
    }
    return {name: version.sealed(handle) for name, version in versions.items() if version}


def _holders(found) -> dict[str, str]:
    """Return the browsers of this visitor that hold the row now, by name."""
    return {name: title for name, title in BROWSERS.items() if title in found.owners}
