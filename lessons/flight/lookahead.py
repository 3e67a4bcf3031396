"""Looking ahead in a trace: what a call gave back, whether it failed, what it held at its end.

A trace is complete before its story is told. So the story may say at the beginning of a call what came of it.
"""

from functools import cached_property

from .hops import Function

VERDICT = "SessionMiddleware.process_response"


class Events:
    """The events of one trace, with its functions and states. `Trace` says what an event is."""

    def __init__(self, trace: dict):
        self.functions = [
            Function(each["file"], each["name"], each["first"], each["source"]) for each in trace["functions"]
        ]
        self.actors = [each["actor"] for each in trace["functions"]]
        self.states = trace["states"]
        self.all = trace["events"]
        self.ends = self._ends()
        self._lines: dict[int, list[str]] = {}  # the source of each function that was asked for

    def __iter__(self):
        return iter(self.all)

    def _ends(self) -> dict[int, int]:
        """Map the place of each call to that of its end."""
        ends, open_calls = {}, []
        for at, event in enumerate(self.all):
            if event[0] == "call":
                open_calls.append(at)
            elif event[0] in ("leave", "raise") and open_calls:
                ends[open_calls.pop()] = at
        return ends

    def result(self, at: int) -> str:
        end = self.all[self.ends[at]] if at in self.ends else None
        return end[5]["result"] if end and end[0] == "leave" else ""

    def state_after(self, at: int) -> tuple[dict, bool]:
        """Return the state at the end of a call, and whether an exception ended it."""
        end = self.all[self.ends.get(at, at)]
        return self.states[end[4]], end[0] == "raise"

    def fails(self, at: int) -> bool:
        """Whether the function that sends this statement is left by an exception."""
        _, function, _, depth, *_ = self.all[at]
        ends = (event for event in self.all[at:] if event[0] in ("leave", "raise"))
        return next((event[0] == "raise" for event in ends if event[1] == function and event[3] == depth), False)

    def inside_names(self, at: int) -> set[str]:
        """Return the names of what process_response itself called."""
        depth = self.all[at][3] + 1
        calls = (event for event in self.all[at : self.ends.get(at, at)] if event[0] == "call" and event[3] == depth)
        return {self.functions[event[1]].name.rpartition(".")[2] for event in calls}

    @cached_property
    def verdict_values(self) -> dict[str, str]:
        """Return the local variables of process_response as they are at its end, with the response's status."""
        for at, event in enumerate(self.all):
            if event[0] == "call" and self.functions[event[1]].name == VERDICT:
                values: dict[str, str] = {}
                for inner in self.all[at : self.ends.get(at, at) + 1]:
                    if inner[1] == event[1] and inner[3] == event[3] and inner[5]:
                        values.update(inner[5].get("values", {}))
                return values | {
                    "status": digits(values.get("response", "")),
                    "calls": " ".join(self.inside_names(at)),
                }
        return {}

    def changed_after(self, at: int) -> bool:
        """Whether the session's dict changes between the end of this call and the next call: not by the session."""
        end = self.ends.get(at)
        if end is None:
            return False
        before = self.states[self.all[end][4]]["data"]
        for event in self.all[end + 1 :]:
            if before is not None and self.states[event[4]]["data"] != before:
                return True
            if event[0] in ("call", "leave", "raise"):
                return False
        return False

    def verdict_after(self, at: int) -> bool:
        """Whether SessionMiddleware's process_response begins after this event."""
        calls = (event for event in self.all[at + 1 :] if event[0] == "call")
        return any(self.functions[event[1]].name == VERDICT for event in calls)

    def line_with(self, function: int, words: str) -> int | None:
        """Return the number of the first line of a function that has these words."""
        first = self.functions[function].first
        return next((first + offset for offset, line in enumerate(self._source(function)) if words in line), None)

    def line_text(self, function: int, line: int) -> str:
        """Return a line of a function's source, by its number in the file."""
        lines, offset = self._source(function), line - self.functions[function].first
        return lines[offset].strip() if 0 <= offset < len(lines) else ""

    def _source(self, function: int) -> list[str]:
        if function not in self._lines:
            self._lines[function] = self.functions[function].source.split("\n")
        return self._lines[function]


def digits(text: str) -> str:
    """Return the digits in a text such as "<HttpResponse 200>"."""
    return "".join(letter for letter in text if letter.isdecimal())[:3]
