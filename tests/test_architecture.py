"""Who may import whom: the arrows of the design, read from the import statements."""

import ast
import inspect
import sys
from functools import cache
from pathlib import Path

import pytest

import lessons
from lessons.labs.urls import urlpatterns

ROOT = Path(lessons.__file__).parent
DJANGO = {"django"}

# module or package of ours -> those of ours that it may import; itself is always allowed
ARROWS = {
    "session_data": set(),
    "set_cookie": set(),
    "browsers": set(),
    "logged_in": set(),
    "visibility": {"logged_in"},
    "handles": set(),
    "demo_user": set(),
    "labs": set(),
    "flight": set(),
    "live": set(),
    "worlds": {"flight", "browsers"},
    "json_field": set(),
    "missing_table": set(),
    "models": {"flight", "json_field", "set_cookie"},
    "course": {"flight", "models"},
    "notebook": {"models"},
    "console": {"models"},
    "inspector": {"handles", "logged_in", "models", "session_data", "visibility"},
    "standing": {"course", "models"},
    "in_order": set(),
    "differences": {"flight", "in_order"},
    "player": {"differences", "flight", "in_order"},
    "comparison": {"flight"},
    "flight_file": {"flight"},
    "session_story": {"flight"},
    "panels": {"flight", "session_story"},
    "gist": {"models"},
    "logbook": {"course", "flight", "inspector", "models", "notebook"},
    "lab_frame": {"browsers", "course", "inspector", "models", "notebook", "player", "set_cookie", "visibility"},
    "middleware": {"flight", "logbook", "missing_table", "models", "notebook"},
    "checks": {"course"},
    "admin": {"inspector", "visibility"},
    "apps": {"checks", "demo_user"},
    "management": {"browsers", "flight", "lab_frame", "missing_table", "models", "session_data", "worlds"},
    "templatetags": {"in_order", "session_data", "visibility"},
    "views": {
        "comparison",
        "console",
        "course",
        "flight",
        "flight_file",
        "gist",
        "handles",
        "inspector",
        "lab_frame",
        "live",
        "logbook",
        "models",
        "notebook",
        "player",
        "standing",
        "worlds",
    },
    "urls": {"views"},
    "migrations": set(),
}

STANDARD_LIBRARY_ONLY = ["session_data", "set_cookie", "browsers", "in_order"]
DJANGO_ONLY = [
    "labs",
    "logged_in",
    "flight",
    "worlds",
    "handles",
    "visibility",
    "models",
    "course",
    "notebook",
    "inspector",
]


def files_of(name: str) -> list[Path]:
    return [*ROOT.glob(f"{name}.py"), *ROOT.glob(f"{name}/**/*.py")]


@cache
def imported_by(path: Path) -> set[str]:
    """Return the dotted names of the modules that a file imports, ours in full: "lessons.models"."""
    package = ("lessons", *path.relative_to(ROOT).parts[:-1])
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            origin = list(package[: len(package) - node.level + 1]) if node.level else []
            origin += node.module.split(".") if node.module else []
            found |= (
                {".".join([*origin, alias.name]) for alias in node.names}
                if origin == ["lessons"]
                else {".".join(origin)}
            )
    return found


def parts(name: str) -> list[list[str]]:
    return [dotted.split(".") for path in files_of(name) for dotted in imported_by(path)]


def imports_of_ours(name: str) -> set[str]:
    return {dotted[1] for dotted in parts(name) if dotted[0] == "lessons"} - {name}


def imports_from_elsewhere(name: str) -> set[str]:
    return {dotted[0] for dotted in parts(name)} - {"lessons"} - sys.stdlib_module_names


def test_every_module_has_its_arrows():
    there = {path.stem for path in ROOT.glob("*.py")} | {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert there - {"__init__"} == set(ARROWS)


@pytest.mark.parametrize("name", ARROWS)
def test_a_module_imports_only_what_its_arrows_allow(name):
    assert files_of(name)
    assert imports_of_ours(name) <= ARROWS[name]


@pytest.mark.parametrize("name", ARROWS)
def test_no_arrow_is_there_for_nothing(name):
    assert imports_of_ours(name) == ARROWS[name]


def test_the_arrows_go_one_way():
    left = {name: set(allowed) for name, allowed in ARROWS.items()}
    while free := {name for name, allowed in left.items() if not allowed & left.keys()}:
        left = {name: allowed for name, allowed in left.items() if name not in free}
    assert left == {}


@pytest.mark.parametrize("name", STANDARD_LIBRARY_ONLY)
def test_some_know_nothing_but_the_standard_library(name):
    assert imports_from_elsewhere(name) == set()


@pytest.mark.parametrize("name", DJANGO_ONLY)
def test_some_know_nothing_but_django(name):
    assert imports_from_elsewhere(name) <= DJANGO


def test_the_console_knows_postgresql_besides():
    assert imports_from_elsewhere("console") == {"django", "psycopg"}


@pytest.mark.parametrize("path", files_of("labs"), ids=lambda path: path.stem)
def test_a_lab_knows_no_other_lab(path):
    assert path.stem == "urls" or not [name for name in imported_by(path) if name.startswith("lessons")]


def test_nobody_replaces_the_session_middleware_or_its_store():
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                assert not [
                    base
                    for base in map(ast.unparse, node.bases)
                    if base.endswith(("SessionMiddleware", "SessionStore"))
                ]


LAB_VIEWS = [line.callback for line in urlpatterns if line.callback.__module__.startswith("lessons.")]


@pytest.mark.parametrize("view", LAB_VIEWS, ids=lambda view: view.__name__)
def test_a_view_of_a_lab_fits_the_page_it_is_shown_on(view):
    lines = inspect.getsource(inspect.unwrap(view)).splitlines()
    assert [line for line in lines if len(line) > 68] == []
