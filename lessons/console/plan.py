"""A query plan as the tree that the shell draws: who is asked first, and what is asked within it."""

from collections import defaultdict


def tree(rows: list[tuple]) -> list[str]:
    """Return the lines of a plan. A row is (id, parent, not used, detail); parent 0 is the plan itself."""
    children = defaultdict(list)
    for number, parent, _, detail in rows:
        children[parent].append((number, detail))
    return ["QUERY PLAN", *_branches(children, 0, "")]


def _branches(children: dict, parent: int, before: str):
    below = children.pop(parent, ())
    for place, (number, detail) in enumerate(below):
        last = place + 1 == len(below)
        yield f"{before}{'`--' if last else '|--'}{detail}"
        yield from _branches(children, number, before + ("   " if last else "|  "))
