"""An answer in each mode, as the sqlite3 shell prints it: fixed texts, taken from the shell of SQLite 3.40."""

import pytest

from lessons.console.answer import CELL_MOST, TEXT_MOST, Answer, bounded
from lessons.console.modes import MODES, Settings, printed
from lessons.console.plan import tree

ANSWER = Answer(["x", "y", "the z"], [(1, "hé", None), (2, "a\nb", 0.5), (3, 'it\'s|a, "b"', b"\x00\xffA")])
NOTHING = Answer(["x"], [])

EXPECTED = {
    "list": 'x|y|the z\n1|hé|\n2|a\nb|0.5\n3|it\'s|a, "b"|',
    "tabs": 'x\ty\tthe z\n1\thé\t\n2\ta\nb\t0.5\n3\tit\'s|a, "b"\t',
    "csv": 'x,y,"the z"\n1,"hé",\n2,"a\nb",0.5\n3,"it\'s|a, ""b""",""',
    "quote": "'x','y','the z'\n1,'hé',NULL\n2,'a\nb',0.5\n3,'it''s|a, \"b\"',X'00ff41'",
    "json": '[{"x":1,"y":"hé","the z":null},\n{"x":2,"y":"a\\nb","the z":0.5},\n'
    '{"x":3,"y":"it\'s|a, \\"b\\"","the z":"\\u0000\ufffdA"}]',
    "line": "    x = 1\n    y = hé\nthe z = \n\n    x = 2\n    y = a\nb\nthe z = 0.5\n\n"
    '    x = 3\n    y = it\'s|a, "b"\nthe z = ',
    "column": "x  y            the z\n-  -----------  -----\n1  hé                \n\n"
    '2  a            0.5  \n   b                 \n\n3  it\'s|a, "b"       ',
    "box": """\
┌───┬─────────────┬───────┐
│ x │      y      │ the z │
├───┼─────────────┼───────┤
│ 1 │ hé          │       │
├───┼─────────────┼───────┤
│ 2 │ a           │ 0.5   │
│   │ b           │       │
├───┼─────────────┼───────┤
│ 3 │ it's|a, "b" │       │
└───┴─────────────┴───────┘""",
    "table": """\
+---+-------------+-------+
| x |      y      | the z |
+---+-------------+-------+
| 1 | hé          |       |
+---+-------------+-------+
| 2 | a           | 0.5   |
|   | b           |       |
+---+-------------+-------+
| 3 | it's|a, "b" |       |
+---+-------------+-------+""",
    "markdown": """\
| x |      y      | the z |
|---|-------------|-------|
| 1 | hé          |       |
| 2 | a           | 0.5   |
|   | b           |       |
| 3 | it's|a, "b" |       |""",
}


@pytest.mark.parametrize("mode", MODES)
def test_it_prints_what_the_shell_prints(mode):
    assert printed(ANSWER, Settings(mode, headers=True)) == EXPECTED[mode]


@pytest.mark.parametrize("mode", MODES)
def test_no_row_prints_nothing(mode):
    assert printed(NOTHING, Settings(mode, headers=True)) == ""


@pytest.mark.parametrize(("mode", "first"), [("list", "1|hé|"), ("csv", '1,"hé",'), ("box", "┌───")])
def test_until_somebody_says_headers_each_mode_has_its_way(mode, first):
    assert printed(ANSWER, Settings(mode)).startswith(first)
    assert ("the z" in printed(ANSWER, Settings(mode))) is (mode == "box")


def test_headers_can_be_off_where_there_is_no_frame():
    assert printed(Answer(["x"], [(1,)]), Settings("column", headers=False)) == "1"
    assert printed(Answer(["x"], [(1,)]), Settings("markdown", headers=False)) == "| x |\n|---|\n| 1 |"


@pytest.mark.parametrize(
    ("mode", "said"),
    [("list", "1|(none)"), ("csv", "1,(none)"), ("quote", "1,NULL"), ("json", '[{"a":1,"b":null}]')],
)
def test_null_has_another_word_where_it_is_shown_as_text(mode, said):
    assert printed(Answer(["a", "b"], [(1, None)]), Settings(mode, null="(none)")) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (3.0, "3.0"),
        (0.1, "0.1"),
        (1e15, "1.0e+15"),
        (1e14, "100000000000000.0"),
        (1e-5, "1.0e-05"),
        (1 / 3, "0.333333333333333"),
        (123456789012345678.0, "1.23456789012346e+17"),
        (1e999, "Inf"),
        (-1e999, "-Inf"),
        (-0.0, "0.0"),
        (b"caf\xc3\xa9", "café"),
        (b"\xff", "\ufffd"),
        ("before\0after", "before"),
        ("\x1b[31m", "^[[31m"),
        ("\x7f", "^?"),
    ],
)
def test_a_value_as_text(value, said):
    assert printed(Answer(["x"], [(value,)]), Settings()) == said


def test_a_long_value_goes_on_in_the_next_line():
    lines = printed(Answer(["x", "n"], [("0123456789" * 7, 1)]), Settings("column", headers=True)).split("\n")
    assert lines == ["x".ljust(60) + "  n", "-" * 60 + "  -", "0123456789" * 6 + "  1", "0123456789".ljust(60) + "   "]


def test_a_plan_is_a_tree():
    rows = [
        (1, 0, 0, "MERGE"),
        (3, 1, 0, "LEFT"),
        (5, 3, 0, "SCAN a"),
        (9, 1, 0, "RIGHT"),
        (12, 0, 0, "USE TEMP B-TREE"),
    ]
    assert tree(rows) == [
        "QUERY PLAN",
        "|--MERGE",
        "|  |--LEFT",
        "|  |  `--SCAN a",
        "|  `--RIGHT",
        "`--USE TEMP B-TREE",
    ]


def test_no_row_is_longer_than_an_answer_may_be():
    columns = [f"c{number}" for number in range(70)]
    answer = bounded(columns, iter([("x" * CELL_MOST,) * 70, (1,) * 70]))
    assert sum(map(len, answer.rows[0])) < TEXT_MOST + len(columns)
    assert len(answer.rows) == 1
    assert "A row ends after 200,000 characters. Name fewer columns" in answer.note
    assert bounded(["x"], iter([("x" * CELL_MOST,)])).note == ""


def test_a_long_name_is_cut():
    assert bounded(["n" * 101, "n" * 100], iter(())).columns == ["n" * 100 + "…", "n" * 100]


@pytest.mark.parametrize("mode", MODES)
def test_an_answer_ends_at_its_bound(mode, monkeypatch):
    monkeypatch.setattr("lessons.console.modes.PRINTED_MOST", 20)
    whole = EXPECTED[mode]
    assert printed(ANSWER, Settings(mode, headers=True)) == (whole if len(whole) <= 20 else whole[:20] + "…")


def test_what_is_not_printed_is_not_drawn(monkeypatch):
    drawn = []
    monkeypatch.setattr("lessons.console.modes.PRINTED_MOST", 20)
    monkeypatch.setattr("lessons.console.modes.text_of", lambda value, null: drawn.append(value) or str(value))
    printed(Answer(["x"], [(number,) for number in range(200)]), Settings("line"))
    assert drawn == [0, 1]
