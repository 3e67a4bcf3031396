"""The facts about when something happens. Each has a test here that reads it off a flight, with its id in its name."""

from tests.facts.ids import CLAIMS, FACTS


def _from(first: str, last: str) -> list[str]:
    return [id for id in CLAIMS + FACTS if id[0] == first[0] and first <= id <= last]


IN_TIME = [
    *_from("C03", "C09"),
    *_from("C13", "C20"),
    *_from("C34", "C53"),
    *_from("C65", "C66"),
    *_from("F01", "F06"),
    "F20",
]
