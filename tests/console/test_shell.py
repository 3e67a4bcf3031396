"""What is typed, and what comes back: commands with a dot, nothing, and settings that stay."""

import pytest

from lessons.console.modes import NULL_MOST, Settings
from lessons.console.shell import NO_ROWS, say


def text(typed, database, settings=None):
    return say(typed, database, settings or Settings()).text


@pytest.mark.parametrize("typed", ["", "  ", ";", ";;", "-- a comment", "/* a comment */ ;", "/* not ended"])
def test_nothing_prints_nothing(database, typed):
    said = say(typed, database, Settings())
    assert (said.text, said.note, said.failed) == ("", "", False)


def test_no_row_has_a_sentence_because_the_shell_prints_nothing(database):
    said = say("SELECT * FROM a WHERE 0", database, Settings())
    assert (said.text, said.note, said.failed) == ("", NO_ROWS, False)


def test_settings_go_from_one_to_the_next(database):
    settings = Settings()
    for typed in (".mode column", ".headers off", ".nullvalue (none)"):
        settings = say(typed, database, settings).settings
    assert settings == Settings("column", headers=False, null="(none)")
    assert text("SELECT 1, NULL", database, settings) == "1  (none)"
    assert say(".mode nonsense", database, settings).settings == settings


@pytest.mark.parametrize(
    ("typed", "null"), [(".nullvalue ''", ""), ('.nullvalue "a b"', "a b"), (".nullvalue " + "x" * 99, "x" * NULL_MOST)]
)
def test_the_word_for_null_may_stand_in_quotes(database, typed, null):
    assert say(typed, database, Settings(null="?")).settings.null == null


@pytest.mark.parametrize("value", ["on", "ON", "yes", "1"])
def test_headers_are_switched_on(database, value):
    assert say(f".headers {value}", database, Settings()).settings.headers is True


@pytest.mark.parametrize("typed", [".headers", ".headers on off", ".nullvalue"])
def test_too_few_words_get_the_usage(database, typed):
    said = say(typed, database, Settings())
    assert said.text.startswith("Usage: .")
    assert said.failed
    assert said.settings == Settings()


def test_help_lists_each_command_once(database):
    lines = text(".help", database).splitlines()
    assert [line.split()[0] for line in lines] == [
        ".headers",
        ".help",
        ".indexes",
        ".mode",
        ".nullvalue",
        ".schema",
        ".tables",
    ]
    assert "markdown" in text(".help mode", database)
    assert text(".help nonsense", database) == "Nothing matches 'nonsense'"


@pytest.mark.parametrize(
    "typed",
    [
        ".shell ls",
        ".system ls",
        ".read x",
        ".import x y",
        ".load x",
        ".output x",
        ".once x",
        ".save x",
        ".open x",
        ".dump",
    ],
)
def test_a_command_that_reaches_beyond_is_refused_with_a_sentence(database, typed):
    said = say(typed, database, Settings())
    assert said.text == ""
    assert said.note.startswith(f"In the shell, {typed.split()[0]} ")
    assert said.failed


def test_a_dump_is_told_from_a_file(database):
    assert "prints the whole database as SQL" in say(".dump", database, Settings()).note


@pytest.mark.parametrize("typed", [".quit", ".EXIT", ".exit 0", ".q"])
def test_who_would_leave_the_shell_is_not_scolded(database, typed):
    said = say(typed, database, Settings(mode="box"))
    assert "there is nothing to end" in said.note
    assert (said.text, said.failed, said.settings) == ("", False, Settings(mode="box"))


@pytest.mark.parametrize("typed", [".", "..", ".sh", ".nonsense", ". tables", ".é"])
def test_a_command_that_is_none_is_told(database, typed):
    assert text(typed, database).startswith("Error: unknown command or invalid arguments:")


@pytest.mark.parametrize("typed", [".tables ' OR 1=1 --", ".schema '; DROP TABLE a", ".indexes %' UNION SELECT 1 --"])
def test_a_pattern_is_a_value_and_no_sql(database, typed):
    assert text(typed, database) == ""


def test_what_is_too_long_is_not_run_and_not_printed_again(database):
    said = say("SELECT " + "1" * 100_000, database, Settings())
    assert said.note == "That is longer than 10000 characters, and was not run."
    assert len(said.typed) < 300


@pytest.mark.parametrize(
    ("typed", "mode", "wraps"),
    [
        ("SELECT 1", "list", True),
        ("SELECT 1", "json", True),
        ("SELECT 1", "box", False),
        ("EXPLAIN QUERY PLAN SELECT 1", "box", True),
        (".schema a", "box", True),
        (".tables", "list", False),
        ("SELECT nope", "list", False),
    ],
)
def test_a_line_may_go_on_below_where_nothing_stands_in_columns(database, typed, mode, wraps):
    assert say(typed, database, Settings(mode)).wraps is wraps
