"""Two cookies without any session."""

import pytest
from django.urls import reverse

HOSTILE = {
    "nothing": "",
    "text": "abc",
    "more digits than Python reads": "9" * 4301,
    "one digit more than Python writes": "9" * 4300,
    "a fraction": "1.5",
    "not ASCII": "Ω⁴²",
    "quotes": '"4\'2"',
    "markup": "<script>alert(1)</script>",
}


def zap_after(client, zap):
    """Visit with this in `zap`, byte for byte as somebody may have typed it; return what `zap` is then."""
    header = f"zap={zap}".encode().decode("latin-1")
    return client.get(reverse("lab:cookie"), headers={"Cookie": header}).cookies["zap"].value


def test_zap_goes_up_by_one_with_each_visit(client):
    assert [client.get(reverse("lab:cookie")).cookies["zap"].value for _ in range(3)] == ["42", "43", "44"]


def test_the_page_says_what_came_in(client):
    pages = [client.get(reverse("lab:cookie")).text for _ in range(2)]
    assert pages == ["zap came in as None", "zap came in as '42'"]


def test_zap_lives_until_the_browser_closes_and_sakaicar_for_1000_seconds(client):
    cookies = client.get(reverse("lab:cookie")).cookies
    assert cookies["zap"].OutputString() == "zap=42; Path=/"
    assert cookies["sakaicar"]["max-age"] == 1000


@pytest.mark.parametrize("nonsense", HOSTILE.values(), ids=HOSTILE.keys())
def test_nonsense_in_zap_starts_again_at_42(client, nonsense):
    assert zap_after(client, nonsense) == "42"


@pytest.mark.parametrize(("number", "following"), [("-1", "0"), ("4_2", "43"), ("٤٢", "43")])
def test_whatever_python_reads_as_a_number_is_counted_on(client, number, following):
    assert zap_after(client, number) == following


def test_what_came_in_is_shown_as_text_and_never_run(client):
    client.cookies["zap"] = "<script>alert(1)</script>"
    assert client.get(reverse("lab:cookie")).headers["Content-Type"].startswith("text/plain")


def test_it_asks_the_database_nothing(client):
    assert client.get(reverse("lab:cookie")).status_code == 200  # without the db mark a query would raise
