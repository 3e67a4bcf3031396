"""Lesson 4: counting visits (C34 to C46, P1, P2)."""

from .evidence import Evidence, Observed, observed
from .parts import Choice, Goal, LabRequest, Lesson, Prediction

SLIDE = (1, 2, 3, 4, 5, 1)
LECTURE = (1, 2, 3, 4, 1, 2)
ON_AND_ON = (1, 2, 3, 4, 5, 6)


def counts(evidence: Evidence) -> list[int]:
    """Return the numbers that the counter's pages showed."""
    numbers = [flight.body.removeprefix("view count=") for flight in evidence]
    return [int(number) for number in numbers if number.isdecimal()]


def six_visits(url_name: str):
    """Return an observer of six visits in a row to one of the two counters, in one session, beginning at 1.

    What they show can be seen in the fifth, where the two counters part.
    """
    outcomes = {SLIDE: "to-five", LECTURE: "to-four", ON_AND_ON: "on-and-on"}

    def observe(evidence: Evidence) -> Observed | None:
        for own in evidence.to("lab:visits", "lab:slide").browsers():
            for six in own.windows(6):
                in_one_session = len({(flight.url_name, flight.session_key) for flight in six}) == 1
                if in_one_session and six.flights[0].url_name == url_name and tuple(counts(six)) in outcomes:
                    return observed(outcomes[tuple(counts(six))], six.flights[4])
        return None

    return observe


def row_when_the_page_says_5(evidence: Evidence) -> Observed | None:
    """What the row held after the visit whose page said 5."""
    at_five = Evidence(flight for flight in evidence.to("lab:slide") if flight.body == "view count=5")
    for flight in at_five.told():
        row = flight.hops()[-1].state.row
        if not row or not row["exists"]:
            return observed("no-row", flight)
        return observed("five" if row["data"].get("num_visits") == 5 else "no-key", flight)
    return None


def length_of_a_session(evidence: Evidence) -> Observed | None:
    """What Python said to `len(request.session)`."""
    for flight in evidence.to("lab:dict_len"):
        return observed("error" if "TypeError" in flight.body else "number", flight)
    return None


def apples(flight) -> int | None:
    """Return how many apples the page of the cart counted."""
    number = flight.body.removeprefix("apples in the cart: ")
    return int(number) if number.isdecimal() else None


def three_apples(evidence: Evidence) -> Observed | None:
    """What three visits in a row to the cart that says nothing counted. It shows in the second, where one is lost."""
    outcomes = {(1, 2, 3): "grows", (1, 2, 2): "stops", (1, 1, 1): "one"}
    for own in evidence.to("lab:nested", "lab:nested_modified").browsers():
        for three in own.windows(3):
            alike = {(flight.url_name, flight.session_key) for flight in three}
            counted = tuple(apples(flight) for flight in three)
            if len(alike) == 1 and three.flights[0].url_name == "lab:nested" and counted in outcomes:
                return observed(outcomes[counted], three.flights[1])
    return None


def counted_round(evidence: Evidence) -> bool:
    """The lecture's sequence 1, 2, 3, 4, 1 came from one browser at /lab/visits/."""
    return any(
        counts(five) == [1, 2, 3, 4, 1] for own in evidence.to("lab:visits").browsers() for five in own.windows(5)
    )


def five_over_an_emptied_row(evidence: Evidence) -> bool:
    return any(
        flight.body == "view count=5" and flight.row and "num_visits" not in flight.data
        for flight in evidence.to("lab:slide")
    )


def added_and_deleted(evidence: Evidence) -> bool:
    return any(
        before.url_name == "lab:dict_add" and after.url_name == "lab:dict_delete"
        for before, after in evidence.to("lab:dict_add", "lab:dict_delete").pairs()
    )


def second_apple_kept(evidence: Evidence) -> bool:
    return any(
        flight.row and len(flight.data.get("cart") or ()) == apples(flight) and flight.key_in
        for flight in evidence.to("lab:nested_modified")
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
    minutes=12,
    actor="session",
    requests=(
        LabRequest("lab:slide"),
        LabRequest("lab:visits"),
        LabRequest("lab:dict_get"),
        LabRequest("lab:dict_add"),
        LabRequest("lab:dict_delete"),
        LabRequest("lab:dict_len"),
        LabRequest("lab:dict_loop"),
        LabRequest("lab:nested"),
        LabRequest("lab:nested_modified"),
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
                    shown_by="view-returns",
                    local="num_visits",
                ),
                Choice(
                    "to-five",
                    NUMBERS["to-five"],
                    "On the fifth visit the key is deleted and the page is made from the local variable, which is 5. "
                    "The sixth visit finds no key and begins at 1.",
                    shown_by="delete-key",
                ),
                Choice(
                    "on-and-on",
                    NUMBERS["on-and-on"],
                    "On the fifth visit the key is deleted from the session, so the sixth finds nothing to add to.",
                    shown_by="update",
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
                    "five",
                    "{'num_visits': 5}",
                    "The key was deleted before the dict was saved, so 5 was never stored.",
                    shown_by="delete-key",
                ),
                Choice(
                    "no-key",
                    "{}: the row is there, the key is not",
                    "del took out one key. The dict, now without it, was saved to the same row under the same key.",
                    shown_by="update",
                ),
                Choice(
                    "no-row",
                    "There is no row any more",
                    "del request.session['…'] deletes a key of the dict, never the row.",
                    shown_by="update",
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
                    shown_by="update",
                ),
                Choice(
                    "to-five",
                    NUMBERS["to-five"],
                    "Read the if once more: it changes the variable that the page is made from, not only the session.",
                    shown_by="view-returns",
                    local="num_visits",
                ),
                Choice(
                    "on-and-on",
                    NUMBERS["on-and-on"],
                    "Past 4 the number is set back to 1 before it is stored.",
                    shown_by="set",
                ),
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
                    shown_by="view-returns",
                    local="answer",
                ),
                Choice(
                    "error",
                    "A TypeError",
                    "request.session is not a dict. It behaves like one where Django wrote the method, "
                    "and len was not written.",
                    shown_by="view-returns",
                    local="answer",
                ),
            ),
            todo="Send GET /lab/dict/len/.",
            observe=length_of_a_session,
        ),
        Prediction(
            slug="cart",
            question="A browser without a cart visits /lab/nested/ three times. How many apples does each page count?",
            choices=(
                Choice(
                    "grows",
                    "1, 2, 3",
                    "The second apple went into a list inside the session. No key of the session was assigned, so "
                    "modified stayed False and the row was not written.",
                    shown_by="not-saved",
                ),
                Choice(
                    "stops",
                    "1, 2, 2",
                    "On the first visit the key is new, and assigning it saves the list. On the second the list grows "
                    "in memory only, and the third begins again with one apple.",
                    shown_by="not-saved",
                ),
                Choice(
                    "one",
                    "1, 1, 1",
                    "The first apple was saved together with its new key, and the second visit found it there.",
                    shown_by="row-found",
                ),
            ),
            todo="Forget a browser, then send GET /lab/nested/ three times from it.",
            observe=three_apples,
        ),
    ),
    goals=(
        Goal("five", "Page and row compared at the fifth visit to /lab/visits/slide/", five_over_an_emptied_row),
        Goal("round", "Five visits in a row to /lab/visits/ from one new browser", counted_round),
        Goal("dict", "A key was added, and deleted", added_and_deleted),
        Goal("kept", "A later visit to /lab/nested/modified/ kept its apple", second_apple_kept),
    ),
)
