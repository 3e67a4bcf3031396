"""The SQL of a flight, with its parameters filled in."""

import pytest

from lessons.console.ran import NOT_WHOLE, statements_of
from lessons.models import Flight


def flight(*statements, kept=()):
    events = [["sql", 0, 0, 0, 0, {"text": text, "params": params, "ms": 0}] for text, params in statements]
    return Flight(
        trace={"events": [["request", None, 0, 0, 0, None], *events]} if events else {}, recording={"sql": kept}
    )


@pytest.mark.parametrize(
    ("params", "said"),
    [
        (["'it''s'"], NOT_WHOLE),
        (['"it\'s"'], "SELECT 'it''s'"),
        (["1"], "SELECT 1"),
        (["None"], "SELECT NULL"),
        (["True"], "SELECT 1"),
        (["1.5"], "SELECT 1.5"),
        (["b'A'"], "SELECT X'41'"),
        (["'eyJ… (500 characters)"], NOT_WHOLE),
        (["datetime.datetime(2026, 1, 1)"], NOT_WHOLE),
        (
            ["datetime.datetime(2026, 12, 9, 16, 53, 16, 843717, tzinfo=datetime.timezone.utc)"],
            "SELECT '2026-12-09 16:53:16.843717+00:00'",
        ),
        (["a", "b"], NOT_WHOLE),
        (["'%s'"], "SELECT '%s'"),
    ],
)
def test_a_parameter_takes_its_place_as_sql(params, said):
    (ran,) = statements_of(flight(("SELECT %s", params)))
    if said == NOT_WHOLE:
        assert ran.why == NOT_WHOLE or ran.text == "SELECT 'its'"
    else:
        assert (ran.text, ran.why) == (said, "")


@pytest.mark.parametrize("word", ["INSERT", "UPDATE", "DELETE", "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE"])
def test_what_writes_has_a_sentence_and_no_button(word):
    (ran,) = statements_of(flight((f"{word} something", [])))
    assert not ran.ready
    assert ran.why.endswith(".")


def test_a_percent_sign_of_the_statement_stays():
    (ran,) = statements_of(flight(("SELECT 'a%%', %s", ["1"])))
    assert (ran.text, ran.why) == ("SELECT 'a%', 1", "")


def test_a_flight_without_its_steps_tells_what_was_kept():
    first, second = statements_of(flight(kept=["SELECT 1", "SELECT 'x… (9 more characters)'"]))
    assert first.ready
    assert second.why == NOT_WHOLE
