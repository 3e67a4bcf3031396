"""The SQL console's page: who may use it, what its form does, and what it never gives away."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse

import sessiondemo.urls  # noqa: F401  read while DEBUG is still on, or the toolbar has no addresses
from lessons.console import queries, unpacked

MARKUP = "<script>alert(1)</script>"
# The console has a connection of its own: on PostgreSQL it does not see what a test has not committed, and refuses in
# other words. What it does there is in tests/console/test_postgresql.py.
only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="what the console says on SQLite")
STRANGERS = {
    "without DEBUG": (False, {}),
    "from another machine": (True, {"REMOTE_ADDR": "203.0.113.5"}),
    "through a proxy": (True, {"HTTP_X_FORWARDED_FOR": "203.0.113.5"}),
}


@pytest.fixture(autouse=True)
def alone(settings):
    settings.DEBUG = True


def ask(client, typed="", **fields):
    return client.post(reverse("console"), {"typed": typed, **fields})


@pytest.fixture
def visited(client):
    """A browser that has a row."""
    client.get(reverse("lab:visits"))
    return client


def last(response):
    return response.context["entries"][-1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("query", queries(connection.vendor), ids=lambda query: query.slug)
def test_each_button_gives_an_answer_on_each_database(client, query):
    client.get(reverse("lab:visits"))
    entry = last(ask(client, query=query.slug))
    assert not entry.failed
    assert entry.text or query.slug == "expired"


# Who may


@pytest.mark.django_db
@pytest.mark.parametrize(("debug", "meta"), STRANGERS.values(), ids=STRANGERS.keys())
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_is_told_why_not(settings, debug, meta, method):
    settings.DEBUG = debug
    Session.objects.create(session_key="k" * 32, session_data="xyzzy", expire_date="2030-01-01T00:00Z")
    response = getattr(Client(**meta), method)(reverse("console"), {"typed": "SELECT * FROM django_session"})
    assert response.status_code == 403
    assert "it is for its superusers" in response.text
    assert "xyzzy" not in response.text
    assert "django_session" not in response.text
    assert "transcript" not in response.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 403),
        ({"is_staff": True}, 403),
        ({"is_superuser": True, "is_active": False}, 403),
        ({"is_superuser": True}, 200),
    ],
)
def test_with_others_around_only_the_staff_may(client, settings, django_user_model, fields, status):
    settings.DEBUG = False
    client.force_login(django_user_model.objects.create_user("grace", password="secret", **fields))
    response = ask(client, "SELECT 40 + 2")
    assert response.status_code == status
    assert ("42" in response.text) is (status == 200)
    assert response.wsgi_request.session.accessed is False


@pytest.mark.django_db
@pytest.mark.parametrize(("debug", "meta"), STRANGERS.values(), ids=STRANGERS.keys())
def test_the_header_names_the_console_only_where_it_may_be_used(settings, debug, meta):
    address = f'href="{reverse("console")}"'
    for page in ("/", "/inspector/", "/lessons/table/"):
        settings.DEBUG = True
        assert address in Client().get(page).text
        settings.DEBUG = debug
        assert address not in Client(**meta).get(page).text


@pytest.mark.django_db
def test_the_inspector_leads_the_staff_there(client, settings, django_user_model):
    settings.DEBUG = False
    client.force_login(django_user_model.objects.create_superuser("grace"))
    assert f'href="{reverse("console")}"' in client.get("/inspector/").text


@pytest.mark.django_db
def test_a_statement_in_an_address_is_not_run(client):
    response = client.get(reverse("console"), {"typed": "SELECT 40 + 2", "query": "all"})
    assert response.context["entries"] == []


@pytest.mark.django_db
def test_a_forged_form_is_refused():
    client = Client(enforce_csrf_checks=True)
    assert ask(client, "SELECT 1").status_code == 403


# What the form does


@pytest.mark.django_db
def test_it_prints_what_the_database_says(client):
    response = ask(client, "SELECT 40 + 2, 'two';")
    assert last(response).text == "42|two"
    assert "<samp><span>42|two</span></samp>" in response.text


@pytest.mark.django_db
@only_sqlite
@pytest.mark.parametrize("query", queries("sqlite"), ids=lambda query: query.slug)
def test_each_button_of_the_lecture_works(visited, query):
    entry = last(ask(visited, "not sent", query=query.slug))
    assert entry.typed == query.typed
    assert not entry.failed
    assert (entry.text == "") is (query.slug == "expired")
    if query.slug in ("lookup", "clear"):
        assert "SEARCH django_session USING INDEX" in entry.text
    if query.slug == "all":
        assert visited.cookies["sessionid"].value in entry.text


@pytest.mark.django_db
def test_a_button_loses_nothing_of_what_was_being_typed(client):
    assert ">SELECT half of</textarea>" in ask(client, "SELECT half of", query="tables").text
    assert "SELECT 1</textarea>" not in ask(client, "SELECT 1").text


@pytest.mark.django_db
def test_the_transcript_and_the_settings_travel_with_the_form(client):
    response = ask(client, ".mode json")
    response = ask(client, ".headers off", transcript=response.context["transcript"], mode="json")
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', response.text))
    assert (fields["mode"], fields["headers"]) == ("json", "off")
    response = ask(
        client, "SELECT 1 AS one", **{name: fields[name] for name in ("transcript", "mode", "headers", "null")}
    )
    assert [entry.typed for entry in response.context["entries"]] == [".mode json", ".headers off", "SELECT 1 AS one"]
    assert last(response).text == '[{"one":1}]'
    assert ask(client, clear="1", transcript=fields["transcript"]).context["entries"] == []


@pytest.mark.django_db
@pytest.mark.parametrize("transcript", ["", "nonsense", "a:b:c", "é", "[" * 5000])
def test_a_transcript_of_somebody_else_is_left_out(client, transcript):
    response = ask(client, "SELECT 1", transcript=transcript, mode="nonsense", headers="?", null="x" * 500)
    assert [entry.text for entry in response.context["entries"]] == ["1"]
    assert len(response.context["settings"].null) <= 20


@pytest.mark.django_db
def test_a_transcript_stays_within_bounds(client):
    transcript = ""
    for number in range(40):
        transcript = ask(client, f"SELECT {number}", transcript=transcript).context["transcript"]
    entries = unpacked(transcript)
    assert len(entries) == 30
    assert entries[-1].text == "39"
    long = ask(client, f"SELECT '{'x' * 3000}' FROM auth_permission, auth_permission AS b", transcript=transcript)
    assert last(long).note
    assert sum(entry.size for entry in unpacked(long.context["transcript"])) <= 100_000


@pytest.mark.django_db
def test_htmx_gets_the_transcript_alone(client):
    response = client.post(reverse("console"), {"typed": "SELECT 1"}, headers={"HX-Request": "true"})
    assert "<html" not in response.text
    assert 'id="console-transcript"' in response.text
    assert "HX-Request" in response.headers["Vary"]


@pytest.mark.django_db
@only_sqlite
def test_nothing_is_written_and_the_session_stays_untouched(visited):
    before = list(Session.objects.values())
    response = ask(visited, "DELETE FROM django_session")
    assert list(Session.objects.values()) == before
    assert "DELETE would take rows out of the table django_session" in last(response).note
    assert response.wsgi_request.session.accessed is False
    assert "sessionid" not in response.cookies


@pytest.mark.django_db
def test_markup_stays_text(client, django_user_model):
    django_user_model.objects.create(username=MARKUP, password=MARKUP)
    typed = f"SELECT username, '{MARKUP}' AS \"{MARKUP}\" FROM auth_user"
    for mode in ("list", "box", "json"):
        response = ask(client, typed, mode=mode, headers="on", null=MARKUP)
        assert "&lt;script&gt;" in response.text
        assert MARKUP not in response.text


@pytest.mark.django_db
@only_sqlite
def test_no_password_is_printed(client, django_user_model):
    django_user_model.objects.create_user("grace", password="secret")
    entry = last(ask(client, "SELECT username, password FROM auth_user WHERE username = 'grace'"))
    assert entry.text == "grace|"
    assert "NULL here" in entry.note


@pytest.mark.django_db
def test_the_tables_and_columns_are_there_to_be_completed(client):
    words = client.get(reverse("console")).context["words"]
    assert words["django_session"] == ["session_key", "session_data", "expire_date"]
    assert not [name for name in words if name.startswith("sqlite_")]


@pytest.mark.django_db
@only_sqlite
def test_a_database_that_nobody_else_can_open_is_told(client, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "NAME", ":memory:")
    response = ask(client, "SELECT 1")
    assert response.status_code == 200
    assert "no second connection can look" in response.text


# What Django ran


@only_sqlite
def test_the_sql_of_the_last_flight_can_be_run_again(learner):
    learner.fly("blue", "visits", "lab:visits")
    flight = learner.fly("blue", "visits", "lab:visits")
    page = learner.client.get(reverse("console"))
    select, begin, update = page.context["ran"]
    assert select.text.startswith('SELECT "django_session"."session_key"')
    assert flight.session_key in select.text
    assert select.ready
    assert begin.why.startswith("BEGIN opens")
    assert update.why.startswith("An UPDATE writes")
    entry = last(ask(learner.client, again=f"{flight.pk}:0"))
    assert entry.typed == select.text
    assert entry.text.startswith(f"{flight.session_key}|")


@pytest.mark.parametrize("again", ["1:1", "1:2", "1:9", "1:", ":", "x:y", "-1:0", "1:0:0", "9" * 30 + ":0", "²:0"])
def test_what_cannot_be_run_again_is_not(learner, again):
    learner.fly("blue", "visits", "lab:visits")
    flight = learner.fly("blue", "visits", "lab:visits")
    response = ask(learner.client, again=again.replace("1:", f"{flight.pk}:", 1))
    assert response.status_code == 200
    assert response.context["entries"] == []


def test_a_flight_of_somebody_else_is_not_there(learner):
    flight = learner.fly("blue", "visits", "lab:visits")
    assert ask(Client(), again=f"{flight.pk}:0").status_code == 404


def test_a_flight_that_never_looked_has_no_sql(learner):
    learner.fly("blue", "touch", "lab:ignore")
    assert "Not one statement" in learner.client.get(reverse("console")).text
