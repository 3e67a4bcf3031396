"""The watchlist finds the code of a view, however it is wrapped, and wakes nothing that lies about in its module."""

import functools
import importlib.util
import sys
from types import ModuleType

import pytest

from lessons.flight.watchlist import ANYTHING, IDLE, around, in_every_flight, source_of
from lessons.labs.visits import visits

SOURCE = """
import functools
from django.db.models import QuerySet
from django.utils.functional import SimpleLazyObject, cached_property
from django.views import View
from django.views.decorators.cache import never_cache

woken = []


def wake():
    woken.append("lazy")
    return {}


LAZY = SimpleLazyObject(wake)


class Strange:
    __hash__ = None

    def __eq__(self, other):
        woken.append("eq")

    def __getattribute__(self, name):
        woken.append(name)
        raise RuntimeError(name)


class Meta(type):
    def __getattribute__(cls, name):
        woken.append(name)
        return super().__getattribute__(name)


STRANGE = Strange()
STRANGE_CLASS = Meta("StrangeClass", (), {})
NUMBERS = [1, 2]


def view(request):
    class Inner:
        body = 1

        def method(self):
            return [number for number in NUMBERS]

    def inside():
        return Inner

    return inside


def steps(request):
    yield 1


async def later(request):
    return 1


@never_cache
@never_cache
def decorated(request):
    return 1


def itself(request):
    return 1


itself.__wrapped__ = itself


def badly(request):
    return 1


badly.__wrapped__ = STRANGE


class Page(View):
    @property
    def title(self):
        return 1

    @cached_property
    def body(self):
        return 1

    @functools.cached_property
    def foot(self):
        return 1

    @staticmethod
    def stat():
        return 1

    @classmethod
    def klass(cls):
        return 1

    def get(self, request):
        return 1


class Callable:
    __hash__ = None

    def __eq__(self, other):
        return True

    def __call__(self, request):
        return 1


bound = Callable().__call__
called = Callable()
page = Page.as_view()
partly = functools.partial(view, request=None)
small = lambda request: 1
"""
NAMES = {
    *("wake", "view", "view.<locals>.inside", "view.<locals>.Inner.<locals>.method", "decorated", "itself", "badly"),
    *("Page.title", "Page.body", "Page.foot", "Page.stat", "Page.klass", "Page.get", "Callable.__call__"),
    *("Callable.__eq__", "Strange.__eq__", "Strange.__getattribute__", "Meta.__getattribute__", "<lambda>"),
}


@pytest.fixture
def module(tmp_path, monkeypatch):
    """A module with a little of everything."""
    path = tmp_path / "a_little_of_everything.py"
    path.write_text(SOURCE)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    made = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, path.stem, made)
    spec.loader.exec_module(made)
    made.woken.clear()
    return made


@pytest.mark.parametrize("name", ["view", "decorated", "page", "partly", "bound", "called", "small", "itself", "Page"])
def test_all_of_a_views_module_is_found(name, module):
    assert {each.name for each in around(vars(module)[name]).values()} == NAMES
    assert module.woken == []


def test_a_partial_of_a_decorated_class_based_view(module):
    view = functools.partial(functools.partial(module.page), 1)
    assert {each.name for each in around(view).values()} == NAMES


def test_what_is_written_nowhere_is_not_watched():
    assert around(len) == {}
    assert around(functools.partial(len)) == {}
    assert around(object()) == {}


def test_a_module_without_a_file(monkeypatch):
    bare = ModuleType("bare")
    exec("def view(request):\n    return 1\n", vars(bare))
    bare.view.__module__ = "bare"
    monkeypatch.setitem(sys.modules, "bare", bare)
    assert around(bare.view) == {}


def test_a_source_that_is_gone_is_told_without_it(module, tmp_path):
    import linecache

    (tmp_path / "a_little_of_everything.py").unlink()
    linecache.clearcache()
    told = source_of(next(each for each in around(module.view).values() if each.name == "view"))
    assert (told["file"], told["name"], told["source"]) == ("a_little_of_everything.py", "view", "")


def watched(name):
    (found,) = [each for each in in_every_flight("lines").values() if each.name == name]
    return found


def work_of(name):
    """Return what each line of a function does, by its place in the source."""
    found = watched(name)
    return {line - found.code.co_firstlineno: work for line, work in found.work.items()}


def test_the_work_of_each_line_is_known():
    """Django's lines are known by what they do; one that can change nothing is not among them."""
    flush = work_of("SessionBase.flush")
    assert {5, 6, 7} <= flush.keys()
    assert flush[5].one_call
    assert flush[5].touches
    assert flush[7].touches
    assert not flush[7].one_call


def test_the_variables_that_a_line_stores_are_known():
    stores = [name for work in work_of("SessionMiddleware.process_response").values() for name in work.stores]
    assert {"accessed", "modified", "empty", "max_age", "expires_time", "expires"} <= set(stores)
    assert "response" not in stores


def test_a_line_that_only_looks_has_no_work():
    found = watched("SessionBase._get_session_key")
    assert found.work.get(found.code.co_firstlineno + 1, found.otherwise) == IDLE


def test_a_line_of_a_view_may_do_anything():
    (view,) = [each for each in around(visits).values() if each.name == "visits"]
    assert view.work == {}
    assert view.otherwise == ANYTHING


def test_the_story_does_without_helpers():
    story, lines = in_every_flight("story"), in_every_flight("lines")
    assert story.keys() < lines.keys()
    assert all(each.lines for each in lines.values() if each.actor == "session")
