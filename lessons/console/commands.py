"""What begins with a dot: the commands of the sqlite3 shell that are about looking, and a sentence for the others."""

import re
from dataclasses import replace

from .answer import Refused
from .modes import MODES, NULL_MOST, Settings

WORD = re.compile(r"""'([^']*)'|"([^"]*)"|(\S+)""")
LINE = 80  # columns of a terminal, into which .tables fits its names
USAGE = {
    ".headers": (".headers on|off", "Turn display of headers on or off"),
    ".help": (".help ?PATTERN?", "Show help text for PATTERN"),
    ".indexes": (".indexes ?TABLE?", "Show names of indexes"),
    ".mode": (".mode MODE", "Set output mode"),
    ".nullvalue": (".nullvalue STRING", "Use STRING in place of NULL values"),
    ".schema": (".schema ?PATTERN?", "Show the CREATE statements matching PATTERN"),
    ".tables": (".tables ?TABLE?", "List names of tables matching LIKE pattern TABLE"),
}
ELSEWHERE = {
    **dict.fromkeys(("archive", "backup", "clone", "excel", "log", "once", "output", "save"), "writes files"),
    **dict.fromkeys(("import", "recover", "restore"), "writes into the database"),
    **dict.fromkeys(("cd", "read", "open"), "opens files of this computer"),
    **dict.fromkeys(("load", "shell", "system"), "runs programs of this computer"),
}
DUMP = "In the shell, .dump prints the whole database as SQL. Here .schema and SELECT show you any part of it."
LEAVING = (".exit", ".quit", ".q")
NOTHING_TO_LEAVE = (
    "In the shell this ends it. Here there is nothing to end: go on, or close the page whenever you like."
)


def run(typed: str, database, settings: Settings) -> tuple[str, Settings]:
    """Return what a dot-command prints, and the settings from then on."""
    name, *arguments = ["".join(found) for found in WORD.findall(typed)]
    command = next((each for each in USAGE if len(name) > 1 and each.startswith(name.lower())), None)
    if command is None:
        return _unknown(name.lower()), settings
    return _COMMANDS[command](arguments, database, settings)


def leaves(typed: str) -> bool:
    """Return whether this would leave the shell."""
    return typed.lower().split()[:1] in ([each] for each in LEAVING)


def _unknown(name: str) -> str:
    if name == ".dump":
        raise Refused(DUMP)
    if why := ELSEWHERE.get(name[1:]):
        raise Refused(f"In the shell, {name} {why}. This console only reads the database.")
    return f'Error: unknown command or invalid arguments:  "{name[1:]}". Enter ".help" for help'


def _tables(arguments, database, settings):
    return "\n".join(in_columns(database.tables(*arguments[:1]))), settings


def in_columns(names: list[str]) -> list[str]:
    """Return names in as many columns as a terminal has room for, read from top to bottom."""
    if not names:
        return []
    width = max(map(len, names))
    across = max(1, LINE // (width + 2))
    down = -(-len(names) // across)
    return ["  ".join(name.ljust(width) for name in names[row::down]) for row in range(down)]


def _indexes(arguments, database, settings):
    return "\n".join(in_columns(database.indexes(*arguments[:1]))), settings


def _schema(arguments, database, settings):
    return "\n".join(database.schema(*arguments[:1])), settings


def _headers(arguments, database, settings):
    if len(arguments) != 1:
        return _usage(".headers"), settings
    value = arguments[0].lower()
    known = value in ("on", "yes", "1", "off", "no", "0")
    said = "" if known else f'ERROR: Not a boolean value: "{arguments[0]}". Assuming "no".'
    return said, replace(settings, headers=value in ("on", "yes", "1"))


def _mode(arguments, database, settings):
    if not arguments:
        return f"current output mode: {settings.mode}", settings
    mode = next((each for each in MODES if each.startswith(arguments[0])), None)
    if mode is None:
        return f"Error: mode should be one of: {' '.join(MODES)}", settings
    return "", replace(settings, mode=mode)


def _nullvalue(arguments, database, settings):
    if len(arguments) != 1:
        return _usage(".nullvalue"), settings
    return "", replace(settings, null=arguments[0][:NULL_MOST])


def _help(arguments, database, settings):
    pattern = arguments[0].lstrip(".").lower() if arguments else ""
    lines = [f"{usage:<24} {text}" for name, (usage, text) in USAGE.items() if name[1:].startswith(pattern)]
    if pattern and "mode".startswith(pattern):
        lines += ["   MODE is one of:", *(f"     {name:<11} {text}" for name, text in MODES.items())]
    return "\n".join(lines) or f"Nothing matches '{arguments[0]}'", settings


def _usage(command: str) -> str:
    return f"Usage: {USAGE[command][0]}"


_COMMANDS = {
    ".headers": _headers,
    ".help": _help,
    ".indexes": _indexes,
    ".mode": _mode,
    ".nullvalue": _nullvalue,
    ".schema": _schema,
    ".tables": _tables,
}
