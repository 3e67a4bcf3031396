"""A pickle is told, and never loaded."""

import doctest
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.session_data import groups, pickles, spans, tokens
from lessons.session_data.pickles import LINES, disassembled

from .values import modest


class Bomb:
    def __reduce__(self):
        raise_it = "raise RuntimeError('loaded')"
        return exec, (raise_it,)


@pytest.mark.parametrize("module", [groups, spans, tokens, pickles], ids=lambda module: module.__name__)
def test_the_examples_in_the_docstrings_are_true(module):
    results = doctest.testmod(module)
    assert results.attempted
    assert not results.failed


@pytest.mark.parametrize("protocol", range(6))
def test_what_would_run_is_shown_and_does_not_run(protocol):
    data = pickle.dumps(Bomb(), protocol)
    told = disassembled(data)
    assert "exec" in told
    assert "REDUCE" in told
    with pytest.raises(RuntimeError, match="loaded"):
        pickle.loads(data)


@modest
@given(st.binary(max_size=300))
def test_any_bytes_are_told_in_bounds(data):
    told = disassembled(data)
    assert len(told.splitlines()) <= LINES + 1
    assert told.replace("\n", "").isprintable()


@pytest.mark.parametrize("data", [b"}" * 10**6, b"I" + b"1" * 10**6, pickle.dumps(["x" * 10**6]), b"\x8a\xff" * 1000])
def test_a_large_one_too(data):
    assert len(disassembled(data)) < LINES * 120
