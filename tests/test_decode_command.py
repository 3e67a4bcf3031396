"""manage.py decode: what it prints, for a person and for a program, and how it ends."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from lessons.management.commands.decode import MAX_LINE
from lessons.session_data import COOKIE_SALT, encode
from tests.test_session_data import LEGACY_ROW, NOW, ROW, sign_text, signed_by_hand
from tests.test_session_data_hostile import bomb, listed, string
from tests.test_session_data_hostile import signed as signed_large

KEY = "a-secret-key"
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def one_secret_key():
    with override_settings(SECRET_KEY=KEY, SECRET_KEY_FALLBACKS=["an-old-key"]):
        yield


@pytest.fixture
def stdin(monkeypatch):
    def give(content):
        content = content if isinstance(content, bytes) else content.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))

    return give


def run(*args, **options):
    """Return what the command prints, and its exit code."""
    out = io.StringIO()
    try:
        call_command("decode", *args, stdout=out, **options)
    except SystemExit as end:
        return out.getvalue(), end.code
    return out.getvalue(), 0


def manage(*args, stdin=b"", **options):
    """Run the real thing, with its own Python."""
    return subprocess.run(
        [sys.executable, "manage.py", "decode", *args],
        input=stdin,
        capture_output=True,
        cwd=ROOT,
        timeout=60,
        **options,
    )


@pytest.fixture
def lines(stdin):
    def answer(*requests):
        stdin("".join(r if isinstance(r, str) else json.dumps(r) + "\n" for r in requests))
        output, code = run("--jsonl")
        assert code == 0
        assert output.isascii()
        return [json.loads(line, parse_constant=pytest.fail) for line in output.splitlines()]

    return answer


# for a person


def test_a_row_is_told_stage_by_stage():
    output, code = run(ROW)
    assert code == 0
    assert "Format: signed" in output
    assert "22 characters of base64url became 16 bytes." in output
    assert "2026-11-23T00:05:40+00:00" in output
    assert "Signature: verified with the current key" in output
    assert output.endswith('{\n  "num_visits": 3\n}\n')


def test_a_value_is_read_from_standard_input(stdin):
    stdin(f"  '{ROW}'\n")
    output, code = run("-")
    assert (code, "num_visits" in output, "White space or quotes" in output) == (0, True, True)


def test_a_fallback_key_is_used_and_named():
    assert "verified with fallback key 1" in run(encode({"a": 1}, "an-old-key"))[0]


def test_a_key_and_a_salt_may_be_given():
    text = encode({"a": 1}, "mine", salt="my-salt")
    assert "does not match" in run(text)[0]
    assert "verified" in run(text, "--key", "other", "--key", "mine", "--salt", "my-salt")[0]


@pytest.mark.parametrize(
    ("text", "code"),
    [(ROW, 0), (ROW[:-1] + "x", 0), (LEGACY_ROW, 0), ("nonsense", 1), (sign_text("W10:1xVHYy"), 1)],
)
def test_the_exit_code_tells_whether_it_holds_an_object(text, code):
    assert run(text)[1] == code
    assert run(text, "--json")[1] == code


def test_a_value_that_is_missing_is_asked_for():
    with pytest.raises(CommandError, match="Give the value"):
        call_command("decode")


def test_a_value_that_begins_with_a_dash_stands_after_two():
    result = manage("--json", "--", "-e30:1xVHYy:abc")
    assert json.loads(result.stdout)["format"] == "signed"


def test_control_codes_do_not_reach_the_terminal():
    output, _ = run(encode({"\x1b[31m": "\x1b]0;title\x07\x9b\u202e\x7f\ud800"}, KEY))
    assert output.replace("\n", "").isprintable()
    output, _ = run("\x1b[31mred\x1b:" * 3)
    assert output.replace("\n", "").isprintable()


def test_a_console_in_cp1252_shows_what_it_cannot_print_escaped():
    text = encode({"日本": "é😀"}, KEY)
    env = {**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    result = manage("--key", KEY, text, env=env)
    assert result.returncode == 0
    assert r'"\u65e5\u672c": "é\U0001f600"' in result.stdout.decode("cp1252")


def test_five_thousand_levels_are_printed_as_far_as_they_go():
    text = signed_by_hand(b'{"a":' + b"[" * 5_000 + b"]" * 5_000 + b"}")
    for option in ([], ["--json"]):
        output, code = run(text, *option)
        assert code in (0, 1)
        assert len(output) < 500_000


# as one JSON object


def test_json_holds_format_verdict_data_and_stages():
    output, code = run(ROW, "--json")
    answer = json.loads(output)
    assert code == 0
    assert set(answer) == {"format", "verified", "data", "error", "stages", "timestamp"}
    assert (answer["format"], answer["verified"], answer["error"]) == ("signed", True, None)
    assert answer["data"] == {"num_visits": 3}
    assert answer["timestamp"] == "2026-11-23T00:05:40+00:00"
    assert answer["stages"][0]["name"] == "split"
    assert set(answer["stages"][0]) >= {"name", "status", "note", "output"}


# as JSON lines


def test_each_line_is_answered_with_a_line(lines):
    answers = lines(
        {"session_data": ROW, "secret_key": KEY},
        {"session_data": ROW, "secret_key": "wrong"},
        {"session_data": LEGACY_ROW, "secret_key": KEY, "salt": None},
        {"session_data": encode({"b": 2}, KEY, salt=COOKIE_SALT), "secret_key": KEY},
        {"session_data": encode({"c": 3}, "k", salt="mine"), "secret_key": "k", "salt": "mine"},
        {"session_data": ROW},
    )
    assert [(a["format"], a["verified"]) for a in answers] == [
        ("signed", True),
        ("signed", False),
        ("legacy", True),
        ("signed_cookie", True),
        ("signed", True),
        ("signed", True),
    ]
    assert [a["data"] for a in answers][3:] == [{"b": 2}, {"c": 3}, {"num_visits": 3}]
    assert answers[1]["data"] == {"num_visits": 3}
    assert "does not match" in answers[1]["error"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nonsense\n", "not JSON"),
        ("{\n", "not JSON"),
        ("[]\n", "not a JSON object"),
        ('"text"\n', "not a JSON object"),
        ("null\n", "not a JSON object"),
        ("{}\n", '"session_data"'),
        ('{"session_data": 5}\n', '"session_data" is not a string'),
        ('{"session_data": null}\n', '"session_data" is not a string'),
        ('{"session_data": "a", "secret_key": null}\n', '"secret_key" is not a string'),
        ('{"session_data": "a", "secret_key": "k", "salt": []}\n', '"salt" is not a string'),
        ("[" * 100_000 + "\n", "cannot read"),
        ("1" * 5_000 + "\n", "cannot read"),
        ("[" * 1_000_000 + "\n", "too large"),
        ("x" * (MAX_LINE + 10) + "\n", "longer than"),
    ],
    ids=range(14),
)
def test_a_bad_line_is_answered_too_and_the_next_one_is_read(lines, line, said):
    answer, last = lines(line, {"session_data": ROW, "secret_key": KEY})
    assert (answer["format"], answer["verified"], answer["data"]) == ("unknown", False, None)
    assert said in answer["error"]
    assert answer["stages"] == []
    assert last["verified"] is True


def test_a_line_of_the_greatest_length_is_read(lines):
    request = json.dumps({"session_data": "x", "secret_key": KEY})
    answers = lines(request + " " * (MAX_LINE - len(request) - 1) + "\n", "\n", "x" * (MAX_LINE + 1))
    assert ["longer than" in answer["error"] for answer in answers] == [False, True]


def test_blank_lines_are_passed_over_and_the_last_needs_no_end(lines):
    assert len(lines("\n", "  \r\n", {"session_data": ROW}, json.dumps({"session_data": ROW}))) == 2


def test_bytes_that_are_not_utf_8_and_a_byte_order_mark_are_survived(stdin):
    stdin(b'\xef\xbb\xbf{"session_data": "a\xff"}\n{"session_data": "\\ud800:a:b"}\n\xff\n')
    output, _ = run("--jsonl")
    answers = [json.loads(line) for line in output.splitlines()]
    assert len(answers) == 3
    assert "No colon" in answers[0]["error"]
    assert "not JSON" in answers[2]["error"]


def test_verified_is_true_or_false_even_for_what_is_unknown(lines):
    answers = lines({"session_data": ""}, {"session_data": "a:b"})
    assert [answer["verified"] for answer in answers] == [False, False]


def test_white_space_is_not_forgiven_because_django_does_not(lines):
    assert lines({"session_data": ROW + "\n", "secret_key": KEY})[0]["verified"] is False


def test_a_signed_list_is_no_data(lines):
    answer = lines({"session_data": sign_text("W10:1xVHYy"), "secret_key": KEY})[0]
    assert (answer["verified"], answer["data"]) == (True, None)
    assert "AttributeError" in answer["error"]


def test_nan_and_infinity_become_strings(lines):
    text = signed_by_hand(b'{"a":[NaN,{"b":Infinity}],"c":-Infinity,"d":1e999,"e":1.5}')
    answer = lines({"session_data": text, "secret_key": KEY})[0]
    assert answer["data"] == {
        "a": ["NaN", {"b": "Infinity"}],
        "c": "-Infinity",
        "d": "Infinity",
        "e": 1.5,
    }
    note = next(stage["note"] for stage in answer["stages"] if stage["name"] == "json")
    assert "given as strings" in note


def test_deep_data_is_written_or_refused():
    requests = []
    for levels in (400, 900, 3_000, 5_000, 20_000):
        for leaf in (b"1", b"NaN"):
            text = signed_by_hand(b'{"a":' + b"[" * levels + leaf + b"]" * levels + b"}")
            requests.append(json.dumps({"session_data": text, "secret_key": KEY}) + "\n")
    result = manage("--jsonl", stdin="".join(requests).encode())
    assert result.stderr == b""
    answers = [as_far_as_it_goes(line) for line in result.stdout.splitlines()]
    assert len(answers) == len(requests)
    assert answers[0]["data"]["a"]
    assert all(answer["data"] or "too deeply" in answer["error"] for answer in answers)


def as_far_as_it_goes(line):
    try:
        return json.loads(line)
    except RecursionError:  # written by a process with a shorter stack than this one has left
        return {"data": True}


def test_lone_surrogates_are_escaped(lines):
    answer = lines({"session_data": encode({"a": "\ud800é"}, KEY), "secret_key": KEY})[0]
    assert answer["data"] == {"a": "\ud800é"}


def test_standard_input_may_be_text(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps({"session_data": ROW})))
    assert json.loads(run("--jsonl")[0])["verified"] is True


def test_lines_may_come_from_a_file(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps({"session_data": ROW}) + "\n")
    assert json.loads(run("--jsonl", str(path))[0])["verified"] is True
    with pytest.raises(CommandError, match="Cannot read"):
        call_command("decode", "--jsonl", str(tmp_path / "missing"))


def test_answers_come_line_by_line_and_a_reader_may_leave():
    request = json.dumps({"session_data": ROW}).encode() + b"\n"
    process = subprocess.Popen(
        [sys.executable, "manage.py", "decode", "--jsonl"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdin.write(request)
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["format"] == "signed"  # before the input has ended
    process.stdout.close()
    _, complaints = process.communicate(request * 10)
    assert complaints == b""


def test_it_asks_nothing_of_the_database():
    # pytest-django forbids queries to a test without the django_db mark; this is the other half.
    from lessons.management.commands.decode import Command

    assert Command.requires_system_checks == []
    assert not Command.requires_migrations_checks


# in bounds

# A process begins with the peak of the one that it was forked from, which is all of pytest here.
# So a small one stands between, and asks for the peak of its children.
MEASURE = """
import resource, subprocess, sys
subprocess.run([sys.executable, "manage.py", "decode", *sys.argv[1:]])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
"""


def resident(text, *options):
    """Return the most memory that the command held, in MiB."""
    result = subprocess.run(
        [sys.executable, "-c", MEASURE, *options],
        input=text.encode("utf-8", "replace"),
        capture_output=True,
        cwd=ROOT,
        timeout=60,
        check=True,
    )
    assert result.stdout
    return int(result.stderr) / (2**20 if sys.platform == "darwin" else 2**10)


LARGE = {
    "a value of colons": (["-"], lambda: ":" * 5_000_000),
    "a value of one string": (["-"], lambda: signed_large(string(b"x"))),
    "a value with one emoji": (["-"], lambda: signed_large(one_emoji())),
    "json of one string": (["-", "--json"], lambda: signed_large(string(b"x"))),
    "json of Latin-1": (["-", "--json"], lambda: signed_large(latin_1())),
    "a line of one string": (["--jsonl"], lambda: a_line(signed_large(string(b"x")))),
    "a line of Latin-1": (["--jsonl"], lambda: a_line(signed_large(latin_1()))),
    "a line with one emoji": (["--jsonl"], lambda: a_line(signed_large(one_emoji()))),
    "a line of emoji": (["--jsonl"], lambda: a_line("😀" * 1_250_000)),
    "a line of lists": (["--jsonl"], lambda: a_line(signed_large(listed(b"[],")))),
    "a line that is too long": (["--jsonl"], lambda: "x" * 100_000_000),
    "a line with a bomb": (["--jsonl"], lambda: a_line(signed_large(bomb(), "."))),
}


def latin_1():
    return b'{"a":"' + b"\xe9" * 2_900_000 + b'"}'


def one_emoji():
    return string(b"x").replace(b"xx", b"\\ud83d\\ude00", 1)


def a_line(text):
    return json.dumps({"session_data": text, "secret_key": KEY}, ensure_ascii=False)


@pytest.fixture(scope="module")
def small():
    return resident(ROW, "-")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the resource module is of Unix")
@pytest.mark.parametrize(("options", "make"), LARGE.values(), ids=LARGE)
def test_the_command_stays_within_64_mib_of_what_a_small_value_takes(options, make, small):
    assert resident(make(), *options) - small < 64


def test_now_is_the_moment_in_the_example():
    assert encode({"num_visits": 3}, KEY, timestamp=NOW) == ROW
