"""The ids of the facts. The tests of a fact have its id in their names: `test_c07_…` proves C07."""


def _ids(letter: str, width: int, last: int) -> list[str]:
    return [f"{letter}{number:0{width}}" for number in range(1, last + 1)]


CLAIMS = _ids("C", 2, 66)  # what the lecture says
FACTS = _ids("F", 2, 22)  # what is true beyond it
PITFALLS = _ids("P", 1, 9)

ALL = CLAIMS + FACTS + PITFALLS
