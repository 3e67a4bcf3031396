"""Values that somebody wrote to hurt, through all that the inspector makes of them."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.session_data import decode
from lessons.session_data.django_would import as_cookie, as_row, elsewhere
from lessons.session_data.in_python import snippets
from lessons.session_data.links import link, unread_bytes
from lessons.session_data.pasted import found_in
from lessons.session_data.pickles import disassembled
from tests.test_session_data_hostile import NOT_A_SESSION, READ, SIGNED_BUT_REFUSED

from .values import KEY, base64url, legacy, modest, sign_text

LARGE = NOT_A_SESSION | READ | SIGNED_BUT_REFUSED
SALTS = ["", "OurStore", "django.contrib.sessions.OurStore", "\ud800"]


def everything(text, keys=(KEY,), salt=None):
    """Make all that a page shows of a pasted text; return the number of characters of it."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    decoded = decode(found_in(text).value, keys, salt)
    linked = link(decoded)
    assert as_row(decoded).headline
    assert as_cookie(decoded).headline
    assert all(what for _, what in elsewhere(decoded))
    spans = [*linked.stored, *linked.inflated, *linked.json, *linked.python, *linked.message]
    assert all(span.text.replace("\n", "").isprintable() for span in spans)
    told = disassembled(unread_bytes(decoded)) if decoded.format == "pickle" else ""
    code = [snippet.code for snippet in snippets(decoded)]
    assert all(lines.isascii() for lines in code)
    return sum(len(span.text) for span in spans) + sum(map(len, code)) + len(told)


@modest
@given(
    st.text(max_size=60) | st.text("eyJ90fQ=-_+/ .:|;{}[]\"'\n", max_size=90),
    st.lists(st.text(max_size=9), max_size=2),
    st.sampled_from(SALTS),
)
def test_any_text_with_any_keys_and_any_salt(text, keys, salt):
    assert everything(text, keys, salt) < 60_000


@modest
@given(st.binary(max_size=200), st.sampled_from(["", "."]), st.sampled_from(["1xVHYy", "", "-", "z" * 99]))
def test_any_bytes_that_were_signed(data, marker, timestamp):
    assert everything(sign_text(f"{marker}{base64url(data)}:{timestamp}")) < 60_000
    assert everything(legacy(data)) < 60_000


@pytest.mark.slow
@pytest.mark.parametrize("make", LARGE.values(), ids=LARGE)
def test_a_large_one_in_64_mebibytes(make):
    text = make()
    tracemalloc.start()
    try:
        assert everything(text) < 60_000
        peak = tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()
    assert peak < 64
