"""Python values in one line, shortened, with the keys of a dict in the order in which they stand in it."""

from itertools import islice
from reprlib import Repr


class InOrder(Repr):
    """The standard library's `reprlib.Repr`, which sorts the keys of a dict: a session shows them as they were stored.

    At most so many levels, items of one list or dict, and characters of one value.
    """

    def __init__(self, *, levels: int, items: int, characters: int):
        super().__init__()
        self.maxlevel = levels
        self.maxdict = self.maxlist = self.maxtuple = items
        self.maxstring = self.maxlong = self.maxother = characters

    def repr_dict(self, held: dict, level: int) -> str:
        if level <= 0 and held:
            return "{…}"
        shown = [
            f"{self.repr1(key, level - 1)}: {self.repr1(held[key], level - 1)}" for key in islice(held, self.maxdict)
        ]
        return "{" + ", ".join(shown + ["…"] * (len(held) > len(shown))) + "}"
