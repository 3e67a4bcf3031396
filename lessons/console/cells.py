"""One value as the sqlite3 shell writes it: as plain text, as an SQL literal, as JSON, as CSV."""

import math
import re

NULL = ""
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
PLAIN_IN_CSV = re.compile(r"[!#$%&()*+\-./0-9:;<=>?@A-Z\[\\\]^_`a-z{|}~]+")
JSON_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def text_of(value, null: str = NULL) -> str:
    """Return a value as list, column and box show it. NULL is nothing at all, unless `.nullvalue` says otherwise."""
    if value is None:
        return null
    if isinstance(value, float):
        return _decimal(value, 15)
    if isinstance(value, bytes):  # a terminal shows its bytes as text, as far as they are
        value = value.decode("utf-8", "replace")
    if isinstance(value, str):
        return visible(value.partition("\0")[0])  # the shell is written in C: a text ends at its first NUL
    return str(value)


def literal_of(value) -> str:
    """Return a value as it would stand in SQL; mode quote shows it."""
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return f"X'{value.hex()}'"
    if isinstance(value, str):
        return "'" + text_of(value).replace("'", "''") + "'"
    return _decimal(value, 20) if isinstance(value, float) else str(value)


def json_of(value) -> str:
    """Return a value as mode json shows it; a blob goes on after a NUL, a text does not."""
    if value is None:
        return "null"
    if isinstance(value, bytes):
        return json_text(value.decode("utf-8", "replace"))
    if isinstance(value, str):
        return json_text(value.partition("\0")[0])
    if isinstance(value, float):
        return _decimal(value, 20).replace("Inf", "1e999")
    return str(value)


def json_text(text: str) -> str:
    escaped = (JSON_ESCAPES.get(each) or (f"\\u{ord(each):04x}" if each < " " else each) for each in text)
    return f'"{"".join(escaped)}"'


def csv_of(value, null: str = NULL) -> str:
    """Return a value as a field of CSV. An empty text has quotes and NULL has none, so they can be told apart."""
    text = text_of(value, null)
    if value is None or PLAIN_IN_CSV.fullmatch(text):
        return text
    return '"' + text.replace('"', '""') + '"'


def name_of(column: str) -> str:
    """Return a column's name as it may stand in SQL."""
    return column if NAME.fullmatch(column) else '"' + column.replace('"', '""') + '"'


def visible(text: str) -> str:
    """Show control characters as carets, as the shell does since SQLite 3.50: ESC is ^[. A page could not show them."""
    return CONTROL.sub(lambda found: f"^{chr(ord(found[0]) ^ 64)}", text.replace("\r\n", "\n"))


def _decimal(value: float, digits: int) -> str:
    """Return a float as SQLite writes it: always with a point, so that 3.0 is told from 3."""
    if math.isinf(value):
        return "Inf" if value > 0 else "-Inf"
    mantissa, e, exponent = f"{value or 0.0:.{digits}g}".partition("e")
    return mantissa + ("" if "." in mantissa else ".0") + e + exponent
