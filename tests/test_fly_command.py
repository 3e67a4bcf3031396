"""manage.py fly: what it flies, what it prints, for a person and for a program, and how it ends."""

import io
import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command

from lessons.flight.hops import ZOOMS
from lessons.management.commands import fly
from lessons.models import Browser, Flight, Notebook

from .scratch import scratch_database

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def local_server(settings, django_user_model):
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    ada = django_user_model.objects.get(username="ada")
    ada.set_password("lovelace")
    ada.save()


def run(*args) -> str:
    out, errors = io.StringIO(), io.StringIO()
    call_command("fly", *args, stdout=out, stderr=errors)
    assert errors.getvalue() == ""
    return out.getvalue()


def flights(*args) -> list[dict]:
    return json.loads(run(*args, "--json"))["flights"]


def pages(*args) -> list[str]:
    return [flight["response"]["body"] for flight in flights(*args)]


def asked(*args) -> list[tuple[str, str, int]]:
    """Return method, path and status of each flight."""
    told = flights(*args)
    return [(each["request"]["method"], each["request"]["path"], each["response"]["status"]) for each in told]


# What it flies


def test_a_flight_is_a_first_visit_and_the_next_are_later_ones():
    assert pages("/lab/visits/", "--times", "3") == ["view count=1", "view count=2", "view count=3"]
    assert pages("/lab/visits/") == ["view count=1"]


def test_it_leaves_nothing_behind_but_what_the_lab_did():
    run("/lab/visits/", "--times", "2")
    assert [session.get_decoded() for session in Session.objects.all()] == [{"num_visits": 2}]
    assert not Notebook.objects.exists()
    assert not Browser.objects.exists()
    assert not Flight.objects.exists()


def test_a_browser_keeps_its_jar_under_its_name():
    assert pages("/lab/visits/", "--browser", "ada") == ["view count=1"]
    assert pages("/lab/visits/", "--browser", "ada") == ["view count=2"]
    assert pages("/lab/visits/", "--browser", "eve") == ["view count=1"]
    assert pages("/lab/visits/") == ["view count=1"]
    assert [str(browser) for browser in Browser.objects.order_by("name")] == ["ada", "eve"]
    assert {browser.notebook_id for browser in Browser.objects.all()} == {fly.NOTEBOOK}


def test_the_jar_is_kept_when_the_reader_goes_away():
    class Gone(io.StringIO):
        def write(self, text):
            if "Flight 2" in text:
                raise KeyboardInterrupt
            return super().write(text)

    with pytest.raises(KeyboardInterrupt):
        call_command("fly", "/lab/visits/", "--times", "3", "--browser", "ada", stdout=Gone())
    assert pages("/lab/visits/", "--browser", "ada") == ["view count=3"]


def test_a_redirect_is_a_flight_of_its_own():
    run("/lab/login/", "--browser", "ada")
    arguments = ["--method", "post", "--data", "username=ada", "--data", "password=lovelace"]
    assert asked("/lab/login/", "--browser", "ada", *arguments) == [
        ("POST", "/lab/login/", 302),
        ("GET", "/lab/account/", 200),
    ]


def test_a_value_may_hold_an_equals_sign():
    run("/lab/carry/", "--browser", "ada")
    posted = flights("/lab/carry/", "--browser", "ada", "--method", "POST", "--data", "name=a=b")
    assert posted[0]["request"]["form"]["name"] == "a=b"


def test_a_post_without_the_form_is_refused_and_there_is_advice():
    told = run("/lab/carry/", "--method", "POST", "--data", "name=Ada")
    assert "403 Forbidden" in told
    assert told.endswith("both with one jar: --browser NAME, first with GET, then with POST.\n")
    assert "--browser" not in run("/lab/visits/")


@pytest.mark.parametrize("path", ["/lab/visits/", "lab/visits/", "http://localhost:8000/lab/visits/", "///lab/visits/"])
def test_any_way_to_write_an_address_of_this_site_will_do(path):
    assert asked(path) == [("GET", "/lab/visits/", 200)]


def test_a_query_arrives():
    assert asked("/lab/echo/?a=ä&b=1")[0][1] == "/lab/echo/?a=%C3%A4&b=1"


def test_an_address_that_is_not_there_is_a_flight_too(caplog, capfd):
    assert asked("/nowhere/") == [("GET", "/nowhere/", 404)]
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")


def test_what_django_logs_is_heard_again_afterwards(caplog):
    run("/lab/boom/")
    assert caplog.records == []
    logging.getLogger("django.request").warning("heard")
    assert [record.message for record in caplog.records] == ["heard"]


def test_it_flies_through_a_site_that_is_hosted(settings):
    settings.ALLOWED_HOSTS = [".example.com"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = True
    assert pages("/lab/visits/", "--times", "2") == ["view count=1", "view count=2"]
    with pytest.raises(CommandError, match="not on this site"):
        run("http://localhost/lab/visits/")


# What it prints


def test_the_story_is_readable():
    told = run("/lab/visits/")
    assert told.startswith(
        "Flight 1: GET /lab/visits/ -> 200 OK\n  1  Browser -> HTTP   GET /lab/visits/   (no sessionid)\n"
    )
    assert "The page says: view count=1\n" in told
    assert "\x1b" not in told


def test_two_flights_stand_apart():
    assert "\n\nFlight 2: GET /lab/visits/ -> 200 OK\n" in run("/lab/visits/", "--times", "2")


@pytest.mark.parametrize("zoom", ZOOMS)
def test_a_zoom_may_be_chosen(zoom):
    (flight,) = flights("/lab/visits/", "--zoom", zoom)
    assert flight["zoom"] == zoom
    assert {hop["level"] for hop in flight["hops"]} == set(
        ["story", "calls", "lines"][: ["story", "calls", "lines"].index(zoom) + 1]
    )
    assert len(run("/lab/visits/", "--zoom", zoom).splitlines()) > len(flight["hops"])


def test_json_is_the_recording():
    first, second = flights("/lab/visits/", "--times", "2")
    assert first["request"]["cookies"] == {}
    assert second["hops"][0]["state"]["jar"] == first["hops"][-1]["state"]["jar"]
    assert [hop["kind"] for hop in second["hops"] if hop["sql"]] == ["select", "update"]
    assert second["hops"][-1]["state"]["data"] == {"num_visits": 2}


def test_json_is_ascii():
    assert run("/lab/echo/?a=ä", "--json").isascii()


@pytest.mark.parametrize("more", [[], ["--json"], ["--zoom", "lines"], ["--zoom", "lines", "--json"]])
def test_no_key_is_printed_unless_it_is_asked_for(more):
    told = run("/lab/visits/", "--times", "2", *more)
    assert Session.objects.get().session_key not in told


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_keys_are_printed_whole_when_they_are_asked_for(more):
    told = run("/lab/visits/", "--times", "2", "--keys", *more)
    assert f"sessionid={Session.objects.get().session_key};" in told


def test_passwords_and_tokens_are_not_recorded():
    run("/lab/login/", "--browser", "ada")
    post = ["/lab/login/", "--browser", "ada", "--method", "POST", "--data", "username=ada", "--data"]
    token = Browser.objects.get().jar[0]["value"]
    for more in ([], ["--json", "--zoom", "lines"]):
        told = run(*post, "password=quite-secret", *more)
        assert "quite-secret" not in told
        assert token not in told


@pytest.mark.parametrize(("encoding", "told"), [("utf-8", "'…€'"), ("cp1252", "'…€'"), ("ascii", "'...\\u20ac'")])
def test_a_terminal_that_lacks_a_letter_gets_another(encoding, told):
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    command = fly.Command(stdout=stream, no_color=True)
    command.say(fly.Line("'…€'"))
    stream.flush()
    assert stream.buffer.getvalue().decode(encoding) == f"{told}\n"


def test_what_does_not_print_is_escaped():
    stream = io.StringIO()
    fly.Command(stdout=stream).say(fly.Line("a\x1b[31mb"))
    assert stream.getvalue() == "a\\x1b[31mb\n"


def test_there_is_colour_on_a_terminal_only():
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    for stream, coloured in ((Terminal(), True), (io.StringIO(), False)):
        call_command("fly", "/lab/visits/", stdout=stream, force_color=True)
        assert ("\x1b[" in stream.getvalue()) is coloured
    stream = Terminal()
    call_command("fly", "/lab/visits/", stdout=stream, no_color=True)
    assert "\x1b[" not in stream.getvalue()


# How it refuses


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Give the path to fly to"),
        ([""], "Give the path to fly to"),
        (["http://elsewhere/"], "http://elsewhere/ is not on this site"),
        (["//elsewhere/lab/"], "//elsewhere/lab/ is not on this site"),
        (["http://localhost@elsewhere/"], "is not on this site"),
        (["ftp://localhost/"], "is not on this site"),
        (["http://["], "is not on this site"),
        (["C:/Git/lab/visits/"], "is not on this site"),
        (["/" + "x" * 2000], "longer than 2000"),
        (["/lab/", "--times", "0"], "from 1 to 100"),
        (["/lab/", "--times", "-1"], "from 1 to 100"),
        (["/lab/", "--times", "10000"], "from 1 to 100"),
        (["/lab/", "--data", "a=1"], "add --method POST"),
        (["/lab/", "--method", "POST", "--data", "a"], "is NAME=VALUE, not 'a'"),
        (["/lab/", "--method", "POST", "--data", "=a"], "is NAME=VALUE, not '=a'"),
        (["/lab/", "--method", "POST", "--data", "a=1", "--data", "a=2"], "'a' is given twice"),
        (["/lab/", "--method", "POST", "--data", "a=" + "x" * 2000], "'a' is longer than 2000"),
        (["/lab/", "--method", "POST", *(f"--data=a{n}=1" for n in range(51))], "at most 50 fields"),
        (["/lab/", "--browser", ""], "name of a browser"),
        (["/lab/", "--browser", "x" * 21], "name of a browser"),
        (["/lab/", "--browser", "a b"], "name of a browser"),
    ],
)
def test_what_cannot_be_flown_is_said_in_a_sentence(arguments, sentence):
    with pytest.raises(CommandError) as refused:
        run(*arguments)
    assert sentence in str(refused.value)
    assert len(str(refused.value)) < 200
    assert not Session.objects.exists()


def test_the_terminal_keeps_so_many_browsers_and_no_more(monkeypatch):
    monkeypatch.setattr(fly, "BROWSERS_MOST", 2)
    for name in ("a", "b", "a"):
        run("/lab/visits/", "--browser", name)
    with pytest.raises(CommandError, match="at most 2 browsers"):
        run("/lab/visits/", "--browser", "c")


# The real thing


def manage(tmp_path, *arguments, migrate=True, **environment):
    """Run it with its own Python and its own database."""
    (tmp_path / "elsewhere.py").write_text(
        "from sessiondemo.settings import *\n"
        "if 'sqlite3' in DATABASES['default']['ENGINE']:\n"
        f"    DATABASES['default']['NAME'] = {str(tmp_path / 'db.sqlite3')!r}\n"
        "PASSWORD_HASHERS = ['django.contrib.auth.hashers.MD5PasswordHasher']\n"
    )
    command = [sys.executable, "manage.py"]
    options = {"capture_output": True, "cwd": ROOT, "timeout": 120, "text": True, "encoding": "utf-8"}
    with scratch_database() as database:
        environment = {"DJANGO_SETTINGS_MODULE": "elsewhere", "PYTHONPATH": str(tmp_path)} | database | environment
        options["env"] = os.environ | environment
        if migrate:
            subprocess.run([*command, "migrate", "-v0"], check=True, **options)
        return subprocess.run([*command, "fly", *arguments], **options)


@pytest.mark.slow
def test_it_runs_in_a_terminal(tmp_path):
    result = manage(tmp_path, "/lab/visits/", "--times", "2", PYTHONIOENCODING="ascii")
    assert (result.returncode, result.stderr) == (0, "")
    assert "The page says: view count=2" in result.stdout
    assert result.stdout.isascii()


@pytest.mark.slow
@pytest.mark.parametrize("browser", [[], ["--browser", "ada"]])
def test_a_missing_table_is_told_with_what_to_do(tmp_path, browser):
    result = manage(tmp_path, "/lab/visits/", "--json", *browser, migrate=False)
    assert result.returncode == 1
    missing = r'(no such table: \w+|relation "\w+" does not exist)'
    assert re.fullmatch(rf"CommandError: {missing}\. Run: python start\.py\n", result.stderr)
    assert result.stderr.count("\n") == 1
    if not browser:
        (flight,) = json.loads(result.stdout)["flights"]
        assert flight["response"]["status"] == 500


@pytest.mark.slow
def test_bad_input_ends_with_a_code_and_a_sentence(tmp_path):
    result = manage(tmp_path, "http://elsewhere/", migrate=False)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "CommandError: http://elsewhere/ is not on this site. Give a path, such as /lab/visits/.\n"
