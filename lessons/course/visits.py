"""Lesson 4: counting visits (C34 to C46)."""

from .parts import Choice, Evidence, Goal, LabRequest, Lesson, Prediction

SLIDE = (1, 2, 3, 4, 5, 1)
LECTURE = (1, 2, 3, 4, 1, 2)
ON_AND_ON = (1, 2, 3, 4, 5, 6)


def counts(evidence: Evidence) -> list[int]:
    """Return the numbers that the counter's pages showed."""
    numbers = [flight.body.removeprefix("view count=") for flight in evidence]
    return [int(number) for number in numbers if number.isdecimal()]


def six_visits(url_name: str):
    """Return an observer of six visits in a row to one of the two counters, in one session, beginning at 1."""
    outcomes = {SLIDE: "to-five", LECTURE: "to-four", ON_AND_ON: "on-and-on"}

    def observe(evidence: Evidence) -> str | None:
        for own in evidence.to("lab:visits", "lab:slide").browsers():
            for six in own.windows(6):
                in_one_session = len({(flight.url_name, flight.session_key) for flight in six}) == 1
                if in_one_session and six.flights[0].url_name == url_name and tuple(counts(six)) in outcomes:
                    return outcomes[tuple(counts(six))]
        return None

    return observe


def row_when_the_page_says_5(evidence: Evidence) -> str | None:
    """What the row held after the visit whose page said 5."""
    for flight in evidence.to("lab:slide"):
        if flight.body == "view count=5":
            if flight.row is None:
                return "no-row"
            return "five" if flight.data.get("num_visits") == 5 else "no-key"
    return None


def length_of_a_session(evidence: Evidence) -> str | None:
    """What Python said to `len(request.session)`."""
    for flight in evidence.to("lab:dict_len"):
        return "error" if "TypeError" in flight.body else "number"
    return None


def counted_round(evidence: Evidence) -> bool:
    """The lecture's sequence 1, 2, 3, 4, 1 came from one browser at /lab/visits/."""
    return any(
        counts(five) == [1, 2, 3, 4, 1] for own in evidence.to("lab:visits").browsers() for five in own.windows(5)
    )


def five_over_an_emptied_row(evidence: Evidence) -> bool:
    return row_when_the_page_says_5(evidence) == "no-key"


def added_and_deleted(evidence: Evidence) -> bool:
    return any(
        before.url_name == "lab:dict_add" and after.url_name == "lab:dict_delete"
        for before, after in evidence.to("lab:dict_add", "lab:dict_delete").pairs()
    )


NUMBERS = {
    "to-five": "1, 2, 3, 4, 5, 1",
    "to-four": "1, 2, 3, 4, 1, 2",
    "on-and-on": "1, 2, 3, 4, 5, 6",
}

lesson = Lesson(
    slug="visits",
    title="Counting visits",
    question="What can you do with request.session, and what does the counter really show?",
    minutes=10,
    actor="session",
    requests=(
        LabRequest("lab:slide"),
        LabRequest("lab:visits"),
        LabRequest("lab:dict_get"),
        LabRequest("lab:dict_add"),
        LabRequest("lab:dict_delete"),
        LabRequest("lab:dict_len"),
        LabRequest("lab:dict_loop"),
    ),
    predictions=(
        Prediction(
            slug="slide",
            question="A new browser visits /lab/visits/slide/ six times. Which numbers does it see?",
            choices=(
                Choice(
                    "to-four",
                    NUMBERS["to-four"],
                    "This is what is often said of this code. But del takes the key out of the session; "
                    "the local variable still holds 5 when the page is made from it.",
                ),
                Choice(
                    "to-five",
                    NUMBERS["to-five"],
                    "On the fifth visit the key is deleted and the page is made from the local variable, which is 5. "
                    "The sixth visit finds no key and begins at 1.",
                ),
                Choice(
                    "on-and-on",
                    NUMBERS["on-and-on"],
                    "On the fifth visit the key is deleted from the session, so the sixth finds nothing to add to.",
                ),
            ),
            todo="Forget a browser, then send GET /lab/visits/slide/ six times from it.",
            observe=six_visits("lab:slide"),
        ),
        Prediction(
            slug="row-at-five",
            question="At the visit whose page says 5, what does the row in django_session hold afterwards?",
            choices=(
                Choice(
                    "five", "{'num_visits': 5}", "The key was deleted before the dict was saved, so 5 was never stored."
                ),
                Choice(
                    "no-key",
                    "{}: the row is there, the key is not",
                    "del took out one key. The dict, now without it, was saved to the same row under the same key.",
                ),
                Choice(
                    "no-row",
                    "There is no row any more",
                    "del request.session['…'] deletes a key of the dict, never the row.",
                ),
            ),
            todo="Go on with /lab/visits/slide/ until the page says 5, and look at the row.",
            observe=row_when_the_page_says_5,
        ),
        Prediction(
            slug="lecture",
            question="A new browser visits /lab/visits/ six times. Which numbers does it see?",
            choices=(
                Choice(
                    "to-four",
                    NUMBERS["to-four"],
                    "Here the local variable itself goes back to 1 before it is stored and shown, so page "
                    "and row agree.",
                ),
                Choice(
                    "to-five",
                    NUMBERS["to-five"],
                    "Read the if once more: it changes the variable that the page is made from, not only the session.",
                ),
                Choice("on-and-on", NUMBERS["on-and-on"], "Past 4 the number is set back to 1 before it is stored."),
            ),
            todo="Forget a browser, then send GET /lab/visits/ six times from it.",
            observe=six_visits("lab:visits"),
        ),
        Prediction(
            slug="len",
            question="What does len(request.session) give?",
            choices=(
                Choice(
                    "number",
                    "The number of keys",
                    "It would for a dict. The session object has get, [], in, del, keys, items and more, "
                    "but no __len__.",
                ),
                Choice(
                    "error",
                    "A TypeError",
                    "request.session is not a dict. It behaves like one where Django wrote the method, "
                    "and len was not written.",
                ),
            ),
            todo="Send GET /lab/dict/len/.",
            observe=length_of_a_session,
        ),
    ),
    goals=(
        Goal("five", "Page and row compared at the fifth visit to /lab/visits/slide/", five_over_an_emptied_row),
        Goal("round", "Five visits in a row to /lab/visits/ from one new browser", counted_round),
        Goal("dict", "A key was added, and deleted", added_and_deleted),
    ),
)
