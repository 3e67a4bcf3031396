"""The watchlist: whose code is worth a hop.

Django's session code and the view are watched line by line, a few functions around them call by call. Nothing is
replaced: code objects are found by walking the modules that are installed, and recognised when they run.
"""

import inspect
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from dis import findlinestarts, get_instructions
from functools import cache, cached_property, partial
from importlib import import_module
from types import CodeType, FunctionType, MethodType, ModuleType

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

STORES, TOUCHES = 1, 2  # what a line may do: see Watched.effects
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


@dataclass(frozen=True, eq=False)
class Watched:
    """One function whose runs are recorded: whose code it is, and how closely to look."""

    code: CodeType
    name: str
    module: str
    actor: str
    lines: bool
    blind: bool = False

    @cached_property
    def role(self) -> str:
        """What the recorder learns from it, or ""."""
        return ROLES.get(self.name, "")

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The names of its parameters, without self."""
        flags = self.code.co_flags
        more = bool(flags & inspect.CO_VARARGS) + bool(flags & inspect.CO_VARKEYWORDS)
        names = self.code.co_varnames[: self.code.co_argcount + self.code.co_kwonlyargcount + more]
        return tuple(name for name in names if name not in ("self", "cls"))

    @cached_property
    def effects(self) -> dict[int, int]:
        """Map line numbers to what the line may do: give a variable a value, touch an object, or both.

        A line that is not in it can do neither, so nobody needs to look what it has done.
        """
        starts, line, found = dict(findlinestarts(self.code)), 0, {}
        for instruction in get_instructions(self.code):
            line = starts.get(instruction.offset, line)
            if instruction.opname.startswith(("STORE_FAST", "STORE_DEREF", "DELETE_FAST")):
                found[line] = found.get(line, 0) | STORES
            elif instruction.opname.startswith(("STORE_", "DELETE_", "CALL")):
                found[line] = found.get(line, 0) | TOUCHES
        return found


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
    seen = set()
    for function in _functions(vars(module).values(), module):
        for code, name in _with_inner(function.__code__, function.__qualname__):
            if id(code) not in seen and not code.co_flags & SKIPPED:
                seen.add(id(code))
                yield Watched(code, name, module.__name__, actor, lines=True)


def _functions(values, module: ModuleType) -> Iterator[FunctionType]:
    """Yield the functions among these values, and in classes among them, whose code stands in the module's file.

    A decorator puts a function of its own in place, which only pretends to be from here; what it wraps is found too.
    """
    file = getattr(module, "__file__", None)
    for value in values:
        for function in _unpacked(value):
            for _ in range(WRAPPED_MOST):
                if type(function) is not FunctionType:
                    break
                if function.__code__.co_filename == file:
                    yield function
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
    return Watched(function.__code__, function.__qualname__, function.__module__, actor, lines, blind)


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
