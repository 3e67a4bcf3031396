"""Each fact about when something happens has a test here, and each such test flies."""

import ast
from pathlib import Path

from . import ids

MODULES = [ast.parse(path.read_text("utf-8")) for path in sorted(Path(__file__).parent.glob("test_*.py"))]


def functions(module: ast.Module) -> list[ast.FunctionDef]:
    return [node for node in module.body if isinstance(node, ast.FunctionDef)]


def id_of(test: ast.FunctionDef) -> str:
    """Return the id in a test's name, or ""."""
    id = test.name.removeprefix("test_").split("_")[0].upper()
    return id if test.name.startswith("test_") and id[0] in "CFP" and id[1:].isdecimal() else ""


def used(function: ast.FunctionDef) -> set[str]:
    """Return the names that a function calls: of methods and of other functions."""
    called = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return {getattr(func, "attr", getattr(func, "id", "")) for func in called}


def flying(module: ast.Module) -> set[str]:
    """Return the functions of a module that fly, themselves or by calling one that does."""
    found = {"fly"}
    for _ in range(3):
        found |= {function.name for function in functions(module) if used(function) & found}
    return found


OF_FACTS = [(module, test) for module in MODULES for test in functions(module) if id_of(test)]


def test_every_fact_in_time_has_a_test():
    proved = {id_of(test) for _, test in OF_FACTS}
    assert [id for id in ids.IN_TIME if id not in proved] == []


def test_there_are_44_of_them():
    assert len(ids.IN_TIME) == len(set(ids.IN_TIME)) == 44


def test_every_test_of_a_fact_reads_it_off_a_flight():
    assert [test.name for module, test in OF_FACTS if test.name not in flying(module)] == []
