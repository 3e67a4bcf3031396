"""The watchlist: whose code is worth a hop.

Django's session code and the view are watched line by line, a few functions around them call by call. Nothing is
replaced: code objects are found by walking the modules that are installed, and recognised when they run.
"""

import inspect
import sys
from collections.abc import Iterator
from dis import findlinestarts, get_instructions
from functools import cache, cached_property, partial
from importlib import import_module
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import NamedTuple

from django.conf import settings
from django.contrib import auth
from django.core.handlers import exception
from django.core.handlers.base import BaseHandler
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http.response import HttpResponseBase
from django.utils import cache as cache_headers
from django.utils import functional

from .peek import names_in

SESSION_MIDDLEWARE = "django.contrib.sessions.middleware"

# Watched call by call. What `authenticate` is given are credentials: its values are never looked at.
CALLS = (
    (BaseHandler.resolve_request, "urls"),
    (exception.response_for_exception, "http"),
    (HttpResponseBase.set_cookie, "http"),
    (HttpResponseBase.delete_cookie, "http"),
    (cache_headers.patch_vary_headers, "http"),
    (BaseDatabaseWrapper.commit, "table"),
    (BaseDatabaseWrapper.rollback, "table"),
)
BLIND = (auth.authenticate,)

# Watched line by line, besides whole modules: what Django's login does with the session.
LINES = (auth.login, auth.logout, auth.get_user, auth._get_user_session_key, auth.update_session_auth_hash)

SOURCE_MOST = 20_000  # characters of one function's source
WRAPPED_MOST = 50  # decorators around one function
CACHED = cached_property | functional.cached_property
SKIPPED = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


# What a run of these tells the recorder besides its story.
ROLES = {
    "BaseHandler.resolve_request": "resolve",
    "response_for_exception": "exception",
    "SessionMiddleware.process_response": "verdict",
    "SessionBase.encode": "encode",
    "SessionBase.decode": "decode",
    "SessionStore._get_session_from_db": "row",
    "SessionStore.exists": "exists",
}

# What Django's session code calls of its own; the story does without.
HELPERS = {
    *("_get_session", "_set_session_key", "_validate_session_key", "_get_new_session_key", "key_salt", "model"),
    *("_get_or_create_session_key", "get_model_class", "get_session_cookie_age", "create_model_instance"),
    *("get_expiry_date", "commit", "rollback"),
}


class Work(NamedTuple):
    """What a line may do that is worth a look afterwards."""

    stores: tuple[str, ...] | None  # the local variables that it gives a value; None: look at all of them
    touches: bool  # it changes an object, or calls what may change one
    one_call: bool = False  # all that it touches, it touches by one call


IDLE = Work((), False)
ANYTHING = Work(None, True)


class Watched:
    """One function whose runs are recorded: whose code it is, and how closely to look.

    `lines`: its lines are heard. `blind`: its values are never looked at. `asked`: it runs because of an attribute or
    an operator, so no call in a line says that it does. What else is known of it is worked out once and kept: it is
    looked up hundreds of times a request.
    """

    __slots__ = (
        *("code", "name", "module", "actor", "lines", "blind", "asked"),
        *("glance", "otherwise", "parameters", "role", "work"),
    )

    def __init__(self, code: CodeType, name: str, module: str, actor: str, *, lines: bool, blind=False, asked=False):
        self.code, self.name, self.module, self.actor = code, name, module, actor
        self.lines, self.blind, self.asked = lines, blind, asked
        self.role = ROLES.get(name, "")  # what the recorder learns from it
        self.parameters = _parameters_of(code)
        # What its lines do, by their numbers, and what a line does that is not there. A line of a view may do
        # anything: its author may have any object at hand.
        self.work = {} if actor == "view" else _work_of(code)
        self.otherwise = ANYTHING if actor == "view" else IDLE
        self.glance = self._glance()

    def _glance(self) -> int:
        """Return the number of its only line, if that looks at something of its own and does nothing; else 0.

        What happens in such a function is known when it returns, so it is heard once, and not three times.
        """
        lines = {line for _, line in findlinestarts(self.code) if line} - {self.code.co_firstlineno}
        plain = self.lines and self.actor == "session" and not (self.work or self.role or self.parameters)
        return lines.pop() if plain and len(lines) == 1 else 0


def _parameters_of(code: CodeType) -> tuple[str, ...]:
    """Return the names of a function's parameters, without self."""
    more = bool(code.co_flags & inspect.CO_VARARGS) + bool(code.co_flags & inspect.CO_VARKEYWORDS)
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount + more]
    return tuple(name for name in names if name not in ("self", "cls"))


def _work_of(code: CodeType) -> dict[int, Work]:
    starts, line = dict(findlinestarts(code)), 0
    stores, calls, changes = {}, {}, set()
    for instruction in get_instructions(code):
        line, name = starts.get(instruction.offset, line), instruction.opname
        if name.startswith(("STORE_FAST", "STORE_DEREF", "DELETE_FAST")):  # one name, or some together
            names = instruction.argval if type(instruction.argval) is tuple else (instruction.argval,)
            stores[line] = stores.get(line, ()) + names
        elif name.startswith("CALL"):
            calls[line] = calls.get(line, 0) + 1
        elif name.startswith(("STORE_", "DELETE_")):
            changes.add(line)
    return {
        line: Work(stores.get(line, ()), line in calls or line in changes, calls.get(line) == 1 and line not in changes)
        for line in {*stores, *calls, *changes}
    }


def in_every_flight(zoom: str) -> dict[int, Watched]:
    """Map the ids of code objects to what is watched in every flight at this zoom."""
    import_module(SESSION_MIDDLEWARE)
    return _watched(settings.SESSION_ENGINE, zoom == "story")


@cache
def _watched(engine: str, only_story: bool) -> dict[int, Watched]:
    store = import_module(engine).SessionStore
    backends = {each.__module__ for each in store.__mro__ if each is not object}
    found = [*_module(sys.modules[SESSION_MIDDLEWARE], "middleware")]
    for name in backends:
        found += _module(sys.modules[name], "session")
    found += [_function(function, "view", lines=True) for function in LINES]
    found += [_function(function, actor, lines=False) for function, actor in CALLS]
    found += [_function(function, "view", lines=False, blind=True) for function in BLIND]
    if only_story:
        found = [each for each in found if each.name.rpartition(".")[2] not in HELPERS]
    return {id(each.code): each for each in found}


def around(view) -> dict[int, Watched]:
    """Map the ids of code objects to what is watched because urls.py chose this view: all of the view's module."""
    home = _home(view)
    return _around(home) if type(home) is ModuleType else {}


@cache
def _around(module: ModuleType) -> dict[int, Watched]:
    return {id(each.code): each for each in _module(module, "view")}


def _home(view) -> ModuleType | None:
    """Return the module in which a view is written, under what decorators, `as_view` and `partial` put around it."""
    for _ in range(WRAPPED_MOST):
        if type(view) is partial:
            view = view.func
        elif type(view) is FunctionType and ("view_class" in vars(view) or "__wrapped__" in vars(view)):
            view = vars(view).get("view_class") or vars(view)["__wrapped__"]
        else:
            break
    written = view.__func__ if type(view) is MethodType else view
    if type(written) is not FunctionType and not issubclass(type(written), type):
        written = type(written)  # an object that can be called
    name = written.__module__ if type(written) is FunctionType else names_in(written).get("__module__")
    return sys.modules.get(name) if type(name) is str else None


def _module(module: ModuleType, actor: str) -> Iterator[Watched]:
    """Yield every function that is written in this module, methods and properties among them."""
    seen, found = set(), list(_functions(vars(module).values(), module))
    properties = {id(function.__code__) for function, asked in found if asked}  # a class has its getter as well
    for function, _ in found:
        for code, name in _with_inner(function.__code__, function.__qualname__):
            if id(code) not in seen and not code.co_flags & SKIPPED:
                seen.add(id(code))
                asked = id(code) in properties or _is_operator(name)
                yield Watched(code, name, module.__name__, actor, lines=True, asked=asked)


def _is_operator(name: str) -> bool:
    """Whether Python itself calls what has this name: for `in`, or [], and not for a call."""
    name = name.rpartition(".")[2]
    return name.startswith("__") and name.endswith("__") and name not in ("__init__", "__call__")


def _functions(values, module: ModuleType) -> Iterator[tuple[FunctionType, bool]]:
    """Yield the functions among these values, and in classes among them, whose code stands in the module's file.

    With each goes whether it is asked for as an attribute.

    A decorator puts a function of its own in place, which only pretends to be from here; what it wraps is found too.
    """
    file = getattr(module, "__file__", None)
    for value in values:
        asked = issubclass(type(value), property | CACHED)
        for function in _unpacked(value):
            for _ in range(WRAPPED_MOST):
                if type(function) is not FunctionType:
                    break
                if function.__code__.co_filename == file:
                    yield function, asked
                function = vars(function).get("__wrapped__")
        if issubclass(type(value), type) and names_in(value).get("__module__") == module.__name__:
            yield from _functions(list(names_in(value).values()), module)


def _unpacked(value) -> list:
    """Return the functions in a function, a method, a property, or a cached property.

    Never `isinstance`: a module may hold something lazy, and this would wake it.
    """
    kind = type(value)
    if issubclass(kind, property):
        return [value.fget, value.fset, value.fdel]
    if issubclass(kind, staticmethod | classmethod):
        return [value.__func__]
    return [value.func if issubclass(kind, CACHED) else value]


def _with_inner(code: CodeType, name: str) -> Iterator[tuple[CodeType, str]]:
    """Yield a function's code and that of the functions defined inside it; no lambda, no comprehension."""
    if code.co_flags & inspect.CO_OPTIMIZED:  # not the body of a class
        yield code, name
    for constant in code.co_consts:
        if isinstance(constant, CodeType) and not constant.co_name.startswith("<"):
            yield from _with_inner(constant, f"{name}.<locals>.{constant.co_name}")


def _function(function, actor: str, *, lines: bool, blind: bool = False) -> Watched:
    function = inspect.unwrap(function)
    return Watched(function.__code__, function.__qualname__, function.__module__, actor, lines=lines, blind=blind)


@cache
def source_of(watched: Watched) -> dict:
    """Return a function's file, name, actor, first line and source, as they are installed."""
    try:
        lines, first = inspect.getsourcelines(watched.code)
    except (OSError, TypeError):  # the source is not there, or no longer
        lines, first = [], watched.code.co_firstlineno
    return {
        "file": _file(watched.module),
        "name": watched.name,
        "actor": watched.actor,
        "first": first,
        "source": "".join(lines)[:SOURCE_MOST],
    }


def _file(module: str) -> str:
    """Return where a module's file stands below the folder it was installed in; nobody's home shows."""
    package = hasattr(sys.modules.get(module), "__path__")
    return module.replace(".", "/") + ("/__init__.py" if package else ".py")
